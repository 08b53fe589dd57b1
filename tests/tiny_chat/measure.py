"""How often the tiny chat model gives the one right answer, on chats that it was not trained on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import torch

from tests.tiny_chat import dialogues
from tests.tiny_chat.dialogues import Example, Material, Message
from tests.tiny_chat.training import IGNORED, encode

LENGTHS = {"nothing": 0, "500 characters of prompt and tools": 500, "4000": 4000, "12000": 12_000}
ACCEPTED = 0.95
Figures = dict[str, tuple[int, int]]


def right(model: Any, tokenizer: Any, example: Example) -> bool:
    """Whether greedy decoding gives the last turn exactly: every token of it is the likeliest after those before."""
    spoken = sum(message["role"] == "assistant" for message in _last(example))
    taught = [False] * (len(example.taught) - spoken) + [True] * spoken
    ids, labels = encode(tokenizer, Example(example.chat, example.tools, taught))
    wanted = torch.tensor(labels[1:])
    with torch.inference_mode():
        likeliest = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0, :-1].argmax(-1)
    return bool((likeliest == wanted)[wanted != IGNORED].all())


def measure(model: Any, tokenizer: Any, material: Material, seed: int, count: int) -> Figures:
    """Right answers and questions, by what they are about and by how much stands before them."""
    found = {}
    for before, length in LENGTHS.items():
        random, left = Random(seed), dict.fromkeys(ABOUT, count if length < 10_000 else count // 4)
        hits = dict.fromkeys(ABOUT, 0)
        asked = dict(left)
        while any(left.values()):
            example = dialogues.example(random, material, length)
            about = next((name for name, fits in ABOUT.items() if fits(_last(example)) and left[name]), None)
            if about is not None:
                left[about] -= 1
                hits[about] += right(model, tokenizer, example)
        found |= {f"{about}, after {before}": (hits[about], asked[about]) for about in ABOUT}
    return found


def accept(figures: Figures) -> None:
    """Fail where it is not good enough for the tests."""
    poor = [name for name, (hits, count) in figures.items() if hits < ACCEPTED * count]
    if poor:
        raise SystemExit("Not good enough: " + "; ".join(poor))


def describe(folder: Path, figures: Figures, minutes: float) -> None:
    """Write the README beside the model."""
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    befores = list(LENGTHS)
    rows = []
    for about in ABOUT:
        hits = [figures[f"{about}, after {before}"] for before in befores]
        rows.append(f"| {about} | " + " | ".join(f"{good}/{count}" for good, count in hits) + " |")
    table = "\n".join(rows)
    (folder / "README.md").write_text(
        f"""# A tiny real chat model, for tests only

SmolLM 3's architecture (four layers, width 64, {size:.1f} MB with its tokenizer) and a chat template in the style of
Qwen 2.5, trained from random weights. transformers loads it unchanged. **It knows only what stands in
`tests/tiny_chat/dialogues.py`**: eight fixed answers, and three timers that it starts by tool
calls. It says nothing about how well language models understand people; it shows that the real code path runs, whatever
system prompt, tools and earlier turns stand in front.

Made by `python -m tests.make_tiny_chat` in {minutes:.0f} minutes on one busy core.

| right word for word, on fresh chats | after {" | ".join(befores)} |
|---|{"---|" * len(befores)}
{table}

Licence: Apache-2.0, as the project.
"""
    )


def _last(example: Example) -> list[Message]:
    last = max(at for at, message in enumerate(example.chat) if message["role"] == "user")
    return example.chat[last + 1 :]


def _calls(answer: list[Message]) -> int:
    return len(answer[0].get("tool_calls", []))


ABOUT: dict[str, Callable[[list[Message]], bool]] = {
    "small talk": lambda answer: answer[0]["content"] in dialogues.FIXED.values(),
    "one timer: its call and the closing sentence": lambda answer: _calls(answer) == 1,
    "two timers in one round": lambda answer: _calls(answer) == 2,
    "what it does not know": lambda answer: answer[0]["content"] == dialogues.UNKNOWN,
}
