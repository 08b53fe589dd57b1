"""skill.yaml, and what users set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.errors import ConfigError
from assistant.skill import secrets
from assistant.skill.files import BadFile
from assistant.skill.loader import load_skills
from assistant.skill.manifest import FileAccess, Manifest, Setting, read_manifest
from assistant.skill.settings import SkillSettings

WHOLE = """
name: tea
version: 1.2
title: Tea
assistant: ">=0.1,<1"
permissions:
  network: [api.open-meteo.com, "*.example.org", "homeassistant.local:8123", 192.168.1.5]
  files: [~/Music, {path: ~/Documents, write: true}]
  announce: true
  skills: [timers]
settings:
  city: {type: str, required: true, help: "where you live"}
  minutes: {type: int, default: 3, min: 1, max: 15}
  strength: {type: choice, choices: [weak, strong], default: strong}
  warm: {type: bool, default: true}
  sorts: {type: list, default: [green]}
  sugar: {type: float, default: 0.5}
  token: {secret: true, required: true}
requirements: ["httpx>=0.27", "rich"]
"""


@pytest.fixture(autouse=True)
def _no_key_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_ring", [None])


def manifest(folder: Path, text: str = WHOLE) -> Manifest:
    (folder / "skill.yaml").write_text(text)
    found = read_manifest(folder)
    assert found is not None
    return found


def test_the_whole_of_it(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    found = manifest(tmp_path)
    assert (found.name, found.version, found.title, found.isolated) == ("tea", "1.2", "Tea", False)
    assert found.permissions.files == (FileAccess(path="~/Music"), FileAccess(path="~/Documents", write=True))
    assert found.permissions.announce
    assert not found.permissions.microphone
    assert found.requirements == ("httpx>=0.27", "rich")
    assert found.works_with("0.1.0")
    assert not found.works_with("1.0")
    assert found.secrets == ("token",)
    assert Manifest(name="x").works_with("7")


WRONG = {
    "name: Tea": "skill.yaml:1: name is wrong",
    "version: 1.2.0": "skill.yaml:1: name must be set",
    "name: tea\nversion: new": "skill.yaml:2: version is wrong: 'new' is no version; write it like 1.2.0",
    "name: tea\nassistant: soon": "skill.yaml:2: assistant is wrong: 'soon' is no range of versions",
    "name: tea\nrequirements: ['a b']": "skill.yaml:2: requirements is wrong: 'a b' is no requirement",
    "name: tea\nauthr: me": "skill.yaml:2: authr is not a setting; did you mean 'author'?",
    "name: tea\npermissions:\n  netwrk: []": "skill.yaml:3: permissions.netwrk is not a setting; did you mean",
    "name: tea\npermissions:\n  network: ['http://x.org']": "skill.yaml:3: permissions.network",
    "name: tea\npermissions:\n  network: ['*']\n  background: 5": "skill.yaml:4: permissions.background must be true",
    "name: tea\nsettings:\n  a: {type: text}": "skill.yaml:3: settings.a.type must be",
    "name: tea\nsettings:\n  a: {type: int, default: x}": "skill.yaml:3: settings.a is wrong: must be a whole number",
    "name: tea\nsettings:\n  a: {type: choice}": "settings.a is wrong: a choice has choices, and nothing else has",
    "name: tea\nsettings:\n  a: {secret: true, type: int}": "settings.a is wrong: a secret is a text without a default",
    "- tea": "skill.yaml:1: the file is not a mapping of keys to values",
    "name: tea\n\tversion: 1": "skill.yaml:2: there is a tab; indent with spaces",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_named_with_file_line_and_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile) as caught:
        manifest(tmp_path, text)
    assert WRONG[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_values(tmp_path: Path) -> None:
    found = manifest(tmp_path)
    assert found.validate_settings({"city": "Lisbon", "minutes": 5, "sugar": 1, "token": "x"}) == {
        "city": "Lisbon", "minutes": 5, "strength": "strong", "warm": True, "sorts": ["green"], "sugar": 1.0,
    }  # fmt: skip
    wrong: dict[str, Any] = {"minutes": 20, "strength": "strongest", "warm": "yes", "mnutes": 3, "city": 5}
    said = []
    for name, value in wrong.items():
        with pytest.raises(ValueError, match=name) as caught:
            found.validate_settings({name: value})
        said.append(str(caught.value))
    assert said == [
        "minutes must be 1 to 15, not 20",
        "strength must be one of its choices, not 'strongest'; did you mean 'strong'?",
        "warm must be true or false, not 'yes'",
        "mnutes is not a setting of tea; did you mean 'minutes'?",
        "city must be text, not 5",
    ]


def test_values_as_they_are_typed() -> None:
    assert Setting(type="int").read(" 5 ") == 5
    assert Setting(type="float").read("1.5") == 1.5
    assert Setting(type="bool").read("On") is True
    assert Setting(type="list").read("a, b c") == ["a", "b c"]
    assert Setting(max=5).read("abc") == "abc"
    for kind, text in (("int", "five"), ("bool", "maybe"), ("float", "x")):
        with pytest.raises(ValueError, match="must be"):
            Setting(type=kind).read(text)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be at most 5 long"):
        Setting(max=5).read("abcdef")


def test_saved_and_given_settings(tmp_path: Path) -> None:
    found = manifest(tmp_path)
    settings = SkillSettings({"tea": {"minutes": 4}}, tmp_path)
    assert settings.missing(found) == ("city", "token")
    settings.save(found, "city", "Lisbon")
    settings.save(found, "minutes", "9")
    settings.save(found, "sorts", "green, black")
    settings.save(found, "token", "geheim")
    file = tmp_path / "skills" / "tea" / "settings.yaml"
    assert yaml.safe_load(file.read_text()) == {"city": "Lisbon", "minutes": 9, "sorts": ["green", "black"]}
    assert settings.checked(found)["minutes"] == 4, "the configuration comes first"
    assert "token" not in settings.checked(found)
    assert settings.missing(found) == ()
    tokens = settings.secrets("tea")
    assert tokens is not None
    assert tokens.get("token") == "geheim"
    settings.save(found, "city", None)
    settings.save(found, "token", None)
    assert settings.missing(found) == ("city", "token")
    for name, text, said in (
        ("town", "x", "town is not a setting of tea"),
        ("minutes", "50", "minutes must be 1 to 15"),
    ):
        with pytest.raises(ConfigError, match=said):
            settings.save(found, name, text)


LISTS = """
from assistant import skill
def sorts():
    raise RuntimeError("not before it can work")
