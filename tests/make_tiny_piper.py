"""Make ``tests/data/tiny-piper``: ONNX voices with Piper's inputs and settings, a few kB small.

    pip install onnx
    python -m tests.make_tiny_piper [--out FOLDER]

They do not speak: each phoneme is a short tone of its own pitch, its length set by the phoneme and the length scale,
spaces and punctuation are silent. So what was said, how fast, by which speaker and when each phoneme sounds can all be
read from the audio. Two voices: ``en_US-tiny-medium`` has three speakers and tells its durations as Piper's exported
voices do, by a ``Ceil`` node that is no output; ``de_DE-tiny-low`` has one speaker, another sample rate and no such
node. The tests need none of this; they read the committed result.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
HOP = 256
SILENT = "_^$ !'(),-.:;?ˈˌː"
LETTERS = "abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔəɚɛɜɡɪɫɹɾʃʊʌʏʒʔθᵻʁɲɣʎβχɕ0123456789"
COMBINING = "\u0303\u0329\u032f\u0361"
SPEAKERS = ("low", "middle", "high")


def phoneme_ids() -> dict[str, list[int]]:
    """Phoneme → its id; the first three are Piper's padding, beginning and end."""
    return {symbol: [number] for number, symbol in enumerate(SILENT + LETTERS + COMBINING)}


def tables(ids: dict[str, list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frames, cycles in a frame, and loudness of each id."""
    frames = np.full(len(ids), 5.0, np.float32)
    cycles = np.zeros(len(ids), np.float32)
    loud = np.zeros(len(ids), np.float32)
    frames[[ids[each][0] for each in "_ˈˌː"]] = 0.4  # rounded up to one
    frames[ids[" "][0]] = 3.0
    for place, symbol in enumerate(LETTERS):
        cycles[ids[symbol]] = 2 + place % 24
        loud[ids[symbol]] = 0.5
        frames[ids[symbol]] = 4 + place % 5
    return frames, cycles, loud


def network(ids: dict[str, list[int]], *, speakers: int, durations: bool) -> Any:
    """The graph: ids → frames → for each frame the id it belongs to → its tone."""
    from onnx import TensorProto, helper, numpy_helper

    frames, cycles, loud = tables(ids)
    constants = {
        "frames": frames, "cycles": cycles, "loud": loud, "one": np.array([1], np.int64),
        "zero": np.array(0, np.int64), "first": np.array([0], np.int64), "step": np.array(1, np.int64),
        "ramp": (np.arange(HOP, dtype=np.float32) * 2 * np.pi / HOP)[None, :],
        "shape": np.array([1, 1, 1, -1], np.int64),
        "flat": np.array([-1], np.int64), "more": np.array(6.0, np.float32), "half": np.array(0.499, np.float32),
    }  # fmt: skip
    node = helper.make_node
    round_up = (
        [node("Ceil", ["length"], ["w_ceil"])]
        if durations
        else [node("Add", ["length", "half"], ["more_length"]), node("Round", ["more_length"], ["w_ceil"])]
    )
    nodes = [
        node("Reshape", ["input", "flat"], ["ids"]),
        node("Gather", ["frames", "ids"], ["usual"]),
        node("Gather", ["scales", "one"], ["scale"]),
        node("Mul", ["usual", "scale"], ["length"]),
        *round_up,
        node("Cast", ["w_ceil"], ["whole"], to=TensorProto.INT64),
        node("CumSum", ["whole", "zero"], ["ends"]),
        node("ReduceSum", ["whole", "first"], ["total"], keepdims=0),
        node("Range", ["zero", "total", "step"], ["places"]),
        node("Unsqueeze", ["places", "one"], ["column"]),
        node("GreaterOrEqual", ["column", "ends"], ["over"]),
        node("Cast", ["over"], ["over_number"], to=TensorProto.INT64),
        node("ReduceSum", ["over_number", "one"], ["which"], keepdims=0),
        node("Gather", ["ids", "which"], ["id"]),
        node("Gather", ["cycles", "id"], ["pitch"]),
        node("Gather", ["loud", "id"], ["loudness"]),
    ]
    pitch = "pitch"
    inputs = [("input", [1, "phonemes"], TensorProto.INT64), ("input_lengths", [1], TensorProto.INT64),
              ("scales", [3], TensorProto.FLOAT)]  # fmt: skip
    if speakers > 1:
        inputs.append(("sid", [1], TensorProto.INT64))
        nodes += [node("Cast", ["sid"], ["voice"], to=TensorProto.FLOAT), node("Mul", ["voice", "more"], ["shift"]),
                  node("Add", ["pitch", "shift"], ["shifted"])]  # fmt: skip
        pitch = "shifted"
    nodes += [
        node("Unsqueeze", [pitch, "one"], ["pitch_column"]),
        node("Unsqueeze", ["loudness", "one"], ["loudness_column"]),
        node("Mul", ["pitch_column", "ramp"], ["phase"]),
        node("Sin", ["phase"], ["wave"]),
        node("Mul", ["wave", "loudness_column"], ["tone"]),
        node("Reshape", ["tone", "shape"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, shape) for name, shape, kind in inputs],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "time"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def settings(name: str, ids: dict[str, list[int]], rate: int, speakers: int, espeak: str) -> dict[str, Any]:
    """What Piper's JSON says of a voice."""
    locale, dataset, quality = name.split("-")
    return {
        "audio": {"sample_rate": rate, "quality": quality},
        "espeak": {"voice": espeak},
        "phoneme_type": "espeak",
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "num_symbols": len(ids),
        "num_speakers": speakers,
        "speaker_id_map": dict(zip(SPEAKERS, range(speakers), strict=False)) if speakers > 1 else {},
        "hop_length": HOP,
        "language": {"code": locale, "family": locale[:2], "region": locale[3:]},
        "dataset": dataset,
        "piper_version": "1.0.0",
        "phoneme_id_map": ids,
    }


def main() -> None:
    """Write both voices."""
    parser = argparse.ArgumentParser(description="Make the tiny Piper voices of the tests.")
    parser.add_argument("--out", type=Path, default=HERE / "data" / "tiny-piper")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    ids = phoneme_ids()
    voices = (("en_US-tiny-medium", 22_050, 3, "en-us", True), ("de_DE-tiny-low", 16_000, 1, "de", False))
    for name, rate, speakers, espeak, durations in voices:
        model = network(ids, speakers=speakers, durations=durations)
        (out / f"{name}.onnx").write_bytes(model.SerializeToString())
        about = json.dumps(settings(name, ids, rate, speakers, espeak), ensure_ascii=False, indent=1)
        (out / f"{name}.onnx.json").write_text(about + "\n", encoding="utf-8")
        print(f"{out / name}.onnx: {(out / f'{name}.onnx').stat().st_size} bytes")


if __name__ == "__main__":
    main()
