"""The mixer: what is pulled is what was written, and stopping is silent at once."""

import asyncio
import threading
import time

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.mixer import DUCK, Mixer, soft_clip
from assistant.audio.ring import Ring


def steady(seconds=1.0, rate=RATE, level=8_000):
    return AudioChunk(np.full(round(seconds * rate), level, np.int16), rate)


def playing(mixer, kind="speech", seconds=1.0, level=8_000, end=True):
    voice = mixer.play(kind)
    voice.write(steady(seconds, mixer.rate, level))
    if end:
        voice.end()
    return voice


def test_what_is_pulled_is_what_was_written():
    mixer = Mixer(RATE)
    samples = np.random.default_rng(3).integers(-20_000, 20_000, 1_000).astype(np.int16)
    voice = mixer.play("speech")
    voice.write(AudioChunk(samples[:300], RATE))
    voice.write(AudioChunk(samples[300:], RATE))
    voice.end()
    pulled = np.concatenate([mixer.pull(160) for _ in range(8)])
    np.testing.assert_array_equal(pulled[:1_000], samples)
    assert not pulled[1_000:].any()
    assert (voice.finished, voice.played, voice.started_at, voice.finished_at) == (True, 0.0625, 0.0, 0.0625)
    assert mixer.idle
    assert mixer.position == 1_280


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_any_rate_becomes_the_outputs_rate(rate):
    mixer = Mixer(rate)
    voice = mixer.play("speech")
    for _ in range(10):
        voice.write(steady(0.1, 16_000))
    voice.end()
    pulled = mixer.pull(2 * rate)
    sounding = np.flatnonzero(np.abs(pulled.astype(int)) > 4_000)
    assert len(sounding) / rate == pytest.approx(1.0, abs=0.001)
    assert voice.played == pytest.approx(1.0, abs=0.001)


def test_a_voice_may_change_its_rate_in_the_middle():
    mixer = Mixer(48_000)
    voice = mixer.play("speech")
    voice.write(steady(0.5, 16_000))
    voice.write(steady(0.5, 22_050))
    voice.end()
    mixer.pull(96_000)
    assert voice.played == pytest.approx(1.0, abs=0.001)


def test_stop_is_silent_within_its_fade_and_counts_what_was_heard():
    mixer = Mixer(RATE)
    voice = playing(mixer)
    mixer.pull(1_600)
    voice.stop(fade_ms=5)
    after = mixer.pull(1_600).astype(int)
    assert after[0] > 7_000
    assert np.all(np.diff(after[:80]) < 0)
    assert not after[80:].any()
    assert voice.finished
    assert voice.played == pytest.approx(0.105)
    assert voice.finished_at == pytest.approx(0.105)
    voice.write(steady(0.1))
    assert not mixer.pull(160).any()


def test_stop_before_the_first_sample_and_with_no_fade():
    mixer = Mixer(RATE)
    silent, cut = mixer.play("speech"), playing(mixer)
    silent.stop()
    cut.stop(fade_ms=0)
    assert np.flatnonzero(mixer.pull(160)).max(initial=0) == 0
    assert silent.finished
    assert cut.finished
    assert mixer.idle


def test_pause_keeps_the_place():
    mixer = Mixer(RATE)
    voice = mixer.play("speech")
    voice.write(AudioChunk(np.arange(1, 3_201, dtype=np.int16), RATE))
    voice.end()
    mixer.pull(1_600)
    voice.pause()
    faded = mixer.pull(1_600)
    assert not faded[80:].any()
    assert voice.played == pytest.approx(0.105)
    assert not mixer.pull(1_600).any()
    voice.resume()
    pulled = mixer.pull(1_600)
    assert pulled[100] == 1_600 + 80 + 101
    assert voice.finished
    assert voice.played == pytest.approx(0.2)


def test_a_paused_voice_can_be_stopped():
    mixer = Mixer(RATE)
    voice = playing(mixer)
    voice.pause()
    mixer.pull(800)
    voice.stop()
    assert not mixer.pull(800).any()
    assert voice.finished


