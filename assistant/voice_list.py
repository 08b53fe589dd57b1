"""Every voice that is here or can be had, whatever its engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from assistant import models, registry
from assistant.catalogue import CATALOGUE
from assistant.catalogue.base import Entry
from assistant.config import Loaded
from assistant.errors import AssistantError, InputError, MissingDependency
from assistant.suggest import nearest
from assistant.voicing import PREFERRED, engine_order, in_language

ENGINES = PREFERRED


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice.

    Attributes:
        engine, name: as in the configuration.
        language: ISO 639-1 code; "" for several.
        quality: as its makers call it.
        megabytes: roughly what it takes on the disk.
        licence: of the voice; "" where it is not known.
        here: whether it is on this machine.
        speakers: how many it has.
        fetch: the command that brings it; "" for one that is here or comes with its engine.
        about: more, for people.
    """

    engine: str
    name: str
    language: str
    quality: str = ""
    megabytes: int = 0
    licence: str = ""
    here: bool = True
    speakers: int = 1
    fetch: str = ""
    about: str = ""


def all_voices() -> list[Voice]:
    """Piper's and Coqui's, in the catalogue's order and then your own; then espeak-ng's."""
    return [*_modelled("piper"), *_modelled("coqui"), *espeak_voices()]


@cache
def espeak_voices() -> tuple[Voice, ...]:
    """Those of espeak-ng; none if it is not installed."""
    spec = registry.find("tts", "espeak")
    if registry.obstacle(spec) is not None:
        return ()
    listed = import_module(spec.module).Engine().voices()
    return tuple(
        Voice("espeak", code, code.partition("-")[0], "formants", licence="GPL-3.0-or-later", about=name)
        for name, code in sorted(listed, key=lambda each: str(each[1]))
    )


def find(name: str) -> Voice:
    """The voice of that name, best engine first; the model's name and a path of a Piper or Coqui voice do as well.

    Raises:
        InputError: there is none; the message names the nearest.
    """
    place = Path(name).expanduser()
    if place.exists() and ("/" in name or name.endswith(".onnx")):
        engine = "coqui" if (place / "config.json").is_file() else "piper"
        return Voice(engine, str(place.resolve()), "", about="a folder or file of yours")
    voices = all_voices()
    for voice in voices:
        spoken = voice.about.lower() if voice.engine == "espeak" else ""
        if name.lower() in (voice.name.lower(), f"{voice.engine}-{voice.name}".lower(), spoken):
            return voice
    for entry in CATALOGUE.values():
        if entry.kind == "tts" and name in (entry.voice, entry.name):
            return next(voice for voice in voices if voice.name == _name(entry))
    hint = nearest(name, [voice.name for voice in voices]) or "; see: assistant voices --language all"
    raise InputError(f"There is no voice {name!r}{hint}")


def chosen(loaded: Loaded) -> dict[str, tuple[str, str]]:
    """Language → engine and voice of what the configuration chooses by name; "" for an engine's default voice."""
    found = {}
    for code in loaded.config.spoken:
        tts = in_language(loaded, code).config.tts
        found[code] = (engine_order(tts)[0] if tts.engine == "auto" else tts.engine, tts.voice or "")
    return found


def lacking(engine: str) -> AssistantError | None:
    """What an engine needs besides its voices and does not have here; None if it has all."""
    try:
        if engine == "coqui":
            from assistant.tts.coqui_voices import find_python

            find_python(None)
        elif registry.find("tts", engine).missing() is not None:
            registry.load("tts", engine)
    except MissingDependency as error:
        return error
    return None


def _modelled(family: str) -> Iterator[Voice]:
    here = models.installed(family)
    for entry in CATALOGUE.values():
        if entry.family == family:
            yield _of(entry, here=entry.name in here)
    for name in here:
        if name not in CATALOGUE:
            yield _own(family, name)


def _name(entry: Entry) -> str:
    """What a voice is called here; Coqui's own names are long, and its engine takes the model's as well."""
    return entry.name if entry.family == "coqui" else entry.voice


def _of(entry: Entry, *, here: bool) -> Voice:
    size = _megabytes(models.find_model(entry.name)) if here else entry.megabytes
    return Voice(
        entry.family, _name(entry), entry.language, entry.quality, size, entry.licence, here, entry.speakers,
        "" if here else entry.fetch, entry.about,
    )  # fmt: skip


def _own(family: str, name: str) -> Voice:
    folder = models.find_model(name)
    own = name.removeprefix(f"{family}-") if family == "piper" else name
    parts = own.split("-") if family == "piper" else []
    quality = parts[2] if len(parts) == 3 else ""
    return Voice(family, own, _language(family, folder), quality, _megabytes(folder), about="your own")


def _language(family: str, folder: Path) -> str:
    """What an imported voice speaks; "" where its files do not say."""
    from assistant.tts import coqui_voices, piper_voices

    try:
        if family == "piper":
            return next(map(piper_voices.language_of, sorted(folder.glob("*.onnx"))), "")
        spoken = {each.partition("-")[0].lower() for each in coqui_voices.read_voice(folder).languages}
    except InputError:
        return ""
    return spoken.pop() if len(spoken) == 1 else ""


def _megabytes(folder: Path) -> int:
    return round(sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6)
