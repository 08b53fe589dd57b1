"""Stamps events with stream time and hands them to whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.events import Event

Subscriber = Callable[[Event], None]


class Timeline:
    """The one stream of events.

    Attributes:
        now: seconds of audio heard since the stream began.
        turn: the current turn's number; 0 before the first.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.turn = 0
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Call it with every event from now on, in order."""
        self._subscribers.append(subscriber)

    def emit(self, event: Event) -> None:
        """Stamp an event whose ``at`` is negative with the present, and pass it on."""
        if event.at < 0:
            event = replace(event, at=self.now)
        for subscriber in self._subscribers:
            subscriber(event)

    def for_turn(self, number: int) -> Subscriber:
        """An ``emit`` that also writes a turn's number into its events."""
        return lambda event: self.emit(replace(event, turn=number))
