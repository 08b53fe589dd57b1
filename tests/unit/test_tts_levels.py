"""Loudness by EBU R 128, the same for every voice; and no click where speech begins, ends or breaks off."""

import numpy as np
import pytest

from assistant.errors import EngineError
from assistant.tts.base import SpeechChunk
from assistant.tts.espeak import Engine, Options
from assistant.tts.levelled import Levelled, amplified, calibrated
from assistant.tts.loudness import Levels, Loudness, measure
from assistant.tts.seams import faded

SAMPLE = "This is how I sound. I tell the time, set timers and answer questions."
TEXT = "The quick brown fox jumps over the lazy dog, and sleeps in the warm sun."


def sine(db, rate=48_000, seconds=5.0, hz=997):
    time = np.arange(int(seconds * rate)) / rate
    return np.rint(32767 * 10 ** (db / 20) * np.sin(2 * np.pi * hz * time)).astype(np.int16)


def samples(chunks):
    return np.concatenate([chunk.samples for chunk in chunks])


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize("db", [-20.0, -33.0])
def test_a_sine_has_the_loudness_that_the_recommendation_says(rate, db):
    """ITU-R BS.1770-5: a 997 Hz sine of 0 dBFS in one channel is −3.01 LUFS."""
    found = measure(sine(db, rate), rate)
    assert found.lufs == pytest.approx(db - 3.01, abs=0.1)
    assert found.peak_db == pytest.approx(db, abs=0.2)


def test_pauses_do_not_count_and_silence_has_no_loudness():
    tone = sine(-20)
    gap = np.zeros(5 * 48_000, np.int16)
    assert measure(np.concatenate([tone, gap, tone]), 48_000).lufs == pytest.approx(-23.0, abs=0.3)
    assert measure(gap, 48_000) is None
    assert measure(tone[:10_000], 48_000) is None
    assert measure(np.zeros(0, np.int16), 48_000) is None


def test_a_peak_between_the_samples_counts():
    """A sine at a quarter of the rate whose samples all miss its crest by 45 degrees."""
    time = np.arange(5 * 48_000)
    tone = np.rint(16_384 * np.sin(np.pi / 2 * time + np.pi / 4)).astype(np.int16)
    assert measure(tone, 48_000).peak_db == pytest.approx(20 * np.log10(0.5), abs=0.8), "the samples' own is −9"


@pytest.mark.parametrize("options", [Options(), Options(volume=25), Options(variant="f3"), Options(language="de")])
def test_every_voice_comes_out_equally_loud(options, tmp_path):
    levels = Levels(tmp_path / "levels.json")
    voice = calibrated(Engine(options), "a voice", -23.0, levels, SAMPLE)
    said = samples(voice.speak(TEXT))
    assert measure(said, voice.rate).lufs == pytest.approx(-23.0, abs=2.0)


def test_what_was_measured_is_kept_and_not_measured_again(tmp_path):
    class Silent:
        rate = 22_050

        def speak(self, text):
            pytest.fail(f"asked to say {text}")

    file = tmp_path / "cache" / "levels.json"
    first = calibrated(Engine(), "espeak en", -20.0, Levels(file), SAMPLE)
    again = calibrated(Silent(), "espeak en", -20.0, Levels(file), SAMPLE)
    assert again.gain == first.gain != 1.0
    assert calibrated(Silent(), "another", None, Levels(file), SAMPLE).gain == 1.0


@pytest.mark.parametrize("content", ["", "[]", '{"espeak en": 3}', '{"espeak en": {"lufs": "x"}}', "{"])
def test_a_damaged_file_of_levels_is_measured_again(content, tmp_path, caplog):
    file = tmp_path / "levels.json"
    file.write_text(content)
    assert calibrated(Engine(), "espeak en", -20.0, Levels(file), SAMPLE).gain != 1.0
    assert "measured again" in caplog.text
    assert Levels(file).get("espeak en") is not None


