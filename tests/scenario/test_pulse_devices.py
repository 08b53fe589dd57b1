"""Real devices at both ends: PyAudio on PulseAudio null sinks."""

import asyncio
import time

import numpy as np
import pytest

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.device import find
from assistant.audio.portaudio import host
from assistant.audio.sink import DeviceSink
from assistant.audio.source import DeviceSource
from assistant.errors import DeviceError
from tests.pulse import pulse  # noqa: F401

pytestmark = pytest.mark.pulse


def tone(hz, seconds, rate=RATE):
    return (8_000 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def pitch(samples, rate=RATE):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def loud(samples):
    return np.flatnonzero(np.abs(samples.astype(int)) > 4_000)


class Ear:
    """Hears a source in the background and keeps everything, with the time of every event."""

    def __init__(self, device=None):
        self.events = []
        self.chunks = []
        self.began = time.monotonic()
        self.first = 0.0
        self.happened = asyncio.Event()
        self.opened = asyncio.Event()
        self.source = DeviceSource(device, self.note)

    def note(self, kind, _):
        self.events.append((kind, self.now()))
        self.happened.set()

    async def listen(self):
        async for chunk in self.source.chunks():
            self.chunks.append(chunk)
            self.first = self.first or self.now()
            self.opened.set()

    async def event(self, kind, within):
        async with asyncio.timeout(within):
            while kind not in dict(self.events):
                self.happened.clear()
                await self.happened.wait()
        return dict(self.events)[kind]

    def now(self):
        return time.monotonic() - self.began

    def heard(self):
        starts = [chunk.start for chunk in self.chunks]
        assert starts == list(range(0, 320 * len(starts), 320))
        assert all(len(chunk.samples) == 320 for chunk in self.chunks)
        return np.concatenate([chunk.samples for chunk in self.chunks])


async def with_ear(scene):
    ear = Ear()
    async with asyncio.TaskGroup() as group:
        group.create_task(ear.listen())
        async with asyncio.timeout(25):
            await ear.opened.wait()
            await scene(ear)
        await ear.source.close()
    return ear


def test_a_tone_arrives_and_zeros_are_reported_as_dead(pulse):  # noqa: F811
    async def scene(ear):
        await ear.event("dead", within=6)
        pulse.play(tone(440, 1.0))
        await ear.event("alive", within=2)
        await asyncio.sleep(1.5)

    ear = asyncio.run(with_ear(scene))
    assert ear.source.format.rate == 44_100
    heard = ear.heard()
    at = loud(heard)
    assert (at[-1] - at[0]) / RATE == pytest.approx(1.0, abs=0.3)
    assert pitch(heard[at[0] : at[-1]]) == pytest.approx(440, abs=3)
    assert [kind for kind, _ in ear.events][:2] == ["dead", "alive"]
    assert host().links == []


def test_the_daemon_dies_and_comes_back_and_time_stays_true(pulse):  # noqa: F811
    async def scene(ear):
        changes = []
        speaker = DeviceSink(None, lambda kind, _: changes.append(kind))
        speaker.start()
        await asyncio.sleep(0.5)
        died = ear.now()
        pulse.kill()
        assert await ear.event("lost", within=2) - died < 2
        voice = speaker.mixer.play("speech")
        voice.write(AudioChunk(tone(440, 0.2), RATE))
        voice.end()
        await asyncio.wait_for(voice.drained(), 2)
        await asyncio.to_thread(pulse.start)
        await ear.event("back", within=8)
        pulse.play(tone(880, 0.7))
        await asyncio.sleep(1.2)
        assert changes == ["lost", "back"]
        ear.true_length = ear.now() - ear.first
        speaker.close()

    ear = asyncio.run(with_ear(scene))
    heard = ear.heard()
    assert pitch(heard[loud(heard)[0] :][: RATE // 2]) == pytest.approx(880, abs=4)
    assert len(heard) / RATE == pytest.approx(ear.true_length, abs=0.6)


def test_the_speaker_plays_and_stops_at_once(pulse):  # noqa: F811
    async def scene():
        sink = DeviceSink()
        sink.start()
        with pulse.recording() as recorded:
            voice = sink.mixer.play("speech")
            for at in range(0, 22_050, 2_205):
                await voice.room()
                voice.write(AudioChunk(tone(600, 1.0, 22_050)[at : at + 2_205], 22_050, at))
            voice.end()
            await voice.drained()
            await asyncio.sleep(0.4)
            second = sink.mixer.play("speech")
            second.write(AudioChunk(tone(600, 3.0), RATE))
            await asyncio.sleep(0.3)
            second.stop()
            await second.drained()
            await asyncio.sleep(0.4)
        sink.close()
        return recorded[0], voice, second

    recorded, first, second = asyncio.run(scene())
    at = loud(recorded)
    pause = at[np.flatnonzero(np.diff(at) > RATE // 5)[0]]
    one, two = recorded[at[0] : pause], recorded[pause + RATE // 5 : at[-1]]
    assert len(one) / RATE == pytest.approx(1.0, abs=0.02)
    assert pitch(one) == pytest.approx(600, abs=3)
    assert first.underruns == 0
    sounding = loud(two)
    assert (sounding[-1] - sounding[0]) / RATE == pytest.approx(second.played, abs=0.06)


def test_an_unplugged_microphone_is_noticed_and_found_again(pulse):  # noqa: F811
    async def scene(ear):
        await asyncio.sleep(0.3)
        gone = ear.now()
        pulse.pactl("unload-module", "module-null-sink")
        assert await ear.event("lost", within=2) - gone < 2
        pulse.pactl("load-module", "module-null-sink", "sink_name=mic", "rate=48000", "norewinds=1")
        pulse.pactl("set-default-source", "mic.monitor")
        await ear.event("back", within=8)
        pulse.play(tone(440, 0.5))
        await asyncio.sleep(0.9)

    ear = asyncio.run(with_ear(scene))
    assert len(loud(ear.heard())) > 1_000


def block_the_loop():
    time.sleep(2.6)


@pytest.mark.usefixtures("pulse")
def test_a_slow_listener_hears_the_newest_and_is_told_what_it_lost():
    async def scene():
        events = []
        source = DeviceSource("default", lambda kind, detail: events.append((kind, detail)))
        starts = []
        async for chunk in source.chunks():
            starts.append(chunk.start)
            if len(starts) == 10:
                block_the_loop()
            if len(starts) == 60:
                await source.close()
        return starts, events

    starts, events = asyncio.run(scene())
    lost = [float(detail) for kind, detail in events if kind == "dropped"]
    assert 0.3 < sum(lost) < 1.2
    assert starts[-1] - starts[0] == pytest.approx((59 * 0.02 + sum(lost)) * RATE, abs=16)


@pytest.mark.usefixtures("pulse")
def test_a_wrong_name_is_one_line():
    with pytest.raises(DeviceError, match="did you mean 'pulse'"):
        DeviceSource("pulsee")
    assert find(None, "input").name == "default"