@skill("brew {sort}", slots={"sort": sorts})
def brew(ctx, sort: str):
    return sort
"""
SKILL = 'from assistant import skill\n@skill("brew tea", examples=["brew tea"])\ndef brew(ctx):\n    return "OK"\n'


def test_a_skill_that_needs_settings_is_not_listened_for(tmp_path: Path) -> None:
    folder = tmp_path / "all" / "tea"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(SKILL)
    (folder / "skill.yaml").write_text("name: tea\nsettings:\n  city: {required: true}\n")
    skills = load_skills([tmp_path / "all"])
    assert skills.needing == {"tea": ("city",)}
    assert skills.problems == []
    assert (skills.grammar.templates, dict(skills.grammar.examples), skills.examples()) == ((), {}, {})
    (folder / "__init__.py").write_text(LISTS)
    assert load_skills([tmp_path / "all"]).problems == [], "what it lists is not asked for yet"
    (folder / "__init__.py").write_text(SKILL)
    skills = load_skills([tmp_path / "all"], settings=SkillSettings({"tea": {"city": "Lisbon"}}))
    assert skills.needing == {}
    assert len(skills.grammar.templates) == 1
    assert skills.skills[0].settings == {"city": "Lisbon"}


def test_a_wrong_manifest_or_setting_skips_the_skill(tmp_path: Path) -> None:
    folder = tmp_path / "all" / "tea"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(SKILL)
    (folder / "skill.yaml").write_text("name: coffee\n")
    [problem] = load_skills([tmp_path / "all"]).problems
    assert str(problem).endswith("skill.yaml:1: name must be tea, as the folder is named, not 'coffee'")
    (folder / "skill.yaml").write_text("name: tea\nsettings:\n  n: {type: int}\n")
    [problem] = load_skills([tmp_path / "all"], settings=SkillSettings({"tea": {"n": "x"}})).problems
    assert str(problem) == "skill tea skipped: settings: skills.settings.tea.n must be a whole number, not 'x'"
    (folder / "skill.yaml").write_text("name: tea\nisolated: true\n")
    [problem] = load_skills([tmp_path / "all"]).problems
    assert "a process of its own" in problem.text
