"""Languages: what can be said in them for numbers, durations, times and dates, and how they say them.

``language("de")`` is everything that a loader, a router or a skill needs to know of German; a language is imported
when it is first asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.errors import ConfigError
from assistant.intent.lang.phrases import Phrases
from assistant.intent.lang.saying import Said, Say
from assistant.intent.template import SlotType

__all__ = ["CODES", "Language", "Said", "Say", "language"]

CODES = ("en", "de", "fr", "es", "ru", "bg")
"""The languages that are understood and spoken, by their ISO 639-1 codes."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Language(Phrases):
    """What is known of a language, its phrases of conversation included.

    Attributes:
        code: ISO 639-1.
        name: its own name.
        slots: name → slot type: int, float, duration, time, date, percentage, text.
        say: says values.
    """

    code: str
    name: str
    slots: Mapping[str, SlotType]
    say: Say


@lru_cache
def language(code: str) -> Language:
    """A language by its code; a region is ignored (``de-AT``).

    Raises:
        ConfigError: the language is not one of :data:`CODES`.
    """
    short = code.lower().replace("_", "-").partition("-")[0]
    if short not in CODES:
        raise ConfigError(f"Language {code!r} is not supported; choose one of: {', '.join(CODES)}.")
    found = importlib.import_module(f"{__name__}.{short}").LANGUAGE
    assert isinstance(found, Language)
    return found
