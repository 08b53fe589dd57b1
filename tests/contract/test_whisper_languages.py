"""Which of the configured languages is heard.

The tiny model of these tests is an English one, so the restriction is tested on probabilities as CTranslate2's
``detect_language`` gives them.
"""

from __future__ import annotations

from typing import Any

import pytest

from assistant.asr.faster_whisper import Engine, Options
from assistant.asr.whisper_decoder import Decoder, Settings, likeliest
from assistant.config import engine_options, load
from assistant.errors import ConfigError
from tests.tiny import MODEL, PHRASES, VOICES, say

HEARD = [("<|nl|>", 0.6), ("<|de|>", 0.25), ("<|en|>", 0.1), ("<|haw|>", 0.05)]


@pytest.mark.parametrize(
    ("among", "language"),
    [((), "nl"), (("en", "de"), "de"), (("en", "fr"), "en"), (("haw", "fr"), "haw"), (("en",), "en")],
)
def test_the_likeliest_of_those_that_are_spoken(among: tuple[str, ...], language: str) -> None:
    assert likeliest(HEARD, among) == language


def test_between_equals_the_order_decides() -> None:
    assert likeliest([("<|de|>", 0.5), ("<|en|>", 0.5)], ("en", "de")) == "en"


def test_of_none_that_the_model_knows_there_is_no_likeliest() -> None:
    with pytest.raises(ValueError):
        likeliest(HEARD, ("fr",))


class Multilingual:
    """What the decoder asks of a model of many languages."""

    is_multilingual = True

    def __init__(self) -> None:
        self.model = self

    def detect_language(self, _states: Any) -> list[list[tuple[str, float]]]:
        return [HEARD]


@pytest.mark.parametrize(
    ("language", "languages", "heard"),
    [
        ("en", (), "en"),
        ("de", ("de",), "de"),
        ("en", ("en", "de"), "de"),
        ("en", ("en", "fr"), "en"),
        (None, (), "nl"),
        (None, ("en", "de"), "de"),
    ],
)
def test_the_language_is_detected_only_where_there_is_a_choice(
    language: str | None, languages: tuple[str, ...], heard: str
) -> None:
    decoder = Decoder(Multilingual(), Settings(language=language, languages=languages))
    assert decoder._language(None) == heard


def test_the_configuration_tells_the_engine() -> None:
    one = engine_options(load(env={}, user=False), "asr", "whisper", Options)
    assert (one.language, one.languages) == ("en", ())
    env = {"ASSISTANT_LANGUAGE": "de", "ASSISTANT_LANGUAGES": "[en, fr]"}
    several = engine_options(load(env=env, user=False), "asr", "whisper", Options)
    assert (several.language, several.languages) == ("de", ("de", "en", "fr"))


def test_a_model_that_lacks_one_of_them_is_refused_and_says_which_to_fetch() -> None:
    with pytest.raises(ConfigError, match=r"does not know de, fr; run: assistant models pull whisper-base"):
        Engine(Options(model=str(MODEL), languages=("en", "fr", "de")))


def test_one_language_is_as_none() -> None:
    engine = Engine(Options(model=str(MODEL), languages=("en",)))
    found = engine.transcribe(say(PHRASES[0], VOICES[0]))
    assert (found.text, found.language) == (PHRASES[0], "en")
