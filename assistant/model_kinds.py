"""What a model's files look like: which family they are of, and whether they are whole."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from assistant.catalogue import CATALOGUE
from assistant.catalogue.whisper import PATTERNS, REQUIRED
from assistant.errors import InputError

_POINTER = b"version https://git-lfs"
_WAKE_FEATURES = 96  # numbers in an embedding of openWakeWord's
_PIPER_INPUTS = {"input", "input_lengths", "scales"}
_FOLDERS_DEEP = 6
_NAMES_A_MODEL = re.compile(rb'"model"\s*:\s*"\w')
_GENERIC = ("model", "onnx", "files", "main")


@dataclass(frozen=True, slots=True)
class Found:
    """A model among a user's files.

    Attributes:
        family: see :data:`assistant.catalogue.base.FAMILIES`.
        name: what it will be called.
        files: file name → where it is.
    """

    family: str
    name: str
    files: dict[str, Path]


def models_in(path: Path) -> list[Found]:
    """Every model in a file's or a folder's reach, in the order of their names; a folder is looked through to a depth.

    Raises:
        InputError: what is there is certainly damaged, or only points at a model (git LFS); the message names it.
    """
    if path.is_file():
        return _in_folder(path.parent, only=path)
    found: list[Found] = []
    for folder in _folders(path, _FOLDERS_DEEP):
        found += _in_folder(folder)
    return sorted({each.name: each for each in found}.values(), key=lambda each: each.name)


def _folders(path: Path, deep: int) -> Iterator[Path]:
    yield path
    if deep:
        for each in sorted(path.iterdir()):
            if each.is_dir() and not each.is_symlink() and each.name not in (".git", "blobs"):
                yield from _folders(each, deep - 1)


def _in_folder(folder: Path, only: Path | None = None) -> list[Found]:
    """The models whose files lie in one folder; of several voices, ``only`` the one with that file."""
    files = {file.name: file for file in sorted(folder.iterdir()) if file.is_file()}
    if only is not None and ".onnx" in only.name and only.name != "model.onnx":
        file = files.get(only.name.removesuffix(".json"))
        found = _network(file, files) if file is not None else None
        return [found] if found is not None else []
    names = set(files)
    if not _lacking(REQUIRED, names):
        check_whisper(files["model.bin"])
        chosen = {name: file for name, file in files.items() if any(fnmatchcase(name, each) for each in PATTERNS)}
        return [Found("whisper", _name("whisper", folder), chosen)]
    if coqui := _coqui(folder, files):
        return [coqui]
    if "tokenizer.json" in names and names & {"model.safetensors", "model.onnx"}:
        chosen = {name: files[name] for name in ("config.json", "model.safetensors", "model.onnx", "tokenizer.json")
                  if name in names}  # fmt: skip
        return [Found("sentence-encoder", "sentence-encoder", chosen)]
    networks = [file for name, file in files.items() if name.endswith(".onnx")]
    return [found for file in networks if (found := _network(file, files)) is not None]


def _lacking(patterns: tuple[str, ...], names: set[str]) -> list[str]:
    return [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)]


def _network(file: Path, files: dict[str, Path]) -> Found | None:
    """An ONNX file by itself: a Piper voice, a wake word, or Smart Turn; None for any other network."""
    refuse_pointer(file)
    settings = files.get(f"{file.name}.json")
    if settings is not None:
        check_piper(file, settings)
        card = {"MODEL_CARD": files["MODEL_CARD"]} if "MODEL_CARD" in files else {}
        return Found("piper", f"piper-{file.stem}", {file.name: file, settings.name: settings, **card})
    shapes = _inputs(file)
    if set(shapes) >= _PIPER_INPUTS:
        raise InputError(f"{file} is a Piper voice without its settings; put {file.name}.json beside it")
    if set(shapes) == {"input_features"}:
        return Found("smart-turn", "smart-turn", {file.name: file})
    if [shape[-1:] for shape in shapes.values()] == [[_WAKE_FEATURES]]:
        return Found("wake", f"wake-{file.stem}", {file.name: file})
    return None


def _coqui(folder: Path, files: dict[str, Path]) -> Found | None:
    """A checkpoint of Coqui's trainer: ``config.json`` that names its model, and its weights."""
    weights = [name for name in files if fnmatchcase(name, "*.pth") or fnmatchcase(name, "*.pth.tar")]
    if not weights or "config.json" not in files:
        return None
    refuse_pointer(files[weights[0]])
    if not _NAMES_A_MODEL.search(files["config.json"].read_bytes()):  # old ones have comments, which JSON has not
        return None
    return Found("coqui", _name("coqui", folder), files)


