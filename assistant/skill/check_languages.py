"""A skill in several languages can do the same in all of them, and says as much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.skill.binding import Problem, shown
from assistant.skill.making import LoadedSkill
from assistant.skill.responses import Variants, placeholders, read_texts, texts_of


def check_languages(loaded: Mapping[str, LoadedSkill]) -> Iterator[Problem]:
    """Functions that a language has no sentences for, and values that a language never says.

    Args:
        loaded: language → the skill as it was loaded for it.
    """
    heard = {
        language: {handler.intent.partition(".")[2] for handler in skill.handlers if handler.spec.templates}
        for language, skill in loaded.items()
    }
    for language, skill in loaded.items():
        folder = skill.path
        for name in sorted(set[str]().union(*heard.values()) - heard[language]):
            others = ", ".join(sorted(other for other in heard if name in heard[other]))
            place = f"{shown(folder / 'sentences' / f'{language}.yaml')}:1"
            yield Problem(skill.name, place, f"intents.{name} is missing; it is there in: {others}")
        if language != "en" and folder.is_dir():
            yield from _unsaid(skill.name, folder, language)


def _unsaid(name: str, folder: Path, language: str) -> Iterator[Problem]:
    """Values that the English words hold and those of a language do not; a number may be said by a plural form."""
    english, texts = read_texts(folder, "en"), read_texts(folder, language)
    place = f"{shown(folder / 'responses' / f'{language}.yaml')}:1"
    for key in sorted(english.keys() & texts.keys()):
        for value in sorted(_values(english[key]) - _values(texts[key]) - {"n"}):
            yield Problem(name, place, f"responses.{key} never says {{{value}}}, which en.yaml does")


def _values(variants: Variants) -> frozenset[str]:
    return frozenset[str]().union(*map(placeholders, texts_of(variants)))
