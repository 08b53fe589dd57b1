"""Free text as the user wrote it: slots give words in lower case, without punctuation."""

from __future__ import annotations

from assistant.intent.template import tokenize, words_of


def as_written(words: str, sentence: str) -> str:
    """The part of a sentence that has these words, with its capitals and punctuation; the words if none has.

    Args:
        words: a slot's value, or some of it.
        sentence: what was said.
    """
    wanted, tokens = words_of(words), tokenize(sentence)
    found = [token.text for token in tokens]
    for start in reversed(range(len(found) - len(wanted) + 1)):
        if wanted and found[start : start + len(wanted)] == wanted:
            return sentence[tokens[start].start : tokens[start + len(wanted) - 1].end]
    return words