def test_levels_that_cannot_be_kept_are_a_line_in_the_log(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    levels = Levels(tmp_path / "file" / "levels.json")
    assert calibrated(Engine(), "espeak en", -20.0, levels, SAMPLE).gain != 1.0
    assert "Cannot keep the loudness" in caplog.text
    assert calibrated(Engine(), "espeak en", -20.0, Levels(None), SAMPLE).gain != 1.0


def test_a_voice_that_cannot_be_measured_is_left_as_it_is(tmp_path, caplog):
    class Broken:
        rate = 22_050

        def speak(self, text):
            raise RuntimeError(f"no {text}")
            yield

    levels = Levels(tmp_path / "levels.json")
    assert calibrated(Broken(), "broken", -20.0, levels, SAMPLE).gain == 1.0
    assert levels.get("broken") is None
    assert "could not be measured" in caplog.text


def test_the_gain_stops_below_the_ceiling_and_at_twenty_decibels():
    assert Loudness(-30.0, -12.0).gain(-20.0) == pytest.approx(10**0.5)
    assert Loudness(-30.0, -4.0).gain(-20.0) == pytest.approx(10 ** (3 / 20)), "to −1 dBTP"
    assert Loudness(-60.0, -40.0).gain(-20.0) == pytest.approx(10.0)
    assert Loudness(-14.0, -1.0).gain(-20.0) == pytest.approx(10 ** (-6 / 20))


def test_what_is_louder_than_the_calibration_was_never_clips():
    loud = amplified(sine(-3), 4.0)
    assert np.abs(loud.astype(int)).max() <= round(32768 * 10 ** (-1 / 20))
    quiet = sine(-30)
    assert np.array_equal(amplified(quiet, 2.0), quiet * 2)
    assert amplified(quiet, 1.0) is quiet


def test_it_streams_and_keeps_every_mark():
    engine = Engine()
    chunks = list(Levelled(engine, 0.5).speak(TEXT))
    assert len(chunks) > 20
    words = [TEXT[mark.start : mark.end] for chunk in chunks for mark in chunk.marks]
    assert words == [TEXT[mark.start : mark.end] for chunk in engine.speak(TEXT) for mark in chunk.marks]
    assert all(chunk.start <= mark.sample < chunk.end for chunk in chunks for mark in chunk.marks)
    position = 0
    for chunk in chunks:
        assert chunk.start == position
        position = chunk.end


def pieces(wave, size=500, rate=22_050, dies=False):
    for start in range(0, len(wave), size):
        yield SpeechChunk(wave[start : start + size], rate, start)
    if dies:
        raise EngineError("tts", "coqui", "died", "its process ended")


def largest_step(wave):
    return int(np.abs(np.diff(np.concatenate([[0], wave, [0]]).astype(int))).max())


@pytest.mark.parametrize("size", [10, 100, 441, 500, 4000, 22_050])
def test_speech_that_begins_and_ends_in_full_swing_has_no_click(size):
    wave = np.cos(2 * np.pi * 100 * np.arange(22_050) / 22_050) * 20_000
    wave = wave.astype(np.int16)
    made = samples(faded(pieces(wave, size)))
    assert len(made) == len(wave)
    assert largest_step(wave) > 10_000
    assert largest_step(made) < 900, "a 100 Hz cosine's own steps are 570"
    assert np.array_equal(made[110:-110], wave[110:-110])


def test_speech_that_breaks_off_ends_softly_and_its_error_is_not_lost():
    wave = (np.cos(2 * np.pi * 100 * np.arange(10_000) / 22_050) * 20_000).astype(np.int16)
    got = []
    with pytest.raises(EngineError, match="its process ended"):
        for chunk in faded(pieces(wave, dies=True)):
            got.append(chunk)
    assert len(samples(got)) == len(wave)
    assert largest_step(samples(got)) < 900


def test_closing_it_closes_the_voice():
    closed = []

    def voice():
        try:
            yield from pieces(sine(-20, 22_050))
        finally:
            closed.append(True)

    speech = faded(voice())
    next(speech)
    speech.close()
    assert closed == [True]
    assert list(faded(iter(()))) == []
