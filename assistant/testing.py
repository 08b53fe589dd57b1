"""For a skill's own tests: a conversation with it, in writing and on virtual time.

::

    from pathlib import Path
    from assistant.testing import Conversation

    def test_tea():
        with Conversation(Path(__file__).parents[1]) as talk:
            assert talk.say("make tea", "green", "three minutes") == "Green tea in three minutes."
            assert talk.asked == ["Green or black?", "For how long?"]
            talk.later(180)
            assert talk.announced == ["Your tea is ready."]
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from assistant.app import Mind, open_mind
from assistant.config import Config, Loaded, load
from assistant.errors import ConfigError
from assistant.intent.template import SlotType
from assistant.runtime.clock import VirtualLoop
from assistant.skill.around import Card, Playing, Sound
from assistant.skill.importing import Found
from assistant.skill.isolating import Isolating
from assistant.skill.loader import Loading, Problem, Skills
from assistant.skill.responses import Replies
from assistant.skill.settings import SkillSettings

if TYPE_CHECKING:
    import httpx

START = datetime(2026, 3, 4, 14, 5, tzinfo=ZoneInfo("Europe/Berlin"))
"""When a conversation begins, if nothing else is said: a Wednesday."""
_NEVER = 6.0


class Conversation:
    """A conversation with one skill, for ``with``. Its memory is fresh, and time passes only in :meth:`later`.

    Args:
        skill: its file or folder.
        language: ISO 639-1.
        settings: the skill's settings, secrets among them.
        start: when it begins, with a time zone.
        transport: answers the skill's HTTP requests (``httpx.MockTransport``); None for the network.

    Attributes:
        announced: what it has said unasked, in order.
        said: what it has said before its replies (``ctx.say``).
        asked: its questions.
        cards: what it has shown.
        played: (sound, title) of what it has played.

    Raises:
        ConfigError: the skill cannot be loaded.
    """

    def __init__(
        self,
        skill: Path,
        language: str = "en",
        *,
        settings: Mapping[str, Any] | None = None,
        start: datetime = START,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._path = skill.resolve()
        self._name = self._path.stem
        self._language = language
        self._settings = dict(settings or {})
        self._start = start
        self._transport = transport
        self.announced: list[str] = []
        self.said: list[str] = []
        self.asked: list[str] = []
        self.cards: list[Card] = []
        self.played: list[tuple[Sound, str]] = []

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="assistant-test-", ignore_cleanup_errors=True)
        self._runner = asyncio.Runner(loop_factory=VirtualLoop)
        self._stack = AsyncExitStack()
        try:
            self._mind: Mind = self._runner.run(self._open(Path(self._folder.name)))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._runner.run(self._stack.aclose())
        finally:
            self._runner.close()
            self._folder.cleanup()

    async def _open(self, data: Path) -> Mind:
        settings = SkillSettings({self._name: self._settings}, data)
        skills = Skills((), (), Loading(self._language, {}, settings, Isolating(data)))
        made = await asyncio.to_thread(skills.prepare, Found(self._name, self._path))
        if isinstance(made, Problem):
            raise ConfigError(str(made))
        if made.missing:
            raise ConfigError(f"{self._name} needs settings=: {', '.join(made.missing)}")
        skills.put(made)
        self._around = _Around(self)
        loaded = load(env={}, user=False)
        zone = str(self._start.tzinfo)
        config: Config = loaded.config.model_copy(update={"language": self._language, "time_zone": zone})
        opening = open_mind(Loaded(config, loaded.origins), self._around, skills, data, self._start)
        mind = await self._stack.enter_async_context(opening)
        if (services := mind.contexts[self._name].services) is not None:
            services.transport = self._transport
        return mind

    def say(self, text: str, *answers: str | None) -> str:
        """What the skill answers, empty for silence.

        Args:
            answers: to what it asks back, None for silence. Each of them must be asked for.

        Raises:
            AssertionError: the skill does not understand it, fails, or asks another number of questions.
        """
        return self._runner.run(self._say(text, answers))

    async def _say(self, text: str, answers: tuple[str | None, ...]) -> str:
        self._around.answers = list(answers)
        decision = self._mind.brain.decide(text, follow_up=True)
        reply = await self._mind.brain.act(decision)
        if reply.outcome == "missed":
            raise AssertionError(f"no template matches {text!r}")
        if reply.failure is not None:
            raise AssertionError(f"{text!r}: {reply.failure}") from reply.failure.__cause__
        if self._around.answers:
            raise AssertionError(f"{text!r} did not ask for {self._around.answers}; it asked: {self.asked}")
        self._mind.house.last_reply = reply.text or self._mind.house.last_reply
        return reply.text

    def replies(self, key: str, **values: Any) -> list[str]:
        """Every way in which ``ctx.reply(key, …)`` may say it."""
        skill = self._mind.skills.get(self._name)
        assert skill is not None
        known = skill.replies
        variants = known.texts.get(key) or known.english.get(key) or ()
        language = known.language if key in known.texts else "en"
        return [Replies(language, {key: (each,)}).say(key, values) for each in variants]

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self._runner.run(asyncio.sleep(seconds))

    @property
    def now(self) -> datetime:
        """The time of the conversation."""
        return self._mind.house.now()


class _Around:
    """What surrounds the skill: it writes everything down."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self.answers: list[str | None] = []
        self.ringing: str | None = None
        self.playing: str | None = None

    async def announce(self, text: str, skill: str) -> None:  # noqa: ARG002
        self._talk.announced.append(text)

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        await self.announce(text, skill)
        self._stopped.clear()
        self.ringing = text
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self.ringing = None
        return True

    async def ask(self, question: str, kind: SlotType) -> str | None:  # noqa: ARG002
        self._talk.asked.append(question)
        answer = self.answers.pop(0) if self.answers else None
        if answer is None:
            await asyncio.sleep(_NEVER)
        return answer

    async def say(self, text: str) -> None:
        self._talk.said.append(text)

    async def play(self, sound: Sound, title: str) -> Playing:
        self._talk.played.append((sound, title))
        self.playing = title
        return _Over()

    def stop_playing(self) -> bool:
        active, self.playing = self.playing is not None, None
        return active

    def show(self, card: Card, skill: str) -> None:  # noqa: ARG002
        self._talk.cards.append(card)

    def stop(self) -> bool:
        ringing = self.ringing is not None
        self._loop.call_soon_threadsafe(self._stopped.set)
        return ringing or self.stop_playing()

    def apply_volume(self, level: float) -> None:
        """Writing has no loudness."""


class _Over:
    """A sound that was played to its end at once."""

    async def over(self) -> bool:
        return True
