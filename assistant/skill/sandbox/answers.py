"""The parent's side of the boundary: what a child asks for is checked, then done with the real context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import Cancelled, NetworkError, NoAnswer, SkillError
from assistant.intent.template import SlotType
from assistant.skill.api import Context
from assistant.skill.around import Card, Playing
from assistant.skill.dialogue import speaking
from assistant.skill.recurrence import Recurrence
from assistant.skill.sandbox.boundary import rule_of
from assistant.skill.sandbox.codec import Unfit
from assistant.skill.sandbox.grants import Grants, Refused
from assistant.skill.sandbox.web import Web

_RESERVED = "~"
"""What the assistant itself keeps in a skill's store begins with it: what is scheduled, for example."""
_PLAYING = 8


@dataclass(slots=True)
class Answers:
    """Does what one child asks for.

    Attributes:
        grants: its permissions.
        folders: what it may read of itself, real paths.
        web: makes its HTTP requests.
        undo: how to take back by number.
        lists: takes the entries of its lists.
    """

    grants: Grants
    folders: tuple[str, ...]
    web: Web
    undo: Callable[[int], Callable[[], Any]]
    lists: Callable[[Mapping[str, Any]], None]
    _playing: list[Playing] = field(default_factory=list)

    def check(self, name: Any, *, called: bool) -> None:
        """Let a request pass.

        Raises:
            Refused: it may not.
        """
        rule_of(name).check(str(name), self.grants, called=called)

    def at_once(self, name: str, ctx: Context, arguments: list[Any]) -> Any:
        """What needs no waiting."""
        match name, arguments:
            case "now", []:
                return ctx.now()
            case "store.get", [str(key), default]:
                return ctx.store.get(key, default)
            case "store.put", [str(key), value]:
                return ctx.store.put(_own(key), value)
            case "store.delete", [str(key)]:
                return ctx.store.delete(_own(key))
            case "store.items", [str(prefix)]:
                return [[key, value] for key, value in ctx.store.items(prefix) if not key.startswith(_RESERVED)]
            case "secrets.get", [str(key)]:
                return ctx.secrets.get(key)
            case "secrets.put", [str(key), str() | None as value]:
                return ctx.secrets.put(key, value)
            case "is_command", [str(text)]:
                return ctx.dialogue.is_command(text)
            case "undo", [int(number)]:
                return ctx.dialogue.undos.append(self.undo(number))
        return self._about_sound_and_time(name, ctx, arguments)

    def _about_sound_and_time(self, name: str, ctx: Context, arguments: list[Any]) -> Any:
        match name, arguments:
            case "lists", [dict() as lists]:
                self.lists(lists)
                return ctx.lists_changed()
            case "stop", []:
                return ctx.house.stop()
            case "show", [Card() as card]:
                return ctx.show(card)
            case "playing", []:
                return ctx.playing
            case "stop_playing", []:
                return ctx.stop_playing()
            case "say_later", [when, str(text)]:
                return ctx.say_later(when, text)
            case "schedule", [str(what), when, Recurrence() | None as repeat, payload]:
                return ctx.schedule(_own(what), when, repeat, payload)
            case "scheduled", []:
                return ctx.scheduled()
            case "unschedule", [str(what)]:
                return ctx.unschedule(what)
        raise Refused(f"ctx.{name} cannot be called like this")

    async def in_time(self, name: str, ctx: Context, arguments: list[Any], named: Mapping[str, Any]) -> Any:
        """What takes a while."""
        speaking.set(ctx.language)  # the request came through a pipe
        match name, arguments:
            case "sleep", [int() | float() as seconds]:
                return await ctx.sleep(seconds)
            case "announce", [str(text)]:
                return await ctx.announce(text)
            case "ring", [str(text), int() | float() as seconds]:
                return await ctx.ring(text, seconds)
            case "say", [str(text)]:
                return await ctx.say(text)
            case "ask", [str(question), SlotType() as kind]:
                with ctx.dialogue.waiting():
                    return await ctx.house.ask(question, ctx.skill, kind)
            case "play", [sound, str(title)]:
                return await self._play(ctx, sound, title)
            case "play.over", [int(number)] if 0 <= number < len(self._playing):
                return await self._playing[number].over()
            case "skills.call", [str(intent)]:
                self.grants.require_skill(intent.partition(".")[0])
                return await ctx.skills.call(intent, **named)
            case "skills.answer", [str(text)]:
                self.grants.require_skill("*")
                return await ctx.skills.answer(text)
            case "http", [*request]:
                return await self.web.request(*request)
        raise Refused(f"ctx.{name} cannot be called like this")

    async def _play(self, ctx: Context, sound: Any, title: str) -> int:
        playing = await ctx.play(self._readable(sound) if isinstance(sound, str) else sound, title)
        if len(self._playing) >= _PLAYING:
            self._playing.clear()
        self._playing.append(playing)
        return len(self._playing) - 1

    def _readable(self, sound: str) -> Path:
        real = Path(sound).resolve()
        allowed = (*self.folders, *self.grants.read, *self.grants.write)
        if not any(real.is_relative_to(each) for each in allowed):
            raise Refused(f"playing {sound} needs the permission 'files' for it")
        return real


WAITS = frozenset((
    "sleep", "announce", "ring", "say", "ask", "play", "play.over", "skills.call", "skills.answer", "http",
))  # fmt: skip
"""Requests that :meth:`Answers.in_time` answers; :meth:`Answers.at_once` does the others."""

SHOWN = frozenset(("announce", "ring", "say", "ask", "show", "say_later", "play"))
"""Requests whose texts are spoken or printed."""


def _own(key: str) -> str:
    if key.startswith(_RESERVED):
        raise Refused(f"keys and names that begin with {_RESERVED!r} belong to the assistant")
    return key


def told_error(error: BaseException) -> tuple[str, str]:
    """(kind, text) of what went wrong with a request, for the child; empty for what is our own fault."""
    match error:
        case Refused() | Unfit():
            return "refused", str(error)
        case NetworkError():
            return "network", str(error)
        case Cancelled():
            return "cancelled", str(error)
        case NoAnswer():
            return "no_answer", str(error)
        case SkillError() | ValueError() | TypeError():
            return "skill_error", str(error)
    return "", ""
