"""A skill's YAML files: read quickly, checked against a model, mistakes named with file, line and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.config_explain import explain
from assistant.config_source import Source, read_yaml
from assistant.errors import ConfigError

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML was built with it, some ten times as fast: skills are read at every start."""

_Model = TypeVar("_Model", bound=BaseModel)


class _Loader(_FAST):  # type: ignore[misc]
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """As the base class; a key that is set twice, or is no text, is left to the slow reader to explain."""
        written = len(node.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(made) != written or not all(isinstance(key, str) for key in made):
            raise yaml.YAMLError
        return made


class Part(BaseModel):
    """A mapping of a skill's file in which only the keys below may appear."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class BadFile(ConfigError):
    """A skill's file is wrong.

    Attributes:
        place: ``file:line``.
        text: what is wrong, beginning with the key.
    """

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place = place
        self.text = text


def read_checked(path: Path, model: type[_Model]) -> _Model:
    """Read a file as a model.

    Raises:
        BadFile: it cannot be read, is not YAML, or does not fit the model; one line for its first mistake.
    """
    data = read(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = explain(error, data, "", {}, known_keys(model))
        first = next(iter(found))
        raise wrong(path, first, found[first].removeprefix(first).strip()) from None


def read(path: Path) -> dict[str, Any]:
    """Read a file as plain data; an empty one is an empty mapping.

    Raises:
        BadFile: it cannot be read, or is not a mapping in YAML.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return _slowly(path).data
    if data is None:
        return {}
    return data if isinstance(data, dict) else _slowly(path).data


def wrong(path: Path, key: str, text: str) -> BadFile:
    """A mistake at a dotted key, with the line at which the key, or what holds it, is written."""
    return BadFile(f"{shown(path)}:{_line(path, key)}", f"{key} {text}".strip())


def shown(path: Path) -> str:
    """A path as short as it can be named from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def known_keys(model: type[BaseModel], above: str = "") -> list[str]:
    """The dotted keys of a model, for suggestions."""
    found = list[str]()
    for name, field in model.model_fields.items():
        found.append(above + name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += known_keys(field.annotation, f"{above}{name}.")
    return found


def _slowly(path: Path) -> Source:
    """Read with every key's line; what is wrong with the file comes out here."""
    try:
        return read_yaml(path)
    except ConfigError as error:
        text = str(error).removeprefix(str(path)).lstrip()
        line, text = (text[5:].split(": ", 1)) if text.startswith("line ") else ("1", text)
        raise BadFile(f"{shown(path)}:{line}", text) from None


def _line(path: Path, key: str) -> int:
    try:
        origins: Mapping[str, Any] = read_yaml(path).origins
    except ConfigError:
        return 1
    while key and key not in origins:
        key = key.rpartition(".")[0]
    return (origins[key].line or 1) if key else 1
