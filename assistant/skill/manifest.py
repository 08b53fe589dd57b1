"""``skill.yaml``: what a skill is, what it needs, and what it may do once its user has agreed.

::

    name: tea
    version: 1.2.0
    assistant: ">=0.1,<1"               # which versions of the assistant it works with
    permissions:
      network: [api.example.org, "*.example.org"]
      files: [~/Music, {path: ~/Documents, write: true}]
      skills: [timers]
    settings:
      city: {type: str, required: true, help: "where you live"}
    requirements: ["httpx>=0.27"]       # installed into the skill's own environment
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from assistant.skill.files import Part, read_checked, wrong
from assistant.suggest import nearest

NAME = r"^[a-z][a-z0-9_]*$"
_HOST = r"^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(:\d{1,5})?$"

Names = Annotated[tuple[Annotated[str, Field(pattern=NAME)], ...], Field(strict=False)]
Value = str | int | float | bool | list[Any]


class FileAccess(Part):
    """A file or folder that a skill may read, and write if it says so; ``~`` is the user's home."""

    path: str
    write: bool = False


def _as_access(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


class Permissions(Part):
    """What a skill may do; everything that is not named is refused to an isolated skill.

    Attributes:
        network: host names; ``*.example.org`` is every host below it, ``host:8123`` one port, ``*`` any host.
        files: files and folders besides the skill's own.
        microphone: hear what is said when the skill has not asked.
        announce: speak without having been asked.
        skills: other skills that it may call; ``*`` is every one.
        background: go on working between calls.
    """

    network: Annotated[tuple[Annotated[str, Field(pattern=rf"{_HOST}|^\*$")], ...], Field(strict=False)] = ()
    files: Annotated[tuple[Annotated[FileAccess, BeforeValidator(_as_access)], ...], Field(strict=False)] = ()
    microphone: bool = False
    announce: bool = False
    skills: Annotated[tuple[Annotated[str, Field(pattern=rf"{NAME}|^\*$")], ...], Field(strict=False)] = ()
    background: bool = False


class Setting(Part):
    """One setting of a skill.

    Attributes:
        type: of its value; ``choice`` is one of ``choices``.
        default: its value when it is not set.
        min, max: bounds of a number, or of a text's or list's length.
        secret: a password or token: kept apart from the other settings and never shown.
        required: the skill does not work without it.
        unless: what of the configuration does as well: ``location``.
        help: one line for the user.
    """

    type: Literal["str", "int", "float", "bool", "list", "choice"] = "str"
    default: Value | None = None
    choices: Annotated[tuple[str, ...], Field(strict=False)] = ()
    min: float | None = None
    max: float | None = None
    secret: bool = False
    required: bool = False
    unless: Literal["location"] | None = None
    help: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Setting:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("a choice has choices, and nothing else has")
        if self.secret and (self.type != "str" or self.default is not None):
            raise ValueError("a secret is a text without a default")
        if self.default is not None:
            self.check(self.default)
        return self

    def check(self, value: Any) -> Any:
        """The value as the setting's type.

        Raises:
            ValueError: it does not fit; the message ends "must be …".
        """
        if self.type == "float" and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not _TYPES[self.type]:
            raise ValueError(f"must be {_CALLED[self.type]}, not {value!r}")
        assert isinstance(value, str | int | float | list)
        if self.choices and value not in self.choices:
            raise ValueError(f"must be one of its choices, not {value!r}{nearest(str(value), self.choices)}")
        size = value if isinstance(value, int | float) else len(value)
        if (self.min is not None and size < self.min) or (self.max is not None and size > self.max):
            raise ValueError(f"must be {self._bounds()}, not {value!r}")
        return value

    def read(self, text: str) -> Any:
        """A value as it is typed at the command line: ``true``, ``5``, ``a, b``.

        Raises:
            ValueError: it does not fit.
        """
        plain = text.strip()
        value: Any = plain
        if self.type == "bool":
            value = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(
                plain.lower(), plain
            )
        elif self.type == "list":
            value = [each.strip() for each in plain.strip("[]").split(",") if each.strip()]
        elif self.type in ("int", "float"):
            try:
                value = int(plain) if self.type == "int" else float(plain)
            except ValueError:
                value = plain
        return self.check(value)

    def _bounds(self) -> str:
        unit = "" if self.type in ("int", "float") else " long"
        if self.min is not None and self.max is not None:
            return f"{self.min:g} to {self.max:g}{unit}"
        return f"at least {self.min:g}{unit}" if self.min is not None else f"at most {self.max:g}{unit}"


_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "choice": str}
_CALLED = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "list": "a list",
    "choice": "text",
}  # fmt: skip


