"""The context that a skill gets in its own process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from assistant.skill.api import Context
from assistant.skill.dialogue import Dialogue, Undo
from assistant.skill.recurrence import Recurrence
from assistant.skill.responses import Replies, read_responses
from assistant.skill.sandbox.codec import Unfit, encode
from assistant.skill.sandbox.remote import Desk, RemoteHouse, RemoteStore, Spawn
from assistant.skill.scheduling import Scheduled
from assistant.skill.services import Services

_OWN = frozenset(("skill", "house", "store", "dialogue", "replies", "services", "on_due", "relist", "memory"))


def told(ctx: Context) -> dict[str, Any]:
    """What the child is told of a context: its plain values, as JSON."""
    found = {}
    for each in fields(ctx):
        if each.name not in _OWN and each.init:
            with suppress(Unfit):  # a service, which the child has its own stand-in for
                found[each.name] = encode(getattr(ctx, each.name))
    return found


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all contexts of a child share.

    Attributes:
        name: the skill's.
        folder: the skill's file or folder, for its words.
        services: its own things.
        spawn: starts a background task here.
        keep_undo: keeps how to take something back, and gives it a number.
        lists: function → list → entries, of the lists that functions provide.
    """

    name: str
    folder: Path
    services: Services
    spawn: Spawn
    keep_undo: Callable[[Undo], int]
    lists: Callable[[], Mapping[str, Any]]


class _Context(Context):
    """What is promised for later is kept and done by the parent, which outlives this process."""

    def say_later(self, when: float | datetime, text: str) -> Scheduled:
        found: Scheduled = _desk(self).now("say_later", when, text)
        return found

    def schedule(self, name: str, when: datetime, repeat: Recurrence | None = None, payload: Any = None) -> Scheduled:
        found: Scheduled = _desk(self).now("schedule", name, when, repeat, payload)
        return found

    def scheduled(self) -> list[Scheduled]:
        found: list[Scheduled] = _desk(self).now("scheduled")
        return found

    def unschedule(self, name: str) -> bool:
        return bool(_desk(self).now("unschedule", name))


def _desk(ctx: Context) -> Desk:
    assert isinstance(ctx.house, RemoteHouse)
    return ctx.house.desk


def make_context(around: Surroundings, desk: Desk, values: Mapping[str, Any]) -> Context:
    """A context whose every step outwards is a request to the parent.

    Args:
        desk: takes the requests.
        values: from :func:`told`.
    """

    def undo(how: Undo) -> None:
        desk.now("undo", around.keep_undo(how))

    dialogue = Dialogue(lambda text: bool(desk.now("is_command", text)), _Undos(undo), open=desk.alive())
    return _Context(
        around.name,
        RemoteHouse(desk, around.spawn),
        RemoteStore(desk),
        dialogue=dialogue,
        replies=_replies(around.folder, values.get("language", "en")),
        services=around.services,
        relist=lambda: desk.now("lists", around.lists()),
        **values,
    )


@cache
def _replies(folder: Path, language: str) -> Replies:
    return read_responses(folder, language)


class _Undos(list[Undo]):
    """Hands on what is appended."""

    def __init__(self, tell: Callable[[Undo], None]) -> None:
        super().__init__()
        self._tell = tell

    def append(self, how: Undo) -> None:
        """Tell the parent that the command can be taken back."""
        super().append(how)
        self._tell(how)
