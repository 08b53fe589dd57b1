"""Everything PocketSphinx needs to hear one grammar: language model, dictionary, acceptor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.asr.acceptor import Acceptor
from assistant.asr.lexicon import Lexicon, Pronunciations, non_rhotic
from assistant.intent import ngram
from assistant.intent.template import NOTHING, Alt, Grammar, Seq, Word, words_of

MARK = "~"
"""First character of words that are heard but are no part of a command: ``~hey_jarvis``."""
REMAINS = "~~"
"""What is left of a wake phrase when the recording starts in its middle: ``~~hey_jarvis``."""

_ORDER = 3
_DISCOUNT = 0.03
_LEAST_COUNT = 3e-7
_LEAST_FRAGMENT = 3  # phones: shorter remains of a wake phrase could be anything


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A grammar made ready.

    Attributes:
        model: the language model; wake phrases are single words marked with ``~``.
        dictionary: pronunciations in CMU's format.
        acceptor: which commands there are, without wake phrases.
    """

    model: ngram.Model
    dictionary: str
    acceptor: Acceptor


def prepare(grammar: Grammar, prefixes: Iterable[str], lexicon: Lexicon) -> Vocabulary | None:
    """Compile a grammar, or None when nothing in it can be spoken.

    Args:
        grammar: the templates.
        prefixes: wake phrases that may stand before a command, whole or with their beginning cut off.
        lexicon: pronounces the words.

    Raises:
        MissingDependency, EngineError: a word cannot be pronounced.
    """
    commands = ngram.weighted(grammar)
    if not commands:
        return None
    phrases = {MARK + "_".join(words_of(phrase)): words_of(phrase) for phrase in prefixes}
    cut = {REMAINS + name.removeprefix(MARK): parts for name, parts in phrases.items()}
    wake = Alt((NOTHING, Alt(tuple(map(Word, [*phrases, *cut]))))) if phrases else NOTHING
    counts = ngram.expected_counts([(Seq((wake, command)), share) for command, share in commands], _ORDER)
    model = ngram.estimate(counts, _ORDER, _DISCOUNT, _LEAST_COUNT)
    words = {gram[-1] for gram in model.grams} - {ngram.END, *phrases, *cut}
    spoken = {
        word: tuple(dict.fromkeys([*phones, *map(non_rhotic, phones)]))
        for word, phones in lexicon.pronounce(words.union(*phrases.values())).items()
    }
    found = {word: spoken[word] for word in sorted(words)}
    found |= {name: _wholes(parts, spoken) for name, parts in phrases.items()}
    found |= {name: _remains(parts, spoken) for name, parts in cut.items()}
    return Vocabulary(model, _to_text(found), Acceptor([command for command, _ in commands]))


def _wholes(parts: list[str], spoken: Pronunciations) -> tuple[str, ...]:
    wholes = [""]
    for part in parts:
        wholes = [f"{whole} {phones}".strip() for whole in wholes for phones in spoken[part]]
    return tuple(wholes)


def _remains(parts: list[str], spoken: Pronunciations) -> tuple[str, ...]:
    wholes = [whole.split() for whole in _wholes(parts, spoken)]
    cut = (whole[start:] for whole in wholes for start in range(1, len(whole) - _LEAST_FRAGMENT + 1))
    return tuple(dict.fromkeys(map(" ".join, cut)))


def _to_text(found: Pronunciations) -> str:
    lines = [
        f"{word}{f'({number})' if number > 1 else ''} {phones}"
        for word, several in found.items()
        for number, phones in enumerate(several, 1)
    ]
    return "\n".join(lines) + "\n"
