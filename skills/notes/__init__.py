"""Notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant import Context, Date, SkillError, TimeOfDay, skill
from assistant.intent.template import words_of
from assistant.intent.verbatim import as_written
from assistant.skill.around import Card

_PREFIX = "note/"
_AT_ONCE = 3
"""Notes that are read in one go."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    Attributes:
        key: where it is kept; keys sort by age.
        at: when it was taken, POSIX seconds.
        text: what it says.
    """

    key: str
    at: float
    text: str


def _notes(ctx: Context) -> list[Note]:
    """Every note, the newest first."""
    found = [Note(key, value["at"], value["text"]) for key, value in ctx.store.items(_PREFIX)]
    return found[::-1]


def _put(ctx: Context, note: Note) -> None:
    ctx.store.put(note.key, {"at": note.at, "text": note.text})


def _newest(ctx: Context) -> Note:
    notes = _notes(ctx)
    if not notes:
        raise SkillError(ctx.reply("none"))
    return notes[0]


def _shown(ctx: Context, note: Note, key: str = "note") -> str:
    """The note and when it was taken."""
    moment, now = datetime.fromtimestamp(note.at, ctx.now().tzinfo), ctx.now()
    days = (moment.date() - now.date()).days
    year = moment.year if moment.year != now.year else None
    day = Date(offset=days) if days >= -1 else Date(day=moment.day, month=moment.month, year=year)
    time = TimeOfDay(moment.hour, moment.minute, "pm" if moment.hour >= 12 else "am")
    return ctx.reply(key, text=note.text, day=day, time=time)


@skill()
async def take_note(ctx: Context, text: str | None = None) -> str:
    """Take a note."""
    said = as_written(text, ctx.text) if text else await ctx.ask(ctx.reply("what"), str)
    moment = ctx.now().timestamp()
    note = Note(f"{_PREFIX}{moment:017.3f}/{len(_notes(ctx)):05}", moment, said.strip())
    _put(ctx, note)
    ctx.undo(lambda: ctx.store.delete(note.key))
    return ctx.reply("taken", text=note.text)


@skill()
async def append_note(ctx: Context, text: str | None = None) -> str:
    """Add something to the last note."""
    note = _newest(ctx)
    said = as_written(text, ctx.text) if text else await ctx.ask(ctx.reply("what_more", text=note.text), str)
    joint = " " if note.text[-1:] in ".!?" else ", "
    longer = Note(note.key, note.at, f"{note.text}{joint}{said.strip()}")
    _put(ctx, longer)
    ctx.undo(lambda: _put(ctx, note))
    return ctx.reply("appended", text=longer.text)


@skill()
async def read_notes(ctx: Context) -> str:
    """Read the notes out, the newest first, three at a time."""
    return await _read(ctx, _notes(ctx), "none")


@skill()
async def search_notes(ctx: Context, text: str) -> str:
    """Find the notes that have some words in them."""
    words = words_of(text)
    found = [note for note in _notes(ctx) if all(_has(note, word) for word in words)]
    if not found:
        return ctx.reply("not_found", text=text)
    return await _read(ctx, found, "not_found")


def _has(note: Note, word: str) -> bool:
    """Whether a word is in the note, if with another ending."""
    stem = word[: max(3, len(word) - 2)] if len(word) > 3 else word
    return any(other == word or (len(word) > 3 and other.startswith(stem)) for other in words_of(note.text))


async def _read(ctx: Context, notes: list[Note], otherwise: str) -> str:
    if not notes:
        return ctx.reply(otherwise)
    texts = [_shown(ctx, note) for note in notes]
    ctx.show(Card(ctx.reply("title"), "\n".join(texts)))
    said = f"{ctx.reply('count', n=len(notes))} {' '.join(texts[:_AT_ONCE])}"
    rest = texts[_AT_ONCE:]
    while rest and await ctx.confirm(f"{said} {ctx.reply('go_on')}"):
        said, rest = " ".join(rest[:_AT_ONCE]), rest[_AT_ONCE:]
        if not rest:
            return said
    return ctx.reply("enough") if rest else said


@skill(pure=True)
async def read_last_note(ctx: Context) -> str:
    """Read the last note out."""
    return _shown(ctx, _newest(ctx), "last")


@skill(pure=True)
async def count_notes(ctx: Context) -> str:
    """Say how many notes there are."""
    number = len(_notes(ctx))
    return ctx.reply("count", n=number) if number else ctx.reply("none")


@skill()
async def delete_last_note(ctx: Context) -> str:
    """Delete the last note, when the user is sure."""
    note = _newest(ctx)
    if not await ctx.confirm(ctx.reply("sure_last", text=note.text)):
        return ctx.reply("kept")
    ctx.store.delete(note.key)
    ctx.undo(lambda: _put(ctx, note))
    return ctx.reply("deleted")


@skill()
async def delete_notes(ctx: Context) -> str:
    """Delete every note, when the user is sure."""
    notes = _notes(ctx)
    if not notes:
        return ctx.reply("none")
    if not await ctx.confirm(ctx.reply("sure_all", n=len(notes))):
        return ctx.reply("kept")
    for note in notes:
        ctx.store.delete(note.key)
    return ctx.reply("all_deleted")
