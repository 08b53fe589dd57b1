"""How well the assistant ignores itself and hears others over itself, in simulated rooms.

Own speech (espeak-ng) goes through a room's response to the microphone, where somebody else may speak at the same
time. The chain under test is the real one: echo canceller, wake-word engine, self guard.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, product

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.echo import DELAY, EchoCanceller
from assistant.bench.room import NEAR_RMS
from assistant.bench.scene import (
    ABOUT_ITSELF,
    ABOUT_OTHER_THINGS,
    CHUNK,
    NOISE_RMS,
    OwnSpeech,
    Scene,
    Signal,
    active_rms,
    own_speech,
    pcm,
    responses,
)
from assistant.session.selfguard import OWN_THRESHOLD, SelfGuard
from assistant.session.selfhearing import SelfHearing
from assistant.wake.base import Detection, WakeDetector
from assistant.wake.openwakeword import Engine, Options

__all__ = ["Chain", "Figures", "Hearing", "measure", "misses", "reduction_db", "responses"]

WORDS = ("hey_jarvis", "alexa")
RATIOS_DB = (-10.0, 0.0, 10.0)
DELAYS_S = (0.0, 0.03, 0.1, 0.2, 0.3)

_FIRST_CLIP_S = 6.0
_GAP_S = 4.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """What came out of a run.

    Attributes:
        cleaned: the canceller's output, as long as the input less a remainder below 20 ms.
        near_end: probability for each 20 ms.
        woken: seconds at which the wake word counted.
        refused: seconds at which the self guard refused it, the first of each second.
        ms_per_frame: the canceller's CPU milliseconds for 10 ms of sound.
    """

    cleaned: Samples
    near_end: NDArray[np.float64]
    woken: tuple[float, ...]
    refused: tuple[float, ...]
    ms_per_frame: float


class Chain:
    """Canceller, wake-word engine and self guard as a session has them; the engines are loaded once."""

    def __init__(self, words: Sequence[str] = WORDS) -> None:
        self._engine = Engine(Options(words=tuple(words), threshold=0.5, cooldown=0.0))
        self._phrases = {word: word.replace("_", " ") for word in words}

    def quiet(self, heard: Samples) -> Hearing:
        """Run on sound alone, with nothing played."""
        return self.run(OwnSpeech(np.zeros_like(heard)), heard)

    def run(self, own: OwnSpeech, heard: Samples) -> Hearing:
        """Run on one scene, from a cold start."""
        said: list[str] = []
        canceller, wake = EchoCanceller(), self._engine.another()
        guard = _Watched(self._engine.another(OWN_THRESHOLD), self._phrases, dict.fromkeys(self._phrases, 1.0))
        hearing = SelfHearing(canceller, guard, lambda: said[-1])
        cleaned, near, woken, spent = [], [], [], 0.0
        for at in range(0, len(heard) // CHUNK * CHUNK, CHUNK):
            chunk = AudioChunk(heard[at : at + CHUNK], RATE, at)
            canceller.reference(AudioChunk(own.samples[at : at + CHUNK], RATE, at))
            said.append(own.saying(at, at + CHUNK))
            began = time.thread_time()
            clean = hearing.clean(chunk)
            spent += time.thread_time() - began
            detection = wake.process(clean)
            if detection is not None and hearing.allows(detection):
                woken.append(detection.end / RATE)
            cleaned.append(clean.samples)
            near.append(canceller.near_end)
        ms = 1e3 * spent / (2 * len(cleaned))
        return Hearing(np.concatenate(cleaned), np.array(near), tuple(woken), tuple(guard.refused), ms)


class _Watched(SelfGuard):
    """Notes what it refuses: the first of each second, in seconds."""

    def __init__(self, detector: WakeDetector, words: Mapping[str, str], cooldowns: Mapping[str, float]) -> None:
        super().__init__(detector, words, cooldowns)
        self.refused: list[float] = []

    def allows(self, detection: Detection) -> bool:
        allowed, now = super().allows(detection), detection.end / RATE
        if not allowed and (not self.refused or now > self.refused[-1] + 1.0):
            self.refused.append(now)
        return allowed


@dataclass(frozen=True, slots=True)
class Figures:
    """What the benchmark found.

    Attributes:
        erle_db: room → reduction of the echo in dB after the first five seconds, speech of its own only, 0 dB.
        minutes: of its own speech, for each ratio.
        self_triggers: ratio in dB → times that it woke itself up.
        refused: ratio in dB → times that only the self guard prevented it.
        missed_quiet: share of wake words missed with nothing played.
        missed_over: room → share missed over its own speech at 0 dB.
        ms_per_frame: CPU milliseconds for 10 ms of sound.
    """

    erle_db: dict[str, float]
    minutes: float
    self_triggers: dict[float, int]
    refused: dict[float, int]
    missed_quiet: float
    missed_over: dict[str, float]
    ms_per_frame: float


def measure(
    rooms: Mapping[str, Signal], clips: Sequence[Samples], minutes: float = 30.0, drive: float = 0.0
) -> Figures:
    """Everything.

    Args:
        rooms: name → response; see :func:`responses`.
        clips: people who say the wake word "alexa", 16 kHz.
        minutes: of its own speech at each of :data:`RATIOS_DB`, spread over rooms and delays.
        drive: see :class:`Scene`.
    """
    chain = Chain()
    triggers, refused = dict.fromkeys(RATIOS_DB, 0), dict.fromkeys(RATIOS_DB, 0)
    erle: dict[str, float] = {}
    spent = []
    own = own_speech(ABOUT_ITSELF, 60 * minutes / len(rooms))
    delays = cycle(DELAYS_S)
    for ratio, (name, response) in product(RATIOS_DB, rooms.items()):
        heard = Scene(name, response, ratio, next(delays), drive).heard(own.samples)
        found = chain.run(own, heard)
        triggers[ratio] += len(found.woken)
        refused[ratio] += len(found.refused)
        spent.append(found.ms_per_frame)
        if ratio == 0.0:
            erle[name] = reduction_db(heard, found.cleaned, 5.0)
    missed_quiet, missed_over = misses(chain, rooms, clips, drive)
    return Figures(erle, minutes, triggers, refused, missed_quiet, missed_over, float(np.mean(spent)))


def misses(
    chain: Chain, rooms: Mapping[str, Signal], clips: Sequence[Samples], drive: float = 0.0, ratio_db: float = 0.0
) -> tuple[float, dict[str, float]]:
    """Share of spoken wake words that are missed: in quiet, and over its own speech in each room."""
    near, places = _with_gaps(clips)
    own = own_speech(ABOUT_OTHER_THINGS, len(near) / RATE)
    noise = np.random.default_rng(7).normal(0, NOISE_RMS, len(near))
    quiet = _missed(chain.quiet(pcm(near + noise)), places)
    over = {}
    for (name, response), delay in zip(rooms.items(), cycle(DELAYS_S), strict=False):
        heard = Scene(name, response, ratio_db, delay, drive).heard(own.samples, near)
        over[name] = _missed(chain.run(own, heard), places)
    return quiet, over


def reduction_db(heard: Samples, cleaned: Samples, since: float) -> float:
    """How much quieter the output is from ``since`` seconds on, in dB: ERLE where only echo is heard."""
    first = round(since * RATE)
    before = np.mean(heard[first : len(cleaned) - DELAY].astype(np.float64) ** 2)
    return float(10 * np.log10(before / (np.mean(cleaned[first + DELAY :].astype(np.float64) ** 2) + 1e-9)))


def _with_gaps(clips: Sequence[Samples]) -> tuple[Signal, list[tuple[float, float]]]:
    """The clips at an equal level every four seconds, and when each may be noticed."""
    near = np.zeros(round((_FIRST_CLIP_S + _GAP_S * len(clips) + 1) * RATE))
    places = []
    for number, clip in enumerate(clips):
        at = _FIRST_CLIP_S + _GAP_S * number
        sound = clip[: round((_GAP_S - 0.5) * RATE)].astype(np.float64)
        near[round(at * RATE) : round(at * RATE) + len(sound)] = sound * (NEAR_RMS / active_rms(sound))
        places.append((at, at + _GAP_S))
    return near, places


def _missed(found: Hearing, places: Sequence[tuple[float, float]]) -> float:
    hit = [any(begin <= at < end for at in found.woken) for begin, end in places]
    return 1.0 - sum(hit) / len(hit)
