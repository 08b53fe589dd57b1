"""One session with a language model on the measuring stand: somebody asks, and it is noted what happens when."""

from __future__ import annotations

import asyncio
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.app import Engines, open_session
from assistant.asr.base import Recognition, Transcript
from assistant.audio.chunk import AudioChunk
from assistant.bench.latency import NOON, Progress
from assistant.bench.llm_server import TokenServer
from assistant.bench.stand import Manner, Meter, Talker
from assistant.bench.take import Take
from assistant.config import Loaded
from assistant.events import Event, SpeakingFinished, SpeakingStarted, SpeechEnded, StateChanged
from assistant.llm.base import Delta, Generation, LanguageModel, Message, Piece, ToolSpec
from assistant.session.state import State
from assistant.session.timeline import Timeline

_STEADY_S = 0.7  # of a reply, before it is interrupted
_LAST_S = 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """How the session answers.

    Attributes:
        speculation: the question is recognised and the model is asked at the soft end of speech; else when the
            silence has certainly ended it.
        streaming: sentences are spoken while the model goes on; else when it has ended.
    """

    name: str
    speculation: bool = True
    streaming: bool = True


class Known:
    """A recogniser that knows what is said and takes its time; for machines without a model of Whisper.

    It begins with an utterance when its transcript is wanted, as one does that cannot stream.

    Args:
        said: the utterance being spoken.
        seconds: for each transcript.
    """

    def __init__(self, said: Callable[[], str], seconds: float) -> None:
        self._said = said
        self._seconds = seconds

    def open(self, *, answering: bool = False) -> Recognition:  # noqa: ARG002
        """See :class:`assistant.asr.base.Recognizer`."""
        return self

    def feed(self, chunk: AudioChunk) -> str | None:  # noqa: ARG002
        """No partials."""
        return None

    def finish(self) -> Transcript:
        """The whole utterance, after as long as recognising takes."""
        text = self._said()
        time.sleep(self._seconds)
        return Transcript(text)

    def close(self) -> None:
        """Nothing is kept."""


class Watched:
    """A language model, watched.

    Args:
        model: the real one.
        clock: the loop's, from any thread.
        whole: nothing of a reply is handed on before all of it is there.

    Attributes:
        firsts: when each reply's first piece of text was there.
    """

    def __init__(self, model: LanguageModel, clock: Callable[[], float], *, whole: bool) -> None:
        self._model = model
        self._clock = clock
        self._whole = whole
        self.firsts: list[float] = []
        self.warm, self.count, self.close = model.warm, model.count, model.close

    @property
    def model(self) -> str:
        """See :class:`assistant.llm.base.LanguageModel`."""
        return self._model.model

    def reply(self, chat: Sequence[Message], tools: Sequence[ToolSpec]) -> Generation:
        """See :class:`assistant.llm.base.LanguageModel`."""
        return _WatchedReply(self._model.reply(chat, tools), self._begun, whole=self._whole)

    def _begun(self) -> None:
        self.firsts.append(self._clock())


class _WatchedReply:
    def __init__(self, generation: Generation, on_first: Callable[[], None], *, whole: bool) -> None:
        self._generation = generation
        self._pieces = self._noting(on_first)
        self._whole = whole
        self.cancel, self.close = generation.cancel, generation.close

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        if self._whole:
            self._whole, self._pieces = False, iter(list(self._pieces))
        return next(self._pieces)

    def _noting(self, on_first: Callable[[], None]) -> Iterator[Piece]:
        begun = False
        for piece in self._generation:
            if isinstance(piece, Delta) and not begun:
                begun = True
                on_first()
            yield piece


