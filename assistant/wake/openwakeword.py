"""openWakeWord 0.4.0 (https://github.com/dscripka/openWakeWord), whose wheel carries its models."""

from __future__ import annotations

import copy
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.errors import ConfigError, MissingDependency
from assistant.paths import models_dir
from assistant.suggest import nearest
from assistant.wake.base import Detection

_FRAME = 1280
_WARM_UP_FRAMES = 5


class WordOptions(BaseModel):
    """One wake word's own settings; None takes the common one."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)
    threshold: float | None = Field(default=None, gt=0, lt=1)
    cooldown: float | None = Field(default=None, ge=0)


class Options(BaseModel):
    """Settings.

    Attributes:
        words: model names from the wheel (``hey_jarvis``) or paths of ``.onnx`` files.
        threshold: score from which a word counts as heard.
        cooldown: seconds of audio after a detection in which the word cannot fire again.
        per_word: settings of single words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    words: tuple[str, ...] = ("hey_jarvis",)
    threshold: float = Field(0.5, gt=0, lt=1)
    cooldown: float = Field(2.0, ge=0)
    per_word: Mapping[str, WordOptions] = {}


class Engine:
    """Several wake words at once on frames of 80 ms; needs 1.3 s of sound to judge.

    Raises:
        ConfigError: an unknown word, or a file that is not a wake-word model.
        MissingDependency: openwakeword is not installed.
    """

    def __init__(self, options: Options) -> None:
        paths = [_find(word) for word in options.words]
        self.words: Sequence[str] = [path.stem.removesuffix("_v0.1") for path in paths]
        self._limits = [_limits(options, name, word) for name, word in zip(self.words, options.words, strict=True)]
        self._model = _load(paths)
        self._labels = [path.stem for path in paths]
        blank: Samples = np.zeros(_FRAME, np.int16)
        for _ in range(_WARM_UP_FRAMES):
            self._model.predict(blank)
        self._blank_features = self._model.preprocessor.feature_buffer.copy()
        self._blank_mel = self._model.preprocessor.melspectrogram_buffer.copy()
        self._ready_at = [0] * len(paths)
        self._pending: Samples = np.zeros(0, np.int16)

    def another(self, threshold: float | None = None) -> Self:
        """An engine for another stream, on the same loaded models: it costs neither time nor memory.

        See :meth:`assistant.wake.base.Twinned.another`.
        """
        twin = copy.copy(self)
        twin._model = copy.copy(self._model)
        twin._model.prediction_buffer = copy.deepcopy(self._model.prediction_buffer)
        twin._model.preprocessor = copy.copy(self._model.preprocessor)
        twin._model.preprocessor.raw_data_buffer = copy.copy(self._model.preprocessor.raw_data_buffer)
        twin._limits = [(own if threshold is None else threshold, 0.0) for own, _ in self._limits]
        twin._ready_at = [0] * len(self.words)
        twin.reset()
        return twin

    def process(self, chunk: AudioChunk) -> Detection | None:
        """See :meth:`assistant.wake.base.WakeDetector.process`."""
        self._pending = np.concatenate((self._pending, chunk.samples))
        whole = len(self._pending) // _FRAME * _FRAME
        found = None
        for at in range(0, whole, _FRAME):
            end = chunk.end - len(self._pending) + at + _FRAME
            found = self._frame(self._pending[at : at + _FRAME], end) or found
        self._pending = self._pending[whole:]
        return found

    def _frame(self, samples: Samples, end: int) -> Detection | None:
        scores = self._model.predict(samples)
        best: Detection | None = None
        for position, (name, label) in enumerate(zip(self.words, self._labels, strict=True)):
            threshold, cooldown = self._limits[position]
            score = float(scores[label])
            if score < threshold or end < self._ready_at[position]:
                continue
            self._ready_at[position] = end + int(cooldown * RATE)
            if best is None or score > best.score:
                best = Detection(name, score, end)
        return best

    def reset(self) -> None:
        """Forget the audio heard so far, so that a word heard once cannot fire again."""
        features = self._model.preprocessor
        features.raw_data_buffer.clear()
        features.melspectrogram_buffer = self._blank_mel.copy()
        features.feature_buffer = self._blank_features.copy()
        features.accumulated_samples = 0
        self._pending = np.zeros(0, np.int16)


def available() -> dict[str, Path]:
    """Wake words in openWakeWord's wheel and those that were imported: name → model file."""
    spec = find_spec("openwakeword")
    if spec is None or spec.origin is None:
        raise MissingDependency("openwakeword", "pip install openwakeword==0.4.0")
    folder = Path(spec.origin).parent / "resources" / "models"
    found = {path.stem.removesuffix("_v0.1"): path for path in sorted(folder.glob("*_v0.1.onnx"))}
    return found | {path.stem: path for path in sorted(models_dir().glob("wake-*/*.onnx"))}


def _find(word: str) -> Path:
    if word.endswith(".onnx"):
        path = Path(word).expanduser()
        if not path.is_file():
            raise ConfigError(f"wake.words: there is no file {path}")
        return path
    known = available()
    if word not in known:
        raise ConfigError(f"wake.words: there is no wake word {word!r}{nearest(word, known)}")
    return known[word]


def _limits(options: Options, name: str, word: str) -> tuple[float, float]:
    own = options.per_word.get(word) or options.per_word.get(name) or WordOptions()
    threshold = options.threshold if own.threshold is None else own.threshold
    return threshold, options.cooldown if own.cooldown is None else own.cooldown


def _load(paths: list[Path]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks onnxruntime for CUDA whether or not it is there
        _leave_training_out()
        from openwakeword.model import Model

        try:
            return Model(wakeword_model_paths=[str(path) for path in paths])
        except Exception as error:
            names = ", ".join(str(path) for path in paths)
            raise ConfigError(f"wake.words: not a wake-word model among {names}: {error}") from error


def _leave_training_out() -> None:
    """Keep scikit-learn and SciPy out of the process: a second of start-up and 80 MB, for training only."""
    name = "openwakeword.custom_verifier_model"
    if name not in sys.modules and "openwakeword" not in sys.modules:
        sys.modules[name] = ModuleType(name)
        sys.modules[name].train_custom_verifier = None  # type: ignore[attr-defined]
