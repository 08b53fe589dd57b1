"""What may be on a list: one thing or several, as they are said in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant import Context
from assistant.intent.slots import open_list
from assistant.intent.template import Alt, Seq, SlotType, Wild, Word, phrase, words_of
from assistant.intent.verbatim import as_written

_USUAL = (
    "milk", "bread", "eggs", "butter", "cheese", "coffee", "tea", "sugar", "salt", "flour", "rice", "pasta", "apples",
    "bananas", "potatoes", "tomatoes", "onions", "garlic", "chicken", "fish", "yoghurt", "orange juice", "water",
    "chocolate", "toilet paper", "soap", "shampoo", "toothpaste", "batteries", "light bulbs", "olive oil", "carrots",
)  # fmt: skip
"""What a closed recogniser listens for: alone, and two or three of them."""
_LONGEST_ENDING = 3
_LEAST_STEM = 3


def _hints() -> tuple[Alt | Seq, ...]:
    one = Alt(tuple(phrase(each) for each in _USUAL))
    return one, Seq((one, Word("and"), one)), Seq((one, one, Word("and"), one))


ITEMS = SlotType("items", Wild(_hints()))
LISTS = open_list("list", ("to do", "packing", "wish", "party", "christmas", "hardware"))


def parts(ctx: Context, said: str) -> list[str]:
    """The single things: parted by commas and "and", usual ones also by nothing; without articles."""
    written = as_written(said, ctx.text)
    joint = "|".join(map(re.escape, ctx.reply("joints").split()))
    articles = set(ctx.reply("articles").split())
    found = []
    for piece in re.split(rf"[,;]|\b(?:{joint})\b", written):
        words = piece.strip(" .!?").split()
        while len(words) > 1 and words[0].lower() in articles:
            words = words[1:]
        found += list(_usual(" ".join(words)))
    return list(dict.fromkeys(found))


def _usual(piece: str) -> Iterator[str]:
    """A piece that is nothing but usual things in a row, one by one; any other piece as it is."""
    words, things = piece.split(), list[str]()
    while words:
        size = next((n for n in (2, 1) if " ".join(words[:n]).lower() in _USUAL and len(words) >= n), 0)
        if not size:
            if piece:
                yield piece
            return
        things.append(" ".join(words[:size]))
        words = words[size:]
    yield from things


def found(wanted: Sequence[str], there: Sequence[str]) -> list[str]:
    """What is there of what is wanted: "egg" finds "eggs", and "two eggs" unless "eggs" is there, too."""
    gone = list[str]()
    for each in wanted:
        like = [item for item in there if same(each, item)]
        gone += [item for item in like if len(words_of(item)) == len(words_of(each))] or like
    return [item for item in there if item in gone]


def same(wanted: str, there: str) -> bool:
    """Whether every word of one is in the other, endings aside: "egg", "two eggs"."""
    words = words_of(there)
    return bool(words) and all(any(_alike(word, other) for other in words) for word in words_of(wanted))


def _alike(word: str, other: str) -> bool:
    """Whether two words differ only in their endings, as far as that can be told in any language."""
    short, long = sorted((word, other), key=len)
    common = next((at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    stem = _LEAST_STEM if common == len(short) else _LEAST_STEM + 1
    return word == other or (common >= max(stem, len(short) - 1) and len(long) - common <= _LONGEST_ENDING)
