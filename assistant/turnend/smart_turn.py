"""Smart Turn v3 (https://github.com/pipecat-ai/smart-turn, BSD-2-Clause): Whisper's encoder, trained on turn ends.

It hears only sound, no words, in 23 languages. pipecat-ai's wheel carries the model (8 MB); the wheel is not
needed for anything else, and nothing of it is imported.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant import paths
from assistant.audio.chunk import Samples
from assistant.errors import InputError, MissingModel
from assistant.turnend.log_mel import log_mel

_PATTERN = "smart-turn-v3*.onnx"
_FOLDER = "smart-turn"
_INSTALL = "pip install --no-deps pipecat-ai"


class Options(BaseModel):
    """Settings.

    Attributes:
        model: the ONNX file, or a folder that holds ``smart-turn-v3*.onnx``; null to look for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = None


class Engine:
    """Probability that a turn is over, from its sound alone.

    Raises:
        MissingModel: it is nowhere; the message has the command that brings it.
        InputError: ``model`` names no such file.
    """

    def __init__(self, options: Options | None = None) -> None:
        import onnxruntime

        session = onnxruntime.SessionOptions()
        session.inter_op_num_threads = session.intra_op_num_threads = 1
        session.log_severity_level = 3
        file = find_model_file((options or Options()).model)
        self._model = onnxruntime.InferenceSession(str(file), session, providers=["CPUExecutionProvider"])

    def probability(self, audio: Samples, text: str) -> float:  # noqa: ARG002 (the model hears no words)
        """See :meth:`assistant.turnend.base.TurnEndModel.probability`."""
        (found,) = self._model.run(None, {"input_features": log_mel(audio)})
        return float(found.reshape(-1)[0])


def find_model_file(model: str | None = None) -> Path:
    """The ONNX file: the named one, else that of an installed pipecat-ai, else in the folder of models.

    Raises:
        MissingModel, InputError: as :class:`Engine`.
    """
    if model is not None:
        named = Path(model).expanduser()
        found = _newest(named) if named.is_dir() else named if named.is_file() else None
        if found is None:
            raise InputError(f"There is no Smart Turn model at {named}")
        return found
    for folder in (*_packaged(), paths.models_dir() / _FOLDER):
        file = _newest(folder)
        if file is not None:
            return file
    raise MissingModel(_FOLDER, _INSTALL)


def _packaged() -> list[Path]:
    """The folder in pipecat-ai's package, when that is installed."""
    spec = find_spec("pipecat")
    places = spec.submodule_search_locations if spec is not None else None
    return [Path(place) / "audio" / "turn" / "smart_turn" / "data" for place in places or ()]


def _newest(folder: Path) -> Path | None:
    """The last by name (smart-turn-v3.2 after v3.1), for the CPU rather than the GPU."""
    files = sorted(folder.glob(_PATTERN), key=lambda file: ("gpu" not in file.name, file.name))
    return files[-1] if files else None
