"""Turn-end models: what they hear, what they read, how long to wait for them; and Smart Turn's place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from assistant import cli, paths, registry
from assistant.audio.chunk import RATE
from assistant.choosing import build
from assistant.config import Config, engine_options, load
from assistant.errors import ConfigError, InputError, MissingModel
from assistant.turnend import delivery, prosody, smart_turn, wording
from assistant.turnend.base import WINDOW, Thresholds
from assistant.turnend.contour import listen
from assistant.turnend.log_mel import log_mel
from assistant.turnend.patience import Patience

cli.load_commands([])


def voiced(*hertz: float, loudness: float = 0.3, seconds: float = 1.0) -> np.ndarray:
    """A buzz that glides from one pitch to the next, then 0.2 s of near silence."""
    pitch = np.interp(np.linspace(0, 1, int(seconds * RATE)), np.linspace(0, 1, len(hertz)), hertz)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    wave = sum(np.sin(k * phase) / k for k in range(1, 8)) * loudness
    quiet = np.random.default_rng(3).normal(0, 1e-4, RATE // 5)
    return (np.concatenate((wave, quiet)) * 20_000).astype(np.int16)


@pytest.mark.parametrize("hertz", [70, 110, 180, 260, 390])
def test_pitch_is_that_of_the_sound(hertz):
    pitch = listen(voiced(hertz)).pitch
    heard = pitch[~np.isnan(pitch)]
    assert len(heard) > 80
    assert np.median(heard) == pytest.approx(12 * np.log2(hertz / 55), abs=0.2)


def test_noise_has_no_pitch():
    noise = np.random.default_rng(1).normal(0, 3000, RATE).astype(np.int16)
    assert np.mean(~np.isnan(listen(noise).pitch)) < 0.1


def test_loudness_is_in_decibels_of_full_scale():
    tone = (np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE) * 32767).astype(np.int16)
    assert np.median(listen(tone).level) == pytest.approx(-3.0, abs=0.1)
    assert np.median(listen(tone // 10).level) == pytest.approx(-23.0, abs=0.2)
    assert listen(np.zeros(RATE, np.int16)).level.max() == -80.0


def test_a_falling_quiet_end_is_nearer_to_the_end_of_a_turn_than_a_high_loud_one():
    engine = prosody.Engine()
    fallen = np.concatenate((voiced(140, 130, 120)[:RATE], voiced(110, 90, loudness=0.06, seconds=0.4)))
    raised = np.concatenate((voiced(120, 110, 120)[:RATE], voiced(150, 170, loudness=0.35, seconds=0.4)))
    for text in ("i would like the blue one", ""):
        assert engine.probability(fallen, text) > engine.probability(raised, text) + 0.1
    low, high = delivery.features(fallen), delivery.features(raised)
    assert (low["pitch"], low["level"]) < (high["pitch"], high["level"])


@pytest.mark.parametrize(
    "audio",
    [np.zeros(0, np.int16), np.zeros(100, np.int16), np.zeros(WINDOW, np.int16), np.full(5000, -32768, np.int16),
     np.random.default_rng(2).integers(-32768, 32767, 3 * WINDOW).astype(np.int16)],
)  # fmt: skip
@pytest.mark.parametrize("text", ["", "?!", "the", "日本語", "one " * 500])
def test_anything_has_a_probability(audio, text):
    assert 0.0 <= prosody.Engine().probability(audio, text) <= 1.0


@pytest.mark.parametrize(
    "text",
    ["tell me about the", "i was thinking of", "remind me to buy milk and", "what is", "how many people would",
     "i think that we", "um", "well, I would like, um", "it was bigger than my"],
)  # fmt: skip
def test_words_that_hang_are_waited_for(text):
    for audio in (voiced(120, 110), voiced(180, 190, 180)):
        engine = prosody.Engine()
        wait = Patience(engine.thresholds).seconds(engine.probability(audio, text))
        assert wait == 2.0


@pytest.mark.parametrize(
    "text", ["how tall is the eiffel tower", "what is the weather today", "read me the news please"]
)
def test_words_that_close_are_answered(text):
    engine = prosody.Engine()
    assert Patience(engine.thresholds).seconds(engine.probability(voiced(140, 120, 100), text)) < 0.86


def test_the_last_word_counts_and_its_punctuation():
    assert wording.score("play some music") > wording.score("play some")
    assert wording.score("Play some music.") == wording.score("play some music")
    assert wording.score("play some music,") < wording.score("play some music") - 2
    assert wording.score("wake me at 3 am") > wording.score("who am")
    assert wording.score("") == wording.score("…?") == wording.UNKNOWN
    assert set(wording.WEIGHTS) >= {each.value for each in wording.Last if each is not wording.Last.NONE}


def test_in_another_language_only_the_sound_counts():
    german = prosody.Engine(prosody.Options(language="de"))
    audio = voiced(140, 120, 100)
    assert german.probability(audio, "wie spät ist the") == german.probability(audio, "")
    british = prosody.Engine(prosody.Options(language="en-GB"))
    assert british.probability(audio, "turn on the") < british.probability(audio, "")


@settings(deadline=None, database=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.15, 2), st.floats(0.5, 5), st.floats(0, 1), st.floats(0, 1))
def test_patience_falls_with_the_probability_between_its_bounds(one, other, shortest, longest, low, high):
    patience = Patience(Thresholds(*sorted((low, high))), shortest, longest)
    less, more = (patience.seconds(each) for each in sorted((one, other)))
    assert less >= more
    assert shortest <= more <= less <= max(shortest, longest)


def test_patience_at_its_ends():
    patience = Patience(Thresholds(0.3, 0.7), 0.5, 2.0)
    assert [round(patience.seconds(p), 3) for p in (0, 0.29, 0.3, 0.5, 0.7, 1)] == [2, 2, 0.85, 0.675, 0.5, 0.5]


def test_log_mel_of_silence_and_of_a_tone():
    assert log_mel(np.zeros(100, np.int16)).shape == (1, 80, 800)
    tone = (np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE) * 9000).astype(np.int16)
    found = log_mel(tone)[0]
    assert found.dtype == np.float32
    assert np.ptp(found) == pytest.approx(2.0, abs=1e-3), "eight decades below the loudest, over four"
    loudest = found[:, 750].argmax()
    assert loudest in (24, 25, 26), "1 kHz is mel 15 of 45.2: filter 25 of 80"
    assert found[loudest, 750] > found[loudest, 600] + 1, "shorter audio stands at the end of the window"


def test_a_missing_model_names_what_brings_it(monkeypatch):
    monkeypatch.setattr(smart_turn, "find_spec", lambda _: None)
    with pytest.raises(MissingModel, match=r"Fetch it with: pip install --no-deps pipecat-ai$"):
        smart_turn.Engine()
    rows = {(r["kind"], r["name"]): r for r in json.loads(CliRunner().invoke(cli.app, ["engines", "--json"]).stdout)}
    assert rows["turnend", "prosody"]["available"]
    missing = rows["turnend", "smart_turn"]
    assert (missing["available"], missing["command"]) == (False, "pip install --no-deps pipecat-ai")


def test_the_model_is_found_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.setattr(smart_turn, "find_spec", lambda _: None)
    own = paths.models_dir() / "smart-turn"
    own.mkdir(parents=True)
    for name in ("smart-turn-v3.1-cpu.onnx", "smart-turn-v3.2-cpu.onnx", "smart-turn-v3.2-gpu.onnx"):
        (own / name).touch()
    assert smart_turn.find_model_file() == own / "smart-turn-v3.2-cpu.onnx"
    assert registry.obstacle(registry.find("turnend", "smart_turn")) is None
    package = tmp_path / "site" / "pipecat"
    data = package / "audio" / "turn" / "smart_turn" / "data"
    data.mkdir(parents=True)
    (data / "smart-turn-v3.2-cpu.onnx").touch()
    (package / "__init__.py").write_text("raise SystemExit('nothing of it is imported')")
    monkeypatch.undo()
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert smart_turn.find_model_file() == data / "smart-turn-v3.2-cpu.onnx"
    named = own / "smart-turn-v3.1-cpu.onnx"
    assert smart_turn.find_model_file(str(named)) == named
    with pytest.raises(InputError, match="There is no Smart Turn model at /nowhere"):
        smart_turn.find_model_file("/nowhere")
    with pytest.raises(InputError, match="is not a Smart Turn model"):
        smart_turn.Engine(smart_turn.Options(model=str(named)))


def config(folder: Path, text: str):
    file = folder / "c.yaml"
    file.write_text(text)
    return load(file, env={})


def test_it_is_chosen_at_endpoint_turn_end(tmp_path):
    assert Config().endpoint.turn_end.engine == "auto"
    loaded = config(tmp_path, "language: de\nendpoint: {turn_end: {engine: prosody, smart_turn: {model: /a.onnx}}}")
    assert isinstance(build(loaded, "turnend", "prosody"), prosody.Engine)
    assert engine_options(loaded, "turnend", "prosody", prosody.Options).language == "de"
    assert engine_options(loaded, "turnend", "smart_turn", smart_turn.Options).model == "/a.onnx"
    assert config(tmp_path, "endpoint: {turn_end: {engine: none}}").config.endpoint.turn_end.engine == "none"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "endpoint: {turn_end: {engine: prosdy}}",
            "endpoint.turn_end.engine is wrong: there is no engine 'prosdy'; did",
        ),
        ("endpoint: {turn_end: {smart_trn: {}}}", "endpoint.turn_end.smart_trn is not a setting"),
        ("endpoint: {turn_end: {longest: 0}}", "endpoint.turn_end.longest must be at least 0.5, not 0"),
    ],
)
def test_mistakes_name_their_path(tmp_path, text, said):
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, text)
    assert str(caught.value).startswith(said)


def test_a_mistake_in_an_engines_options_names_its_path(tmp_path):
    loaded = config(tmp_path, "endpoint: {turn_end: {smart_turn: {modl: x}}}")
    with pytest.raises(
        ConfigError, match=r"^endpoint\.turn_end\.smart_turn\.modl is not a setting .*smart_turn\.model"
    ):
        engine_options(loaded, "turnend", "smart_turn", smart_turn.Options)
