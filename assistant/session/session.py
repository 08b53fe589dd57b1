"""The event loop: what is heard moves the state, the state starts and ends turns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.ring import Ring
from assistant.audio.sink import Sink
from assistant.audio.source import Source
from assistant.errors import AssistantError
from assistant.events import (
    AudioDropped,
    DeviceChanged,
    Event,
    Failed,
    Ready,
    SpeakingStarted,
    SpeechEnded,
    SpeechStarted,
    StateChanged,
    TurnEnded,
    WakeDetected,
)
from assistant.runtime.channel import Channel
from assistant.runtime.worker import Worker
from assistant.session.announcer import Announcer
from assistant.session.ears import Ears
from assistant.session.house import House
from assistant.session.listener import Listener
from assistant.session.state import State, Trigger, follow
from assistant.session.timeline import Timeline
from assistant.session.turn import Parts, Turn
from assistant.vad.endpoint import Edge
from assistant.wake.base import Detection

_log = logging.getLogger(__name__)

_BACKLOG_CHUNKS = 100
_TAIL_S = 1.0
_ONLY_WAKE_TAIL_S = 0.5
_FOREVER_S = 1e9

_DEVICE_SAYS = {
    "lost": "I have lost the {}.",
    "back": "The {} is back.",
    "dead": "I hear nothing at all: the {} seems to be muted or dead.",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a session behaves.

    Attributes:
        wake_words: as people say them; empty listens always.
        preroll: seconds before a wake word's detection that are recognised, too.
        follow_up: seconds to listen after a reply without a wake word; 0 for not.
        greeting: said when everything is ready; empty for nothing.
        earcons: name → int16 samples at 16 kHz; a missing one is off.
        engines: stage → engine, for :class:`assistant.events.Ready`.
    """

    wake_words: tuple[str, ...]
    preroll: float = 1.0
    follow_up: float = 0.0
    greeting: str = ""
    earcons: Mapping[str, Samples] = field(default_factory=dict)
    engines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kit:
    """What a session is made of."""

    source: Source
    sink: Sink
    ears: Ears
    ears_worker: Worker
    ring: Ring
    parts: Parts
    announcer: Announcer
    house: House


