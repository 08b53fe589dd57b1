"""Audio in, events and audio out: the whole real pipeline on virtual time."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.app import open_session
from assistant.audio.chunk import RATE, Samples
from assistant.audio.decode import decode
from assistant.audio.sink import FileSink
from assistant.audio.source import SamplesSource
from assistant.commands.demo import Line, conversation
from assistant.config import load
from assistant.events import to_json
from assistant.runtime.clock import VirtualLoop
from assistant.runtime.worker import InlineWorker, Worker
from assistant.session.timeline import Timeline
from tests.recordings import spoken

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"
_NEAR_S = 0.8  # how long a silence is enough depends on how surely the last word was heard
_VOLATILE = {"score", "confidence", "slots", "rejected", "engines", "since", "until"}
_SILENCES = {"complete", "extensible", "prefix", "free"}  # how sure it was may differ


@dataclass
class Run:
    """What a scenario gave."""

    events: list[dict] = field(default_factory=list)
    output: Samples | None = None

    def of(self, kind):
        return [event for event in self.events if event["type"] == kind]

    def texts(self):
        return [event["text"] for event in self.of("Transcribed")]

    def replies(self):
        return [event["text"] for event in self.of("SpeakingStarted")]

    def outcomes(self):
        return [event["outcome"] for event in self.of("TurnEnded")]


def lines(*said, pause=4.0, voice="en-us"):
    """Text → 16 kHz samples: each line as recorded of espeak-ng, with a pause after it."""
    return conversation([Line(voice, None, text, pause) for text in said], speak=lambda line: spoken(line.text, voice))


def play(
    samples, tmp_path, *, settings=None, wake=True, inline=True, virtual=True, before=None, skills=None, room=None
):
    """Run a recording through a session.

    Args:
        settings: environment-style (``asr__engine``).
        room: what makes a source of the recording and the session's mixer; None for one that hears no echo.
    """
    env = {f"ASSISTANT_{key.upper()}": str(value) for key, value in (settings or {}).items()}
    if skills is not None:
        env["ASSISTANT_SKILLS__PATHS"] = json.dumps([str(path) for path in skills])
    env.setdefault("ASSISTANT_ASR__ENGINE", "pocketsphinx")
    env.setdefault("ASSISTANT_TIME_ZONE", "UTC")
    loaded = load(env=env, user=False)
    run = Run()
    out = tmp_path / "out.wav"

    async def main():
        timeline = Timeline()
        timeline.subscribe(lambda event: run.events.append(to_json(event)))
        sink = FileSink(out)
        io = (room(samples, sink.mixer) if room else SamplesSource(samples)), sink
        worker = InlineWorker if inline else Worker
        async with open_session(
            loaded, io, timeline, wake=wake, data=tmp_path, now=NOON, make_worker=worker
        ) as session:
            if before is not None:
                before(session, timeline)
            await asyncio.wait_for(session.run(), len(samples) / RATE + 120)

    with asyncio.Runner(loop_factory=VirtualLoop if virtual else None) as runner:
        runner.run(main())
    run.output = decode(out)
    return run


def strip(event):
    """An event without what differs between machines."""
    kept = {key: value for key, value in event.items() if not key.endswith("_ms") and key not in _VOLATILE}
    if kept.get("reason") in _SILENCES:
        kept["reason"] = "silence"
    if kept.get("interrupted"):
        kept["spoken"] = " ".join(kept["spoken"].split()[:5])  # how far it came depends on the voice
    return {key: value for key, value in kept.items() if key != "at"}


def check_golden(name, events, update):
    """Compare with ``golden/NAME.jsonl``: same events in the same order, times within 0.8 s."""
    shown = [event for event in events if event["type"] != "Partial"]
    path = GOLDEN / f"{name}.jsonl"
    if update:
        path.parent.mkdir(exist_ok=True)
        lines = [json.dumps({"at": round(event["at"], 2), **strip(event)}) for event in shown]
        path.write_text("\n".join(lines) + "\n")
    golden = [json.loads(line) for line in path.read_text().splitlines()]
    assert [strip(event) for event in shown] == [strip(event) for event in golden]
    late = [
        (e["type"], e["at"], g["at"]) for e, g in zip(shown, golden, strict=True) if abs(e["at"] - g["at"]) > _NEAR_S
    ]
    assert late == []


def loudness(samples, start, stop):
    """RMS of a stretch, in int16 steps; times in seconds."""
    part = samples[int(start * RATE) : int(stop * RATE)].astype(np.float64)
    return float(np.sqrt(np.mean(part**2))) if len(part) else 0.0
