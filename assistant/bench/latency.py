"""End of speech → first audible sample, both read from the sound itself, in real time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.audio.chunk import RATE
from assistant.audio.decode import decode
from assistant.audio.wav import write_wav
from assistant.bench.corpus import first_audible, record
from assistant.commands.run import Choice, converse
from assistant.config import Loaded
from assistant.events import Event, TurnEnded


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from the end of speech to the first audible sample.

    Attributes:
        seconds: one for each answered command.
        unanswered: commands without a sound in reply.
        stages_ms: stage → median milliseconds.
    """

    seconds: tuple[float, ...]
    unanswered: int
    stages_ms: dict[str, float] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        """For example 50 for the median; seconds."""
        return float(np.percentile(self.seconds, share)) if self.seconds else float("nan")


def measure(loaded: Loaded, commands: Sequence[str]) -> Latency:
    """Say commands to a session in real time and look when its answers begin; earcons must be off."""
    samples, utterances = record(commands)
    events: list[Event] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        heard, answered = folder / "heard.wav", folder / "answered.wav"
        write_wav(heard, samples, RATE)
        converse(loaded, Choice(str(heard), str(answered)), [events.append], data=folder)
        output = decode(answered)
    found = list(first_audible(output, utterances))
    stages = [event.stages_ms for event in events if isinstance(event, TurnEnded)]
    names = sorted({name for each in stages for name in each})
    return Latency(
        tuple(second for second in found if second is not None),
        found.count(None),
        {name: float(np.median([each[name] for each in stages if name in each])) for name in names},
    )
