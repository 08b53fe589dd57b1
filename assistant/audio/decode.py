"""Any sound file as 16 kHz mono: PyAV (FFmpeg's libraries) reads, soxr resamples."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, Samples
from assistant.audio.flac import overflows
from assistant.audio.resample import StreamResampler, pcm16
from assistant.errors import InputError

RATES = (2_000, 768_000)
"""Sample rates in Hz that a sound file can honestly have."""

_PLAYLISTS = {"concat", "dash", "hls", "image2", "lavfi", "rtsp", "sdp", "tty"}
_FULL_SCALE = {"u8": 1 << 7, "s16": 1 << 15, "s32": 1 << 31, "s64": 1 << 63, "flt": 1, "dbl": 1}
_FLAC_CHECKS = 100
_LOUD = 0.99


@dataclass(frozen=True, slots=True)
class _Open:
    path: Path
    container: Any
    stream: Any


def decode(path: Path | str, rate: int = RATE, max_seconds: float = 4 * 3600) -> Samples:
    """The first sound track of a file, whole.

    Args:
        path: any container and codec that FFmpeg reads; the sound of a video too.
        rate: Hz of the result.
        max_seconds: longer files are refused; ``decode_stream`` reads them in bounded memory.

    Returns:
        int16 mono, shape (n,), n ≥ 1.

    Raises:
        InputError: no such file, not a sound file, damaged, or without a single sample.
    """
    pieces: list[Samples] = []
    total = 0
    with closing(decode_stream(path, rate)) as stream:
        for piece in stream:
            pieces.append(piece)
            total += len(piece)
            if total > max_seconds * rate:
                hours = max_seconds / 3600
                raise InputError(f"{path} is longer than {hours:g} hours. Cut it into shorter files.")
    return np.concatenate(pieces)


def decode_stream(path: Path | str, rate: int = RATE) -> Generator[Samples, None, None]:
    """Like ``decode``, piece by piece: memory stays bounded however long the file is.

    Yields:
        int16 mono at ``rate``, shape (m,), m ≥ 1; at least one piece.

    Raises:
        InputError: at the first piece, or where the damage is met.
    """
    opened = _open(Path(path))
    total = 0
    try:
        for samples in _resampled(opened, rate):
            if len(samples):
                total += len(samples)
                yield pcm16(samples)
    finally:
        opened.container.close()
    if not total:
        raise InputError(f"{path} holds no sound at all (0 samples). Record or export it again.")


def duration(path: Path | str) -> float | None:
    """Seconds of sound as the container declares them; ``None`` where it does not say.

    Raises:
        InputError: as ``decode``.
    """
    opened = _open(Path(path))
    with closing(opened.container):
        if opened.stream.duration is not None:
            return float(opened.stream.duration * opened.stream.time_base)
        return None if opened.container.duration is None else opened.container.duration / av.time_base


def _open(path: Path) -> _Open:
    _check_file(path)
    av.logging.set_level(av.logging.PANIC)
    try:
        container = av.open(f"file:{path}", options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (av.FFmpegError, ValueError, OSError) as error:
        raise _unreadable(path) from error
    try:
        if _PLAYLISTS & set(container.format.name.split(",")):
            raise InputError(f"{path} is not a sound file but a text or playlist. Give the sound file itself.")
        if not container.streams.audio:
            raise InputError(f"{path} has no sound track. Give a file with sound.")
        stream = container.streams.audio[0]
        if stream.codec_context is None:
            raise InputError(f"{path} is in a sound format that cannot be read here. Export it as WAV or FLAC.")
        declared = stream.codec_context.sample_rate
        if declared and not RATES[0] <= declared <= RATES[1]:
            raise InputError(
                f"{path} claims a sample rate of {declared} Hz, which no recorder uses: its header is damaged. "
                "Record or export it again."
            )
    except BaseException:
        container.close()
        raise
    return _Open(path, container, stream)


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder. Give one of the sound files in it.")
        if not path.exists():
            raise InputError(f"{path} does not exist. Check the name and the folder.")
        if not path.is_file():
            raise InputError(f"{path} is not a regular file. Give a sound file.")
        if not path.stat().st_size:
            raise InputError(f"{path} is empty (0 bytes). Record or export it again.")
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}. Check the name and its permissions.") from error


def _unreadable(path: Path) -> InputError:
    return InputError(f"{path} is not a sound file, or it is damaged. Try to play it, then record or export it again.")


def _resampled(opened: _Open, rate: int) -> Iterator[NDArray[np.float32]]:
    """Mono float32 at ``rate``; a change of rate inside the file (chained Ogg) starts a new resampler."""
    resampler: StreamResampler | None = None
    for samples, from_rate in _frames(opened):
        if not RATES[0] <= from_rate <= RATES[1]:
            raise _unreadable(opened.path)
        if resampler is None or resampler.from_rate != from_rate:
            if resampler is not None:
                yield resampler.process(np.zeros(0, np.float32), last=True)
            resampler = StreamResampler(from_rate, rate)
        yield resampler.process(samples)
    if resampler is not None:
        yield resampler.process(np.zeros(0, np.float32), last=True)


def _frames(opened: _Open) -> Iterator[tuple[NDArray[np.float32], int]]:
    """Decoded frames down-mixed to mono, with their rate; damaged packets are skipped while some are good."""
    good = bad = 0
    checks = _FLAC_CHECKS if opened.stream.codec_context.name == "flac" else 0
    packets = opened.container.demux(opened.stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                break
            frames = packet.decode()
        except (av.FFmpegError, ValueError) as error:
            bad += 1
            if bad > 100 + good or (isinstance(error, av.EOFError)):
                break
            continue
        for frame in frames:
            samples = _mono(frame)
            good += 1
            if checks and len(samples) and np.abs(samples).max() >= _LOUD:
                checks -= 1
                _check_flac(opened.path, bytes(packet))
            yield samples, frame.sample_rate
    if bad and bad >= good:
        raise _unreadable(opened.path)


def _check_flac(path: Path, frame: bytes) -> None:
    try:
        damaged = overflows(frame)
    except (ValueError, IndexError):
        return
    if damaged:
        raise InputError(
            f"{path} is a damaged FLAC file: it holds samples that do not fit into its 16 bits. "
            "Export it again, or convert it to WAV."
        )


def _mono(frame: Any) -> NDArray[np.float32]:
    """One frame as float32 mono in about [-1, 1], shape (n,)."""
    name = frame.format.name
    values = frame.to_ndarray()
    if not name.endswith("p"):
        values = values.reshape(-1, frame.layout.nb_channels).T
    kind = name.removesuffix("p")
    mono = values[0].astype(np.float32) if len(values) == 1 else values.mean(axis=0, dtype=np.float64)
    if kind == "u8":
        mono = mono - 128.0
    return np.nan_to_num(np.asarray(mono / _FULL_SCALE[kind], np.float32), posinf=1.0, neginf=-1.0)
