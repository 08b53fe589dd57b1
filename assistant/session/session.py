"""The event loop: sound comes in, the ears and the floor decide, turns answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.ring import Ring
from assistant.audio.sink import Sink
from assistant.audio.source import Source
from assistant.errors import AssistantError
from assistant.events import AudioDropped, DeviceChanged, Failed, Ready
from assistant.runtime.channel import Channel
from assistant.runtime.worker import Worker
from assistant.session.announcer import Announcer
from assistant.session.ears import Ears
from assistant.session.floor import Floor
from assistant.session.history import History
from assistant.session.house import House
from assistant.session.stage import Stage
from assistant.session.state import State
from assistant.session.turns import Turns

_log = logging.getLogger(__name__)

_BACKLOG_CHUNKS = 100
_TAIL_S = 1.0

_DEVICE_SAYS = {
    "lost": "I have lost the {}.",
    "back": "The {} is back.",
    "dead": "I hear nothing at all: the {} seems to be muted or dead.",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a session says of itself.

    Attributes:
        wake_words: as people say them; empty listens always.
        greeting: said when everything is ready; empty for nothing.
        engines: stage → engine, for :class:`assistant.events.Ready`.
    """

    wake_words: tuple[str, ...]
    greeting: str = ""
    engines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kit:
    """What a session is made of."""

    source: Source
    sink: Sink
    ears: Ears
    ears_worker: Worker
    ring: Ring
    stage: Stage
    floor: Floor
    turns: Turns
    announcer: Announcer
    house: House


class Session:
    """One conversation on one microphone and one speaker.

    Args:
        kit: engines and devices, loaded.
        settings: what it says of itself.
    """

    def __init__(self, kit: Kit, settings: Settings) -> None:
        self._kit = kit
        self._set = settings
        self._stage = kit.stage
        self._timeline = kit.stage.timeline
        self._channel: Channel[AudioChunk] = Channel(_BACKLOG_CHUNKS)
        self._stopping = False
        self._exhausted_at = 0.0

    @property
    def state(self) -> State:
        """What the assistant is doing."""
        return self._stage.state

    @property
    def history(self) -> History:
        """What was said and heard so far."""
        return self._kit.turns.history

    async def run(self) -> None:
        """Listen and answer until stopped, or until a file's last turn has been answered."""
        self._kit.sink.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._kit.turns.tasks = tasks
                pump = tasks.create_task(self._pump())
                await self._ready()
                await self._listen()
                pump.cancel()
                self._kit.floor.close()
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
            self._announce(says.format(device))

    async def _ready(self) -> None:
        self._timeline.emit(Ready(at=-1, wake_words=self._set.wake_words, engines=self._set.engines))
        await self._kit.floor.listen()
        if self._set.greeting:
            self._announce(self._set.greeting)

    def _announce(self, text: str) -> None:
        self._kit.house.spawn(self._kit.announcer.announce(text, "session"), "session")

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
            and self.state is State.IDLE
            and not self._kit.floor.busy
            and not self._kit.announcer.busy
        )

    async def _hear(self, chunk: AudioChunk) -> None:
        self._timeline.now = chunk.end / RATE
        self._kit.sink.tick(chunk.end)
        self._kit.turns.note_first_audio()
        try:
            heard = await self._kit.ears_worker.call(self._kit.ears.hear, chunk)
            self._kit.ring.append(heard.chunk)
            if heard.detection is not None:
                await self._kit.floor.wake(heard.detection)
            else:
                await self._kit.floor.hear(heard)
        except AssistantError as error:
            await self._listening_failed(error)

    async def _listening_failed(self, error: AssistantError) -> None:
        _log.error("%s", error)
        stage = getattr(error, "stage", "session")
        self._stage.emit(Failed(at=-1, stage=stage, code="crashed", message=str(error)))
        await self._kit.floor.give_up()
