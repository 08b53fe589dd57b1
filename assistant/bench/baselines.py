"""What we are compared with: two loops as they are usually written, over the same engines and skills.

Everything happens in sequence on one thread. When an utterance is thought to be over it is recognised as a whole,
then a skill is found and run, then the whole reply is synthesised, then it is played.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from assistant.app import Engines, find_skills, limits_of, load_engines, open_mind
from assistant.asr.base import Transcript
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.ring import Ring
from assistant.audio.voice import Voice
from assistant.bench.latency import NOON, Progress
from assistant.bench.stand import Manner, Meter, Said, Talker
from assistant.bench.take import Take
from assistant.bench.trial import Trial, between
from assistant.config import Loaded
from assistant.errors import SkillError
from assistant.intent.lang import conversation
from assistant.intent.match import Match
from assistant.intent.template import SlotType
from assistant.session.brain import Brain
from assistant.session.ears import Ears, Heard
from assistant.skill.around import Card, Playing, Sound
from assistant.tts.speakable import speakable
from assistant.vad.endpoint import Edge, Limits, Segmenter

FIXED_S = 0.6
RECORD_S = 5.0
_RING_S = 30.0
_OVER = {Edge.ENDED, Edge.TOO_LONG, Edge.NO_SPEECH}


class Rule(Protocol):
    """When an utterance is over.

    Attributes:
        preroll: seconds before the wake word's detection that are recognised, too.
        blind: the loop only collects sound until the utterance is over, so that in real time nothing would be
            different if it came faster; it does, where the manner allows hurry.
    """

    preroll: float
    blind: bool

    def begin(self, at: int) -> None:
        """The wake word ended at a stream index."""

    def over(self, heard: Heard) -> bool:
        """Whether the next chunk ends the utterance."""


class FixedSilence:
    """After 0.6 s without voice, as most local systems do.

    Args:
        limits: when speech begins; the same as our session's.
        preroll: seconds; as our session's.
    """

    blind = False

    def __init__(self, limits: Limits, preroll: float) -> None:
        self.preroll = preroll
        self._segmenter = Segmenter(replace(limits, silence=FIXED_S))

    def begin(self, at: int) -> None:
        """Wait for speech."""
        self._segmenter.reset(at)

    def over(self, heard: Heard) -> bool:
        """Whether 0.6 s have passed, or nobody speaks, or for too long."""
        edges = [edge for voice in heard.voices for edge in self._segmenter.push(voice.probability, voice.end)]
        return not _OVER.isdisjoint(edges)


class FiveSeconds:
    """The tutorial loop: from the wake word's detection, record five seconds."""

    blind = True
    preroll = 0.0

    def __init__(self) -> None:
        self._end = 0

    def begin(self, at: int) -> None:
        """Begin to record."""
        self._end = at + round(RECORD_S * RATE)

    def over(self, heard: Heard) -> bool:
        """Whether five seconds have passed."""
        return heard.chunk.end >= self._end


def fixed_silence(loaded: Loaded) -> Rule:
    """The rule of the first baseline."""
    return FixedSilence(limits_of(loaded.config), loaded.config.wake.preroll)


async def converse(
    loaded: Loaded,
    rule: Rule,
    takes: Sequence[Take],
    manner: Manner,
    *,
    answers: bool = True,
    progress: Progress = lambda _count: None,
) -> list[Trial]:
    """Say utterances to a loop, each when the answer to the one before is over.

    Args:
        answers: otherwise it only decides when each utterance is over.
    """
    talker = Talker(takes, manner)
    async with _tools(loaded) as using:
        loop = _Loop(rule, using, talker, answers=answers)
        async for chunk in talker.chunks():
            await loop.hear(chunk)
            progress(len(talker.said))
            if talker.exhausted and talker.idle:
                break
    return loop.trials()


@runtime_checkable
class Whole(Protocol):
    """A recogniser that decodes an utterance at once."""

    def transcribe(self, samples: Samples) -> Transcript:
        """The transcript of 16 kHz int16 samples, shape (n,)."""


@dataclass(frozen=True, slots=True)
class _Tools:
    """Loaded engines and skills.

    Attributes:
        ears: voice detection and wake word.
        brain: finds and runs skills.
        language: ISO 639-1, for numbers and units in replies.
    """

    engines: Engines
    ears: Ears
    brain: Brain
    language: str


