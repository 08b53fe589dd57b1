"""The quiz: which questions are asked, how an answer is judged, and the score."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant import Context
from assistant.intent.answers import Expectation
from assistant.intent.lang import language

from .answers import GIVEN_UP, giving_up

_LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers.

    Attributes:
        number: its place in the file; the same question in every language.
        level: 1 is easy, 3 is hard.
        text: as it is asked.
        right: the answer.
        wrong: two others.
    """

    number: int
    level: int
    text: str
    right: str
    wrong: tuple[str, str]


@cache
def questions(code: str) -> tuple[Question, ...]:
    """All questions in a language, of ``questions/LANG.yaml``; in English where there are none."""
    import yaml

    folder = Path(__file__).parent / "questions"
    path = folder / f"{code}.yaml"
    given = yaml.safe_load((path if path.is_file() else folder / "en.yaml").read_text(encoding="utf-8"))
    return tuple(Question(at, line[0], line[1], line[2], (line[3], line[4])) for at, line in enumerate(given))


def chosen(ctx: Context, count: int) -> list[Question]:
    """Questions for one game, from easy to hard; none comes again before all of its level were asked."""
    asked = set(ctx.store.get("asked", []))
    picked: list[Question] = []
    for at, level in enumerate(_LEVELS):
        wanted = (count + len(_LEVELS) - 1 - at) // len(_LEVELS)
        picked += _of_level([each for each in questions(ctx.language) if each.level == level], asked, wanted)
    return picked


def _of_level(there: Sequence[Question], asked: set[int], wanted: int) -> list[Question]:
    fresh = [each for each in there if each.number not in asked]
    old = [each for each in there if each.number in asked]
    random.shuffle(fresh)
    random.shuffle(old)
    return (fresh + old)[:wanted]


async def put(ctx: Context, question: Question, number: int, before: str) -> bool:
    """Ask a question; whether the answer is right.

    Args:
        number: of the question in this game.
        before: said before it.

    Raises:
        Cancelled: the user wants no more of it.
        NoAnswer: nothing that fits was answered.
    """
    choices = [question.right, *question.wrong]
    random.shuffle(choices)
    listed = language(ctx.language).say.listed(choices, "or")
    text = ctx.reply("question", number=number, question=question.text, choices=listed)
    expected = Expectation(choices, (giving_up(ctx), lambda value: value), ctx.language)
    answer = await ctx.ask(f"{before} {text}", expected)
    return answer != GIVEN_UP and bool(answer == question.right)


def remember(ctx: Context, question: Question) -> None:
    """A question was asked; once all of its level were, they may come again."""
    asked = {*ctx.store.get("asked", []), question.number}
    level = {each.number for each in questions(ctx.language) if each.level == question.level}
    ctx.store.put("asked", sorted(asked - level if level <= asked else asked))


def score(ctx: Context) -> tuple[int, int]:
    """Questions that were answered right, and all that were asked."""
    right, asked = ctx.store.get("score", [0, 0])
    return right, asked


def count(ctx: Context, right: int, asked: int) -> None:
    """Add a game to the score."""
    before = score(ctx)
    ctx.store.put("score", [before[0] + right, before[1] + asked])


def forget(ctx: Context) -> None:
    """Begin the score anew."""
    ctx.store.delete("score")
