"""Which word of a text which phonemes belong to, and when they sound."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.tts.base import Mark

_TOKEN = re.compile(r"[^\s—]+")
_PUNCTUATION = ".,;:!?…\"'“”‘’«»()[]{}*_"
_UNSOUNDED = re.compile(r"[ˈˌː\W\d_]")


@dataclass(frozen=True, slots=True)
class Group:
    """Phonemes between two spaces: a word, or words that are run together.

    Attributes:
        phonemes: their symbols.
        sentence: index of the sentence that it is in.
        first: index of its first phoneme in that sentence.
    """

    phonemes: str
    sentence: int
    first: int


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text are, without the punctuation around them."""
    spans = []
    for token in _TOKEN.finditer(text):
        bare = token[0].strip(_PUNCTUATION)
        if bare:
            start = token.start() + token[0].index(bare)
            spans.append((start, start + len(bare)))
    return spans


def groups_of(sentences: Sequence[Sequence[str]]) -> list[Group]:
    """The groups of phonemes in sentences, without those that are only punctuation."""
    groups = []
    for number, sentence in enumerate(sentences):
        first = 0
        for index in range(len(sentence) + 1):
            if index == len(sentence) or sentence[index] == " ":
                phonemes = "".join(sentence[first:index])
                if sounds(phonemes):
                    groups.append(Group(phonemes, number, first))
                first = index + 1
    return groups


def sounds(phonemes: str) -> str:
    """The phonemes without stress, length, punctuation and accents."""
    return _UNSOUNDED.sub("", phonemes)


def begin_of_words(
    text: str, groups: Sequence[Group], phonemes_of: Callable[[str], str]
) -> list[tuple[tuple[int, int], Group]]:
    """The words of a text, as spans, and the group of phonemes with which each begins.

    As many words as groups belong to each other in order. Else some words are run together ("of the") or read as
    several ("5 km"): then the phonemes of every word by itself are matched with those of the text (Ratcliff and
    Obershelp's longest matching blocks). A word that is run together with the one before it is left out.

    Args:
        text: what was turned into phonemes.
        groups: its phonemes.
        phonemes_of: a word's phonemes when it stands alone.
    """
    spans = word_spans(text)
    if len(spans) == len(groups):
        return list(zip(spans, groups, strict=True))
    alone = [sounds(phonemes_of(text[start:end])) for start, end in spans]
    owners = [index for index, phonemes in enumerate(alone) for _ in phonemes]
    places = [group for group in groups for _ in sounds(group.phonemes)]
    spoken = "".join(sounds(group.phonemes) for group in groups)
    first: dict[int, Group] = {}
    for block in SequenceMatcher(None, "".join(alone), spoken, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            first.setdefault(owners[block.a + offset], places[block.b + offset])
    found: list[tuple[tuple[int, int], Group]] = []
    for index, group in sorted(first.items()):
        if not found or found[-1][1] is not group:
            found.append((spans[index], group))
    return found


def mark(span: tuple[int, int], offset: int, sample: int) -> Mark:
    """A mark for a word's span in a piece that begins at ``offset``."""
    return Mark(offset + span[0], offset + span[1], sample)
