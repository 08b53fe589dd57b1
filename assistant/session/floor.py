"""Turn-taking: who has the floor, the user or the assistant.

At a pause the turn is prepared in full behind a closed gate, as a draft; if speech resumes it is thrown away, and once
the silence has lasted long enough for what was said, its gate opens. The user takes the floor back with the wake word
or, if so configured, by speaking.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial

from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE
from assistant.errors import AssistantError
from assistant.events import Failed, SpeechEnded, SpeechStarted, TurnEnded, WakeDetected
from assistant.intent.template import SlotType
from assistant.session.announcer import Announcer
from assistant.session.backchannel import is_backchannel
from assistant.session.ears import Heard
from assistant.session.endpointer import Endpointer, Verdict
from assistant.session.expecting import Expecting
from assistant.session.follow_up import FollowUp
from assistant.session.listener import Listener
from assistant.session.manners import Manners
from assistant.session.stage import Stage
from assistant.session.state import State, Trigger
from assistant.session.turn import Turn, Utterance
from assistant.session.turns import Turns
from assistant.vad.endpoint import Edge
from assistant.wake.base import Detection

FOREVER_S = 1e9
_ONLY_WAKE_TAIL_S = 0.55
_SURELY_SPEECH_S = 0.8  # longer than a cough or a "yeah"
_LEAST_SPEECH_S = 0.3
_LEAST_COMMAND_S = 0.4
_NEVER = 10**12
_MAY_CORRECT_S = 20.0


@dataclass(eq=False, slots=True)
class Draft:
    """What is prepared while an utterance may be over."""

    number: int
    over: str = ""  # why the utterance is over, once it is
    turn: Turn | None = None
    transcript: Transcript | None = None
    verdict: Verdict | None = None
    is_nothing: bool = False
    task: asyncio.Task[None] | None = None


class Floor:
    """Takes what is heard, and gives turns the word.

    Args:
        stage: the session's state and events.
        listener: the utterance in progress.
        endpointer: how long to wait.
        turns: what answers.
        announcer: gives way to the user.
        manners: how to behave.
        expecting: what may be answered; None to expect anything.

    Attributes:
        took_over: whether the user has interrupted a reply with what is being answered now.
    """

    def __init__(
        self,
        stage: Stage,
        listener: Listener,
        endpointer: Endpointer,
        turns: Turns,
        announcer: Announcer,
        manners: Manners,
        expecting: Expecting | None = None,
    ) -> None:
        self._stage = stage
        self._listener = listener
        self._endpointer = endpointer
        self._turns = turns
        self._announcer = announcer
        self._manners = manners
        self._draft: Draft | None = None
        self._woken_at = -1  # stream index, while the user has said nothing but the wake word
        self._addressed = False
        self._over_reply = False
        self._overlap = False
        self._replied_at = -_NEVER
        self.took_over = False
        self._follow_up = FollowUp(stage, manners, self._listen_for, expecting)
        turns.on_over = self._turn_over

    @property
    def busy(self) -> bool:
        """Whether an utterance or a turn is under way."""
        started = self._listener.armed and self._listener.segmenter.started
        return self._turns.current is not None or self._draft is not None or started

    # --- the user speaks -----------------------------------------------------------------------

    async def wake(self, detection: Detection) -> None:
        """The wake word: it interrupts, and what follows is for the assistant."""
        state = self._stage.state
        if state is State.LISTENING or (self._manners.barge_in == "off" and self._turns.current is not None):
            return
        self._announcer.give_way()
        self._turns.expect()
        interrupts = state in (State.THINKING, State.SPEAKING)
        self._throw_draft_away()
        self._take_over()
        self._stage.emit(WakeDetected(at=-1, word=detection.word, score=detection.score))
        self._stage.move(Trigger.BARGE_IN if interrupts else Trigger.WAKE)
        self._stage.earcon("listening")
        self._woken_at = detection.end
        self._addressed = True
        self._arm(detection.end)
        await self._listener.open(detection.end - int(self._manners.preroll * RATE))

    async def hear(self, heard: Heard) -> None:
        """Take the next chunk of a stream that is being listened to."""
        if not self._listener.armed:
            return
        for edge in await self._listener.take(heard):
            await self._edge(edge)
        self._consider()
        self._settle()

    async def ask(self, question: str, kind: SlotType) -> str | None:
        """Say a question within the current turn and wait for the answer; None when none came in time."""
        turn = self._turns.current
        return await self._follow_up.ask(turn, question, kind) if turn is not None else None

    async def listen(self) -> None:
        """Wait for anybody to speak, if there is no wake word."""
        if self._manners.always:
            self._arm(self._stage.now, FOREVER_S)

    async def give_up(self) -> None:
        """Hearing failed: whatever was under way ends."""
        self._throw_draft_away()
        self._listener.drop()
        if self._stage.state in (State.LISTENING, State.FOLLOW_UP):
            self._stage.earcon("error")
            self._stage.move(Trigger.FAILED)
            if self._turns.current is not None:
                self._turns.interrupt()
            else:
                self._stage.emit(TurnEnded(at=-1, outcome="failed"))
        if self._turns.current is None:
            await self.listen()

    def close(self) -> None:
        """The session ends."""
        self._throw_draft_away()
        self._turns.interrupt()

    def _listen_for(self, seconds: float) -> None:
        self._over_reply = self._overlap = False
        self._arm(self._stage.now, seconds)

    def _arm(self, at: int, no_speech: float | None = None) -> None:
        unprompted = self._over_reply or self._stage.state is State.FOLLOW_UP  # it may be a correction
        answering = self._follow_up.asking or unprompted
        self._listener.arm(at, no_speech=no_speech, answering=answering, over_reply=self._over_reply)
        self._listener.segmenter.silence = self._endpointer.longest

    async def _edge(self, edge: Edge) -> None:
        match edge:
            case Edge.STARTED if self._over_reply:
                self._overlap = True
                self._hold(True)
            case Edge.STARTED:
                self._speech_started()
            case Edge.PAUSED if self._overlap or self._is_command():
                self._prepare()
            case Edge.RESUMED:
                start, end = self._listener.segmenter.gap
                self._endpointer.speaker.paused((end - start) / RATE)
                self._throw_draft_away()
                self._listener.segmenter.silence = self._endpointer.longest
            case Edge.ENDED if self._draft is not None and self._draft.is_nothing:
                self._throw_draft_away()
                await self._nothing_said()
            case Edge.ENDED | Edge.TOO_LONG:
                self._end(edge.value)
            case Edge.NO_SPEECH:
                await self._nothing_said()

    def _is_command(self) -> bool:
        return self._endpointer.is_command(self._listener.partial, answering=self._follow_up.asking)

    def _speech_started(self) -> None:
        if self._stage.state is not State.LISTENING:
            if not self._follow_up.asking:
                self._stage.next_turn()
            self._woken_at = -1
            self._addressed = False
            self._stage.move(Trigger.SPEECH)
        self._stage.emit(SpeechStarted(at=-1, since=self._listener.segmenter.since / RATE))

    # --- is it over? ---------------------------------------------------------------------------

    def _consider(self) -> None:
        """Prepare at a longer pause whatever was said; take over when somebody goes on speaking over a reply."""
        segmenter = self._listener.segmenter
        if not self._listener.armed:
            return
        if self._overlap and segmenter.voiced >= _SURELY_SPEECH_S:
            self._barge_in()
        if self._draft is None and segmenter.silent_for(self._stage.now) >= self._manners.prepare:
            self._prepare()

    def _prepare(self) -> None:
        draft = Draft(self._stage.turn + (1 if self._overlap else 0))
        self._draft = draft
        draft.task = self._turns.tasks.create_task(self._make(draft))

    async def _make(self, draft: Draft) -> None:
        began = time.perf_counter()
        error = None
        try:
            draft.transcript = await self._listener.transcribe()
        except AssistantError as failure:
            draft.transcript, error = Transcript("", 0.0), failure
        took = (time.perf_counter() - began) * 1000
        if error is None and not draft.over and self._is_nothing(draft):
            return
        if not self._follow_up.asking:
            draft.turn = self._turns.prepare(draft.number, self._utterance(draft.transcript, took, error))
        elif error is not None:
            self._stage.emit(Failed(at=-1, stage="asr", code="crashed", message=str(error)))
        if draft.over:
            self._hand_over(draft)
            return
        draft.verdict = await self._judge(draft.transcript, error)
        self._settle()

    def _utterance(self, transcript: Transcript, took: float, error: AssistantError | None) -> Utterance:
        addressed = self._addressed or (self._manners.always and bool(transcript.text))
        recent = self._stage.now < self._replied_at + _MAY_CORRECT_S * RATE
        return Utterance(transcript, took, addressed, follow_up=recent, error=error)

    def _is_nothing(self, draft: Draft) -> bool:
        """Deal with what was only the end of the wake word, or a cough or a "yeah" over a reply."""
        found, segmenter = draft.transcript or Transcript(""), self._listener.segmenter
        if self._overlap:
            if found.text and segmenter.voiced >= _LEAST_SPEECH_S and not is_backchannel(found.text):
                self._barge_in()
                return False
            self._hold(False)
            self._draft = None
            self._overlap = False
            self._arm(self._stage.now, FOREVER_S)
            return True
        longest = _LEAST_COMMAND_S if found.rejected else _ONLY_WAKE_TAIL_S
        draft.is_nothing = self._woken_at >= 0 and segmenter.voiced < longest and not found.text
        if draft.is_nothing:
            waited = (segmenter.until - self._woken_at) / RATE
            segmenter.silence = max(self._endpointer.longest, segmenter.limits.no_speech - waited)
        return draft.is_nothing

    async def _judge(self, found: Transcript, error: AssistantError | None) -> Verdict:
        if error is not None:
            return Verdict(0.0, "failed")
        listener = self._listener
        asking = self._follow_up.asking
        judge = partial(self._endpointer.judge, answering=asking, addressed=asking or self._addressed)
        return await asyncio.to_thread(judge, found, listener.partial, listener.audio().samples)

    def _settle(self) -> None:
        """End the utterance as soon as its silence is long enough for what was said."""
        draft = self._draft
        if draft is None or draft.verdict is None or draft.over or not self._listener.armed:
            return
        if self._listener.segmenter.silent_for(self._stage.now) >= draft.verdict.silence:
            self._end(draft.verdict.why)

    def _end(self, why: str) -> None:
        if self._draft is None:
            self._prepare()
        draft = self._draft
        assert draft is not None
        segmenter = self._listener.segmenter
        draft.over = why
        self._listener.over()
        self._stage.emit(SpeechEnded(at=-1, until=segmenter.until / RATE, reason=why))
        if self._addressed and (draft.turn is None or not draft.turn.reply):
            self._stage.earcon("done")
        self._stage.move(Trigger.ENDPOINT)
        if draft.transcript is not None and (draft.turn is not None or self._follow_up.asking):
            self._hand_over(draft)

    def _hand_over(self, draft: Draft) -> None:
        """Give the word to what was prepared."""
        self._draft = None
        assert draft.transcript is not None
        self._endpointer.speaker.said(len(draft.transcript.text.split()))
        if self._follow_up.asking:
            if self._follow_up.take(draft.transcript):
                self._listen_over_reply()
        elif draft.turn is not None:
            segmenter = self._listener.segmenter
            self._turns.open(draft.turn, (self._stage.now - segmenter.until) / RATE * 1000)
            self._listen_over_reply()

    def _throw_draft_away(self) -> None:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        if draft.task is not None:
            draft.task.cancel()
        if draft.turn is not None:
            self._turns.discard(draft.turn)
        if draft.over:
            self._stage.emit(TurnEnded(at=-1, outcome="cancelled"))

    # --- the assistant speaks ------------------------------------------------------------------

    def _listen_over_reply(self) -> None:
        if self._manners.barge_in == "speech":
            self._over_reply = True
            self._arm(self._stage.now, FOREVER_S)

    def _hold(self, on: bool) -> None:
        if self._turns.current is not None:
            self._turns.current.hold(on)

    def _barge_in(self) -> None:
        """The user has taken the floor by speaking."""
        self._addressed = False
        self._woken_at = -1
        self._take_over()
        self._stage.move(Trigger.BARGE_IN)
        self._speech_started()

    def _take_over(self) -> None:
        """End what the assistant does; of a turn that asks something only what it says."""
        turn = self._turns.current
        self._over_reply = self._overlap = False
        if turn is not None:
            self._replied_at = self._stage.now
        if self._follow_up.asking and turn is not None:
            turn.cut()
            turn.hold(False)
            return
        self.took_over = turn is not None
        self._turns.interrupt()
        self._stage.next_turn()

    async def _turn_over(self, turn: Turn) -> None:
        self._over_reply = self._overlap = self.took_over = False
        if turn.reply:
            self._replied_at = self._stage.now
        if turn.outcome == "failed":
            self._stage.earcon("error")
            self._stage.move(Trigger.FAILED)
        elif (seconds := self._follow_up.seconds_after(turn)) > 0:
            self._follow_up.open(seconds)
            return
        else:
            self._stage.move(Trigger.DONE)
        await self.listen()

    async def _nothing_said(self) -> None:
        self._listener.drop()
        woken = self._stage.state is State.LISTENING
        if woken:
            self._stage.emit(SpeechEnded(at=-1, until=self._stage.timeline.now, reason=Edge.NO_SPEECH.value))
            self._stage.earcon("error")
        if self._follow_up.asking:
            self._stage.move(Trigger.ENDPOINT if woken else Trigger.NO_ANSWER)
            self._follow_up.answer(None)
            return
        if woken:
            self._stage.emit(TurnEnded(at=-1, outcome="no_speech"))
        self._stage.move(Trigger.TIMEOUT)
        await self.listen()
