"""Values as they are said in a language, and its plurals."""

from __future__ import annotations

from typing import Any

from assistant.errors import ConfigError
from assistant.intent.lang import Said, language


def plural_category(number: Any, code: str) -> str:
    """CLDR's plural category of a number: ``one``, ``few``, ``other`` …

    Raises:
        ConfigError: not a number.
    """
    if not isinstance(number, int | float):
        raise ConfigError(f"a plural needs a number n, not {number!r}")
    if code == "en" and isinstance(number, int):
        return "one" if number == 1 else "other"
    from babel import Locale

    category: str = Locale.parse(code).plural_form(number)
    return category


def worded(value: Any, code: str) -> Said:
    """A value as it is said within a sentence; texts stay as they are.

    Durations, times and days have further forms, ``{left:dative}``: :data:`assistant.intent.lang.saying.SPECS`.
    """
    try:
        said = language(code).say.value(value)
    except ConfigError:  # a language that is not known yet
        said = language("en").say.value(value)
    return said if isinstance(said, Said) else Said(str(said))
