"""When words are certain and where windows are cut, with an engine that always understands."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from assistant.asr.base import TimedWord, Transcript
from assistant.asr.streaming import Pace, Streaming
from assistant.audio.chunk import RATE, AudioChunk

TICK = RATE // 100
SAID = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = tuple(
    TimedWord(f"{word}{turn}", at, at + 0.3)
    for turn in range(4)
    for word, at in zip(SAID, np.arange(10) * 0.4 + turn * 4.6, strict=True)
)
SAMPLES = np.repeat(np.arange(1900, dtype=np.int16), TICK)  # 19 s; each sample says where it lies


class Oracle:
    """Hears each word that a window holds to its end, and half a word wrongly, as real ones do."""

    def __init__(self, *, timed: bool = True) -> None:
        self.timed = timed
        self.longest = 0.0

    def decode(self, samples, **_):
        start = float(samples[0]) / 100 if len(samples) else 0.0
        end = start + len(samples) / RATE
        self.longest = max(self.longest, end - start)
        whole = [word for word in WORDS if word.start >= start - 0.011 and word.end <= end]
        cut = [word for word in WORDS if start <= word.start < end - 0.05 and word.end > end]
        found = [*whole, *(TimedWord("cut", word.start, end) for word in cut)]
        times = tuple(TimedWord(word.text, word.start - start, word.end - start) for word in found)
        return Transcript(" ".join(word.text for word in found), 1.0, times if self.timed else ())

    def without_wake_phrase(self, transcript):
        return transcript


def hear(engine, pace, samples=SAMPLES, chunk=2 * TICK):
    utterance = Streaming(engine, pace=pace, background=False).open()
    shown = []
    for start in range(0, len(samples), chunk):
        partial = utterance.feed(AudioChunk(samples[start : start + chunk], start=start))
        if partial is not None:
            shown.append(((start + chunk) / RATE, partial.split()))
    return utterance.finish(), shown


@pytest.mark.parametrize("window", [2.0, 3.3, 5.0, 15.0])
@pytest.mark.parametrize("step", [0.1, 0.37, 1.0])
def test_every_word_is_heard_once_however_windows_are_cut(window, step):
    engine = Oracle()
    found, _ = hear(engine, Pace(step=step, window=window))
    assert found.text.split() == [word.text for word in WORDS]
    assert [word.end for word in found.words] == pytest.approx([word.end for word in WORDS], abs=0.02)
    assert engine.longest < window + 1.5 * step + 1.0


@pytest.mark.parametrize("timed", [True, False], ids=["by word times", "by agreement"])
def test_no_certain_word_is_taken_back(timed):
    _, shown = hear(Oracle(timed=timed), Pace(step=0.3))
    assert all(after[: len(before)] == before for (_, before), (_, after) in pairwise(shown))
    assert not any("cut" in words for _, words in shown)


@pytest.mark.parametrize("stable", [0.1, 0.2, 0.5])
def test_a_word_is_certain_once_the_audio_goes_on_past_it(stable):
    _, shown = hear(Oracle(), Pace(step=0.1, stable=stable))
    for word in WORDS[:30]:
        first = next(at for at, words in shown if word.text in words)
        assert stable - 0.021 <= first - word.end <= stable + 0.13


def test_words_agreed_on_are_as_early_as_two_decodes_allow():
    _, shown = hear(Oracle(timed=False), Pace(step=0.2))
    lags = [next(at for at, words in shown if word.text in words) - word.end for word in WORDS[:30]]
    assert max(lags) <= 0.45


def test_one_big_feed_is_the_same_as_many_small_ones():
    assert hear(Oracle(), Pace(), chunk=len(SAMPLES))[0].text == hear(Oracle(), Pace())[0].text


def test_the_transcript_of_nothing_is_empty():
    assert Streaming(Oracle(), background=False).open().finish() == Transcript("", 0.0)
