"""The assistant as an isolated skill sees it: the same interfaces, each step a message to the parent."""
# ruff: noqa: ARG002  # the parent knows which skill it is

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.intent.template import SlotType
from assistant.skill.around import Card, Playing, Sound
from assistant.skill.sandbox.boundary import rule_of
from assistant.skill.sandbox.grants import Grants, Refused
from assistant.skill.sandbox.line import Line
from assistant.skill.secrets import Secrets
from assistant.skill.services import TIMEOUT_S, USER_AGENT, Services

if TYPE_CHECKING:
    import httpx

Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Desk:
    """Where one call's requests go; what was not granted is refused here, before it is sent.

    Args:
        line: to the parent.
        call: the call on whose behalf it asks, 0 for none.
        grants: the skill's permissions.
        report: tells the parent about what was refused here.
        alive: whether the call still runs.
    """

    def __init__(
        self, line: Line, call: int, grants: Grants, report: Callable[[str], None], alive: Callable[[], bool]
    ) -> None:
        self._line = line
        self.call = call
        self.grants = grants
        self._report = report
        self.alive = alive

    def check(self, name: str) -> None:
        """Let a request pass.

        Raises:
            Refused: it may not.
        """
        try:
            rule_of(name).check(name, self.grants, called=self.alive())
        except Refused as error:
            self._report(str(error))
            raise

    def refuse(self, text: str) -> Refused:
        """An error for something that is not to be had, reported."""
        self._report(text)
        return Refused(text)

    def now(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Ask, and block for the answer."""
        self.check(name)
        return self._line.now(self.call, name, *arguments, **named)

    async def later(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Ask, and wait for the answer."""
        self.check(name)
        return await self._line.later(self.call, name, *arguments, **named)


class RemoteStore:
    """The skill's own memory, kept by the parent; implements :class:`assistant.skill.api.Store`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or the default."""
        return self._desk.now("store.get", key, default)

    def put(self, key: str, value: Any) -> None:
        """Keep a JSON value; it is on disk when this returns."""
        self._desk.now("store.put", key, value)

    def delete(self, key: str) -> None:
        """Forget a key."""
        self._desk.now("store.delete", key)

    def items(self, prefix: str = "") -> list[tuple[str, Any]]:
        """Every key that begins with the prefix, with its value, sorted by key."""
        return [(key, value) for key, value in self._desk.now("store.items", prefix)]


class RemoteHouse:
    """What there is of the house; implements :class:`assistant.skill.api.House`."""

    def __init__(self, desk: Desk, spawn: Spawn) -> None:
        self.desk = self._desk = desk
        self._spawn = spawn

    def now(self) -> datetime:
        """The local time, with its time zone."""
        found: datetime = self._desk.now("now")
        return found

    async def sleep(self, seconds: float) -> None:
        """Wait in the assistant's time."""
        await self._desk.later("sleep", seconds)

    def spawn(self, coroutine: Coroutine[Any, Any, None], skill: str) -> None:
        """Run in the background until the skill stops."""
        try:
            self._desk.grants.require("background", "ctx.spawn")
        except Refused as error:
            coroutine.close()
            raise self._desk.refuse(str(error)) from None
        self._spawn(coroutine)

    async def announce(self, text: str, skill: str) -> None:
        """Say something unasked."""
        await self._desk.later("announce", text)

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring until stopped."""
        return bool(await self._desk.later("ring", text, seconds))

    async def ask(self, question: str, skill: str, kind: SlotType) -> str | None:
        """Ask the user; what is said to it, or None."""
        heard: str | None = await self._desk.later("ask", question, kind)
        return heard

    async def say(self, text: str, skill: str) -> None:
        """Say something within the turn."""
        await self._desk.later("say", text)

    async def play(self, sound: Sound, title: str, skill: str) -> Playing:
        """Play a file that the skill may read, or chunks, which are collected first."""
        if isinstance(sound, str | Path):
            given: Any = os.path.abspath(sound)  # noqa: PTH100, ASYNC240  # links are the parent's to follow
        elif isinstance(sound, AsyncIterable):
            given = [chunk async for chunk in sound]
        else:
            given = list(sound)
        return _Played(self._desk, await self._desk.later("play", given, title))

    @property
    def playing(self) -> str | None:
        """The title of what is played now."""
        found: str | None = self._desk.now("playing")
        return found

    def stop_playing(self) -> bool:
        """Stop what is played; True if something was."""
        return bool(self._desk.now("stop_playing"))

    def show(self, card: Card, skill: str) -> None:
        """Show something."""
        self._desk.now("show", card)

    async def call(self, intent: str, slots: Mapping[str, Any], skill: str) -> str:
        """The reply of another skill's function."""
        return str(await self._desk.later("skills.call", intent, **slots))

    async def answer(self, text: str, skill: str) -> str:
        """The reply to a sentence."""
        return str(await self._desk.later("skills.answer", text))

    def stop(self) -> bool:
        """Stop what rings, speaks or plays; True if something did."""
        return bool(self._desk.now("stop"))

    @property
    def ringing(self) -> str | None:
        """Not for a stranger's skill."""
        raise self._nothing("ringing")

    @property
    def last_reply(self) -> str:
        """Not for a stranger's skill."""
        raise self._nothing("last_reply")

    @property
    def volume(self) -> float:
        """Not for a stranger's skill."""
        raise self._nothing("volume")

    def set_volume(self, level: float) -> None:
        """Not for a stranger's skill."""
        raise self._nothing("set_volume")

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Not for a stranger's skill."""
        raise self._nothing("examples")

    def _nothing(self, name: str) -> Refused:
        return self._desk.refuse(f"ctx.house.{name} is not there for a skill in a process of its own")


class _Played:
    """Implements :class:`assistant.skill.around.Playing`."""

    def __init__(self, desk: Desk, number: int) -> None:
        self._desk = desk
        self._number = number

    async def over(self) -> bool:
        """Wait until it ends."""
        return bool(await self._desk.later("play.over", self._number))


class RemoteSecrets(Secrets):
    """The skill's secrets, kept by the parent."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __repr__(self) -> str:
        return "Secrets()"

    def get(self, name: str) -> str | None:
        """A secret, None if it is not set."""
        found: str | None = self._desk.now("secrets.get", name)
        return found

    def put(self, name: str, value: str | None) -> None:
        """Keep a secret, or forget it when it is None."""
        self._desk.now("secrets.put", name, value)


class RemoteServices(Services):
    """Database and copies of pages in the skill's own folder, here; secrets and the network through the parent."""

    def __init__(self, skill: str, folder: Path, language: str, desk: Desk) -> None:
        super().__init__(skill, folder, language)
        self._desk = desk
        self.secrets = RemoteSecrets(desk)

    @property
    def http(self) -> httpx.AsyncClient:
        """An HTTP client whose requests the parent makes."""
        if self._client is None:
            import httpx

            from assistant.skill.sandbox.transport import Transport

            agent = {"User-Agent": USER_AGENT}
            self._client = httpx.AsyncClient(
                transport=Transport(self._desk), timeout=TIMEOUT_S, follow_redirects=True, headers=agent
            )
        return self._client
