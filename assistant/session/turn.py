"""One exchange: an utterance, its answer, the answer out loud."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from assistant.asr.base import Transcript
from assistant.errors import AssistantError, EngineError
from assistant.events import (
    Event,
    Failed,
    IntentMatched,
    ReplyDelta,
    SpeakingFinished,
    ToolCalled,
    Transcribed,
)
from assistant.session.brain import Brain, Reply
from assistant.session.listener import Listener
from assistant.session.speaker import Speaker, Speech
from assistant.tts.sentences import split

NOT_UNDERSTOOD = "Sorry, I didn't understand that."
BROKEN = "Sorry, something went wrong."


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn works with."""

    listener: Listener
    brain: Brain
    speaker: Speaker


class Turn:
    """Runs once; cancel its task to interrupt it.

    Attributes:
        gate: nothing is heard, stored or done before it opens.
        speech: the reply being spoken, once there is one.
        outcome: for :class:`assistant.events.TurnEnded`.
        stages_ms: measured durations by stage.
    """

    def __init__(
        self, number: int, parts: Parts, emit: Callable[[Event], None], transcript: Transcript | None = None
    ) -> None:
        self.number = number
        self.gate = asyncio.Event()
        self.speech: Speech | None = None
        self.reply = ""
        self.outcome = "cancelled"
        self.stages_ms: dict[str, float] = {}
        self._parts = parts
        self._emit_now = emit
        self._held: list[Event] = []
        self._transcript = transcript

    def open_gate(self) -> None:
        """The utterance is certainly over: say what was held back and go on."""
        if self.gate.is_set():
            return
        self.gate.set()
        held, self._held = self._held, []
        for event in held:
            self._emit_now(event)
        if self.speech is not None:
            self.speech.voice.resume()

    async def run(self) -> None:
        """From the finished utterance to the last sample of the reply; never raises but when cancelled."""
        try:
            await self._answer()
        except AssistantError as error:
            await self._apologise(error)
        finally:
            self._close_speech()

    async def _answer(self) -> None:
        text = await self._transcribe()
        if not text:
            self.outcome = "missed"
            await self._say(NOT_UNDERSTOOD)
            return
        began = time.perf_counter()
        decision = await asyncio.to_thread(self._parts.brain.decide, text)
        took = self._took("intent", began)
        if decision.match is not None:
            self._emit(IntentMatched(at=-1, intent=decision.match.intent, slots=decision.match.slots, intent_ms=took))
        if not decision.pure:
            await self.gate.wait()
        began = time.perf_counter()
        reply = await self._parts.brain.act(decision)
        took = self._took("skill", began)
        self._report(reply, took)
        await self._say(reply.text)
        self.outcome = reply.outcome

    def _report(self, reply: Reply, took: float) -> None:
        if reply.failure is not None:
            self._emit(Failed(at=-1, stage=reply.failure.stage, code=reply.failure.code, message=reply.failure.message))
        if reply.intent:
            self._emit(ToolCalled(at=-1, name=reply.intent, ok=reply.failure is None, skill_ms=took))

    async def _transcribe(self) -> str:
        began = time.perf_counter()
        found = self._transcript or await self._parts.listener.finish()
        took = self._took("asr", began)
        self._emit(
            Transcribed(at=-1, text=found.text, confidence=found.confidence, rejected=found.rejected, asr_ms=took)
        )
        return found.text

    async def _say(self, text: str) -> None:
        if not text:
            await self.gate.wait()
            return
        self.reply = text
        self._emit(ReplyDelta(at=-1, text=text))
        self.speech = self._parts.speaker.begin(paused=not self.gate.is_set())
        await self.speech.say(sentences(text))
        self._finish_speech(interrupted=False)

    async def _apologise(self, error: AssistantError) -> None:
        stage, code = (error.stage, error.code) if isinstance(error, EngineError) else ("session", "failed")
        self.outcome = "failed"
        self._emit(Failed(at=-1, stage=stage, code=code, message=str(error)))
        await self.gate.wait()
        if stage == "tts":
            return
        try:
            await self._say(BROKEN)
        except AssistantError as second:
            self._emit(Failed(at=-1, stage="tts", code="crashed", message=str(second)))

    def _close_speech(self) -> None:
        """After an interruption: silence, and an honest record of what was heard."""
        if self.speech is not None:
            self.speech.voice.stop()
            self._finish_speech(interrupted=True)

    def _finish_speech(self, *, interrupted: bool) -> None:
        assert self.speech is not None
        self.stages_ms["tts"] = round(self.speech.first_audio_ms, 3)
        heard = self.speech.heard() if interrupted else self.speech.text.strip()
        self.speech = None
        if self.gate.is_set():
            self._emit(SpeakingFinished(at=-1, spoken=heard, interrupted=interrupted))

    def _took(self, stage: str, began: float) -> float:
        self.stages_ms[stage] = round((time.perf_counter() - began) * 1000, 3)
        return self.stages_ms[stage]

    def _emit(self, event: Event) -> None:
        if self.gate.is_set():
            self._emit_now(event)
        else:
            self._held.append(event)


async def sentences(text: str) -> AsyncIterator[str]:
    """A known text, sentence by sentence, with the white space between them."""
    for span in split(text):
        yield text[span.start : span.end]
