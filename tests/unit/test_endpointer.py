"""How long a silence ends an utterance."""

import numpy as np
import pytest

from assistant.asr.base import TimedWord, Transcript
from assistant.intent.progress import Progress
from assistant.session.endpointer import Endpointer, SpeakerPauses, Waits

SOUND = np.zeros(1600, np.int16)
KNOWN = {
    "set a timer for": Progress(complete=False, prefix=True, going_on=1.0),
    "set a timer for five minutes": Progress(complete=True, prefix=True, going_on=0.3),
    "what time is it": Progress(complete=True, prefix=True, going_on=0.75),
    "what can you do": Progress(complete=True, prefix=False),
    "flip a": Progress(complete=False, prefix=True, going_on=1.0),
    "the third": Progress(complete=True, prefix=False),
}


def progress(text, *, answering=False):
    del answering
    return KNOWN.get(text, Progress(complete=False, prefix=False))


def judge(found, partial=None, endpointer=None, sound=SOUND, **how):
    found = found if isinstance(found, Transcript) else Transcript(found)
    partial = found.text if partial is None else partial
    return (endpointer or Endpointer(progress)).judge(found, partial, sound, **how)


def test_a_complete_command_ends_after_the_soft_end():
    assert judge("what can you do") == judge("what can you do")
    assert (judge("what can you do").silence, judge("what can you do").why) == (0.15, "complete")


def test_what_must_go_on_is_waited_for():
    verdict = judge(Transcript("", rejected="set a timer for"), "set a timer for")
    assert (verdict.silence, verdict.why) == (2.0, "prefix")


def test_the_likelier_it_goes_on_the_longer_it_waits():
    assert judge("what time is it").silence > judge("set a timer for five minutes").silence >= 0.15


def test_a_speaker_who_pauses_is_waited_for_and_one_who_does_not_is_not():
    hesitant, fluent = Endpointer(progress), Endpointer(progress)
    for _ in range(10):
        hesitant.speaker.paused(1.0)
        hesitant.speaker.said(6)
        fluent.speaker.said(6)
    fresh = judge("what time is it").silence
    assert judge("what time is it", endpointer=fluent).silence < fresh < 1.0
    assert judge("what time is it", endpointer=hesitant).silence > 1.0


def test_a_forced_command_that_contradicts_what_was_heard_is_no_end():
    assert judge("the third").why == "complete"
    assert judge(Transcript("the third", free="flip a")).why == "prefix"


@pytest.mark.parametrize(("seconds", "why"), [(0.07, "prefix"), (0.2, "complete")])
def test_a_last_word_too_short_for_an_end_was_invented(seconds, why):
    words = tuple(TimedWord(word, 0.2, 0.2 + seconds) for word in ("thank", "you"))
    found = Transcript("what can you do", words=words, free="what can you do")
    assert judge(found).why == why


@pytest.mark.parametrize(("ending", "why", "silence"), [(0.001, "prefix", 2.0), (0.5, "free", 0.4)])
def test_a_misheard_command_goes_on_where_no_command_ends(ending, why, silence):
    endpointer = Endpointer(progress, turn_end=lambda _audio, _text: 0.7)
    verdict = judge(Transcript("", rejected="to the power", ending=ending), "", endpointer)
    assert (verdict.why, verdict.silence) == (why, silence)


def test_talk_that_nobody_asked_for_is_waited_for_less_than_a_command():
    endpointer = Endpointer(progress, turn_end=lambda _audio, _text: 2.0)
    refused = Transcript("", rejected="to the power")
    assert judge(refused, "", endpointer).silence == 2.0
    assert judge(refused, "", endpointer, addressed=False).silence < 0.9


def test_few_words_in_much_sound_are_no_command():
    endpointer = Endpointer(progress, turn_end=lambda _audio, text: 0.5 if text else 0.7)
    refused = Transcript("", rejected="flip a")
    assert judge(refused, "", endpointer).why == "prefix"
    assert judge(refused, "", endpointer, sound=np.zeros(8 * 16000, np.int16)).silence == 0.7


def test_what_was_refused_is_not_answered_early():
    assert judge(Transcript("", rejected="set a timer for five minutes"), "").silence > 0.5


def test_long_talk_is_for_the_turn_end_model():
    words = " ".join(["set a timer for"] * 4)
    endpointer = Endpointer(progress, turn_end=lambda _audio, _text: 0.7)
    assert judge(Transcript("", rejected=words), "", endpointer).why == "free"
    assert judge(Transcript("", rejected=words), "", endpointer).silence == 0.7


def test_a_fixed_silence_ends_everything():
    fixed = Endpointer(progress, Waits(fixed=0.6))
    assert judge("what can you do", endpointer=fixed).silence == fixed.longest == 0.6


@pytest.mark.parametrize("seconds", [0.1, 0.5, 1.0])
def test_pauses_of_a_speaker_are_learned(seconds):
    speaker = SpeakerPauses()
    before = speaker.longer_than(seconds)
    for _ in range(20):
        speaker.paused(seconds + 0.5)
    assert speaker.longer_than(seconds) > max(before, 0.8)
    assert speaker.longer_than(seconds + 1.0) < 0.3
