"""``assistant run --demo``: a conversation through the whole real pipeline, without sound devices."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from assistant import registry
from assistant.audio.chunk import RATE, Samples
from assistant.audio.resample import resample
from assistant.audio.wav import write_wav
from assistant.commands.run import Choice, converse
from assistant.config import Loaded
from assistant.console import Viewer
from assistant.events import Event
from assistant.picture import timeline_svg


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said by a person of the demo, and the silence that follows, in seconds."""

    voice: str
    variant: str | None
    text: str
    pause: float


CONVERSATION = (
    Line("en-us", None, "Hey Jarvis, what time is it?", 5.0),
    Line("en-gb", None, "Hey Jarvis, set a timer for five minutes.", 5.0),
    Line("en-us", "m3", "Hey Jarvis, what is two plus two?", 4.5),
    Line("en-gb-scotland", None, "Hey Jarvis, how long is left on the timer?", 5.5),
    Line("en-us", "m7", "Hey Jarvis, how many days until Christmas?", 5.5),
)


def play_demo(loaded: Loaded, folder: Path = Path("demo")) -> None:
    """Speak, listen and answer; write ``heard.wav``, ``answered.wav`` and ``timeline.svg`` into a folder."""
    console = Console()
    folder.mkdir(parents=True, exist_ok=True)
    heard, answered, picture = folder / "heard.wav", folder / "answered.wav", folder / "timeline.svg"
    console.print(f"Five people speak to the assistant, by espeak-ng. [dim]{len(CONVERSATION)} turns.[/dim]")
    write_wav(heard, conversation(CONVERSATION), RATE)
    events: list[Event] = []
    with tempfile.TemporaryDirectory() as data:
        converse(
            loaded,
            Choice(str(heard), str(answered)),
            [Viewer(console, detailed=True), events.append],
            data=Path(data),
        )
    picture.write_text(timeline_svg(events), encoding="utf-8")
    console.print(
        f"\nWhat was heard: {heard}\nWhat was answered, on the same time line: {answered}\nPicture: {picture}"
    )


def conversation(lines: Sequence[Line], lead: float = 1.0, speak: Callable[[Line], Samples] | None = None) -> Samples:
    """Lines spoken one after the other, 16 kHz int16, with a faint noise floor as every room has.

    Args:
        lead: seconds before the first line.
        speak: gives a line's sound, 16 kHz int16; None for espeak-ng.
    """
    speak = speak or spoken
    quiet = np.zeros(int(lead * RATE), np.int16)
    parts: list[Samples] = [quiet]
    for line in lines:
        parts += [speak(line), np.zeros(int(line.pause * RATE), np.int16)]
    clean = np.concatenate(parts)
    noise = np.random.default_rng(1).normal(0, 6, len(clean))
    return np.clip(clean + noise, -32768, 32767).astype(np.int16)


def spoken(line: Line) -> Samples:
    """One line by espeak-ng, 16 kHz int16."""
    module = registry.load("tts", "espeak")
    engine = module.Engine(module.Options(voice=line.voice, variant=line.variant))
    samples = np.concatenate([chunk.samples for chunk in engine.speak(line.text)])
    return resample(samples, engine.rate, RATE)
