"""English: what the rest of the assistant already knows of it, as a :class:`Language`."""

from __future__ import annotations

import datetime as dt

from assistant.intent import answers
from assistant.intent.dates import ORDINALS
from assistant.intent.lang import Language
from assistant.intent.lang.saying import Said, Say, decimal
from assistant.intent.slots import BUILT_IN
from assistant.intent.values import Date, Duration, Percentage, TimeOfDay, ordinal
from assistant.skill.api import COMMON_RULES

BEFORE = (
    "hey", "hi", "hello", "ok", "okay", "please", "so", "well", "now", "and", "then", "alright", "right", "yes", "just",
    "excuse me", "can you", "could you", "would you", "will you", "can you please", "could you please",
    "would you mind", "i want you to", "i'd like you to", "i would like you to", "i need you to",
    "go ahead and", "be so kind and",
)  # fmt: skip
AFTER = (
    "please", "thanks", "thank you", "thank you very much", "thanks a lot", "now", "right now", "then", "for me",
    "will you", "would you", "okay", "ok", "if you can", "if you don't mind", "as well", "too",
)  # fmt: skip


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


LANGUAGE = Language(
    code="en",
    name="English",
    slots=BUILT_IN,
    rules=COMMON_RULES,
    say=Say(
        code="en",
        duration=_say_duration,
        time=_say_time,
        date=_say_date,
        number=decimal("en"),
        percentage=lambda value: str(Percentage(value)),
    ),
    yes=answers._YES,
    no=answers._NO,
    dismissals=(answers.DISMISSAL,),
    answer_rules=answers.RULES,
    corrections=answers._CORRECTIONS,
    places=ORDINALS[:10],
    last=("last",),
    idle=answers._IDLE,
    before=BEFORE,
    after=AFTER,
    hesitations=("um", "uh", "er", "erm", "uhm", "hmm", "mm", "ah", "eh"),
)
