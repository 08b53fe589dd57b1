"""Text out loud: sentences → voice → mixer, and which words were really heard."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncIterable, Mapping
from contextlib import aclosing
from functools import partial
from types import MappingProxyType

from assistant.audio.mixer import Mixer
from assistant.audio.voice import ROOM_SECONDS, Voice
from assistant.runtime.worker import Worker
from assistant.skill.dialogue import speaking
from assistant.tts import ssml
from assistant.tts.base import Synthesizer, is_instant, prepare
from assistant.tts.speakable import speakable_with_map
from assistant.tts.ssml import Piece

AHEAD_SECONDS = 10.0
"""How much speech may wait to be played; a voice that takes its time makes the next sentences while one sounds."""

_REMEMBERED = 32


class Speech:
    """One reply being spoken.

    Attributes:
        text: everything given to it so far.
        voice: the mixer's handle.
        first_audio_ms: from the first sentence to its first audio; 0 until then.
    """

    def __init__(self, voice: Voice, synthesizer: Synthesizer, worker: Worker, language: str) -> None:
        self.voice = voice
        self.text = ""
        self.first_audio_ms = 0.0
        self._synthesizer = synthesizer
        self._worker = worker
        self._language = language
        self._ahead = ROOM_SECONDS if is_instant(synthesizer) else AHEAD_SECONDS
        self._starts: list[float] = []  # seconds of the voice's audio at which each word begins
        self._offsets: list[int] = []  # where that word begins in self.text
        self._seconds = 0.0
        self._told = 0  # words that `saying` has reported

    async def say(self, sentences: AsyncIterable[str]) -> None:
        """Speak sentences as they come and return when the last sample was played.

        Sentences from one that begins with ``<speak>`` to the one that ends it are SSML.
        """
        document = ""
        async for sentence in sentences:
            document += sentence
            if not ssml.is_ssml(document):
                await self._speak(Piece(document))
            elif "</speak>" in document:
                await self._speak_document(document)
            else:
                continue
            document = ""
        if document:
            await self._speak_document(document)
        self.voice.end()
        await self.voice.drained()

    async def _speak_document(self, document: str) -> None:
        for piece in ssml.parse(document, self._language):
            for part in ssml.sentences_of(piece):
                await self._speak(part)

    async def _speak(self, piece: Piece) -> None:
        at = len(self.text)
        self.text += piece.text
        made = speakable_with_map(piece.text if piece.said is None else piece.said, self._language)
        began = time.perf_counter()
        base = self._seconds
        marked = False
        if not made.text.strip() and not piece.pause:
            return
        speech = partial(ssml.speak_piece, self._synthesizer, piece, made.text)
        async with aclosing(self._worker.stream(speech)) as chunks:
            async for chunk in chunks:
                if not self.first_audio_ms:
                    self.first_audio_ms = (time.perf_counter() - began) * 1000
                for mark in chunk.marks if piece.said is None else ():
                    marked = True
                    self._mark(base + mark.sample / chunk.rate, at + made.source(mark.start, mark.end)[0])
                if not marked:
                    marked = True
                    self._mark(base, at)
                await self.voice.room(self._ahead)
                self.voice.write(chunk)
                self._seconds += chunk.seconds

    def _mark(self, seconds: float, offset: int) -> None:
        if not self._offsets or offset > self._offsets[-1]:
            self._starts.append(seconds)
            self._offsets.append(offset)

    def heard(self) -> str:
        """The words whose sound has been played to the end."""
        played = self.voice.played
        if self.voice.finished_at is not None and played >= self._seconds - 0.001:
            return self.text.strip()
        begun = bisect_right(self._starts, played)
        if begun == 0:
            return ""
        return self.text[: self._offsets[begun - 1]].strip()

    def saying(self) -> str:
        """The words that have begun to sound since the last call, and the one that sounds now; from any one thread."""
        voice = self.voice
        begun = min(bisect_right(self._starts, voice.played), len(self._offsets))
        if voice.started_at is None or begun == 0:
            return ""
        over = voice.finished or voice.paused
        first = min(self._told, begun if over else begun - 1)
        self._told = begun
        last = self._offsets[begun] if begun < len(self._offsets) else len(self.text)
        return self.text[self._offsets[first] : last] if first < begun else ""


class Speaker:
    """Makes speeches.

    Args:
        synthesizer: the voice.
        worker: its thread.
        mixer: where it is heard.
        language: ISO 639-1, for numbers and units.
        voices: further languages → the voice for what is said in a conversation in them.

    Attributes:
        voices: language → voice.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        worker: Worker,
        mixer: Mixer,
        language: str = "en",
        voices: Mapping[str, Synthesizer] = MappingProxyType({}),
    ) -> None:
        self.voices: Mapping[str, Synthesizer] = {**voices, language: synthesizer}
        self._worker = worker
        self._language = language
        self.mixer = mixer
        self._speeches: deque[Speech] = deque(maxlen=_REMEMBERED)

    @property
    def language(self) -> str:
        """What the present conversation is held in, if there is a voice for it; else the main language."""
        spoken = speaking.get()
        return spoken if spoken in self.voices else self._language

    def prepare(self) -> None:
        """Somebody will be answered soon: voices that have rested are loaded meanwhile; returns at once."""
        for voice in self.voices.values():
            prepare(voice)

    def begin(self, *, paused: bool = False) -> Speech:
        """A new speech; a paused one is synthesised ahead but stays silent until its voice is resumed."""
        voice = self.mixer.play("speech")
        if paused:
            voice.pause()
        speech = Speech(voice, self.voices[self.language], self._worker, self.language)
        self._speeches.append(speech)
        return speech

    def saying(self) -> str:
        """The words of all speeches that have begun to sound since the last call, and those that sound now."""
        return " ".join(filter(None, (speech.saying() for speech in tuple(self._speeches))))