class Manifest(Part):
    """What ``skill.yaml`` says.

    Attributes:
        name, version: of the skill; it is installed, configured and called by the name.
        title, description, author, licence, homepage: for people.
        assistant: versions of the assistant that it works with (PEP 440).
        isolated: run it in a process of its own wherever it comes from.
        share: how often its sentences are expected beside those of a clock, 0 to 1: where the sound is doubtful, the
            built-in recogniser hears what is said more often. 0: it does not listen for them.
        permissions: what it asks for.
        settings: name → setting.
        requirements: Python packages (PEP 508) for its own environment.
    """

    name: Annotated[str, Field(pattern=NAME)]
    version: str = "0"
    title: str = ""
    description: str = ""
    author: str = ""
    licence: str = ""
    homepage: str = ""
    assistant: str = ""
    isolated: bool = False
    share: Annotated[float, Field(ge=0, le=1)] = 1.0
    permissions: Permissions = Permissions()
    settings: dict[str, Setting] = Field(default_factory=dict)
    requirements: Annotated[tuple[str, ...], Field(strict=False)] = ()

    @field_validator("version", "assistant", mode="before")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        """YAML reads a bare 1.2 as a number."""
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    @field_validator("version")
    @classmethod
    def _is_version(cls, value: str) -> str:
        from packaging.version import InvalidVersion, Version

        try:
            Version(value)
        except InvalidVersion:
            raise ValueError(f"{value!r} is no version; write it like 1.2.0") from None
        return value

    @field_validator("assistant")
    @classmethod
    def _is_specifier(cls, value: str) -> str:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            SpecifierSet(value)
        except InvalidSpecifier:
            raise ValueError(f"{value!r} is no range of versions; write it like '>=0.1,<1'") from None
        return value

    @field_validator("requirements")
    @classmethod
    def _are_requirements(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from packaging.requirements import InvalidRequirement, Requirement

        for each in value:
            try:
                Requirement(each)
            except InvalidRequirement:
                raise ValueError(f"{each!r} is no requirement; write it like 'httpx>=0.27'") from None
        return value

    def works_with(self, version: str) -> bool:
        """Whether it works with a version of the assistant."""
        from packaging.specifiers import SpecifierSet

        return SpecifierSet(self.assistant).contains(version, prereleases=True)

    def validate_settings(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Settings with their defaults; secrets are left out.

        Raises:
            ValueError: one is unknown or wrong; the message begins with its name.
        """
        found = {name: each.default for name, each in self.settings.items() if not each.secret}
        for name, value in values.items():
            if name not in self.settings:
                raise ValueError(f"{name} is not a setting of {self.name}{nearest(name, list(self.settings))}")
            if value is None or self.settings[name].secret:
                continue
            try:
                found[name] = self.settings[name].check(value)
            except ValueError as error:
                raise ValueError(f"{name} {error}") from None
        return found

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secret settings."""
        return tuple(name for name, each in self.settings.items() if each.secret)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in a skill's folder, None where it has none.

    Raises:
        assistant.skill.files.BadFile: the file is wrong; a ``ConfigError`` that names file, line and key.
    """
    path = folder / "skill.yaml"
    if not path.is_file():
        return None
    manifest = read_checked(path, Manifest)
    if not manifest.name:
        raise wrong(path, "name", "must not be empty")
    return manifest
