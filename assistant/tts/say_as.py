"""How SSML's ``say-as`` wants a text said: as letters, digits, an ordinal, a date …, in words or in a written form that
:mod:`assistant.tts.speakable` knows."""

from __future__ import annotations

import re
import unicodedata

from assistant.intent.lang import bulgarian

_MOST_LETTERS = 200
_WITH_ORDINALS = ("en", "de", "fr", "es", "ru")
_DATE_PARTS = re.compile(r"\d+")


def said_as(text: str, how: str, form: str, language: str) -> str:
    """What to say; the text itself where the way is not known.

    Args:
        text: what is written.
        how: ``interpret-as``: characters, spell-out, verbatim, digits, telephone, cardinal, number, ordinal, date; of
            others (time, currency, unit …) the text is said as it is, which fits.
        form: ``format``, for dates: ``mdy``, ``dmy``, ``ymd``, ``ym`` …
        language: ISO 639-1.
    """
    match how:
        case "characters" | "spell-out" | "verbatim":
            return _letters(text)
        case "digits":
            return _digits(text)
        case "telephone":
            return ", ".join(_digits(group) for group in re.findall(r"\+?\d+", text)) or text
        case "cardinal" | "number":
            number = re.sub(r"(?<=\d)[\s,.'\u00a0\u202f](?=\d{3}(?!\d))", "", text)
            return number if re.fullmatch(r"[-+]?\d+(?:[.,]\d+)?", number) else text
        case "ordinal":
            return _ordinal(text, language)
        case "date":
            return _date(text, form)
    return text


def _letters(text: str) -> str:
    letters = [letter for letter in unicodedata.normalize("NFC", text)[:_MOST_LETTERS] if not letter.isspace()]
    return ", ".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in letters)


def _digits(text: str) -> str:
    return " ".join(re.findall(r"\+|\d", text)) or text


def _ordinal(text: str, language: str) -> str:
    number = re.match(r"\s*(\d{1,6})", text)
    if number is None:
        return text
    value, code = int(number[1]), language.partition("-")[0]
    if code == "bg":
        return bulgarian.ordinal(value) if 1 <= value <= 9_999 else text
    from assistant.intent.lang.words import in_words  # most speech has no use for it, and it takes its time

    return in_words(value, code, ordinal=True) if code in _WITH_ORDINALS else text


def _date(text: str, form: str) -> str:
    """Numbers in a known order as an ISO date; a date without all three parts, or in words, is left as it is."""
    parts = _DATE_PARTS.findall(text)
    order = form if re.fullmatch(r"[dmy]{3}", form) and len(set(form)) == 3 else ""
    if not order and len(parts) == 3 and len(parts[0]) == 4:
        order = "ymd"
    if len(parts) != 3 or not order or re.search(r"[^\W\d]", text):
        return text
    found = dict(zip(order, map(int, parts), strict=True))
    year = found["y"] if found["y"] > 99 else 2000 + found["y"]
    return f"{year:04}-{found['m']:02}-{found['d']:02}"
