"""Times of day, in words and digits, and the next moment that they mean."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intent.slots import TIME, TimeOfDay
from assistant.intent.values import Meridiem
from tests.unit.slotkit import understood
from tests.unit.spoken import samples, words

BERLIN = ZoneInfo("Europe/Berlin")


def _minutes(minute: int) -> str:
    return f" {'oh ' if minute < 10 else ''}{words(minute)}" if minute else ""


def test_every_minute_of_the_day_in_words_and_digits() -> None:
    for hour in range(24):
        twelve = (hour - 1) % 12 + 1
        half: Meridiem = "am" if hour < 12 else "pm"
        spelled = f"{half[0]} m"
        for minute in range(0, 60):
            expected = TimeOfDay(hour, minute, half)
            for text in (
                f"{words(twelve)}{_minutes(minute)} {spelled}",
                f"{twelve}:{minute:02} {half[0]}.m.",
                f"{twelve}:{minute:02}{half}",
                f"{hour:02}:{minute:02}" if hour < 10 or hour > 12 else f"{twelve}:{minute:02} {half}",
            ):
                assert understood(TIME, text) == expected, text


@pytest.mark.parametrize("hour", range(1, 13))
def test_every_minute_without_a_half_of_the_day(hour: int) -> None:
    for minute in range(60):
        expected = TimeOfDay(hour, minute)
        assert expected.meridiem is None
        assert understood(TIME, f"{words(hour)}{_minutes(minute)}") == expected
        assert understood(TIME, f"{hour}:{minute:02}") == expected
        if minute > 30:
            assert understood(TIME, f"{words(60 - minute)} minutes to {words(hour % 12 + 1)}") == expected
        elif minute:
            assert understood(TIME, f"{words(minute)} minutes past {words(hour)}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("six", TimeOfDay(6)),
        ("six o'clock", TimeOfDay(6)),
        ("six o’clock", TimeOfDay(6)),
        ("6 o clock", TimeOfDay(6)),
        ("half past six", TimeOfDay(6, 30)),
        ("half six", TimeOfDay(6, 30)),
        ("quarter to seven", TimeOfDay(6, 45)),
        ("a quarter past seven", TimeOfDay(7, 15)),
        ("quarter to one", TimeOfDay(12, 45)),
        ("quarter after five", TimeOfDay(5, 15)),
        ("twenty past ten", TimeOfDay(10, 20)),
        ("twenty five to ten", TimeOfDay(9, 35)),
        ("ten of nine", TimeOfDay(8, 50)),
        ("six thirty", TimeOfDay(6, 30)),
        ("6 30", TimeOfDay(6, 30)),
        ("6.30", TimeOfDay(6, 30)),
        ("6.30 pm", TimeOfDay(18, 30)),
        ("06:30", TimeOfDay(6, 30, "am")),
        ("0:15", TimeOfDay(0, 15)),
        ("18:45", TimeOfDay(18, 45)),
        ("eighteen forty five", TimeOfDay(18, 45)),
        ("twenty one oh five", TimeOfDay(21, 5)),
        ("6 pm", TimeOfDay(18)),
        ("six in the morning", TimeOfDay(6, 0, "am")),
        ("seven in the evening", TimeOfDay(19)),
        ("three in the afternoon", TimeOfDay(15)),
        ("half past eight tonight", TimeOfDay(20, 30)),
        ("eight tonight", TimeOfDay(20)),
        ("eleven at night", TimeOfDay(23)),
        ("two at night", TimeOfDay(2, 0, "am")),
        ("quarter to twelve at night", TimeOfDay(23, 45)),
        ("twelve tonight", TimeOfDay(0)),
        ("noon", TimeOfDay(12, 0, "pm")),
        ("twelve noon", TimeOfDay(12, 0, "pm")),
        ("midday", TimeOfDay(12, 0, "pm")),
        ("midnight", TimeOfDay(0)),
        ("24:00", TimeOfDay(0)),
        ("twelve thirty", TimeOfDay(12, 30)),
        ("twelve a.m.", TimeOfDay(0)),
    ],
)
def test_ways_to_say_a_time(text: str, expected: TimeOfDay) -> None:
    assert understood(TIME, text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "thirteen", "25:00", "6:75", "six sixty", "past six", "half to six", "quarter past", "18:30 am", "pm",
     "thirteen o'clock", "seventy past six", "six five", "in the morning", "thirty one thirty"],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert understood(TIME, text) is None


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (TimeOfDay(6), "6 o'clock"),
        (TimeOfDay(6, 30), "6:30"),
        (TimeOfDay(6, 5, "pm"), "6:05 pm"),
        (TimeOfDay(18, 30), "6:30 pm"),
        (TimeOfDay(7, 0, "am"), "7 am"),
        (TimeOfDay(12, 0, "pm"), "noon"),
        (TimeOfDay(0), "midnight"),
        (TimeOfDay(0, 15), "12:15 am"),
        (TimeOfDay(12, 15, "pm"), "12:15 pm"),
    ],
)
def test_a_time_as_it_is_said_back(time: TimeOfDay, text: str) -> None:
    assert str(time) == text


@pytest.mark.parametrize(
    ("hour", "minute", "half"), [(24, 0, None), (6, 60, None), (-1, 0, None), (13, 0, "am"), (0, 0, "pm")]
)
def test_impossible_times(hour: int, minute: int, half: str | None) -> None:
    with pytest.raises(ValueError, match="there is no time"):
        TimeOfDay(hour, minute, half)  # type: ignore[arg-type]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(BERLIN)),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["am", "pm", None]),
)
def test_the_next_such_moment(now: datetime, hour: int, minute: int, half: Meridiem | None) -> None:
    time = TimeOfDay(hour % 12 or 12, minute, half)
    moment = time.next_after(now)
    ahead = moment.timestamp() - now.timestamp()
    assert 0 < ahead <= (25 if half else 14) * 3600  # an hour more where the clocks change
    if not _clocks_change(now):
        assert moment.minute == minute
        assert moment.hour in time.hours()
        assert ahead <= (24 if half else 12) * 3600


def _clocks_change(now: datetime) -> bool:
    return now.month in (3, 10) and now.day > 20


def test_an_ambiguous_time_is_the_nearer_of_the_two() -> None:
    now = datetime(2026, 5, 4, 14, 0, tzinfo=BERLIN)
    assert TimeOfDay(6, 30).next_after(now) == datetime(2026, 5, 4, 18, 30, tzinfo=BERLIN)
    assert TimeOfDay(1, 30).next_after(now) == datetime(2026, 5, 5, 1, 30, tzinfo=BERLIN)
    assert TimeOfDay(12, 30).next_after(now) == datetime(2026, 5, 5, 0, 30, tzinfo=BERLIN)
    assert TimeOfDay(2).next_after(now) == datetime(2026, 5, 5, 2, 0, tzinfo=BERLIN)


def test_times_that_the_change_of_clocks_skips_or_repeats() -> None:
    spring = TimeOfDay(2, 30, "am").next_after(datetime(2026, 3, 29, 1, 0, tzinfo=BERLIN))
    assert (spring.hour, spring.minute) == (3, 30)
    between = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN)
    again = TimeOfDay(2, 30, "am").next_after(between)
    assert again.timestamp() - between.timestamp() == 45 * 60


def test_naive_now() -> None:
    assert TimeOfDay(18).next_after(datetime(2026, 5, 4, 14, 0)) == datetime(2026, 5, 4, 18, 0)


def test_what_the_recogniser_may_hear_means_something() -> None:
    for text in samples(TIME.node, 2_000):
        assert understood(TIME, text) is not None, text
