"""Games."""

from __future__ import annotations

import random

from assistant import Cancelled, Context, NoAnswer, skill

from . import quiz
from .answers import GIVEN_UP, number_or_giving_up


@skill()
async def guess_number(ctx: Context) -> str:
    """Think of a number; the user guesses, and hears whether it is larger or smaller."""
    largest = int(ctx.settings["largest"])
    secret, tries = random.randint(1, largest), 0
    said = ctx.reply("think", largest=largest)
    kind = number_or_giving_up(ctx)
    while True:
        try:
            guess = await ctx.ask(said, kind)
        except (Cancelled, NoAnswer):
            guess = GIVEN_UP
        if guess == GIVEN_UP:
            return ctx.reply("given_up", number=secret)
        if not 1 <= guess <= largest:
            said = ctx.reply("outside", largest=largest)
            continue
        tries += 1
        if guess == secret:
            return _guessed(ctx, secret, tries)
        said = ctx.reply("larger" if guess < secret else "smaller", number=guess)


def _guessed(ctx: Context, secret: int, tries: int) -> str:
    """Praise, and a word on the best game so far of the same size."""
    key = f"fewest/{ctx.settings['largest']}"
    best = ctx.store.get(key)
    said = ctx.reply("guessed", number=secret, n=tries)
    if best is None or tries < best:
        ctx.store.put(key, tries)
        return said if best is None else f"{said} {ctx.reply('record')}"
    return said


@skill()
async def play_quiz(ctx: Context) -> str:
    """Ask a few questions, each with three answers to choose from, and keep the score."""
    asked, right, missed = 0, 0, False
    feedback = ctx.reply("begin")
    for question in quiz.chosen(ctx, int(ctx.settings["questions"])):
        try:
            correct: bool | None = await quiz.put(ctx, question, asked + 1, feedback)
            missed = False
        except Cancelled:
            feedback = ""
            break
        except NoAnswer:
            if missed:
                feedback = ""
                break
            correct, missed = None, True
        asked, right = asked + 1, right + bool(correct)
        quiz.remember(ctx, question)
        feedback = ctx.reply("right" if correct else "wrong", answer=question.right)
    if not asked:
        return ctx.reply("another_time")
    quiz.count(ctx, right, asked)
    return f"{feedback} {ctx.reply('result', n=right, asked=asked)}".strip()


@skill(pure=True)
async def quiz_score(ctx: Context) -> str:
    """Say how many questions were answered right so far."""
    right, asked = quiz.score(ctx)
    return ctx.reply("score", n=right, asked=asked) if asked else ctx.reply("no_score")


@skill()
async def forget_score(ctx: Context) -> str:
    """Begin the quiz's score anew."""
    before = quiz.score(ctx)
    quiz.forget(ctx)
    ctx.undo(lambda: quiz.count(ctx, *before))
    return ctx.reply("forgotten")
