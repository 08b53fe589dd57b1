"""Make ``tests/data/tiny-whisper``: a real Whisper, 2 MB small, that knows the built-in skills' commands.

    python -m tests.make_tiny_whisper [--out FOLDER] [--seed N]

From nothing to a measured model: speech by espeak-ng, training with torch, conversion to int8 with
CTranslate2, verification in faster-whisper. It needs espeak-ng (the program and its library) and::

    pip install torch==2.13.0 transformers tokenizers faster-whisper soxr

(a CPU build of torch is enough). The tests need none of this; they read the committed result.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run every stage and say how long each took."""
    parser = argparse.ArgumentParser(description="Make the tiny Whisper of the tests from scratch.")
    parser.add_argument("--out", type=Path, default=HERE / "data" / "tiny-whisper")
    parser.add_argument("--work", type=Path, default=Path("/tmp/tiny-whisper"), help="for intermediate files")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1, help="more gain little")
    arguments = parser.parse_args()

    from tests.tiny_whisper import export, measure, recipe  # torch is imported only when it is needed

    began = time.monotonic()
    cast = recipe.make(arguments.work, seed=arguments.seed, threads=arguments.threads)
    export.convert(arguments.work / "hf", arguments.out)
    figures = measure.measure(arguments.out, cast, seed=arguments.seed + 1)
    export.describe(arguments.out, cast, figures, minutes=(time.monotonic() - began) / 60)
    print("\n".join(f"{name}: {value}" for name, value in figures.items()))
    measure.accept(figures)


if __name__ == "__main__":
    main()
