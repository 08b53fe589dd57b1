"""What a skill is written with: the ``@skill`` decorator and the :class:`Context` it is given."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, overload

from assistant.errors import Cancelled, NoAnswer, SkillError
from assistant.intent.answers import Expectation, is_dismissal
from assistant.intent.lang import conversation
from assistant.intent.template import SlotType
from assistant.skill import scheduling
from assistant.skill.around import Card, FactMemory, House, Location, OtherSkills, Playing, Sound, Store
from assistant.skill.dialogue import Dialogue, Overtaken, Undo
from assistant.skill.marking import COMMON_RULES, Entries, Handler, SkillSpec, SlotSource, skill
from assistant.skill.phrases import phrase
from assistant.skill.recurrence import Recurrence
from assistant.skill.responses import Replies
from assistant.skill.scheduling import Scheduled

if TYPE_CHECKING:
    import sqlite3

    import httpx

    from assistant.skill.fetching import Fetched
    from assistant.skill.secrets import Secrets
    from assistant.skill.services import Services

__all__ = [
    "COMMON_RULES", "Card", "Context", "Entries", "Handler", "House", "Location", "SkillSpec", "SlotSource", "Store",
    "skill",
]  # fmt: skip

_T = TypeVar("_T")


@dataclass(slots=True)
class Context:
    """What a skill function gets as its first argument.

    Attributes:
        skill: the skill's name.
        language: ISO 639-1 code of the conversation.
        units: ``metric`` or ``imperial``.
        store: this skill's durable memory.
        settings: this skill's section of the configuration.
        house: the assistant around it.
        text: what the user said.
        dialogue: this call's own conversation with the user.
        replies: the skill's words, of ``responses/``.
        location: where the user lives, if the configuration says it.
        satellite: the name of the satellite that heard the user; empty for this machine.
        due: when what is being done was due, while something scheduled is done; None in a conversation.
        services: what the skill has of its own besides the store.
        on_due: the skill's hook for what it has scheduled.
        relist: asks the skill's functions that provide lists again.
        memory: what :attr:`facts` gives; None where nothing is remembered.
    """

    skill: str
    house: House
    store: Store
    language: str = "en"
    units: str = "metric"
    settings: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    dialogue: Dialogue = field(default_factory=Dialogue)
    replies: Replies = field(default_factory=Replies)
    location: Location | None = None
    satellite: str = ""
    due: datetime | None = None
    services: Services | None = None
    on_due: Callable[[Context, str, Any], Awaitable[None] | None] | None = None
    relist: Callable[[], Any] = lambda: None
    memory: FactMemory | None = None

    def reply(self, key: str, **values: Any) -> str:
        """The skill's words for a key of ``responses/LANG.yaml``, with values put into the language.

        Raises:
            ConfigError: there is no such key, or the text needs another value.
        """
        return self.replies.say(key, values)

    async def say(self, text: str) -> None:
        """Say something now, before the reply; return when it has been said.

        Outside a conversation it is announced as soon as nobody speaks.
        """
        if not self.dialogue.open:
            await self.house.announce(text, self.skill)
            return
        with self.dialogue.waiting():
            await self.house.say(text, self.skill)

    async def confirm(self, question: str) -> bool:
        """Ask for a yes or no; no answer and "never mind" count as no."""
        try:
            return await self.ask(question, bool)
        except (NoAnswer, Cancelled):
            return False

    def show(self, card: Card) -> None:
        """Show something to look at, where there is a screen."""
        self.house.show(card, self.skill)

    def lists_changed(self) -> None:
        """What a function of the skill lists for a slot is something else now: understand it at once.

        Otherwise it is noticed within half a minute.
        """
        self.relist()

    @property
    def time_zone(self) -> str:
        """The user's time zone, an IANA name: ``Europe/Paris``."""
        zone = self.now().tzinfo
        return getattr(zone, "key", None) or str(zone)

    def now(self) -> datetime:
        """The local time, with its time zone; follows the virtual clock in tests."""
        return self.house.now()

    async def sleep(self, seconds: float) -> None:
        """Wait without holding anybody up."""
        await self.house.sleep(seconds)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Start a background task that ends with the skill."""
        self.house.spawn(coroutine, self.skill)

    def run_background(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """The same as :meth:`spawn`."""
        self.spawn(coroutine)

    def say_later(self, when: float | datetime, text: str) -> Scheduled:
        """Announce something later. It is kept on disk: a restart does not forget it, and says it late if need be.

        Args:
            when: seconds from now, or a moment with its time zone.
        """
        return scheduling.say_later(self, when, text)

    def schedule(self, name: str, when: datetime, repeat: Recurrence | None = None, payload: Any = None) -> Scheduled:
        """Have the skill's ``on_due(ctx, name, payload)`` called at a moment, once or again and again.

        It is kept on disk; one of the same name is replaced. What was missed while the assistant was off is done once,
        late: ``ctx.due`` says when it should have been.

        Args:
            when: the first time, with its time zone.
            repeat: how it recurs, by the clock on the wall.
            payload: a JSON value.
        """
        return scheduling.schedule(self, name, when, repeat, payload)

    def scheduled(self) -> list[Scheduled]:
        """What the skill has scheduled, the next first."""
        return scheduling.scheduled(self)

    def unschedule(self, name: str) -> bool:
        """Forget what was scheduled under a name; False if nothing was."""
        return scheduling.unschedule(self, name)

    async def announce(self, text: str) -> None:
        """Say something unasked."""
        await self.house.announce(text, self.skill)

    async def ring(self, text: str, seconds: float = 120.0) -> bool:
        """Ring until stopped (True) or until the time is up (False)."""
        return await self.house.ring(text, self.skill, seconds)

    @overload
    def ask(self, question: str, expected: type[_T]) -> Awaitable[_T]: ...
    @overload
    def ask(self, question: str, expected: Mapping[str, _T]) -> Awaitable[_T]: ...
    @overload
    def ask(self, question: str, expected: Sequence[str]) -> Awaitable[str]: ...
    @overload
    def ask(self, question: str, expected: SlotType | Expectation) -> Awaitable[Any]: ...
    def ask(self, question: str, expected: Any) -> Awaitable[Any]:
        """Ask the user something and go on with the answer: ``await ctx.ask("For how long?", Duration)``.

        An answer that does not fit is asked for once more; another command ends the skill and is answered
        instead. The time that the user takes does not count as the skill's.

        Args:
            question: said to the user.
            expected: a slot's type (``int``, ``float``, ``Duration``, ``TimeOfDay``, ``Date``, ``Percentage``,
                ``Literal[...]``), ``bool`` for yes or no, ``str`` for any words, or what to choose from: spoken
                forms, or spoken form → value. Forms may be templates.
                :class:`assistant.intent.answers.Expectation` can do more.

        Raises:
            Cancelled: the user said "never mind" or the like; "OK." unless the skill catches it.
            NoAnswer: nothing came in time, or nothing that fits.
            TypeError: the skill is no ``async`` function.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise TypeError("ctx.ask() needs an asynchronous skill: write 'async def' and 'await ctx.ask(…)'") from None
        if not isinstance(expected, Expectation):
            expected = Expectation(expected, language=self.language)
        return self._ask(question, expected)

    async def _ask(self, question: str, expected: Expectation) -> Any:
        again = phrase("not_understood", self.language)
        for said in (question, f"{again} {question}"):
            with self.dialogue.waiting():
                heard = await self.house.ask(said, self.skill, expected.kind)
            if heard is None:
                raise NoAnswer
            if expected.is_open and is_dismissal(heard, self.language):
                raise Cancelled(conversation.said("ok", self.language))
            if (value := expected.read(heard)) is not None:
                return value[0]
            if is_dismissal(heard, self.language):
                raise Cancelled(conversation.said("ok", self.language))
            if self.dialogue.is_command(heard):
                raise Overtaken(heard)
        raise NoAnswer(again)

    def undo(self, how: Undo) -> None:
        """Say how to take back what was just done, for a user who corrects it: "no, ten minutes"."""
        self.dialogue.undos.append(how)

    async def play(self, sound: Sound, title: str = "") -> Playing:
        """Begin to play a sound file, or chunks of sound; speech is heard over it, and "stop" ends it.

        Returns:
            What is being played; ``await (await ctx.play(…)).over()`` waits for its end.

        Raises:
            SkillError: it cannot be played; the text says why.
        """
        return await self.house.play(sound, title, self.skill)

    @property
    def playing(self) -> str | None:
        """The title of what is played now; None when nothing is."""
        return self.house.playing

    def stop_playing(self) -> bool:
        """Stop what is played; True if something was."""
        return self.house.stop_playing()

    @property
    def log(self) -> logging.Logger:
        """The skill's logger."""
        return logging.getLogger(f"skill.{self.skill}")

    @property
    def secrets(self) -> Secrets:
        """Passwords and tokens, never shown or logged."""
        return self._services().secrets

    def database(self) -> sqlite3.Connection:
        """The skill's own SQLite file; one connection, which any thread may use."""
        return self._services().database()

    @property
    def http(self) -> httpx.AsyncClient:
        """An HTTP client; time-out 5 s. :meth:`fetch` is better for what is only read."""
        return self._services().http

    async def fetch(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        max_age: float = 0.0,
    ) -> Fetched:
        """Read a page or document; a copy on disk is used when it is young enough, or when the network is missing.

        Args:
            max_age: seconds for which a copy is as good as the original.

        Raises:
            NetworkError: it cannot be had; one honest sentence in the user's language.
        """
        return await self._services().fetch(url, params, headers, max_age, self.now())

    @property
    def facts(self) -> FactMemory:
        """What the user has asked the assistant to remember; only skills outside the sandbox have it.

        Raises:
            SkillError: it is not there.
        """
        if self.memory is None:
            raise SkillError(f"The {self.skill} skill may not see what I was told to remember.")
        return self.memory

    @property
    def skills(self) -> OtherSkills:
        """The other skills."""
        return OtherSkills(self.skill, self.house, self.dialogue)

    def _services(self) -> Services:
        if self.services is None:
            raise SkillError(f"The {self.skill} skill has no folder of its own here.")
        return self.services
