"""A reply heard in real time: when its first sound came, and where its voice had nothing to play."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.audio.mixer import Mixer
from assistant.audio.voice import Voice
from assistant.runtime.worker import Worker
from assistant.session.speaker import Speaker
from assistant.tts.base import SpeechChunk, Synthesizer

AUDIBLE = 300
"""Int16 steps, −41 dBFS."""

_BLOCKS_PER_SECOND = 100
_SOON_S = 0.0005


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply as it was heard.

    Attributes:
        first: seconds from the text to the first audible sample at the output; a device's buffer comes on top.
        gaps: seconds of output, one for each time that the reply had begun, was not over, and yet had nothing to play.
            The pauses that a voice itself makes are sound to be played, and no gaps. None if only its beginning was
            listened to.
    """

    first: float
    gaps: tuple[float, ...] | None


class Whole:
    """A voice that hands nothing on before it has made all of it."""

    def __init__(self, voice: Synthesizer) -> None:
        self._voice = voice
        self.rate = voice.rate

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """See :class:`assistant.tts.base.Synthesizer`."""
        yield from list(self._voice.speak(text))


class Slowed:
    """A voice that takes its time, a whole sentence at once: what a better voice does on a smaller machine.

    Args:
        voice: a fast one.
        pace: seconds of computing for a second of speech.
    """

    def __init__(self, voice: Synthesizer, pace: float) -> None:
        self._voice = voice
        self._pace = pace
        self.rate = voice.rate

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """See :class:`assistant.tts.base.Synthesizer`."""
        began = time.perf_counter()
        chunks = list(self._voice.speak(text))
        due = began + self._pace * sum(chunk.seconds for chunk in chunks)
        time.sleep(max(0.0, due - time.perf_counter()))
        yield from chunks


class Output(threading.Thread):
    """Pulls a mixer as a loudspeaker does: 10 ms at a time, when they are due; the first when there is something.

    Attributes:
        hurry: nothing is to be waited for any more; what is left passes as fast as the CPU goes.
        first: when the first audible sample was pulled; None before.
        gaps: samples that the voice lacked, for each time.
    """

    def __init__(self, mixer: Mixer, voice: Voice, *, to_the_end: bool) -> None:
        super().__init__(name="bench-output", daemon=True)
        self.hurry = threading.Event()
        self.first: float | None = None
        self.gaps: list[int] = []
        self._mixer = mixer
        self._voice = voice
        self._to_the_end = to_the_end
        self._lacked = False
        self._over = threading.Event()

    def run(self) -> None:
        """Pull until it is closed."""
        while not (self._voice.buffered or self.hurry.is_set()):
            time.sleep(_SOON_S)
        due = time.perf_counter()
        while not self._over.is_set():
            self.pull(self._mixer.rate // _BLOCKS_PER_SECOND)
            due = max(due + 1 / _BLOCKS_PER_SECOND, time.perf_counter() - 0.1)
            self.hurry.wait(max(0.0, due - time.perf_counter()))

    def close(self) -> None:
        """Pull no more."""
        self._over.set()
        self.hurry.set()
        self.join()

    def pull(self, count: int) -> None:
        """Take so many samples and note what they hold and lack."""
        began, before = self._voice.started_at is not None, self._voice.played
        now = time.perf_counter()
        block = self._mixer.pull(count)
        if self.first is None and len(loud := np.flatnonzero(np.abs(block.astype(np.int32)) > AUDIBLE)):
            self.first = now + int(loud[0]) / self._mixer.rate
            if not self._to_the_end:
                self._voice.stop(0)
        lacking = count - round((self._voice.played - before) * self._mixer.rate)
        if not began or self._voice.finished:
            return
        if lacking and self._lacked:
            self.gaps[-1] += lacking
        elif lacking:
            self.gaps.append(lacking)
        self._lacked = bool(lacking)


async def hear(
    voice: Synthesizer, worker: Worker, sentences: Sequence[str], *, to_the_end: bool = True
) -> Heard | None:
    """Have sentences spoken as a session does, and listen; None if nothing could be heard.

    Args:
        voice: English.
        worker: its thread.
        sentences: given all at once, as if a skill had answered.
        to_the_end: in real time; otherwise only to the first sound.
    """
    mixer = Mixer(voice.rate)
    speech = Speaker(voice, worker, mixer).begin()
    output = Output(mixer, speech.voice, to_the_end=to_the_end)

    async def each() -> AsyncIterator[str]:
        for sentence in sentences:
            yield f"{sentence} "
        output.hurry.set()  # all has been made

    began = time.perf_counter()
    output.start()
    try:
        await speech.say(each())
    finally:
        output.close()
    if output.first is None:
        return None
    return Heard(output.first - began, tuple(gap / mixer.rate for gap in output.gaps) if to_the_end else None)
