"""File sources and sinks: one clock, one time line."""

import asyncio
import selectors
import time
import wave

import numpy as np
import pytest

from assistant.audio import source as sources
from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.device import device_number, looks_like_file
from assistant.audio.microphone import Inbox
from assistant.audio.sink import FileSink, NullSink, open_sink
from assistant.audio.source import CHUNK, FileSource, SamplesSource, open_source
from assistant.audio.timeline import Timeline
from assistant.audio.wav import write_wav
from assistant.errors import InputError


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer instead of waiting."""

    def __init__(self):
        self.now = 1_000.0
        loop = self

        class Jump(selectors.DefaultSelector):
            def select(self, timeout=None):
                if timeout:
                    loop.now += timeout
                return super().select(0)

        super().__init__(Jump())

    def time(self):
        return self.now


def run(main):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


async def gather(source, seconds):
    got = []
    began = asyncio.get_running_loop().time()
    async for chunk in source.chunks():
        got.append((asyncio.get_running_loop().time() - began, source.exhausted, chunk))
        if chunk.end >= seconds * RATE:
            await source.close()
    return got


def test_chunks_are_20_ms_on_the_loops_clock_and_silence_follows(tmp_path):
    samples = np.arange(1, 1_001).astype(np.int16)
    write_wav(tmp_path / "a.wav", samples, RATE)
    source = FileSource(tmp_path / "a.wav")
    assert source.duration == 0.0625
    assert (source.rate, source.live, source.name) == (RATE, False, str(tmp_path / "a.wav"))
    before = time.monotonic()
    got = run(gather(source, 60))
    assert time.monotonic() - before < 10
    assert len(got) == 3_000
    for index, (at, _, chunk) in enumerate(got):
        assert len(chunk.samples) == CHUNK
        assert chunk.start == index * CHUNK
        assert at == pytest.approx((index + 1) * 0.02, abs=1e-6)
    heard = np.concatenate([chunk.samples for *_, chunk in got])
    np.testing.assert_array_equal(heard[:1_000], samples)
    assert not heard[1_000:].any()
    assert [exhausted for _, exhausted, _ in got[:5]] == [False, False, False, True, True]


def test_a_tail_ends_the_stream():
    source = SamplesSource(np.ones(1_600, np.int16), tail_seconds=0.1)
    assert len(run(gather(source, 99))) == 10


def test_real_time_on_a_real_loop():
    before = time.monotonic()
    asyncio.run(gather(SamplesSource(np.ones(3_200, np.int16)), 0.2))
    assert 0.19 < time.monotonic() - before < 0.6


def test_a_long_file_is_decoded_while_it_is_heard(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "_PREFETCH_SECONDS", 1)
    samples = np.tile(np.arange(1, 16_001).astype(np.int16), 5)
    write_wav(tmp_path / "a.wav", samples, RATE)
    source = FileSource(tmp_path / "a.wav")
    assert source.duration == pytest.approx(5.0)
    got = run(gather(source, 6))
    np.testing.assert_array_equal(np.concatenate([chunk.samples for *_, chunk in got])[: len(samples)], samples)
    assert source.exhausted
    assert source.duration == 5.0


def test_open_source_tells_files_from_devices(tmp_path):
    write_wav(tmp_path / "a.wav", np.ones(320, np.int16), RATE)
    assert isinstance(open_source(str(tmp_path / "a.wav"), print), FileSource)
    with pytest.raises(InputError, match="does not exist"):
        open_source("nowhere.wav", print)
    with pytest.raises(InputError, match="is a folder"):
        open_source(str(tmp_path), print)


def test_files_and_devices_are_told_apart_by_what_the_user_wrote(tmp_path):
    assert looks_like_file("out.wav")
    assert looks_like_file("/dev/null")
    for device in ("USB Audio 2.0", "hw:1,0", "3", "HDA Intel PCH: ALC257 Analog (hw:0,0)", "default"):
        assert not looks_like_file(device)
    assert device_number("3") == 3
    assert device_number("hw:1,0") == "hw:1,0"
    assert isinstance(open_sink("none", print), NullSink)
    sink = open_sink(str(tmp_path / "out.wav"), print)
    assert isinstance(sink, FileSink)
    sink.close()


def beep(sink, level=8_000, seconds=0.1):
    voice = sink.mixer.play("earcon")
    voice.write(AudioChunk(np.full(round(seconds * RATE), level, np.int16), RATE))
    voice.end()
    return voice


def test_a_file_sink_keeps_the_inputs_time_line(tmp_path):
    sink = FileSink(tmp_path / "out.wav")
    sink.start()
    for chunk in range(1, 101):
        if chunk == 51:
            beep(sink)
        sink.tick(chunk * CHUNK)
    sink.tick(CHUNK)
    sink.close()
    sink.close()
    sink.tick(99 * RATE)
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert file.getframerate() == 24_000
        heard = np.frombuffer(file.readframes(1 << 20), np.int16).astype(int)
    assert len(heard) == 2 * 24_000
    loud = np.flatnonzero(np.abs(heard) > 4_000) / 24_000
    assert loud[0] == pytest.approx(1.0, abs=0.001)
    assert loud[-1] == pytest.approx(1.1, abs=0.001)


def test_a_null_sink_lets_voices_finish():
    sink = NullSink()
    voice = beep(sink)
    sink.tick(2 * RATE)
    assert voice.finished
    assert sink.mixer.position == 48_000


def test_an_output_that_cannot_be_written(tmp_path):
    with pytest.raises(InputError, match="Cannot write"):
        FileSink(tmp_path / "nowhere" / "out.wav")


def blocks(timeline, now, end, count, late=0.0):
    lost = 0
    for _ in range(count):
        now, end = now + 0.02, end + 320
        found = timeline.arrived(now + late, end)
        lost, end = lost + found, end + found
    return now, end, lost


def test_a_late_burst_is_not_lost_sound():
    timeline = Timeline(RATE, 50.0)
    timeline.start(50.02, 320)
    now, end, lost = blocks(timeline, 50.02, 320, 200)
    assert [timeline.arrived(now + 1.5, end := end + 320) for _ in range(75)] == [0] * 75
    assert blocks(timeline, now + 1.5, end, 300)[2] == lost == 0
    assert timeline.index(now + 1.5) == pytest.approx(end, abs=2)


def test_sound_that_never_came_is_found_and_a_slow_device_is_followed():
    timeline = Timeline(RATE, 0.0)
    timeline.start(0.02, 320)
    now, end, _ = blocks(timeline, 0.02, 320, 200)
    _, _, lost = blocks(timeline, now + 0.7, end, 300)
    assert lost == pytest.approx(0.7 * RATE, abs=400)
    slow = Timeline(RATE, 0.0)
    slow.start(0.02, 320)
    assert sum(slow.arrived(0.02 + 0.02002 * count, 320 + 320 * count) for count in range(1, 100_000)) == 0


def test_the_inbox_drops_the_oldest_two_seconds_and_says_so():
    inbox = Inbox()
    for block in range(250):
        inbox.put(np.full(160, block, np.int16))
    assert inbox.dropped() == pytest.approx(0.5)
    assert inbox.dropped() == 0.0
    first = inbox.take()
    assert first.start == 50 * 160
    np.testing.assert_array_equal(first.samples, np.repeat([50, 51], 160))


def test_the_inbox_fills_a_gap_so_that_time_stays_true():
    inbox = Inbox()
    inbox.put(np.full(100, 7, np.int16))
    assert inbox.take() is None
    inbox.pad_to(640)
    inbox.pad_to(600)
    inbox.put(np.full(320, 9, np.int16))
    chunks = [inbox.take() for _ in range(3)]
    assert [chunk.start for chunk in chunks] == [0, 320, 640]
    assert chunks[0].samples.tolist() == [7] * 100 + [0] * 220
    assert chunks[2].samples.tolist() == [9] * 320
    inbox.pad_to(100 * RATE)
    assert inbox.end == 100 * RATE
    assert inbox.take().start == 98 * RATE
