"""Starts, prepares, opens, discards and interrupts turns: at most one has the word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from assistant.events import Failed, SpeakingStarted, TurnEnded
from assistant.memory.conversations import Said
from assistant.session.history import Exchange, History
from assistant.session.house import House
from assistant.session.stage import Stage
from assistant.session.state import State, Trigger
from assistant.session.turn import Parts, Turn, Utterance

_log = logging.getLogger(__name__)


class Turns:
    """The turns of a session.

    Args:
        stage: the session's state and events.
        parts: what turns work with.
        house: learns what was last said.
        live: whether events are stamped by the present rather than by the output's time.

    Attributes:
        current: the turn that has the word; prepared ones do not.
        history: what was said and heard.
        tasks: where turns run; set before the first.
        on_over: called when the current turn has ended by itself.
    """

    tasks: asyncio.TaskGroup
    on_over: Callable[[Turn], Awaitable[None]]

    def __init__(self, stage: Stage, parts: Parts, house: House, *, live: bool) -> None:
        self._stage = stage
        self._parts = parts
        self._house = house
        self._live = live
        self._running: dict[Turn, asyncio.Task[None]] = {}
        self.current: Turn | None = None
        self.history = History()

    def expect(self) -> None:
        """Somebody has the assistant's attention and will be answered soon."""
        self._parts.speaker.prepare()

    def prepare(self, number: int, utterance: Utterance) -> Turn:
        """Begin a turn behind a closed gate."""
        turn = Turn(number, self._parts, self._stage.timeline.for_turn(number), utterance)
        self._running[turn] = self.tasks.create_task(self._run(turn))
        return turn

    def open(self, turn: Turn, endpoint_ms: float) -> None:
        """Give a prepared turn the word; whatever else was being answered or prepared loses it."""
        self.interrupt()
        for other in [each for each in self._running if each is not turn]:
            self.discard(other)
        self.current = turn
        turn.stages_ms = {"endpoint": round(endpoint_ms, 3), **turn.stages_ms}
        turn.open_gate()

    def discard(self, turn: Turn) -> None:
        """Speech has resumed: what was prepared never happened."""
        self._cancel(turn)

    def interrupt(self) -> None:
        """Silence the current turn and cancel it everywhere."""
        turn, self.current = self.current, None
        if turn is None:
            return
        turn.interrupt()
        turn.outcome = "cancelled"
        self._record(turn)
        self._cancel(turn)

    def note_first_audio(self) -> None:
        """Say when a reply's first sample has been played; call it for every chunk."""
        turn = self.current
        if turn is None or turn.speech is None or self._stage.state is not State.THINKING:
            return
        started = turn.speech.voice.started_at
        if started is not None:
            at = -1 if self._live else started
            self._stage.emit(SpeakingStarted(at=at, text=turn.reply, tts_ms=turn.speech.first_audio_ms))
            self._stage.move(Trigger.FIRST_AUDIO)

    def _cancel(self, turn: Turn) -> None:
        task = self._running.pop(turn, None)
        if task is not None:
            task.cancel()

    async def _run(self, turn: Turn) -> None:
        try:
            await turn.run()
        except Exception as error:  # a bug must cost one turn, not the session
            _log.exception("turn %d failed", turn.number)
            await turn.gate.wait()
            turn.outcome = "failed"
            emit = self._stage.timeline.for_turn(turn.number)
            emit(Failed(at=-1, stage="session", code="bug", message=f"{type(error).__name__}: {error}"))
        if self._running.pop(turn, None) is None or self.current is not turn:
            return
        self.current = None
        self._record(turn)
        await self.on_over(turn)

    def _record(self, turn: Turn) -> None:
        if turn.reply:
            self._house.last_reply = turn.reply
        said = turn.utterance.transcript.text
        if said and turn.outcome != "not_for_me":
            heard = " ".join(filter(None, turn.heard))
            self.history.add(Exchange(said, heard, turn.interrupted))
            self._remember(turn, said, heard)
        emit = self._stage.timeline.for_turn(turn.number)
        emit(TurnEnded(at=-1, outcome=turn.outcome, stages_ms=turn.stages_ms))

    def _remember(self, turn: Turn, said: str, heard: str) -> None:
        """Tell the language model, whoever has answered; a failure of its own would only confuse it."""
        thinker = self._parts.thinker
        if thinker is not None and turn.outcome != "failed":
            thinker.note(Said(said, heard, self._house.now(), turn.acts))
