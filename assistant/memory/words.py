"""Words that are compared by their stems, in six languages: which facts a question shares enough with."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from assistant.memory.common_words import ALIKE, COMMON, OWN, WEAK

if TYPE_CHECKING:
    from snowballstemmer.basestemmer import BaseStemmer

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_STEMMERS = ("english", "german", "french", "spanish")
_BULGARIAN = re.compile(r"(?:[иоае]?(?:ята|ът|ят|та|то|те)|ове|еве|[аиоеуяюйъь])$")
"""Endings of Bulgarian nouns, which Snowball has no stemmer for: article, plural, gender."""
_LONGEST = 60
"""Words of a question that are looked at."""
_LONGEST_WORD = 40
_ENOUGH = 0.5
_WHOLE = 3.0
"""So many matching words are as good as all of a long sentence."""
_LITTLE = 0.3
"""What a word counts that says little by itself."""

_stemming = Lock()


def plain(text: str) -> str:
    """The words of a text alone: two texts with the same ones say the same."""
    return " ".join(_words(text))


def stems(text: str) -> frozenset[str]:
    """What stands for the words of a text in the index: letters and digits without accents."""
    return frozenset(stem for word in _words(text) for stem in _stems(word))


class Question:
    """What a sentence asks about.

    Common words of its language do not count, and words like "name" count little; it shares enough with a fact when
    this has half of what counts, or half of what three words count. When all of its words count little ("what is my
    name") it must be about the user, and the fact about little else.

    Args:
        text: any sentence.
    """

    def __init__(self, text: str) -> None:
        asked = [_stems(word) for word in _telling(text)]
        self._asked = [(each, _LITTLE if each & WEAK else 1.0) for each in asked]
        self._vague = all(weight < 1.0 for _, weight in self._asked)
        self.stems = frozenset(stem for each in asked for stem in each)
        if self._vague and OWN.isdisjoint(_words(text)):
            self.stems = frozenset()

    def score(self, fact: str, stems: frozenset[str]) -> float:
        """How much of it a fact has, from 0.5 to 1; 0 for not enough.

        Args:
            fact: the text.
            stems: what :func:`stems` has made of it.
        """
        if not self.stems:
            return 0.0
        whole = min(_WHOLE, sum(weight for _, weight in self._asked))
        share = min(1.0, sum(weight for each, weight in self._asked if each & stems) / whole)
        if self._vague:
            share /= max(1, len(_telling(fact)) - 1)
        return share if share >= _ENOUGH else 0.0


def _telling(text: str) -> list[str]:
    """The words that are not common in its language."""
    words = list(dict.fromkeys(_words(text)))[:_LONGEST]
    common = _common(words)
    return [word for word in words if word not in common]


def _words(text: str) -> list[str]:
    """In lower case, without an apostrophe's single letters ("Anna's", "l'anniversaire")."""
    found = [word[:_LONGEST_WORD] for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold())]
    return [word for word in found if len(word) > 1 or word.isdigit() or _CYRILLIC.match(word)] or found


@lru_cache(4096)
def _stems(word: str) -> frozenset[str]:
    """What a word's stem is in each of the languages that it may be of, and what says nearly the same."""
    if _CYRILLIC.search(word):
        found = {_stemmer("russian")(word), _BULGARIAN.sub("", word) if len(word) > 4 else word}
    else:
        found = {_stemmer(language)(word) for language in _STEMMERS}
    return frozenset({_bare(each) for each in found} | {name for name, group in ALIKE.items() if word in group})


@cache
def _stemmer(language: str) -> _Stem:
    import snowballstemmer

    return _Stem(snowballstemmer.stemmer(language))


class _Stem:
    """One of Snowball's stemmers, which have a state and so take one word at a time."""

    def __init__(self, stemmer: BaseStemmer) -> None:
        self._stemmer = stemmer

    def __call__(self, word: str) -> str:
        with _stemming:
            return str(self._stemmer.stemWord(word))


def _bare(text: str) -> str:
    """Without accents, as some keyboards and recognisers leave them out."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if char.isalnum())


def _common(words: list[str]) -> frozenset[str]:
    """The common words of the language that most of the words are common in; of several such, those of all of them."""
    shares = {language: sum(word in common for word in words) for language, common in COMMON.items()}
    most = max(shares.values())
    return frozenset.intersection(*(COMMON[language] for language, share in shares.items() if share == most))
