"""Training of the tiny chat model."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor

from tests.tiny_chat import dialogues, tokens
from tests.tiny_chat.dialogues import Example, Material

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY, WINDOW = 1200, 48
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training.

    Attributes:
        lengths: of what stands before the conversation, in characters; one is drawn for each example.
    """

    steps: int
    lengths: tuple[int, ...]


STAGES = (Stage(350, (0, 0, 0, 100)), Stage(350, (0, 100, 300, 600, 1500)))
"""Short chats first, from which more is learnt in the same time, then also such with much before them."""


def material() -> Material:
    """Sentences and words of this project's own docstrings."""
    sentences: dict[str, None] = {}
    for path in sorted([*(ROOT / "assistant").rglob("*.py"), *(ROOT / "skills").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
                text = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
                if 15 < len(text) < 300:
                    sentences[text] = None
    words = sorted({word for text in sentences for word in re.findall(r"\b[a-z]{3,10}\b", text)})
    return Material(list(sentences), words)


def network(vocabulary: int, width: int = 64) -> Any:
    """A decoder of four layers: three that see a window with rotary positions, one that sees all without positions.

    What is close decides what is to be done, so that prompts much longer than any trained one do no harm. The kinds of
    layers are those that caches must know how to tell apart.
    """
    from transformers import SmolLM3Config, SmolLM3ForCausalLM

    return SmolLM3ForCausalLM(
        SmolLM3Config(
            vocab_size=vocabulary,
            hidden_size=width,
            intermediate_size=3 * width,
            num_hidden_layers=4,
            num_attention_heads=4,
            num_key_value_heads=4,
            layer_types=["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"],
            no_rope_layers=[1, 1, 0, 1],
            use_sliding_window=True,
            sliding_window=WINDOW,
            max_position_embeddings=32_768,
            rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
            tie_word_embeddings=True,
            initializer_range=0.05,
            pad_token_id=0,
            bos_token_id=None,
            eos_token_id=2,
        )
    )


def encode(tokenizer: Any, example: Example) -> tuple[list[int], list[int]]:
    """Token ids, and the same as labels where the model is to learn them."""
    encoded = tokenizer.apply_chat_template(example.chat, tools=example.tools or None, return_dict=True)
    ids: list[int] = list(encoded["input_ids"])
    start, end = (tokenizer.convert_tokens_to_ids(each) for each in (tokens.START, tokens.END))
    opening = [start, *tokenizer.encode("assistant\n")]
    labels, taught, at = [IGNORED] * len(ids), iter(example.taught), 0
    while at < len(ids):
        if ids[at] == start and ids[at : at + len(opening)] == opening:
            begin, at = at + len(opening), ids.index(end, at) + 1
            if next(taught):
                labels[begin:at] = ids[begin:at]
        at += 1
    return ids, labels


def batches(tokenizer: Any, random: Random, stage: Stage, room: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches of at most ``room`` tokens (or one example), each of examples of similar length."""

    def fresh() -> Example:
        return dialogues.example(random, text, random.choice(stage.lengths))

    text = material()
    while True:
        made = [encode(tokenizer, fresh()) for _ in range(300)]
        made.sort(key=lambda example: len(example[0]))
        rows, pool = [], []
        for example in made:
            if rows and len(example[0]) * (len(rows) + 1) > room:
                pool.append(rows)
                rows = []
            rows.append(example)
        random.shuffle(pool)
        yield from map(_padded, pool)


def _padded(rows: list[tuple[list[int], list[int]]]) -> tuple[Tensor, Tensor]:
    ids = torch.zeros(len(rows), len(rows[-1][0]), dtype=torch.long)
    labels = torch.full_like(ids, IGNORED)
    for row, (one, wanted) in enumerate(rows):
        ids[row, : len(one)], labels[row, : len(wanted)] = torch.tensor(one), torch.tensor(wanted)
    return ids, labels


def loss_of(model: Any, ids: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy of the tokens to be learnt, the only ones whose logits are computed."""
    hidden = model.model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state
    learnt = labels[:, 1:] != IGNORED
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[learnt]), labels[:, 1:][learnt])


def train(tokenizer: Any, seed: int, room: int = 2000, peak: float = 3e-3) -> Any:
    """Train from random weights."""
    torch.manual_seed(seed)
    model = network(len(tokenizer))
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.98), weight_decay=0.02)
    random, told = Random(seed), 0.0
    course = [stage for stage in STAGES for _ in range(stage.steps)]
    sources = {stage: batches(tokenizer, random, stage, room) for stage in STAGES}
    for step, stage in enumerate(course):
        ids, labels = next(sources[stage])
        left = 1 - step / len(course)
        optimizer.param_groups[0]["lr"] = peak * min(1.0, (step + 1) / 50) * min(1.0, 2 * left + 0.02)
        loss = loss_of(model, ids, labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        told = 0.95 * told + 0.05 * float(loss.detach())
        if step % 50 == 49:
            print(f"step {step + 1} of {len(course)}: loss {told:.4f}", flush=True)
    return model.eval()


def corpus(seed: int, text: Material) -> Iterator[str]:
    """What the tokenizer is trained on: prompts of any kind, and what the model knows many times over."""
    random = Random(seed)
    for _ in range(300):
        made = dialogues.example(random, text, 600)
        yield from (json.dumps(tool) for tool in made.tools)
        for message in made.chat:
            yield message["content"]
    for _ in range(20):
        yield from (f"{said}\n{answer}" for said, answer in dialogues.FIXED.items())
        yield from (json.dumps(dialogues.call(what)["function"]) for what in dialogues.MINUTES)
