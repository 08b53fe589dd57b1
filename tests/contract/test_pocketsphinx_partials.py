"""How far PocketSphinx's partials lag behind what is said."""

from __future__ import annotations

import numpy as np

from assistant.app import find_skills
from assistant.audio.chunk import RATE, AudioChunk
from assistant.bench.streaming import Shown, takes, word_lags
from assistant.choosing import build
from assistant.config import load
from assistant.intent.template import words_of

CHUNK = 320
COMMANDS = (
    "set a timer for five minutes",
    "set a pasta timer for nine minutes",
    "cancel the pasta timer",
    "what is twelve times seven",
    "convert five miles to kilometers",
    "what can you do",
)


def test_partials_are_at_most_300_ms_behind_the_audio() -> None:
    """In stream time, which no machine's speed changes: from a word's end to the first partial with it."""
    loaded = load(env={}, user=False)
    engine = build(loaded, "asr", "pocketsphinx")
    engine.adapt(find_skills(loaded.config).grammar)
    lags: list[float | None] = []
    for samples in takes(COMMANDS):
        utterance = engine.open()
        shown = []
        for start in range(0, len(samples), CHUNK):
            chunk = AudioChunk(samples[start : start + CHUNK], start=start)
            partial = utterance.feed(chunk)
            if partial is not None:
                shown.append(Shown(chunk.end / RATE, tuple(words_of(partial))))
        lags += word_lags(utterance.finish(), shown)
    seen = [lag for lag in lags if lag is not None]
    print("lag in seconds, median, P90, worst:", np.percentile(seen, (50, 90, 100)).round(3))
    assert len(seen) > 15
    assert len(seen) >= 0.8 * len(lags)
    assert np.median(seen) <= 0.3