@asynccontextmanager
async def _tools(loaded: Loaded) -> AsyncIterator[_Tools]:
    """Load what a loop needs, as a session does."""
    skills = find_skills(loaded.config)
    engines = await load_engines(loaded, skills)
    with tempfile.TemporaryDirectory() as data:
        async with open_mind(loaded, _Nobody(), skills, Path(data), NOON) as mind:
            yield _Tools(engines, Ears(engines.vad, engines.wake), mind.brain, loaded.config.language)


@dataclass(frozen=True, slots=True)
class _Turn:
    """An answer: when its utterance was thought to be over, and when each of the four stages after that was done."""

    said: Said
    decided: float
    heard: str = ""
    match: Match | None = None
    moments: tuple[float, ...] = ()


class _Loop:
    def __init__(self, rule: Rule, using: _Tools, talker: Talker, *, answers: bool) -> None:
        self._rule = rule
        self._using = using
        self._talker = talker
        self._answers = answers
        self._meter = Meter(talker)
        self._ring = Ring(_RING_S)
        self._begin = -1
        self._voice: Voice | None = None
        self._turns: list[_Turn] = []

    def trials(self) -> list[Trial]:
        """One for each utterance; those without a decision are unanswered."""
        limits = [each.start for each in self._talker.said[1:]] + [float("inf")]
        return [self._trial(said, limit) for said, limit in zip(self._talker.said, limits, strict=True)]

    async def hear(self, chunk: AudioChunk) -> None:
        self._meter.tick(chunk.end)
        self._ring.append(chunk)
        if self._voice is not None:
            if self._voice.finished:
                self._listen()
            return
        heard = self._using.ears.hear(chunk)
        if self._begin < 0:
            if heard.detection is not None:
                self._wake(heard.detection.end)
        elif self._rule.over(heard):
            await self._over()

    def _listen(self) -> None:
        self._voice = None
        self._begin = -1
        self._using.engines.wake.reset()
        self._talker.idle = True

    def _wake(self, at: int) -> None:
        self._begin = at - round(self._rule.preroll * RATE)
        self._rule.begin(at)
        self._talker.idle = False
        self._talker.hurrying = self._rule.blind

    async def _over(self) -> None:
        said, decided = self._talker.said[-1], self._talker.now()
        self._talker.hurrying = False
        if not self._answers:
            self._turns.append(_Turn(said, decided))
            self._listen()
            return
        self._voice = self._meter.mixer.play()
        self._turns.append(await self._answer(said, decided, self._voice))

    async def _answer(self, said: Said, decided: float, voice: Voice) -> _Turn:
        """One after the other."""
        using, now = self._using, self._talker.now
        found = at_once(using.engines.asr, self._ring.since(max(0, self._begin)).samples)
        moments = [now()]
        decision = using.brain.decide(found.text)
        moments.append(now())
        text = (await using.brain.act(decision)).text if found.text else conversation.said("not_understood", "en")
        moments.append(now())
        chunks = list(using.engines.tts.speak(speakable(text, using.language)))
        moments.append(now())
        for chunk in chunks:
            voice.write(chunk)
        voice.end()
        return _Turn(said, decided, found.text, decision.match, tuple(moments))

    def _trial(self, said: Said, limit: float) -> Trial:
        turns = [turn for turn in self._turns if turn.said is said]
        if not turns:
            return Trial(said)
        last = turns[-1]
        audible = self._meter.since(said.end, limit)
        stages = {} if audible is None else between(said.end, (last.decided, *last.moments, audible))
        decided = tuple(turn.decided for turn in turns)
        intent, slots = (last.match.intent, last.match.slots) if last.match is not None else ("", {})
        return Trial(said, decided, audible, intent, slots, last.heard, stages)


def at_once(engine: Any, samples: Samples) -> Transcript:
    """Recognise an utterance that is there as a whole."""
    if isinstance(engine, Whole):
        return engine.transcribe(samples)
    utterance = engine.open()
    utterance.feed(AudioChunk(samples))
    found: Transcript = utterance.finish()
    return found


class _Nobody:
    """Surroundings of a loop that says nothing unasked."""

    ringing = None

    async def announce(self, _text: str, _skill: str) -> None:
        pass

    async def ring(self, _text: str, _skill: str, _seconds: float) -> bool:
        return False

    async def ask(self, _question: str, _kind: SlotType) -> str | None:
        return None

    async def say(self, _text: str) -> None:
        pass

    async def play(self, _sound: Sound, _title: str) -> Playing:
        raise SkillError("There is no loudspeaker.")

    playing = None

    def stop_playing(self) -> bool:
        return False

    def show(self, _card: Card, _skill: str) -> None:
        pass

    def stop(self) -> bool:
        return False

    def apply_volume(self, _level: float) -> None:
        pass
