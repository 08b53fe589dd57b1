"""Translation."""

from __future__ import annotations

import asyncio
from typing import Literal

from assistant import Context, SkillError, skill
from assistant.intent.verbatim import as_written

from . import argos, phrasebook

Code = Literal["en", "de", "fr", "es", "ru", "bg"]


@skill(pure=True)
async def translate(ctx: Context, text: str, target: Code) -> str:
    """Say how something is said in another language."""
    text = as_written(text, ctx.text)
    if target == ctx.language:
        return ctx.reply("same", text=text)
    found = phrasebook.translated(text, ctx.language, target) or await _by_model(ctx, text, target)
    if found is None:
        key = "not_in_book" if argos.is_installed() else "only_phrases"
        raise SkillError(ctx.reply(key, text=text, language=ctx.reply(f"in_{target}")))
    return ctx.reply("says", text=text, language=ctx.reply(f"in_{target}"), found=found)


async def _by_model(ctx: Context, text: str, target: str) -> str | None:
    """What a model says, None without one."""
    if not argos.is_installed():
        return None
    try:
        return await asyncio.to_thread(argos.translated, text, ctx.language, target)
    except Exception as error:  # whatever a library of that size raises
        ctx.log.warning("argostranslate failed: %s: %s", type(error).__name__, error)
        return None
