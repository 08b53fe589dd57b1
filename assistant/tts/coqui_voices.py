"""Where a voice for Coqui TTS lies on this machine, and what its configuration says. Nothing here uses the network."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError, InputError, MissingDependency, MissingModel
from assistant.models import find_entry, find_model
from assistant.paths import data_dir, models_dir

INSTALL = "pip install coqui-tts torch torchaudio torchcodec"

_USUAL = {
    "en": "coqui-en-ljspeech-vits",
    "de": "coqui-de-thorsten-vits",
    "fr": "coqui-fr-css10-vits",
    "es": "coqui-es-css10-vits",
    "bg": "coqui-bg-cv-vits",
}
_CHECKPOINTS = ("model_file.pth", "model_file.pth.tar", "model.pth", "best_model.pth", "checkpoint.pth")
_NOT_MODELS = ("speakers", "speaker_ids", "model_se", "dvae", "mel_stats")
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.*?\*/|//[^\n]*', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice's files.

    Attributes:
        name: of its folder.
        config: ``config.json``.
        checkpoint: the weights; for XTTS the folder.
        kind: Coqui's name of the architecture: ``vits``, ``xtts``, ``tacotron2`` …
        languages: what it speaks, as Coqui names them; empty where that is not known.
    """

    name: str
    config: Path
    checkpoint: Path
    kind: str
    languages: tuple[str, ...]

    def speaks(self, language: str) -> bool:
        """Whether it speaks a language (ISO 639-1), or does not say."""
        wanted = language.partition("-")[0].lower()
        return not self.languages or any(re.split("[-_]", each)[0].lower() == wanted for each in self.languages)


def find_voice(name: str | None, language: str = "") -> Voice:
    """A voice's files.

    Args:
        name: a folder with ``config.json`` and a checkpoint; Coqui's name of a model (``tts_models/en/vctk/vits``) or
            the assistant's (``coqui-en-vctk-vits``), looked for among the assistant's models and in Coqui's own cache;
            None for the first that is there.
        language: for None, what it must speak; "" for anything.

    Raises:
        MissingModel: it is not here; with the command that fetches it.
        InputError: the folder is none, or what is in it cannot be read.
        ConfigError: there is no such voice.
    """
    if name is not None:
        return read_voice(_folder(name))
    for folder in _here():
        try:
            voice = read_voice(folder)
        except InputError:
            continue
        if not language or voice.speaks(language):
            return voice
    usual = _USUAL.get(language.partition("-")[0] or "en", "coqui-xtts_v2")
    raise MissingModel(usual, f"assistant models pull {usual}")


def _folder(name: str) -> Path:
    cached = _cache() / name.replace("/", "--")
    if name.startswith("tts_models/"):
        if cached.is_dir():
            return cached
    elif "/" in name or name.startswith("~") or Path(name).is_dir():
        folder = Path(name).expanduser()
        if not folder.is_dir():
            raise InputError(f"There is no voice folder {folder}")
        return folder
    try:
        return find_model(find_entry(name).name if name.startswith("tts_models/") else name)
    except InputError as error:
        raise ConfigError(f"tts.voice: {error}") from None


def _here() -> Iterator[Path]:
    """Folders of Coqui's models on this machine: the assistant's, then those that Coqui has fetched."""
    for parent, pattern in ((models_dir(), "coqui-*"), (_cache(), "tts_models--*")):
        if parent.is_dir():
            yield from sorted(path for path in parent.glob(pattern) if path.is_dir())


def _cache() -> Path:
    """Coqui's own folder; it looks at the same variables."""
    home = os.environ.get("TTS_HOME") or os.environ.get("XDG_DATA_HOME")
    return (Path(home).expanduser() if home else Path.home() / ".local" / "share") / "tts"


def read_voice(folder: Path) -> Voice:
    """What is in a voice's folder.

    Raises:
        InputError: it lacks a file, or its configuration cannot be read.
    """
    config = folder / "config.json"
    found = _configuration(config)
    kind = str(found.get("model", "")).lower()
    if not kind:
        raise InputError(f"{config} is not the configuration of a Coqui voice: it names no model")
    checkpoint = folder if kind == "xtts" else _checkpoint(folder)
    if kind == "xtts":
        for needed in ("model.pth", "vocab.json"):
            if not (folder / needed).is_file():
                raise InputError(f"{folder} holds no whole XTTS: {needed} is missing")
    return Voice(folder.name, config, checkpoint, kind, _languages(found, folder.name))


def _configuration(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        data = json.loads(_COMMENT.sub(lambda match: match[1] or "", text))
    except FileNotFoundError:
        raise InputError(f"{file.parent} holds no Coqui voice: there is no config.json") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read ({error}); fetch the voice again") from None
    if not isinstance(data, dict):
        raise InputError(f"{file} is not the configuration of a Coqui voice")
    return data


def _checkpoint(folder: Path) -> Path:
    for name in _CHECKPOINTS:
        if (folder / name).is_file():
            return folder / name
    found = [file for pattern in ("*.pth", "*.pth.tar") for file in folder.glob(pattern)]
    found = [file for file in found if not file.name.startswith(_NOT_MODELS)]
    if not found:
        raise InputError(f"{folder} holds no Coqui voice: there is no checkpoint (model_file.pth)")
    return max(found, key=lambda file: file.stat().st_mtime)


def _languages(config: dict[str, Any], name: str) -> tuple[str, ...]:
    """From the configuration, else from a name like ``tts_models--de--thorsten--vits`` or ``coqui-de-…``."""
    listed = config.get("languages") or []
    if not listed:
        listed = [entry.get("language") for entry in config.get("datasets") or [] if isinstance(entry, dict)]
    listed = [str(each) for each in listed if each] or [str(config.get("phoneme_language") or "")]
    if not listed[0]:
        named = re.match(r"(?:tts_models--|coqui-)([a-z]{2,3})-", name)
        listed = [named[1]] if named else []
    return tuple(dict.fromkeys(listed))


def find_python(wanted: str | None) -> str:
    """The interpreter that has Coqui TTS.

    Args:
        wanted: an interpreter, or the folder of a virtual environment; None for, in this order, an environment in the
            assistant's data folder (``coqui``) and the interpreter that runs the assistant.

    Raises:
        ConfigError: the one wanted is not there.
        MissingDependency: none has it.
    """
    if wanted is not None:
        path = Path(wanted).expanduser()
        path = path / "bin" / "python" if path.is_dir() else path
        if not os.access(path, os.X_OK):
            raise ConfigError(f"tts.coqui.python: there is no interpreter {path}")
        return str(path)
    own = data_dir() / "coqui" / "bin" / "python"
    if own.is_file():
        return str(own)
    if find_spec("TTS") is None:
        raise MissingDependency("coqui-tts", INSTALL)
    return sys.executable