class Session:
    """One conversation on one microphone and one speaker.

    Args:
        kit: engines and devices, loaded.
        settings: how to behave.
        timeline: where events go.
    """

    def __init__(self, kit: Kit, settings: Settings, timeline: Timeline) -> None:
        self._kit = kit
        self._set = settings
        self._timeline = timeline
        self._listener: Listener = kit.parts.listener
        self._channel: Channel[AudioChunk] = Channel(_BACKLOG_CHUNKS)
        self._tasks: asyncio.TaskGroup
        self._state = State.IDLE
        self._turn: Turn | None = None
        self._turn_task: asyncio.Task[None] | None = None
        self._stopping = False
        self._woken_at = -1
        self._exhausted_at = 0.0

    @property
    def state(self) -> State:
        """What the assistant is doing."""
        return self._state

    async def run(self) -> None:
        """Listen and answer until stopped, or until a file's last turn has been answered."""
        self._kit.sink.start()
        try:
            async with asyncio.TaskGroup() as self._tasks:
                pump = self._tasks.create_task(self._pump())
                await self._ready()
                await self._listen()
                pump.cancel()
                await self._cancel_turn()
        finally:
            await self._kit.house.close()
            await self._kit.source.close()
            self._kit.sink.close()

    def stop(self) -> None:
        """End :meth:`run` soon."""
        self._stopping = True
        self._channel.close()

    def device_changed(self, device: str, status: str) -> None:
        """A sound device was lost, came back, is dead or alive again, or dropped sound; call it on the loop."""
        if status == "dropped":
            self._timeline.emit(AudioDropped(at=-1, seconds=float(device)))
            return
        self._timeline.emit(DeviceChanged(at=-1, device=device, status=status))
        says = _DEVICE_SAYS.get(status)
        if says:
            self._kit.house.spawn(self._kit.announcer.announce(says.format(device), "session"), "session")

    # --- hearing -------------------------------------------------------------------------------

    async def _ready(self) -> None:
        self._timeline.emit(Ready(at=-1, wake_words=self._set.wake_words, engines=self._set.engines))
        if not self._set.wake_words:
            await self._listener.arm(0, no_speech=_FOREVER_S)
        if self._set.greeting:
            self._kit.house.spawn(self._kit.announcer.announce(self._set.greeting, "session"), "session")

    async def _pump(self) -> None:
        async for chunk in self._kit.source.chunks():
            self._channel.put(chunk)
        self._channel.close()

    async def _listen(self) -> None:
        async for chunk in self._channel:
            dropped = self._channel.take_dropped()
            if dropped:
                self._timeline.emit(AudioDropped(at=-1, seconds=dropped * chunk.seconds))
            await self._hear(chunk)
            if self._stopping or self._file_is_over():
                return

    def _file_is_over(self) -> bool:
        if not self._kit.source.exhausted:
            self._exhausted_at = self._timeline.now
        return (
            self._timeline.now >= self._exhausted_at + _TAIL_S
            and self._state is State.IDLE
            and self._turn is None
            and not (self._listener.armed and self._listener.segmenter.started)
            and not self._kit.announcer.busy
        )

    async def _hear(self, chunk: AudioChunk) -> None:
        self._timeline.now = chunk.end / RATE
        self._kit.sink.tick(chunk.end)
        self._note_first_audio()
        try:
            heard = await self._kit.ears_worker.call(self._kit.ears.hear, chunk)
            self._kit.ring.append(heard.chunk)
            if heard.detection is not None:
                await self._woken(heard.detection)
            elif self._listener.armed:
                for edge in await self._listener.take(heard):
                    await self._edge(edge)
        except AssistantError as error:
            await self._listening_failed(error)

    async def _woken(self, detection: Detection) -> None:
        if self._state is State.LISTENING:
            return
        self._kit.announcer.give_way()
        barged_in = self._turn is not None
        await self._cancel_turn()
        self._timeline.turn += 1
        self._emit(WakeDetected(at=-1, word=detection.word, score=detection.score))
        self._move(Trigger.BARGE_IN if barged_in else Trigger.WAKE)
        self._earcon("listening")
        self._woken_at = detection.end
        await self._listener.arm(detection.end)
        await self._listener.open(detection.end - int(self._set.preroll * RATE))

    async def _edge(self, edge: Edge) -> None:
        segmenter = self._listener.segmenter
        match edge:
            case Edge.STARTED:
                self._speech_started(segmenter.since)
            case Edge.ENDED | Edge.TOO_LONG:
                await self._utterance_ended(edge)
            case Edge.NO_SPEECH:
                await self._nothing_said()

    def _speech_started(self, since: int) -> None:
        if self._state is not State.LISTENING:
            self._timeline.turn += 1
            self._woken_at = -1
            self._move(Trigger.SPEECH)
        self._emit(SpeechStarted(at=-1, since=since / RATE))

    async def _utterance_ended(self, edge: Edge) -> None:
        segmenter = self._listener.segmenter
        transcript: Transcript | None = None
        if self._woken_at >= 0 and segmenter.voiced < _ONLY_WAKE_TAIL_S:
            transcript = await self._listener.finish()
            if not transcript.text:
                await self._wait_on()
                return
        self._emit(SpeechEnded(at=-1, until=segmenter.until / RATE, reason=edge.value))
        self._earcon("done")
        self._move(Trigger.ENDPOINT)
        self._begin_turn(transcript)

    async def _wait_on(self) -> None:
        """What was heard was only the end of the wake word: go on waiting for the command."""
        now = int(self._timeline.now * RATE)
        waited = (now - self._woken_at) / RATE
        limit = self._listener.segmenter.limits.no_speech
        await self._listener.arm(now, no_speech=max(0.5, limit - waited))
        self._woken_at = -1

    async def _nothing_said(self) -> None:
        await self._listener.drop()
        if self._state is State.LISTENING:
            self._emit(SpeechEnded(at=-1, until=self._timeline.now, reason=Edge.NO_SPEECH.value))
            self._earcon("error")
            self._emit(TurnEnded(at=-1, outcome="no_speech"))
        self._move(Trigger.TIMEOUT)
        await self._rest()

    async def _listening_failed(self, error: AssistantError) -> None:
        _log.error("%s", error)
        self._emit(Failed(at=-1, stage=getattr(error, "stage", "session"), code="crashed", message=str(error)))
        if self._state in (State.LISTENING, State.FOLLOW_UP):
            self._earcon("error")
            self._move(Trigger.FAILED)
            self._emit(TurnEnded(at=-1, outcome="failed"))
        if self._turn is None:
            await self._rest()

    # --- turns ---------------------------------------------------------------------------------

    def _begin_turn(self, transcript: Transcript | None) -> None:
        emit = self._timeline.for_turn(self._timeline.turn)
        self._turn = Turn(self._timeline.turn, self._kit.parts, emit, transcript)
        self._turn.open_gate()
        self._turn_task = self._tasks.create_task(self._run_turn(self._turn))

    async def _run_turn(self, turn: Turn) -> None:
        try:
            await turn.run()
        except Exception as error:  # a bug must cost one turn, not the session
            _log.exception("turn %d failed", turn.number)
            turn.outcome = "failed"
            self._emit(Failed(at=-1, stage="session", code="bug", message=f"{type(error).__name__}: {error}"))
        finally:
            if turn.reply:
                self._kit.house.last_reply = turn.reply
            self._emit(TurnEnded(at=-1, outcome=turn.outcome, stages_ms=turn.stages_ms))
            if self._turn is turn:
                self._turn = self._turn_task = None
        await self._turn_over(turn)

    async def _turn_over(self, turn: Turn) -> None:
        if turn.outcome == "failed":
            self._earcon("error")
            self._move(Trigger.FAILED)
        elif self._set.follow_up > 0 and turn.reply:
            self._move(Trigger.ASKED)
            await self._listener.arm(int(self._timeline.now * RATE), no_speech=self._set.follow_up)
            return
        else:
            self._move(Trigger.DONE)
        await self._rest()

    async def _cancel_turn(self) -> None:
        task, self._turn, self._turn_task = self._turn_task, None, None
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))

    async def _rest(self) -> None:
        """Idle again; without a wake word that means waiting for anybody to speak."""
        if not self._set.wake_words:
            await self._listener.arm(int(self._timeline.now * RATE), no_speech=_FOREVER_S)

    def _note_first_audio(self) -> None:
        turn = self._turn
        if turn is None or turn.speech is None or self._state is not State.THINKING:
            return
        started = turn.speech.voice.started_at
        if started is not None:
            self._emit(
                SpeakingStarted(
                    at=-1 if self._kit.source.live else started,
                    text=turn.reply,
                    tts_ms=turn.speech.first_audio_ms,
                )
            )
            self._move(Trigger.FIRST_AUDIO)

    # --- small things --------------------------------------------------------------------------

    def _emit(self, event: Event) -> None:
        self._timeline.for_turn(self._timeline.turn)(event)

    def _move(self, trigger: Trigger) -> None:
        old, self._state = self._state, follow(self._state, trigger)
        self._emit(StateChanged(at=-1, old=old.value, new=self._state.value))
        if self._state is State.IDLE:
            self._kit.announcer.conversation_over()
        else:
            self._kit.announcer.quiet.clear()

    def _earcon(self, name: str) -> None:
        samples = self._set.earcons.get(name)
        if samples is not None:
            voice = self._kit.sink.mixer.play("earcon")
            voice.write(AudioChunk(samples, RATE))
            voice.end()