def check_whisper(file: Path) -> None:
    """Refuse a ``model.bin`` that is not of a Whisper converted to CTranslate2.

    The format: a version, then the specification's name as its length with the final zero, and text.
    """
    refuse_pointer(file)
    with file.open("rb") as opened:
        head = opened.read(64)
    length = struct.unpack_from("<IH", head)[1] if len(head) >= 18 else 0
    if head[6 : 6 + length] != b"WhisperSpec\0":
        raise InputError(f"{file} is not a CTranslate2 Whisper model; take the files of Systran/faster-whisper-…")


def check_piper(file: Path, settings: Path) -> None:
    """Refuse what Piper could not speak with.

    Raises:
        InputError: one of the files is damaged, or the two are not a voice.
    """
    piper_settings(settings)
    if not set(_inputs(file)) >= _PIPER_INPUTS:
        raise InputError(f"{file} is a network, but not a Piper voice")


def piper_settings(file: Path) -> dict[str, Any]:
    """What the JSON file of a Piper voice says.

    Raises:
        InputError: it cannot be read, or does not hold a voice's settings.
    """
    about = _json(file)
    audio, espeak = about.get("audio"), about.get("espeak")
    rate = audio.get("sample_rate") if isinstance(audio, dict) else None
    speakers = about.get("num_speakers")
    if not (isinstance(about.get("phoneme_id_map"), dict) and isinstance(espeak, dict) and "voice" in espeak
            and type(rate) is int and type(speakers) is int and "num_symbols" in about):  # fmt: skip
        raise InputError(f"{file} does not hold a Piper voice's settings (audio.sample_rate, phoneme_id_map …)")
    if not 8000 <= rate <= 48_000:
        raise InputError(f"{file}: a sample rate of {rate} Hz cannot be played")
    return about


def _inputs(file: Path) -> dict[str, list[Any]]:
    """Input name → shape of an ONNX file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises bare ones
        raise InputError(f"{file} cannot be loaded; copy it again ({str(error).splitlines()[0][:120]})") from None
    return {each.name: list(each.shape) for each in session.get_inputs()}


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read ({error})") from None
    if not isinstance(found, dict):
        raise InputError(f"{file} does not hold settings")
    return found


def refuse_pointer(file: Path) -> None:
    """Raises InputError for a file that git LFS has not fetched."""
    with file.open("rb") as opened:
        if opened.read(len(_POINTER)) == _POINTER:
            raise InputError(f"{file} is only a pointer of git LFS, not the file; run 'git lfs pull' there first")


def _name(family: str, folder: Path) -> str:
    """What a model is called whose files do not say: the catalogue's name, from a folder's name that gives it away."""
    for each in (folder, *folder.parents):
        for entry in CATALOGUE.values():
            repository = entry.repository
            known = {entry.name, entry.voice.replace("/", "--"), repository.rpartition("/")[2],
                     f"models--{repository.replace('/', '--')}"} - {"", "models--"}  # fmt: skip
            if entry.family == family and each.name in known:
                return entry.name
    own = folder.name.removeprefix(f"{family}-").removeprefix("faster-").removeprefix(f"{family}-")
    return f"{family}-{'mine' if own.startswith('.') or own in _GENERIC else own}"
