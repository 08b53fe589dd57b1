"""How a device's or a room's name may be said within a sentence: with the endings that a language demands.

Russian has cases, Bulgarian an article at the end, German adjectives change. The rules give more forms than there are
words; a form that nobody says does no harm in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SYNTAX = re.compile(r"[\[\](){}<>|/:;\"_]+")
_RU_ACCUSATIVE = (("ая", "ую"), ("яя", "юю"), ("а", "у"), ("я", "ю"))
_RU_PREPOSITIONAL = (
    ("ая", "ой"), ("яя", "ей"), ("ия", "ии"), ("ый", "ом"), ("ий", "ем"), ("а", "е"), ("я", "е"), ("ь", "и"),
    ("й", "е"), ("о", "е"), ("е", "е"), ("", "е"),
)  # fmt: skip
_RU_LOCATIVE = (("д", "ду"), ("л", "лу"))  # в саду, на полу
_BG_ARTICLES = (
    (("а", "ата"),), (("я", "ята"),), (("о", "ото"),), (("е", "ето"),), (("и", "ите"), ("и", "ия"), ("и", "ият")),
    (("й", "я"), ("й", "ят")), (("", "а"), ("", "ът")),
)  # fmt: skip
_DE_ADJECTIVES = (("er", "en"), ("es", "e"))


def plain(name: str) -> str:
    """A name as it can be said: lower case, without what is syntax in a template; empty if nothing is left."""
    text = " ".join(_SYNTAX.sub(" ", name).lower().split())
    return text if any(letter.isalnum() for letter in text) else ""


def forms(name: str, language: str) -> list[str]:
    """The ways to say a plain name in a sentence, itself first."""
    words = name.split()
    makers = {"ru": _russian, "bg": _bulgarian, "de": _german}
    made = makers[language](words) if words and language in makers else iter(())
    return list(dict.fromkeys([name, *made]))


def _russian(words: list[str]) -> Iterator[str]:
    first, rest = words[0], words[1:]
    yield " ".join(_ending(word, _RU_ACCUSATIVE) for word in words)
    yield " ".join([_ending(first, _RU_ACCUSATIVE), *rest])
    yield " ".join(_ending(word, _RU_PREPOSITIONAL) for word in words)
    yield " ".join([_ending(first, _RU_PREPOSITIONAL), *rest])
    if not rest:
        yield _ending(first, _RU_LOCATIVE)


def _bulgarian(words: list[str]) -> Iterator[str]:
    first, rest = words[0], words[1:]
    for rules in _BG_ARTICLES:
        if first.endswith(rules[0][0]):
            yield from (" ".join([first.removesuffix(old) + new, *rest]) for old, new in rules)
            return


def _german(words: list[str]) -> Iterator[str]:
    if len(words) > 1:
        yield " ".join([_ending(words[0], _DE_ADJECTIVES), *words[1:]])


def _ending(word: str, rules: tuple[tuple[str, str], ...]) -> str:
    return next((word.removesuffix(old) + new for old, new in rules if word.endswith(old)), word)
