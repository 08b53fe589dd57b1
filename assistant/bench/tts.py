"""How soon voices begin, how fast they are, and whether what they say is without gaps; all beside each other.

Every voice says the same thirty sentences, and the ten replies that they make, in turns with the others, so that what
else the machine does is everybody's. A sentence is spoken twice: the second time it comes from a cache that was empty
before. A reply is spoken through the assistant's own speaker and mixer to an output in real time: sentence by sentence,
and once more as one piece that is made whole before any of it is played. Every second one is listened to to its end.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from assistant import registry
from assistant.bench.tts_output import AUDIBLE, Heard, Slowed, Whole, hear
from assistant.bench.tts_texts import REPLIES
from assistant.config import Loaded, engine_options
from assistant.errors import ConfigError, InputError, MissingDependency, MissingModel
from assistant.intent.lang import conversation
from assistant.runtime.worker import Worker
from assistant.tts.base import Synthesizer
from assistant.tts.cached import Cached, SpeechStore
from assistant.tts.levelled import calibrated
from assistant.tts.loudness import Levels
from assistant.tts.speakable import speakable
from assistant.voicing import PREFERRED, in_language

_CACHE_BYTES = 200_000_000
_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was made.

    Attributes:
        first: seconds from the text to the first audible sample, if playing begins with the first chunk.
        took: seconds until all of it was made.
        lasts: seconds of speech.
    """

    first: float
    took: float
    lasts: float


@dataclass(slots=True)
class Outcome:
    """What was measured of one voice.

    Attributes:
        load: seconds, the first sentence ever included; the loudness is measured with it.
        made, kept: each sentence as the voice makes it, and from the cache.
        streamed, whole: each reply, sentence by sentence and as one piece.
    """

    load: float
    made: list[Said] = field(default_factory=list)
    kept: list[Said] = field(default_factory=list)
    streamed: list[Heard] = field(default_factory=list)
    whole: list[Heard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contestant:
    """A voice as the assistant would use it, without a cache and with one."""

    name: str
    plain: Synthesizer
    cached: Synthesizer
    worker: Worker
    outcome: Outcome


Progress = Callable[[int], None]
Step = Callable[[str, int], Progress]


def measure(
    loaded: Loaded, voices: Sequence[str], step: Step, replies: int = len(REPLIES), slowed: float | None = None
) -> tuple[dict[str, Outcome], dict[str, str]]:
    """Measure voices.

    Args:
        loaded: the configuration.
        voices: ``ENGINE`` or ``ENGINE:VOICE``; none for every engine that is installed and has an English voice.
        step: told of the progress.
        replies: how many of the ten.
        slowed: adds espeak-ng slowed to so many seconds of computing for a second of speech.

    Returns:
        Name of the voice → figures, and engine → why it was left out.

    Raises:
        AssistantError: a voice that was named cannot be used, or there is none.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        loading = step("Loading", len(voices or PREFERRED))
        contestants, left_out = _contestants(loaded, voices, Path(folder), slowed, loading)
        for each in contestants:
            stack.callback(each.worker.close)
        tell = step(", ".join(each.name for each in contestants), replies * len(contestants))
        done = 0
        for number, reply in enumerate(REPLIES[:replies]):
            for each in contestants:
                tell(done := done + 1)
                _say(each, reply, to_the_end=number % 2 == 0)
        tell(done + 1)
    return {each.name: each.outcome for each in contestants}, left_out


def _contestants(
    loaded: Loaded, voices: Sequence[str], folder: Path, slowed: float | None, tell: Progress
) -> tuple[list[Contestant], dict[str, str]]:
    found: list[Contestant] = []
    left_out = {}
    for number, named in enumerate(voices or PREFERRED, 1):
        tell(number)
        engine, _, voice = named.partition(":")
        began = time.perf_counter()
        try:
            made, identity = _engine(loaded, engine, voice or None)
        except (MissingDependency, MissingModel, ConfigError) as error:
            if voices:
                raise
            left_out[engine] = str(error)
            continue
        found.append(_contestant(loaded, _short(named, found), made, identity, folder, began))
        if engine == "espeak" and slowed is not None:
            name = f"{named} at {slowed:g} s a second"
            found.append(_contestant(loaded, name, Slowed(made, slowed), identity, folder, time.perf_counter()))
    if not found:
        raise InputError("There is no voice to measure; see: assistant engines")
    return found, left_out


def _short(named: str, others: Sequence[Contestant]) -> str:
    """``piper:en_US-lessac-medium`` for a path to it, unless that would be the name of two."""
    engine, _, voice = named.partition(":")
    path = Path(voice)
    name = f"{engine}:{path.stem if path.suffix in ('.onnx', '.pth') else path.name}" if voice else engine
    return named if any(each.name == name for each in others) else name


def _engine(loaded: Loaded, name: str, voice: str | None) -> tuple[Synthesizer, str]:
    """An engine's English voice and what names it in a cache."""
    name = registry.find("tts", name).name
    module = registry.load("tts", name)
    config = in_language(loaded, _LANGUAGE).config
    if voice is not None or config.tts.engine != name:
        tts = config.tts.model_copy(update={"voice": voice, "speaker": None})
        config = config.model_copy(update={"tts": tts})
    options = engine_options(replace(loaded, config=config), "tts", name, module.Options)
    engine: Synthesizer = module.Engine(options)
    return engine, f"{name} {options.model_dump_json()}"


def _contestant(
    loaded: Loaded, name: str, engine: Synthesizer, identity: str, folder: Path, began: float
) -> Contestant:
    sample = conversation.said("voice_sample", _LANGUAGE)
    levels, target = Levels(folder / "levels.json"), loaded.config.tts.loudness
    plain = calibrated(engine, identity, target, levels, sample)
    list(plain.speak(speakable(sample, _LANGUAGE)))
    store = SpeechStore(folder / name.replace("/", "_"), _CACHE_BYTES)
    cached = calibrated(Cached(engine, store, identity), identity, target, levels, sample)
    return Contestant(name, plain, cached, Worker("tts", name), Outcome(time.perf_counter() - began))


def _say(contestant: Contestant, reply: Sequence[str], *, to_the_end: bool) -> None:
    """One reply's sentences, and the reply, in every way.

    Args:
        to_the_end: the streamed reply is listened to in real time, for gaps; else only to its first sound.
    """
    outcome = contestant.outcome
    for sentence in reply:
        outcome.made += _timed(contestant.cached, sentence)
        outcome.kept += _timed(contestant.cached, sentence)
    plain, worker = contestant.plain, contestant.worker
    streamed = asyncio.run(hear(plain, worker, reply, to_the_end=to_the_end))
    whole = asyncio.run(hear(Whole(plain), worker, [" ".join(reply)], to_the_end=False))
    if streamed is not None and whole is not None:
        outcome.streamed.append(streamed)
        outcome.whole.append(whole)


def _timed(voice: Synthesizer, sentence: str) -> Iterator[Said]:
    """A sentence, timed; nothing if it could not be heard."""
    began = time.perf_counter()
    first, playing, lasts = None, 0.0, 0.0
    for chunk in voice.speak(speakable(sentence, _LANGUAGE)):
        now = time.perf_counter() - began
        playing = playing or now
        loud = np.flatnonzero(np.abs(chunk.samples.astype(np.int32)) > AUDIBLE)
        if first is None and len(loud):
            first = max(now, playing + lasts) + int(loud[0]) / chunk.rate
        lasts += chunk.seconds
    if first is not None:
        yield Said(first, time.perf_counter() - began, lasts)
