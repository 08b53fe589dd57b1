"""Mixes everything that is being played, when the output asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.resample import StreamResampler, pcm16
from assistant.audio.voice import Kind, Ramp, Voice

DUCK = 0.2
"""Gain of music and alarms under speech (−14 dB)."""

_KNEE = 0.8
_RAMP_SECONDS = 0.08


class Mixer:
    """A pull-based mixer: voices are written to from any thread, the output pulls from its own.

    Attributes:
        rate: Hz of the output.
        position: output samples pulled so far: the output stream's time.
        on_pulled: called after each pull, in the pulling thread, with what was really played at 16 kHz (an echo
            canceller's reference; ``mixer.on_pulled = Ring(4).append`` keeps a history). Must be quick. Earcons alone
            are silence to it: an echo canceller that does not know the room yet would take the user's first words
            away with them.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.position = 0
        self._on_pulled: Callable[[AudioChunk], None] | None = None
        self._others: list[Callable[[AudioChunk], None]] = []
        self._lock = threading.Lock()
        self._voices: list[Voice] = []
        self._volume = Ramp(1.0, 1.0 / (_RAMP_SECONDS * rate))
        self._mix = np.zeros(rate // 10, np.float32)
        self._reference = StreamResampler(rate, RATE, low_latency=True)
        self._reference_end = 0

    @property
    def volume(self) -> float:
        """Overall gain, 0 to 1; a change is ramped."""
        return self._volume.target

    @volume.setter
    def volume(self, value: float) -> None:
        self._volume.to(min(1.0, max(0.0, value)))

    @property
    def on_pulled(self) -> Callable[[AudioChunk], None] | None:
        """Who gets what was played; see the class."""
        return self._on_pulled

    @on_pulled.setter
    def on_pulled(self, listener: Callable[[AudioChunk], None] | None) -> None:
        self._reference = StreamResampler(self.rate, RATE, low_latency=True)
        self._reference_end = round(self.position * RATE / self.rate)
        self._on_pulled = listener

    def also_tell(self, listener: Callable[[AudioChunk], None]) -> None:
        """Give what is played, earcons too, to one more listener than :attr:`on_pulled`; before it is set."""
        self._others.append(listener)

    @property
    def idle(self) -> bool:
        """Whether nothing is playing or waiting to be played."""
        return not self._voices

    def play(self, kind: Kind = "speech", gain: float = 1.0) -> Voice:
        """A new voice, silent until it is written to. It leaves the mixer when it has ended or was stopped."""
        voice = Voice(kind, self.rate, self._lock, gain)
        with self._lock:
            self._voices.append(voice)
        return voice

    def pull(self, count: int) -> Samples:
        """The next ``count`` samples to be played: int16 mono, shape (count,).

        Never waits for a voice: what has nothing ready is silent. Soft-clips above 0.8 of full scale.
        """
        if count > len(self._mix):
            self._mix = np.zeros(count, np.float32)
        mix = self._mix[:count]
        mix[:] = 0.0
        with self._lock:
            speaking = any(voice.kind == "speech" and voice.sounding for voice in self._voices)
            for voice in self._voices:
                voice.duck(DUCK if speaking and voice.kind in {"music", "alarm"} else 1.0)
                voice.mix_into(mix, self.position)
            touched = self._voices
            self._voices = [voice for voice in touched if not voice.finished]
            self.position += count
        for voice in touched:
            voice.wake_waiters()
        self._volume.apply(mix)
        block = pcm16(soft_clip(mix)) if touched else np.zeros(count, np.int16)
        self._tell(block, only_earcons=bool(touched) and all(voice.kind == "earcon" for voice in touched))
        return block

    def stop(self, *kinds: Kind, fade_ms: float = 5) -> None:
        """Stop all voices, or those of the given kinds."""
        for voice in tuple(self._voices):
            if not kinds or voice.kind in kinds:
                voice.stop(fade_ms)

    def _tell(self, block: Samples, *, only_earcons: bool) -> None:
        if self._on_pulled is None and not self._others:
            return
        heard = pcm16(self._reference.process(block.astype(np.float32) / np.float32(32768)))
        chunk = AudioChunk(heard, RATE, self._reference_end)
        self._reference_end = chunk.end
        for listener in self._others:
            listener(chunk)
        if self._on_pulled is not None:
            self._on_pulled(AudioChunk(np.zeros_like(heard), RATE, chunk.start) if only_earcons else chunk)


def soft_clip(mix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bend what exceeds 0.8 smoothly (tanh) towards 1; leaves the rest untouched. In place."""
    if not len(mix) or max(mix.max(), -mix.min()) <= _KNEE:
        return mix
    room = 1.0 - _KNEE
    over = np.abs(mix) > _KNEE
    loud = mix[over]
    mix[over] = np.sign(loud) * (_KNEE + room * np.tanh((np.abs(loud) - _KNEE) / room))
    return mix
