"""Interruptions in a room with open speakers: how soon it is silent, what it remembers, what does not stop it.

Everything is counted in seconds of audio, so the session runs as fast as the CPU goes. The loudspeaker's own buffer
comes on top: :attr:`Figures.device_s` is what the default output reports, where there is one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.app import open_session
from assistant.audio.chunk import RATE, Samples
from assistant.audio.decode import decode
from assistant.audio.device import find
from assistant.audio.portaudio import BUFFER_SECONDS
from assistant.audio.sink import FileSink
from assistant.bench.latency import NOON, on_loop
from assistant.bench.room import NEAR_RMS, RoomSource
from assistant.bench.scene import ABOUT_ITSELF, Signal, active_rms
from assistant.bench.take import speak
from assistant.config import Loaded
from assistant.errors import DeviceError
from assistant.events import Event, SpeakingFinished, SpeakingStarted, WakeDetected
from assistant.session.history import Exchange
from assistant.session.timeline import Timeline
from assistant.tts.base import Synthesizer
from assistant.tts.sentences import split
from assistant.tts.speakable import speakable_with_map

STORY = " ".join(
    f"Then the little bear met friend number {number} in the deep dark wood, and they walked on."
    for number in range(1, 13)
)
ABOUT = " ".join(ABOUT_ITSELF)
_SKILL = f'''"""A long reply."""
from assistant import Context, skill

@skill("tell me a story", examples=["tell me a story"], pure=True)
def story(ctx: Context) -> str:
    """Tell a story."""
    return {STORY!r}

@skill("describe yourself", examples=["describe yourself"], pure=True)
def about(ctx: Context) -> str:
    """Talk about its wake words."""
    return {ABOUT!r}
'''
_ASK = "hey jarvis, tell me a story"
_ASK_ABOUT_ITSELF = "hey jarvis, describe yourself"
_INTERRUPTIONS = {"wake": ("hey jarvis, stop", "hey jarvis, what is two plus two"), "speech": ("what is two plus two",)}
_BACK_CHANNELS = ("yeah", "mhm", "okay")
_SILENT = 30  # int16 steps, −61 dBFS
_DOUBT_S = 0.03
_LEAD_S, _REST_S = 1.0, 6.0
_AT_S = (4.0, 14.0)  # of the reply, in which somebody speaks


@dataclass(frozen=True, slots=True)
class Cut:
    """One interruption.

    Attributes:
        silent_s: from the decision to the last audible sample; 0 if it was silent already.
        kept: the words that the history keeps.
        heard: those whose sound is in the output; several answers where it ends within 30 ms of a word's end.
    """

    silent_s: float
    kept: str
    heard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the benchmark found.

    Attributes:
        cuts: mode → interruptions.
        missed: mode → interruptions that changed nothing.
        resumed, disturbed: replies with coughs and back-channels in them that were said to the end, of how many.
        self_triggers: times that its own speech woke or interrupted it.
        minutes: of its own speech for that.
        device_s: what the default output reports as its buffer; None without one.
    """

    cuts: dict[str, list[Cut]]
    missed: dict[str, int]
    resumed: int
    disturbed: int
    self_triggers: int
    minutes: float
    device_s: float | None

    def silence_ms(self, mode: str) -> tuple[float, float]:
        """Median and longest milliseconds from the decision to silence."""
        found = [1000 * cut.silent_s for cut in self.cuts[mode]] or [float("nan")]
        return float(np.median(found)), max(found)

    def exact(self, mode: str) -> int:
        """How many interruptions left exactly the words that were heard."""
        return sum(cut.kept in cut.heard for cut in self.cuts[mode])


@dataclass(slots=True)
class Run:
    """A session that is over."""

    events: list[Event]
    history: list[Exchange]
    output: Samples


def measure(
    loaded: Loaded,
    rooms: Sequence[Signal],
    voice: Synthesizer,
    times: int = 12,
    minutes: float = 5.0,
    progress: Callable[[str], None] = lambda _what: None,
) -> Figures:
    """Everything.

    Args:
        loaded: without earcons.
        rooms: responses from the loudspeaker to the microphone, of energy 1.
        voice: of the user, and the assistant's own.
        times: interruptions in each mode, and replies with disturbances.
        minutes: of its own speech without anybody.
        progress: called with what is being measured.
    """
    cuts: dict[str, list[Cut]] = {}
    missed: dict[str, int] = {}
    for mode in ("wake", "speech"):
        progress(f"{times} interruptions by {mode}")
        texts = _INTERRUPTIONS[mode]
        parts = [_spoken(voice, texts[number % len(texts)]) for number in range(times)]
        runs = _in_rooms(with_mode(loaded, mode), rooms, voice, parts)
        cuts[mode] = [cut for run in runs for cut in _cuts(run, voice)]
        missed[mode] = times - len(cuts[mode])
    progress(f"{times} coughs and back-channels")
    parts = [_disturbance(voice, number) for number in range(times)]
    told = [reply for run in _in_rooms(with_mode(loaded, "speech"), rooms, voice, parts) for reply in _replies(run)]
    resumed = sum(not reply.interrupted and reply.spoken == STORY for reply in told)
    progress(f"{minutes:g} minutes of its own speech")
    triggers = sum(_self_triggers(with_mode(loaded, mode), rooms, voice, minutes / 2) for mode in ("wake", "speech"))
    return Figures(cuts, missed, resumed, times, triggers, minutes, _device())


def with_mode(loaded: Loaded, mode: str) -> Loaded:
    """The configuration with another way to interrupt."""
    talk = loaded.config.session.model_copy(update={"barge_in": mode})
    return replace(loaded, config=loaded.config.model_copy(update={"session": talk}))


