"""The house around a skill, in memory and on virtual time, and a way to talk to skills as a user does."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from assistant.intent.match import Matcher
from assistant.intent.template import SlotType
from assistant.memory.facts import Facts
from assistant.runtime.clock import VirtualLoop, WallClock
from assistant.session.brain import Brain, Kind
from assistant.session.others import OtherSkills
from assistant.skill.api import Context
from assistant.skill.around import Card, Sound
from assistant.skill.contexts import Contexts, Frame
from assistant.skill.loader import Skills, load_skills
from assistant.skill.services import Services
from assistant.skill.settings import SkillSettings
from assistant.skill.store import Stores

SKILLS = Path(__file__).parents[2] / "skills"
START = datetime(2026, 3, 4, 14, 5, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Wednesday."""


@cache
def shipped(language: str = "en") -> Skills:
    """Every skill in ``skills/``, together, as the assistant loads them."""
    skills = load_skills([SKILLS], language=language)
    assert not skills.problems, [str(problem) for problem in skills.problems]
    return skills


def configured(language: str = "en", **settings: Mapping[str, Any]) -> Skills:
    """The same with some skills' settings, as their user would set them."""
    skills = load_skills([SKILLS], language=language, settings=SkillSettings(settings))
    assert not skills.problems, [str(problem) for problem in skills.problems]
    return skills


class Globals:
    """A module's names as attributes; the module itself may have been replaced by another load of the same file."""

    def __init__(self, names: dict[str, Any]) -> None:
        vars(self)["names"] = names

    def __getattr__(self, name: str) -> Any:
        return vars(self)["names"][name]

    def __setattr__(self, name: str, value: Any) -> None:
        vars(self)["names"][name] = value


def module(skill: str) -> Globals:
    """The module of a loaded skill."""
    (found,) = [each for each in shipped().skills if each.name == skill]
    return Globals(inspect.unwrap(found.handlers[0].function).__globals__)


@cache
def matcher() -> Matcher:
    """The matcher over all of them."""
    return Matcher(shipped().grammar)


def intent(text: str) -> str | None:
    """The intent of a sentence, None when nothing matches."""
    found = matcher().match(text)
    return found[0].intent if found else None


class MemoryHouse:
    """Records what is said and rung, with the seconds since the start."""

    def __init__(self, start: datetime, examples: Mapping[str, Sequence[str]]) -> None:
        self._clock = WallClock(asyncio.get_running_loop(), str(start.tzinfo), start.astimezone(UTC))
        self._examples = examples
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._stopped = asyncio.Event()
        self.ringing: str | None = None
        self.last_reply = ""
        self.volume = 0.5
        self.rings: list[tuple[float, str]] = []
        self.announced: list[str] = []
        self.said: list[str] = []
        self.cards: list[Card] = []
        self.played: list[Track] = []
        self.others: OtherSkills | None = None
        self.speaking = False
        self.questions: list[str] = []
        self.answers: list[str | Callable[[], Awaitable[str | None]] | None] = []

    def now(self) -> datetime:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def spawn(self, coroutine: Coroutine[Any, Any, None], skill: str) -> None:
        task = asyncio.get_running_loop().create_task(coroutine, name=skill)
        self._tasks.add(task)

    async def announce(self, text: str, skill: str) -> None:
        self.announced.append(f"{skill}: {text}")

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        assert skill
        async with self._turn:
            self._stopped.clear()
            self.ringing = text
            self.rings.append((round(asyncio.get_running_loop().time(), 2), text))
            try:
                await asyncio.wait_for(self._stopped.wait(), seconds)
            except TimeoutError:
                return False
            finally:
                self.ringing = None
            return True

    async def ask(self, question: str, skill: str, kind: SlotType) -> str | None:
        """The next of ``answers``: a text, None for silence until the time is up, or what an awaitable gives."""
        assert skill and kind.name
        self.questions.append(question)
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer):
            return await answer()
        await asyncio.sleep(1.0 if answer else 8.0)
        return answer

    async def say(self, text: str, skill: str) -> None:
        assert skill
        self.said.append(text)

    async def play(self, sound: Sound, title: str, skill: str) -> Track:
        assert skill
        self.stop_playing()
        self.played.append(Track(sound, title))
        return self.played[-1]

    @property
    def playing(self) -> str | None:
        return self.played[-1].title if self.played and not self.played[-1].ended.is_set() else None

    def stop_playing(self) -> bool:
        active = self.playing is not None
        if active:
            self.played[-1].end(whole=False)
        return active

    def show(self, card: Card, skill: str) -> None:
        assert skill
        self.cards.append(card)

    async def call(self, intent: str, slots: Mapping[str, Any], skill: str) -> str:
        assert self.others is not None
        return await self.others.call(intent, slots, skill)

    async def answer(self, text: str, skill: str) -> str:
        assert self.others is not None
        return await self.others.answer(text, skill)

    def stop(self) -> bool:
        active, self.speaking = self.speaking or self.ringing is not None, False
        self._stopped.set()
        return active

    def set_volume(self, level: float) -> None:
        self.volume = min(1.0, max(0.0, level))

    def examples(self) -> Mapping[str, Sequence[str]]:
        return self._examples

    async def close(self) -> None:
        """The power goes: no task gets to say goodbye. A task that crashed fails the test."""
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        crashed = [end for end in ended if isinstance(end, Exception)]
        assert not crashed, crashed


