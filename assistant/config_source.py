"""Read configuration files and variables into plain data that remembers its lines, and merge them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import ConfigError

PREFIX = "ASSISTANT_"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: a file and line, a variable, or the defaults."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source} line {self.line}"


@dataclass(slots=True)
class Source:
    """Plain nested data and the origin of every dotted path in it, sections included."""

    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)


def read_yaml(path: Path) -> Source:
    """Read one file.

    Raises:
        ConfigError: it cannot be read, is not YAML, or is not a mapping of text keys; the
            message has the file, the line and one sentence.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"There is no configuration file {path}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    source = Source()
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is not None and not _is_null(root):
            _walk(loader, root, "", str(path), source)
    except yaml.YAMLError as error:
        raise ConfigError(_broken(path, error)) from None
    finally:
        loader.dispose()
    return source


def from_environment(env: Mapping[str, str]) -> Source:
    """Variables such as ``ASSISTANT_ASR__ENGINE=whisper``: two underscores go one level down.

    Values are read as YAML, so that ``0.6``, ``true``, ``null`` and ``[a, b]`` mean what they mean in the file.

    Raises:
        ConfigError: a value is not YAML.
    """
    merged = Source()
    for name in sorted(env):
        if not name.startswith(PREFIX):
            continue
        keys = name.removeprefix(PREFIX).lower().split("__")
        try:
            value = yaml.safe_load(env[name])
        except yaml.YAMLError:
            raise ConfigError(f"The environment variable {name} is not a YAML value: {env[name]!r}") from None
        origin = Origin(f"environment {name}")
        one = Source(_nest(keys, value))
        one.origins = dict.fromkeys(_prefixes(keys), origin) | _below(value, ".".join(keys), origin)
        merged = merge(merged, one)
    return merged


def merge(low: Source, high: Source) -> Source:
    """Both together: mappings are merged key by key, anything else in ``high`` replaces ``low``."""
    origins = dict(low.origins)
    data = _merge(low.data, high.data, "", origins, high.origins)
    return Source(data, origins)


def _merge(
    low: Mapping[str, Any], high: Mapping[str, Any], above: str, origins: dict[str, Origin], new: Mapping[str, Origin]
) -> dict[str, Any]:
    data = dict(low)
    for key, value in high.items():
        path = f"{above}{key}"
        origins[path] = new[path]
        if isinstance(value, Mapping):
            kept = data.get(key)
            data[key] = _merge(kept if isinstance(kept, Mapping) else {}, value, f"{path}.", origins, new)
        elif value is not None or not isinstance(data.get(key), Mapping):
            data[key] = value  # an empty section ("asr:" with every key commented out) changes nothing
    return data


def _walk(loader: yaml.SafeLoader, root: yaml.Node, above: str, file: str, source: Source) -> None:
    if not isinstance(root, yaml.MappingNode):
        raise yaml.MarkedYAMLError(problem="the file is not a mapping of keys to values", problem_mark=root.start_mark)
    source.data = _mapping(loader, root, above, file, source.origins)


def _mapping(
    loader: yaml.SafeLoader, node: yaml.MappingNode, above: str, file: str, origins: dict[str, Origin]
) -> dict[str, Any]:
    loader.flatten_mapping(node)
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            written = key_node.value if isinstance(key_node, yaml.ScalarNode) else key
            raise yaml.MarkedYAMLError(
                problem=f"the key {written!r} is not text; put it in quotes", problem_mark=key_node.start_mark
            )
        if key in data:
            raise yaml.MarkedYAMLError(problem=f"'{above}{key}' is set twice", problem_mark=key_node.start_mark)
        origins[f"{above}{key}"] = Origin(file, key_node.start_mark.line + 1)
        if isinstance(value_node, yaml.MappingNode):
            data[key] = _mapping(loader, value_node, f"{above}{key}.", file, origins)
        else:
            data[key] = loader.construct_object(value_node, deep=True)
    return data


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _broken(path: Path, error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return f"{path} is not YAML: {' '.join(str(error).split())}"
    mark = error.problem_mark or error.context_mark
    where = f"{path} line {mark.line + 1}" if mark is not None else str(path)
    problem = " ".join((error.problem or error.context or "it is not YAML").split())
    if "'\\t'" in problem:
        problem = "there is a tab; indent with spaces"
    return f"{where}: {problem}"


def _nest(keys: list[str], value: Any) -> dict[str, Any]:
    for key in reversed(keys):
        value = {key: value}
    return dict(value)


def _prefixes(keys: list[str]) -> list[str]:
    return [".".join(keys[: end + 1]) for end in range(len(keys))]


def _below(value: Any, above: str, origin: Origin) -> dict[str, Origin]:
    found: dict[str, Origin] = {}
    if isinstance(value, Mapping):
        for key, item in value.items():
            found[f"{above}.{key}"] = origin
            found |= _below(item, f"{above}.{key}", origin)
    return found
