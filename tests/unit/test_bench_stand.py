"""The measuring stand and the rules of the loops we are compared with."""

import asyncio

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk
from assistant.bench.baselines import FIXED_S, FiveSeconds, FixedSilence
from assistant.bench.latency import on_loop
from assistant.bench.stand import Manner, Meter, Talker
from assistant.bench.take import Take
from assistant.session.ears import Heard, Voice
from assistant.vad.base import FRAME
from assistant.vad.endpoint import Limits

LOUD = Take("one", "", np.full(RATE // 2 + 100, 8000, np.int16))


async def play(talker, meter, until, hear=lambda _chunk: None):
    """Let the talker speak to ``hear`` up to a time in stream seconds."""
    heard = []
    async for chunk in talker.chunks():
        meter.tick(chunk.end)
        heard.append(chunk.samples)
        hear(chunk)
        if chunk.end >= until * RATE:
            await talker.close()
    return np.concatenate(heard)


def test_it_speaks_over_a_noise_floor_and_says_where():
    async def main():
        talker = Talker([LOUD], Manner(lead=0.5))
        heard = await play(talker, Meter(talker), 2.0)
        return talker.said, heard

    (said,), heard = on_loop(main, virtual=True)
    assert said.end == said.start + len(LOUD.samples) / RATE
    loud = np.flatnonzero(np.abs(heard) > 4000)
    assert loud[0] / RATE == said.start == 0.5
    assert (loud[-1] + 1) / RATE == said.end
    assert 3 < np.std(heard[: RATE // 4]) < 12


def test_the_next_utterance_waits_until_the_assistant_is_free():
    async def main():
        talker = Talker([LOUD, LOUD, LOUD], Manner(lead=0.1, gap=0.2, settle=0.1, patience=3.0))

        def hear(chunk):
            second = chunk.end / RATE
            talker.idle = second >= 2.0 and len(talker.said) < 2

        await play(talker, Meter(talker), 8.0, hear)
        return talker.said

    first, second, third = on_loop(main, virtual=True)
    assert first.start == pytest.approx(0.1)
    assert second.start == pytest.approx(2.2, abs=0.05)
    assert third.start == pytest.approx(second.end + 3.2, abs=0.05)


def test_the_meter_hears_the_first_sample_when_it_is_asked_for():
    async def main():
        talker = Talker([LOUD], Manner(lead=0.1))
        meter = Meter(talker)

        def hear(chunk):
            if chunk.start == RATE:
                voice = meter.mixer.play()
                voice.write(AudioChunk(np.full(2000, 6000, np.int16), meter.rate))
                voice.end()

        await play(talker, meter, 2.0, hear)
        return meter

    meter = on_loop(main, virtual=True)
    assert meter.since(0.0, 9.0) == pytest.approx(1.04, abs=0.005)
    assert meter.since(0.0, 1.0) is None
    assert meter.since(1.5, 9.0) is None


def test_time_is_skipped_but_never_goes_back():
    async def main():
        talker = Talker([LOUD, LOUD], Manner(lead=0.1, settle=1.0, gap=0.1, hurry=True))
        times = []

        def hear(chunk):
            times.append(talker.now())
            if chunk.start == RATE:
                talker.answered()

        began = asyncio.get_running_loop().time()
        await play(talker, Meter(talker), 3.0, hear)
        return times, asyncio.get_running_loop().time() - began, talker.said

    times, took, said = on_loop(main, virtual=True)
    assert times == sorted(times)
    assert len(said) == 2
    assert took < 2.6  # of three seconds, the rest of the first silence was skipped


def frames(probabilities, start=0):
    """Voice-detection frames from a stream index on, each in a chunk of its own."""
    for number, probability in enumerate(probabilities):
        end = start + (number + 1) * FRAME
        yield Heard(AudioChunk(np.zeros(FRAME, np.int16), RATE, end - FRAME), None, (Voice(end, probability),))


def test_the_first_loop_waits_for_its_silence():
    rule = FixedSilence(Limits(), 1.0)
    rule.begin(0)
    over = [rule.over(heard) for heard in frames([0.9] * 20 + [0.0] * 40)]
    assert over.index(True) == 20 + int(np.ceil(FIXED_S * RATE / FRAME)) - 1


def test_the_tutorial_loop_records_for_five_seconds():
    rule = FiveSeconds()
    rule.begin(FRAME)
    over = [rule.over(heard) for heard in frames([0.9] * 200)]
    assert over.index(True) == pytest.approx(5 * RATE / FRAME, abs=1)
