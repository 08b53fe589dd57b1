"""Argos Translate (https://github.com/argosopentech/argos-translate), where it is installed with its models."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any


def is_installed() -> bool:
    """Whether the package is there."""
    return importlib.util.find_spec("argostranslate") is not None


def translated(text: str, source: str, target: str) -> str | None:
    """A text in another language; None without a model for the pair. Takes seconds the first time: call it on a thread.

    Args:
        source, target: ISO 639-1.
    """
    engine: Any = importlib.import_module("argostranslate.translate")
    installed = {language.code: language for language in engine.get_installed_languages()}
    if source not in installed or target not in installed:
        return None
    way = installed[source].get_translation(installed[target])
    return None if way is None else str(way.translate(text)).strip() or None
