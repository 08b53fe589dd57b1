"""Silero VAD v6 (https://github.com/snakers4/silero-vad, MIT), from faster-whisper's wheel, on onnxruntime."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from assistant.audio.chunk import Samples, to_float
from assistant.errors import MissingDependency, MissingModel
from assistant.vad.base import FRAME

_CONTEXT = 64
_MODEL = "silero_vad_v6.onnx"


class Options(BaseModel):
    """No settings: the threshold belongs to endpointing."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Engine:
    """Speech probability for frames of 512 samples; about 0.1 ms a frame on a desktop core.

    Raises:
        MissingDependency: faster-whisper is not installed.
        MissingModel: its wheel no longer carries the model.
    """

    def __init__(self, options: Options | None = None) -> None:  # noqa: ARG002 (every engine takes its options)
        import onnxruntime

        session = onnxruntime.SessionOptions()
        session.inter_op_num_threads = session.intra_op_num_threads = 1
        session.log_severity_level = 3
        self._model = onnxruntime.InferenceSession(str(_find()), session, providers=["CPUExecutionProvider"])
        self._h: Any
        self._c: Any
        self.reset()

    def probability(self, frame: Samples) -> float:
        """See :meth:`assistant.vad.base.VoiceDetector.probability`."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = to_float(frame)
        feed = {"input": self._input, "h": self._h, "c": self._c}
        found, self._h, self._c = self._model.run(None, feed)
        return float(np.ravel(found)[0])

    def reset(self) -> None:
        """Forget the audio heard so far."""
        self._input: NDArray[np.float32] = np.zeros((1, _CONTEXT + FRAME), np.float32)
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)


def _find() -> Path:
    spec = find_spec("faster_whisper")
    if spec is None or spec.origin is None:
        raise MissingDependency("faster-whisper, whose wheel carries Silero's model,", "pip install faster-whisper")
    path = Path(spec.origin).parent / "assets" / _MODEL
    if not path.is_file():
        raise MissingModel(_MODEL, "pip install --force-reinstall faster-whisper==1.2.1")
    return path
