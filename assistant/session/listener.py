"""One utterance on its way from samples to a transcript."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assistant.asr.base import Recognition, Recognizer, Transcript
from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.ring import Ring
from assistant.runtime.worker import Worker
from assistant.session.ears import Heard, Voice
from assistant.vad.endpoint import Edge, Limits, Segmenter

_LEAD_S = 0.35


class Listener:
    """Feeds the recogniser and watches for the end of speech.

    Args:
        recognizer: any engine.
        worker: the recogniser's thread.
        ring: the last seconds of the stream, for pre-roll.
        limits: when speech begins and ends.
        on_partial: called with each new partial.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        worker: Worker,
        ring: Ring,
        limits: Limits,
        on_partial: Callable[[str], None],
    ) -> None:
        self._recognizer = recognizer
        self._worker = worker
        self._ring = ring
        self._on_partial = on_partial
        self._recognition: Recognition | None = None
        self._begin = 0
        self.segmenter = Segmenter(limits)
        self.armed = False
        self.partial = ""

    async def arm(self, at: int, recent: Iterable[Voice] = (), no_speech: float | None = None) -> list[Edge]:
        """Wait for speech from a stream index on; frames heard since then may be given."""
        await self.drop()
        self.armed = True
        self.segmenter.reset(at, no_speech=no_speech)
        return [edge for voice in recent for edge in self.segmenter.push(voice.probability, voice.end)]

    async def open(self, begin: int) -> None:
        """Begin to recognise, with the sound since a stream index as pre-roll."""
        self._begin = begin
        self.partial = ""
        self._recognition = await self._worker.call(self._recognizer.open)
        await self._feed(self._ring.since(begin))

    async def take(self, heard: Heard) -> list[Edge]:
        """Take the next chunk, which the ring must hold already; return what its frames changed."""
        edges = [edge for voice in heard.voices for edge in self.segmenter.push(voice.probability, voice.end)]
        if self._recognition is not None:
            await self._feed(heard.chunk)
        elif Edge.STARTED in edges:
            await self.open(self.segmenter.since - int(_LEAD_S * RATE))
        return edges

    async def finish(self) -> Transcript:
        """The transcript of the utterance; empty when none was begun."""
        self.armed = False
        recognition, self._recognition = self._recognition, None
        if recognition is None:
            return Transcript("")
        return await self._worker.call(recognition.finish)

    async def drop(self) -> None:
        """Give the utterance up."""
        self.armed = False
        recognition, self._recognition = self._recognition, None
        if recognition is not None:
            await self._worker.call(recognition.close)

    async def _feed(self, chunk: AudioChunk) -> None:
        assert self._recognition is not None
        partial = await self._worker.call(self._recognition.feed, chunk)
        if partial and partial != self.partial:
            self.partial = partial
            self._on_partial(partial)
