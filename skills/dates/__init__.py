"""Dates."""

from __future__ import annotations

from datetime import date, timedelta

from assistant import Context, Date, SkillError, skill

from .words import calendar_day, full, month, number, sentence, weekday_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _day(ctx: Context, when: Date) -> date:
    try:
        return when.resolve(ctx.now().date())
    except (ValueError, OverflowError) as error:
        raise SkillError(ctx.reply("no_such_day")) from error


@skill(pure=True)
async def current_date(ctx: Context) -> str:
    """Tell today's date and day of the week."""
    return sentence(ctx.reply("today", day=full(ctx, ctx.now().date())))


@skill(slots={"possessive": {"tomorrow's": 1, "yesterday's": -1}}, pure=True)
async def date_of(ctx: Context, day: Date | None = None, possessive: int = 0) -> str:
    """Tell the full date and the day of the week of another day."""
    day = day or Date(offset=possessive)
    found, today = _day(ctx, day), ctx.now().date()
    over = "_past" if found < today else ""
    if day.month is not None:
        return sentence(ctx.reply(f"weekday{over}", name=day, weekday=weekday_of(ctx, found)))
    if day.weekday is not None:
        return sentence(ctx.reply(f"date{over}", name=day, date=calendar_day(ctx, found, today)))
    near = day.offset is None or day.offset < 2 or day.offset == 7
    return sentence(ctx.reply(f"full{over}" if near else "ahead", name=day, day=full(ctx, found, today)))


@skill(pure=True)
async def days_until(ctx: Context, day: Date, since: str | None = None) -> str:
    """Tell how many days it is until a day, or since it."""
    found = _latest(ctx, day) if since else _day(ctx, day)
    days = (found - ctx.now().date()).days
    if days == 0:
        return ctx.reply("that_is_today")
    key = "until" if days > 0 else "since"
    return sentence(ctx.reply(key, n=abs(days), number=number(ctx, abs(days)), day=full(ctx, found)))


def _latest(ctx: Context, day: Date) -> date:
    """The latest such day that is not in the future, where the year was not said."""
    today = ctx.now().date()
    found = _day(ctx, day)
    if found > today and day.month is not None and day.year is None:
        return _day(ctx, Date(day=day.day, month=day.month, year=today.year - (found.year == today.year)))
    return found - timedelta(7) if found > today and day.weekday is not None else found


@skill(slots={"weekday": WEEKDAYS}, pure=True)
async def is_weekday(ctx: Context, weekday: str) -> str:
    """Say whether today is a certain day of the week."""
    today = ctx.now().date()
    return ctx.reply("is_it" if WEEKDAYS[today.weekday()] == weekday else "is_not", day=full(ctx, today))


@skill(pure=True)
async def week_number(ctx: Context) -> str:
    """Tell the number of the calendar week (ISO 8601: weeks begin on Monday)."""
    return ctx.reply("week", week=ctx.now().isocalendar().week)


@skill(pure=True)
async def month_and_year(ctx: Context) -> str:
    """Tell the month and the year."""
    today = ctx.now().date()
    return ctx.reply("month", month=month(ctx, today), year=str(today.year))
