"""XTTS: its own streaming inference, and the latents of a voice that it imitates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import words

Piece = tuple[NDArray[np.float32], list[tuple[int, int, int]]]

LETTERS_A_SECOND = 15.0
"""What XTTS speaks at its normal speed in European languages, roughly; only :func:`speak`'s marks rest on it."""

_REFERENCE_RATE = 22_050
_TAIL = 240


def speak(
    model: Any, text: str, latents: dict[str, Any], language: str, rate: float, *, half: bool = False
) -> Iterator[Piece]:
    """Synthesise one sentence with ``Xtts.inference_stream``.

    Args:
        model: a ``TTS.tts.models.xtts.Xtts``, ready for inference.
        text: the sentence.
        latents: ``gpt_conditioning_latents`` and ``speaker_embedding``.
        language: one of the model's.
        rate: a factor on the speed.
        half: half precision where torch holds it to be safe.

    Yields:
        float32 samples and the words (start, end, sample) that begin in them. XTTS has no alignment: the words are set
        where they would be at its usual speed, and the last chunk takes those that are left.
    """
    settings = {name: model.config[name] for name in ("temperature", "length_penalty", "repetition_penalty", "top_k")}
    stream = model.inference_stream(
        text,
        language,
        latents["gpt_conditioning_latents"],
        latents["speaker_embedding"],
        top_p=model.config.top_p,
        speed=rate,
        **settings,
    )
    found = words.spans(text)
    expected = round(len(text) / (LETTERS_A_SECOND * rate) * model.args.output_sample_rate)
    waiting = list(zip(found, words.spread(found, expected), strict=True))
    position = 0
    tail = np.zeros(0, np.float32)  # what tells the last words' place is how long it all is, so a little waits for it
    for tensor in _in_precision(stream, model.device.type, half):
        samples = np.concatenate([tail, tensor.detach().float().cpu().numpy().reshape(-1)])
        samples, tail = samples[:-_TAIL], samples[-_TAIL:]
        if len(samples):
            yield samples, _begun(waiting, position, position + len(samples))
        position += len(samples)
    if len(tail):
        yield tail, _rest(waiting, position, len(tail))


def _in_precision(stream: Iterator[Any], device: str, half: bool) -> Iterator[Any]:
    """The precision is set for each step, not for what the listener does in between."""
    import torch

    while True:
        with torch.autocast(device, torch.float16, enabled=half):
            tensor = next(stream, None)
        if tensor is None:
            return
        yield tensor


def _begun(waiting: list[tuple[words.Span, int]], start: int, end: int) -> list[tuple[int, int, int]]:
    begun = []
    while waiting and waiting[0][1] < end:
        (first, last), sample = waiting.pop(0)
        begun.append((first, last, max(sample, start)))
    return begun


def _rest(waiting: list[tuple[words.Span, int]], start: int, samples: int) -> list[tuple[int, int, int]]:
    left = [span for span, _ in waiting]
    return [(*span, start + first) for span, first in zip(left, words.spread(left, samples), strict=True)]


def latents_of(model: Any, reference: Path, folder: Path) -> dict[str, Any]:
    """The latents of a recorded voice, computed once and kept.

    Args:
        model: the ``Xtts``.
        reference: a recording of the voice: WAV, FLAC, OGG or MP3.
        folder: where latents are kept, named by what they were made from, in Coqui's own format for voices.

    Raises:
        OSError, RuntimeError: the recording cannot be read, or is too short.
    """
    name = _fingerprint(model, reference)
    if (folder / f"{name}.pth").is_file():
        kept: dict[str, Any] = model.load_voice_file(name, folder)
        return kept
    import torch

    made = _latents(model, reference)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder / f"{name}.part"
    torch.save({key: value.cpu() for key, value in made.items()}, part)
    part.replace(folder / f"{name}.pth")
    return made


def _latents(model: Any, reference: Path) -> dict[str, Any]:
    """As ``Xtts.get_conditioning_latents``, which needs FFmpeg's libraries to open a file."""
    import soundfile
    import torch
    import torchaudio

    config = model.config
    with soundfile.SoundFile(reference) as file:
        samples = file.read(file.samplerate * config.max_ref_len, "float32", always_2d=True).mean(axis=1)
        audio = torch.from_numpy(samples)[None]
        audio = torchaudio.functional.resample(audio, file.samplerate, _REFERENCE_RATE).to(model.device)
    return {
        "gpt_conditioning_latents": model.get_gpt_cond_latents(
            audio, _REFERENCE_RATE, length=config.gpt_cond_len, chunk_length=config.gpt_cond_chunk_len
        ),
        "speaker_embedding": model.get_speaker_embedding(audio, _REFERENCE_RATE),
    }


def _fingerprint(model: Any, reference: Path) -> str:
    digest = hashlib.sha256(reference.read_bytes())
    first = next(iter(model.gpt.parameters()))  # another model's latents do not fit, so its weights are part of it
    digest.update(first.detach().float().cpu().numpy().tobytes()[:4096])
    digest.update(f"{model.config.gpt_cond_len} {model.config.gpt_cond_chunk_len} {model.config.max_ref_len}".encode())
    return digest.hexdigest()[:32]
