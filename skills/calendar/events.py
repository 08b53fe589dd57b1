"""Appointments, and what iCalendar (RFC 5545) makes of them: recurrences, whole days, time zones."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar
from icalendar import Event as Component

_PRODUCT = "-//assistant//calendar skill//EN"


@dataclass(frozen=True, slots=True)
class Event:
    """An appointment as it takes place.

    Attributes:
        title: what it is.
        start, end: local moments with their time zone; midnights for whole days.
        all_day: it takes whole days.
    """

    title: str
    start: datetime
    end: datetime
    all_day: bool = False

    def covers(self, moment: datetime) -> bool:
        """Whether it is under way then; one without a length is at its start."""
        return self.start <= moment < max(self.end, self.start + timedelta(minutes=1))


def read(text: str | bytes) -> Calendar:
    """A calendar of a file's text.

    Raises:
        ValueError: it is none.
    """
    found = Calendar.from_ical(text)
    if not isinstance(found, Calendar):
        raise ValueError("not a calendar")
    return found


def between(calendars: Iterable[Calendar], start: datetime, end: datetime) -> list[Event]:
    """What takes place between two moments, recurrences included, the first first."""
    zone = start.tzinfo or UTC
    found = [
        _event(each, zone)
        for calendar in calendars
        for each in recurring_ical_events.of(calendar).between(start, end)
        if str(each.get("STATUS", "")).upper() != "CANCELLED"
    ]
    inside = (event for event in found if event.start < end and (event.end > start or event.start >= start))
    return sorted(inside, key=lambda event: (event.start, not event.all_day, event.title))


def component(event: Event) -> Component:
    """An appointment as it is written down."""
    made = Component()
    made.add("uid", str(uuid.uuid4()))
    made.add("dtstamp", datetime.now(UTC))
    made.add("summary", event.title)
    made.add("dtstart", event.start.date() if event.all_day else event.start)
    made.add("dtend", event.end.date() if event.all_day else event.end)
    return made


def added(calendar: Calendar | None, new: Component) -> bytes:
    """A calendar's text with one more appointment; a new calendar for None. Its time zones are in it."""
    whole = calendar if calendar is not None else Calendar()
    if calendar is None:
        whole.add("prodid", _PRODUCT)
        whole.add("version", "2.0")
    whole.add_component(new)
    whole.add_missing_timezones()
    text: bytes = whole.to_ical()
    return text


def _event(found: Any, zone: tzinfo) -> Event:
    begins = found["DTSTART"].dt
    length = found["DURATION"].dt if "DURATION" in found else timedelta()
    ends = found["DTEND"].dt if "DTEND" in found else begins + length
    all_day = not isinstance(begins, datetime)
    start, end = _local(begins, zone), _local(ends, zone)
    if all_day and end <= start:
        end = start + timedelta(days=1)
    title = " ".join(str(found.get("SUMMARY", "")).split())
    return Event(title, start, end, all_day)


def _local(moment: date | datetime, zone: tzinfo) -> datetime:
    """A moment in the user's zone; one without a zone is local wherever one is."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), zone)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
