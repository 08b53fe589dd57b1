"""Speech from espeak-ng with the times of its words and phonemes, through its C library.

The library is used and not the program because only its events say where words and phonemes lie.
See ``espeak_EVENT`` in espeak-ng's ``speak_lib.h``.
"""

from __future__ import annotations

import ctypes
import hashlib
import subprocess
from collections.abc import Iterable
from ctypes.util import find_library
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

RATE = 16_000
ACCENTS = tuple(f"gmw/en{area}" for area in ("-US", "", "-GB-scotland", "-GB-x-gbclan", "-GB-x-rp", "-029", "-US-nyc"))
UNNATURAL = ("whisper", "Demonic", "UniRobot", "robosoft", "croak", "fast_test", "Storm", "antonio", "boris", "iven")

_SYNCHRONOUS, _PHONEME_EVENTS, _UTF8 = 2, 1, 1
_WORD, _END, _PHONEME = 1, 5, 7
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Span:
    """A word or phoneme and where it lies, in seconds; a word's ``at`` is its offset in the text."""

    text: str
    start: float
    end: float
    at: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """One reading of a phrase.

    Attributes:
        samples: float32 in [-1, 1], shape (n,), 16 kHz.
        words, phonemes: in order, without gaps.
    """

    text: str
    voice: str
    samples: NDArray[np.float32]
    words: tuple[Span, ...]
    phonemes: tuple[Span, ...]


class Espeak:
    """espeak-ng's C library; one per process."""

    def __init__(self) -> None:
        name = find_library("espeak-ng") or "libespeak-ng.so.1"
        self._lib = ctypes.CDLL(name)
        self._rate = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS)
        if self._rate <= 0:
            raise RuntimeError("espeak-ng cannot be initialised; install it with: sudo apt-get install espeak-ng")
        self._callback = _Callback(self._receive)
        self._lib.espeak_SetSynthCallback(self._callback)
        self._audio: list[NDArray[np.int16]] = []
        self._marks: list[tuple[int, float, str, int]] = []

    def speak(self, text: str, voice: str = "en-us", rate: int = 170, pitch: int = 50, spread: int = 50) -> Take:
        """Read a phrase aloud: ``rate`` in words a minute, ``pitch`` and ``spread`` 0 to 99."""
        if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, spread)):
            self._lib.espeak_SetParameter(parameter, value, 0)
        self._audio, self._marks = [], []
        data = text.encode() + b"\0"
        self._lib.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
        raw = np.concatenate(self._audio) if self._audio else np.zeros(0, np.int16)
        samples = soxr.resample(raw.astype(np.float32) / 32768, self._rate, RATE).astype(np.float32)
        return self._take(text, voice, samples)

    def _receive(self, audio: object, count: int, events: object) -> int:
        if count > 0:
            self._audio.append(np.ctypeslib.as_array(audio, (count,)).copy())
        for event in events:  # type: ignore[attr-defined]
            if event.type == 0:
                break
            if event.type in (_WORD, _PHONEME, _END):
                label = event.id.string.decode(errors="replace") if event.type == _PHONEME else ""
                self._marks.append((event.type, event.audio_position / 1000, label, event.text_position - 1))
        return 0

    def _take(self, text: str, voice: str, samples: NDArray[np.float32]) -> Take:
        loud = np.flatnonzero(np.abs(samples) > 0.01)
        end = (loud[-1] + 1) / RATE if len(loud) else len(samples) / RATE
        phones = [(at, label, 0) for kind, at, label, _ in self._marks if kind == _PHONEME]
        words = [(at, "", place) for kind, at, _, place in self._marks if kind == _WORD]
        return Take(text, voice, samples, _spans(words, end), _spans(phones, end))


def _spans(marks: list[tuple[float, str, int]], end: float) -> tuple[Span, ...]:
    stops = [min(start, end) for start, _, _ in marks[1:]] + [end]
    return tuple(
        Span(label, start, max(start, stop), at) for (start, label, at), stop in zip(marks, stops, strict=True)
    )


def variants() -> list[str]:
    """Every voice variant that espeak-ng lists, sorted."""
    command = ["espeak-ng", "--voices=variant"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    files = [word for line in listing.splitlines()[1:] for word in line.split() if word.startswith("!v/")]
    return sorted({name.removeprefix("!v/") for name in files} - set(UNNATURAL))


def distinct(names: Iterable[str]) -> list[str]:
    """The voices that really differ: espeak-ng falls back silently when it cannot make one.

    Each is asked in a process of its own, because the library's random state makes any two readings differ.
    """
    found: dict[bytes, str] = {}
    for name in names:
        command = ["espeak-ng", "-v", name, "--stdout", "What time is it?"]
        spoken = subprocess.run(command, capture_output=True, check=True).stdout
        found.setdefault(hashlib.sha256(spoken).digest(), name)
    return list(found.values())