def test_alarms_go_down_under_speech_and_come_back():
    mixer = Mixer(RATE)
    playing(mixer, "alarm", 3.0)
    assert mixer.pull(RATE // 2)[-1] == 8_000
    speech = playing(mixer, "speech", 1.0, level=0)
    under = mixer.pull(RATE)
    assert under[-1] == pytest.approx(8_000 * DUCK, abs=2)
    assert np.abs(np.diff(under.astype(int))).max() < 20
    assert speech.finished
    assert mixer.pull(RATE // 2)[-1] == 8_000


def test_speech_is_not_ducked_by_a_paused_or_silent_voice():
    mixer = Mixer(RATE)
    playing(mixer, "music", 1.0)
    mixer.play("speech")
    assert mixer.pull(1_600)[-1] == 8_000


def test_volume_and_gain_are_ramped_and_bounded():
    mixer = Mixer(RATE)
    voice = playing(mixer, seconds=2.0)
    mixer.pull(160)
    mixer.volume = 7.0
    assert mixer.volume == 1.0
    mixer.volume = 0.5
    down = mixer.pull(3_200).astype(int)
    assert np.abs(np.diff(down)).max() < 20
    assert down[-1] == 4_000
    voice.gain = 0.5
    assert mixer.pull(3_200)[-1] == 2_000
    mixer.volume = 0
    assert mixer.pull(3_200)[-1] == 0


def test_voices_that_add_up_are_bent_and_not_wrapped():
    mixer = Mixer(RATE)
    for _ in range(4):
        playing(mixer, level=20_000)
    pulled = mixer.pull(1_600)
    assert pulled.min() > 30_000
    ramp = np.linspace(-3, 3, 601, dtype=np.float32)
    bent = soft_clip(ramp.copy())
    assert np.all(np.diff(bent) >= 0)
    assert np.abs(bent).max() <= 1.0
    quiet = np.abs(ramp) <= 0.8
    np.testing.assert_array_equal(bent[quiet], ramp[quiet])


def test_a_late_writer_is_counted_and_loses_nothing():
    mixer = Mixer(RATE)
    voice = playing(mixer, seconds=0.01, end=False)
    mixer.pull(320)
    mixer.pull(320)
    assert voice.underruns == 1
    assert not voice.finished
    voice.write(steady(0.01))
    voice.end()
    assert np.count_nonzero(mixer.pull(320)) == 160
    assert voice.finished


def test_writing_to_an_ended_voice_is_an_error():
    voice = playing(Mixer(RATE))
    with pytest.raises(ValueError, match="ended"):
        voice.write(steady())


def test_an_empty_voice_that_ended_leaves():
    mixer = Mixer(RATE)
    voice = mixer.play("speech")
    voice.end()
    mixer.pull(16)
    assert voice.finished
    assert voice.started_at is None


def test_the_reference_is_what_was_played_at_16_khz():
    mixer = Mixer(48_000)
    history = Ring(4)
    playing(mixer, seconds=0.5)
    mixer.pull(24_000)
    mixer.on_pulled = history.append
    playing(mixer, seconds=0.5)
    for _ in range(50):
        mixer.pull(480)
    mixer.pull(9_600)
    heard = history.since(0)
    assert heard.start == 8_000
    assert np.flatnonzero(np.abs(heard.samples.astype(int)) > 4_000)[-1] == pytest.approx(8_000, abs=4)


def test_room_and_drained_wait_for_the_output():
    async def scene():
        mixer = Mixer(RATE)
        voice = mixer.play("speech")
        await voice.room()
        voice.write(steady(1.0))
        voice.end()
        waits = [asyncio.ensure_future(voice.room()), asyncio.ensure_future(voice.drained())]
        states = []
        for _ in range(12):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            states.append([wait.done() for wait in waits])
            mixer.pull(1_600)
        await asyncio.wait_for(asyncio.gather(*waits), 5)
        return states

    states = asyncio.run(scene())
    assert states[4] == [False, False]
    assert states[6] == [True, False]
    assert states[11] == [True, True]


def test_drained_ends_when_the_voice_is_stopped_from_another_thread():
    async def scene():
        mixer = Mixer(RATE)
        voice = playing(mixer, seconds=60)
        over = threading.Event()

        def output():
            while not over.is_set():
                mixer.pull(160)
                time.sleep(0.001)

        threads = [threading.Thread(target=output), threading.Timer(0.05, voice.stop)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(voice.drained(), 5)
        over.set()
        for thread in threads:
            thread.join()
        return voice

    voice = asyncio.run(scene())
    assert voice.finished
    assert 0 < voice.played < 60


def test_a_cancelled_wait_leaves_nothing_behind():
    async def scene():
        mixer = Mixer(RATE)
        voice = playing(mixer)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(voice.drained(), 0)
        mixer.pull(RATE)
        await asyncio.sleep(0)
        await asyncio.wait_for(voice.drained(), 1)

    asyncio.run(scene())


def test_threads_that_write_and_pull_lose_no_sample():
    mixer = Mixer(RATE)
    voice = mixer.play("speech")
    samples = np.arange(1, 26_001).astype(np.int16)

    def write():
        for at in range(0, len(samples), 100):
            voice.write(AudioChunk(samples[at : at + 100], RATE))
        voice.end()

    writer = threading.Thread(target=write)
    writer.start()
    pulled = []
    while not voice.finished:
        pulled.append(mixer.pull(64))
    writer.join()
    heard = np.concatenate(pulled)
    np.testing.assert_array_equal(heard[heard != 0], samples)


def test_stop_by_kind():
    mixer = Mixer(RATE)
    speech, alarm = playing(mixer), playing(mixer, "alarm")
    mixer.stop("speech", fade_ms=0)
    mixer.pull(160)
    assert speech.finished
    assert not alarm.finished


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
@pytest.mark.parametrize("written", [0.4101, 0.4199])
def test_speech_that_comes_too_late_breaks_off_and_goes_on_without_a_click(rate, written):
    mixer = Mixer(rate)
    voice = mixer.play("speech")
    pulled = []
    voice.write(steady(written, rate))
    pulled += [mixer.pull(rate // 50) for _ in range(30)]
    voice.write(steady(0.2, rate))
    voice.end()
    pulled += [mixer.pull(rate // 50) for _ in range(9)]
    heard = np.concatenate(pulled)[1:]
    assert voice.underruns == 9
    assert np.abs(np.diff(heard.astype(int))).max() < 8_000 * 0.1, "without fades it would be 8000"
    assert not heard[round(0.43 * rate) : round(0.59 * rate)].any()
    assert (heard[round(0.61 * rate) : round(0.77 * rate)] == 8_000).all()
    assert voice.played == pytest.approx(written + 0.18, abs=0.001)
