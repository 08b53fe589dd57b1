"""Skills in several languages: sentences beside the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Duration
from assistant.intent.match import Match, Matcher
from assistant.skill.check import check
from assistant.skill.loader import Skills, load_skills
from tests.unit.skillkit import Talk, play

CODE = '''
"""Lights. Of the house."""
from assistant import Context, Duration, skill

@skill("switch the lamp off", examples=["switch the lamp off"])
def off(ctx: Context) -> str:
    return "off"

@skill()
async def light(ctx: Context, colour: str, level: int = 50, duration: Duration | None = None, name: str = "") -> str:
    return f"{colour} {level} {duration} {name}"
'''
ENGLISH = """
language: en
intents:
  light:
    data:
      - sentences: ["[<please>] make the lamp {colour} [for {duration}]"]
      - sentences: ["lamp (to|at) {level}", "call it {name} at {level}"]
        slots: {colour: white}
    examples: ["make the lamp red", "lamp to fifty", "call it bob at 10"]
lists:
  colour: {values: [red, {in: [green, lime], out: verde}]}
  level: {range: {from: 0, to: 100, step: 10}}
  name: {wildcard: true}
expansion_rules:
  please: "(please|kindly)"
"""
GERMAN = """
language: de
intents:
  light:
    data:
      - sentences: ["<please> mach die lampe {colour} [für {duration}]"]
        requires_words: [lampe]
    examples: ["mach die lampe rot für fünf minuten"]
lists:
  colour: {values: [{in: rot, out: red}, {in: "grün", out: green}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "__init__.py", CODE)
    put(tmp_path, "sentences/en.yaml", ENGLISH)
    put(tmp_path, "sentences/de.yaml", GERMAN)
    return tmp_path


def put(folder: Path, name: str, text: str) -> None:
    path = folder / "lamp" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def match(skills: Skills, text: str) -> Match:
    return Matcher(skills.grammar).match(text)[0]


def test_english_sentences_come_beside_the_decorators(folder: Path) -> None:
    skills = load_skills([folder])
    assert [str(problem) for problem in skills.problems + check(skills)] == []
    assert match(skills, "switch the lamp off").intent == "lamp.off"
    assert match(skills, "kindly make the lamp lime for ten minutes").slots == {
        "colour": "verde",
        "duration": Duration(minutes=10),
    }
    assert match(skills, "lamp at seventy").slots == {"colour": "white", "level": 70}
    assert match(skills, "call it big bob at 20").slots == {"colour": "white", "level": 20, "name": "big bob"}
    assert not Matcher(skills.grammar).match("lamp at 75")
    assert skills.skills[0].languages == ("de", "en")


def test_another_language_has_only_its_own(folder: Path) -> None:
    skills = load_skills([folder], language="de-AT")
    assert [str(problem) for problem in skills.problems + check(skills)] == []
    assert match(skills, "Mach die Lampe grün für anderthalb Stunden").slots == {
        "colour": "green",
        "duration": Duration(minutes=90),
    }
    assert not Matcher(skills.grammar).match("switch the lamp off")
    assert skills.examples() == {"Lights. Of the house": ("mach die lampe rot für fünf minuten",)}
    assert "lamp.off" in skills.handlers, "it can still be called by others"


def test_a_skill_without_the_language_is_left_out(folder: Path) -> None:
    skills = load_skills([folder], language="fr")
    assert (skills.without_language, skills.problems, skills.grammar.templates) == (("lamp",), [], ())


def test_what_a_sentence_implies_is_given_and_can_be_corrected(folder: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("lamp to fifty") == "white 50 None "
        assert await talk.brain.answer("thanks", follow_up=True) != "white 50 None "

    play(scenario, skills=load_skills([folder]))


WRONG = {
    "language: fr\n": "en.yaml:1: language must be en, as the file is named, not 'fr'",
    "intents: {}\n": "en.yaml:1: language must be set",
    "language: en\nintens: {}\n": "en.yaml:2: intens is not a setting; did you mean 'intents'?",
    "language: en\nintents:\n  light:\n    data: 5\n": "en.yaml:4: intents.light.data must be a list, not 5",
    "language: en\nlists:\n  a: {range: {from: 1}}\n": "en.yaml:3: lists.a.range.to must be set",
    "language: en\nintents:\n  light:\n    data: [{sentences: [a], slot: {}}]\n": "light.data.0.slot is not a setting",
    "language: en\nlists: {a: {values: [{in: x, uot: y}]}}\n": "en.yaml:2: lists.a.values.0",
    "language: en\nlists: [a]\n": "en.yaml:2: lists must be a mapping",
    'language: en\nintents:\n  light:\n    data:\n      - sentences: ["a {b}"]\n': "unknown slot {b}",
    "language: en\nintents:\n  light:\n    data:\n      - sentences: [lamp on]\n": "can match without {colour}",
    "language: en\n  x: 1\n": "en.yaml:2: mapping values are not allowed here",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_skips_the_skill_and_is_named(folder: Path, text: str) -> None:
    put(folder, "sentences/en.yaml", text)
    [problem] = load_skills([folder]).problems
    assert problem.skipped
    assert WRONG[text] in str(problem)
    assert "\n" not in str(problem)
    assert load_skills([folder], language="de").problems == []


def test_a_function_that_nothing_can_reach(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("from assistant import skill\n@skill()\ndef f(ctx): ...\n")
    [problem] = load_skills([tmp_path]).problems
    assert str(problem).endswith("x.py:2: x.f has no sentences: give @skill some, or write sentences/en.yaml beside it")
    (tmp_path / "x.py").write_text("from assistant import skill\n@skill('x')\ndef f(ctx): ...\n")
    assert load_skills([tmp_path], language="de").problems == []


def test_sentences_for_no_function(folder: Path) -> None:
    put(folder, "sentences/en.yaml", ENGLISH.replace("  light:", "  dim: {data: []}\n  light:"))
    skills = load_skills([folder])
    [problem] = skills.problems
    assert str(problem).endswith("en.yaml:4: intents.dim has no function: write def dim(ctx) marked with @skill()")
    assert match(skills, "make the lamp red").intent == "lamp.light"
