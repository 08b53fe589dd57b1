"""Where a chat model for transformers lies on this machine. Nothing here reaches the network."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.errors import EngineError, InputError, MissingModel
from assistant.paths import models_dir

_SUGGESTED = "Qwen/Qwen3-1.7B"
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


def find_chat_model(model: str | None) -> Path:
    """The folder of a chat model.

    Args:
        model: a folder; a name in the assistant's models folder; or ``ORGANISATION/NAME``, looked for in the
            Hugging Face cache.

    Raises:
        MissingModel: it is not here, or none is named.
        InputError: the folder holds no model.
    """
    if model is None:
        fetch = f"hf download {_SUGGESTED} (then say llm.model: {_SUGGESTED}, or a folder with a chat model)"
        raise MissingModel("for llm.engine: transformers", fetch)
    for folder in (Path(model).expanduser(), models_dir() / model):
        if folder.is_dir():
            return _whole(folder)
    cached = _cached(model)
    if cached is None:
        name = model if model.count("/") == 1 and not model.startswith(("/", "~", ".")) else _SUGGESTED
        raise MissingModel(model, f"hf download {name} (or give the folder of a chat model in llm.model)")
    return _whole(cached)


def size(folder: Path) -> int:
    """Bytes that the weights take on the disk."""
    for pattern in _WEIGHTS:
        if found := sum(path.stat().st_size for path in folder.glob(pattern)):
            return found
    return 0


def no_model(folder: Path, why: str) -> EngineError:
    """What is wrong with a model that was found, and what to do."""
    return EngineError("llm", "transformers", "no_model", _unusable(folder, why))


def _unusable(folder: Path, why: str) -> str:
    return f"the model in {folder} cannot be used: {why}; fetch it again, or name another in llm.model"


def _cached(name: str) -> Path | None:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):  # it is not there, or that is no name
        return None


def _whole(folder: Path) -> Path:
    """The folder, checked for what can be told without loading it."""
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"]
    except (OSError, ValueError, KeyError, TypeError):
        kind = None
    if not isinstance(kind, str):
        raise InputError(_unusable(folder, "it has no config.json that names a kind of model"))
    if not size(folder):
        raise InputError(_unusable(folder, f"it has no weights ({' or '.join(_WEIGHTS)})"))
    return folder
