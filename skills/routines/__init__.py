"""Routines: one phrase for several commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant import Cancelled, Context, NoAnswer, SkillError, skill
from assistant.intent.verbatim import as_written

from .book import DEFINITION, Book, commands_of, name_and_commands, plain

_names: dict[str, str] = {}
"""Spoken form → name, of every routine; what :func:`_routines` lists."""


def _routines() -> Mapping[str, str]:
    return dict(_names)


SLOTS = {"routine": _routines}


async def on_start(ctx: Context) -> None:
    """Learn the names of the routines."""
    _learn(ctx)


def _learn(ctx: Context) -> None:
    _names.clear()
    _names.update({name: name for name in Book(ctx).all()})


def _changed(ctx: Context) -> None:
    _learn(ctx)
    ctx.lists_changed()


@skill(slots=SLOTS)
async def run_routine(ctx: Context, routine: str) -> str:
    """Run the commands of a routine in their order."""
    commands = Book(ctx).all().get(plain(routine))
    if commands is None:
        raise SkillError(ctx.reply("no_such", name=routine))
    said = ""
    for command in commands:
        if said:
            await ctx.say(said)
        try:
            said = await ctx.skills.answer(command)
        except SkillError as error:
            said = str(error) or ctx.reply("failed", command=command)
    return said or ctx.reply("done")


@skill(slots={"definition": DEFINITION})
async def define_routine(ctx: Context, text: str | None = None) -> str:
    """Learn a routine: a phrase and the commands that it stands for."""
    commands = list[str]()
    if text is None:
        name = await ctx.ask(ctx.reply("what_phrase"), str)
    else:
        name, commands = name_and_commands(as_written(text, ctx.text), ctx.dialogue.is_command, _joints(ctx))
    if not plain(name):
        raise SkillError(ctx.reply("no_name"))
    if _is_taken(ctx, name) and not await ctx.confirm(ctx.reply("taken", name=name)):
        return ctx.reply("left", name=name)
    commands = commands or await _commands(ctx, name)
    before = Book(ctx).all().get(plain(name))
    _put(ctx, name, commands)
    ctx.undo(lambda: _put(ctx, name, before or ()))
    return ctx.reply("defined", name=name, commands=commands)


def _is_taken(ctx: Context, name: str) -> bool:
    return plain(name) in _names or ctx.dialogue.is_command(name)


async def _commands(ctx: Context, name: str) -> list[str]:
    """Ask for one command after the other, until there are no more.

    Raises:
        SkillError: there is none.
    """
    found = list[str]()
    question = ctx.reply("what_first", name=name)
    while True:
        try:
            answer = await ctx.ask(question, str)
        except (Cancelled, NoAnswer):
            if found:
                return found
            raise
        known = commands_of(answer, ctx.dialogue.is_command, _joints(ctx))
        found += known
        question = ctx.reply("what_next") if known else ctx.reply("not_known", text=answer)


def _joints(ctx: Context) -> list[str]:
    return ctx.reply("joints").split(", ")


def _put(ctx: Context, name: str, commands: Sequence[str]) -> None:
    if commands:
        Book(ctx).put(name, commands)
    else:
        Book(ctx).delete(name)
    _changed(ctx)


@skill(pure=True)
async def list_routines(ctx: Context) -> str:
    """Say which routines there are."""
    names = list(Book(ctx).all())
    return ctx.reply("routines", n=len(names), names=names) if names else ctx.reply("none")


@skill(pure=True)
async def describe_routine(ctx: Context, name: str) -> str:
    """Say what a routine does."""
    commands = Book(ctx).all().get(plain(name))
    if commands is None:
        raise SkillError(ctx.reply("no_such", name=name))
    return ctx.reply("does", name=name, commands=list(commands))


@skill(dangerous=True)
async def delete_routine(ctx: Context, name: str) -> str:
    """Forget a routine that the user has told."""
    book = Book(ctx)
    commands = book.all().get(plain(name))
    if commands is None:
        raise SkillError(ctx.reply("no_such", name=name))
    if commands == book.settled().get(plain(name)):
        raise SkillError(ctx.reply("in_settings", name=name))
    _put(ctx, name, ())
    ctx.undo(lambda: _put(ctx, name, list(commands)))
    return ctx.reply("deleted", name=name)
