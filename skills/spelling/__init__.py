"""Spelling."""

from __future__ import annotations

from assistant import Context, SkillError, skill

_LONGEST = 60
"""Letters that anybody can follow."""


@skill(pure=True)
async def spell(ctx: Context, word: str) -> str:
    """Spell a word, or a few of them, letter by letter."""
    word = _as_written(word.replace("' ", "'"), ctx.text.replace("’", "'"))
    words = [letters for each in word.split() if (letters := [sign for sign in each if sign.isalnum()])]
    if not words:
        raise SkillError(ctx.reply("nothing"))
    if sum(map(len, words)) > _LONGEST:
        raise SkillError(ctx.reply("too_long"))
    said = "; ".join(", ".join(_capital(letter) for letter in letters) for letters in words)
    return ctx.reply("spelt", word=word, letters=said)


def _as_written(word: str, text: str) -> str:
    """The word as it stands in what was said; what is understood is in small letters, and "ё" is "е" there."""
    at = text.lower().replace("ё", "е").find(word.lower().replace("ё", "е"))
    return text[at : at + len(word)] if at >= 0 else word


def _capital(letter: str) -> str:
    """The letter by itself, as it is read out; "ß" has no capital that a voice knows."""
    return letter.upper() if len(letter.upper()) == 1 else letter
