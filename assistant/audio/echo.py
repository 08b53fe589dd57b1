"""Acoustic echo cancellation: what the microphone hears, without what the loudspeaker says.

Two stages. A Kalman filter (:mod:`assistant.audio.kalman`) learns the way from the loudspeaker to the microphone and
subtracts the echo without touching anything else, so a wake word survives under it. WebRTC's AEC3
(:mod:`assistant.audio.apm`) then suppresses what is left: the loudspeaker's distortion, late reverberation, and the
first second in which nothing is known yet. AEC3 alone would suppress the user with the echo. How much of the
microphone's sound AEC3 lets through says whether anybody but the loudspeaker is speaking, and the output is made of
the first stage where somebody is, of the second where nobody is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from assistant.audio.align import Reference, find_delay
from assistant.audio.apm import DELAY, WebRtc
from assistant.audio.chunk import RATE, AudioChunk, Samples, to_float
from assistant.audio.kalman import BLOCK, Floats, KalmanFilter
from assistant.audio.nearend import LEARN_S, NearEnd, mean_square
from assistant.audio.ring import Ring

__all__ = ["DELAY", "EchoCanceller", "Options"]

_REST_S = 2.0
_HISTORY_S = 3.0
_LOOK_EVERY = 50  # chunks: once a second
_POOR_DB = 6.0
_LONGEST_S = 0.25
_HEADROOM = RATE // 50
_WORSE_CHUNKS = 10
_ONLY_ECHO_GAIN = 0.1
_TAIL_S = 0.8


class Options(BaseModel):
    """Settings.

    Attributes:
        response: seconds of a room's reverberation that are learnt.
        latency: seconds from the reference to its echo as the devices report them; a hint, 0 where unknown.
        noise_suppression, gain_control: WebRTC's, at work only while something is played.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    response: float = Field(default=0.8, ge=0.1, le=2.0)
    latency: float = Field(default=0.0, ge=0.0, le=1.0)
    noise_suppression: bool = False
    gain_control: bool = False


