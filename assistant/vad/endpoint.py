"""Endpointing as a pure function of audio: voice probabilities in, edges of speech out.

After Home Assistant's ``assist_pipeline/vad.py``: everything is counted in seconds of audio, so a
file gives the same edges at any speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from assistant.audio.chunk import RATE
from assistant.vad.base import FRAME

FRAME_S = FRAME / RATE


class Edge(Enum):
    """What a frame changed."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "silence"
    NO_SPEECH = "no_speech"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Limits:
    """When speech begins and ends; seconds of audio.

    Attributes:
        threshold: probability from which a frame is voiced; it stays voiced down to 0.15 below.
        start_frames: voiced frames in a row that begin an utterance.
        pause: silence after which a turn may be prepared.
        silence: silence that ends an utterance, unless :attr:`Segmenter.silence` is changed.
        no_speech: wait for the first word at most this long.
        cap: an utterance lasts at most this long.
    """

    threshold: float = 0.5
    start_frames: int = 3
    pause: float = 0.09
    silence: float = 0.6
    no_speech: float = 5.0
    cap: float = 20.0


class Segmenter:
    """Finds one utterance; call :meth:`reset` for the next.

    Attributes:
        silence: seconds of silence that end this utterance; may be changed while it runs.
        since: stream index of the first voiced sample, once started.
        until: stream index one past the last voiced sample so far.
        voiced: seconds of voiced frames so far.
        gap: stream indices of the last pause's begin and end, once speech has resumed after it.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.reset(0)

    def reset(self, at: int, *, no_speech: float | None = None) -> None:
        """Begin to wait for speech at a stream index (samples); ``no_speech`` overrides the limit."""
        self.silence = self.limits.silence
        self.since = self.until = at
        self.voiced = 0.0
        self.gap = (at, at)
        self._begin = at
        self._no_speech = self.limits.no_speech if no_speech is None else no_speech
        self._run = 0
        self._run_start = at
        self.started = False
        self.paused = False

    def silent_for(self, at: int) -> float:
        """Seconds from the last voiced sample to a stream index; 0 while a frame is voiced or before speech."""
        return (at - self.until) / RATE if self.started and not self._run else 0.0

    def push(self, probability: float, end: int) -> list[Edge]:
        """Take the frame that ends at stream index ``end``; return what it changed, in order."""
        floor = self.limits.threshold - (0.15 if self._run else 0.0)
        if probability >= floor:
            return self._voiced(end)
        return self._unvoiced(end)

    def _voiced(self, end: int) -> list[Edge]:
        if self._run == 0:
            self._run_start = end - FRAME
        self._run += 1
        if self._run < self.limits.start_frames and (self.paused or not self.started):
            return [] if self.started else self._no_speech_edge(end)
        edges = []
        if not self.started:
            self.started = True
            self.since = self._run_start
            edges.append(Edge.STARTED)
        elif self.paused:
            self.gap = (self.until, self._run_start)
            edges.append(Edge.RESUMED)
        if edges:
            self.voiced += FRAME_S * (self._run - 1)  # those that had to be waited for
        self.paused = False
        self.until = end
        self.voiced += FRAME_S
        return edges + self._cap_edge(end)

    def _unvoiced(self, end: int) -> list[Edge]:
        self._run = 0
        if not self.started:
            return self._no_speech_edge(end)
        silent = (end - self.until) / RATE
        edges = []
        if silent >= self.limits.pause and not self.paused:
            self.paused = True
            edges.append(Edge.PAUSED)
        if silent >= self.silence:
            return [*edges, Edge.ENDED]
        return edges + self._cap_edge(end)

    def _cap_edge(self, end: int) -> list[Edge]:
        return [Edge.TOO_LONG] if end - self.since >= self.limits.cap * RATE else []

    def _no_speech_edge(self, end: int) -> list[Edge]:
        return [Edge.NO_SPEECH] if end - self._begin >= self._no_speech * RATE else []
