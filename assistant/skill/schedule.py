"""Things a skill promised to do later: kept on disk before they are promised, rung when due, late if need be.

An entry carries a token that changes whenever it is moved, so a waiter of an earlier start finds another
token in the store and ends by itself: nothing has to be cancelled, and no state lives outside the store.
Each change is one write, so a crash leaves either the old or the new.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from secrets import token_hex

from assistant.intent.values import Duration
from assistant.skill.api import Context

PREFIX = "due/"
LATE = 60.0
"""Seconds after which a ring comes with an apology."""
_GLANCE = 30.0
"""Longest nap, in seconds: a laptop that slept, or a clock that was set, is noticed after this."""
_SLACK = 0.001


@dataclass(frozen=True, slots=True)
class Entry:
    """Something due.

    Attributes:
        name: what the user called it, or empty.
        due: POSIX seconds; of no meaning while paused.
        total: seconds from start to due, as they were asked for.
        left: seconds left while paused, None while it runs.
        key: where the store keeps it; keys sort by age.
        token: changes whenever it is moved.
        ringing: its moment has come and it waits to be stopped.
    """

    name: str
    due: float
    total: float
    left: float | None
    key: str
    token: str
    ringing: bool = False

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self.left is not None

    def remaining(self, now: datetime) -> Duration:
        """Time left, in whole seconds rounded up, never below zero."""
        left = self.due - now.timestamp() if self.left is None else self.left
        return Duration(seconds=max(0, math.ceil(round(left, 3))))


Wording = Callable[[Sequence[Entry], Sequence[Entry], datetime], str]
"""(those just due, those long overdue, now) → what to say while ringing."""


class Schedule:
    """Everything that one skill has due; a cheap view on its store, make one whenever needed.

    Args:
        ctx: the skill's context.
        wording: what to say when some are due.
        seconds: how long to ring when nobody stops it.
    """

    def __init__(self, ctx: Context, wording: Wording, seconds: float = 120.0) -> None:
        self._ctx = ctx
        self._wording = wording
        self._seconds = seconds

    def entries(self) -> list[Entry]:
        """All of them: running and ringing ones by due time, then the paused ones."""
        found = [Entry(**value) for _, value in self._ctx.store.items(PREFIX)]
        return sorted(found, key=lambda entry: (entry.paused, entry.due, entry.key))

    def add(self, seconds: float, name: str = "") -> Entry:
        """Start one that is due in so many seconds; it is on disk when this returns."""
        now = self._ctx.now().timestamp()
        key = f"{PREFIX}{now:017.3f}/{len(self.entries()):03}/{token_hex(4)}"
        return self._start(Entry(name, now + seconds, seconds, None, key, token_hex(4)))

    def cancel(self, entries: Sequence[Entry]) -> None:
        """Forget some, and silence them if they ring."""
        for entry in entries:
            self._ctx.store.delete(entry.key)
        self._silence(entries)

    def pause(self, entry: Entry) -> None:
        """Let it stand still."""
        left = max(0.0, entry.due - self._ctx.now().timestamp())
        self._put(replace(entry, left=left, ringing=False, token=token_hex(4)))
        self._silence([entry])

    def resume(self, entry: Entry) -> None:
        """Let a paused one run on."""
        self.restart(entry, entry.left or 0.0)

    def extend(self, entry: Entry, seconds: float) -> Entry:
        """Move one by so many seconds, earlier if negative; one that rings is due that long from now."""
        if entry.left is not None:
            return self._put(replace(entry, left=max(0.0, entry.left + seconds)))
        left = 0.0 if entry.ringing else entry.due - self._ctx.now().timestamp()
        return self.restart(entry, max(0.0, left + seconds))

    def restart(self, entry: Entry, seconds: float) -> Entry:
        """Let one run, due in so many seconds from now."""
        due = self._ctx.now().timestamp() + seconds
        moved = self._start(replace(entry, due=due, left=None, ringing=False, token=token_hex(4)))
        self._silence([entry])
        return moved

    def wake_up(self) -> None:
        """After a start of the assistant: go on with what runs, ring what was missed."""
        for entry in self.entries():
            if not entry.paused:
                self._start(replace(entry, ringing=False))

    def _start(self, entry: Entry) -> Entry:
        self._put(entry)
        self._ctx.spawn(self._wait(entry))
        return entry

    def _put(self, entry: Entry) -> Entry:
        self._ctx.store.put(entry.key, asdict(entry))
        return entry

    def _stored(self, key: str) -> Entry | None:
        value = self._ctx.store.get(key)
        return Entry(**value) if value else None

    def _silence(self, entries: Sequence[Entry]) -> None:
        if any(entry.ringing for entry in entries):
            self._ctx.house.stop()

    async def _wait(self, entry: Entry) -> None:
        while self._stored(entry.key) == entry:
            left = entry.due - self._ctx.now().timestamp()
            if left <= _SLACK:
                await self._ring()
                return
            await self._ctx.sleep(min(left, _GLANCE))

    async def _ring(self) -> None:
        """Ring for everything that is due by now, in one go; each is forgotten when it has been rung."""
        now = self._ctx.now()
        moment = now.timestamp() + _SLACK
        waiting = [entry for entry in self.entries() if not (entry.paused or entry.ringing)]
        due = [self._put(replace(entry, ringing=True)) for entry in waiting if entry.due <= moment]
        late = [entry for entry in due if moment - entry.due > LATE]
        fresh = [entry for entry in due if entry not in late]
        await self._ctx.ring(self._wording(fresh, late, now), self._seconds)
        for entry in due:
            if self._stored(entry.key) == entry:
                self._ctx.store.delete(entry.key)
