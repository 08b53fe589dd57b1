"""What is heard in a simulated room, and what the assistant says there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import registry
from assistant.audio.chunk import RATE, Samples
from assistant.audio.decode import decode
from assistant.audio.resample import resample
from assistant.bench.room import NEAR_RMS

Signal = NDArray[np.float64]

NOISE_RMS = 6.0
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

_VOICES: tuple[Mapping[str, str | int], ...] = (
    {"voice": "en-us"},
    {"voice": "en-gb", "rate_wpm": 185, "pitch": 40},
    {"voice": "en-us", "variant": "f3", "rate_wpm": 150},
    {"voice": "en-gb-scotland", "variant": "m3", "pitch": 65},
)


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
        late = np.concatenate((np.zeros(round(self.delay * RATE)), convolve(sound, self.response)))[: len(played)]
        echo = late * (NEAR_RMS * 10 ** (self.ratio_db / 20) / active_rms(late))
        noise = np.random.default_rng(7).normal(0, NOISE_RMS, len(played))
        return pcm(echo + noise + (near if near is not None else 0.0))


@dataclass(frozen=True, slots=True)
class OwnSpeech:
    """What the assistant says.

    Attributes:
        samples: int16 at 16 kHz, shape (n,).
        words: (index of the first sample, text) of every word, in order.
    """

    samples: Samples
    words: tuple[tuple[int, str], ...] = ()

    def saying(self, start: int, end: int) -> str:
        """The words that begin in the samples [start, end)."""
        return " ".join(text for at, text in self.words if start <= at < end)


def own_speech(texts: Sequence[str], seconds: float) -> OwnSpeech:
    """The assistant saying the texts over and over in four voices, from 0.5 s on."""
    count = round(seconds * RATE)
    parts, words, at = [np.zeros(RATE // 2, np.int16)], [], RATE // 2
    for settings in _VOICES:
        for text in texts:
            said, begins = _spoken(text, settings)
            parts.append(said)
            words += [(at + begin, word) for begin, word in begins]
            at += len(said)
    once, lap = np.concatenate(parts), at - RATE // 2
    laps = max(1, -(-(count - RATE // 2) // lap))
    samples = np.concatenate((once, np.tile(once[RATE // 2 :], laps - 1)))[:count]
    every = ((begin + number * lap, word) for number in range(laps) for begin, word in words)
    return OwnSpeech(samples, tuple((begin, word) for begin, word in every if begin < count))


def _spoken(text: str, settings: Mapping[str, str | int]) -> tuple[Samples, list[tuple[int, str]]]:
    module = registry.load("tts", "espeak")
    engine = module.Engine(module.Options(**settings))
    chunks = list(engine.speak(text))
    marks = [mark for chunk in chunks for mark in chunk.marks]
    said = resample(np.concatenate([chunk.samples for chunk in chunks]), engine.rate, RATE)
    return said, [(mark.sample * RATE // engine.rate, text[mark.start : mark.end]) for mark in marks]


def responses(folder: Path) -> dict[str, Signal]:
    """Every sound file of a folder as a room's response of energy 1, from 2.5 ms before its peak on."""
    return {path.stem: _unit(decode(path).astype(np.float64)) for path in sorted(folder.iterdir())}


def synthetic_room(rt60: float, seed: int = 0) -> Signal:
    """A response as image sources would give: a direct path and noise that falls by 60 dB within ``rt60`` seconds."""
    count = round(rt60 * RATE)
    tail = np.random.default_rng(seed).normal(0, 0.05, count) * 10 ** (-3 * np.arange(count) / count)
    tail[40] += 1.0
    return _unit(tail)


def active_rms(sound: NDArray[np.generic]) -> float:
    """RMS over the 20 ms that are within 30 dB of the loudest."""
    power = np.mean(sound[: len(sound) // CHUNK * CHUNK].astype(np.float64).reshape(-1, CHUNK) ** 2, axis=1)
    return float(np.sqrt(power[power > power.max() * 1e-3].mean()))


def _unit(response: Signal) -> Signal:
    peak = int(np.argmax(np.abs(response)))
    cut = response[max(0, peak - 40) :]
    whole: Signal = cut / np.sqrt(np.sum(cut**2))
    return whole


def convolve(sound: Signal, response: Signal) -> Signal:
    """The sound in the room, as long as the sound."""
    size = 1 << (len(sound) + len(response)).bit_length()
    whole: Signal = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)
    return whole[: len(sound)]


def pcm(sound: Signal) -> Samples:
    """As int16, clipped."""
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
