"""Which recogniser ``auto`` takes."""

from __future__ import annotations

import shutil

import pytest

from assistant import paths
from assistant.choosing import choose_asr, further_voices, in_language
from assistant.config import load
from assistant.errors import ConfigError, MissingModel
from tests.tiny import MODEL

AUTO = {"ASSISTANT_ASR__ENGINE": "auto"}


def whisper_in_models_folder():
    return shutil.copytree(MODEL, paths.models_dir() / "whisper-base")


def test_without_a_model_it_is_pocketsphinx_and_not_a_word_is_said(caplog):
    assert choose_asr(load(env=AUTO, user=False))[0] == "pocketsphinx"
    assert caplog.records == []


def test_a_model_is_taken():
    whisper_in_models_folder()
    assert choose_asr(load(env=AUTO, user=False))[0] == "whisper"


def test_a_damaged_model_is_one_line_and_pocketsphinx(caplog):
    file = whisper_in_models_folder() / "model.bin"
    file.write_bytes(file.read_bytes()[:1000])
    assert choose_asr(load(env=AUTO, user=False))[0] == "pocketsphinx"
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "cannot be read" in record.getMessage()
    assert "assistant models pull whisper-base" in record.getMessage()
    assert record.getMessage().endswith("going on with pocketsphinx")
    assert "\n" not in record.getMessage()


def test_in_another_language_than_english_a_model_is_missing_rather_than_nothing_understood():
    with pytest.raises(MissingModel) as missing:
        choose_asr(load(env={**AUTO, "ASSISTANT_LANGUAGE": "de"}, user=False))
    text = str(missing.value)
    assert "language: de; PocketSphinx hears English only" in text
    assert text.endswith("Fetch it with: assistant models pull whisper-base") and "\n" not in text


def test_pocketsphinx_does_not_hear_german_and_says_what_does():
    with pytest.raises(ConfigError, match="assistant models pull whisper-base"):
        choose_asr(load(env={"ASSISTANT_ASR__ENGINE": "pocketsphinx", "ASSISTANT_LANGUAGE": "de"}, user=False))


@pytest.mark.parametrize("engine", ["auto", "pocketsphinx"])
def test_of_several_languages_pocketsphinx_hears_english_and_says_so(engine, caplog):
    env = {"ASSISTANT_ASR__ENGINE": engine, "ASSISTANT_LANGUAGES": "[en, de, fr]"}
    assert choose_asr(load(env=env, user=False))[0] == "pocketsphinx"
    (record,) = caplog.records
    text = "PocketSphinx hears English only; to hear de, fr, run: assistant models pull whisper-base"
    assert record.getMessage() == text


def test_a_model_that_knows_english_only_is_refused_for_several_languages():
    whisper_in_models_folder()
    with pytest.raises(ConfigError, match=r"does not know de; run: assistant models pull whisper-base"):
        choose_asr(load(env={**AUTO, "ASSISTANT_LANGUAGES": "[en, de]"}, user=False))


def test_the_further_voices_are_of_their_languages_and_not_the_main_ones_own():
    env = {"ASSISTANT_LANGUAGES": "[en, de]", "ASSISTANT_TTS__VOICE": "en-gb-scotland", "ASSISTANT_TTS__RATE": "1.2"}
    loaded = load(env=env, user=False)
    german = in_language(loaded, "de").config
    assert (german.language, german.languages, german.tts.voice, german.tts.rate) == ("de", (), None, 1.2)
    assert in_language(loaded, "en").config.tts.voice == "en-gb-scotland"
    assert list(further_voices(loaded)) == ["de"]
    assert further_voices(load(env={}, user=False)) == {}
