"""The configuration: what is valid, who wins, and what a mistake is told."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import BaseModel, ConfigDict, Field
from typer.testing import CliRunner

from assistant import paths
from assistant.commands.config import app
from assistant.commands.config import leaves as all_leaves
from assistant.config import Config, engine_options, known_paths, load
from assistant.errors import ConfigError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A user without a configuration of their own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def write(folder: Path, text: str, name: str = "my.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(dedent(text), encoding="utf-8")
    return file


def mistakes(folder: Path, text: str) -> list[str]:
    """What is said about a file, without its folder."""
    file = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(file, env={})
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_the_shipped_file_says_what_the_defaults_are():
    loaded = load(env={})
    assert loaded.config == Config()
    shipped = str(paths.shipped("config.yaml"))
    unsaid = [path for path, _ in all_leaves(loaded.config) if loaded.origin(path).source != shipped]
    assert unsaid == []


def test_later_sources_win(home):
    write(paths.config_dir(), "asr: {engine: pocketsphinx}\nunits: imperial\nname: Ada", "config.yaml")
    file = write(home, "asr: {engine: whisper}\nname: Eve")
    loaded = load(file, env={"ASSISTANT_NAME": "Zoe", "HOME": "/nowhere"})
    assert (loaded.config.units, loaded.config.asr.engine, loaded.config.name) == ("imperial", "whisper", "Zoe")
    assert str(loaded.origin("units")) == f"{paths.user_config()} line 2"
    assert str(loaded.origin("asr.engine")) == f"{file} line 1"
    assert str(loaded.origin("name")) == "environment ASSISTANT_NAME"
    assert str(loaded.origin("language")).startswith(f"{paths.shipped('config.yaml')} line ")


def test_variables_nest_and_are_yaml():
    env = {
        "ASSISTANT_ASR__WHISPER__MODEL": "small.en",
        "ASSISTANT_ENDPOINT__SILENCE": "1",
        "ASSISTANT_WAKE__WORDS": "[alexa, hey_jarvis]",
        "ASSISTANT_WAKE__PER_WORD__ALEXA__THRESHOLD": "0.7",
        "ASSISTANT_AUDIO__OUTPUT": "none",
        "ASSISTANT_AUDIO__EARCONS__DONE": "off",
        "ASSISTANT_TIME_ZONE": "",
    }
    config = load(env=env).config
    assert config.asr.options("whisper") == {"model": "small.en"}
    assert config.endpoint.silence == 1.0
    assert config.wake.words == ("alexa", "hey_jarvis")
    assert (config.wake.word("alexa"), config.wake.word("hey_jarvis")) == ((0.7, 2.0), (0.5, 2.0))
    assert (config.audio.output, config.audio.earcons.done, config.time_zone) == ("none", False, None)


def test_a_typo_in_a_variable_names_it():
    with pytest.raises(
        ConfigError, match=r"^asr\.engin is not .* \(environment ASSISTANT_ASR__ENGIN\); .*'asr.engine'"
    ):
        load(env={"ASSISTANT_ASR__ENGIN": "whisper"})


def test_a_variable_that_is_not_yaml():
    with pytest.raises(ConfigError, match=r"ASSISTANT_WAKE__WORDS is not a YAML value: '\[a'"):
        load(env={"ASSISTANT_WAKE__WORDS": "[a"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nwake:\n  treshold: 0.4", "wake.treshold is not a setting (my.yaml line 3); did you mean 'wake.threshold'?"),
        ("cooldown: 1", "cooldown is not a setting (my.yaml line 1); did you mean 'wake.cooldown'?"),
        ("asr: {wisper: {}}", "asr.wisper is not a setting (my.yaml line 1); did you mean 'asr.whisper'?"),
        ("asr: {engine: wisper}", "asr.engine is wrong: there is no engine 'wisper'; did you mean 'whisper'? "),
        ("wake: {threshold: 1.5}", "wake.threshold must be less than 1, not 1.5 (my.yaml line 1)"),
        ("audio:\n  volume: loud", "audio.volume must be a number, not 'loud' (my.yaml line 2)"),
        ("audio: {volume: yes}", "audio.volume must be a number, not true"),
        ("audio: {input: 1.5}", "audio.input must be text or a whole number, not 1.5 (my.yaml line 1)"),
        ("audio: {input: -1}", "audio.input must be at least 0, not -1 (my.yaml line 1)"),
        ("audio: 3", "audio must be a mapping (key: value), not 3 (my.yaml line 1)"),
        ("endpoint: {start_frames: 2.5}", "endpoint.start_frames must be a whole number, not 2.5"),
        ("units: metrik", "units must be 'metric' or 'imperial', not 'metrik'; did you mean 'metric'?"),
        ("language: no", "language must be text, not false (yes, no, on and off need quotes to be text)"),
        ("time_zone: Paris", "time_zone is wrong: there is no time zone 'Paris'; they are written like 'Europe/Paris'"),
        ("location: {latitude: 95, longitude: 2}", "location.latitude must be at most 90, not 95 (my.yaml line 1)"),
        ("location: {latitude: 5}", "location.longitude must be set"),
        ("location: Paris", "location must be a mapping (key: value), not 'Paris' (my.yaml line 1)"),
        ("wake: {words: []}", "wake.words must not be empty (my.yaml line 1)"),
        ("wake: {per_word: {alexa: {}}}", "wake.per_word is wrong: 'alexa' is not one of wake.words (hey_jarvis)"),
        ("asr: {whisper: base}", "asr.whisper must be a mapping (key: value), not 'base' (my.yaml line 1)"),
        ("skills: {paths: [a, 3]}", "skills.paths.1 must be a path, not 3 (my.yaml line 1)"),
        ("skills: {timeout: 0}", "skills.timeout must be more than 0, not 0 (my.yaml line 1)"),
    ],
)
def test_a_mistake_names_its_path_its_line_and_what_is_right(home, text, said):
    (line,) = mistakes(home, text)
    assert line.startswith(said)


def test_every_mistake_has_its_line(home):
    lines = mistakes(home, "nme: x\nvad: {treshold: 1}\nllm: {engine: gpt}\nendpoint:\n  cap: 500\n  silence: long\n")
    assert [line.split(" ")[0] for line in lines] == [
        "nme",
        "vad.treshold",
        "llm.engine",
        "endpoint.cap",
        "endpoint.silence",
    ]
    assert [line.split("my.yaml line ")[1][0] for line in lines] == ["1", "2", "3", "5", "6"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asr:\n  engine: [whisper\nunits: metric", "my.yaml line 3: "),
        ("asr:\n\tengine: whisper", "my.yaml line 2: there is a tab; indent with spaces"),
        ("- a\n- b", "my.yaml line 1: the file is not a mapping of keys to values"),
        ("name: a\n\nname: b", "my.yaml line 3: 'name' is set twice"),
        ("audio:\n  volume: 1\n  volume: 0", "my.yaml line 3: 'audio.volume' is set twice"),
        ("on: 3", "my.yaml line 1: the key 'on' is not text; put it in quotes"),
        ("{}\n---\n{}", "my.yaml line 2: but found another document"),
        ("name: !!python/object:os.system x", "my.yaml line 1: could not determine a constructor"),
    ],
)
def test_broken_yaml_is_one_line_with_the_place(home, text, said):
    (line,) = mistakes(home, text)
    assert line.startswith(said)


def test_files_that_cannot_be_read(home):
    with pytest.raises(ConfigError, match=r"There is no configuration file .*/none\.yaml$"):
        load(home / "none.yaml", env={})
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(home, env={})
    binary = home / "x.yaml"
    binary.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(binary, env={})


@pytest.mark.parametrize("text", ["", "# nothing\n", "asr:\nwake:\n  # words: [alexa]\n", "{}", "null"])
def test_an_empty_file_or_section_changes_nothing(home, text):
    assert load(write(home, text), env={}).config == Config()


def test_mappings_are_merged_and_lists_replaced(home):
    write(paths.config_dir(), "skills: {settings: {weather: {city: Rome}}, disabled: [dice]}", "config.yaml")
    file = write(home, "skills: {settings: {weather: {unit: f}, coffee: {cups: 2}}, disabled: coin}")
    skills = load(file, env={}).config.skills
    assert skills.settings == {"weather": {"city": "Rome", "unit": "f"}, "coffee": {"cups": 2}}
    assert skills.disabled == ("coin",)


def test_skill_folders_count_from_the_file_that_names_them(home, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    file = write(home / "etc", "skills: {paths: [mine, /abs, ~/hers]}")
    assert load(file, env={}).config.skills.paths == (home / "etc" / "mine", Path("/abs"), Path("/home/ada/hers"))


class Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    voice: str | None = None
    language: str = "xx"
    speed: float = Field(1.0, ge=0.5)


def test_engine_options_take_the_sections_settings(home):
    loaded = load(write(home, "language: de\ntts: {voice: anna, espeak: {speed: 2}}"), env={})
    assert engine_options(loaded, "tts", "espeak", Options) == Options(voice="anna", language="de", speed=2)
    own = load(write(home, "tts: {voice: anna, espeak: {voice: bob}}"), env={}).config
    assert engine_options(own, "tts", "espeak", Options).voice == "bob"


def test_a_mistake_in_engine_options_names_path_and_line(home):
    loaded = load(write(home, "tts:\n  espeak:\n    sped: 2\n    voice: 3\n    speed: 0.1"), env={})
    with pytest.raises(ConfigError) as caught:
        engine_options(loaded, "tts", "espeak", Options)
    sped, voice, speed = str(caught.value).replace(f"{home}/", "").splitlines()
    assert voice == "tts.espeak.voice must be text, not 3 (my.yaml line 4)"
    assert speed == "tts.espeak.speed must be at least 0.5, not 0.1 (my.yaml line 5)"
    assert sped == "tts.espeak.sped is not a setting (my.yaml line 3); did you mean 'tts.espeak.speed'?"


def test_every_documented_key_of_the_issue_exists():
    wanted = "wake.words wake.threshold asr.engine tts.engine llm.engine skills.paths audio.input audio.output language"
    assert set(wanted.split()) <= set(known_paths(Config))


def test_the_configuration_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Config().audio.volume = 0.1  # type: ignore[misc]


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_check_accepts_the_shipped_file_and_refuses_a_wrong_one(home):
    assert run("check").output.endswith("config.yaml: no mistakes.\n")
    assert "my.yaml: no mistakes" in run("check", str(write(home, "tts: {espeak: {pitch: 10}}"))).output
    wrong = run("check", str(write(home, "tts: {espeak: {pich: 10}}")))
    assert isinstance(wrong.exception, ConfigError)
    assert "tts.espeak.pich is not a setting" in str(wrong.exception)
    assert "did you mean 'tts.espeak.pitch'?" in str(wrong.exception)


def test_show_tells_the_value_and_its_source(home):
    file = write(home, "audio: {volume: 0.25}\nasr: {whisper: {model: small}}")
    shown = json.loads(run("show", "--json", "--config", str(file)).output)
    assert shown["audio.volume"] == {"value": 0.25, "from": f"{file} line 1"}
    assert shown["asr.whisper.model"] == {"value": "small", "from": f"{file} line 2"}
    assert "default" in run("show").output


def test_path_names_the_users_file():
    assert f"{paths.user_config()}  (not there)" in run("path").output
