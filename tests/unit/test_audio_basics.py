"""Resampling, WAV files, the ring, and the microphone's health."""

import wave

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.health import Health
from assistant.audio.resample import StreamResampler, pcm16, resample
from assistant.audio.ring import Ring
from assistant.audio.wav import WavWriter, write_wav
from assistant.errors import InputError


def sine(hz, rate, seconds=1.0):
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(round(rate * seconds)) / rate)).astype(np.float32)


def stream(samples, from_rate, to_rate, block, **options):
    resampler = StreamResampler(from_rate, to_rate, **options)
    parts = [resampler.process(samples[at : at + block]) for at in range(0, len(samples), block)]
    return np.concatenate((*parts, resampler.process(samples[:0], last=True)))


@pytest.mark.parametrize("low_latency", [False, True])
@pytest.mark.parametrize("from_rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_streamed_blocks_keep_time_and_tone(from_rate, low_latency):
    heard = stream(sine(1000, from_rate), from_rate, RATE, from_rate // 50, low_latency=low_latency)
    assert len(heard) == pytest.approx(RATE, abs=4)
    turn = np.exp(-2j * np.pi * 1000 * np.arange(RATE) / RATE)[2_000:14_000]
    measured, wanted = (np.mean(x[2_000:14_000] * turn) for x in (heard, sine(1000, RATE)))
    assert abs(measured) == pytest.approx(abs(wanted), rel=1e-3)
    late = -np.angle(measured / wanted) * RATE / (2 * np.pi * 1000)
    assert abs(late) < (2 if low_latency else 0.01)


def test_frequencies_above_half_the_new_rate_are_removed():
    for low_latency in (False, True):
        heard = stream(sine(12_000, 48_000), 48_000, RATE, 960, low_latency=low_latency)
        assert np.abs(heard[2_000:14_000]).max() < 1e-4


def test_the_microphones_resampler_holds_back_less_than_15_ms():
    for rate in (44_100, 48_000, 96_000):
        resampler = StreamResampler(rate, RATE, low_latency=True)
        block = rate // 100
        out = 0
        for count in range(1, 101):
            out += len(resampler.process(np.zeros(block, np.float32)))
            if count > 10:
                assert count * block / rate - out / RATE < 0.015


def test_silence_stays_exactly_zero():
    assert not resample(np.zeros(4_410, np.int16), 44_100, RATE).any()
    assert not stream(np.zeros(4_410, np.float32), 44_100, RATE, 441, low_latency=True).any()


def test_the_same_rate_is_left_alone():
    samples = np.arange(-5, 5, dtype=np.int16)
    assert resample(samples, RATE, RATE) is samples
    np.testing.assert_array_equal(pcm16(samples.astype(np.float32) / 32768), samples)
    assert pcm16(np.array([9.0, -9.0])).tolist() == [32_767, -32_768]


def test_wav_round_trip_and_a_valid_header_before_the_end(tmp_path):
    path = tmp_path / "a.wav"
    samples = np.arange(-8_000, 8_000, dtype=np.int16)
    writer = WavWriter(path, 8_000)
    for at in range(0, len(samples), 1_000):
        writer.write(samples[at : at + 1_000])
    with wave.open(str(path)) as early:
        assert early.getnframes() == 16_000
    writer.close()
    writer.close()
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8_000, 1, 2)
        assert file.readframes(20_000) == samples.tobytes()


def test_a_wav_that_cannot_be_written_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"Cannot write .*nowhere.*folder that exists"):
        write_wav(tmp_path / "nowhere" / "a.wav", np.zeros(4, np.int16), RATE)


def numbered(start, count):
    return AudioChunk(np.arange(start, start + count).astype(np.int16), RATE, start)


def test_the_ring_finds_any_recent_sample_by_its_index():
    ring = Ring(0.1)
    for start in range(0, 16_000, 320):
        ring.append(numbered(start, 320))
    assert (ring.oldest, ring.end) == (14_400, 16_000)
    last = ring.since(15_000)
    assert last.start == 15_000
    np.testing.assert_array_equal(last.samples, np.arange(15_000, 16_000))
    assert ring.since(0).start == 14_400
    assert len(ring.since(99_999).samples) == 0


def test_the_ring_fills_gaps_and_ignores_what_it_has():
    ring = Ring(1)
    ring.append(numbered(100, 10))
    ring.append(numbered(105, 10))
    ring.append(numbered(120, 5))
    assert ring.since(0).start == 100
    np.testing.assert_array_equal(ring.since(112).samples, [112, 113, 114, 0, 0, 0, 0, 0, 120, 121, 122, 123, 124])
    ring.append(numbered(90_000, 4))
    assert (ring.oldest, ring.end) == (90_000, 90_004)
    ring.clear()
    assert ring.oldest == ring.end == 90_004


def test_the_ring_takes_more_than_it_holds_and_refuses_other_rates():
    ring = Ring(0.01)
    ring.append(numbered(0, 1_000))
    np.testing.assert_array_equal(ring.since(0).samples, np.arange(840, 1_000))
    with pytest.raises(ValueError, match="22050"):
        ring.append(AudioChunk(np.zeros(4, np.int16), 22_050, 0))


def test_zeros_are_dead_after_three_seconds_and_one_bit_is_alive():
    health = Health(48_000)
    zeros = np.zeros((960, 2), np.int16)
    assert [health.feed(zeros) for _ in range(149)] == [None] * 149
    assert health.feed(zeros) == "dead"
    assert health.feed(zeros) is None
    noise = zeros.copy()
    noise[5, 1] = 1
    assert health.feed(noise) == "alive"
    assert health.feed(noise) is None


def test_a_quiet_room_is_not_dead():
    health = Health(RATE)
    noise = np.zeros(320, np.int16)
    noise[0] = -1
    assert all(health.feed(noise) is None for _ in range(500))
