"""Sounds that are not speech, and what a room and a microphone do to a voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.tiny_whisper.voices import RATE

Wave = NDArray[np.float32]


def coloured(rng: np.random.Generator, n: int, slope: float) -> Wave:
    """Noise whose amplitude falls with frequency to the power ``slope`` (0 white, 0.5 pink, 1 brown)."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    spectrum /= np.maximum(np.arange(len(spectrum)), 20.0) ** slope
    return _peak(np.fft.irfft(spectrum, n))


def hum(rng: np.random.Generator, n: int) -> Wave:
    """Mains or a motor: harmonics that drift and beat."""
    t = np.arange(n) / RATE
    base = rng.uniform(40, 260) * (1 + rng.uniform(0, 0.05) * np.sin(2 * np.pi * rng.uniform(0.1, 2) * t))
    phase = 2 * np.pi * np.cumsum(base) / RATE
    wave = sum(rng.uniform(0, 1) / k * np.sin(k * phase + rng.uniform(0, 6)) for k in range(1, 12))
    return _peak(np.asarray(wave) * (1 + rng.uniform(0, 0.9) * np.sin(2 * np.pi * rng.uniform(1, 30) * t)))


def clicks(rng: np.random.Generator, n: int) -> Wave:
    """Knocks, ticks, dishes: damped resonances at random or regular times."""
    wave = np.zeros(n)
    gap = rng.uniform(0.15, 1.0)
    regular = rng.random() < 0.5
    at = rng.uniform(0, gap)
    tone, decay = rng.uniform(150, 5000), rng.uniform(0.005, 0.12)
    while at * RATE < n - 10:
        length = min(int(decay * 5 * RATE), n - int(at * RATE))
        t = np.arange(length) / RATE
        ring = np.sin(2 * np.pi * tone * t) + rng.uniform(0, 2) * rng.standard_normal(length)
        wave[int(at * RATE) : int(at * RATE) + length] += ring * np.exp(-t / decay)
        at += gap if regular else rng.exponential(gap) + 0.02
        tone = tone if regular else rng.uniform(150, 5000)
    return _peak(wave)


def calls(rng: np.random.Generator, n: int) -> Wave:
    """Barks, cries, crows, sirens: harmonic bursts whose pitch glides, without a word's formants."""
    wave = np.zeros(n)
    at = rng.uniform(0, 0.5)
    while at * RATE < n - 400:
        length = min(int(rng.uniform(0.1, 1.2) * RATE), n - int(at * RATE))
        t = np.linspace(0, 1, length)
        low, high = rng.uniform(120, 900, 2)
        phase = 2 * np.pi * np.cumsum(low + (high - low) * np.sin(np.pi * t * rng.uniform(0.3, 1.5))) / RATE
        tilt = rng.uniform(0.2, 1.5)
        burst = sum(np.sin(k * phase) / k**tilt for k in range(1, 16))
        burst = np.asarray(burst) + rng.uniform(0, 2) * rng.standard_normal(length)
        wave[int(at * RATE) : int(at * RATE) + length] += burst * np.sin(np.pi * t) ** rng.uniform(0.3, 1.5)
        at += length / RATE + rng.exponential(0.4)
    return _peak(wave)


def throat(rng: np.random.Generator, n: int) -> Wave:
    """Sneezes, coughs, cries, growls: bursts of noise or tone through resonances that do not move as words do."""
    wave = np.zeros(n)
    at = rng.uniform(0, min(1.5, n / RATE / 2))
    formants = rng.uniform(250, 4500, 4)
    while at * RATE < n - 800:
        length = min(int(rng.uniform(0.06, 1.5) * RATE), n - int(at * RATE))
        t = np.arange(length) / RATE
        pitch = rng.uniform(90, 700) * (1 + rng.uniform(-0.3, 0.3) * np.sin(2 * np.pi * rng.uniform(0.3, 6) * t))
        tone = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / RATE) - rng.uniform(0, 0.9))
        source = rng.uniform(0, 1) * tone + rng.uniform(0, 1.5) * rng.standard_normal(length)
        spectrum = np.fft.rfft(source)
        hertz = np.fft.rfftfreq(length, 1 / RATE)
        widths = rng.uniform(60, 500, 4)
        shape = sum(1 / (1 + ((hertz - f) / w) ** 2) for f, w in zip(formants, widths, strict=True))
        burst = np.fft.irfft(spectrum * shape, length)
        attack = np.minimum(1, t / rng.uniform(0.003, 0.2))
        wave[int(at * RATE) : int(at * RATE) + length] += burst * attack * np.exp(-t / rng.uniform(0.05, 1.0))
        at += length / RATE + rng.exponential(0.8)
        if rng.random() < 0.4:
            formants = rng.uniform(250, 4500, 4)
    return _peak(wave)


