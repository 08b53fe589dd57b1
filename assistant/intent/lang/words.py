"""Numerals in words, by num2words, which has no type hints."""

from __future__ import annotations

from collections.abc import Mapping

from num2words import num2words  # type: ignore[import-untyped]


def in_words(number: float, language: str, *, ordinal: bool = False, form: Mapping[str, str] | None = None) -> str:
    """A number in words.

    Args:
        number: to say.
        language: num2words' code, such as ``fr_CH``.
        ordinal: "third" for 3.
        form: num2words' own options: for Russian ``case`` and ``gender``.
    """
    return str(num2words(number, lang=language, to="ordinal" if ordinal else "cardinal", **(form or {})))
