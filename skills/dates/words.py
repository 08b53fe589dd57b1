"""Days as the user's language says them; in English, which has forms of its own here, month before day."""

from __future__ import annotations

from datetime import date

from assistant import Context, Date
from assistant.intent.values import counted, ordinal


def _english(ctx: Context) -> bool:
    return ctx.replies.language == "en"


def sentence(text: str) -> str:
    """With a capital letter at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def full(ctx: Context, day: date, today: date | None = None) -> str | date:
    """``"Wednesday, March 4th"``; with the year if it is another one than today's, elsewhere always."""
    year = f" {day.year}" if today is not None and day.year != today.year else ""
    return f"{day:%A}, {day:%B} {ordinal(day.day)}{year}" if _english(ctx) else day


def calendar_day(ctx: Context, day: date, today: date) -> str | Date:
    """``"March 4th"``, with the year if it is another one."""
    year = day.year if day.year != today.year else None
    if _english(ctx):
        return f"{day:%B} {ordinal(day.day)}{f' {year}' if year else ''}"
    return Date(day=day.day, month=day.month, year=year)


def number(ctx: Context, days: int) -> str | int:
    """How many days; in English small numbers are words."""
    return counted(days, "day").split(maxsplit=1)[0] if _english(ctx) else days


def weekday_of(ctx: Context, day: date) -> str:
    """The day of the week."""
    if _english(ctx):
        return f"{day:%A}"
    from assistant.intent.lang.saying import weekday_name

    return weekday_name(ctx.language, day.weekday())


def month(ctx: Context, day: date) -> str:
    """The month's name as it stands alone."""
    if _english(ctx):
        return f"{day:%B}"
    from assistant.intent.lang.saying import locale

    name: str = locale(ctx.language).months["stand-alone"]["wide"][day.month]
    return name
