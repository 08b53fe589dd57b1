"""Short answers to the built-in recogniser, which knows what was asked; speech by espeak-ng.

``python -m tests.contract.test_pocketsphinx_expected`` prints every miss, and how many answers a recogniser hears
that does not know the question.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from assistant.asr.base import Answerable, Transcript
from assistant.asr.pocketsphinx import Engine, Options
from assistant.audio.chunk import AudioChunk
from assistant.intent.answers import Expectation
from assistant.intent.listening import answers_to, corrections_of
from assistant.intent.slots import DURATION
from assistant.intent.template import Grammar
from assistant.intent.values import Date, Duration, TimeOfDay
from tests import home
from tests.unit.skillkit import shipped

pytestmark = pytest.mark.varies

VOICES = ("en-us", "en-gb", "en-us+f3")
TIMERS = ("pasta timer", "green tea timer", "five minute timer", "laundry timer")
ANSWERS: dict[Any, tuple[str, ...]] = {
    Duration: ("ten minutes", "five minutes", "half an hour", "an hour and a half", "for twenty seconds", "never mind"),
    TimeOfDay: ("at seven a m", "half past six", "quarter to nine", "noon"),
    Date: ("tomorrow", "on friday"),
    TIMERS: ("the pasta timer", "the second one"),
    bool: ("yes", "no"),
}
CORRECTIONS = ("no ten minutes", "i meant ten minutes", "make it twenty minutes", "never mind")
COMMANDS = ("what time is it", "set a timer for five minutes", "cancel the timer", "turn the volume down")


def hear(engine: Engine, text: str, voice: str, *, answering: bool = True) -> Transcript:
    samples = home.say(text.replace(" a m", " A M"), voice)
    utterance = engine.open(answering=answering)
    for at in range(0, len(samples), 1280):
        utterance.feed(AudioChunk(samples[at : at + 1280], start=at))
    return utterance.finish()


def misses(engine: Engine, *, narrow: bool = True) -> list[tuple[str, str, str]]:
    """(what was said, voice, what was heard), after a command by the same voice."""
    found = []
    for expected, texts in ANSWERS.items():
        engine.expect(answers_to(Expectation(expected).kind) if narrow else None, 0.85 if narrow else 0.8)
        for voice in VOICES:
            hear(engine, "set a timer", voice, answering=False)
            heard = [(text, hear(engine, text, voice)) for text in texts]
            found += [(text, voice, got.text or f"({got.rejected})") for text, got in heard if got.text != text]
    return found


def made(folder: Path) -> Engine:
    engine = Engine(Options(cache=folder / "said.json"))
    engine.adapt(shipped().grammar, ("hey jarvis",))
    return engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return made(tmp_path_factory.mktemp("cache"))


def test_most_short_answers_are_heard_by_who_knows_the_question(engine: Engine) -> None:
    """85 to 90% where it was written; how sure it is of a word may differ between processors."""
    assert isinstance(engine, Answerable)
    missed = misses(engine)
    assert len(missed) <= 0.25 * len(VOICES) * sum(map(len, ANSWERS.values())), missed


def test_corrections_and_commands_are_heard_after_a_reply(engine: Engine) -> None:
    """Commands are heard as they are without a question: 6 or 7 of these 12, "fifty" for "fifteen" and the like."""
    engine.expect(corrections_of(frozenset((DURATION,))), 0.2)
    for texts, least in ((CORRECTIONS, 0.75), (COMMANDS, 0.4)):
        heard = [hear(engine, text, voice).text == text for text in texts for voice in VOICES]
        assert sum(heard) >= least * len(heard), list(zip(texts, heard, strict=False))


def test_another_command_is_heard_instead_of_an_answer(engine: Engine) -> None:
    engine.expect(answers_to(DURATION), 0.85)
    heard = [hear(engine, text, voice).text for text in ("what time is it", "turn the volume down") for voice in VOICES]
    assert sum(text in ("what time is it", "turn the volume down") for text in heard) >= 3, heard


def test_the_wake_phrase_may_come_before_an_answer(engine: Engine) -> None:
    engine.expect(answers_to(DURATION), 0.85)
    heard = [hear(engine, "hey jarvis, twenty minutes", voice).text for voice in VOICES]
    assert sum(text == "twenty minutes" for text in heard) >= 2, heard


def test_the_same_question_is_compiled_once_and_few_are_kept(engine: Engine) -> None:
    engine.expect(answers_to(DURATION), 0.85)
    engine.prepare_answers()
    kept = list(engine._answering.values())
    engine.expect(answers_to(DURATION), 0.85)
    engine.prepare_answers()
    assert list(engine._answering.values()) == kept
    for number in range(6):
        engine.expect(answers_to(Expectation([f"{word} tea" for word in ("green", "black")[: number % 2 + 1]]).kind))
        engine.prepare_answers()
    assert len(engine._answering) == 4


def test_what_nobody_can_say_leaves_the_commands(engine: Engine) -> None:
    engine.expect(Grammar(()), 0.5)
    assert hear(engine, "set a timer for five minutes", "en-us").text == "set a timer for five minutes"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        listener = made(Path(folder))
        for name, narrow in (("any answer", False), ("the answer that was asked for", True)):
            missed = misses(listener, narrow=narrow)
            print(f"expecting {name}: {len(missed)} of {len(VOICES) * sum(map(len, ANSWERS.values()))} missed")
            print(*missed, sep="\n")
