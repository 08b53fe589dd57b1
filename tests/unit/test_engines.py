"""The registry, ``assistant engines`` and ``assistant doctor``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant import cli, paths, registry
from assistant.choosing import build
from assistant.commands import doctor
from assistant.commands.engines import survey
from assistant.config import Config, load
from assistant.errors import ConfigError, MissingDependency
from tests.pulse import Pulse, pulse  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]

cli.load_commands([])


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.delenv("HF_HOME", raising=False)
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(cli.app, list(arguments))


def table() -> dict[tuple[str, str], dict]:
    return {(row["kind"], row["name"]): row for row in json.loads(run("engines", "--json").stdout)}


def test_built_in_engines_are_available_and_whisper_names_its_command():
    rows = table()
    for each in (("wake", "openwakeword"), ("vad", "silero"), ("asr", "pocketsphinx"), ("tts", "espeak")):
        assert rows[each]["available"], each
        assert rows[each]["command"] == ""
    whisper = rows["asr", "whisper"]
    assert (whisper["available"], whisper["command"]) == (False, "assistant models pull whisper-base")
    assert "assistant models pull whisper-base" in run("engines").stdout


def test_whisper_is_available_with_a_model_of_it():
    (paths.models_dir() / "whisper-tiny").mkdir(parents=True)
    whisper = registry.find("asr", "whisper")
    assert registry.obstacle(whisper) is None
    named = registry.obstacle(whisper, "small")
    assert str(named).endswith("Fetch it with: assistant models pull whisper-small")


def test_a_missing_module_names_its_install_line(monkeypatch):
    monkeypatch.setattr(registry, "find_spec", lambda name: None if name == "pocketsphinx" else object())
    row = table()["asr", "pocketsphinx"]
    assert (row["available"], row["command"]) == (False, "pip install pocketsphinx")
    with pytest.raises(MissingDependency, match=r"pocketsphinx .* Install it with: pip install pocketsphinx$"):
        registry.load("asr", "pocketsphinx")


def test_a_missing_library_names_its_install_line(monkeypatch):
    monkeypatch.setattr(registry, "find_library", lambda _: None)
    assert table()["tts", "espeak"]["command"] == "sudo apt-get install libespeak-ng1"


def test_an_unknown_engine_names_the_nearest():
    with pytest.raises(ConfigError, match=r"asr\.engine: there is no engine 'whispr'; did you mean 'whisper'\?"):
        registry.find("asr", "whispr")


def test_the_chosen_engine_is_marked():
    chosen = {(row.kind, row.name) for row in survey(Config()) if row.chosen}
    assert chosen == {("wake", "openwakeword"), ("vad", "silero"), ("tts", "espeak")}, "auto chooses when it starts"


def test_importing_every_engine_module_imports_no_heavy_library():
    code = """
import sys
from importlib import import_module
from assistant import registry
for spec in registry.specs():
    import_module(spec.module)
