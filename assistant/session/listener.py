"""One utterance on its way from samples to a transcript."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assistant.asr.base import Recognition, Recognizer, Transcript
from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.ring import Ring
from assistant.runtime.worker import Worker
from assistant.session.ears import Heard, Voice
from assistant.vad.endpoint import Edge, Limits, Segmenter

_LEAD_S = 0.35
_SURELY_OTHERS = 0.5
_KEPT_OF_PAUSE = int(0.05 * RATE)  # on either side


class Listener:
    """Feeds the recogniser and watches for pauses and the end of speech.

    Args:
        recognizer: any engine.
        worker: the recogniser's thread.
        ring: the last seconds of the stream, for pre-roll.
        limits: when speech begins and ends.
        on_partial: called with each new partial.

    Attributes:
        answering: whether what is heard may be an answer or a correction.
        armed: whether it waits for speech or for its end.
        begun: whether recognition has begun; ``begin`` is the stream index from which it hears.
        partial: the last partial.
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
        self.answering = False
        self._over_reply = False
        self._gaps: list[tuple[int, int]] = []
        self.segmenter = Segmenter(limits)
        self.begin = 0
        self.begun = False
        self.armed = False
        self.partial = ""

    def arm(
        self, at: int, *, no_speech: float | None = None, answering: bool = False, over_reply: bool = False
    ) -> None:
        """Wait for speech from a stream index on; what was begun before is given up.

        Args:
            no_speech: seconds to wait for it.
            answering: it may be an answer or a correction.
            over_reply: only what is surely not the assistant's own counts.
        """
        self.drop()
        self.armed = True
        self.answering = answering
        self._over_reply = over_reply
        self.segmenter.reset(at, no_speech=no_speech)

    async def open(self, begin: int) -> None:
        """Begin to recognise, with the sound since a stream index as pre-roll."""
        self.begin = begin
        self.begun = True
        self.partial = ""
        self._gaps.clear()
        await self._begin()

    async def take(self, heard: Heard) -> list[Edge]:
        """Take the next chunk, which the ring must hold already; return what its frames changed."""
        edges = [edge for voice in heard.voices for edge in self.segmenter.push(self._of_others(voice), voice.end)]
        if Edge.RESUMED in edges and self._recognition is None and self.begun:
            await self._reopen()
        elif Edge.STARTED in edges and self._recognition is None:
            await self.open(self.segmenter.since - int(_LEAD_S * RATE))
        elif self._recognition is not None:
            await self._feed(heard.chunk)
        return edges

    async def transcribe(self) -> Transcript:
        """The transcript so far; if speech resumes, the utterance is recognised from its beginning again."""
        recognition, self._recognition = self._recognition, None
        if recognition is None:
            return Transcript("")
        return await self._worker.call(recognition.finish)

    def audio(self) -> AudioChunk:
        """The utterance so far without its long pauses, as far as the ring goes back."""
        whole = self._ring.since(self.begin)
        kept = np.ones(len(whole.samples), np.bool_)
        for start, end in self._gaps:
            kept[max(0, start - whole.start) : max(0, end - whole.start)] = False
        return AudioChunk(whole.samples[kept], RATE, whole.start)

    def drop(self) -> None:
        """Give the utterance up."""
        self.armed = self.begun = False
        recognition, self._recognition = self._recognition, None
        if recognition is not None:
            self._worker.post(recognition.close)

    def over(self) -> None:
        """The utterance has ended: watch no more."""
        self.armed = False

    async def _reopen(self) -> None:
        """Recognise the utterance anew, without its long pause: no recogniser was made for those."""
        start, end = self.segmenter.gap
        if end - start > 3 * _KEPT_OF_PAUSE:
            self._gaps.append((start + _KEPT_OF_PAUSE, end - _KEPT_OF_PAUSE))
        await self._begin()

    async def _begin(self) -> None:
        self._recognition = await self._worker.call(lambda: self._recognizer.open(answering=self.answering))
        await self._feed(self.audio())

    async def _feed(self, chunk: AudioChunk) -> None:
        if self._recognition is None:
            return
        partial = await self._worker.call(self._recognition.feed, chunk)
        if partial and partial != self.partial:
            self.partial = partial
            self._on_partial(partial)

    def _of_others(self, voice: Voice) -> float:
        """The probability of speech, if it is not the assistant's own."""
        return voice.probability if voice.near_end >= _SURELY_OTHERS or not self._over_reply else 0.0
