"""Earcons, measured: length, peak, clicks, direction."""

from itertools import combinations

import numpy as np
import pytest

from assistant.audio.earcon import names, render
from assistant.errors import ConfigError

RATES = (8000, 16_000, 22_050, 44_100, 48_000)
SHORT = ("listening", "done", "error")


def centroid(samples, rate):
    """Hz: where the spectrum's energy lies."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    return float((np.fft.rfftfreq(len(samples), 1 / rate) * power).sum() / power.sum())


def halves(name, rate=16_000):
    samples = render(name, rate).astype(float)
    return centroid(samples[: len(samples) * 2 // 5], rate), centroid(samples[len(samples) // 2 :], rate)


def envelope(samples, rate):
    """Root mean square over windows of 5 ms."""
    width = rate // 200
    return np.sqrt((samples[: len(samples) // width * width].reshape(-1, width).astype(float) ** 2).mean(axis=1))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", names())
def test_starts_and_ends_at_zero_and_stays_soft(name, rate):
    samples = render(name, rate)
    assert samples.dtype == np.int16
    assert samples.ndim == 1
    assert abs(int(samples[0])) <= 1
    assert abs(int(samples[-1])) <= 1
    peak_dbfs = 20 * np.log10(np.abs(samples.astype(int)).max() / 32768)
    assert -16 < peak_dbfs < -12


@pytest.mark.parametrize("name", SHORT)
def test_short_ones_are_short(name):
    assert 0.08 <= len(render(name, 48_000)) / 48_000 <= 0.18


def test_timer_loops_without_a_seam():
    samples = render("timer", 48_000)
    assert len(samples) == 96_000
    assert np.abs(samples[-4800:].astype(int)).max() <= 1
    twice = np.concatenate([samples, samples]).astype(int)
    seam = np.abs(np.diff(twice[95_000:97_000])).max()
    assert seam <= np.abs(np.diff(samples.astype(int))).max()


@pytest.mark.parametrize("name", names())
def test_no_clicks(name):
    """No step is steeper than the tones themselves make it, and the onset takes some milliseconds."""
    rate = 48_000
    samples = render(name, rate).astype(float)
    steepest = np.abs(samples).max() * 2 * np.pi * 900 * 1.6 / rate
    assert np.abs(np.diff(samples)).max() < steepest
    assert np.abs(samples[: rate // 1000]).max() < 0.2 * np.abs(samples).max()
    # A click would put energy far above the highest partial (2352 Hz).
    power = np.abs(np.fft.rfft(samples)) ** 2
    above = np.fft.rfftfreq(len(samples), 1 / rate) > 5000
    assert power[above].sum() < 1e-5 * power.sum()


@pytest.mark.parametrize("name", SHORT)
def test_envelope_swells_and_fades(name):
    level = envelope(render(name, 48_000), 48_000)
    assert level[0] < 0.6 * level.max()
    assert level[-1] < 0.02 * level.max()
    assert level[2:20].min() > 0.1 * level.max()


def test_listening_rises_and_done_falls():
    first, last = halves("listening")
    assert last > 1.15 * first
    first, last = halves("done")
    assert last < 0.87 * first


def test_error_is_low_and_falls():
    first, last = halves("error")
    assert last < first < 0.6 * halves("done")[1]


def test_all_are_distinct():
    sounds = {name: render(name, 16_000)[:2700].astype(float) for name in names()}
    for one, other in combinations(sounds, 2):
        size = min(len(sounds[one]), len(sounds[other]))
        a, b = sounds[one][:size], sounds[other][:size]
        assert abs(np.dot(a, b)) < 0.9 * np.linalg.norm(a) * np.linalg.norm(b), (one, other)


def test_volume_scales():
    full = np.abs(render("done", 16_000).astype(int)).max()
    assert np.abs(render("done", 16_000, 0.25).astype(int)).max() == pytest.approx(full / 4, rel=0.01)
    assert not render("done", 16_000, 0.0).any()


def test_rendering_is_deterministic():
    assert (render("timer", 16_000) == render("timer", 16_000)).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("listenin", 16_000), "no earcon 'listenin'; did you mean 'listening'"),
        (("done", 16_000, 1.5), "volume must lie between 0 and 1"),
        (("done", 16_000, float("nan")), "volume must lie between 0 and 1"),
        (("done", 0), "at least 8000 Hz"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ConfigError, match=message):
        render(*arguments)
