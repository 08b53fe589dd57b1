"""``assistant voices``: what is listed, played and chosen; the user's file keeps its comments."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant import cli, paths, voice_list
from assistant.audio.decode import decode
from assistant.catalogue import CATALOGUE
from assistant.catalogue.base import FAMILIES, KINDS
from assistant.config import load
from assistant.config_edit import change_user_config
from assistant.errors import ConfigError, InputError, MissingModel
from assistant.tts import coqui_voices

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny-piper"
MINE = """\
# mine
languages: [en, de]   # two

tts:
  # the voice
  engine: espeak # always here

wake: {threshold: 0.6}
"""

cli.load_commands([])


@pytest.fixture(autouse=True)
def nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setattr(coqui_voices, "find_python", lambda _: "python")


@pytest.fixture
def mine() -> Path:
    paths.config_dir().mkdir(parents=True)
    paths.user_config().write_text(MINE)
    return paths.user_config()


def run(*arguments: str):
    return CliRunner().invoke(cli.app, ["voices", *arguments])


def listed(*arguments: str) -> dict[str, dict]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return {row["name"]: row for row in json.loads(done.stdout)}


def put(name: str, into: str = "") -> Path:
    folder = paths.models_dir() / (into or f"piper-{name}")
    folder.mkdir(parents=True)
    for file in TINY.glob(f"{name}.*"):
        shutil.copy(file, folder)
    return folder


def test_the_catalogue_is_sound():
    assert len({entry.voice for entry in CATALOGUE.values() if entry.voice}) == sum(
        bool(entry.voice) for entry in CATALOGUE.values()
    )
    for entry in CATALOGUE.values():
        assert entry.name == entry.family or entry.name.startswith(f"{entry.family}-")
        assert entry.kind in KINDS
        assert entry.family in FAMILIES
        assert bool(entry.repository) != bool(entry.archive)
        assert entry.required
        assert entry.licence
        assert entry.megabytes > 0
    assert {entry.language for entry in CATALOGUE.values() if entry.family == "piper"} >= {
        *("en", "de", "fr", "es", "ru", "bg")
    }
    siwis = CATALOGUE["piper-fr_FR-siwis-medium"]
    assert (siwis.repository, siwis.folder) == ("rhasspy/piper-voices", "fr/fr_FR/siwis/medium")
    assert siwis.required == ("fr_FR-siwis-medium.onnx", "fr_FR-siwis-medium.onnx.json")


def test_the_list_has_what_is_here_and_what_can_be_had():
    rows = listed()
    assert rows["en-us"] == {
        "engine": "espeak", "name": "en-us", "language": "en", "quality": "formants", "megabytes": 0,
        "licence": "GPL-3.0-or-later", "here": True, "speakers": 1, "fetch": "", "about": "English (America)",
        "chosen": False,
    }  # fmt: skip
    vctk = rows["en_GB-vctk-medium"]
    assert (vctk["here"], vctk["speakers"], vctk["licence"]) == (False, 109, "CC BY 4.0")
    assert vctk["fetch"] == "assistant models pull piper-en_GB-vctk-medium"
    assert rows["coqui-xtts_v2"]["licence"] == "CPML (non-commercial)"
    assert "de_DE-thorsten-medium" not in rows
    assert "en_GB-vctk-medium" in run().stdout


def test_filters():
    rows = listed("--language", "de", "--engine", "piper")
    assert next(iter(rows)) == "de_DE-thorsten-medium"
    assert {(row["language"], row["engine"]) for row in rows.values()} == {("de", "piper")}
    assert set(listed("--language", "de-AT", "--engine", "piper")) == set(rows)
    assert listed("--here", "--engine", "piper") == {}
    assert "There is none like that" in run("--here", "--engine", "piper").stdout
    everything = listed("--language", "all")
    assert len(everything) > 150
    assert {"fr_FR-siwis-medium", "pt-br", "coqui-de-thorsten-vits"} <= set(everything)
    assert str(run("--engine", "pipr").exception) == "There is no engine 'pipr' of voices; did you mean 'piper'?"


def test_voices_of_ones_own_are_listed_whatever_they_speak(mine):
    put("de_DE-tiny-low")
    mine.write_text("language: en\n")
    row = listed()["de_DE-tiny-low"]
    assert (row["here"], row["language"], row["quality"], row["about"]) == (True, "de", "low", "your own")
    shutil.rmtree(paths.models_dir())
    put("de_DE-tiny-low", "piper-de_DE-thorsten-medium")
    assert listed()["de_DE-thorsten-medium"]["here"]


def test_a_voice_becomes_the_default_and_the_file_keeps_the_rest(mine):
    done = run("use", "en-gb-scotland")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{mine}:\n  tts.voice: (not set) → en-gb-scotland\n"
    assert mine.read_text() == MINE.replace("  engine: espeak", "  voice: en-gb-scotland\n  engine: espeak")
    assert run("use", "en-gb-scotland").stdout == f"{mine} says so already.\n"
    assert listed()["en-gb-scotland"]["chosen"]


def test_a_voice_of_another_language_is_kept_for_that_language(mine, monkeypatch):
    put("de_DE-tiny-low")
    monkeypatch.setattr(voice_list, "lacking", lambda _: None)
    done = run("use", "de_DE-tiny-low")
    assert done.stdout == f"{mine}:\n  tts.voices.de: (not set) → engine piper, voice de_DE-tiny-low\n"
    assert mine.read_text() == MINE.replace(
        "  engine: espeak", "  voices:\n    de: {engine: piper, voice: de_DE-tiny-low}\n  engine: espeak"
    )
    assert load(env={}).config.tts.voices["de"].voice == "de_DE-tiny-low"
    assert str(run("use", "de_DE-tiny-low", "--speaker", "9").exception).startswith("tts.speaker: the voice has no")
    assert listed()["de_DE-tiny-low"]["chosen"]
    done = run("use", "de")
    assert "tts.voices.de: engine piper, voice de_DE-tiny-low → engine espeak, voice de" in done.stdout


def test_without_a_file_one_is_made_and_with_a_variable_it_says_so(monkeypatch):
    assert "(not set) → espeak" in run("use", "en-gb").stdout
    assert paths.user_config().read_text() == "tts:\n  engine: espeak\n  voice: en-gb\n"
    monkeypatch.setenv("ASSISTANT_TTS__VOICE", "en-us")
    assert "It is not used yet: environment ASSISTANT_TTS__VOICE comes first." in run("use", "en-gb").stdout
    monkeypatch.delenv("ASSISTANT_TTS__VOICE")
    assert "It is for bg, which 'languages' does not have yet (now: en)." in run("use", "bg").stdout


def test_what_cannot_be_used_is_one_line(mine):
    for arguments, error, said in (
        (["use", "de_DE-thorsten-medium"], MissingModel, "Fetch it with: assistant models pull piper-de_DE-thorsten-m"),
        (["play", "tts_models/en/vctk/vits"], MissingModel, "Fetch it with: assistant models pull coqui-en-vctk-vits"),
        (["use", "en-usa"], InputError, "There is no voice 'en-usa'; did you mean 'en-us'?"),
        (["use", "en-us", "--language", "de"], InputError, "en-us speaks en, not de"),
    ):
        done = run(*arguments)
        assert isinstance(done.exception, error), done.output
        assert said in str(done.exception)
    assert mine.read_text() == MINE


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("tts: [", "it is not YAML"),
        ("- a\n", "it is not a mapping"),
        ("tts: {engine: espeak}\nwake: {treshold: 1}\n", "did you mean 'wake.threshold'"),
    ],
)
def test_a_broken_file_is_left_as_it_is(mine, before, said):
    mine.write_text(before)
    with pytest.raises(ConfigError, match=said) as caught:
        change_user_config({"tts.voice": "de"})
    assert str(mine) in str(caught.value)
    assert mine.read_text() == before
    assert list(mine.parent.iterdir()) == [mine]


def test_a_wrong_value_is_not_written(mine):
    with pytest.raises(ConfigError, match="there is no engine 'espaek'"):
        change_user_config({"tts.engine": "espaek"})
    assert mine.read_text() == MINE


def test_a_linked_file_stays_a_link_and_private_stays_private(mine, tmp_path):
    real = tmp_path / "dotfiles.yaml"
    mine.rename(real)
    mine.symlink_to(real)
    real.chmod(0o600)
    change_user_config({"tts.voice": "en-gb"})
    assert mine.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600
    assert "voice: en-gb" in real.read_text()


def test_a_sample_is_played_into_a_file(tmp_path):
    done = run("play", "de", "--out", str(tmp_path / "a.wav"))
    assert done.exit_code == 0, done.output
    done = run("play", "en-us", "One.", "--out", str(tmp_path / "b.wav"))
    assert done.exit_code == 0, done.output
    sample, one = decode(tmp_path / "a.wav"), decode(tmp_path / "b.wav")
    assert len(sample) > 3 * len(one) > 0
    assert np.abs(one.astype(int)).max() > 1000
