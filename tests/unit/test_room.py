"""The room around a session."""

import asyncio

import numpy as np

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.mixer import Mixer
from assistant.bench.room import NEAR_RMS, Room, RoomSource
from assistant.runtime.clock import VirtualLoop

RESPONSE = np.array([1.0, 0.0, -0.5, 0.25])


def noise(count, seed=1):
    return np.random.default_rng(seed).normal(0, 1_000, count).astype(np.int16)


def test_blocks_of_any_length_are_convolved_and_delayed():
    played = noise(4_000)
    room, heard, at = Room(RESPONSE, 0.5, 0.03), [], 0
    for count in (320, 7, 1_000, 0, 2_673):
        room.play(AudioChunk(played[at : at + count], RATE, at))
        at += count
    for _ in range(14):
        heard.append(room.hear(320))
    expected = np.concatenate((np.zeros(480), np.convolve(played, 0.5 * RESPONSE)))
    np.testing.assert_allclose(np.concatenate(heard)[:4_400], expected[:4_400], atol=1e-6)


def test_what_is_played_late_is_heard_late():
    room = Room(np.array([1.0]), 1.0, 0.02)
    room.hear(960)
    room.play(AudioChunk(np.array([5], np.int16), RATE, 0))
    room.play(AudioChunk(np.array([7], np.int16), RATE, 1))
    np.testing.assert_allclose(room.hear(4), [5, 7, 0, 0])


def test_a_source_hears_people_and_the_mixer():
    mixer = Mixer(24_000)
    people = noise(2 * RATE, 2)
    source = RoomSource(people, mixer, np.array([1.0]), ratio_db=0.0, delay=0.1, tail_seconds=0.0)
    voice = mixer.play("speech")
    voice.write(AudioChunk(np.full(RATE, 10_000, np.int16), RATE))
    voice.end()

    async def listen():
        heard = []
        async for chunk in source.chunks():
            mixer.pull(480)
            heard.append(chunk.samples.astype(np.float64))
        return np.concatenate(heard)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        heard = runner.run(listen())
    echo = heard - people
    assert source.exhausted
    assert abs(np.mean(echo[: RATE // 20])) < 5
    assert abs(np.mean(echo[RATE // 2 : RATE]) - 10_000 * NEAR_RMS / 2_500) < 20
    assert abs(np.mean(echo[-RATE // 2 :])) < 5
