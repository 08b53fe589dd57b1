"""Recurring moments, right across changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Recurrence

BERLIN = ZoneInfo("Europe/Berlin")  # clocks go forward on 29 March 2026 at 2:00, back on 25 October 2026 at 3:00


def at(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=BERLIN, fold=fold)  # type: ignore[misc,arg-type]


def several(recurrence: Recurrence, start: datetime, count: int) -> list[str]:
    found, moment = list[str](), start
    for _ in range(count):
        following = recurrence.next(moment, start)
        if following is None:
            break
        moment = following
        found.append(f"{moment:%a %d %b %H:%M %z}")
    return found


def test_seven_o_clock_stays_seven_o_clock() -> None:
    daily = Recurrence("daily")
    assert several(daily, at(2026, 3, 27, 7), 3) == [
        "Sat 28 Mar 07:00 +0100",
        "Sun 29 Mar 07:00 +0200",
        "Mon 30 Mar 07:00 +0200",
    ]
    assert several(daily, at(2026, 10, 24, 7), 2) == ["Sun 25 Oct 07:00 +0100", "Mon 26 Oct 07:00 +0100"]


def test_an_hour_that_is_skipped_moves_on_once() -> None:
    assert several(Recurrence("daily"), at(2026, 3, 28, 2, 30), 2) == [
        "Sun 29 Mar 03:30 +0200",
        "Mon 30 Mar 02:30 +0200",
    ]
    assert Recurrence("daily").next(at(2026, 3, 29, 3, 10), at(2026, 3, 20, 2, 30)) == at(2026, 3, 29, 3, 30)


def test_an_hour_that_comes_twice_counts_once() -> None:
    assert several(Recurrence("daily"), at(2026, 10, 24, 2, 30), 2) == [
        "Sun 25 Oct 02:30 +0200",
        "Mon 26 Oct 02:30 +0100",
    ]
    assert Recurrence("daily").next(at(2026, 10, 25, 2, 10, fold=1), at(2026, 10, 20, 2, 30)) == at(2026, 10, 26, 2, 30)


def test_hours_are_lengths_of_time() -> None:
    assert several(Recurrence("hourly"), at(2026, 10, 25, 1), 3) == [
        "Sun 25 Oct 02:00 +0200",
        "Sun 25 Oct 02:00 +0100",
        "Sun 25 Oct 03:00 +0100",
    ]
    working = Recurrence("minutely", 30, weekdays=(0,))
    assert several(working, at(2026, 3, 2, 23), 2) == ["Mon 02 Mar 23:30 +0100", "Mon 09 Mar 00:00 +0100"]


def test_weekdays_and_intervals() -> None:
    workdays = Recurrence("weekly", weekdays=(0, 1, 2, 3, 4))
    assert several(workdays, at(2026, 3, 5, 6, 30), 3) == [
        "Fri 06 Mar 06:30 +0100",
        "Mon 09 Mar 06:30 +0100",
        "Tue 10 Mar 06:30 +0100",
    ]
    assert several(Recurrence("weekly", 2), at(2026, 3, 4, 8), 2) == [
        "Wed 18 Mar 08:00 +0100",
        "Wed 01 Apr 08:00 +0200",
    ]


def test_the_end_of_a_month() -> None:
    assert several(Recurrence("monthly"), at(2026, 1, 31, 9), 3) == [
        "Sat 28 Feb 09:00 +0100",
        "Tue 31 Mar 09:00 +0200",
        "Thu 30 Apr 09:00 +0200",
    ]
    leap = several(Recurrence("yearly"), at(2024, 2, 29, 9), 4)
    assert [text[4:10] for text in leap] == ["28 Feb", "28 Feb", "28 Feb", "29 Feb"]


def test_until_and_the_latest() -> None:
    daily = Recurrence("daily", until=at(2026, 3, 6, 7))
    assert len(several(daily, at(2026, 3, 4, 7), 9)) == 2
    start = datetime(2026, 3, 1, 7)
    assert daily.latest(at(2026, 3, 5, 6, 59), start) == at(2026, 3, 4, 7)
    assert daily.latest(at(2026, 4, 5), start) == at(2026, 3, 6, 7)
    assert Recurrence("monthly").latest(at(2026, 3, 30), datetime(2026, 1, 31, 9)) == at(2026, 2, 28, 9)
    assert daily.latest(at(2026, 2, 1), start) is None


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["hourly", "daily", "weekly", "monthly", "yearly"]),
    st.integers(1, 3),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
    st.integers(0, 400),
)
def test_each_follows_the_one_before(freq: str, interval: int, start: datetime, later: int) -> None:
    recurrence = Recurrence(freq, interval)  # type: ignore[arg-type]
    first = start.replace(microsecond=0, tzinfo=BERLIN).astimezone(UTC).astimezone(BERLIN)
    after = first + timedelta(days=later)
    moments = [after]
    for _ in range(4):
        following = recurrence.next(moments[-1], first.replace(tzinfo=None))
        assert following is not None
        moments.append(following)
    assert all(one.timestamp() < other.timestamp() for one, other in pairwise(moments))
    assert recurrence.latest(moments[2], first.replace(tzinfo=None)) == moments[2]


def test_what_is_no_recurrence() -> None:
    for wrong in ({"freq": "often"}, {"freq": "daily", "interval": 0}, {"freq": "daily", "weekdays": (7,)}):
        with pytest.raises(ValueError, match="a recurrence"):
            Recurrence(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="time zone"):
        Recurrence("daily", until=datetime(2026, 1, 1))


def test_on_disk_and_back() -> None:
    for recurrence in (Recurrence("daily"), Recurrence("weekly", 2, (0, 4), at(2027, 1, 1))):
        assert Recurrence.from_json(recurrence.to_json()) == recurrence