class Track:
    """A sound that is being played, until a test ends it."""

    def __init__(self, sound: Sound, title: str) -> None:
        self.sound = sound
        self.title = title
        self.whole = False
        self.ended = asyncio.Event()

    async def over(self) -> bool:
        await self.ended.wait()
        return self.whole

    def end(self, *, whole: bool = True) -> None:
        self.whole = whole
        self.ended.set()


class Talk:
    """A conversation.

    Attributes:
        house: the recording house.
        facts: what the user has asked to be remembered.
    """

    def __init__(
        self, start: datetime, stores: Stores, folder: Path, skills: Skills | None = None, **context: Any
    ) -> None:
        self.skills = skills or shipped()
        self.house = MemoryHouse(start, self.skills.examples())
        self._stores = stores
        self._context = context
        language = self.skills.loading.language
        self.facts = Facts(folder / "memory.db")
        frame = Frame(self.house, stores, folder, language, facts=self.facts)
        self.contexts = _Contexts(self.skills, frame, context)
        self.brain = Brain(self.skills, self.contexts)
        self.house.others = OtherSkills(self.brain, self.skills, self.contexts, 10.0)

    def context(self, skill: str, text: str = "") -> Context:
        """What a function of the skill is given."""
        return replace(self.contexts[skill], text=text)

    async def start(self) -> None:
        """Run the skills' start hooks, and wait for what they have scheduled."""
        await self.contexts.start()

    def services(self, skill: str) -> Services:
        """What a skill has of its own, to put something in before it is used."""
        services = self.contexts[skill].services
        assert services is not None
        return services

    async def say(self, text: str, *answers: str | None) -> str:
        """What the assistant answers, empty for silence; what a ``SkillError`` says is an answer, too.

        Args:
            text: a command, or what corrects the one before.
            answers: to what is asked back, None for silence; each of them must be asked for.
        """
        decision = self.brain.decide(text, follow_up=True)
        assert decision.kind is not Kind.NOBODY, f"nothing matches {text!r}"
        self.house.answers = list(answers)
        reply = await self.brain.act(decision)
        assert reply.failure is None, reply.failure
        assert not self.house.answers, f"{text!r} asked only {self.house.questions}"
        self.house.last_reply = reply.text or self.house.last_reply
        return reply.text

    async def later(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)


Scenario = Callable[[Talk], Awaitable[None]]


class _Contexts(Contexts):
    """With further fields that a test has given."""

    def __init__(self, skills: Skills, frame: Frame, fields: Mapping[str, Any]) -> None:
        super().__init__(skills, frame)
        self._fields = fields

    def __getitem__(self, name: str) -> Context:
        return replace(super().__getitem__(name), **self._fields)

    async def close(self, *names: str) -> None:
        await super().close(*names)
        if not names and isinstance(self.frame.facts, Facts):
            self.frame.facts.close()


def play(
    scenario: Scenario, path: Path | None = None, start: datetime = START, skills: Skills | None = None, **context: Any
) -> None:
    """Run a scenario on virtual time, start hooks first; it ends as a crash does, with what is on the disk.

    Args:
        scenario: what is said and checked.
        path: the skills' memory, to be found again by the next ``play``; a fresh one if None.
        start: the time of day when it begins.
        skills: what is loaded; None for :func:`shipped`.
        context: further fields of the skills' contexts.
    """

    async def whole(file: Path) -> None:
        stores = Stores(file)
        talk = Talk(start, stores, file.parent, skills, **context)
        await talk.start()
        try:
            await scenario(talk)
        finally:
            await talk.house.close()
            await talk.contexts.close()
            stores.close()

    with TemporaryDirectory() as folder, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole(path or Path(folder) / "skills.db"))


def ask(text: str, start: datetime = START, **context: Any) -> str:
    """One question, one answer."""
    answers: list[str] = []

    async def scenario(talk: Talk) -> None:
        answers.append(await talk.say(text))

    play(scenario, start=start, **context)
    return answers[0]
