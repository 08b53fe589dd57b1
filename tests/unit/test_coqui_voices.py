"""Finding voices for Coqui TTS, and what is said when there is none."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from assistant import registry
from assistant.errors import ConfigError, InputError, MissingDependency, MissingModel
from assistant.paths import data_dir, models_dir
from assistant.tts import coqui, coqui_voices
from assistant.tts.coqui_voices import find_python, find_voice, read_voice
from assistant.tts.pieces import pieces


def lay(folder: Path, checkpoint: str = "model_file.pth", **config: object) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model": "vits", **config}))
    if checkpoint:
        (folder / checkpoint).write_bytes(b"x")
    return folder


def cache() -> Path:
    return Path(os.environ["XDG_DATA_HOME"]) / "tts"


def test_by_folder_name_and_coquis_name(tmp_path):
    own = lay(tmp_path / "mine")
    lay(models_dir() / "coqui-en-ljspeech-vits", languages=["en"])
    lay(cache() / "tts_models--de--thorsten--vits", phoneme_language="de")
    assert find_voice(str(own)).checkpoint == own / "model_file.pth"
    assert find_voice("coqui-en-ljspeech-vits").name == "coqui-en-ljspeech-vits"
    assert find_voice("tts_models/en/ljspeech/vits").name == "coqui-en-ljspeech-vits"
    assert find_voice("tts_models/de/thorsten/vits").languages == ("de",)


def test_without_a_name_it_is_the_first_that_speaks_the_language():
    lay(models_dir() / "coqui-bg-cv-vits")
    lay(models_dir() / "coqui-broken-x", checkpoint="")
    lay(cache() / "tts_models--en--vctk--vits")
    lay(cache() / "tts_models--multilingual--multi-dataset--your_tts", languages=["en", "fr-fr", "pt-br"])
    assert find_voice(None, "bg").name == "coqui-bg-cv-vits"
    assert find_voice(None, "en").name == "tts_models--en--vctk--vits"
    assert find_voice(None, "fr").kind == "vits"
    with pytest.raises(MissingModel, match="assistant models pull coqui-de-thorsten-vits"):
        find_voice(None, "de")
    with pytest.raises(MissingModel, match="assistant models pull coqui-xtts_v2"):
        find_voice(None, "pl")


def test_what_is_not_here_names_the_command():
    with pytest.raises(MissingModel, match="assistant models pull coqui-en-vctk-vits"):
        find_voice("tts_models/en/vctk/vits")
    with pytest.raises(ConfigError, match=r"^tts\.voice: There is no model 'coqui-en-vctk-vit'; did you mean"):
        find_voice("coqui-en-vctk-vit")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (None, "holds no Coqui voice: there is no config.json"),
        ("{not json", "config.json cannot be read"),
        ("[1]", "is not the configuration of a Coqui voice"),
        ('{"audio": {}}', "it names no model"),
        ('{"model": "vits"}', r"there is no checkpoint \(model_file.pth\)"),
        ('{"model": "xtts"}', "holds no whole XTTS: model.pth is missing"),
    ],
)
def test_a_folder_that_is_no_voice_is_one_line(tmp_path, config, message):
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    (tmp_path / "speakers.pth").write_bytes(b"x")
    with pytest.raises(InputError, match=message) as caught:
        read_voice(tmp_path)
    assert "\n" not in str(caught.value)


def test_comments_of_old_configurations_and_the_newest_checkpoint(tmp_path):
    (tmp_path / "config.json").write_text('{\n// trained on http://x\n"model": "VITS", /* two\nlines */ "a": "//b"}')
    for age, name in ((3, "checkpoint_1000.pth"), (1, "checkpoint_2000.pth"), (0, "speakers.pth")):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    voice = read_voice(tmp_path)
    assert (voice.kind, voice.checkpoint.name) == ("vits", "checkpoint_2000.pth")


def test_the_interpreter_is_the_one_named_then_the_own_environment_then_this_one(monkeypatch):
    monkeypatch.setattr(coqui_voices, "find_spec", lambda _name: None)
    with pytest.raises(MissingDependency, match=r"pip install coqui-tts torch torchaudio torchcodec$"):
        find_python(None)
    own = data_dir() / "coqui" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.symlink_to(sys.executable)
    assert find_python(None) == find_python(str(data_dir() / "coqui")) == str(own)
    assert find_python(sys.executable) == sys.executable
    own.unlink()
    monkeypatch.setattr(coqui_voices, "find_spec", lambda _name: object())
    assert find_python(None) == sys.executable


def test_the_registry_says_what_is_lacking_in_order(monkeypatch):
    spec = registry.find("tts", "coqui")
    monkeypatch.setattr(coqui_voices, "find_spec", lambda _name: None)
    assert isinstance(registry.obstacle(spec), MissingDependency)
    monkeypatch.setattr(coqui_voices, "find_spec", lambda _name: object())
    assert isinstance(registry.obstacle(spec), MissingModel)
    lay(models_dir() / "coqui-en-ljspeech-vits")
    assert registry.obstacle(spec) is None
    xtts = lay(models_dir() / "coqui-xtts_v2", "model.pth", model="xtts")
    (xtts / "vocab.json").touch()
    assert "assistant voices consent cpml" in str(registry.obstacle(spec, str(xtts)))
    assert coqui.find_voice(None, "en").kind == "vits"


def test_pieces_end_where_a_listener_expects_a_pause():
    text = "One two three. Four five, six seven eight nine ten. " + "x" * 30 + " … 😀"
    cut = [text[start:end] for start, end in pieces(text, 20)]
    assert cut == ["One two three. ", "Four five, ", "six seven eight ", "nine ten. ", "x" * 20, "x" * 10 + " … 😀"]
    assert list(pieces("😀 … ", 3)) == []
    assert [end - start for start, end in pieces("今天天气很好。我们去公园吧。好", 8)] == [7, 8]
