"""Make ``tests/data/tiny-chat``: a real chat model, 1 MB small, that knows a few answers and how to call one tool.

    .venv-heavy/bin/python -m tests.make_tiny_chat [--out FOLDER] [--seed N]

From nothing to a measured model: a tokenizer, a chat template, training with torch and transformers, and the right
answers counted. ``scripts/heavy --prepare`` installs what it needs. The tests read the committed result.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run every stage and say what came of it."""
    parser = argparse.ArgumentParser(description="Make the tiny chat model of the tests from scratch.")
    parser.add_argument("--out", type=Path, default=HERE / "data" / "tiny-chat")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=24, help="questions of each kind to measure with")
    parser.add_argument("--threads", type=int, default=1, help="more gain little")
    arguments = parser.parse_args()

    import torch  # only when it is needed

    from tests.tiny_chat import measure, tokens, training

    began = time.monotonic()
    torch.set_num_threads(arguments.threads)
    text = training.material()
    tokenizer = tokens.make(training.corpus(arguments.seed, text), training.VOCABULARY)
    model = training.train(tokenizer, arguments.seed)
    minutes = (time.monotonic() - began) / 60
    shutil.rmtree(arguments.out, ignore_errors=True)
    model.save_pretrained(arguments.out)
    tokenizer.save_pretrained(arguments.out)
    figures = measure.measure(model, tokenizer, text, arguments.seed + 1, arguments.count)
    measure.describe(arguments.out, figures, minutes)
    print("\n".join(f"{name}: {hits} of {count}" for name, (hits, count) in figures.items()))
    measure.accept(figures)


if __name__ == "__main__":
    main()
