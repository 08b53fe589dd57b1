"""Words that are compared by their stems, in six languages: which facts a question shares enough with."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from assistant.memory.common_words import ALIKE, COMMON, WEAK

if TYPE_CHECKING:
    from snowballstemmer.basestemmer import BaseStemmer

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_STEMMERS = ("english", "german", "french", "spanish")
_BULGARIAN = re.compile(r"(?:[иоае]?(?:ята|ът|ят|та|то|те)|ове|еве|[аиоеуяюйъь])$")
"""Endings of Bulgarian nouns, which Snowball has no stemmer for: article, plural, gender."""
_LONGEST = 60
"""Words of a question that are looked at."""
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
    this has half of what counts, or what three words count.

    Args:
        text: any sentence.
    """

    def __init__(self, text: str) -> None:
        words = list(dict.fromkeys(_words(text)))[:_LONGEST]
        common = _common(words)
        asked = [_stems(word) for word in words if word not in common]
        self._asked = [(each, _LITTLE if each & WEAK else 1.0) for each in asked]
        self.stems = frozenset(stem for each, _ in self._asked for stem in each)

    def score(self, fact: frozenset[str]) -> float:
        """How much of it is in the stems of a fact, from 0.5 to 1; 0 for not enough."""
        whole = min(_WHOLE, sum(weight for _, weight in self._asked))
        shared = [weight for each, weight in self._asked if each & fact]
        share = min(1.0, sum(shared) / whole) if whole else 0.0
        return share if share >= _ENOUGH else 0.0


def _words(text: str) -> list[str]:
    """In lower case, without an apostrophe's single letters ("Anna's", "l'anniversaire")."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
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
