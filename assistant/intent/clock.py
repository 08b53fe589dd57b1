"""Times of day as they are said and written: ``half past six``, ``6:30 pm``, ``18:45``, ``eight tonight``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.intent.numbers import BELOW_60, ONES, TEENS, TENS, cardinal, written
from assistant.intent.template import Alt, Node, Pattern, Seq, Word, one_of, optional, phrase
from assistant.intent.values import Meridiem, TimeOfDay

_Part = Literal["am", "pm", "night"]

_PARTS: dict[str, _Part] = {
    "am": "am", "a m": "am", "in the morning": "am", "this morning": "am",
    "pm": "pm", "p m": "pm", "in the afternoon": "pm", "this afternoon": "pm",
    "in the evening": "pm", "this evening": "pm", "at night": "night", "tonight": "night",
}  # fmt: skip
_NAMED = {"noon": 12, "midday": 12, "twelve noon": 12, "midnight": 0, "twelve midnight": 0}
_OCLOCK = ("o'clock", "oclock")
_DIGITAL = re.compile(r"(\d{1,2})[:.,](\d{2})")
_RELATIVE = re.compile(r"(.+?)(?: minutes?)? (past|after|to|till|before|of) (.+)")

HOURS = (*ONES, *TEENS[:3])


def _network() -> Node:
    hour = Alt((one_of(*HOURS), Pattern(re.compile(r"\d{1,2}"))))
    ones = one_of(*ONES)
    tens = Alt(tuple(Word(word) for word in TENS[:4]))
    minute = Alt((tens, one_of(*TEENS), Seq((tens, ones)), Seq((Word("oh"), ones)), Pattern(re.compile(r"\d\d"))))
    oclock = Alt((Word("o'clock"), written("oclock"), Seq((written("o"), written("clock")))))
    clock = Seq((hour, optional(Alt((minute, oclock)))))
    named = Alt((Word("quarter"), one_of("twenty", "ten", "five", "twenty five"), phrase("a quarter")))
    exact = Seq((Alt((BELOW_60, Pattern(re.compile(r"\d{1,2}")))), one_of("minute", "minutes")))
    minutes = Alt((named, exact, written(*TEENS), Pattern(re.compile(r"\d{1,2}"))))
    relative = Alt((Seq((minutes, _direction(), hour)), Seq((Word("half"), Word("past"), hour))))
    day_parts = Alt(
        (
            Alt((phrase("p m"), phrase("a m"), written("am", "pm"))),
            Seq((Word("in"), Word("the"), one_of("morning", "afternoon", "evening"))),
            Alt((Word("tonight"), phrase("at night"))),
            Seq((Word("this"), one_of("morning", "afternoon", "evening"))),
        )
    )
    civil = Seq((Alt((clock, relative, Pattern(_DIGITAL), Seq((written("half"), hour)))), optional(day_parts)))
    military = Seq((Alt((one_of(*TEENS[3:], "twenty"), Seq((Word("twenty"), one_of(*ONES[:3]))))), minute))
    noons = Alt(
        (Word("noon"), Word("midnight"), Word("midday"), Seq((written("twelve", "12"), written("noon", "midnight"))))
    )
    return Alt((civil, civil, civil, civil, noons, Alt((noons, military))))


def _direction() -> Node:
    return Alt((Word("past"), Word("to"), written("after", "till", "before", "of")))


NODE = _network()


def parse(text: str) -> TimeOfDay | None:
    """The time that words or digits say, or None."""
    name = text.replace("12", "twelve") if text.startswith("12 ") else text
    if name in _NAMED:
        return TimeOfDay(_NAMED[name], 0, "pm" if _NAMED[name] else "am")
    part: _Part | None = None
    for words, meaning in _PARTS.items():
        if text.endswith(" " + words):
            text, part = text[: -len(words) - 1], meaning
            break
    found = _relative(text) or _digital(text) or _clock(text.split())
    return found and _in_part(*found, part)


def _in_part(hour: int, minute: int, sure: bool, part: _Part | None) -> TimeOfDay | None:
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23:
        return None
    if hour > 12 or hour == 0 or (sure and part is None):
        meridiem: Meridiem = "pm" if hour >= 12 else "am"
        contradiction = (part == "am" and hour > 12) or (part == "pm" and hour == 0)
        return None if contradiction else TimeOfDay(hour, minute, meridiem)
    if part == "night":
        part = "pm" if 5 <= hour < 12 else "am"
    return TimeOfDay(hour, minute, part)


def _relative(text: str) -> tuple[int, int, bool] | None:
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return _half_hour(text.split())
    amount = {"quarter": 15, "a quarter": 15, "half": 30}.get(match[1])
    minutes = cardinal(match[1].split()) if amount is None else amount
    hour = cardinal(match[3].split())
    if minutes is None or not 0 < minutes < 60 or hour is None or not 0 <= hour <= 23:
        return None
    if match[2] in ("past", "after"):
        return hour, minutes, False
    if match[1] == "half":
        return None
    return 12 if hour == 1 else (hour - 1) % 24, 60 - minutes, False


def _half_hour(words: Sequence[str]) -> tuple[int, int, bool] | None:
    """British ``half six``: half past six."""
    hour = cardinal(words[1:]) if len(words) == 2 and words[0] == "half" else None
    return None if hour is None or not 1 <= hour <= 12 else (hour, 30, False)


def _digital(text: str) -> tuple[int, int, bool] | None:
    match = _DIGITAL.fullmatch(text)
    if match is None or int(match[2]) > 59:
        return None
    return int(match[1]), int(match[2]), match[1].startswith("0")


def _clock(words: Sequence[str]) -> tuple[int, int, bool] | None:
    if len(words) > 1 and (words[-1] in _OCLOCK or list(words[-2:]) == ["o", "clock"]):
        words = words[:-1] if words[-1] in _OCLOCK else words[:-2]
        hour = cardinal(words)
        return None if hour is None or not 1 <= hour <= 12 else (hour, 0, False)
    for at in range(len(words), 0, -1):
        hour, minute = cardinal(words[:at]), _minute(words[at:])
        if hour is None or minute is None or hour > 24:
            continue
        written_out = not words[0].isdecimal()
        if at == len(words) and written_out and not 1 <= hour <= 12:
            continue
        return hour, minute, False
    return None


def _minute(words: Sequence[str]) -> int | None:
    if not words:
        return 0
    if len(words) == 2 and words[0] in ("oh", "o", "zero"):
        return cardinal(words[1:]) if words[1] in ONES else None
    minute = cardinal(words)
    return minute if minute is not None and 10 <= minute <= 59 else None
