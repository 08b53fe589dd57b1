"""What marks a function as a skill's: the ``@skill`` decorator and what it records."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from assistant.intent.lang.phrases.en import PHRASES
from assistant.intent.template import SlotType

Handler = Callable[..., Awaitable[str | None] | str | None]
Entries = Mapping[str, Any] | Sequence[str]
SlotSource = SlotType | Entries | Callable[[], Entries]

_F = TypeVar("_F", bound=Handler)

COMMON_RULES: Mapping[str, str] = PHRASES.rules
"""Expansion rules that every skill's templates may use; a skill's own rule of the same name wins.

An optional group is written ``[(a|b)]``, not ``[a|b]``: half of the language model's mass then goes to
saying nothing, however many alternatives there are.
"""


@dataclass(frozen=True, slots=True, eq=False)
class LocalSlotType(SlotType):
    """A slot type that differs by language: itself in English.

    Attributes:
        elsewhere: another language's, by its ISO 639-1 code.
    """

    elsewhere: Callable[[str], SlotType] | None = None

    def of(self, language: str) -> SlotType:
        """The slot type in a language."""
        return self if language == "en" or self.elsewhere is None else self.elsewhere(language)


@dataclass(frozen=True, slots=True, eq=False)
class SkillSpec:
    """What ``@skill`` records on a function.

    Attributes:
        templates: hassil templates; ``{name}`` is a parameter of the function.
        examples: sentences that must reach this function.
        slots: parameter → where its values come from, when the annotation does not say it:
            a slot type, a list, a mapping spoken form → value, or a function that returns one.
        rules: expansion rules for ``<rule>``, :data:`COMMON_RULES` included.
        pure: free of side effects, so it may run before the user has certainly finished.
        dangerous: destroys something or reaches out of the house, and does not ask the user itself: when it is a
            language model that wants it, the user is asked first.
    """

    templates: tuple[str, ...]
    examples: tuple[str, ...]
    slots: Mapping[str, SlotSource]
    rules: Mapping[str, str]
    pure: bool
    dangerous: bool = False


def skill(
    *templates: str,
    examples: Sequence[str] = (),
    slots: Mapping[str, SlotSource] | None = None,
    rules: Mapping[str, str] | None = None,
    pure: bool = False,
    dangerous: bool = False,
) -> Callable[[_F], _F]:
    """Make a function answer the sentences of its templates.

    Without templates it answers those under its name in the skill's ``sentences/LANG.yaml``. Templates that are given
    here are English.

    The function's first parameter is the :class:`Context`; the others are slots, typed by their
    annotations (``int``, ``float``, ``str``, ``Duration``, ``TimeOfDay``, ``Date``, ``Percentage``,
    ``Literal[...]``), optional ones with a default. It returns the reply, or None for silence. It
    may be ``async``; a plain function runs on a worker thread so that it can take its time.

    It is also a tool of the language model, which is told of it what its docstring says. One that is ``dangerous``,
    and does not ask the user itself, is then run only after a yes.
    """

    def mark(function: _F) -> _F:
        own_rules = {**COMMON_RULES, **(rules or {})}
        spec = SkillSpec(templates, tuple(examples), dict(slots or {}), own_rules, pure, dangerous)
        function.__skill__ = spec  # type: ignore[attr-defined]
        return function

    return mark