class Asker(Talker):
    """Asks in real time; what is left of an answer once the model has ended passes as fast as the CPU goes.

    Args:
        takes, manner: as a talker's.
        ended: whether the model has.
    """

    def __init__(self, takes: Sequence[Take], manner: Manner, ended: Callable[[], bool]) -> None:
        super().__init__(takes, manner)
        self._ended = ended

    def answered(self) -> None:
        """See :class:`assistant.bench.stand.Talker`."""
        if self._ended():
            super().answered()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and when things happened; moments of the loop's clock.

    Attributes:
        number: of the question, from 0.
        begun, end: its first and last audible sample.
        decided: the decision that it was over.
        token: the first piece of the answer's text at the client; None for none.
        audio: the answer's first audible sample; None for none.
    """

    number: int
    begun: float
    end: float
    decided: float
    token: float | None
    audio: float | None


@dataclass(slots=True)
class Stand:
    """Asks in one way and notes what happens.

    Args:
        takes: what is asked, each when the answer before is over; or over the answer, with ``interrupt``.
        way: how it is answered.
        recognition: seconds that the stand-in takes where there is no Whisper.
        server: that answers.
        hurry: what is left of an answer once the model has ended passes as fast as the CPU goes.
        interrupt: each question but the first is an interruption of the answer before.

    Attributes:
        turns: once it has run.
        cuts: when the assistant fell silent, being interrupted.
        stand_in: whether the recogniser was one.
    """

    takes: Sequence[Take]
    way: Way
    recognition: float
    server: TokenServer
    interrupt: bool = False
    progress: Progress = lambda _count: None
    hurry: bool = True
    turns: list[Turn] = field(default_factory=list)
    cuts: list[float] = field(default_factory=list)
    stand_in: bool = False
    talker: Asker = field(init=False)
    _watched: Watched | None = None
    _decided: list[tuple[float, float]] = field(default_factory=list)  # stream seconds, moment of stream second 0
    _stop: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        manner = Manner(lead=0.6, gap=0.3, patience=40.0, hurry=self.hurry and not self.interrupt)
        self.talker = Asker(self.takes, manner, self.server.ended)

    async def run(self, loaded: Loaded) -> None:
        """Hold the conversation."""
        self.server.clock = asyncio.get_running_loop().time
        meter, timeline = Meter(self.talker), Timeline()
        timeline.subscribe(self._note)
        with tempfile.TemporaryDirectory() as data:
            io = self.talker, meter
            async with open_session(loaded, io, timeline, wake=False, data=Path(data), now=NOON, alter=self) as session:
                self._stop = session.stop
                await session.run()
        self.turns = list(self._found(meter.sounds))

    def engines(self, loaded: Engines) -> Engines:
        """Whisper if it is there, else the stand-in."""
        self.stand_in = loaded.names["asr"] != "whisper"
        if not self.stand_in:
            return loaded
        known = Known(lambda: self.talker.said[-1].take.text, self.recognition)
        return replace(loaded, asr=known, names={**loaded.names, "asr": "stand-in"})

    def model(self, loaded: LanguageModel) -> LanguageModel:
        """The model, watched."""
        self._watched = Watched(loaded, self.server.clock, whole=not self.way.streaming)
        return self._watched

    def _note(self, event: Event) -> None:
        now = self.server.clock()
        match event:
            case SpeechEnded():
                self._decided.append((self.talker.now(), now - self.talker.now()))
            case SpeakingFinished(interrupted=True):
                self.cuts.append(now)
                if len(self.cuts) == len(self.takes) - 1:
                    asyncio.get_running_loop().call_later(_LAST_S, self._stop)
            case SpeakingStarted() if self.interrupt and not self.talker.exhausted:
                self._free_in(_STEADY_S)
            case StateChanged():
                self.talker.idle = not self.interrupt and event.new == State.IDLE.value
        self.progress(len(self.talker.said))

    def _free_in(self, seconds: float) -> None:
        def free() -> None:
            self.talker.idle = True

        asyncio.get_running_loop().call_later(seconds, free)

    def _found(self, sounds: Sequence[float]) -> Iterator[Turn]:
        firsts = self._watched.firsts if self._watched is not None else []
        limits = [each.start for each in self.talker.said[1:]] + [float("inf")]
        for number, (said, limit) in enumerate(zip(self.talker.said, limits, strict=True)):
            decided = [each for each in self._decided if said.end <= each[0] < limit]
            if not decided:
                continue
            at, origin = decided[0]
            audio = next((sound for sound in sounds if said.end <= sound < limit), None)
            place = bisect_right(firsts, origin + (audio if audio is not None else limit))
            token = firsts[place - 1] if place and firsts[place - 1] > origin + said.start else None
            heard = origin + audio if audio is not None else None
            yield Turn(number, origin + said.start, origin + said.end, origin + at, token, heard)
