"""English: what the rest of the assistant already knows of it, as a :class:`Language`."""

from __future__ import annotations

import datetime as dt

from assistant.intent.lang.build import described
from assistant.intent.lang.phrases.en import PHRASES
from assistant.intent.lang.saying import Said, Say, decimal
from assistant.intent.slots import BUILT_IN
from assistant.intent.values import Date, Duration, Percentage, TimeOfDay, ordinal


def _say_duration(length: dt.timedelta) -> Said:
    return Said(str(length if isinstance(length, Duration) else Duration.of(length)))


def _say_time(time: TimeOfDay) -> Said:
    return Said(str(time), at=f"at {time}")


def _say_date(day: Date | dt.date) -> Said:
    if isinstance(day, dt.date):
        text = f"{day:%A}, the {ordinal(day.day)} of {day:%B} {day.year}"
        return Said(text, on=f"on {text}")
    preposition = "" if day.offset is not None or day.week in ("this", "next", "last") else "on "
    return Said(str(day), on=f"{preposition}{day}")


LANGUAGE = described(
    "en",
    "English",
    BUILT_IN,
    Say(
        code="en",
        duration=_say_duration,
        time=_say_time,
        date=_say_date,
        number=decimal("en"),
        percentage=lambda value: str(Percentage(value)),
    ),
    PHRASES,
)
