"""What a language gives to skills' templates: its slot types and its common rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.errors import ConfigError
from assistant.intent.lang import language
from assistant.intent.slots import BUILT_IN
from assistant.intent.template import SlotType
from assistant.skill.api import COMMON_RULES


@dataclass(frozen=True, slots=True, eq=False)
class Tongue:
    """A language as templates need it.

    Attributes:
        code: ISO 639-1.
        slots: name → slot type, of :data:`assistant.intent.slots.BUILT_IN`.
        rules: expansion rules that every template may use.
    """

    code: str
    slots: Mapping[str, SlotType]
    rules: Mapping[str, str]


@cache
def tongue(code: str) -> Tongue:
    """A language by its code; one that is not known has English numbers and times."""
    if code == "en":
        return Tongue(code, BUILT_IN, COMMON_RULES)
    try:
        found = language(code)
    except ConfigError:
        return Tongue(code, BUILT_IN, {})
    return Tongue(code, found.slots, found.rules)
