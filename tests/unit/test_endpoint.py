"""The segmenter counts audio, nothing else."""

import pytest

from assistant.audio.chunk import RATE
from assistant.vad.base import FRAME
from assistant.vad.endpoint import FRAME_S, Edge, Limits, Segmenter


def drive(segmenter, *runs, at=0):
    """Runs of (probability, seconds); returns [(edge, second)]."""
    found = []
    for probability, seconds in runs:
        for _ in range(round(seconds / FRAME_S)):
            at += FRAME
            found += [(edge, round(at / RATE, 2)) for edge in segmenter.push(probability, at)]
            if found and found[-1][0] in (Edge.ENDED, Edge.TOO_LONG, Edge.NO_SPEECH):
                return found
    return found


def test_speech_starts_after_three_voiced_frames_and_ends_after_the_silence():
    segmenter = Segmenter(Limits(silence=0.6, pause=0.15))
    found = drive(segmenter, (0.0, 0.5), (0.9, 1.0), (0.0, 2.0))
    assert [edge for edge, _ in found] == [Edge.STARTED, Edge.PAUSED, Edge.ENDED]
    assert segmenter.since == pytest.approx(0.5 * RATE, abs=FRAME)
    assert segmenter.until == pytest.approx(1.5 * RATE, abs=FRAME)
    assert found[-1][1] == pytest.approx(2.1, abs=0.07)


def test_two_voiced_frames_are_a_click():
    segmenter = Segmenter(Limits(no_speech=1.0))
    assert drive(segmenter, (0.0, 0.3), (0.9, 2 * FRAME_S), (0.0, 2.0)) == [(Edge.NO_SPEECH, 1.02)]


def test_speech_that_resumes_keeps_the_utterance_open():
    segmenter = Segmenter(Limits(silence=0.6, pause=0.15))
    found = drive(segmenter, (0.9, 0.5), (0.0, 0.4), (0.9, 0.5), (0.0, 1.0))
    assert [edge for edge, _ in found] == [Edge.STARTED, Edge.PAUSED, Edge.RESUMED, Edge.PAUSED, Edge.ENDED]


def test_a_click_in_the_closing_silence_does_not_resume():
    segmenter = Segmenter(Limits(silence=0.6, pause=0.15))
    found = drive(segmenter, (0.9, 0.5), (0.0, 0.3), (0.9, FRAME_S), (0.0, 1.0))
    assert [edge for edge, _ in found] == [Edge.STARTED, Edge.PAUSED, Edge.ENDED]
    assert found[-1][1] == pytest.approx(1.1, abs=0.07)


def test_the_silence_can_be_changed_while_it_runs():
    segmenter = Segmenter(Limits(silence=0.6))
    assert drive(segmenter, (0.9, 0.5), (0.0, 0.2))[-1][0] is Edge.PAUSED
    segmenter.silence = 2.0
    found = drive(segmenter, (0.0, 3.0), at=round(0.7 / FRAME_S) * FRAME)
    assert found[-1][1] == pytest.approx(2.5, abs=0.1)


def test_nobody_speaks_for_longer_than_the_cap():
    segmenter = Segmenter(Limits(cap=20.0))
    assert drive(segmenter, (0.9, 60.0))[-1][0] is Edge.TOO_LONG
    assert drive(Segmenter(Limits(no_speech=5.0)), (0.0, 60.0)) == [(Edge.NO_SPEECH, 5.02)]


def test_a_voiced_frame_stays_voiced_a_little_below_the_threshold():
    segmenter = Segmenter(Limits(threshold=0.5))
    assert drive(segmenter, (0.4, 1.0)) == []
    assert drive(segmenter, (0.6, FRAME_S), (0.4, 0.2))[0][0] is Edge.STARTED
