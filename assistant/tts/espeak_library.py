"""libespeak-ng through ctypes: one process-wide instance behind one lock, because its state is global."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from assistant.audio.chunk import Samples
from assistant.errors import EngineError, MissingDependency

INSTALL = "sudo apt-get install libespeak-ng1 (without root: pip install espeakng-loader)"

_SONAMES = ("libespeak-ng.so.1", "libespeak-ng.so", "libespeak-ng.dylib", "libespeak-ng.1.dylib", "libespeak-ng.dll")
_SYNCHRONOUS = 2
_BUFFER_MS = 30
_DONT_EXIT = 0x8000
_POSITION_CHARACTER = 1
_UTF8 = 1
_RATE, _VOLUME, _PITCH = 1, 2, 3
_EVENT_END_OF_LIST, _EVENT_WORD = 0, 1


class _EventId(ctypes.Union):
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
        ("id", _EventId),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice: its name, its first language code, and its file's name, which selects it without doubt."""

    name: str
    language: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What must be set before a synthesis: a voice's identifier (``gmw/en-US+f3``) and three parameters."""

    voice: str
    rate_wpm: int
    pitch: int
    volume: int


@dataclass(frozen=True, slots=True)
class Block:
    """Audio from one callback.

    Attributes:
        samples: int16 mono, shape (n,).
        start: index of its first sample since the synthesis began.
        words: (character offset from 0, sample index) of each word event.
    """

    samples: Samples
    start: int
    words: tuple[tuple[int, int], ...]


class Library:
    """The library, initialised. Use :func:`load`.

    Attributes:
        rate: Hz of the audio.
    """

    def __init__(self) -> None:
        self._c, data = _open()
        self._c.espeak_Synth.argtypes = (
            *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int),
            *(ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p),
        )
        self._c.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        self.rate: int = self._c.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data, _DONT_EXIT)
        if self.rate <= 0:
            raise MissingDependency("espeak-ng's data", "sudo apt-get install --reinstall espeak-ng-data")
        self._callback = _Callback(self._receive)
        self._c.espeak_SetSynthCallback(self._callback)
        self._lock = threading.Lock()
        self._listener: Callable[[Block], bool] | None = None
        self._made = 0
        self._error: BaseException | None = None

    @cached_property
    def _all_voices(self) -> list[Voice]:
        return self._list(None)

    @cached_property
    def _variants(self) -> list[Voice]:
        return self._list(_Voice(languages=b"variant"))

    def voices(self, which: str = "") -> list[Voice]:
        """Every voice, those that suit a language best first; with ``"variant"``, every variant."""
        return self._variants if which == "variant" else self._all_voices

    def synthesise(self, text: str, settings: Settings, listener: Callable[[Block], bool]) -> None:
        """Speak a text, blocking; ``listener`` takes each block on this thread and returns True to stop.

        Raises:
            EngineError: the library refused.
        """
        encoded = text.encode() + b"\0"
        with self._lock:
            self._apply(settings)
            self._listener, self._made, self._error = listener, 0, None
            code = self._c.espeak_Synth(encoded, len(encoded), 0, _POSITION_CHARACTER, 0, _UTF8, None, None)
            self._listener, error = None, self._error
        if error is not None:
            raise error
        if code != 0:
            raise EngineError("tts", "espeak", "crashed", f"espeak-ng refused the text (error {code})")

    def _apply(self, settings: Settings) -> None:
        code = self._c.espeak_SetVoiceByName(settings.voice.encode())
        if code != 0:
            raise EngineError("tts", "espeak", "voice", f"espeak-ng cannot load the voice {settings.voice}")
        parameters = ((_RATE, settings.rate_wpm), (_PITCH, settings.pitch), (_VOLUME, settings.volume))
        for parameter, value in parameters:
            self._c.espeak_SetParameter(parameter, value, 0)

    def _receive(self, audio: Any, count: int, events: Any) -> int:
        # An exception cannot cross the C frames between here and ``synthesise``: it is kept and raised there.
        try:
            if not audio or self._listener is None:
                return 0
            samples: Samples = np.ctypeslib.as_array(audio, (count,)).copy() if count else np.zeros(0, np.int16)
            block = Block(samples, self._made, tuple(self._words(events)))
            self._made += count
            return int(self._listener(block))
        except BaseException as error:
            self._error = error
            return 1

    def _words(self, events: Any) -> list[tuple[int, int]]:
        words = []
        index = 0
        while events[index].type != _EVENT_END_OF_LIST:
            event = events[index]
            if event.type == _EVENT_WORD and event.text_position > 0:
                # Milliseconds round down, possibly to before this block.
                sample = max(self._made, event.audio_position * self.rate // 1000)
                words.append((event.text_position - 1, sample))
            index += 1
        return words

    def _list(self, wanted: _Voice | None) -> list[Voice]:
        with self._lock:
            found = self._c.espeak_ListVoices(ctypes.byref(wanted) if wanted is not None else None)
            rows = []
            index = 0
            while found[index]:
                voice = found[index].contents
                # ``languages`` is a priority byte, then a code; a small priority means a typical voice.
                rows.append((voice.languages[0], voice.name.decode(), voice.languages[1:], voice.identifier.decode()))
                index += 1
        return [Voice(name, code.decode(), file) for _, name, code, file in sorted(rows, key=lambda row: row[0])]


def _open() -> tuple[ctypes.CDLL, bytes | None]:
    """The C library and its data folder (None: its own default).

    The system's comes first, then the one in the wheel ``espeakng-loader``, for machines without root.
    """
    for name in _SONAMES:
        try:
            return ctypes.CDLL(name), None
        except OSError:
            continue
    found = find_library("espeak-ng")
    if found is not None:
        return ctypes.CDLL(found), None
    if find_spec("espeakng_loader") is not None:
        loader = import_module("espeakng_loader")
        return ctypes.CDLL(loader.get_library_path()), str(loader.get_data_path()).encode()
    raise MissingDependency("espeak-ng", INSTALL)


_loading = threading.Lock()
_loaded: Library | None = None


def load() -> Library:
    """The process's one library, opened at the first call.

    Raises:
        MissingDependency: the library or its data is not installed.
    """
    global _loaded  # noqa: PLW0603 - the C library is a global itself
    with _loading:
        if _loaded is None:
            _loaded = Library()
        return _loaded
