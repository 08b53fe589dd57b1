"""Weather in words: the sky's keys in ``responses/``, and places as they are named."""

from __future__ import annotations

from string import capwords

from assistant import Context

_SKIES = {
    0: "clear", 1: "mostly_clear", 2: "partly_cloudy", 3: "overcast", 45: "fog", 48: "fog",
    51: "drizzle", 53: "drizzle", 55: "drizzle", 56: "freezing_rain", 57: "freezing_rain",
    61: "light_rain", 63: "rain", 65: "heavy_rain", 66: "freezing_rain", 67: "freezing_rain",
    71: "light_snow", 73: "snow", 75: "heavy_snow", 77: "light_snow", 80: "showers", 81: "showers", 82: "heavy_showers",
    85: "snow_showers", 86: "snow_showers", 95: "thunderstorm", 96: "hail", 99: "hail",
}  # fmt: skip
_RUSSIAN_ENDINGS = {"ии": ("ия",), "е": ("", "а", "ь", "о"), "и": ("ь", "и"), "у": ("",), "ах": ("ы",), "ях": ("и",)}
"""Of the prepositional case → of the nominative."""


def sky(ctx: Context, code: int) -> str:
    """A weather code of the WMO in words."""
    return ctx.reply(_SKIES.get(code, "overcast"))


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def names(place: str, language: str) -> list[str]:
    """What a place that was named may be called; Russian puts it into the prepositional case ("в Париже")."""
    if place.islower():
        place = capwords(place)
    if language != "ru":
        return [place]
    for ending, others in _RUSSIAN_ENDINGS.items():
        if place.endswith(ending) and len(place) > len(ending) + 1:
            stem = place.removesuffix(ending)
            return list(dict.fromkeys([*(stem + other for other in others), place]))
    return [place]
