"""The built-in recogniser on speech by espeak-ng."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from assistant.asr.base import Adaptable, Transcript
from assistant.asr.pocketsphinx import Engine, Options
from assistant.audio.chunk import AudioChunk
from assistant.errors import ConfigError, EngineError, MissingModel
from assistant.intent.template import Grammar, Template, Wild, parse_template
from tests import home


def grammar(*texts: str) -> Grammar:
    return Grammar(tuple(Template(text, text, parse_template(text, {})) for text in texts))


def hear(engine: Engine, samples: np.ndarray, size: int = 320) -> tuple[Transcript, list[tuple[float, str]]]:
    """The transcript, and every partial with the seconds of audio that had been fed."""
    utterance, partials = engine.open(), []
    for at in range(0, len(samples), size):
        partial = utterance.feed(AudioChunk(samples[at : at + size], start=at))
        if partial is not None:
            partials.append(((at + size) / 16_000, partial))
    return utterance.finish(), partials


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache") / "said.json"
    return lambda **options: Engine(Options(cache=cache, **options))


@pytest.fixture(scope="module")
def at_home(make):
    engine = make()
    engine.adapt(home.grammar(), ("hey jarvis", "alexa"))
    return engine


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("what's the weather like in berlin tomorrow", "en-us"),
        ("turn on the kitchen lights", "en-gb"),
        ("set the volume to fifty percent", "en-us+f3"),
        ("set the temperature in the bedroom to twenty one degrees", "en-gb-scotland"),
    ],
)
def test_commands_are_understood(at_home, text, voice):
    heard, _ = hear(at_home, home.say(text, voice))
    assert heard.text == text
    assert 0.5 <= heard.confidence <= 1.0
    assert heard.rejected == ""
    assert [word.text for word in heard.words] == text.split()
    assert all(word.start < word.end for word in heard.words)
    assert all(before.end <= after.start for before, after in pairwise(heard.words))


def test_partials_are_at_most_300_ms_behind(make):
    engine = make()
    engine.adapt(home.grammar())
    heard, partials = hear(engine, home.say("what's the weather like in berlin tomorrow"))
    for count, word in enumerate(heard.words[:-1], 1):
        said = " ".join(word.text for word in heard.words[:count])
        shown = next(at for at, text in partials if f"{text} ".startswith(f"{said} "))
        assert shown <= word.end + 0.3, said
    assert all(one[1] != other[1] for one, other in pairwise(partials))


@pytest.mark.parametrize("size", [160, 1_000, 16_000, 1_000_000])
def test_the_size_of_the_chunks_does_not_matter(at_home, size):
    samples = home.say("dim the hall lights to forty percent")
    one, other = hear(at_home, samples, size)[0], hear(at_home, samples)[0]
    assert (one.text, one.words) == (other.text, other.words)
    assert one.confidence == pytest.approx(other.confidence)


def test_an_utterance_does_not_depend_on_the_one_before(at_home):
    first = hear(at_home, home.say("what time is it in paris"))[0]
    hear(at_home, home.say("turn the garage lights on", "en-gb-scotland"))
    again = hear(at_home, home.say("what time is it in paris"))[0]
    assert (again.text, again.words) == (first.text, first.words) == ("what time is it in paris", first.words)


@pytest.mark.parametrize("cut", [0.0, 0.4, 0.5, 0.6, 0.7])
@pytest.mark.parametrize("wake", ["hey jarvis", "alexa"])
def test_wake_phrases_are_absorbed_wherever_the_audio_begins(at_home, wake, cut):
    samples = home.say(f"{wake}, turn on the kitchen lights")[int(cut * 16_000) :]
    heard, partials = hear(at_home, samples)
    assert heard.text == "turn on the kitchen lights"
    assert not any(part in text for _, text in partials for part in ("jarvis", "alexa", "hey", "~", "vis"))


def test_speech_before_the_wake_phrase_is_absorbed_too(at_home):
    before = home.say("they drove back over the old bridge", "en-gb")[-20_000:-4_800]
    heard, _ = hear(at_home, np.concatenate([before, home.say("hey jarvis what time is it in paris")]))
    assert heard.text == "what time is it in paris"


@pytest.mark.parametrize(
    "text",
    [
        "the quick brown fox jumped over the lazy dog near the river bank",
        "yesterday my grandmother told us a story about her first winter abroad",
        "please remember that parliament will vote on the proposal after lunch",
    ],
)
@pytest.mark.parametrize("voice", ["en-us", "en-gb"])
def test_other_speech_is_rejected(at_home, text, voice):
    heard, _ = hear(at_home, home.say(text, voice))
    assert heard.text == ""
    assert heard.words == ()
    assert heard.rejected
    assert heard.confidence < 0.5


def noises() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    time = np.arange(48_000) / 16_000
    bangs = np.zeros(48_000)
    bangs[8_000::9_000] = 20_000
    return {
        "zeros": np.zeros(48_000),
        "hiss": rng.normal(0, 1_500, 48_000),
        "hum": 4_000 * np.sin(2 * np.pi * 50 * time),
        "whistle": 6_000 * np.sin(2 * np.pi * (1_000 + 300 * time) * time),
        "bangs": np.convolve(bangs, np.exp(-np.arange(800) / 100))[:48_000],
        "full scale": np.where(np.arange(48_000) % 40 < 20, 32_767, -32_768),
    }


@pytest.mark.parametrize("name", noises())
def test_noise_is_nothing(at_home, name):
    assert hear(at_home, noises()[name].astype(np.int16))[0].text == ""


def test_no_audio_is_nothing(at_home):
    assert at_home.open().finish() == Transcript("", 0.0)
    assert hear(at_home, np.zeros(10, np.int16))[0].text == ""


def test_a_new_grammar_replaces_the_old(make):
    engine = make()
    assert isinstance(engine, Adaptable)
    lights, music = home.say("turn on the lights"), home.say("play some music")
    engine.adapt(grammar("turn (on|off) the lights"))
    assert hear(engine, lights)[0].text == "turn on the lights"
    utterance = engine.open()
    engine.adapt(grammar("play some music", "stop the music"))
    utterance.feed(AudioChunk(lights))
    assert utterance.finish().text == "turn on the lights"
    assert hear(engine, music)[0].text == "play some music"
    assert hear(engine, lights)[0].text == ""


def test_words_in_no_dictionary_are_heard(make):
    engine = make()
    engine.adapt(grammar("call (schröder|zorblax|mum)", "unmute the thermostat"))
    assert hear(engine, home.say("call zorblax"))[0].text == "call zorblax"
    assert hear(engine, home.say("unmute the thermostat"))[0].text == "unmute the thermostat"


def test_min_confidence_is_the_bar(make):
    careful = make(min_confidence=1.0)
    careful.adapt(grammar("turn (on|off) the lights"))
    heard, _ = hear(careful, home.say("turn on the lights"))
    assert (heard.text, heard.rejected) == ("", "turn on the lights")


def test_misuse_is_said(make, at_home):
    with pytest.raises(EngineError, match="call adapt"):
        make().open()
    with pytest.raises(EngineError, match="8000 Hz"):
        at_home.open().feed(AudioChunk(np.zeros(80, np.int16), rate=8_000))
    utterance = at_home.open()
    utterance.close()
    utterance.close()
    with pytest.raises(EngineError, match="open a new one"):
        utterance.feed(AudioChunk(np.zeros(160, np.int16)))
    assert utterance.finish() == Transcript("", 0.0)
    first = at_home.open()
    at_home.open().close()
    with pytest.raises(EngineError, match="open a new one"):
        first.feed(AudioChunk(np.zeros(160, np.int16)))


def test_bad_options_are_said(make, tmp_path):
    with pytest.raises(ConfigError, match=r"asr\.language"):
        make(language="de")
    with pytest.raises(MissingModel, match="mdef"):
        make(model=tmp_path)
    with pytest.raises(ConfigError, match="no loaded skill"):
        make().adapt(Grammar((Template("note", "note {text}", Wild()),)))
