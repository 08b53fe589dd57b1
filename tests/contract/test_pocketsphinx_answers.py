"""The built-in recogniser while it may hear an answer or a correction, on speech by espeak-ng."""

from __future__ import annotations

import pytest

from assistant.asr.base import Transcript
from assistant.asr.pocketsphinx import Engine, Options
from assistant.audio.chunk import AudioChunk
from tests import home
from tests.unit.skillkit import shipped

VOICES = ("en-us", "en-gb", "en-gb-scotland")
ANSWERS = ("never mind", "the pasta one", "sixty percent", "yes please", "no", "forget it", "twenty five seconds",
           "no twenty minutes", "for ten minutes please")  # fmt: skip
FOREIGN = ("the committee postponed every discussion", "have you seen my keys anywhere",
           "i really liked that film yesterday")  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> Engine:
    made = Engine(Options(cache=tmp_path_factory.mktemp("cache") / "said.json"))
    made.adapt(shipped().grammar, ("hey jarvis",))
    made.prepare_answers()
    return made


def hear(engine: Engine, text: str, voice: str, *, answering: bool) -> Transcript:
    samples = home.say(text, voice)
    utterance = engine.open(answering=answering)
    for at in range(0, len(samples), 1280):
        utterance.feed(AudioChunk(samples[at : at + 1280], start=at))
    return utterance.finish()


def test_most_answers_are_heard_and_only_while_answering(engine: Engine) -> None:
    pairs = [(text, voice) for text in ANSWERS for voice in VOICES]
    heard = [hear(engine, text, voice, answering=True).text == text for text, voice in pairs]
    assert sum(heard) >= 0.8 * len(pairs), [pair for pair, right in zip(pairs, heard, strict=True) if not right]
    for text in set(ANSWERS) - {"never mind", "forget it"}:  # which are commands, too
        assert hear(engine, text, "en-us", answering=False).text != text


def test_commands_are_heard_while_answering(engine: Engine) -> None:
    pairs = [(text, voice) for text in ("what timers are running", "set a timer for twenty five minutes",
                                        "turn the volume down") for voice in VOICES]  # fmt: skip
    heard = [hear(engine, text, voice, answering=True).text == text for text, voice in pairs]
    assert sum(heard) >= 0.6 * len(pairs)


def test_what_is_no_answer_is_rejected(engine: Engine) -> None:
    heard = [hear(engine, text, voice, answering=True).text for text in FOREIGN for voice in VOICES]
    assert sum(text == "" for text in heard) >= 0.75 * len(heard), heard


def test_a_new_grammar_brings_its_own_answers(engine: Engine) -> None:
    other = Engine(engine._options)
    other.adapt(home.grammar())
    first = other.open(answering=True)
    first.close()
    (before,) = other._answering.values()
    other.adapt(home.grammar())
    assert not other._answering
    other.open(answering=True).close()
    assert list(other._answering.values()) != [before]
