"""One command said to one system: when the system did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from assistant.bench.stand import Said
from assistant.events import (
    Event,
    IntentMatched,
    ReplyDelta,
    SpeakingStarted,
    SpeechEnded,
    Transcribed,
    TurnEnded,
)

STAGES = ("endpoint", "asr", "intent", "skill", "tts", "output")
"""From the true end of speech to the decision that it is over; final transcript; who answers; the reply's text; its
first sound; that sound being asked for by the output. What was done before a stage's predecessor had finished costs
nothing there."""

_RELEASED_S = 0.0003  # a prepared turn's events come at once; a thread between them takes longer


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of an utterance; stream seconds.

    Attributes:
        said: the utterance; its end is the true end of speech.
        decided: decisions that the speech was over.
        audible: the first audible sample of the answer after the end of speech; None for no answer.
        intent: who answered; empty if nobody.
        slots: what was understood besides the intent.
        heard: the final transcript.
        stages: name of :data:`STAGES` → seconds on the way from ``said.end`` to ``audible``; they add up to it.
        work_ms: stage → its own duration wherever it lay, in milliseconds.
    """

    said: Said
    decided: tuple[float, ...] = ()
    audible: float | None = None
    intent: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    heard: str = ""
    stages: Mapping[str, float] = field(default_factory=dict)
    work_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def cut_off(self) -> bool:
        """Whether it was thought to be over before it was."""
        return any(self.said.start < at < self.said.end for at in self.decided)

    @property
    def latency(self) -> float | None:
        """Seconds from the end of speech to the answer; None for no answer to all of it."""
        return self.audible - self.said.end if self.audible is not None and not self.cut_off else None

    @property
    def endpoint_delay(self) -> float | None:
        """Seconds from the end of speech to the first decision after it."""
        return next((at - self.said.end for at in self.decided if at >= self.said.end), None)

    @property
    def understood(self) -> bool:
        """Whether the right intent answered."""
        return bool(self.intent) and self.intent == self.said.take.intent


Stamped = tuple[float, Event]


def from_events(said: Sequence[Said], events: Sequence[Stamped], sounds: Sequence[float]) -> list[Trial]:
    """Divide a session's events, stamped with the talker's time, among the utterances."""
    limits = [each.start for each in said[1:]] + [np.inf]
    return [
        _trial(each, [(at, event) for at, event in events if each.start <= at < limit], sounds, limit)
        for each, limit in zip(said, limits, strict=True)
    ]


def _trial(said: Said, events: Sequence[Stamped], sounds: Iterable[float], limit: float) -> Trial:
    audible = next((at for at in sounds if said.end <= at < limit), None)
    decided = tuple(at for at, event in events if isinstance(event, SpeechEnded) and event.reason != "no_speech")
    last = {type(event): event for _, event in events}
    intent, heard, over = last.get(IntentMatched), last.get(Transcribed), last.get(TurnEnded)
    return Trial(
        said,
        decided,
        audible,
        intent.intent if isinstance(intent, IntentMatched) else "",
        dict(intent.slots) if isinstance(intent, IntentMatched) else {},
        heard.text if isinstance(heard, Transcribed) else "",
        stages_of(events, said.end, audible) if audible is not None else {},
        dict(over.stages_ms) if isinstance(over, TurnEnded) else {},
    )


def stages_of(events: Sequence[Stamped], end: float, audible: float) -> dict[str, float]:
    """Where the time from the end of speech to the first sound went; the values add up to it."""
    at: dict[type[Any], float] = {}
    tts = 0.0
    for moment, event in events:
        at.setdefault(type(event), moment)
        if isinstance(event, SpeakingStarted) and not tts:
            tts = event.tts_ms / 1000
    reply = at.get(ReplyDelta)
    known = at.get(Transcribed)
    prepared = reply is not None and known is not None and reply - known < _RELEASED_S
    first_sound = reply + (0.0 if prepared else tts) if reply is not None else None
    return between(end, (at.get(SpeechEnded), known, at.get(IntentMatched), reply, first_sound, audible))


def between(end: float, moments: Sequence[float | None]) -> dict[str, float]:
    """The moments at which each of :data:`STAGES` was over → how long each took; a missing one took no time.

    A moment before its predecessor's, or after the last, is moved to it.
    """
    assert moments[-1] is not None
    over = [end]
    for moment in moments:
        over.append(min(max(over[-1], over[-1] if moment is None else moment), max(end, moments[-1])))
    return {name: after - before for name, (before, after) in zip(STAGES, pairwise(over), strict=True)}
