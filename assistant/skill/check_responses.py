"""What a skill says, looked over before a user hears it: missing keys, languages that do not agree."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.skill.binding import Problem, shown
from assistant.skill.making import LoadedSkill
from assistant.skill.responses import Variants, placeholders, read_texts, texts_of


def check_responses(skill: LoadedSkill) -> Iterator[Problem]:
    """Keys that the code asks for and no file has, and files of one skill that differ in keys or placeholders."""
    if skill.found is None or skill.found.folder is None:
        return
    folder = skill.found.folder
    languages = sorted(path.stem for path in (folder / "responses").glob("*.yaml"))
    texts = {language: read_texts(folder, language) for language in languages}
    english = texts.get("en", {})
    for place, key in _asked_for(folder):
        if key not in english:
            yield Problem(skill.name, place, f"ctx.reply({key!r}) has no text in responses/en.yaml")
    for language in languages:
        place = shown(folder / "responses" / f"{language}.yaml")
        for text in _differences(english, texts[language]) if language != "en" else ():
            yield Problem(skill.name, f"{place}:1", text)
    if missing := sorted(set(skill.languages) - set(languages)) if languages else []:
        text = f"there are sentences in {', '.join(missing)}, but no responses"
        yield Problem(skill.name, f"{shown(folder / 'responses')}:1", text)


def _differences(english: Mapping[str, Variants], texts: Mapping[str, Variants]) -> Iterator[str]:
    for key in sorted(english.keys() - texts.keys()):
        yield f"responses.{key} is missing; it is in en.yaml"
    for key in sorted(texts.keys() - english.keys()):
        yield f"responses.{key} is not in en.yaml"
    for key in sorted(texts.keys() & english.keys()):
        known = frozenset[str]().union(*map(placeholders, texts_of(english[key]))) | {"n"}
        for text in texts_of(texts[key]):
            if strange := placeholders(text) - known:
                yield f"responses.{key} has a placeholder {{{min(strange)}}} that en.yaml has not"


def _asked_for(folder: Path) -> Iterator[tuple[str, str]]:
    """The keys that are written out in calls of ``….reply("key", …)``, with their places."""
    for path in sorted(folder.rglob("*.py")):
        if "tests" in path.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "reply"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                yield f"{shown(path)}:{node.lineno}", node.args[0].value
