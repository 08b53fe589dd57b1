"""The training: short windows first, because 30-second windows are slow, then a mixture of both."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from tests.tiny_whisper import network
from tests.tiny_whisper.examples import STEP, Example

SHORT, FULL = 1100, 220
"""Steps on short windows, then steps of which a third see the full 30 seconds."""
BATCH, FULL_BATCH = 32, 10
RATE = 2e-3
PHONES_WEIGHT, ATTENTION_WEIGHT = 0.5, 0.3
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step; ``spans`` is (batch, tokens, 2) in encoder positions, negative where unknown."""

    features: Tensor
    tokens: Tensor
    targets: Tensor
    spans: Tensor
    phones: Tensor


class Collator:
    """Examples to batches, with what varies at every step: prompts, time stamps, levels, vocal tracts."""

    def __init__(self, tokenizer: Tokenizer, rng: np.random.Generator, texts: list[tuple[int, ...]]) -> None:
        self._rng = rng
        self._texts = texts
        self._words = [tuple(tokenizer.encode(" " + word).ids) for word in _hint_words(tokenizer, texts)]
        vocabulary = tokenizer.get_vocab()
        self._id = {name: vocabulary[f"<|{name}|>"] for name in _NAMES}

    def __call__(self, examples: list[Example], frames: int | None = None) -> Batch:
        """``frames``: the window; None fits the longest example plus a random margin."""
        longest = max(e.features.shape[1] for e in examples)
        frames = frames or min(3000, longest + longest % 2 + 2 * int(self._rng.integers(0, 120)))
        rows = [self._row(e) for e in examples]
        width = max(len(tokens) for tokens, _, _ in rows)
        batch = Batch(
            torch.zeros(len(examples), 80, frames),
            torch.full((len(examples), width), self._id["endoftext"]),
            torch.full((len(examples), width), IGNORED),
            torch.full((len(examples), width, 2), -1.0),
            torch.zeros(len(examples), frames // 2, dtype=torch.long),
        )
        for i, (e, (tokens, targets, spans)) in enumerate(zip(examples, rows, strict=True)):
            features = self._vary(e.features.astype(np.float32))
            if not e.text and self._rng.random() < 0.5:  # noise goes on as long as the window, or nearly
                times = int(self._rng.integers(1, 2 + frames // features.shape[1]))
                features = np.tile(features, times)[:, :frames]
            batch.features[i, :, : features.shape[1]] = torch.from_numpy(features)
            batch.tokens[i, : len(tokens)] = torch.tensor(tokens)
            batch.targets[i, : len(targets)] = torch.tensor(targets)
            batch.spans[i, : len(spans)] = torch.tensor(spans)
            batch.phones[i, : len(e.phones)] = torch.from_numpy(e.phones.astype(np.int64))
        return batch

    def _row(self, e: Example) -> tuple[list[int], list[int], list[tuple[float, float]]]:
        """Decoder input, targets and spans of one example."""
        before = self._prompt()
        stamped = self._rng.random() < 0.4
        start, end = self._id["startoftranscript"], self._id["endoftext"]
        if not e.text:
            opening = self._id["0.00"] if stamped else self._id["notimestamps"]
            sequence = [start, opening, end]
            targets = [self._id["nospeech"], end]
            spans = [(-1.0, -1.0)] * 2
        elif stamped:
            stamps = [self._id["0.00"] + min(round(t / STEP), 1500) for t in (e.spans[0][0], e.spans[-1][0])]
            sequence = [start, stamps[0], *e.text, stamps[1], end]
            targets = sequence[1:]
            spans = [(-1.0, -1.0), *_positions(e), (-1.0, -1.0)]
        else:
            sequence = [start, self._id["notimestamps"], *e.text, end]
            targets = sequence[1:]
            spans = [(-1.0, -1.0), *_positions(e)]
        lead = len(before)
        return (
            [*before, *sequence[:-1]],
            [*[IGNORED] * lead, *targets],
            [*[(-1.0, -1.0)] * lead, *spans],
        )

    def _prompt(self) -> list[int]:
        """Nothing, earlier sentences, or a list of hint words: what faster-whisper puts before."""
        which = self._rng.random()
        if which < 0.6:
            return []
        pool = self._texts if which < 0.8 else self._words
        count = int(self._rng.integers(1, 3 if which < 0.8 else 25))
        picked = [pool[int(i)] for i in self._rng.integers(0, len(pool), count)]
        return [self._id["startofprev"], *[token for piece in picked for token in piece][:120]]

    def _vary(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Another level, another vocal tract (warped mel axis), a band or a moment missing."""
        rng = self._rng
        features = features + np.float32(rng.uniform(-0.35, 0.2))
        if rng.random() < 0.6:
            at = np.clip(np.arange(80) * rng.uniform(0.88, 1.12), 0, 79)
            low = at.astype(int)
            part = (at - low)[:, None].astype(np.float32)
            features = features[low] * (1 - part) + features[np.minimum(low + 1, 79)] * part
        if rng.random() < 0.3:
            band = int(rng.integers(0, 70))
            features[band : band + int(rng.integers(1, 12))] = features.min()
        if rng.random() < 0.2:
            moment = int(rng.integers(0, features.shape[1]))
            features[:, moment : moment + int(rng.integers(1, 10))] = features.min()
        return features


_STRANGE = ("kitchen", "lights", "brightness", "degrees", "thermostat", "celsius", "playlist", "weather")
_NAMES = ("startoftranscript", "endoftext", "nospeech", "notimestamps", "startofprev", "0.00")


def _hint_words(tokenizer: Tokenizer, texts: list[tuple[int, ...]]) -> list[str]:
    known = {word.strip(",.?").lower() for text in set(texts) for word in tokenizer.decode(list(text)).split()}
    return [*sorted(known), *_STRANGE]


def _positions(e: Example) -> list[tuple[float, float]]:
    return [(start / STEP, end / STEP) for start, end in e.spans]


def losses(model: Any, head: nn.Module, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Next token, phoneme per frame (on a head that is thrown away), and where the aligning heads look."""
    states = network.encode(model, batch.features)
    output = network.decode(model, batch.tokens, states)
    text = F.cross_entropy(output.logits.flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED)
    weight = torch.ones(head.out_features)  # type: ignore[call-overload]
    weight[0] = 0.2
    phones = F.cross_entropy(head(states).flatten(0, 1), batch.phones.flatten(), weight=weight)
    place = torch.arange(states.shape[1])
    start, end = batch.spans[..., :1], batch.spans[..., 1:]
    inside = (place >= start.floor() - 1) & (place <= end.ceil()) & (end > 0)
    mass = (output.attention * inside[:, None]).sum(-1).mean(1)
    guided = (end[..., 0] > 0) & inside.any(-1)
    attention = -mass[guided].clamp_min(1e-4).log().mean() if guided.any() else text.new_zeros(())
    return text, phones, attention


def train(model: Any, tokenizer: Tokenizer, examples: list[Example], phones: int, seed: int) -> None:
    """Train in place, with progress on standard output."""
    rng = np.random.default_rng(seed)
    collate = Collator(tokenizer, rng, [e.text for e in examples if e.text])
    head = nn.Linear(network.WIDTH, phones)
    parameters = [p for p in (*model.parameters(), *head.parameters()) if p.requires_grad]
    parameters.append(model.model.encoder.embed_positions.weight.requires_grad_(True))
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    total = SHORT + FULL
    order = sorted(range(len(examples)), key=lambda i: examples[i].features.shape[1])
    began, recent = time.monotonic(), np.zeros(3)
    model.train()
    for step in range(total):
        full = step >= SHORT and step % 3 == 0
        picked = _bucket(rng, order, FULL_BATCH if full else BATCH)
        batch = collate([examples[i] for i in picked], 3000 if full else None)
        for group in optimiser.param_groups:
            group["lr"] = RATE * min((step + 1) / 60, 1 - 0.97 * max(0, step - 60) / (total - 60))
        text, frame, attention = losses(model, head, batch)
        loss = text + PHONES_WEIGHT * frame + ATTENTION_WEIGHT * attention
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        recent = 0.95 * recent + 0.05 * np.array([text.item(), frame.item(), attention.item()])
        if step % 25 == 24 or math.isnan(loss.item()):
            seen = recent / (1 - 0.95 ** (step + 1))
            spent = time.monotonic() - began
            print(
                f"  step {step + 1}/{total}  text {seen[0]:.3f}  phonemes {seen[1]:.3f}  attention {seen[2]:.3f}"
                f"  {spent:.0f} s, about {spent / (step + 1) * (total - step - 1):.0f} s to go",
                flush=True,
            )
    model.eval()


def _bucket(rng: np.random.Generator, order: list[int], size: int) -> list[int]:
    """Examples of similar length."""
    middle = int(rng.integers(0, len(order)))
    low = max(0, min(middle - 4 * size, len(order) - 8 * size))
    return [order[low + int(i)] for i in rng.choice(min(8 * size, len(order)), size, replace=False)]