def heard_words(text: str, starts: Sequence[tuple[float, int]], seconds: float) -> str:
    """The words of a text that have been heard to their end: those before the last one that had begun.

    Args:
        starts: (seconds of its audio, place in the text) of each word.
        seconds: how much of the audio was audible.
    """
    begun = [place for at, place in starts if at <= seconds]
    return text[: begun[-1]].strip() if begun else ""


def _in_rooms(loaded: Loaded, rooms: Sequence[Signal], voice: Synthesizer, parts: Sequence[Samples]) -> Iterator[Run]:
    """One session for each room, each with its share of what is said over replies."""
    rng = np.random.default_rng(5)
    for number, room in enumerate(rooms):
        share = parts[number :: len(rooms)]
        if share:
            yield _session(loaded, room, _script(voice, share, rng))


def _script(voice: Synthesizer, parts: Sequence[Samples], rng: np.random.Generator) -> Samples:
    ask = _spoken(voice, _ASK)
    pieces = [_hush(_LEAD_S)]
    whole = sum(len(chunk.samples) / chunk.rate for chunk in voice.speak(STORY))
    for part in parts:
        at = float(rng.uniform(*_AT_S))
        pieces += [ask, _hush(at), part, _hush(max(_REST_S, whole - at + 2.0))]
    return np.concatenate(pieces)


def _session(loaded: Loaded, room: Signal, near: Samples) -> Run:
    events: list[Event] = []
    history: list[Exchange] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "skills").mkdir()
        (folder / "skills" / "story.py").write_text(_SKILL, encoding="utf-8")
        skills = loaded.config.skills
        more = skills.model_copy(update={"paths": [*skills.paths, folder / "skills"]})
        config = replace(loaded, config=loaded.config.model_copy(update={"skills": more}))
        out = folder / "out.wav"

        async def converse() -> None:
            timeline = Timeline()
            timeline.subscribe(events.append)
            sink = FileSink(out)
            source = RoomSource(near, sink.mixer, room)
            async with open_session(config, (source, sink), timeline, data=folder, now=NOON) as session:
                await session.run()
                history.extend(session.history)

        on_loop(converse, virtual=True)
        return Run(events, history, decode(out))


def _cuts(run: Run, voice: Synthesizer) -> Iterator[Cut]:
    starts = _word_starts(voice, STORY)
    kept = iter([exchange.assistant for exchange in run.history if exchange.interrupted])
    began = 0.0
    for event in run.events:
        if isinstance(event, SpeakingStarted):
            began = event.at
        elif isinstance(event, SpeakingFinished) and event.interrupted:
            last = _last_audible(run.output, began, event.at + 0.5)
            heard = tuple(heard_words(STORY, starts, last - began + doubt) for doubt in (-_DOUBT_S, 0.0, _DOUBT_S))
            yield Cut(max(0.0, last - event.at), next(kept, ""), heard)


def _replies(run: Run) -> list[SpeakingFinished]:
    return [event for event in run.events if isinstance(event, SpeakingFinished)]


def _self_triggers(loaded: Loaded, rooms: Sequence[Signal], voice: Synthesizer, minutes: float) -> int:
    """It talks about its own wake words, and nobody else says anything."""
    ask = _spoken(voice, _ASK_ABOUT_ITSELF)
    lasts = sum(len(chunk.samples) / chunk.rate for chunk in voice.speak(ABOUT)) + 2.0
    times = max(1, round(60 * minutes / len(rooms) / lasts))
    found = 0
    for room in rooms:
        run = _session(loaded, room, np.concatenate([_hush(_LEAD_S), *[ask, _hush(lasts)] * times]))
        interrupted = sum(reply.interrupted for reply in _replies(run))
        woken = sum(isinstance(event, WakeDetected) for event in run.events) - times
        found += max(interrupted, woken)
    return found


def _spoken(voice: Synthesizer, text: str) -> Samples:
    """Somebody who says it, at the level of people in these rooms."""
    sound = speak(text, "", voice).samples.astype(np.float64)
    return _pcm(sound * (NEAR_RMS / active_rms(sound)))


def _disturbance(voice: Synthesizer, number: int) -> Samples:
    """A back-channel, or a cough: one to three bursts of noise that die away."""
    if number % 2:
        return _spoken(voice, _BACK_CHANNELS[number // 2 % len(_BACK_CHANNELS)])
    rng = np.random.default_rng(number)
    count = int(0.25 * RATE)
    fall = np.exp(-np.arange(count) / (0.06 * RATE))
    return _pcm(np.concatenate([rng.normal(0, 3 * NEAR_RMS, count) * fall for _ in range(1 + number % 3)]))


def _hush(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.int16)


def _pcm(sound: Signal) -> Samples:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)


def _word_starts(voice: Synthesizer, text: str) -> list[tuple[float, int]]:
    """Seconds of audio and place in the text of each word, as the reply is spoken: sentence by sentence."""
    found, seconds = [], 0.0
    for span in split(text):
        sentence = text[span.start : span.end]
        made = speakable_with_map(sentence)
        begun = seconds
        for chunk in voice.speak(made.text):
            for mark in chunk.marks:
                found.append((begun + mark.sample / chunk.rate, span.start + made.source(mark.start, mark.end)[0]))
            seconds += len(chunk.samples) / chunk.rate
    return found


def _last_audible(output: Samples, begin: float, end: float) -> float:
    """Seconds of the last sound in a stretch of the output."""
    first = int(begin * RATE)
    loud = np.flatnonzero(np.abs(output[first : int(end * RATE)].astype(np.int32)) > _SILENT)
    return begin + float(loud[-1] + 1) / RATE if len(loud) else begin


def _device() -> float | None:
    try:
        return find(None, "output").latency[1] + BUFFER_SECONDS
    except DeviceError:
        return None
