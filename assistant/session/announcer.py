"""What is said or rung unasked: one at a time, never over a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from assistant.audio.chunk import AudioChunk, Samples
from assistant.audio.voice import Voice
from assistant.errors import AssistantError
from assistant.events import Announced, Event, Failed
from assistant.session.speaker import Speaker
from assistant.session.turn import sentences
from assistant.tts import ssml

_PAUSE_S = 1.5


class Announcer:
    """Queues announcements and alarms until the session is quiet.

    Args:
        speaker: the voice.
        alarm: the ring, int16 at ``alarm_rate`` Hz; None rings with words only.
        alarm_rate: Hz.
        emit: where events go.
    """

    def __init__(self, speaker: Speaker, alarm: Samples | None, alarm_rate: int, emit: Callable[[Event], None]) -> None:
        self._speaker = speaker
        self._alarm = alarm
        self._alarm_rate = alarm_rate
        self._emit = emit
        self._turn = asyncio.Lock()
        self._stopped = asyncio.Event()
        self._voices: list[Voice] = []
        self.quiet = asyncio.Event()
        self.quiet.set()
        self._gave_way = False
        self.ringing: str | None = None
        self.busy = 0

    async def announce(self, text: str, skill: str) -> None:
        """Say a text once, when nobody speaks."""
        self.busy += 1
        try:
            async with self._turn:
                await self.quiet.wait()
                self._stopped.clear()
                self._emit(Announced(at=-1, text=ssml.plain(text), skill=skill))
                await self._or_stopped(self._say(text))
        finally:
            self.busy -= 1

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        """Ring and say the text again and again; True when it was stopped, False when the time was up."""
        async with self._turn:
            await self.quiet.wait()
            self._stopped.clear()
            self.ringing = text
            self._emit(Announced(at=-1, text=ssml.plain(text), skill=skill))
            try:
                return await asyncio.wait_for(self._or_stopped(self._rounds(text)), seconds)
            except TimeoutError:
                return False
            finally:
                self.ringing = None
                self._silence()

    @property
    def active(self) -> bool:
        """Whether something rings, is announced, or has just given way to the user."""
        return bool(self._voices) or self.ringing is not None or self._gave_way

    def give_way(self) -> None:
        """End what rings because the user speaks; a "stop" that follows finds it stopped already."""
        self._gave_way = self.active
        self.stop()

    def conversation_over(self) -> None:
        """Nobody speaks any more: what waits may sound."""
        self._gave_way = False
        self.quiet.set()

    def stop(self) -> None:
        """End what rings or is announced."""
        self._stopped.set()
        self._silence()

    def _silence(self) -> None:
        for voice in self._voices:
            voice.stop()
        self._voices.clear()

    async def _or_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do the work until it is done or stopped; True if stopped."""
        doing = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
            return self._stopped.is_set()
        finally:
            for task in (doing, stopping):
                task.cancel()
            await asyncio.gather(doing, stopping, return_exceptions=True)

    async def _rounds(self, text: str) -> None:
        while True:
            await self._beep()
            await self._say(text)
            await asyncio.sleep(_PAUSE_S)

    async def _beep(self) -> None:
        if self._alarm is None:
            return
        voice = self._speaker.mixer.play("alarm")
        self._voices.append(voice)
        voice.write(AudioChunk(self._alarm, self._alarm_rate))
        voice.end()
        await voice.drained()
        self._drop(voice)

    async def _say(self, text: str) -> None:
        speech = self._speaker.begin()
        self._voices.append(speech.voice)
        try:
            await speech.say(sentences(text))
        except AssistantError as error:
            self._emit(Failed(at=-1, stage="tts", code="crashed", message=str(error)))
        finally:
            self._drop(speech.voice)

    def _drop(self, voice: Voice) -> None:
        if voice in self._voices:
            self._voices.remove(voice)
