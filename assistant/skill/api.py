"""What a skill is written with: the ``@skill`` decorator and the :class:`Context` it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar, overload

from assistant.errors import Cancelled, NoAnswer
from assistant.intent.answers import Expectation, is_dismissal
from assistant.intent.template import SlotType
from assistant.skill.dialogue import Dialogue, Overtaken, Undo

Handler = Callable[..., Awaitable[str | None] | str | None]
Entries = Mapping[str, Any] | Sequence[str]
SlotSource = SlotType | Entries | Callable[[], Entries]

_F = TypeVar("_F", bound=Handler)
_T = TypeVar("_T")

COMMON_RULES: Mapping[str, str] = {
    # before a command: "please", "can you", "i want you to"
    "please": "[(please [just]|[please] (can|could|would|will) you [(please|just)]|[please] go ahead and|let's|just"
    "|i (want|need|would like) [you] to [please]|i'd like [you] to|[please] help me)]",
    # after a command or a question: "please", "now", "for me"
    "thanks": "[([right] now [please]|[for me] please|for me|thanks|thank you)]",
    # before a noun that answers: "what's", "tell me", "can you tell me"
    "whats": "(what's|whats|what is|what are|[please] (tell|give|show) me|(can|could|would) you [please] (tell|give) me"
    "|do you know|i (want|need|would like) to know|i'd like to know|[please] let me know)",
    # before a clause that answers: "tell me [what time it is]"
    "tell": "([please] tell me|(can|could|would) you [please] tell me|do you know|i (want|need|would like) to know"
    "|i'd like to know|[please] let me know|(would|could) you let me know)",
}
"""Expansion rules that every skill's templates may use; a skill's own rule of the same name wins.

An optional group is written ``[(a|b)]``, not ``[a|b]``: half of the language model's mass then goes to
saying nothing, however many alternatives there are.
"""


@dataclass(frozen=True, slots=True, eq=False)
class SkillSpec:
    """What ``@skill`` records on a function.

    Attributes:
        templates: hassil templates; ``{name}`` is a parameter of the function.
        examples: sentences that must reach this function.
        slots: parameter → where its values come from, when the annotation does not say it:
            a slot type, a list, a mapping spoken form → value, or a function that returns one.
        rules: expansion rules for ``<rule>``, :data:`COMMON_RULES` included.
        pure: free of side effects, so it may run before the user has certainly finished.
    """

    templates: tuple[str, ...]
    examples: tuple[str, ...]
    slots: Mapping[str, SlotSource]
    rules: Mapping[str, str]
    pure: bool


def skill(
    *templates: str,
    examples: Sequence[str] = (),
    slots: Mapping[str, SlotSource] | None = None,
    rules: Mapping[str, str] | None = None,
    pure: bool = False,
) -> Callable[[_F], _F]:
    """Make a function answer the sentences of its templates.

    The function's first parameter is the :class:`Context`; the others are slots, typed by their
    annotations (``int``, ``float``, ``str``, ``Duration``, ``TimeOfDay``, ``Date``, ``Percentage``,
    ``Literal[...]``), optional ones with a default. It returns the reply, or None for silence. It
    may be ``async``; a plain function runs on a worker thread so that it can take its time.
    """

    def mark(function: _F) -> _F:
        spec = SkillSpec(templates, tuple(examples), dict(slots or {}), {**COMMON_RULES, **(rules or {})}, pure)
        function.__skill__ = spec  # type: ignore[attr-defined]
        return function

    return mark


class Store(Protocol):
    """A skill's own durable memory: JSON values by key, each write on disk before it returns."""

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or the default."""

    def put(self, key: str, value: Any) -> None:
        """Keep a JSON value."""

    def delete(self, key: str) -> None:
        """Forget a key; no error if it is not there."""

    def items(self, prefix: str = "") -> list[tuple[str, Any]]:
        """Every key that begins with the prefix, with its value, sorted by key."""


class House(Protocol):
    """What a skill can reach of the assistant around it."""

    def now(self) -> datetime:
        """The local time, with its time zone."""

    async def sleep(self, seconds: float) -> None:
        """Wait; in a fast run the time passes at once."""

    def spawn(self, coroutine: Coroutine[Any, Any, None], skill: str) -> None:
        """Run in the background until the assistant stops; a crash is logged, not fatal."""

    async def announce(self, text: str, skill: str) -> None:
        """Say something unasked, as soon as nobody is speaking."""

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring and say the text until somebody stops it; True if somebody did.

        Only one thing rings at a time: a call while something rings waits for its turn, and the seconds
        count from the moment it begins to ring.
        """

    async def ask(self, question: str, skill: str, kind: SlotType) -> str | None:
        """Ask the user for a value of a type; what the user says to it, or None if nothing comes in time."""

    def stop(self) -> bool:
        """Stop whatever rings or speaks; True if something did."""

    @property
    def ringing(self) -> str | None:
        """The text of what rings now."""

    @property
    def last_reply(self) -> str:
        """The last thing said to the user."""

    @property
    def volume(self) -> float:
        """The assistant's own loudness, 0 to 1."""

    def set_volume(self, level: float) -> None:
        """Change it, and remember it."""

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Skill title → example sentences, of every loaded skill."""


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
    """

    skill: str
    house: House
    store: Store
    language: str = "en"
    units: str = "metric"
    settings: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    dialogue: Dialogue = field(default_factory=Dialogue)

    def now(self) -> datetime:
        """The local time, with its time zone; follows the virtual clock in tests."""
        return self.house.now()

    async def sleep(self, seconds: float) -> None:
        """Wait without holding anybody up."""
        await self.house.sleep(seconds)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Start a background task that ends with the assistant."""
        self.house.spawn(coroutine, self.skill)

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
        return self._ask(question, expected if isinstance(expected, Expectation) else Expectation(expected))

    async def _ask(self, question: str, expected: Expectation) -> Any:
        for said in (question, f"Sorry, I didn't get that. {question}"):
            with self.dialogue.waiting():
                heard = await self.house.ask(said, self.skill, expected.kind)
            if heard is None:
                raise NoAnswer
            if expected.is_open and is_dismissal(heard):
                raise Cancelled
            if (value := expected.read(heard)) is not None:
                return value[0]
            if is_dismissal(heard):
                raise Cancelled
            if self.dialogue.is_command(heard):
                raise Overtaken(heard)
        raise NoAnswer("Sorry, I didn't get that.")

    def undo(self, how: Undo) -> None:
        """Say how to take back what was just done, for a user who corrects it: "no, ten minutes"."""
        self.dialogue.undos.append(how)
