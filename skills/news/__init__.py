"""News."""

from __future__ import annotations

from itertools import chain, zip_longest

from assistant import Card, Context, Duration, NetworkError, SkillError, skill

from .feeds import Story, stories

_FRESH = 900.0
"""Seconds for which a feed is as good as a new one."""


@skill(pure=True)  # to read them again makes no difference
async def headlines(ctx: Context) -> str:
    """Read the headlines; "more about the second one" and "next headlines" go on from there."""
    found, age = await _gathered(ctx)
    ctx.store.put("stories", [[story.title, story.text] for story in found])
    said = _read_from(ctx, 0)
    if age <= _FRESH:
        return said
    return f"{ctx.reply('old', age=_rounded(age))} {said}"


@skill()
async def next_headlines(ctx: Context) -> str:
    """Read the headlines that follow."""
    if not ctx.store.get("stories"):
        raise SkillError(ctx.reply("nothing_read"))
    return _read_from(ctx, int(ctx.store.get("at", 0)) + int(ctx.settings["headlines"]))


@skill(pure=True)
async def more_about(ctx: Context, place: int) -> str:
    """Say what one of the headlines just read is about."""
    read = ctx.store.get("stories", [])[int(ctx.store.get("at", 0)) :][: int(ctx.settings["headlines"])]
    if not read:
        raise SkillError(ctx.reply("nothing_read"))
    if place > len(read):
        raise SkillError(ctx.reply("no_such", n=len(read)))
    title, text = read[place - 1 if place > 0 else -1]
    if not text or text == title:
        return ctx.reply("no_text", title=_ended(title))
    ctx.show(Card(title, text))
    return ctx.reply("about", title=_ended(title), text=_ended(text))


async def _gathered(ctx: Context) -> tuple[list[Story], float]:
    """The stories of all feeds in turn, and how old the oldest feed is; feeds that fail are left out.

    Raises:
        SkillError: none of them can be read.
    """
    found: list[list[Story]] = []
    age, failure = 0.0, SkillError(ctx.reply("no_news"))
    for address in ctx.settings["feeds"]:
        try:
            told, seconds = await _feed(ctx, address)
        except NetworkError as error:
            failure = error
        except ValueError as error:
            ctx.log.warning("%s: %s", address, error)
            failure = SkillError(ctx.reply("nonsense"))
        else:
            found.append(told)
            age = max(age, seconds)
    mixed = [story for story in chain.from_iterable(zip_longest(*found)) if story is not None]
    if not mixed:
        raise failure
    return list({story.title: story for story in mixed}.values()), age


async def _feed(ctx: Context, address: str) -> tuple[list[Story], float]:
    """A feed's stories and its age; a copy that makes no sense is read anew.

    Raises:
        NetworkError: it cannot be had.
        ValueError: it is no feed.
    """
    fetched = await ctx.fetch(address, max_age=_FRESH)
    try:
        return stories(fetched.bytes), fetched.age_seconds
    except ValueError:
        fetched = await ctx.fetch(address)
        return stories(fetched.bytes), fetched.age_seconds


def _read_from(ctx: Context, at: int) -> str:
    """The headlines from a place on."""
    titles = [title for title, _text in ctx.store.get("stories", [])][at:][: int(ctx.settings["headlines"])]
    if not titles:
        raise SkillError(ctx.reply("no_more"))
    ctx.store.put("at", at)
    ctx.show(Card(ctx.reply("title"), "\n".join(titles)))
    return ctx.reply("headlines" if at == 0 else "further", titles=" ".join(map(_ended, titles)))


def _ended(text: str) -> str:
    """The text as a sentence ends."""
    return text if text.endswith((".", "!", "?", "…", "»", "“", '"')) else f"{text}."


def _rounded(seconds: float) -> Duration:
    """To whole minutes, and to whole hours from two of them on."""
    unit = 3_600 if seconds >= 7_200 else 60
    return Duration(seconds=round(seconds / unit) * unit)
