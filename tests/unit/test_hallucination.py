"""The filters on Whisper's inventions, and the removal of the wake phrase."""

from __future__ import annotations

import math

import pytest

from assistant.asr import wake_phrase
from assistant.asr.base import TimedWord, Transcript
from assistant.asr.hallucination import Evidence, compression_ratio, is_doubtful, loops, objection, words


def evidence(text: str, no_speech: float = 0.02, logprob: float = -0.2, seconds: float = 3.0) -> Evidence:
    return Evidence(text, seconds, no_speech, logprob)


def test_a_plain_command_is_believed() -> None:
    assert objection(evidence("Set a timer for five minutes.")) is None


def test_no_speech_with_unlikely_words_is_silence() -> None:
    assert objection(evidence("Turn it up.", no_speech=0.7, logprob=-1.1)) == "silence"
    assert objection(evidence("Turn it up.", no_speech=0.7, logprob=-0.9)) is None


def test_near_certain_no_speech_outweighs_likely_words() -> None:
    assert objection(evidence("Turn it up.", no_speech=0.91, logprob=-0.1)) == "silence"
    assert objection(evidence("Turn it up.", no_speech=0.89, logprob=-0.1)) is None


def test_very_unlikely_words_are_dropped_whatever_the_no_speech_probability() -> None:
    assert objection(evidence("Turn it up.", no_speech=0.0, logprob=-1.6)) == "improbable"


@pytest.mark.parametrize(
    "text", ["Thank you.", "Thanks for watching!", "you", "Bye-bye.", "ご視聴ありがとうございました。", "..."]
)
def test_known_inventions_go_only_when_silence_is_likely(text: str) -> None:
    assert objection(evidence(text, no_speech=0.3)) == "invention"
    assert objection(evidence(text, no_speech=0.1)) is None


@pytest.mark.parametrize(
    "text",
    ["no no no no no no", "I'm sorry. I'm sorry. I'm sorry.", "what time is it what time is it what time is it"],
)
def test_loops_are_repetition(text: str) -> None:
    assert objection(evidence(text)) == "repetition"


@pytest.mark.parametrize(
    "text",
    ["No, no, no.", "one one one one", "Set a timer for ten minutes and a timer for ten minutes.", "Stop. Stop.", ""],
)
def test_what_people_do_repeat_is_no_loop(text: str) -> None:
    assert not loops(words(text))
    assert objection(evidence(text)) is None


def test_a_text_that_compresses_well_is_repetition() -> None:
    text = "ha" * 60
    assert compression_ratio(text) > 2.4
    assert objection(evidence(text)) == "repetition"


def test_nobody_says_ten_words_in_half_a_second() -> None:
    text = "How many feet are there in one nautical mile today?"
    assert objection(evidence(text, seconds=0.5)) == "too fast"
    assert objection(evidence(text, seconds=2.5)) is None


def test_a_lost_probability_is_not_belief() -> None:
    assert objection(evidence("Turn it up.", logprob=-math.inf)) == "improbable"


HEY = ("hey jarvis", "alexa")


@pytest.mark.parametrize(
    ("heard", "command"),
    [
        ("Hey Jarvis, what time is it?", "What time is it?"),
        ("Hey, Jarvis, what time is it?", "What time is it?"),
        ("hey jarvis what time is it", "what time is it"),
        ("Hey Travis, stop.", "Stop."),
        ("Hey Jervis! Stop.", "Stop."),
        ("Heyjarvis stop", "Stop"),
        ("Jarvis, turn it up.", "Turn it up."),
        ("...and then he left. Hey Jarvis, turn it up.", "Turn it up."),
        ("Hey Jarvis. Hey Jarvis, stop.", "Stop."),
        ("Alexa, what day is it?", "What day is it?"),
        ("Hey Jarvis.", ""),
        ("Hey Jarvis", ""),
    ],
)
def test_the_wake_phrase_is_taken_off(heard: str, command: str) -> None:
    assert wake_phrase.without(Transcript(heard), HEY).text == command


@pytest.mark.parametrize(
    "heard",
    ["What time is it?", "", "Relax.", "Hey, what time is it?", "Stop.", "Remind me to write to Jarvis.", "?!"],
)
def test_what_is_no_wake_phrase_stays(heard: str) -> None:
    assert wake_phrase.without(Transcript(heard), HEY) == Transcript(heard)


def test_a_wake_phrase_late_in_a_sentence_is_part_of_it() -> None:
    said = "Set a reminder for ten to tell my brother that hey jarvis works"
    assert wake_phrase.without(Transcript(said), HEY).text == said


def test_words_go_with_their_text() -> None:
    timed = tuple(TimedWord(word, at, at + 1.0) for at, word in enumerate(["Hey", "Jarvis,", "stop", "it."]))
    rest = wake_phrase.without(Transcript("Hey Jarvis, stop it.", 0.8, timed), HEY)
    assert rest.words == (TimedWord("Stop", 2, 3.0), TimedWord("it.", 3, 4.0))
    assert rest.confidence == 0.8


def test_without_phrases_nothing_changes() -> None:
    assert wake_phrase.command_start("Hey Jarvis, stop.", ()) == 0
    assert wake_phrase.command_start("Hey Jarvis, stop.", ("", "…")) == 0


def test_more_letters_than_anybody_says_in_the_time_are_not_believed() -> None:
    assert objection(evidence("Convert ten kilometers", seconds=0.5)) == "too fast"
    assert objection(evidence("Convert ten kilometers", seconds=1.5)) is None


def test_little_speech_and_a_text_that_is_not_certain_want_a_second_look() -> None:
    assert is_doubtful(evidence("Help.", seconds=0.3, logprob=-0.2))
    assert not is_doubtful(evidence("Help.", seconds=0.3, logprob=-0.001))
    assert not is_doubtful(evidence("Help me.", seconds=1.5, logprob=-0.2))
    assert not is_doubtful(evidence("", seconds=0.3, logprob=-0.2))
