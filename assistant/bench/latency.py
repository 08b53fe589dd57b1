"""A session on the measuring stand: somebody says commands, and it is noted when it does what."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from assistant.app import open_session
from assistant.bench.stand import Manner, Meter, Talker
from assistant.bench.take import Take
from assistant.bench.trial import Stamped, Trial, from_events
from assistant.config import Loaded
from assistant.events import Event, StateChanged
from assistant.runtime.clock import VirtualLoop
from assistant.session.state import State
from assistant.session.timeline import Timeline

T = TypeVar("T")
Progress = Callable[[int], None]
"""Called with the number of utterances that have begun."""

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""The time of day at which every run begins, so that no alarm of the corpus goes off."""


def on_loop(main: Callable[[], Coroutine[Any, Any, T]], *, virtual: bool) -> T:
    """Run a coroutine in real time, or in a time that only audio takes."""
    with asyncio.Runner(loop_factory=VirtualLoop if virtual else None) as runner:
        return runner.run(main())


async def converse(
    loaded: Loaded,
    takes: Sequence[Take],
    manner: Manner,
    *,
    wake: bool = True,
    progress: Progress = lambda _count: None,
) -> list[Trial]:
    """Say utterances to a session, each when the answer to the one before is over; earcons should be off.

    Args:
        wake: whether it listens for a wake word; otherwise it always listens.
    """
    talker = Talker(takes, manner)
    meter = Meter(talker)
    events: list[Stamped] = []

    def note(event: Event) -> None:
        events.append((talker.now(), event))
        if isinstance(event, StateChanged):
            talker.idle = event.new == State.IDLE.value
        progress(len(talker.said))

    timeline = Timeline()
    timeline.subscribe(note)
    with tempfile.TemporaryDirectory() as data:
        async with open_session(loaded, (talker, meter), timeline, wake=wake, data=Path(data), now=NOON) as session:
            await session.run()
    return from_events(talker.said, events, meter.sounds)
