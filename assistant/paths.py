"""Where files live: what is shipped with the program, and the user's own folders."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "assistant"
_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """A file or folder that travels with the program (``config.yaml``, ``skills``).

    In a checkout it is in the repository's root, in an installed wheel in ``assistant/_shipped``.
    """
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.exists() else _PACKAGE.parent / name


def config_dir() -> Path:
    """The user's configuration folder (``~/.config/assistant`` on Linux); it may not exist."""
    return Path(platformdirs.user_config_dir(_NAME, appauthor=False))


def user_config() -> Path:
    """The user's ``config.yaml``; it may not exist."""
    return config_dir() / "config.yaml"


def data_dir() -> Path:
    """The user's data folder (``~/.local/share/assistant`` on Linux); it may not exist."""
    return Path(platformdirs.user_data_dir(_NAME, appauthor=False))


def cache_dir() -> Path:
    """What can be made again (``~/.cache/assistant`` on Linux); it may not exist."""
    return Path(platformdirs.user_cache_dir(_NAME, appauthor=False))


def models_dir() -> Path:
    """Where downloaded models live, each in a folder of its own name; it may not exist."""
    return data_dir() / "models"


def user_skills() -> Path:
    """Skills dropped in here are loaded besides the shipped ones; it may not exist."""
    return config_dir() / "skills"
