"""Every sound file decodes to the right samples, every other file gives one clear line."""

import os
import random
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from assistant.audio.chunk import RATE
from assistant.audio.decode import decode, decode_stream, duration
from assistant.audio.flac import overflows
from assistant.audio.wav import write_wav
from assistant.errors import InputError

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")


def tone(hz=440.0, seconds=1.0, rate=RATE, level=0.5):
    return np.round(level * 32767 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def encode(path, codec, layout, rate, samples, sample_format):
    """Write float samples of shape (channels, n) with FFmpeg's own encoders."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, np.float32), "fltp", layout)
        frame.rate = rate
        converter = av.AudioResampler(sample_format, layout, rate, frame_size=stream.codec_context.frame_size or 1024)
        for piece in (*converter.resample(frame), *converter.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))


def pitch(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


def test_a_16_bit_16_khz_file_is_unchanged_to_the_last_bit(tmp_path):
    samples = np.random.default_rng(1).integers(-32768, 32768, 12_345).astype(np.int16)
    write_wav(tmp_path / "a.wav", samples, RATE)
    np.testing.assert_array_equal(decode(tmp_path / "a.wav"), samples)


@pytest.mark.parametrize(
    ("name", "codec", "rate", "sample_format"),
    [
        ("a.wav", "pcm_u8", 8_000, "u8"),
        ("a.wav", "pcm_s16le", 44_100, "s16"),
        ("a.wav", "pcm_s24le", 48_000, "s32"),
        ("a.wav", "pcm_f64le", 96_000, "dbl"),
        ("a.wav", "adpcm_ima_wav", 22_050, "s16p"),
        ("a.aiff", "pcm_s16be", 44_100, "s16"),
        ("a.flac", "flac", 48_000, "s16"),
        ("a.opus", "libopus", 48_000, "flt"),
        ("a.mp3", "mp3", 44_100, "s16p"),
        ("a.m4a", "aac", 44_100, "fltp"),
        ("a.webm", "libopus", 48_000, "flt"),
    ],
)
def test_containers_codecs_depths_and_rates(tmp_path, name, codec, rate, sample_format):
    left = tone(440, 1.0, rate).astype(np.float32) / 32768
    encode(tmp_path / name, codec, "stereo", rate, np.stack((left, left)), sample_format)
    heard = decode(tmp_path / name)
    assert len(heard) == pytest.approx(RATE, rel=0.09)
    middle = heard[4_000:12_000]
    assert pitch(middle) == pytest.approx(440, abs=4)
    assert np.abs(middle.astype(int)).max() == pytest.approx(16_384, rel=0.06)


def test_channels_are_averaged(tmp_path):
    left = tone(500, 1.0, RATE).astype(np.float32) / 32768
    encode(tmp_path / "a.wav", "pcm_s16le", "stereo", RATE, np.stack((left, -left)), "s16")
    assert np.abs(decode(tmp_path / "a.wav")).max() <= 1


def test_the_sound_of_a_video(tmp_path):
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        video = container.add_stream("mpeg4", rate=10)
        video.width = video.height = 32
        audio = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for _ in range(5):
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")))
        container.mux(video.encode(None))
        frame = av.AudioFrame.from_ndarray(tone(seconds=0.5)[None], "s16", "mono")
        frame.rate = RATE
        container.mux(audio.encode(frame))
    np.testing.assert_array_equal(decode(tmp_path / "a.mkv"), tone(seconds=0.5))


def test_a_long_file_streams_in_small_pieces(tmp_path):
    write_wav(tmp_path / "long.wav", np.tile(tone(rate=44_100), 120), 44_100)
    pieces = [len(piece) for piece in decode_stream(tmp_path / "long.wav")]
    assert max(pieces) < RATE
    assert sum(pieces) == pytest.approx(120 * RATE, abs=2)
    assert duration(tmp_path / "long.wav") == pytest.approx(120)


def test_a_file_cut_off_in_the_middle_still_gives_what_is_there(tmp_path):
    write_wav(tmp_path / "a.wav", tone(seconds=2), RATE)
    whole = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    assert len(decode(tmp_path / "cut.wav")) == pytest.approx(RATE, abs=64)


def test_longer_than_allowed_is_refused(tmp_path):
    write_wav(tmp_path / "a.wav", tone(seconds=2), RATE)
    with pytest.raises(InputError, match="Cut it into shorter files"):
        decode(tmp_path / "a.wav", max_seconds=1)


def header(rate=16_000, channels=1, bits=16, size=0):
    block = channels * bits // 8
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, channels & 0xFFFF, rate,
                       rate * block & 0xFFFFFFFF, block & 0xFFFF, bits)  # fmt: skip
    return head + struct.pack("<4sI", b"data", size)


BAD = {
    "empty.wav": b"",
    "text.wav": b"This is not sound, it is a letter to my aunt.\n" * 40,
    "no_samples.wav": header(),
    "rate_0.wav": header(rate=0, size=320) + bytes(320),
    "rate_1.wav": header(rate=1, size=320) + bytes(320),
    "rate_4e9.wav": header(rate=0xFFFFFFFF, size=320) + bytes(320),
    "channels_65535.wav": header(channels=65_535, size=320) + bytes(320),
    "bits_255.wav": header(bits=255, size=320) + bytes(320),
    "random.mp3": random.Random(7).randbytes(50_000),
    "random.flac": b"fLaC" + random.Random(8).randbytes(20_000),
    "list.m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://192.0.2.1/a.ts\n#EXT-X-ENDLIST\n",
    "list.txt": b"ffconcat version 1.0\nfile /etc/hostname\n",
    "one_byte.ogg": b"O",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_give_one_line_that_names_the_file(tmp_path, name, capfd):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    with pytest.raises(InputError) as caught:
        decode(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert message.endswith(".")
    assert capfd.readouterr().err == ""


def test_a_length_of_4_gib_in_the_header_costs_nothing(tmp_path):
    (tmp_path / "big.wav").write_bytes(header()[:-4] + b"\xf0\xff\xff\xff" + tone(seconds=0.1).tobytes())
    assert len(decode(tmp_path / "big.wav")) == 1_600


def test_folder_missing_file_odd_names_and_devices(tmp_path):
    for path, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "nowhere.wav", "does not exist"),
        (Path("/dev/zero"), "not a regular file"),
        ("http://192.0.2.1/a.wav", "does not exist"),
        ("a\0b.wav", "cannot be read|does not exist"),
        ("x" * 5_000, "cannot be read|does not exist"),
    ):
        with pytest.raises(InputError, match=words):
            decode(path)


def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(InputError, match="not a regular file"):
        decode(tmp_path / "pipe.wav")


def test_names_that_libav_would_take_for_protocols(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("concat:a.wav", "a%03d.wav", "subfile,,start,0:.wav"):
        write_wav(name, tone(seconds=0.1), RATE)
        assert len(decode(name)) == 1_600


def rice(values, parameter):
    """A 16-bit mono FLAC frame of order 0 that holds ``values`` (checksums left out)."""
    bits = f"{0xFFF869:024b}" + "00001000" + "00000000" + f"{len(values) - 1:08b}" + "0" * 8
    bits += "0" + f"{8:06b}" + "0" + "00" + "0000" + f"{parameter:04b}"
    for value in values:
        code = value << 1 if value >= 0 else (-value << 1) - 1
        bits += "0" * (code >> parameter) + "1" + f"{code & ((1 << parameter) - 1):0{parameter}b}"
    bits += "0" * (-len(bits) % 8 + 16)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def test_flac_samples_outside_16_bits_are_seen():
    assert not overflows(rice([0, 32_767, -32_768, 5], 12))
    assert overflows(rice([0, 32_768, 5, 6], 12))
    assert overflows(rice([0, -32_769, 5, 6], 12))


def test_loud_flac_files_are_not_refused(tmp_path):
    loud = np.clip(tone(level=1.0).astype(float) * 3, -32768, 32767).astype(np.float32) / 32768
    encode(tmp_path / "loud.flac", "flac", "mono", RATE, loud[None], "s16")
    assert np.abs(decode(tmp_path / "loud.flac").astype(int)).max() >= 32_767


@needs_data
@pytest.mark.data
def test_every_broken_file_is_refused_and_every_format_decodes(capfd):
    broken = sorted((DATA / "broken").iterdir())
    formats = sorted((DATA / "formats").iterdir())
    assert broken
    assert formats
    for path in broken:
        with pytest.raises(InputError, match=path.name):
            decode(path)
    for path in formats:
        assert len(decode(path)), path
    assert capfd.readouterr().err == ""
