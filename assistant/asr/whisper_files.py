"""Where a CTranslate2 Whisper lies on this machine. Nothing here reaches the network."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import MissingModel
from assistant.paths import models_dir

_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_ELSEWHERE = (OSError, ValueError)  # what huggingface_hub raises for a model that is not in its cache


def find(model: str) -> Path:
    """The model's folder.

    Args:
        model: a folder, or a name (``base``, ``whisper-base``, ``small.en``): looked for in the
            assistant's models folder, then in the Hugging Face cache.

    Raises:
        MissingModel: it is not here, or its folder lacks a file.
    """
    if "/" in model or "\\" in model or Path(model).is_dir():
        folder = Path(model).expanduser()
        if folder.is_dir():
            return _whole(folder, "base")
        cached = None if folder.is_absolute() or model.startswith(("~", ".")) else _cached(model)
        if cached is None:
            raise MissingModel(f"folder {folder}", "assistant models pull whisper-base")
        return _whole(cached, "base")
    name = model.removeprefix("whisper-")
    for candidate in (models_dir() / f"whisper-{name}", models_dir() / name):
        if candidate.is_dir():
            return _whole(candidate, name)
    cached = _cached(name)
    if cached is None:
        raise MissingModel(f"whisper-{name}", f"assistant models pull whisper-{name}")
    return _whole(cached, name)


def _cached(name: str) -> Path | None:
    from faster_whisper.utils import download_model

    try:
        return Path(download_model(name, local_files_only=True))
    except _ELSEWHERE:
        return None


def _whole(folder: Path, name: str) -> Path:
    """The folder, checked: faster-whisper would ask a hub for a missing tokenizer."""
    lacking = [file for file in _NEEDED if not (folder / file).is_file()]
    if not any(folder.glob("vocabulary.*")):
        lacking.append("vocabulary.json")
    if lacking:
        raise MissingModel(f"in {folder} ({', '.join(lacking)} missing)", f"assistant models pull whisper-{name}")
    return folder
