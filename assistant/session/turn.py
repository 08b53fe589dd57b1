"""One exchange: a transcript, its answer, the answer out loud."""

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
from assistant.intent.lang import conversation
from assistant.memory.conversations import Act
from assistant.session.ahead import ahead
from assistant.session.brain import Brain, Decision, Kind, Reply
from assistant.session.fillers import with_fillers
from assistant.session.speaker import Speaker, Speech
from assistant.session.thinker import Thinker
from assistant.session.thinking import Break, Instead, Item, Thought
from assistant.skill.dialogue import speaking
from assistant.tts import ssml
from assistant.tts.sentences import split

_SENTENCES_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn works with; without a thinker only skills answer."""

    brain: Brain
    speaker: Speaker
    thinker: Thinker | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a turn answers.

    Attributes:
        transcript: what was understood.
        asr_ms: how long that took after the utterance's pause.
        addressed: certainly meant for the assistant; what else it cannot answer it leaves alone.
        follow_up: heard soon after a reply, so it may be a correction.
        error: why there is no transcript.
    """

    transcript: Transcript
    asr_ms: float = 0.0
    addressed: bool = True
    follow_up: bool = False
    error: AssistantError | None = None


class Turn:
    """Runs once; :meth:`interrupt` ends it early.

    Nothing is heard, stored or done before its gate opens: events are held back, the reply is synthesised but
    paused, and a skill with side effects waits.

    Attributes:
        gate: open once the utterance is certainly over.
        speech: the reply being spoken, once there is one.
        reply: the text being spoken or last spoken.
        heard: the words of all its replies that the user has heard.
        outcome: for :class:`assistant.events.TurnEnded`.
        stages_ms: measured durations by stage.
    """

    def __init__(self, number: int, parts: Parts, emit: Callable[[Event], None], utterance: Utterance) -> None:
        self.number = number
        self.utterance = utterance
        self.gate = asyncio.Event()
        self.speech: Speech | None = None
        self.reply = ""
        self.heard: list[str] = []
        self.outcome = "cancelled"
        self.interrupted = False
        self.stages_ms: dict[str, float] = {"asr": round(utterance.asr_ms, 3)}
        self._act_of_skill: tuple[Act, ...] = ()
        self._thought: Thought | None = None
        self._mouth = asyncio.Lock()
        self._parts = parts
        self._emit_now = emit
        self._held: list[Event] = []
        self._on_hold = False
        self._over = False

    @property
    def acts(self) -> tuple[Act, ...]:
        """What was done so far, for the language model's memory; an interruption undoes nothing of it."""
        return (*(self._thought.acts if self._thought is not None else ()), *self._act_of_skill)

    def open_gate(self) -> None:
        """The utterance is certainly over: say what was held back and go on."""
        if self.gate.is_set():
            return
        self.gate.set()
        held, self._held = self._held, []
        for event in held:
            self._emit_now(event)
        self._pause_or_resume()

    def hold(self, on: bool) -> None:
        """Pause the reply, or let it go on where it was."""
        self._on_hold = on
        self._pause_or_resume()

    def interrupt(self) -> None:
        """Silence at once, and nothing more of it; its task is still to be cancelled."""
        self.cut()
        self._over = self.interrupted = True
        if self._thought is not None and self._parts.thinker is not None and self.gate.is_set():
            self._parts.thinker.talking = True  # who interrupts an answer talks to whom it came from

    def cut(self) -> None:
        """Silence at once; the turn goes on as if it had said everything."""
        if self.speech is not None:
            self.speech.voice.stop()
            self._finish_speech(interrupted=True)

    async def run(self) -> None:
        """From the transcript to the last sample of the reply; never raises but when cancelled."""
        try:
            await self._answer()
        except AssistantError as error:
            await self._apologise(error)
        finally:
            if self.speech is not None:
                self.interrupt()  # the voice failed, or the task was cancelled

    async def say(self, text: str) -> None:
        """Speak, after what is being spoken, and return when the last sample was played."""
        async with self._mouth:
            self.reply = ssml.plain(text)
            self._emit(ReplyDelta(at=-1, text=self.reply))
            await self._speak(sentences(text))

    async def _speak(self, pieces: AsyncIterator[str]) -> None:
        self.speech = self._parts.speaker.begin(paused=self._on_hold or not self.gate.is_set())
        await self.speech.say(pieces)
        self._finish_speech(interrupted=False)

    async def _answer(self) -> None:
        said = self.utterance.transcript
        self._report_transcript(said)
        if self.utterance.error is not None:
            raise self.utterance.error
        if not said.text:
            await self._not_understood()
            return
        began = time.perf_counter()
        decision = await self._decide(said.text)
        took = self._took("intent", began)
        speaking.set(decision.language)
        if decision.kind is Kind.NOBODY and not self._addressed():
            await self._not_for_me()
            return
        thinker = self._parts.thinker
        if thinker is not None and await asyncio.to_thread(self._parts.brain.unclaimed, decision):
            await self._think(thinker, said.text)
            return
        if thinker is not None:
            thinker.talking = False
        await self._act(decision, took)

    def _addressed(self) -> bool:
        """Whether it was meant for the assistant, as far as can be told; a talk with the language model goes on."""
        thinker, said = self._parts.thinker, self.utterance
        return said.addressed or (said.follow_up and thinker is not None and thinker.talking)

    async def _act(self, decision: Decision, took: float) -> None:
        if decision.match is not None:
            self._emit(IntentMatched(at=-1, intent=decision.match.intent, slots=decision.match.slots, intent_ms=took))
        if not decision.pure:
            await self.gate.wait()
        began = time.perf_counter()
        reply = await self._parts.brain.act(decision)
        took = self._took("skill", began)
        self._report(reply, took)
        await self._say_reply(reply)

    async def _say_reply(self, reply: Reply) -> None:
        speaking.set(reply.language)
        if reply.intent and reply.outcome == "answered":
            self._act_of_skill = (act_of(reply),)
        if reply.text:
            await self.say(reply.text)
        await self.gate.wait()
        self.outcome = reply.outcome

    async def _think(self, thinker: Thinker, text: str) -> None:
        """Let the language model answer; what it says is spoken while it goes on."""
        began = time.perf_counter()
        thought = thinker.think(text, self._parts.speaker.language, self.gate, self._emit)
        self._thought, self.reply = thought, ""
        async with ahead(with_fillers(thought, self.gate), _SENTENCES_AHEAD) as items:
            instead = await self._say_items(items, began)
        if instead is not None:
            await self._say_reply(await self._parts.brain.answer(instead.text))
            return
        await self.gate.wait()
        thinker.talking = True
        if thought.failure is not None:
            failure = thought.failure
            self._emit(Failed(at=-1, stage=failure.stage, code=failure.code, message=failure.message))
        self.outcome = "answered" if thought.failure is None else "failed"

    async def _say_items(self, items: AsyncIterator[Item], began: float) -> Instead | None:
        """Speak; each break ends a speech, so that a tool may speak before the next one."""
        instead: list[Instead] = []
        text: list[str] = []

        async def speech(item: Item) -> AsyncIterator[str]:
            """From one item to the next break."""
            following: Item | None = item
            while isinstance(following, str):
                text.append(following)
                self.reply = "".join(text)
                self._emit(ReplyDelta(at=-1, text=following))
                yield following
                following = await anext(items, None)
            if isinstance(following, Instead):
                instead.append(following)

        async for item in items:
            self.stages_ms.setdefault("llm", round((time.perf_counter() - began) * 1000, 3))
            match item:
                case Instead():
                    return item
                case Break():
                    continue
            async with self._mouth:
                await self._speak(speech(item))
            if instead:
                return instead[0]
        return None

    async def _decide(self, text: str) -> Decision:
        said, decide = self.utterance, self._parts.brain.decide
        heard_in = said.transcript.language
        return await asyncio.to_thread(
            decide, text, follow_up=said.follow_up, addressed=said.addressed, language=heard_in
        )

    async def _not_understood(self) -> None:
        if not self.utterance.addressed:
            await self._not_for_me()
            return
        await self.say(conversation.said("not_understood", self._parts.speaker.language))
        self.outcome = "missed"

    async def _not_for_me(self) -> None:
        await self.gate.wait()
        self.outcome = "not_for_me"

    def _report_transcript(self, said: Transcript) -> None:
        if self.utterance.error is None:
            heard = (said.text, said.confidence, said.rejected)
            self._emit(
                Transcribed(at=-1, text=heard[0], confidence=heard[1], rejected=heard[2], asr_ms=self.stages_ms["asr"])
            )

    def _report(self, reply: Reply, took: float) -> None:
        if reply.failure is not None:
            self._emit(Failed(at=-1, stage=reply.failure.stage, code=reply.failure.code, message=reply.failure.message))
        if reply.intent:
            self._emit(ToolCalled(at=-1, name=reply.intent, ok=reply.failure is None, skill_ms=took))

    async def _apologise(self, error: AssistantError) -> None:
        stage, code = (error.stage, error.code) if isinstance(error, EngineError) else ("session", "failed")
        self._emit(Failed(at=-1, stage=stage, code=code, message=str(error)))
        await self.gate.wait()
        self.outcome = "failed"
        if stage == "tts":
            return
        try:
            await self.say(conversation.said("broken", self._parts.speaker.language))
        except AssistantError as second:
            self._emit(Failed(at=-1, stage="tts", code="crashed", message=str(second)))

    def _finish_speech(self, *, interrupted: bool) -> None:
        if self.speech is None:
            return  # it was cut short, and that has been told
        self.stages_ms["tts"] = round(self.speech.first_audio_ms, 3)
        heard = self.speech.heard() if interrupted else self.speech.text.strip()
        self.speech = None
        if self.gate.is_set():
            self.heard.append(heard)
            self._emit_now(SpeakingFinished(at=-1, spoken=heard, interrupted=interrupted))

    def _pause_or_resume(self) -> None:
        if self.speech is None:
            return
        if self._on_hold or not self.gate.is_set():
            self.speech.voice.pause()
        else:
            self.speech.voice.resume()

    def _took(self, stage: str, began: float) -> float:
        self.stages_ms[stage] = round((time.perf_counter() - began) * 1000, 3)
        return self.stages_ms[stage]

    def _emit(self, event: Event) -> None:
        if self._over:
            return
        if self.gate.is_set():
            self._emit_now(event)
        else:
            self._held.append(event)


def act_of(reply: Reply) -> Act:
    """What a skill has done, as if the language model had called it."""
    arguments = {name: str(value) for name, value in reply.slots.items() if value is not None}
    return Act(reply.intent.replace(".", "__"), arguments, reply.text or "Done.")


async def sentences(text: str) -> AsyncIterator[str]:
    """A known text, sentence by sentence, with the white space between them."""
    for span in split(text):
        yield text[span.start : span.end]
