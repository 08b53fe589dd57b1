"""What is said of alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from assistant import Context, Date, Duration, TimeOfDay
from assistant.skill.schedule import Entry
from assistant.skill.scheduling import Scheduled

EVERY_DAY, WORKDAYS, WEEKEND = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)
_NAMED = {EVERY_DAY: "every_day", WORKDAYS: "every_workday", WEEKEND: "every_weekend"}


def sentence(text: str) -> str:
    """With a capital letter at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def moment_of(entry: Entry | Scheduled, now: datetime) -> datetime:
    """When it rings next."""
    return datetime.fromtimestamp(entry.due, now.tzinfo) if isinstance(entry, Entry) else entry.when


def clock(moment: datetime) -> TimeOfDay:
    """A moment's time of day."""
    return TimeOfDay(moment.hour, moment.minute, "pm" if moment.hour >= 12 else "am")


def at(ctx: Context, moment: datetime) -> str:
    """``"6:30 am tomorrow"``, ``"8 pm on Friday"``."""
    days = (moment.date() - ctx.now().date()).days
    if days in (0, 1):
        return ctx.reply("near", time=clock(moment), day=Date(offset=days))
    if days < 7:
        return ctx.reply("near", time=clock(moment), day=Date(weekday=moment.weekday()))
    english = ctx.replies.language == "en"
    day = f"{moment:%A}, {moment:%B} {moment.day}" if english else Date(day=moment.day, month=moment.month)
    return ctx.reply("far", time=clock(moment), day=day)


def described(ctx: Context, entry: Entry | Scheduled) -> str:
    """When an alarm rings: ``"6:30 am tomorrow"``, ``"6:30 am every weekday"``."""
    if isinstance(entry, Entry):
        return at(ctx, moment_of(entry, ctx.now()))
    assert entry.repeat is not None
    time, days = clock(entry.when), entry.repeat.weekdays
    if key := _NAMED.get(tuple(days)):
        return ctx.reply(key, time=time)
    return ctx.reply("every", time=time, days=joined(ctx, [ctx.reply(f"weekday_{day}") for day in days]))


def joined(ctx: Context, parts: Sequence[str]) -> str:
    """``"Monday and Friday"``."""
    return reduce(lambda first, last: ctx.reply("both", first=first, last=last), parts)


def listed(ctx: Context, parts: Sequence[str], key: str) -> str:
    """Parts in a row, the last joined by the words of a key, ``both`` or ``either``."""
    return ctx.reply(key, first=", ".join(parts[:-1]), last=parts[-1])


def wanted(ctx: Context, time: TimeOfDay | None, day: Date | None) -> str:
    """A time and a day as they were asked for, either of which may be missing."""
    if time is not None and day is not None:
        return ctx.reply("near", time=time, day=day)
    return ctx.reply("on_day", day=day) if time is None else ctx.reply("at_time", time=time)


def ringing(ctx: Context, fresh: Sequence[Entry], late: Sequence[Entry], now: datetime) -> str:
    """What is said while alarms ring: those that are due, and those that were due while nothing ran."""
    said = []
    if late:
        times = joined(ctx, [ctx.reply("time", time=clock(moment_of(entry, now))) for entry in late])
        minutes = max(1, round((now.timestamp() - late[0].due) / 60))
        ago = Duration(minutes=minutes if minutes < 120 else round(minutes / 60) * 60)
        said.append(sentence(ctx.reply("late", n=len(late), times=times, time=ago)))
    if fresh:
        said.append(sentence(ctx.reply("due", time=clock(now))))
    return " ".join(said)
