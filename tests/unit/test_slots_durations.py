"""Durations, in words and digits, and as they are said back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intent.slots import DURATION, Duration
from tests.unit.slotkit import understood
from tests.unit.spoken import samples, words

UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}


def _plural(number: int, unit: str) -> str:
    return unit if number == 1 else f"{unit}s"


@pytest.mark.parametrize("unit", UNITS)
def test_every_number_of_a_unit(unit: str) -> None:
    for number in range(1, 100):
        expected = Duration(seconds=number * UNITS[unit])
        assert understood(DURATION, f"{words(number)} {_plural(number, unit)}") == expected
        assert understood(DURATION, f"{number} {_plural(number, unit)}") == expected
        assert understood(DURATION, f"{words(number)} and a half {unit}s") == expected + timedelta(
            seconds=UNITS[unit] / 2
        )


@given(st.integers(1, 23), st.integers(1, 59), st.integers(1, 59), st.booleans())
def test_compound_durations(hours: int, minutes: int, seconds: int, digits: bool) -> None:
    say = str if digits else words
    first = f"{say(hours)} {_plural(hours, 'hour')}"
    second = f"{say(minutes)} {_plural(minutes, 'minute')}"
    third = f"{say(seconds)} {_plural(seconds, 'second')}"
    assert understood(DURATION, f"{first} {second}") == Duration(hours=hours, minutes=minutes)
    assert understood(DURATION, f"{first} and {second}") == Duration(hours=hours, minutes=minutes)
    assert understood(DURATION, f"{second} {third}") == Duration(minutes=minutes, seconds=seconds)
    assert understood(DURATION, f"{first} {second} and {third}") == Duration(
        hours=hours, minutes=minutes, seconds=seconds
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("a minute", 60),
        ("an hour", 3_600),
        ("half an hour", 1_800),
        ("half a minute", 30),
        ("a half hour", 1_800),
        ("half hour", 1_800),
        ("an hour and a half", 5_400),
        ("one hour and a half", 5_400),
        ("one and a half hours", 5_400),
        ("1 and a half hours", 5_400),
        ("a quarter of an hour", 900),
        ("quarter of an hour", 900),
        ("three quarters of an hour", 2_700),
        ("an hour and a quarter", 4_500),
        ("two hours and three quarters", 9_900),
        ("two and a half minutes", 150),
        ("2.5 hours", 9_000),
        ("a minute thirty", 90),
        ("a minute and a half", 90),
        ("one hour thirty", 5_400),
        ("90 seconds", 90),
        ("1 hour 30 minutes", 5_400),
        ("ten min", 600),
        ("10min", 600),
        ("2 h 5 m", 7_500),
        ("2h5m", 7_500),
        ("1 hr 5 mins 10 secs", 3_910),
        ("five-minute", 300),
        ("a couple of minutes", 120),
        ("a couple hours", 7_200),
        ("a hundred and twenty minutes", 7_200),
        ("a day and a half", 129_600),
        ("two weeks and three days", 1_468_800),
        ("a fortnight", 1_209_600),
        ("ten minutes and 5 seconds", 605),
    ],
)
def test_ways_to_say_a_duration(text: str, seconds: float) -> None:
    found = understood(DURATION, text)
    assert isinstance(found, Duration)
    assert found.total_seconds() == seconds


@pytest.mark.parametrize(
    "text",
    ["", "five", "minutes", "1:30", "five minutes two hours", "five minutes five minutes", "and five minutes",
     "an hour and", "five and minutes", "ten minutes ninety", "half past six", "minus five minutes", "an hours ago",
     "ninety nine million weeks"],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    assert understood(DURATION, text) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "zero seconds"),
        (0.2, "less than a second"),
        (1, "one second"),
        (30, "30 seconds"),
        (60, "one minute"),
        (90, "one minute and 30 seconds"),
        (540, "nine minutes"),
        (1_500, "25 minutes"),
        (1_800, "half an hour"),
        (3_600, "one hour"),
        (5_400, "an hour and a half"),
        (9_000, "two and a half hours"),
        (3_665, "one hour, one minute and five seconds"),
        (86_400, "one day"),
        (93_600, "one day and two hours"),
        (604_800, "one week"),
        (-60, "minus one minute"),
    ],
)
def test_a_duration_as_it_is_said_back(seconds: float, text: str) -> None:
    assert str(Duration(seconds=seconds)) == text
    assert f"{Duration(seconds=seconds)}" == text


@given(st.integers(1, 60 * 86_400))
def test_what_is_said_back_is_understood_again(seconds: int) -> None:
    duration = Duration(seconds=seconds)
    assert DURATION.parse is not None
    assert DURATION.parse(str(duration).replace(",", "")) == duration


def test_arithmetic_gives_durations() -> None:
    ten, half = Duration(minutes=10), Duration(seconds=30)
    for value, text in (
        (ten - half, "nine minutes and 30 seconds"),
        (ten + timedelta(minutes=1), "eleven minutes"),
        (timedelta(minutes=1) + ten, "eleven minutes"),
        (timedelta(minutes=11) - ten, "one minute"),
        (ten * 2, "20 minutes"),
        (3 * half, "one minute and 30 seconds"),
        (Duration.of(timedelta(hours=1)), "one hour"),
    ):
        assert isinstance(value, Duration)
        assert str(value) == text
    now = datetime(2026, 1, 1, 12)
    assert now + ten == ten + now == datetime(2026, 1, 1, 12, 10)
    assert now - ten == datetime(2026, 1, 1, 11, 50)
    assert ten / half == 20
    assert sum([ten, half], Duration()) == Duration(minutes=10.5)
    with pytest.raises(TypeError):
        ten + 5  # type: ignore[operator]


def test_what_the_recogniser_may_hear_means_something() -> None:
    heard = samples(DURATION.node, 2_000)
    refused = [text for text in heard if understood(DURATION, text) is None]
    assert all("million" in text or "thousand" in text for text in refused), refused  # longer than a century
    assert len(refused) < 0.01 * len(heard)
