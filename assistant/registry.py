"""(kind, name) → engine class, imported only when chosen.

An engine is one module with a pydantic model ``Options`` and a class ``Engine``. Ours are
``assistant.KIND.NAME``; others come from the entry-point group ``assistant.KIND``.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from assistant.errors import AssistantError, ConfigError, InputError, MissingDependency, MissingModel
from assistant.models import find_model, installed
from assistant.suggest import nearest


@dataclass(frozen=True, slots=True)
class Spec:
    """An engine that is known, installed or not.

    Attributes:
        kind, name: as in the configuration.
        module: where it lives.
        needs: top-level Python modules it imports.
        install: the exact command that makes it available.
        library: the shared library it loads, without ``lib`` and ``.so``.
        family: the family of models of which it needs one.
        finder: the function of its module that finds its model, or raises MissingModel
            (or MissingDependency, where its library may be elsewhere than here).
    """

    kind: str
    name: str
    module: str
    needs: tuple[str, ...] = ()
    install: str = ""
    library: str = ""
    family: str = ""
    finder: str = ""

    def missing(self) -> str | None:
        """The first Python module that is not installed, or None."""
        return next((module for module in self.needs if find_spec(module) is None), None)


_BUILT_IN = (
    Spec("wake", "openwakeword", "assistant.wake.openwakeword", ("openwakeword",), "pip install openwakeword==0.4.0"),
    Spec("vad", "silero", "assistant.vad.silero", ("onnxruntime", "faster_whisper"), "pip install faster-whisper"),
    Spec("asr", "pocketsphinx", "assistant.asr.pocketsphinx", ("pocketsphinx",), "pip install pocketsphinx"),
    Spec(
        "asr",
        "whisper",
        "assistant.asr.faster_whisper",
        ("faster_whisper",),
        "pip install faster-whisper",
        "",
        "whisper",
    ),
    Spec("llm", "openai", "assistant.llm.openai", ("httpx",), "pip install httpx"),
    Spec(
        "llm",
        "transformers",
        "assistant.llm.transformers",
        ("torch", "transformers"),
        "pip install torch transformers accelerate jinja2",
        finder="find_chat_model",
    ),
    Spec("tts", "piper", "assistant.tts.piper", ("piper",), "pip install piper-tts", finder="find_voice"),
    Spec(
        "tts",
        "coqui",
        "assistant.tts.coqui",
        (),
        "pip install coqui-tts torch torchaudio torchcodec",
        finder="find_voice",
    ),
    Spec("tts", "espeak", "assistant.tts.espeak", (), "sudo apt-get install libespeak-ng1", "espeak-ng"),
    Spec("turnend", "prosody", "assistant.turnend.prosody"),
    Spec(
        "turnend",
        "smart_turn",
        "assistant.turnend.smart_turn",
        ("onnxruntime",),
        "pip install onnxruntime",
        finder="find_model_file",
    ),
)

_SECTIONS = {"turnend": "endpoint.turn_end"}


def section_path(kind: str) -> str:
    """The dotted path of the configuration's section for a kind of engine: the kind itself, but for nested ones."""
    return _SECTIONS.get(kind, kind)


def specs(kind: str | None = None) -> list[Spec]:
    """Every known engine, ours first, then those of installed packages."""
    kinds = ("wake", "vad", "asr", "llm", "tts", "turnend") if kind is None else (kind,)
    found = [spec for spec in _BUILT_IN if spec.kind in kinds]
    for each in kinds:
        found += _plugged(each)
    return found


@cache
def _plugged(kind: str) -> tuple[Spec, ...]:
    """Engines of other packages; looking through everything installed takes milliseconds, so once."""
    return tuple(Spec(kind, point.name, point.value) for point in entry_points(group=f"assistant.{kind}"))


def find(kind: str, name: str) -> Spec:
    """The engine of that name.

    Raises:
        ConfigError: there is none; the message names the nearest.
    """
    known = {spec.name: spec for spec in specs(kind)}
    if name not in known:
        raise ConfigError(f"{section_path(kind)}.engine: there is no engine {name!r}{nearest(name, known)}")
    return known[name]


def load(kind: str, name: str) -> ModuleType:
    """Import an engine's module (``.Options``, ``.Engine``).

    Raises:
        ConfigError: no such engine.
        MissingDependency: its library is not installed.
    """
    spec = find(kind, name)
    lacking = spec.missing()
    if lacking is not None:
        raise MissingDependency(f"{lacking} (for {section_path(kind)}.engine: {name})", spec.install)
    return import_module(spec.module)


def obstacle(spec: Spec, model: str | None = None) -> AssistantError | None:
    """Why an engine cannot be used on this machine, or None if it can.

    Args:
        spec: the engine.
        model: the configured model; None for any of the engine's family.
    """
    lacking = spec.missing() or (spec.library if spec.library and find_library(spec.library) is None else None)
    if lacking is not None:
        return MissingDependency(lacking, spec.install)
    if spec.finder:
        return _refusal(getattr(import_module(spec.module), spec.finder), model)
    if not spec.family or (model is None and installed(spec.family)):
        return None
    return _refusal(find_model, model or f"{spec.family}-base")


def _refusal(find: Callable[[Any], object], model: str | None) -> AssistantError | None:
    try:
        find(model)
    except (MissingModel, MissingDependency, InputError, ConfigError) as error:
        return error
    return None
