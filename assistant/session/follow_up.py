"""Listening without a wake word: after replies, and for the answers to what skills ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE
from assistant.events import Transcribed
from assistant.intent.template import SlotType
from assistant.session.expecting import Expecting
from assistant.session.manners import Manners
from assistant.session.stage import Stage
from assistant.session.state import State, Trigger
from assistant.session.turn import Turn


class FollowUp:
    """The window in which speech needs no wake word, and the question that waits for an answer.

    Args:
        stage: the session's state and events.
        manners: how long to listen.
        listen: begin to wait for speech, for so many seconds.
        expecting: learns what may be answered.
    """

    def __init__(
        self, stage: Stage, manners: Manners, listen: Callable[[float], None], expecting: Expecting | None = None
    ) -> None:
        self._stage = stage
        self._manners = manners
        self._listen = listen
        self._expecting = expecting or Expecting()
        self._question: asyncio.Future[str | None] | None = None
        self._end = 0

    @property
    def asking(self) -> bool:
        """Whether a skill waits for an answer."""
        return self._question is not None

    @property
    def left(self) -> float:
        """Seconds until the window closes."""
        return (self._end - self._stage.now) / RATE

    def seconds_after(self, turn: Turn) -> float:
        """How long to go on listening after a turn; 0 for not."""
        if turn.outcome == "not_for_me":
            return max(0.0, self.left)
        if not turn.reply:
            return 0.0
        asks = turn.reply.rstrip().endswith("?")
        wanted = max(self._manners.follow_up, self._manners.answer if asks else 0.0)
        return wanted + self._manners.latency if wanted else 0.0

    def open(self, seconds: float) -> None:
        """Listen from now on."""
        self._end = self._stage.now + round(seconds * RATE)
        self._stage.move(Trigger.ASKED)
        self._expecting.ready()
        self._listen(seconds)

    async def ask(self, turn: Turn, question: str, kind: SlotType) -> str | None:
        """Say a question within a turn and wait for what the user answers: a value of a type, most likely.

        Returns:
            The transcript; None when no answer came in time.
        """
        self._question = asyncio.get_running_loop().create_future()
        self._expecting.answer(kind)
        try:
            await turn.say(question)
            if self._stage.state is not State.LISTENING:
                self.open(self._manners.answer + self._manners.latency)
            return await self._question
        finally:
            self._question = None
            self._expecting.correction()

    def take(self, found: Transcript) -> bool:
        """Take what was said as the answer; False if it was none, and it goes on listening or has given up."""
        self._stage.emit(Transcribed(at=-1, text=found.text, confidence=found.confidence, rejected=found.rejected))
        if found.text:
            self.answer(found.text)
            return True
        if self.left > 0:
            self._stage.move(Trigger.ASKED)
            self._listen(self.left)
        else:
            self.answer(None)
        return False

    def answer(self, text: str | None) -> None:
        """Give the skill its answer, or None for silence."""
        if self._question is not None and not self._question.done():
            self._question.set_result(text)
