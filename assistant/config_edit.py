"""Change settings in the user's own config.yaml: comments and order stay, and nothing is written that is not valid."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant import paths
from assistant.config import Loaded, load
from assistant.errors import ConfigError, InputError
from assistant.yaml_edit import set_value


@dataclass(frozen=True, slots=True)
class Change:
    """A setting before and after; None where the file does not have it."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.path}: {_shown(self.before)} → {_shown(self.after)}"


def change_user_config(values: Mapping[str, Any]) -> list[Change]:
    """Set dotted paths in the user's file, which is made if there is none; what is so already is left alone.

    Raises:
        ConfigError: the file, or what it would become, is wrong; it is not changed then.
        InputError: it cannot be written.
    """
    file = paths.user_config().resolve()
    before = _read(file)
    after = before
    changes: list[Change] = []
    for path, value in reversed(list(values.items())):  # each is put in above what is there
        keys = path.split(".")
        old = _at(before, keys)
        if old != value:
            try:
                after = set_value(after, keys, value)
            except ConfigError as error:
                raise ConfigError(f"{file}: {error}") from None
            changes.insert(0, Change(path, old, value))
    if changes:
        _write(file, after)
    return changes


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")  # as bytes, so that line ends stay what they are
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read ({error})") from None


def _write(file: Path, text: str) -> None:
    """Put a file in place whole, after it has been read as a configuration."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".config-", suffix=".yaml", delete=False) as new:
            new.write(text.encode("utf-8"))
        try:
            check(Path(new.name), file)
            Path(new.name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
            Path(new.name).replace(file)
        finally:
            Path(new.name).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from None


def check(new: Path, file: Path) -> Loaded:
    """What a new version of the user's file gives, by itself; mistakes are told as the file's."""
    try:
        return load(new, env={}, user=False)
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(new), str(file))) from None


def _at(text: str, keys: list[str]) -> Any:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return None  # set_value says what is wrong
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _shown(value: Any) -> str:
    if value is None:
        return "(not set)"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    return str(value)