def drops(rng: np.random.Generator, n: int) -> Wave:
    """Rain, frying, applause, fire: dense random impulses, coloured."""
    impulses = rng.standard_normal(n) * (rng.random(n) < rng.uniform(0.001, 0.2)) * rng.exponential(1, n)
    spectrum = np.fft.rfft(impulses)
    hertz = np.fft.rfftfreq(n, 1 / RATE)
    centre, width = rng.uniform(300, 6000), rng.uniform(300, 6000)
    return _peak(np.fft.irfft(spectrum * np.exp(-(((hertz - centre) / width) ** 2)), n))


def engine(rng: np.random.Generator, n: int) -> Wave:
    """Saws, drills, helicopters: a buzz that revs, with broadband noise beating at its rate."""
    rev = rng.uniform(15, 160) * (1 + rng.uniform(0, 0.6) * _swell(rng, n))
    phase = 2 * np.pi * np.cumsum(rev) / RATE
    buzz = sum(rng.uniform(0, 1) * np.cos(k * phase + rng.uniform(0, 6)) for k in range(1, 30))
    beat = (1 + np.cos(phase)) ** rng.uniform(0.5, 4)
    return _peak(np.asarray(buzz) * 0.2 + rng.uniform(0, 2) * coloured(rng, n, rng.uniform(0, 1)) * beat)


def chords(rng: np.random.Generator, n: int) -> Wave:
    """Music: chords of decaying notes."""
    wave = np.zeros(n)
    step = int(rng.uniform(0.15, 0.8) * RATE)
    for start in range(0, n, step):
        t = np.arange(n - start) / RATE
        for semitone in rng.choice(36, 3, replace=False):
            pitch = 110 * 2 ** (semitone / 12)
            wave[start:] += np.sin(2 * np.pi * pitch * t) * np.exp(-t * rng.uniform(1, 6))
    return _peak(wave)


def noise(rng: np.random.Generator, n: int) -> Wave:
    """Any of them, or two at once; peak 1, or digital silence now and then."""
    kinds = (
        lambda: coloured(rng, n, 0.0),
        lambda: coloured(rng, n, 0.5),
        lambda: coloured(rng, n, 1.0),
        lambda: coloured(rng, n, rng.uniform(0, 1.2)) * _swell(rng, n),
        lambda: hum(rng, n),
        lambda: clicks(rng, n),
        lambda: calls(rng, n),
        lambda: throat(rng, n),
        lambda: throat(rng, n),
        lambda: drops(rng, n),
        lambda: engine(rng, n),
        lambda: chords(rng, n),
    )
    wave = kinds[rng.integers(len(kinds))]()
    if rng.random() < 0.4:
        wave = wave + rng.uniform(0.05, 1) * kinds[rng.integers(len(kinds))]()
    return _peak(wave)


def room(rng: np.random.Generator, wave: Wave) -> Wave:
    """The wave in a small room: a decaying random response behind the direct sound."""
    decay = rng.uniform(0.03, 0.25)
    n = int(decay * 2 * RATE)
    response = rng.standard_normal(n) * np.exp(-np.arange(n) / RATE / decay * 3) * rng.uniform(0.01, 0.05)
    response[0] = 1.0
    size = len(wave) + n
    mixed = np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(response, size), size)
    return np.asarray(mixed[: len(wave)], np.float32)


def microphone(rng: np.random.Generator, speech: Wave) -> Wave:
    """Speech as a device hears it: level, perhaps a room, perhaps noise at 3 to 40 dB."""
    wave = speech / max(float(np.abs(speech).max()), 1e-4)
    if rng.random() < 0.4:
        wave = room(rng, wave)
    if rng.random() < 0.7:
        behind = noise(rng, len(wave))
        ratio = 10 ** (rng.uniform(3, 40) / 20)
        scale = float(np.sqrt(np.mean(wave**2)) / max(float(np.sqrt(np.mean(behind**2))), 1e-6))
        wave = wave + behind * scale / ratio
    return np.asarray(_peak(wave) * rng.uniform(0.05, 0.95), np.float32)


def _swell(rng: np.random.Generator, n: int) -> Wave:
    points = rng.uniform(0, 1, max(3, n // 4000))
    return np.asarray(np.interp(np.linspace(0, len(points) - 1, n), np.arange(len(points)), points), np.float32)


def _peak(wave: NDArray[np.floating]) -> Wave:
    return np.asarray(wave / max(float(np.abs(wave).max()), 1e-6), np.float32)
