"""Shopping list and other lists."""

from __future__ import annotations

from assistant import Context, SkillError, skill

from .items import ITEMS, LISTS, found, parts
from .shelf import Shelf

SLOTS = {"items": ITEMS, "list": LISTS}


async def _opened(ctx: Context, name: str | None) -> Shelf:
    """The list that is meant, which has to be there, or be the shopping list.

    Raises:
        SkillError: there is no such list.
    """
    shelf = Shelf.named(ctx, name)
    if not shelf.known:
        raise SkillError(ctx.reply("no_such_list", list=shelf.title))
    return shelf


@skill(slots=SLOTS)
async def add_to_list(ctx: Context, items: str | None = None, list: str | None = None) -> str:
    """Put something on the shopping list, or on another list; several things at once, too."""
    shelf = Shelf.named(ctx, list)
    if not shelf.known and not await ctx.confirm(ctx.reply("make_it", list=shelf.title)):
        return ctx.reply("not_made", list=shelf.title)
    if items is None:
        items = await ctx.ask(ctx.reply("what", list=shelf.title), str)
    wanted = parts(ctx, items)
    before = shelf.items
    fresh = [each for each in wanted if not any(each.lower() == there.lower() for there in before)]
    if not fresh:
        return ctx.reply("there_already", items=wanted, list=shelf.title)
    shelf.put([*before, *fresh])
    ctx.undo(lambda: shelf.put(before))
    return ctx.reply("added", items=fresh, list=shelf.title)


@skill(slots=SLOTS)
async def remove_from_list(ctx: Context, items: str, list: str | None = None) -> str:
    """Take something off a list."""
    shelf = await _opened(ctx, list)
    before, wanted = shelf.items, parts(ctx, items)
    gone = found(wanted, before)
    if not gone:
        return ctx.reply("not_there", items=wanted, list=shelf.title)
    shelf.put([there for there in before if there not in gone])
    ctx.undo(lambda: shelf.put(before))
    return ctx.reply("removed", items=gone, list=shelf.title)


@skill(slots=SLOTS, pure=True)
async def read_list(ctx: Context, list: str | None = None) -> str:
    """Read a list out."""
    shelf = await _opened(ctx, list)
    items = shelf.items
    return ctx.reply("read", n=len(items), items=items, list=shelf.title) if items else _empty(ctx, shelf)


@skill(slots=SLOTS, pure=True)
async def count_list(ctx: Context, list: str | None = None) -> str:
    """Say how many things are on a list."""
    shelf = await _opened(ctx, list)
    return ctx.reply("count", n=len(shelf.items), list=shelf.title) if shelf.items else _empty(ctx, shelf)


@skill(slots=SLOTS, pure=True)
async def is_on_list(ctx: Context, items: str, list: str | None = None) -> str:
    """Say whether something is on a list."""
    shelf = await _opened(ctx, list)
    wanted = parts(ctx, items)
    there = found(wanted, shelf.items)
    if there:
        return ctx.reply("is_there", items=there, list=shelf.title)
    return ctx.reply("is_not_there", items=wanted, list=shelf.title)


@skill(slots=SLOTS)
async def clear_list(ctx: Context, list: str | None = None) -> str:
    """Take everything off a list, when the user is sure."""
    shelf = await _opened(ctx, list)
    before = shelf.items
    if not before:
        return _empty(ctx, shelf)
    if not await ctx.confirm(ctx.reply("sure_clear", n=len(before), list=shelf.title)):
        return ctx.reply("kept")
    shelf.put([])
    ctx.undo(lambda: shelf.put(before))
    return ctx.reply("cleared", list=shelf.title)


@skill(pure=True)
async def all_lists(ctx: Context) -> str:
    """Say which lists there are."""
    titles = [shelf.title for shelf in Shelf.all(ctx)]
    return ctx.reply("lists", n=len(titles), lists=titles) if titles else ctx.reply("no_lists")


@skill(slots=SLOTS)
async def make_list(ctx: Context, list: str) -> str:
    """Begin a new list."""
    shelf = Shelf.named(ctx, list)
    if shelf.exists:
        return ctx.reply("exists", list=shelf.title)
    shelf.put([])
    ctx.undo(shelf.delete)
    return ctx.reply("made", list=shelf.title)


@skill(slots=SLOTS)
async def delete_list(ctx: Context, list: str | None = None) -> str:
    """Do away with a list, when the user is sure."""
    shelf = await _opened(ctx, list)
    before = shelf.items
    if before and not await ctx.confirm(ctx.reply("sure_delete", n=len(before), list=shelf.title)):
        return ctx.reply("kept")
    shelf.delete()
    ctx.undo(lambda: shelf.put(before))
    return ctx.reply("deleted", list=shelf.title)


def _empty(ctx: Context, shelf: Shelf) -> str:
    return ctx.reply("empty", list=shelf.title)
