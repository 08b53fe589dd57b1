"""What has been said once is kept on disk: a phrase that is said again begins at once."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from assistant.atomic import write_atomically
from assistant.tts.base import Mark, SpeechChunk, Style, Synthesizer, in_style, prepare

_log = logging.getLogger(__name__)

LONGEST = 200
"""Longest text in characters that is kept."""

_SUFFIX = ".npz"
_FORMAT = "1"
_KEPT_WHEN_FULL = 0.9


class SpeechStore:
    """A folder of spoken phrases, bounded; those that were not used for longest go first.

    What cannot be read or written is a line in the log. Several processes may share a folder.

    Args:
        folder: made when it is needed, readable by its owner alone.
        most: bytes.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._bytes: int | None = None  # of all files, once they have been counted
        self._complained = False

    def __contains__(self, key: str) -> bool:
        return self._path(key).exists()

    def get(self, key: str) -> SpeechChunk | None:
        """The phrase of a key, whole, or None."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                rows = kept["marks"]
                marks = tuple(Mark(int(start), int(end), int(sample)) for start, end, sample in rows)
                chunk = SpeechChunk(kept["samples"].astype(np.int16, casting="safe"), int(kept["rate"]), 0, marks)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            _log.warning("A kept phrase is of no use and is made again: %s (%s)", path, error)
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return chunk

    def put(self, key: str, chunk: SpeechChunk) -> None:
        """Keep a phrase, and drop old ones to make room for it."""
        rows = [(mark.start, mark.end, mark.sample) for mark in chunk.marks]
        file = io.BytesIO()
        np.savez(file, samples=chunk.samples, rate=chunk.rate, marks=np.array(rows, np.int64).reshape(-1, 3))
        data = file.getvalue()
        try:
            write_atomically(self._path(key), data)
            self._make_room(len(data))
        except OSError as error:
            level = logging.DEBUG if self._complained else logging.WARNING
            _log.log(level, "Speech is not kept in %s: %s", self._folder, error.strerror or error)
            self._complained = True

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _make_room(self, added: int) -> None:
        if self._bytes is not None and self._bytes + added <= self._most:
            self._bytes += added
            return
        files = []
        for entry in os.scandir(self._folder):
            with contextlib.suppress(FileNotFoundError):
                if entry.name.endswith(_SUFFIX):
                    files.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
        self._bytes = sum(size for _, size, _ in files)
        if self._bytes <= self._most:
            return
        for _, size, path in sorted(files):
            if self._bytes <= self._most * _KEPT_WHEN_FULL:
                break
            with contextlib.suppress(FileNotFoundError):
                Path(path).unlink()
            self._bytes -= size


class Cached:
    """A voice whose phrases are kept: short ones that were spoken to their end.

    Args:
        voice: the voice.
        store: where they are kept.
        identity: names the voice and everything that changes how it sounds.
    """

    def __init__(self, voice: Synthesizer, store: SpeechStore, identity: str) -> None:
        self._voice = voice
        self._store = store
        self._identity = identity

    @property
    def rate(self) -> int:
        """Hz."""
        return self._voice.rate

    def styled(self, style: Style) -> Synthesizer:
        """The voice in another manner; its phrases are kept too."""
        voice = in_style(self._voice, style)
        return self if voice is self._voice else Cached(voice, self._store, f"{self._identity} {style}")

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Speak: a kept phrase as one chunk, at once, else as the voice does."""
        if len(text) > LONGEST:
            yield from self._voice.speak(text)
            return
        key = self._key(text)
        kept = self._store.get(key)
        if kept is not None:
            yield kept
            return
        made: list[SpeechChunk] = []
        with closing(iter(self._voice.speak(text))) as chunks:  # type: ignore[type-var]
            for chunk in chunks:
                made.append(chunk)
                yield chunk
        if made and len({chunk.rate for chunk in made}) == 1:
            self._store.put(key, _whole(made))

    def prepare(self) -> None:
        """See :class:`assistant.tts.base.Resting`."""
        prepare(self._voice)

    def keep(self, text: str) -> Iterator[None]:
        """Make a phrase that is not kept yet, step by step; whoever stops halfway has kept nothing."""
        if len(text) <= LONGEST and self._key(text) not in self._store:
            for _ in self.speak(text):
                yield

    def _key(self, text: str) -> str:
        return hashlib.sha256("\0".join((_FORMAT, self._identity, text)).encode(errors="replace")).hexdigest()


def _whole(chunks: list[SpeechChunk]) -> SpeechChunk:
    samples = np.concatenate([chunk.samples for chunk in chunks])
    return SpeechChunk(samples, chunks[0].rate, 0, tuple(mark for chunk in chunks for mark in chunk.marks))
