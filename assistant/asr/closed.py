"""Everything PocketSphinx needs to hear one grammar: language model, dictionary, acceptor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.asr.acceptor import Acceptor
from assistant.asr.lexicon import Lexicon, Pronunciations, ways_to_say
from assistant.intent import ngram
from assistant.intent.template import NOTHING, Alt, Grammar, Node, Seq, Word, words_of

MARK = "~"
"""First character of words that are heard but are no part of a command: ``~hey_jarvis``."""
REMAINS = "~~"
"""What is left of a wake phrase when the recording starts in its middle: ``~~hey_jarvis``."""

_ORDER = 3
_DISCOUNT = 0.03
_LEAST_COUNT = 3e-7
_WOKEN = 0.5
_WOKEN_ANSWER = 0.05  # a wake phrase before an answer is said by those who interrupt the question
_LEAST_BESIDE = 1e-6  # of commands while an answer is expected; half of the n-grams, which take time and memory
_LEAST_FRAGMENT = 3  # phones: shorter remains of a wake phrase could be anything


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A grammar made ready.

    Attributes:
        model: the language model; wake phrases are single words marked with ``~``.
        dictionary: pronunciations in CMU's format.
        acceptor: which commands there are, without wake phrases.
        parts: what the model was counted from, to be extended.
    """

    model: ngram.Model
    dictionary: str
    acceptor: Acceptor
    parts: Parts


@dataclass(frozen=True, slots=True)
class Parts:
    """Counts and networks of a grammar, and the phrases that may come before."""

    counts: Mapping[ngram.Gram, float]
    networks: Sequence[Node]
    prefixes: tuple[str, ...]


def prepare(grammar: Grammar, prefixes: Iterable[str], lexicon: Lexicon) -> Vocabulary | None:
    """Compile a grammar, or None when nothing in it can be spoken.

    Args:
        grammar: the templates.
        prefixes: wake phrases that may stand before a command, whole or with their beginning cut off.
        lexicon: pronounces the words.

    Raises:
        MissingDependency, EngineError: a word cannot be pronounced.
    """
    parts = _count(grammar, tuple(prefixes))
    return _compile(parts, lexicon) if parts.networks else None


def extend(parts: Parts, answers: Grammar, lexicon: Lexicon, share: float) -> Vocabulary:
    """The grammar with other sentences.

    Args:
        parts: of the grammar; its counts are used again, which is most of the work.
        answers: the other sentences.
        lexicon: pronounces the words.
        share: how likely one of the other sentences is, 0 to 1.

    Raises:
        MissingDependency, EngineError: a word cannot be pronounced.
    """
    more = _count(answers, parts.prefixes, _WOKEN_ANSWER)
    known = ((gram, (1 - share) * mass) for gram, mass in parts.counts.items())
    counts = {gram: mass for gram, mass in known if mass >= _LEAST_BESIDE}
    for gram, mass in more.counts.items():
        counts[gram] = counts.get(gram, 0.0) + share * mass
    return _compile(Parts(counts, (*parts.networks, *more.networks), parts.prefixes), lexicon)


def _count(grammar: Grammar, prefixes: tuple[str, ...], woken: float = _WOKEN) -> Parts:
    """Count n-grams; ``woken`` is how likely a wake phrase or its remains come first."""
    commands = ngram.weighted(grammar)
    marks = [mark + name for name in map(_marked, prefixes) for mark in (MARK, REMAINS)]
    wake = Alt((*(NOTHING,) * round(1 / woken - 1), Alt(tuple(map(Word, marks))))) if marks else NOTHING
    counts = ngram.expected_counts([(Seq((wake, command)), share) for command, share in commands], _ORDER)
    return Parts(counts, tuple(command for command, _ in commands), prefixes)


def _marked(phrase: str) -> str:
    return "_".join(words_of(phrase))


def _compile(parts: Parts, lexicon: Lexicon) -> Vocabulary:
    model = ngram.estimate(parts.counts, _ORDER, _DISCOUNT, _LEAST_COUNT)
    phrases = {_marked(phrase): words_of(phrase) for phrase in parts.prefixes}
    words = {gram[-1] for gram in model.grams} - {ngram.END}
    words = {word for word in words if not word.startswith(MARK)}
    spoken = {
        word: ways_to_say(word, phones) for word, phones in lexicon.pronounce(words.union(*phrases.values())).items()
    }
    found = {word: spoken[word] for word in sorted(words)}
    found |= {MARK + name: _wholes(said, spoken) for name, said in phrases.items()}
    found |= {REMAINS + name: _remains(said, spoken) for name, said in phrases.items()}
    return Vocabulary(model, _to_text(found), Acceptor(parts.networks), parts)


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
