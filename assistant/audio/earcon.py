"""Short soft sounds that say what the assistant does, made of sine tones; no files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import Samples, to_int16
from assistant.errors import ConfigError
from assistant.suggest import nearest

PEAK_DBFS = -13.0
"""Peak of every earcon at volume 1."""

_ATTACK_S = 0.008
_PARTIALS = ((1.0, 1.0), (2.0, 0.22), (3.0, 0.06))  # (multiple of the pitch, share): round, a little like a marimba
_DECAY_S = 0.055
_RING_DECAY_S = 0.16


@dataclass(frozen=True, slots=True)
class _Note:
    """A struck tone: when it starts (s), its pitch (Hz), its length (s), its decay (s)."""

    at: float
    pitch: float
    length: float
    decay: float = _DECAY_S


_C5, _E5, _G5, _A3, _F3 = 523.25, 659.26, 783.99, 220.0, 174.61

_SOUNDS: dict[str, tuple[float, tuple[_Note, ...]]] = {
    "listening": (0.17, (_Note(0.0, _C5, 0.10), _Note(0.065, _G5, 0.105))),
    "done": (0.17, (_Note(0.0, _G5, 0.10), _Note(0.065, _C5, 0.105))),
    "error": (0.18, (_Note(0.0, _A3, 0.11), _Note(0.075, _F3, 0.105))),
    "timer": (
        2.0,
        tuple(
            _Note(start + step, pitch, 0.55, _RING_DECAY_S)
            for start in (0.0, 0.7)
            for step, pitch in ((0.0, _C5), (0.12, _E5), (0.24, _G5))
        ),
    ),
}


def names() -> tuple[str, ...]:
    """Every earcon."""
    return tuple(_SOUNDS)


def render(name: str, rate: int, volume: float = 1.0) -> Samples:
    """An earcon as int16 mono samples, shape (n,).

    It starts and ends at zero without a click and peaks at :data:`PEAK_DBFS` times ``volume``. All last at most
    180 ms, except that ``timer`` is a ring of exactly 2 s with a rest at its end, to be played again and again.

    Args:
        name: ``listening`` (rises), ``done`` (falls), ``error`` (low, falls) or ``timer``.
        rate: Hz, at least 8000.
        volume: 0 (silent) to 1.

    Raises:
        ConfigError: there is no such earcon, or a number is out of range.
    """
    if name not in _SOUNDS:
        raise ConfigError(f"There is no earcon {name!r}{nearest(name, _SOUNDS)}")
    if not 0.0 <= volume <= 1.0:
        raise ConfigError(f"An earcon's volume must lie between 0 and 1, not {volume}")
    if rate < 8000:
        raise ConfigError(f"An earcon needs a rate of at least 8000 Hz, not {rate}")
    seconds, notes = _SOUNDS[name]
    mix = np.zeros(round(seconds * rate), np.float64)
    for note in notes:
        tone = _strike(note, rate)
        start = round(note.at * rate)
        end = min(start + len(tone), len(mix))
        mix[start:end] += tone[: end - start]
    mix *= volume * 10 ** (PEAK_DBFS / 20) / np.abs(mix).max()
    return to_int16(mix.astype(np.float32))


def _strike(note: _Note, rate: int) -> NDArray[np.float64]:
    """One tone: raised-cosine attack, exponential decay, faded to zero over its last quarter."""
    time = np.arange(round(note.length * rate)) / rate
    tone = np.zeros_like(time)
    for multiple, share in _PARTIALS:
        tone += share * np.sin(2 * np.pi * note.pitch * multiple * time) * np.exp(-time * multiple / note.decay)
    attack = 0.5 - 0.5 * np.cos(np.pi * np.minimum(time / _ATTACK_S, 1.0))
    left = (note.length - 1 / rate - time) / (note.length / 4)
    return tone * attack * (0.5 - 0.5 * np.cos(np.pi * np.clip(left, 0.0, 1.0)))
