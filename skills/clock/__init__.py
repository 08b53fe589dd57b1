"""The time."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant import Context, Duration, SkillError, TimeOfDay, skill
from assistant.intent.verbatim import as_written

from .places import find, place_slot, places, with_capitals

__all__ = ["places"]

CITY = {"city": place_slot()}
"""In English, which a closed recogniser hears; the sentences of the other languages have any words there."""


def _there(ctx: Context, city: str) -> tuple[datetime, str]:
    """The time in a place, and the place's name.

    Raises:
        SkillError: the place is not known, or this machine has no time zone data.
    """
    name = _written(ctx, city)
    found = find(city, ctx.language)
    try:
        if found is not None:
            return ctx.now().astimezone(ZoneInfo(found[0])), found[1] or name
    except ZoneInfoNotFoundError:
        pass
    raise SkillError(ctx.reply("unknown", city=name))


def _clock(ctx: Context, moment: datetime) -> str | TimeOfDay:
    half = "pm" if moment.hour >= 12 else "am"
    if ctx.replies.language == "en":
        return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {half}"
    return TimeOfDay(moment.hour, moment.minute, "pm" if half == "pm" else "am")


def _hours(moment: datetime) -> int:
    """Whether the hour is one or several in languages where the verb follows it: "es la una", "son las dos"."""
    exact = moment.minute == 0 and moment.hour in (0, 12)  # midnight and noon have names
    return 1 if exact else (moment.hour - 1) % 12 + 1


def _written(ctx: Context, city: str) -> str:
    """A place as the user wrote it, with capital letters if there were none; in English as it is known."""
    if ctx.replies.language == "en":
        return city
    written = as_written(city, ctx.text)
    return written if written != written.lower() else with_capitals(written)


@skill(pure=True)
async def current_time(ctx: Context) -> str:
    """Tell the time of day here."""
    return ctx.reply("now", time=_clock(ctx, ctx.now()), n=_hours(ctx.now()))


@skill(slots=CITY, pure=True)
async def time_in(ctx: Context, city: str, preposition: str | None = None) -> str:
    """Tell the time of day in a city, country or state."""
    (there, _), here = _there(ctx, city), ctx.now()
    place = f"{preposition or 'in'} {_written(ctx, city)}" if not city.lower().endswith(" time") else city
    key = {0: "there", 1: "there_tomorrow", -1: "there_yesterday"}[(there.date() - here.date()).days]
    return ctx.reply(key, time=_clock(ctx, there), n=_hours(there), place=place)


@skill(slots=CITY, pure=True)
async def time_zone(ctx: Context, city: str) -> str:
    """Tell a place's time zone as its difference from here and from universal time."""
    there, name = _there(ctx, city)
    offset = there.utcoffset() or timedelta()
    ahead = offset - (ctx.now().utcoffset() or timedelta())
    here, universal = _difference(ctx, ahead, ""), _difference(ctx, offset, "universal_")
    return ctx.reply("zone", city=f"{name[0].upper()}{name[1:]}", here=here, universal=universal)


def _difference(ctx: Context, delta: timedelta, of: str) -> str:
    if not delta:
        return ctx.reply(f"{of}same")
    return ctx.reply(f"{of}{'ahead' if delta > timedelta() else 'behind'}", time=Duration.of(abs(delta)))
