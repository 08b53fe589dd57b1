"""Dates, in words and digits, and the days that they mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intent.dates import MONTHS, ORDINALS, WEEKDAYS
from assistant.intent.slots import DATE, Date
from tests.unit.slotkit import understood
from tests.unit.spoken import samples, words

TODAY = date(2026, 11, 21)
"""A Saturday."""

DAYS = st.dates(date(1950, 1, 1), date(2080, 12, 31))


def _ordinal(day: int) -> str:
    if day <= 20:
        return ORDINALS[day - 1]
    return "thirtieth" if day == 30 else f"{words(day - day % 10)} {ORDINALS[day % 10 - 1]}"


def _year(number: int) -> str:
    if 2000 <= number < 2010:
        return words(number, conjunction=True)
    return f"{words(number // 100)} {words(number % 100)}"


@given(DAYS.filter(lambda day: day.year % 100 >= 10 or day.year >= 2000))
def test_every_calendar_day_in_words(day: date) -> None:
    month, nth, year = MONTHS[day.month - 1], _ordinal(day.day), _year(day.year)
    for text in (f"the {nth} of {month} {year}", f"{month} {nth} {year}", f"{month} the {nth} {year}"):
        assert understood(DATE, text).resolve(TODAY) == day, text


@given(DAYS)
def test_every_calendar_day_in_digits(day: date) -> None:
    month = MONTHS[day.month - 1].title()
    suffix = "th" if 10 <= day.day <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    for text in (
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{month[:3]}. {day.day}{suffix}, {day.year}",
        f"the {day.day}{suffix} of {month} {day.year}",
        day.isoformat(),
    ):
        assert understood(DATE, text).resolve(TODAY) == day, text


@given(DAYS, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_day_without_a_year_is_the_next_one(day: date, today: date) -> None:
    found = understood(DATE, f"the {_ordinal(day.day)} of {MONTHS[day.month - 1]}").resolve(today)
    assert (found.month, found.day) == (day.month, day.day)
    assert timedelta(0) <= found - today <= timedelta(366 if (day.month, day.day) != (2, 29) else 4 * 366)


@given(st.sampled_from(WEEKDAYS), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_weekdays(name: str, today: date) -> None:
    number = WEEKDAYS.index(name)
    monday = today - timedelta(today.weekday())
    plain, this, following, last = (
        understood(DATE, text).resolve(today) for text in (name, f"this {name}", f"next {name}", f"last {name}")
    )
    assert {day.weekday() for day in (plain, this, following, last)} == {number}
    assert timedelta(1) <= plain - today <= timedelta(7)
    assert timedelta(0) <= this - today <= timedelta(6)
    assert following == monday + timedelta(7 + number)
    assert timedelta(1) <= today - last <= timedelta(7)
    assert understood(DATE, f"{name} week").resolve(today) == plain + timedelta(7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 21)),
        ("tomorrow", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20)),
        ("the day after tomorrow", date(2026, 11, 23)),
        ("day after tomorrow", date(2026, 11, 23)),
        ("the day before yesterday", date(2026, 11, 19)),
        ("in three days", date(2026, 11, 24)),
        ("in 3 days", date(2026, 11, 24)),
        ("in a week", date(2026, 11, 28)),
        ("two weeks from now", date(2026, 12, 5)),
        ("ten days ago", date(2026, 11, 11)),
        ("a week from tomorrow", date(2026, 11, 29)),
        ("next week", date(2026, 11, 28)),
        ("next friday", date(2026, 11, 27)),
        ("the third", date(2026, 12, 3)),
        ("the twenty first", date(2026, 11, 21)),
        ("the 31st", date(2026, 12, 31)),
        ("may third", date(2027, 5, 3)),
        ("Monday, May 3rd", date(2027, 5, 3)),
        ("tonight", date(2026, 11, 21)),
        ("the third of may 2028", date(2028, 5, 3)),
        ("29 February", date(2028, 2, 29)),
        ("christmas eve", date(2026, 12, 24)),
        ("New Year's Day", date(2027, 1, 1)),
    ],
)
def test_ways_to_say_a_date(text: str, day: date) -> None:
    assert understood(DATE, text).resolve(TODAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "the", "may", "next", "the thirtieth of february", "april thirty first", "the thirty second",
     "29 february 2027",
     "in days", "friday friday", "third", "the third of", "may 2027", "in five minutes", "2027-02-30", "in 99999 days"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert understood(DATE, text) is None


def test_resolving_takes_a_moment_too_and_refuses_an_empty_date() -> None:
    assert Date(offset=1).resolve(datetime(2026, 11, 21, 23, 59)) == date(2026, 11, 22)
    with pytest.raises(ValueError, match="empty"):
        Date().resolve(TODAY)
    with pytest.raises(ValueError, match="there is no"):
        Date(day=30, month=2).resolve(TODAY)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (Date(offset=0), "today"),
        (Date(offset=3), "in three days"),
        (Date(offset=14), "in two weeks"),
        (Date(offset=-2), "two days ago"),
        (Date(weekday=4), "Friday"),
        (Date(weekday=4, week="next"), "next Friday"),
        (Date(day=3, month=5), "the 3rd of May"),
        (Date(day=22, month=5, year=2027), "the 22nd of May 2027"),
        (Date(day=11), "the 11th"),
    ],
)
def test_a_date_as_it_is_said_back(day: Date, text: str) -> None:
    assert str(day) == text


def test_what_the_recogniser_may_hear_means_something() -> None:
    heard = samples(DATE.node, 2_000)
    refused = [text for text in heard if understood(DATE, text) is None]
    assert all("thirt" in text for text in refused), refused  # the 31st of April
    assert len(refused) < 0.03 * len(heard)
