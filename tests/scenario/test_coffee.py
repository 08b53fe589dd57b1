"""Real people order coffee (../shared/data/commands/coffee)."""

from __future__ import annotations

import time

import pytest

from assistant.asr.pocketsphinx import Engine, Options
from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.decode import decode
from assistant.intent.match import Matcher
from tests import coffee
from tests.shared import needs_data


@needs_data
@pytest.mark.data
def test_at_least_nine_of_ten_orders_are_entirely_right():
    grammar, labels = coffee.grammar(), coffee.labels()
    matcher, engine = Matcher(grammar), Engine(Options())
    engine.adapt(grammar)
    right, seconds, spent = [], 0.0, 0.0
    for name, label in labels.items():
        samples = decode(coffee.FOLDER / name)
        seconds += len(samples) / RATE
        start = time.process_time()
        order = engine.open()
        for at in range(0, len(samples), 320):
            order.feed(AudioChunk(samples[at : at + 320], start=at))
        text = order.finish().text
        spent += time.process_time() - start
        right.append(coffee.right(next(iter(matcher.match(text)), None), label))
    assert len(right) == 63
    assert sum(right) / len(right) >= 0.9
    assert spent / seconds < 0.15
