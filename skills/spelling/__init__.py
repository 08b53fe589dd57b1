"""Spelling."""

from __future__ import annotations

from assistant import Context, SkillError, skill
from assistant.intent.verbatim import as_written

_LONGEST = 60
"""Letters that anybody can follow."""


@skill(pure=True)
async def spell(ctx: Context, word: str) -> str:
    """Spell a word, or a few of them, letter by letter."""
    word = as_written(word, ctx.text)
    words = [letters for each in word.split() if (letters := [sign for sign in each if sign.isalnum()])]
    if not words:
        raise SkillError(ctx.reply("nothing"))
    if sum(map(len, words)) > _LONGEST:
        raise SkillError(ctx.reply("too_long"))
    said = "; ".join(", ".join(_capital(letter) for letter in letters) for letters in words)
    return ctx.reply("spelt", word=word, letters=said)


def _capital(letter: str) -> str:
    """The letter by itself, as it is read out; "ß" has no capital that a voice knows."""
    return letter.upper() if len(letter.upper()) == 1 else letter
