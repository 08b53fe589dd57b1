"""Recurring moments by the clock on the wall, right across changes to and from summer time.

Days, weeks, months and years keep the time of day: an alarm at 7:00 stays at 7:00. A time that a change to summer
time skips is moved on by the hour that is missing (2:30 rings at 3:30, and at 2:30 again the next day); one that the
change back repeats comes once, the first time. Hours and minutes are lengths of time: every hour is every 60 minutes.
The 29th to 31st of a month is its last day where it has fewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from dateutil.rrule import rrule

Frequency = Literal["minutely", "hourly", "daily", "weekly", "monthly", "yearly"]

_STEPS = {"minutely": timedelta(minutes=1), "hourly": timedelta(hours=1)}
_MARGIN = timedelta(hours=3)
"""More than any change of the clocks."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How something recurs.

    Attributes:
        freq: ``minutely``, ``hourly``, ``daily``, ``weekly``, ``monthly`` or ``yearly``.
        interval: every so many of them.
        weekdays: only on these days, Monday is 0; empty for any.
        until: the last moment at which it may happen, with its time zone.

    Raises:
        ValueError: no such recurrence.
    """

    freq: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.freq not in get_args(Frequency):
            raise ValueError(f"a recurrence is {', '.join(get_args(Frequency))}, not {self.freq!r}")
        if self.interval < 1 or any(day not in range(7) for day in self.weekdays):
            raise ValueError("a recurrence has an interval from 1 and weekdays from 0 (Monday) to 6")
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("until needs a time zone: ctx.now().replace(…)")

    def next(self, after: datetime, start: datetime | None = None) -> datetime | None:
        """The first occurrence after a moment, in its time zone; None when there is none any more.

        Args:
            after: a moment with its time zone.
            start: the first occurrence, from which intervals are counted; naive for a time on the wall. None for
                ``after``, which is then an occurrence itself.
        """
        for moment in self._from(after, start or after):
            if self.until is not None and moment > self.until:
                return None
            if moment.timestamp() > after.timestamp():
                return moment
        return None

    def latest(self, before: datetime, start: datetime) -> datetime | None:
        """The last occurrence at or before a moment, in its time zone; None when there was none.

        Args:
            before: a moment with its time zone.
            start: as for :meth:`next`.
        """
        found = None
        if self.until is not None and self.until < before:
            before = self.until.astimezone(before.tzinfo)
        for moment in self._from(before - self._longest(), start):
            if moment.timestamp() > before.timestamp():
                break
            found = moment
        return found

    def _longest(self) -> timedelta:
        """At least as long as from one occurrence to the next; with weekdays a week more."""
        days = {"minutely": 1, "hourly": 1, "daily": 1, "weekly": 7, "monthly": 31, "yearly": 366 * 8}
        return timedelta(days=days[self.freq] * self.interval + 8)

    def _from(self, after: datetime, start: datetime) -> Iterator[datetime]:
        """Occurrences from some hours before a moment on, in its time zone."""
        zone = after.tzinfo
        if self.freq in _STEPS:
            first = (start if start.tzinfo else start.replace(tzinfo=zone)).astimezone(UTC)
            yield from (moment.astimezone(zone) for moment in self._steps(first, after.astimezone(UTC), zone))
            return
        wall = start.astimezone(zone).replace(tzinfo=None) if start.tzinfo else start
        since = max(wall, after.replace(tzinfo=None, fold=0) - _MARGIN)
        rule = self._rule(wall.replace(fold=0))
        for naive in rule.xafter(since, inc=True):
            yield naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)

    def _steps(self, first: datetime, after: datetime, zone: Any) -> Iterator[datetime]:
        step = _STEPS[self.freq] * self.interval
        moment = first + max(0, (after - first) // step) * step
        for _ in range(timedelta(days=8) // _STEPS["minutely"]):
            if not self.weekdays or moment.astimezone(zone).weekday() in self.weekdays:
                yield moment
            moment += step

    def _rule(self, start: datetime) -> rrule:
        from dateutil import rrule

        options: dict[str, Any] = {"byweekday": self.weekdays} if self.weekdays else {}
        if not self.weekdays and self.freq in ("monthly", "yearly") and start.day > 28:
            options |= {"bymonthday": tuple(range(28, start.day + 1)), "bysetpos": -1}
            if self.freq == "yearly":
                options["bymonth"] = start.month
        return rrule.rrule(getattr(rrule, self.freq.upper()), dtstart=start, interval=self.interval, **options)

    def to_json(self) -> dict[str, Any]:
        """As a JSON value."""
        return asdict(self) | {"until": None if self.until is None else self.until.isoformat()}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Recurrence:
        """Of what :meth:`to_json` gave."""
        until = value.get("until")
        weekdays = tuple(value.get("weekdays", ()))
        return cls(value["freq"], value.get("interval", 1), weekdays, until and datetime.fromisoformat(until))
