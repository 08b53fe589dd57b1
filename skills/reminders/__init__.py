"""Reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from assistant import Context, Date, Duration, Recurrence, SkillError, TimeOfDay, skill
from assistant.intent.lang import language
from assistant.intent.template import Alt, SlotType, words_of
from assistant.intent.verbatim import as_written
from assistant.skill.around import Card
from assistant.skill.scheduling import LATE, Scheduled

from .moments import after, ago, clock_of, day_of, described, first, in_part, is_timed, recurrence

_SNOOZE = Duration(minutes=10)
_RECENT_S = 3600.0
_LEAST_SHARE = 0.5
_SHORT = 3


async def on_due(ctx: Context, _name: str, payload: Any) -> None:
    """Remind of one thing."""
    text, now = payload["text"], ctx.now()
    ctx.store.put("recent", {"text": text, "at": now.timestamp()})
    due = ctx.due or now
    late = now.timestamp() - due.timestamp() > LATE
    said = ctx.reply("late", text=text, time=ago(now, due)) if late else ctx.reply("due", text=text)
    ctx.show(Card(ctx.reply("title"), text))
    seconds = float(ctx.settings["ring"])
    if seconds:
        await ctx.ring(said, seconds)
    else:
        await ctx.announce(said)


# --- setting -----------------------------------------------------------------------------------


@skill()
async def remind(
    ctx: Context,
    text: str | None = None,
    time: TimeOfDay | None = None,
    day: Date | None = None,
    part: str | None = None,
    duration: Duration | None = None,
) -> str:
    """Remind of something once, at a time of day, on a day or after a while."""
    text = await _text(ctx, text)
    time = in_part(ctx, time, part)
    if time is None and duration is None:
        given = await ctx.ask(ctx.reply("when", text=text), _when(ctx))
        time, duration = (None, given) if isinstance(given, Duration) else (given, None)
    if duration is not None:
        moment = after(ctx.now(), duration)
        _keep(ctx, text, moment, None)
        return ctx.reply("set_in", time=duration, text=text)
    assert time is not None
    moment = first(ctx, time, day)
    _keep(ctx, text, moment, None)
    return ctx.reply("set", day=day_of(moment, ctx.now()), time=clock_of(moment), text=text)


@skill()
async def remind_repeatedly(
    ctx: Context,
    text: str | None = None,
    *,
    every: str | None = None,
    weekday: int | None = None,
    weekday2: int | None = None,
    weekday3: int | None = None,
    number: int | None = None,
    unit: str | None = None,
    time: TimeOfDay | None = None,
    day: Date | None = None,
    part: str | None = None,
) -> str:
    """Remind of something again and again: every day, on some days of the week, every so many hours."""
    text = await _text(ctx, text)
    days = tuple(each for each in (weekday, weekday2, weekday3) if each is not None)
    repeat = recurrence(every, days, number, unit)
    if is_timed(repeat):
        time = in_part(ctx, time, part)
        if time is None:
            time = await ctx.ask(ctx.reply("what_time", text=text), TimeOfDay)
        moment = first(ctx, time, day, repeat)
    else:
        following = repeat.next(ctx.now())
        assert following is not None
        moment = following
    _keep(ctx, text, moment, repeat)
    return ctx.reply("set_repeating", repeat=described(ctx, repeat, moment), text=text)


async def _text(ctx: Context, text: str | None) -> str:
    """What to be reminded of, as it was written; asked for if it was not said."""
    said: str = as_written(text, ctx.text) if text else await ctx.ask(ctx.reply("what"), str)
    return " ".join("".join(" " if char in "[](){}<>|" else char for char in said).split()).rstrip(".!")


def _when(ctx: Context) -> SlotType:
    """A time of day, or a length of time from now."""
    slots = language(ctx.language).slots
    time, duration = slots["time"], slots["duration"]

    def parse(text: str) -> TimeOfDay | Duration | None:
        found = (time.parse(text) if time.parse else None) or (duration.parse(text) if duration.parse else None)
        assert found is None or isinstance(found, TimeOfDay | Duration)
        return found

    return SlotType("time", Alt((time.node, duration.node)), parse)


def _keep(ctx: Context, text: str, moment: datetime, repeat: Recurrence | None) -> None:
    entry = ctx.schedule(f"reminder-{token_hex(4)}", moment, repeat, {"text": text})

    def forget() -> None:
        ctx.unschedule(entry.name)

    ctx.undo(forget)


# --- looking and cancelling ----------------------------------------------------------------------


@skill(pure=True)
async def list_reminders(ctx: Context, day: Date | None = None) -> str:
    """Tell what will be reminded of, all of it or that of one day."""
    found = ctx.scheduled()
    if day is not None:
        wanted = day.resolve(ctx.now().date())
        found = [each for each in found if each.when.date() == wanted]
        if not found:
            return ctx.reply("none_then", day=day)
    if not found:
        return ctx.reply("none")
    return ctx.reply("list", n=len(found), items=[_label(ctx, each) for each in found])


@skill()
async def cancel_reminder(ctx: Context, text: str | None = None, time: TimeOfDay | None = None) -> str:
    """Cancel one reminder, chosen by its words or its time when there are several."""
    chosen = await _pick(ctx, text, time)
    ctx.unschedule(chosen.name)
    ctx.undo(lambda: _again(ctx, chosen))
    return ctx.reply("cancelled", text=chosen.payload["text"])


@skill()
async def cancel_all_reminders(ctx: Context) -> str:
    """Cancel every reminder, when the user is sure."""
    found = ctx.scheduled()
    if not found:
        return ctx.reply("none")
    if len(found) > 1 and not await ctx.confirm(ctx.reply("sure", n=len(found))):
        return ctx.reply("kept")
    for each in found:
        ctx.unschedule(each.name)
    return ctx.reply("all_cancelled", n=len(found))


@skill()
async def snooze_reminder(ctx: Context, duration: Duration | None = None) -> str:
    """Remind of the last thing once more after a while, ten minutes if no time is given."""
    recent: Mapping[str, Any] | None = ctx.store.get("recent")
    if recent is None or ctx.now().timestamp() - recent["at"] > _RECENT_S:
        raise SkillError(ctx.reply("nothing_recent"))
    if ctx.house.ringing:
        ctx.house.stop()
    pause = duration or _SNOOZE
    _keep(ctx, recent["text"], after(ctx.now(), pause), None)
    return ctx.reply("again", time=pause, text=recent["text"])


def _label(ctx: Context, entry: Scheduled) -> str:
    text = entry.payload["text"]
    if entry.repeat is not None:
        return ctx.reply("item_repeating", text=text, repeat=described(ctx, entry.repeat, entry.when))
    return ctx.reply("item", text=text, day=day_of(entry.when, ctx.now()), time=clock_of(entry.when))


async def _pick(ctx: Context, text: str | None, time: TimeOfDay | None) -> Scheduled:
    """The reminder that is meant; the user is asked which one when there are several.

    Raises:
        SkillError: there is none like that.
    """
    every = ctx.scheduled()
    if not every:
        raise SkillError(ctx.reply("none"))
    found = _alike(every, text) if text else every
    if time is not None:
        found = [each for each in found if each.when.minute == time.minute and each.when.hour in time.hours()]
    if not found:
        raise SkillError(ctx.reply("no_such", text=text) if text else ctx.reply("none_at", time=time))
    if len(found) == 1:
        return found[0]
    labels = {_label(ctx, each): each for each in found}
    items = language(ctx.language).say.listed(list(labels), "or")
    chosen: Scheduled = await ctx.ask(ctx.reply("which", items=items), labels)
    return chosen


def _alike(entries: Sequence[Scheduled], text: str) -> list[Scheduled]:
    """Those that have most of the words, at least half of them; short words count only among themselves."""
    every = set(words_of(text))
    words = {word for word in every if len(word) > _SHORT} or every
    shares = [len(words & set(words_of(each.payload["text"]))) / max(1, len(words)) for each in entries]
    best = max(shares)
    return [each for each, share in zip(entries, shares, strict=True) if share == best >= _LEAST_SHARE]


def _again(ctx: Context, entry: Scheduled) -> None:
    ctx.schedule(entry.name, entry.when, entry.repeat, entry.payload)
