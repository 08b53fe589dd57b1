"""VITS within a sentence: everything but the vocoder at once, then the vocoder window by window.

A VITS (Kim et al. 2021, "Conditional Variational Autoencoder with Adversarial Learning for End-to-End Text-to-Speech")
spends most of its time in its HiFi-GAN decoder, which is convolutional: given as many frames of context as its
receptive field reaches, a window decodes to the same samples as the whole. So the first sound leaves early, and
a sentence that nobody listens to any more is not decoded to its end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import words

FIRST_FRAMES = 32
"""Frames of the first window: 0.37 s at 22 050 Hz."""
MOST_FRAMES = 256

Piece = tuple[NDArray[np.float32], list[tuple[int, int, int]]]


def speak(
    model: Any, text: str, speaker: str | None, language: str | None, rate: float, *, half: bool = False, **voice: Any
) -> Iterator[Piece]:
    """Synthesise one sentence.

    Args:
        model: a ``TTS.tts.models.vits.Vits``, ready for inference.
        text: the sentence.
        speaker, language: names the model knows, or None.
        rate: a factor on the speed.
        half: half precision for the vocoder; the durations and flows before it are sensitive and quick.
        voice: further arguments of ``model.synthesize``.

    Yields:
        float32 samples and the words (start, end, sample) that begin in them.
    """
    taken: dict[str, Any] = {}

    def shorten(_module: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        taken.update(z=arguments[0], **named)
        return (arguments[0][:, :, :1], *arguments[1:]), named

    usual = model.length_scale
    hook = model.waveform_decoder.register_forward_pre_hook(shorten, with_kwargs=True)
    model.length_scale = usual / rate
    try:
        made = model.synthesize(text, speaker=speaker, language=language, **voice)
    finally:
        hook.remove()
        model.length_scale = usual
    marks = _marks(model, text, made, taken["z"].shape[-1])
    yield from _decode(model, taken["z"], taken.get("g"), marks, half)


def _decode(model: Any, z: Any, g: Any, marks: list[tuple[int, int, float]], half: bool) -> Iterator[Piece]:
    """The vocoder over windows that grow, each with context on both sides; z has shape [1, channels, frames]."""
    import torch

    frames, context = z.shape[-1], receptive_frames(model.args)
    per_frame = math.prod(model.args.upsample_rates_decoder)
    start, size = 0, FIRST_FRAMES
    while start < frames:
        end = min(start + size, frames)
        if frames - end < FIRST_FRAMES // 2:
            end = frames
        right = min(frames, end + context)
        # As long as others of its size, at the ends too: each new shape costs a plan of how to compute it.
        left = max(0, min(start - context, right - size - 2 * context))
        with torch.inference_mode(), torch.autocast(z.device.type, torch.float16, enabled=half):
            wave = model.waveform_decoder(z[:, :, left:right], g=g)
        cut = wave[0, 0, (start - left) * per_frame : (end - left) * per_frame]
        begun = [(a, b, round(at * per_frame)) for a, b, at in marks if start <= at < end or (at >= end == frames)]
        yield cut.float().cpu().numpy(), begun
        start, size = end, min(size * 2, MOST_FRAMES)


def receptive_frames(arguments: Any) -> int:
    """Frames of input on either side that a sample of the HiFi-GAN decoder depends on.

    Args:
        arguments: a ``VitsArgs``.
    """
    reach, rate = 3.0, 1  # the first convolution has seven taps
    for factor, kernel in zip(arguments.upsample_rates_decoder, arguments.upsample_kernel_sizes_decoder, strict=True):
        reach += kernel / (2 * factor) / rate
        rate *= factor
        # A block of type 1 follows every dilated convolution with a plain one.
        plain = 1 if str(arguments.resblock_type_decoder) == "1" else 0
        blocks = zip(arguments.resblock_kernel_sizes_decoder, arguments.resblock_dilation_sizes_decoder, strict=True)
        reach += (
            max(sum((size - 1) // 2 * (dilation + plain) for dilation in dilations) for size, dilations in blocks)
            / rate
        )
    return math.ceil(reach + 3 / rate) + 1


def _marks(model: Any, text: str, made: dict[str, Any], frames: int) -> list[tuple[int, int, float]]:
    """(start, end, frame) of every word, from the durations of the phonemes or letters."""
    found = words.spans(text)
    if not found:
        return []
    symbols = [model.tokenizer.characters.id_to_char(number) for number in made["text_inputs"][0].tolist()]
    lengths = made["outputs"]["durations"].reshape(-1).tolist()
    scale = frames / max(1.0, sum(lengths))
    firsts = words.align(text, [(round(at), count) for at, count in _groups(symbols, lengths)], round(sum(lengths)))
    return [(start, end, first * scale) for (start, end), first in zip(found, firsts, strict=True)]


def _groups(symbols: list[str], lengths: list[float]) -> list[tuple[float, int]]:
    groups: list[tuple[float, int]] = []
    at, count, begun = 0.0, 0, 0.0
    for symbol, length in zip([*symbols, " "], [*lengths, 0.0], strict=True):
        if symbol == " ":
            if count:
                groups.append((begun, count))
            count = 0
        elif len(symbol) == 1 and symbol.isalnum():
            begun = begun if count else at
            count += 1
        at += length
    return groups
