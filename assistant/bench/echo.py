"""How well the assistant ignores itself and hears others over itself, in simulated rooms.

Own speech (espeak-ng) goes through a room's response to the microphone, where somebody else may speak at the same
time. The chain under test is the real one: echo canceller, wake-word engine, self guard.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.decode import decode
from assistant.audio.echo import DELAY, EchoCanceller
from assistant.commands.demo import Line, spoken
from assistant.session.selfguard import SelfGuard
from assistant.wake.openwakeword import Engine, Options

Signal = NDArray[np.float64]

WORDS = ("hey_jarvis", "alexa")
RATIOS_DB = (-10.0, 0.0, 10.0)
DELAYS_S = (0.0, 0.03, 0.1, 0.2, 0.3)
CHUNK = 320

ABOUT_ITSELF = (
    "The wake word is hey jarvis, and you can say hey jarvis at any time.",
    "Alexa is another assistant. If you say alexa, I will listen as well.",
    "Hey jarvis, turn on the lights. That is how you ask. Alexa, stop.",
    "There are three timers running. The pasta timer has four minutes left. Hey jarvis, what time is it?",
    "To wake me up, just say hey jarvis. Alexa comes from Alexandria, where the library was.",
)

ABOUT_OTHER_THINGS = (
    "Today the weather is mostly cloudy with light rain in the afternoon, and a high of seventeen degrees.",
    "The pasta timer has four minutes left, the tea timer one minute, and the laundry timer forty.",
    "I have added milk, bread and butter to the shopping list.",
    "Your next appointment is on Thursday at half past nine with the dentist.",
    "The train to the city leaves in twelve minutes from platform three.",
)

_VOICES = (("en-us", None), ("en-gb", None), ("en-us", "f3"))
_NEAR_RMS = 1500.0
_NOISE_RMS = 6.0
_FIRST_CLIP_S = 6.0
_GAP_S = 4.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A room and what is heard in it.

    Attributes:
        room: the response's name.
        response: of the way from the loudspeaker to the microphone, 16 kHz.
        ratio_db: active level of the echo against that of near speech.
        delay: seconds from the canceller's reference to the loudspeaker.
        drive: int16 level at which the loudspeaker saturates (tanh); 0 for a linear one.
    """

    room: str
    response: Signal
    ratio_db: float
    delay: float = 0.0
    drive: float = 0.0

    def heard(self, played: Samples, near: Signal | None = None) -> Samples:
        """The microphone's sound: echo, near speech, faint noise; same shape as ``played``."""
        sound = played.astype(np.float64)
        if self.drive:
            sound = np.tanh(sound / self.drive) * self.drive
        late = np.concatenate((np.zeros(round(self.delay * RATE)), _convolve(sound, self.response)))[: len(played)]
        echo = late * (_NEAR_RMS * 10 ** (self.ratio_db / 20) / active_rms(late))
        noise = np.random.default_rng(7).normal(0, _NOISE_RMS, len(played))
        return _pcm(echo + noise + (near if near is not None else 0.0))


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
        self._wake = Engine(Options(words=tuple(words), threshold=0.5, cooldown=0.0))
        self._own = Engine(Options(words=tuple(words), threshold=0.02, cooldown=0.0))
        self._at = 0

    def quiet(self, heard: Samples) -> Hearing:
        """Run on sound alone, with nothing played."""
        return self.run(np.zeros_like(heard), heard)

    def run(self, played: Samples, heard: Samples) -> Hearing:
        """Run on one scene, from a cold start."""
        canceller, guard = EchoCanceller(), SelfGuard(self._own, cooldown=1.0)
        self._wake.reset()
        cleaned, near, spent = [], [], 0.0
        hits: dict[bool, list[float]] = {True: [], False: []}
        count = len(heard) // CHUNK * CHUNK
        for at in range(0, count, CHUNK):
            chunk = AudioChunk(heard[at : at + CHUNK], RATE, self._at + at)
            canceller.reference(AudioChunk(played[at : at + CHUNK], RATE, self._at + at))
            began = time.thread_time()
            clean = canceller.process(chunk)
            spent += time.thread_time() - began
            if canceller.active:
                guard.hear(canceller.played(chunk.start, chunk.end), canceller.near_end)
            detection = self._wake.process(clean)
            if detection is not None:
                _note(hits[guard.allows(detection)], (detection.end - self._at) / RATE)
            cleaned.append(clean.samples)
            near.append(canceller.near_end)
        self._at += count + 10 * RATE  # beyond any cool-down
        frames = max(1, count // 160)
        return Hearing(
            np.concatenate(cleaned), np.array(near), tuple(hits[True]), tuple(hits[False]), 1e3 * spent / frames
        )


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
    played = own_speech(ABOUT_ITSELF, 60 * minutes / len(rooms))
    delays = cycle(DELAYS_S)
    for ratio, (name, response) in product(RATIOS_DB, rooms.items()):
        heard = Scene(name, response, ratio, next(delays), drive).heard(played)
        found = chain.run(played, heard)
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
    played = own_speech(ABOUT_OTHER_THINGS, len(near) / RATE)[: len(near)]
    noise = np.random.default_rng(7).normal(0, _NOISE_RMS, len(near))
    quiet = _missed(chain.quiet(_pcm(near + noise)), places)
    over = {}
    for (name, response), delay in zip(rooms.items(), cycle(DELAYS_S), strict=False):
        heard = Scene(name, response, ratio_db, delay, drive).heard(played, near)
        over[name] = _missed(chain.run(played, heard), places)
    return quiet, over


def responses(folder: Path) -> dict[str, Signal]:
    """Every sound file of a folder as a room's response of energy 1, from 2.5 ms before its peak on."""
    return {path.stem: _unit(decode(path).astype(np.float64)) for path in sorted(folder.iterdir())}


def synthetic_room(rt60: float, seed: int = 0) -> Signal:
    """A response as image sources would give: a direct path and noise that falls by 60 dB within ``rt60`` seconds."""
    count = round(rt60 * RATE)
    tail = np.random.default_rng(seed).normal(0, 0.05, count) * 10 ** (-3 * np.arange(count) / count)
    tail[40] += 1.0
    return _unit(tail)


def own_speech(texts: Sequence[str], seconds: float) -> Samples:
    """The assistant saying the texts over and over in three voices, from 0.5 s on; int16 at 16 kHz."""
    voices: Iterator[tuple[str, str | None]] = iter(_VOICES)
    said = [np.concatenate([spoken(Line(voice, variant, text, 0.0)) for text in texts]) for voice, variant in voices]
    once = np.concatenate(said)
    count = round(seconds * RATE)
    lead = np.zeros(RATE // 2, np.int16)
    return np.concatenate((lead, np.tile(once, count // len(once) + 1)))[:count]


def reduction_db(heard: Samples, cleaned: Samples, since: float) -> float:
    """How much quieter the output is from ``since`` seconds on, in dB: ERLE where only echo is heard."""
    first = round(since * RATE)
    before = np.mean(heard[first : len(cleaned) - DELAY].astype(np.float64) ** 2)
    return float(10 * np.log10(before / (np.mean(cleaned[first + DELAY :].astype(np.float64) ** 2) + 1e-9)))


def active_rms(sound: NDArray[np.generic]) -> float:
    """RMS over the 20 ms that are within 30 dB of the loudest."""
    power = np.mean(sound[: len(sound) // CHUNK * CHUNK].astype(np.float64).reshape(-1, CHUNK) ** 2, axis=1)
    return float(np.sqrt(power[power > power.max() * 1e-3].mean()))


def _with_gaps(clips: Sequence[Samples]) -> tuple[Signal, list[tuple[float, float]]]:
    """The clips at an equal level every four seconds, and when each may be noticed."""
    near = np.zeros(round((_FIRST_CLIP_S + _GAP_S * len(clips) + 1) * RATE))
    places = []
    for number, clip in enumerate(clips):
        at = _FIRST_CLIP_S + _GAP_S * number
        sound = clip[: round((_GAP_S - 0.5) * RATE)].astype(np.float64)
        near[round(at * RATE) : round(at * RATE) + len(sound)] = sound * (_NEAR_RMS / active_rms(sound))
        places.append((at, at + _GAP_S))
    return near, places


def _note(times: list[float], now: float) -> None:
    if not times or now > times[-1] + 1.0:
        times.append(now)


def _missed(found: Hearing, places: Sequence[tuple[float, float]]) -> float:
    hit = [any(begin <= at < end for at in found.woken) for begin, end in places]
    return 1.0 - sum(hit) / len(hit)


def _unit(response: Signal) -> Signal:
    peak = int(np.argmax(np.abs(response)))
    cut = response[max(0, peak - 40) :]
    whole: Signal = cut / np.sqrt(np.sum(cut**2))
    return whole


def _convolve(sound: Signal, response: Signal) -> Signal:
    size = 1 << (len(sound) + len(response)).bit_length()
    whole: Signal = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)
    return whole[: len(sound)]


def _pcm(sound: Signal) -> Samples:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
