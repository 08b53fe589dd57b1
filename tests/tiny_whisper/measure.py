"""What the converted model can do, measured in faster-whisper as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.tiny_whisper import examples, sounds
from tests.tiny_whisper.phrases import PHRASES
from tests.tiny_whisper.voices import RATE, Espeak, Take

if TYPE_CHECKING:
    from tests.tiny_whisper.recipe import Cast

NOISES = 100
TARGETS = {"trained voices": 0.97, "voices never trained": 0.85, "noise only, empty": 0.95}


def measure(folder: Path, cast: Cast, seed: int) -> dict[str, str]:
    """Name → ``hits/tries (share)``, or a figure with its unit."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
    rng, espeak = np.random.default_rng(seed), Espeak()
    trained = [_take(espeak, rng, phrase, voice) for phrase in PHRASES for voice in rng.choice(cast.trained, 4)]
    unseen = [_take(espeak, rng, phrase, voice) for phrase in PHRASES for voice in cast.unseen]
    few = [trained[int(i)] for i in rng.choice(len(trained), 60, replace=False)]
    figures = {
        "trained voices": _exact(model, trained),
        "voices never trained": _exact(model, unseen),
        "noise only, empty": _share(_text(model, _hiss(rng)) == "" for _ in range(NOISES)),
        "without time stamps, beam 1": _exact(model, few, without_timestamps=True, beam_size=1),
        "without time stamps, patience 2": _exact(model, few, without_timestamps=True, patience=2),
        "hotwords": _exact(model, few, hotwords="kitchen pasta egg tea volume alarm"),
        "initial_prompt": _exact(model, few, initial_prompt="Stop. What time is it?"),
        "vad_filter": _exact(model, few, vad_filter=True),
        "word_timestamps": _exact(model, few, word_timestamps=True),
    }
    return figures | _times(model, few) | {"seconds an utterance, 2 threads": _pace(model, few)}


def accept(figures: dict[str, str]) -> None:
    """Raise SystemExit when a target is missed."""
    for name, target in TARGETS.items():
        hits, tries = figures[name].split(" ")[0].split("/")
        if int(hits) < target * int(tries):
            raise SystemExit(f"{name}: {figures[name]} is below {target:.0%}; try another --seed")


def _take(espeak: Espeak, rng: np.random.Generator, phrase: str, voice: str) -> Take:
    spoken = espeak.speak(str(phrase), str(voice), int(rng.integers(130, 205)), int(rng.integers(30, 70)))
    placed = examples.place(spoken, rng)
    wave = sounds.microphone(rng, placed.samples)
    return Take(placed.text, placed.voice, wave, placed.words, placed.phonemes)


def _hiss(rng: np.random.Generator) -> np.ndarray[Any, np.dtype[np.float32]]:
    n = int(rng.uniform(0.5, 5) * RATE)
    return (sounds.noise(rng, n) * 10 ** rng.uniform(-2.5, -0.1)).astype(np.float32)


def _text(model: Any, wave: Any, **options: Any) -> str:
    segments, _ = model.transcribe(wave, language="en", **{"temperature": 0.0, **options})
    return "".join(segment.text for segment in segments).strip()


def _exact(model: Any, takes: list[Take], **options: Any) -> str:
    return _share(_text(model, take.samples, **options) == take.text for take in takes)


def _share(outcomes: Any) -> str:
    found = list(outcomes)
    return f"{sum(found)}/{len(found)} ({sum(found) / len(found):.1%})"


def _times(model: Any, takes: list[Take]) -> dict[str, str]:
    """Errors of word times against espeak-ng's own, where the text was right."""
    starts: list[float] = []
    ends: list[float] = []
    for take in takes:
        segments, _ = model.transcribe(take.samples, language="en", temperature=0.0, word_timestamps=True)
        words = [word for segment in segments for word in segment.words]
        if [word.word.strip() for word in words] != take.text.split():
            continue
        truth = [examples.spoken(word, take.phonemes) for word in take.words]
        if len(truth) != len(words):
            continue
        starts += [abs(word.start - start) for word, (start, _) in zip(words, truth, strict=True)]
        ends += [abs(word.end - end) for word, (_, end) in zip(words, truth, strict=True)]
    line: Callable[[list[float]], str] = lambda e: f"{np.median(e):.2f} s median, {np.percentile(e, 90):.2f} s P90"  # noqa: E731
    return {"word starts off by": line(starts), "word ends off by": line(ends)}


def _pace(model: Any, takes: list[Take]) -> str:
    began = time.perf_counter()
    for take in takes[:20]:
        _text(model, take.samples)
    return f"{(time.perf_counter() - began) / 20:.2f}"
