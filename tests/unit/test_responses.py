"""What skills say: variants, plurals, values in the language."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from assistant import Date, Duration, Percentage, TimeOfDay
from assistant.errors import ConfigError
from assistant.skill.check import check
from assistant.skill.files import BadFile
from assistant.skill.loader import load_skills
from assistant.skill.responses import Replies, read_responses

ENGLISH = """
language: en
responses:
  added: "{item} is on your {list} list."
  empty: ["Your list is empty.", "There is nothing on your list.", "Nothing."]
  count: {one: "You have one note.", other: "You have {n} notes."}
  left: [{one: "One is left.", other: "{n} are left."}]
  only: "Only here: {what}."
"""
RUSSIAN = """
language: ru
responses:
  count: {one: "{n} заметка", few: "{n} заметки", many: "{n} заметок", other: "{n} заметки"}
"""


def put(folder: Path, language: str, text: str) -> Path:
    (folder / "responses").mkdir(exist_ok=True, parents=True)
    (folder / "responses" / f"{language}.yaml").write_text(text, encoding="utf-8")
    return folder


def say(replies: Replies, key: str, **values: object) -> str:
    return replies.say(key, values)


def test_variants_are_not_said_twice_in_a_row(tmp_path: Path) -> None:
    replies = read_responses(put(tmp_path, "en", ENGLISH), "en")
    said = [say(replies, "empty") for _ in range(60)]
    assert set(said) == {"Your list is empty.", "There is nothing on your list.", "Nothing."}
    assert all(one != other for one, other in pairwise(said))


def test_plurals(tmp_path: Path) -> None:
    replies = read_responses(put(tmp_path, "en", ENGLISH), "en")
    counts = [say(replies, "count", n=n) for n in (0, 1, 2)]
    assert counts == ["You have 0 notes.", "You have one note.", "You have 2 notes."]
    assert say(replies, "left", n=1) == "One is left."
    put(tmp_path, "ru", RUSSIAN)
    russian = read_responses(tmp_path, "ru")
    assert [say(russian, "count", n=n) for n in (1, 3, 11, 21)] == [
        "1 заметка",
        "3 заметки",
        "11 заметок",
        "21 заметка",
    ]
    assert say(russian, "only", what="x") == "Only here: x.", "what is missing is said in English"


def test_values_are_put_into_the_language(tmp_path: Path) -> None:
    text = "language: {0}\nresponses:\n  x: '{{v}}'\n  dative: '{{v:dative}}'\n"
    for language in ("en", "de"):
        put(tmp_path, language, text.format(language))
    english, german = read_responses(tmp_path, "en"), read_responses(tmp_path, "de")
    assert say(english, "x", v=Duration(minutes=90)) == "an hour and a half"
    assert say(english, "x", v=TimeOfDay(6, 30, "pm")) == "6:30 pm"
    assert say(english, "x", v=Date(offset=1)) == "tomorrow"
    assert say(english, "x", v=Percentage(25)) == "25 percent"
    assert say(english, "x", v=12345.5) == "12,345.5"
    assert say(english, "x", v=["milk", "bread"]) == "milk and bread"
    assert say(english, "x", v="{plain}") == "{plain}"
    assert say(english, "dative", v=Duration(minutes=2)) == "two minutes"
    assert say(german, "x", v=Duration(minutes=2)) == "zwei Minuten"
    assert say(german, "dative", v=Duration(days=2)) == "zwei Tagen"
    assert say(german, "dative", v="Text") == "Text"
    assert say(german, "x", v=12345.5) == "12.345,5"
    assert say(german, "x", v=["Milch", "Brot", "Käse"]) == "Milch, Brot und Käse"


def test_what_cannot_be_said(tmp_path: Path) -> None:
    replies = read_responses(put(tmp_path, "en", ENGLISH), "de")
    for key, values, text in (
        ("nothing", {}, "there is no response 'nothing' in responses/; known are: added, count, empty, left, only"),
        ("added", {"item": "milk"}, "the response 'added' needs a value list"),
        ("count", {}, "the response 'count' has plurals: it needs a value n"),
        ("count", {"n": "two"}, "a plural needs a number n, not 'two'"),
    ):
        with pytest.raises(ConfigError) as caught:
            replies.say(key, values)
        assert str(caught.value) == text
    with pytest.raises(ConfigError, match="known are: none"):
        Replies().say("x", {})


WRONG = {
    "language: de\nresponses: {}": "en.yaml:1: language must be en, as the file is named, not 'de'",
    "language: en\nresponses:\n  a: {few: x, other: y, lots: z}": "en.yaml:3: responses.a has no plural category",
    "language: en\nresponses:\n  a: {one: x}": "en.yaml:3: responses.a has plurals without 'other'",
    "language: en\nresponses:\n  a: 'x {0}'": "en.yaml:3: responses.a is wrong: a placeholder is a name in braces",
    "language: en\nresponses:\n  a: 'x {n:d}'": "not {n:d}",
    "language: en\nresponses:\n  a: 'x {n'": "en.yaml:3: responses.a is wrong: expected '}' before end of string",
    "language: en\nresponses:\n  a: []": "en.yaml:3: responses.a has no text",
    "language: en\nresponses:\n  b: x\n  a: 5": "en.yaml:4: responses.a",
    "language: en\nresponses:\n  yes: x": "en.yaml:3: the key 'yes' is not text; put it in quotes",
    "language: en\nresponses: {a: x, a: y}": "en.yaml:2: 'responses.a' is set twice",
    "language: en": "en.yaml:1: responses must be set",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_named_with_file_line_and_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_responses(put(tmp_path, "en", text), "en")
    assert WRONG[text] in str(caught.value)


SKILL = """
from assistant import skill
@skill("go", examples=["go"])
def go(ctx):
    return ctx.reply("added", item="x") + ctx.reply("lost") + ctx.reply("count", n=2)
"""


def test_keys_and_languages_are_checked(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    put(folder, "en", ENGLISH)
    put(
        folder,
        "de",
        "language: de\nresponses:\n  added: '{item} {where}'\n  new: x\n  count: '{n}'\n  left: x\n  only: x\n",
    )
    (folder / "__init__.py").write_text(SKILL)
    (folder / "sentences").mkdir()
    (folder / "sentences" / "fr.yaml").write_text("language: fr\n")
    skills = load_skills([tmp_path])
    assert skills.problems == []
    assert [problem.text for problem in check(skills)] == [
        "ctx.reply('lost') has no text in responses/en.yaml",
        "responses.empty is missing; it is in en.yaml",
        "responses.new is not in en.yaml",
        "responses.added has a placeholder {where} that en.yaml has not",
        "there are sentences in fr, but no responses",
    ]


def test_a_wrong_file_skips_the_skill(tmp_path: Path) -> None:
    put(tmp_path / "x", "en", "language: en\nresponses:\n  a: {one: x}\n")
    (tmp_path / "x" / "__init__.py").write_text(SKILL)
    [problem] = load_skills([tmp_path]).problems
    assert str(problem).endswith("en.yaml:3: responses.a has plurals without 'other', which the rest are")
