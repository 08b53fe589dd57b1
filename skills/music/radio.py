"""Internet radio: a stream, decoded by PyAV as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import av
import numpy as np

from assistant import Context, NetworkError
from assistant.audio.chunk import AudioChunk

_OPEN_S, _READ_S = 5.0, 8.0
_RATE = 48_000
_LISTS = (".m3u", ".pls")
_LIVE = {"reconnect": "1", "reconnect_streamed": "1", "reconnect_delay_max": "5"}


def stations(lines: list[Any]) -> dict[str, str]:
    """The configured stations: name → URL, of lines ``name = URL``; lines that are none are left out."""
    pairs = [str(line).partition("=") for line in lines]
    return {name.strip(): url.strip() for name, _, url in pairs if name.strip() and url.strip()}


async def tune(ctx: Context, name: str, url: str) -> Iterator[AudioChunk]:
    """Connect to a station.

    Raises:
        NetworkError: it doesn't answer, or sends no sound.
    """
    address = await _address(ctx, url)
    try:
        container = await asyncio.to_thread(_open, address)
    except (av.FFmpegError, OSError, ValueError) as error:
        ctx.log.info("%s: %s", name, error)
        raise NetworkError(ctx.reply("no_station", name=name)) from error
    return _chunks(container)


async def _address(ctx: Context, url: str) -> str:
    """The address of the stream itself, when the URL is that of a playlist."""
    if not url.partition("?")[0].lower().endswith(_LISTS):
        return url
    lines = [line.rpartition("=")[2].strip() for line in (await ctx.fetch(url, max_age=3600)).text.splitlines()]
    return next((line for line in lines if line.startswith(("http://", "https://"))), url)


def _open(url: str) -> Any:
    options = _LIVE if url.startswith(("http://", "https://")) else {}
    container = av.open(url, timeout=(_OPEN_S, _READ_S), options=options, metadata_errors="replace")
    if not container.streams.audio:
        container.close()
        raise ValueError("no sound in it")
    return container


def _chunks(container: Any) -> Iterator[AudioChunk]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
    with closing(container):
        for packet in container.demux(container.streams.audio[0]):
            for samples in _decoded(packet, resampler):
                yield AudioChunk(samples, _RATE)


def _decoded(packet: Any, resampler: Any) -> list[Any]:
    """The samples of a packet; one that is damaged has none."""
    try:
        frames = [done for frame in packet.decode() for done in resampler.resample(frame)]
    except (av.error.InvalidDataError, ValueError):
        return []
    parts = [frame.to_ndarray().reshape(-1) for frame in frames]
    return [np.concatenate(parts)] if parts and sum(map(len, parts)) else []
