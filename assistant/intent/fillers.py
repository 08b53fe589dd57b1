"""Sentences without what does not belong to a command: hesitations and polite phrases around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.errors import ConfigError
from assistant.intent.lang import language
from assistant.intent.lang.phrases import Phrases
from assistant.intent.template import Token, tokenize, words_of

_Phrase = tuple[str, ...]


class Fillers:
    """Takes polite and filler phrases of a language away.

    Args:
        words: the language's phrases.
    """

    def __init__(self, words: Phrases) -> None:
        self._leading = _longest_first(words.before)
        self._trailing = _longest_first(words.after)
        self._hesitation = re.compile(rf"\b({_any_of(words.hesitations)})\b[,.…]*", re.IGNORECASE)
        polite, please = _any_of(words.polite), re.escape(words.polite[0])
        guard = r"(?<!\bsay)" if words.polite[0] == "please" else ""  # "how do you say please"
        self._last_please = re.compile(rf"(\s*,\s*({polite})|{guard}\s+{please})\W*$", re.IGNORECASE)

    def less_fillers(self, text: str) -> Iterator[str]:
        """The text less hesitations, then also less polite phrases at its front, one by one."""
        calm = " ".join(self._hesitation.sub(" ", text).split())
        if calm != text:
            yield calm
        tokens = tokenize(calm)
        while (phrase := self._at_front(tokens)) and (tokens := tokens[len(phrase) :]):
            yield calm[tokens[0].start :]

    def less_thanks(self, text: str) -> Iterator[str]:
        """The text less polite phrases at its end, one by one."""
        tokens = tokenize(text)
        while (phrase := self._at_end(tokens)) and (tokens := tokens[: -len(phrase)]):
            yield text[: tokens[-1].end]

    def less_last_please(self, text: str) -> str:
        """The text less a "please" at its end that free text would take for its own."""
        return self._last_please.sub("", text)

    def _at_front(self, tokens: tuple[Token, ...]) -> _Phrase:
        words = tuple(token.text for token in tokens)
        return next((phrase for phrase in self._leading if words[: len(phrase)] == phrase), ())

    def _at_end(self, tokens: tuple[Token, ...]) -> _Phrase:
        words = tuple(token.text for token in tokens)
        return next((phrase for phrase in self._trailing if words[-len(phrase) :] == phrase), ())


def _longest_first(phrases: Sequence[str]) -> tuple[_Phrase, ...]:
    return tuple(sorted((tuple(words_of(text)) for text in phrases), key=len, reverse=True))


def _any_of(phrases: Sequence[str]) -> str:
    return "|".join(re.escape(text) for text in phrases)


@lru_cache
def fillers(code: str) -> Fillers:
    """The fillers of a language; of one that is not known, English ones."""
    try:
        return Fillers(language(code))
    except ConfigError:
        return Fillers(language("en"))
