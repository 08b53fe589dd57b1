"""What open-meteo.com says of the weather: the forecast of a place, and where a place is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from assistant import Context, Fetched, Location, Percentage, SkillError, TimeOfDay

_FORECAST = "https://api.open-meteo.com/v1/forecast"
_PLACES = "https://geocoding-api.open-meteo.com/v1/search"
_FRESH = 1_800.0
"""Seconds for which a forecast is as good as a new one."""
_SETTLED = 30 * 86_400.0
"""The same for where a place is."""
_NOW = "temperature_2m,weather_code,wind_speed_10m"
_DAILY = (
    "weather_code,temperature_2m_min,temperature_2m_max,precipitation_probability_max,wind_speed_10m_max,sunrise,sunset"
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Day:
    """One day's forecast; temperatures and wind in the user's units.

    Attributes:
        code: WMO 4677, as open-meteo reduces it.
        low, high: temperatures.
        chance: of rain or snow; None where it is not known.
        wind: the strongest.
        sunrise, sunset: in the place's own time.
    """

    code: int
    low: int
    high: int
    chance: Percentage | None
    wind: int
    sunrise: TimeOfDay
    sunset: TimeOfDay


@dataclass(frozen=True, slots=True)
class Forecast:
    """A place's weather.

    Attributes:
        code, temperature, wind: now, as in :class:`Day`.
        days: of today and the next two weeks.
        age_seconds: since it was read.
    """

    code: int
    temperature: int
    wind: int
    days: dict[date, Day]
    age_seconds: float

    @property
    def is_stale(self) -> bool:
        """Older than what is asked for when the network is there."""
        return self.age_seconds > _FRESH


async def forecast(ctx: Context, place: Location) -> Forecast:
    """The forecast of a place.

    Raises:
        SkillError: it cannot be had, or makes no sense.
    """
    params: dict[str, Any] = {
        "latitude": round(place.latitude, 2),
        "longitude": round(place.longitude, 2),
        "current": _NOW,
        "daily": _DAILY,
        "timezone": "auto",
        "forecast_days": 16,
    }
    if ctx.units == "imperial":
        params |= {"temperature_unit": "fahrenheit", "wind_speed_unit": "mph"}
    return await _read(ctx, _FORECAST, params, _FRESH, _forecast)


async def found(ctx: Context, names: list[str]) -> Location:
    """The place of the first of several names that is one.

    Raises:
        SkillError: there is none, or the network is missing.
    """
    for name in names:
        params = {"name": name, "count": 1, "language": ctx.language, "format": "json"}
        place = await _read(ctx, _PLACES, params, _SETTLED, _place)
        if place is not None:
            return place
    raise SkillError(ctx.reply("no_such_place", place=names[0]))


async def _read(ctx: Context, url: str, params: dict[str, Any], max_age: float, parse: Callable[[Fetched], _T]) -> _T:
    """What the service says; a copy that makes no sense is read anew once."""
    for age in (max_age, 0.0):
        fetched = await ctx.fetch(url, params=params, max_age=age)
        try:
            return parse(fetched)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            ctx.log.warning("%s gave nonsense: %s: %s", url, type(error).__name__, error)
    raise SkillError(ctx.reply("nonsense"))


def _forecast(fetched: Fetched) -> Forecast:
    given = fetched.json()
    now, daily = given["current"], given["daily"]
    days = {date.fromisoformat(day): _day(daily, at) for at, day in enumerate(daily["time"]) if _is_known(daily, at)}
    if not days:
        raise ValueError("no days")
    return Forecast(
        int(now["weather_code"]), round(now["temperature_2m"]), round(now["wind_speed_10m"]), days, fetched.age_seconds
    )


def _is_known(daily: dict[str, Any], at: int) -> bool:
    """The last days may have gaps."""
    return None not in (daily["weather_code"][at], daily["temperature_2m_max"][at], daily["wind_speed_10m_max"][at])


def _day(daily: dict[str, Any], at: int) -> Day:
    chance = daily["precipitation_probability_max"][at]
    return Day(
        code=int(daily["weather_code"][at]),
        low=round(daily["temperature_2m_min"][at]),
        high=round(daily["temperature_2m_max"][at]),
        chance=None if chance is None else Percentage(chance),
        wind=round(daily["wind_speed_10m_max"][at]),
        sunrise=_clock(daily["sunrise"][at]),
        sunset=_clock(daily["sunset"][at]),
    )


def _clock(text: str) -> TimeOfDay:
    moment = datetime.fromisoformat(text)
    return TimeOfDay(moment.hour, moment.minute, "pm" if moment.hour >= 12 else "am")


def _place(fetched: Fetched) -> Location | None:
    results = fetched.json().get("results")
    if not results:
        return None
    best = results[0]
    return Location(float(best["latitude"]), float(best["longitude"]), str(best["name"]))
