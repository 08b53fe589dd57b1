"""``responses/LANG.yaml``: a skill's words, with variants, plurals and values put into the language.

::

    language: en
    responses:
      added: "{item} is on your {list} list."
      empty: ["Your {list} list is empty.", "There is nothing on your {list} list."]     # one of them
      count: {one: "You have one note.", other: "You have {n} notes."}                   # by the value n
      left: [{one: "One is left.", other: "{n} are left."}, "{n} to go."]                # both

Plurals are CLDR's categories (zero, one, two, few, many, other), through Babel. Durations, times and days have forms
for after a preposition, ``{left:dative}``, ``{time:at}``, ``{day:on}``: see :mod:`assistant.intent.lang.saying`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

from assistant.errors import ConfigError
from assistant.intent.lang.saying import SPECS
from assistant.skill.files import Part, read_checked, wrong
from assistant.skill.wording import plural_category, worded

CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})

Text = str | Mapping[str, str]
Variants = tuple[Text, ...]


class _File(Part):
    language: str
    responses: dict[str, str | dict[str, str] | list[str | dict[str, str]]]


class Replies:
    """What a skill can say in one language; what is missing is said in English.

    Args:
        language: ISO 639-1.
        texts: key → variants.
        english: the same in English.
    """

    def __init__(
        self,
        language: str = "en",
        texts: Mapping[str, Variants] = MappingProxyType({}),
        english: Mapping[str, Variants] = MappingProxyType({}),
    ) -> None:
        self.language = language
        self.texts = texts
        self.english = english
        self._last: dict[str, Text] = {}

    def say(self, key: str, values: Mapping[str, Any]) -> str:
        """The words for a key: one of its variants, not the same twice in a row, with the values in it.

        Args:
            values: placeholder → value; ``n`` chooses the plural.

        Raises:
            ConfigError: there is no such key, or the text needs a value that is not given.
        """
        language = self.language if key in self.texts else "en"
        variants = self.texts.get(key) or self.english.get(key)
        if not variants:
            known = ", ".join(sorted({*self.texts, *self.english})) or "none"
            raise ConfigError(f"there is no response {key!r} in responses/; known are: {known}")
        text = self._choose(key, variants)
        if not isinstance(text, str):
            if "n" not in values:
                raise ConfigError(f"the response {key!r} has plurals: it needs a value n")
            text = text.get(plural_category(values["n"], language)) or text["other"]
        try:
            return text.format_map({name: worded(value, language) for name, value in values.items()})
        except KeyError as error:
            raise ConfigError(f"the response {key!r} needs a value {error.args[0]}") from None

    def _choose(self, key: str, variants: Variants) -> Text:
        others = [text for text in variants if text is not self._last.get(key)]
        self._last[key] = text = random.choice(others or list(variants))
        return text


def read_responses(folder: Path, language: str) -> Replies:
    """The words of a skill's folder, empty where it has none.

    Raises:
        assistant.skill.files.BadFile: a file is wrong.
    """
    english = read_texts(folder, "en")
    return Replies(language, english if language == "en" else read_texts(folder, language), english)


def placeholders(text: str) -> frozenset[str]:
    """The names in a text's braces.

    Raises:
        ValueError: the braces do not fit together, or hold more than a name.
    """
    found = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or conversion or (form and form not in SPECS):
            given = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            raise ValueError(
                f"a placeholder is a name in braces, with one of {', '.join(sorted(SPECS))} after a colon if at all, "
                f"not {{{given}}}"
            )
        found.add(name)
    return frozenset(found)


def texts_of(variants: Variants) -> list[str]:
    """Every text of a response, plural forms included."""
    return [form for text in variants for form in ([text] if isinstance(text, str) else text.values())]


def read_texts(folder: Path, language: str) -> dict[str, Variants]:
    """A file of words: key → variants; empty where there is none.

    Raises:
        assistant.skill.files.BadFile: it is wrong.
    """
    path = folder / "responses" / f"{language}.yaml"
    if not path.is_file():
        return {}
    file = read_checked(path, _File)
    if file.language.partition("-")[0] != language:
        raise wrong(path, "language", f"must be {language}, as the file is named, not {file.language!r}")
    found: dict[str, Variants] = {}
    for key, value in file.responses.items():
        found[key] = tuple(value) if isinstance(value, list) else (value,)
        if mistake := _mistake(found[key]):
            raise wrong(path, f"responses.{key}", mistake)
    return found


def _mistake(variants: Variants) -> str:
    if not variants:
        return "has no text"
    for text in variants:
        if not isinstance(text, str):
            if strange := set(text) - CATEGORIES:
                return f"has no plural category {min(strange)!r}; there are {', '.join(sorted(CATEGORIES))}"
            if "other" not in text:
                return "has plurals without 'other', which the rest are"
    try:
        for each in texts_of(variants):
            placeholders(each)
    except ValueError as error:
        return f"is wrong: {error}"
    return ""