heavy = {"onnxruntime", "openwakeword", "faster_whisper", "ctranslate2", "pocketsphinx", "pyaudio", "av", "sklearn"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


ENGINE = '''
"""A voice of another package."""
import numpy as np
from pydantic import BaseModel, ConfigDict
from assistant.tts.base import SpeechChunk

class Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    pitch: int = 3

class Engine:
    rate = 8000
    def __init__(self, options):
        self.options = options
    def speak(self, text):
        yield SpeechChunk(np.full(len(text), self.options.pitch, np.int16), self.rate)
'''


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Another package with an entry point, as pip would have installed it."""
    folder = tmp_path / "site"
    (folder / "hum-1.0.dist-info").mkdir(parents=True)
    (folder / "hum-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: hum\nVersion: 1.0\n")
    (folder / "hum-1.0.dist-info" / "entry_points.txt").write_text("[assistant.tts]\nhum = hum_voice\n")
    (folder / "hum_voice.py").write_text(ENGINE)
    monkeypatch.syspath_prepend(folder)
    registry._plugged.cache_clear()
    yield
    registry._plugged.cache_clear()
    sys.modules.pop("hum_voice", None)


@pytest.mark.usefixtures("plugin")
def test_an_engine_of_another_package_is_listed_configured_and_loaded(tmp_path):
    assert "hum_voice" not in sys.modules
    assert table()["tts", "hum"]["available"]
    file = tmp_path / "c.yaml"
    file.write_text("tts: {engine: hum, hum: {pitch: 7}}")
    loaded = load(file, env={})
    (chunk,) = build(loaded, "tts", "hum").speak("hello")
    assert chunk.samples.tolist() == [7] * 5
    file.write_text("tts: {engine: hum, hum: {pich: 7}}")
    with pytest.raises(ConfigError, match=r"tts\.hum\.pich is not a setting .*; did you mean 'tts\.hum\.pitch'\?"):
        build(load(file, env={}), "tts", "hum")


def test_doctor_runs_every_engine():
    by_name = {finding.what: finding for finding in doctor.check_engines(load(env={}))}
    assert {name: finding.status for name, finding in by_name.items()} == dict.fromkeys(
        ("wake", "vad", "asr", "tts"), "ok"
    )
    assert by_name["asr"].detail.startswith("pocketsphinx, loaded and run in ")


def test_doctor_names_the_fix_of_an_engine_that_cannot_load(tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text("asr: {engine: whisper}\ntts: {espeak: {voice: klingon-x}}")
    by_name = {finding.what: finding for finding in doctor.check_engines(load(file, env={}))}
    assert (by_name["asr"].status, by_name["asr"].fix) == ("fail", "assistant models pull whisper-base")
    assert by_name["tts"].status == "fail"
    assert "klingon-x" in by_name["tts"].detail


def test_doctor_goes_on_after_a_broken_configuration(tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text("wake: {treshold: 1}")
    loaded, finding = doctor.check_config(file)
    assert loaded.config == Config()
    assert finding.status == "fail"
    assert "did you mean 'wake.threshold'?" in finding.detail


def test_doctor_notices_what_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    (finding,) = doctor.check_data_folder(tmp_path / "file" / "assistant")
    assert (finding.status, finding.detail) == ("fail", f"{tmp_path}/file/assistant: Not a directory")


def test_doctor_notices_missing_libraries_and_incomplete_models():
    (finding,) = doctor.check_libraries(["numpy", "no_such_module"])
    assert (finding.status, finding.detail) == ("fail", "missing: no_such_module")
    (paths.models_dir() / "whisper-tiny").mkdir(parents=True)
    broken, listed = doctor.check_models()
    assert (broken.status, broken.what) == ("fail", "model whisper-tiny")
    assert "model.bin" in broken.detail
    assert listed.detail == "whisper-tiny"


def _doctor_beside(server: Pulse, *check: str) -> list[dict]:
    """Doctor's findings on sound, from a process that sees only that server."""
    code = """
import json
from dataclasses import asdict
from assistant.commands import doctor
from assistant.config import load
print(json.dumps([asdict(finding) for finding in doctor.check_sound(load().config)]))
"""
    environment = {**os.environ, **server.environment()}
    done = subprocess.run(
        [sys.executable, "-c", code, *check], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.pulse
def test_doctor_tells_a_dead_microphone_from_a_live_one(pulse):  # noqa: F811
    findings = {each["what"]: each for each in _doctor_beside(pulse)}
    assert findings["sound output"]["status"] == "ok"
    assert findings["microphone"]["status"] == "fail"
    assert "only zeros" in findings["microphone"]["detail"]
    assert "unmute" in findings["microphone"]["fix"]
    pulse.play(np.random.default_rng(1).integers(-300, 300, 30 * 16_000).astype(np.int16))
    findings = {each["what"]: each for each in _doctor_beside(pulse)}
    assert findings["microphone"]["status"] == "ok", findings["microphone"]
    assert "alive" in findings["microphone"]["detail"]


def test_doctor_on_a_machine_without_sound_warns_and_does_not_fail(monkeypatch):
    monkeypatch.setattr("assistant.audio.device.list_devices", list)
    statuses = {finding.what: finding.status for finding in doctor.check_sound(Config())}
    assert statuses == {"sound input": "warn", "sound output": "warn"}


def test_the_exit_code_of_doctor(monkeypatch):
    good, bad = doctor.Finding("warn", "a", "b", "c"), doctor.Finding("fail", "x", "y", "do z")
    monkeypatch.setattr(doctor, "examine", lambda _: iter([good]))
    assert run("doctor").exit_code == 0
    monkeypatch.setattr(doctor, "examine", lambda _: iter([good, bad]))
    done = run("doctor")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[2:] == ["fail  x: y", "      → do z"]
    assert json.loads(run("doctor", "--json").stdout)[1]["fix"] == "do z"
