"""What the user has set for each skill: in the configuration, and saved by ``assistant skill config``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import ConfigError
from assistant.skill.files import BadFile, read
from assistant.skill.manifest import Manifest
from assistant.skill.secrets import Secrets
from assistant.suggest import nearest


@dataclass(frozen=True, slots=True)
class SkillSettings:
    """Settings of every skill.

    Attributes:
        given: skill → settings, of the configuration (``skills.settings``); these come first.
        data: the folder in which each skill has its own, or None to know nothing but ``given``.
        located: the configuration says where the user lives.
    """

    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    data: Path | None = None
    located: bool = False

    def folder(self, skill: str) -> Path | None:
        """A skill's own folder: its settings, secrets, database and cache."""
        return None if self.data is None else self.data / "skills" / skill

    def of(self, skill: str) -> dict[str, Any]:
        """What is set for a skill, unchecked.

        Raises:
            ConfigError: the saved file cannot be read.
        """
        return {**self._saved(skill), **self.given.get(skill, {})}

    def checked(self, manifest: Manifest) -> dict[str, Any]:
        """A skill's settings with their defaults; secrets are left out.

        Raises:
            ConfigError: one is unknown or wrong.
        """
        try:
            return manifest.validate_settings(self.of(manifest.name))
        except ValueError as error:
            raise ConfigError(f"skills.settings.{manifest.name}.{error}") from None

    def missing(self, manifest: Manifest) -> tuple[str, ...]:
        """The required settings that are not set."""
        required = [
            name for name, each in manifest.settings.items() if each.required and not (each.unless and self.located)
        ]
        if not required:
            return ()
        values, secrets = self.checked(manifest), self.secrets(manifest.name)
        return tuple(
            name
            for name in required
            if (not (secrets and secrets.get(name)) if manifest.settings[name].secret else values[name] in (None, ""))
        )

    def secrets(self, skill: str) -> Secrets | None:
        """A skill's secrets."""
        folder = self.folder(skill)
        return None if folder is None else Secrets(skill, folder, self.given.get(skill, {}))

    def save(self, manifest: Manifest, name: str, text: str | None) -> None:
        """Keep a setting as it was typed, or go back to its default for None; a secret goes to the secrets.

        Raises:
            ConfigError: there is no such setting, or the value does not fit.
        """
        skill = manifest.name
        if name not in manifest.settings:
            raise ConfigError(f"{name} is not a setting of {skill}{nearest(name, list(manifest.settings))}")
        try:
            value = None if text is None else manifest.settings[name].read(text)
        except ValueError as error:
            raise ConfigError(f"{name} {error}") from None
        secrets = self.secrets(skill)
        if secrets is not None and manifest.settings[name].secret:
            secrets.put(name, value)
            return
        kept = {key: old for key, old in self._saved(skill).items() if key != name}
        self._write(skill, kept if value is None else {**kept, name: value})

    def forget_unknown(self, manifest: Manifest) -> tuple[str, ...]:
        """Drop what is saved for settings that a skill no longer has; their names."""
        saved = self._saved(manifest.name)
        unknown = tuple(name for name in saved if name not in manifest.settings)
        if unknown:
            self._write(manifest.name, {name: value for name, value in saved.items() if name not in unknown})
        return unknown

    def _saved(self, skill: str) -> dict[str, Any]:
        folder = self.folder(skill)
        path = None if folder is None else folder / "settings.yaml"
        return read(path) if path is not None and path.is_file() else {}

    def _write(self, skill: str, values: Mapping[str, Any]) -> None:
        folder = self.folder(skill)
        if folder is None:
            raise ConfigError("There is no folder to save settings in.")
        path = folder / "settings.yaml"
        new = path.with_name("settings.yaml.new")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            new.write_text(yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False), encoding="utf-8")
            new.replace(path)
        except OSError as error:
            raise BadFile(str(path), f"cannot be written: {error.strerror or error}") from None
