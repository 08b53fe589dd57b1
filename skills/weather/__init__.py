"""Weather."""

from __future__ import annotations

from datetime import date

from assistant import Context, Date, Duration, Location, SkillError, skill
from assistant.intent.verbatim import as_written

from .forecast import Day, Forecast, forecast, found
from .wording import capital, names, sky

_LIKELY = 50
_POSSIBLE = 20
"""Percent from which rain is likely, and from which it is worth a word."""


@skill(pure=True)
async def weather(ctx: Context, day: Date | None = None, place: str | None = None) -> str:
    """Say what the weather is like now, or will be on a day, here or elsewhere."""
    spot = await _spot(ctx, place)
    known = await forecast(ctx, spot)
    if day is None:
        return _told(ctx, known, spot, place, ctx.reply("now", n=known.temperature, sky=sky(ctx, known.code)))
    then = _on(ctx, known, day)
    text = ctx.reply("then", n=then.high, low=then.low, sky=sky(ctx, then.code), day=day)
    if then.chance is not None and then.chance >= _POSSIBLE:
        text = f"{text} {ctx.reply('chance', chance=then.chance)}"
    return _told(ctx, known, spot, place, text)


@skill(pure=True)
async def rain(ctx: Context, day: Date | None = None, place: str | None = None) -> str:
    """Say whether it will rain."""
    spot = await _spot(ctx, place)
    known = await forecast(ctx, spot)
    day = day or Date(offset=0)
    chance = _on(ctx, known, day).chance
    if chance is None:
        raise SkillError(ctx.reply("nonsense"))
    key = "rain_likely" if chance >= _LIKELY else "rain_possible" if chance >= _POSSIBLE else "rain_unlikely"
    return _told(ctx, known, spot, place, ctx.reply(key, chance=chance, day=day))


@skill(pure=True)
async def temperature(ctx: Context, day: Date | None = None, place: str | None = None) -> str:
    """Say how warm it is, or will be."""
    spot = await _spot(ctx, place)
    known = await forecast(ctx, spot)
    if day is None:
        return _told(ctx, known, spot, place, ctx.reply("degrees", n=known.temperature))
    then = _on(ctx, known, day)
    return _told(ctx, known, spot, place, ctx.reply("degrees_then", n=then.high, low=then.low, day=day))


@skill(pure=True)
async def wind(ctx: Context, day: Date | None = None, place: str | None = None) -> str:
    """Say how windy it is, or will be."""
    spot = await _spot(ctx, place)
    known = await forecast(ctx, spot)
    speed = known.wind if day is None else _on(ctx, known, day).wind
    text = ctx.reply("wind_imperial" if ctx.units == "imperial" else "wind_metric", n=speed, day=day or Date(offset=0))
    return _told(ctx, known, spot, place, text)


@skill(pure=True)
async def sun(ctx: Context, event: str, day: Date | None = None, place: str | None = None) -> str:
    """Say when the sun rises or sets."""
    spot = await _spot(ctx, place)
    known = await forecast(ctx, spot)
    day = day or Date(offset=0)
    then = _on(ctx, known, day)
    time = then.sunrise if event == "rise" else then.sunset
    return _told(ctx, known, spot, place, ctx.reply(f"sun_{event}", day=day, time=time))


async def _spot(ctx: Context, place: str | None) -> Location:
    """The place that was named, or where the user lives.

    Raises:
        SkillError: there is no such place, or it is not known where the user lives.
    """
    if place is not None:
        return await found(ctx, names(as_written(place, ctx.text), ctx.language))
    if ctx.settings["place"]:
        return await found(ctx, [ctx.settings["place"]])
    if ctx.location is None:
        raise SkillError(ctx.reply("where"))
    return ctx.location


def _on(ctx: Context, known: Forecast, day: Date) -> Day:
    """The forecast of a day.

    Raises:
        SkillError: there is none for it.
    """
    try:
        when: date = day.resolve(ctx.now().date())
    except (ValueError, OverflowError):
        raise SkillError(ctx.reply("no_such_day")) from None
    if when not in known.days:
        key = "over" if when < ctx.now().date() else "too_old" if known.is_stale else "too_far"
        raise SkillError(ctx.reply(key))
    return known.days[when]


def _told(ctx: Context, known: Forecast, spot: Location, place: str | None, text: str) -> str:
    """The text with the place that was named, and with how old it is when the network is missing."""
    text = capital(text)
    if place is not None:
        text = ctx.reply("there", place=spot.name, text=text)
    if not known.is_stale:
        return text
    return f"{ctx.reply('old', age=_rounded(known.age_seconds))} {text}"


def _rounded(seconds: float) -> Duration:
    """To whole minutes, and to whole hours from two of them on."""
    unit = 3_600 if seconds >= 7_200 else 60
    return Duration(seconds=round(seconds / unit) * unit)