class EchoCanceller:
    """Cancels the echo of what was played, and says whether somebody speaks over it.

    At rest (nothing played for 2 s) the microphone's chunks are passed on untouched, the same objects. At work the
    output lags the microphone by :data:`DELAY` samples (8 ms) under the same stream indices; changes are faded over
    one chunk. :meth:`reference` may be called from any thread, the rest from one.

    Attributes:
        active: whether it is at work.

    Raises:
        MissingDependency: livekit is not installed.
    """

    def __init__(self, options: Options | None = None) -> None:
        self._set = options or Options()
        self._webrtc = WebRtc(noise_suppression=self._set.noise_suppression, gain_control=self._set.gain_control)
        self._linear = KalmanFilter(self._set.response)
        self._reference = Reference()
        self._heard = Ring(_HISTORY_S)
        self._late: Floats = np.zeros(DELAY, np.float32)
        self._next = 0
        self._chunks = 0
        self._worse = 0
        self._power = np.zeros(2)  # heard, after the first stage
        self._short = np.zeros(3)  # likewise, and the echo that was subtracted; over 0.4 s
        self._gain = 1.0
        self._near = NearEnd()
        self.active = False

    @property
    def near_end(self) -> float:
        """Probability that somebody but the loudspeaker speaks in the newest chunk; 1 at rest.

        It is 0 until the echo is known: for 3 s of sound since the canceller began, or noticed that the way of the
        echo has changed, unless no speech has been played for 0.8 s. That no
        echo arrives at all is found out within 2 s.
        """
        return self._near.probability

    @property
    def knows(self) -> bool:
        """Whether :attr:`near_end` can tell yet."""
        return not self.active or self._near.knows

    @property
    def no_echo(self) -> bool:
        """Whether nothing of what is played arrives: the user wears headphones."""
        return self._near.no_echo

    @property
    def erle_db(self) -> float:
        """Echo return loss enhancement of the first stage over the last second."""
        return float(10 * np.log10((self._power[0] + 1) / (self._power[1] + 1))) if self.active else 0.0

    def reference(self, chunk: AudioChunk) -> None:
        """Take what the loudspeaker is about to play (16 kHz int16, any length, in order); takes microseconds."""
        self._reference.put(chunk)

    def played(self, start: int, end: int) -> AudioChunk:
        """What was played at the microphone's stream indices [start, end); at most 5 s back."""
        return AudioChunk(self._reference.at(start, end), RATE, start)

    def process(self, chunk: AudioChunk, *, speech: bool = True) -> AudioChunk:
        """The chunk without echo.

        Args:
            chunk: 16 kHz int16, shape (n,), n a multiple of 320; ``start`` may jump.
            speech: whether what is played may be speech. The echo of other sounds is not taken for somebody who
                speaks, so it is let pass until the way of the echo is known.

        Raises:
            ValueError: another length or rate.
        """
        if chunk.rate != RATE or len(chunk.samples) % BLOCK:
            raise ValueError(f"echo cancellation takes multiples of {BLOCK} samples at {RATE} Hz")
        shifted = self._reference.advance(chunk.end)
        was, self.active = self.active, self._reference.silent_for(chunk.end) < _REST_S
        if shifted:
            self._forget()
        if not self.active and not was:
            self._heard.append(chunk)
            return chunk
        if not was:
            self._near.begin()
        if not was or shifted or chunk.start != self._next:
            self._resume(chunk.start)
        self._next = chunk.end
        self._heard.append(chunk)
        parts = [
            self._block(chunk.samples[at : at + BLOCK], chunk.start + at) for at in range(0, len(chunk.samples), BLOCK)
        ]
        cleaned = np.concatenate(parts)
        if was != self.active:
            cleaned = _fade(chunk.samples, cleaned) if self.active else _fade(cleaned, chunk.samples)
        harmless = not speech or self._reference.silent_for(chunk.end) > _TAIL_S
        if not self.active or (harmless and not self._near.knows):
            self._near.rest()
        return AudioChunk(cleaned, RATE, chunk.start)

    def _resume(self, start: int) -> None:
        """Fill the second stage's delay with what was heard just before."""
        self._linear.clear()
        before: Samples = np.zeros(BLOCK, np.int16)
        recent = self._heard.since(start - BLOCK).samples
        if len(recent):
            before[-len(recent) :] = recent
        self._webrtc.process(np.zeros(BLOCK, np.int16), before, self._delay_ms)
        self._late = before[-DELAY:].astype(np.float32)

    @property
    def _delay_ms(self) -> int:
        return int(1000 * max(0.0, self._set.latency - self._reference.lag / RATE))

    def _block(self, heard: Samples, start: int) -> Samples:
        played = self._reference.at(start, start + BLOCK)
        left = self._linear.process(to_float(played), to_float(heard)) * np.float32(32768)
        suppressed = self._webrtc.process(played, _pcm(left), self._delay_ms).astype(np.float32)
        kept = heard.astype(np.float32) if self._near.no_echo else left
        both = np.concatenate((self._late, kept))
        self._late, linear = both[BLOCK:], both[:BLOCK]
        whole = heard.astype(np.float32)
        self._near.take(played.astype(np.float32), whole, left, suppressed)
        powers = np.array((mean_square(whole), mean_square(left), mean_square(whole - left)))
        self._power = 0.98 * self._power + 0.02 * powers[:2]
        self._short = 0.95 * self._short + 0.05 * powers
        self._watch(start + BLOCK)
        old, self._gain = self._gain, self._near.passing
        gain = np.linspace(old, self._gain, BLOCK, dtype=np.float32)
        return _pcm(gain * linear + (1 - gain) * _ONLY_ECHO_GAIN * suppressed)

    def _watch(self, end: int) -> None:
        """Notice that the way of the echo has changed, or is longer than what is modelled."""
        self._chunks += 1
        if self._near.no_echo:
            if self._chunks % _LOOK_EVERY == 0 and self._find_delay(end) is not None:
                self._forget()  # the headphones have been taken off
            return
        heard, left, echo = self._short
        audible = heard > 0.1 * self._power[0] and self._near.learnt > LEARN_S
        wrong = audible and left > 0.95 * heard and echo > 0.25 * heard
        self._worse = self._worse + 1 if wrong else 0
        if self._worse >= _WORSE_CHUNKS:
            self._forget()
        if self._chunks % _LOOK_EVERY or self.erle_db >= _POOR_DB:
            return
        delay = self._find_delay(end)
        if delay is not None and not 0 <= delay <= _LONGEST_S * RATE:
            self._reference.lag = max(0, self._reference.lag + delay - _HEADROOM)
            self._forget()
            self._linear.clear()

    def _find_delay(self, end: int) -> int | None:
        recent = self._heard.since(end - int(_HISTORY_S * RATE))
        return find_delay(self._reference.at(recent.start, recent.end), recent.samples)

    def _forget(self) -> None:
        self._linear.forget()
        self._power[:] = 0
        self._short[:] = 0
        self._worse = 0
        self._near.forget()


def _fade(old: Samples, new: Samples) -> Samples:
    gain = np.linspace(0.0, 1.0, len(old), dtype=np.float32)
    return _pcm((1 - gain) * old + gain * new)


def _pcm(samples: NDArray[np.float32]) -> Samples:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
