"""``sentences/LANG.yaml``: how a skill's functions are asked for in one language, in hassil's format.

::

    language: de
    intents:
      set_timer:                                # the function's name
        data:
          - sentences: ["(stelle|stell) [einen] timer auf {duration}"]
            slots: {kind: kitchen}              # values that these sentences imply
        examples: ["stell einen timer auf neun minuten"]    # ours: what must reach the function
    lists:
      colour: {values: [rot, {in: "grün", out: green}]}
      level: {range: {from: 0, to: 100, step: 5}}
      title: {wildcard: true}
    expansion_rules:
      bitte: "[bitte]"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from assistant.intent.template import SlotType, Wild
from assistant.skill.files import Part, read_checked, wrong

_Texts = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value), Field(strict=False)
]


class _Data(Part):
    """Sentences that mean the same; the later keys are hassil's, and of no use here."""

    sentences: _Texts
    slots: dict[str, Any] = Field(default_factory=dict)
    response: Any = None
    metadata: Any = None
    requires_context: Any = None
    excludes_context: Any = None
    requires_words: Any = None
    required_keywords: Any = None


class _Intent(Part):
    data: tuple[_Data, ...] = Field(default=(), strict=False)
    examples: _Texts = ()
    description: str = ""


class _Value(Part):
    spoken: _Texts = Field(alias="in")
    out: Any = None
    context: Any = None
    metadata: Any = None


class _Range(Part):
    start: int = Field(alias="from")
    to: int
    step: int = Field(default=1, gt=0)
    type: str = "number"


class _List(Part):
    values: tuple[str | int | _Value, ...] | None = Field(default=None, strict=False)
    range: _Range | None = None
    wildcard: bool = False
    metadata: Any = None


class _File(Part):
    language: str
    intents: dict[str, _Intent] = Field(default_factory=dict)
    lists: dict[str, _List] = Field(default_factory=dict)
    expansion_rules: dict[str, str] = Field(default_factory=dict)
    settings: dict[str, Any] = Field(default_factory=dict)
    skip_words: tuple[str, ...] = Field(default=(), strict=False)
    responses: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How one function is asked for.

    Attributes:
        templates: hassil templates.
        examples: sentences that must reach it.
        fixed: template → the values of slots that it implies.
    """

    templates: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    fixed: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Sentences:
    """A file of sentences.

    Attributes:
        path: the file.
        intents: function name → how it is asked for.
        lists: list name → spoken form → value.
        kinds: list name → slot type, of free text.
        ranges: list name → whole numbers.
        rules: expansion rules.
    """

    path: Path
    intents: Mapping[str, Phrasing]
    lists: Mapping[str, Mapping[str, Any]]
    kinds: Mapping[str, SlotType]
    ranges: Mapping[str, range]
    rules: Mapping[str, str]


def read_sentences(folder: Path, language: str) -> Sentences | None:
    """The sentences of a skill's folder in a language, None where it has none.

    Raises:
        assistant.skill.files.BadFile: the file is wrong.
    """
    path = folder / "sentences" / f"{language}.yaml"
    if not path.is_file():
        return None
    file = read_checked(path, _File)
    if file.language.partition("-")[0] != language:
        raise wrong(path, "language", f"must be {language}, as the file is named, not {file.language!r}")
    return Sentences(
        path=path,
        intents={name: _phrasing(intent) for name, intent in file.intents.items()},
        lists={name: _entries(each) for name, each in file.lists.items() if each.values is not None},
        kinds={name: SlotType(name, Wild()) for name, each in file.lists.items() if each.wildcard},
        ranges={name: _whole(each.range) for name, each in file.lists.items() if each.range is not None},
        rules=file.expansion_rules,
    )


def languages_of(folder: Path) -> tuple[str, ...]:
    """The languages that a skill's folder has sentences in."""
    return tuple(sorted(path.stem for path in (folder / "sentences").glob("*.yaml")))


def _phrasing(intent: _Intent) -> Phrasing:
    templates = tuple(text for data in intent.data for text in data.sentences)
    fixed = {text: data.slots for data in intent.data if data.slots for text in data.sentences}
    return Phrasing(templates, intent.examples, fixed)


def _entries(given: _List) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for value in given.values or ():
        if isinstance(value, _Value):
            entries.update({text: text if value.out is None else value.out for text in value.spoken})
        else:
            entries[str(value)] = value
    return entries


def _whole(given: _Range) -> range:
    return range(given.start, given.to + 1, given.step)
