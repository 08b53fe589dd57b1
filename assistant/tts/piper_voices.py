"""Where Piper's voices are on this machine, and which one speaks a language."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant import models
from assistant.catalogue.piper import PIPER
from assistant.errors import ConfigError, InputError, MissingModel
from assistant.model_kinds import piper_settings
from assistant.suggest import nearest

_FAMILY = "piper-"


def find_voice(voice: str | None = None, language: str | None = None) -> Path:
    """The ONNX file of a voice; its settings are beside it, in ``FILE.json``.

    Args:
        voice: a file, a folder that holds one voice, or a name (``en_US-lessac-medium``), which is looked for among
            the assistant's models and in the model hub's cache. None for the first one that speaks the language.
        language: ISO 639-1; None for any.

    Raises:
        MissingModel: it is not on this machine; the message has the command that fetches it.
        ConfigError: there is no such voice, or one of its two files is missing.
    """
    if voice is None:
        return _default(language)
    if "/" in voice or voice.endswith(".onnx") or voice.startswith("~"):
        try:
            return _at(Path(voice).expanduser())
        except InputError as error:
            raise ConfigError(f"tts.voice: {error}") from None
    name = voice.removeprefix(_FAMILY)
    here = voices_here()
    if name in here:
        return here[name]
    for entry in PIPER:
        if entry.voice == name:
            raise MissingModel(entry.name, entry.fetch)
    known = [*here, *(entry.voice for entry in PIPER)]
    said = nearest(name, known) or "; see: assistant voices --language all"
    raise ConfigError(f"tts.voice: there is no Piper voice {voice!r}{said}")


def voices_here() -> dict[str, Path]:
    """Name → ONNX file of every voice on this machine, the catalogue's in its order first; broken ones are left out."""
    found = {}
    for name in models.installed("piper"):
        try:
            found[name.removeprefix(_FAMILY)] = _at(models.find_model(name))
        except InputError:
            continue
    return found


def language_of(file: Path) -> str:
    """The ISO 639-1 code of what a voice speaks, from its settings; "" if they do not say."""
    about = piper_settings(settings_of(file))
    family = (about.get("language") or {}).get("family") or str(about["espeak"]["voice"])
    return str(family).partition("-")[0].lower()


def settings_of(file: Path) -> Path:
    """The JSON file of a voice."""
    return file.with_name(f"{file.name}.json")


def speaker_number(settings: Mapping[str, Any], speaker: str | int | None) -> int | None:
    """The number of a speaker that is given by number or name; None for the voice's own first one.

    Raises:
        ConfigError: the voice has no such speaker; the message names the nearest.
    """
    count, names = int(settings["num_speakers"]), settings.get("speaker_id_map") or {}
    if speaker is None:
        return None
    if speaker in names:
        return int(names[speaker])
    if str(speaker).isdecimal() and int(speaker) < max(count, 1):
        return int(speaker) if count > 1 else None
    said = nearest(str(speaker), names) if names and len(names) <= 20 else f"; it has {max(count, 1)}, from 0"
    raise ConfigError(f"tts.speaker: the voice has no speaker {speaker!r}{said}")


def _default(language: str | None) -> Path:
    for file in voices_here().values():
        with suppress(InputError):  # damaged, so nobody knows whose language it is
            if language is None or language_of(file) == language:
                return file
    wanted = next((entry for entry in PIPER if entry.language == (language or "en")), None)
    if wanted is None:
        raise MissingModel(f"of a Piper voice for language: {language}", "assistant models import FOLDER")
    raise MissingModel(wanted.name, wanted.fetch)


def _at(place: Path) -> Path:
    files = [place]
    if place.is_dir():
        files = sorted(place.glob("*.onnx"))
        if len(files) != 1:
            what = f"{len(files)} voices; name one of the files" if files else "no Piper voice (*.onnx)"
            raise InputError(f"{place} holds {what}")
    if not files[0].is_file():
        raise InputError(f"There is no Piper voice at {place}")
    if not settings_of(files[0]).is_file():
        raise InputError(f"The Piper voice {files[0]} lacks its settings; put {files[0].name}.json beside it")
    return files[0]
