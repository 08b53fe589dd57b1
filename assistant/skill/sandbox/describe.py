"""What a child tells about its skill, and the module of stand-ins that the parent makes of it."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from assistant.intent.template import SlotType
from assistant.skill.api import Context, Entries, SkillSpec
from assistant.skill.sandbox.codec import Unfit, decode, decode_annotation, encode, encode_annotation
from assistant.skill.sandbox.frames import Malformed
from assistant.skill.sandbox.text import printable

HOOKS = ("on_start", "on_stop", "on_due")
_MOST = 1_000
"""Functions, templates, examples … of one skill."""

Call = Callable[[str, Context, Mapping[str, Any]], Any]
Entry = Callable[[str, str], Entries]


def description(module: ModuleType, functions: Sequence[Callable[..., Any]]) -> dict[str, Any]:
    """A skill as JSON: its functions' signatures and sentences, and which hooks it has.

    Raises:
        Unfit: something of it cannot be told.
    """
    return {
        "doc": inspect.getdoc(module) or "",
        "functions": [_function(each) for each in functions],
        "lists": encode(lists_of(functions)),
        "hooks": [name for name in HOOKS if callable(getattr(module, name, None))],
    }


def _function(function: Callable[..., Any]) -> dict[str, Any]:
    plain = inspect.unwrap(function)
    spec: SkillSpec = function.__skill__  # type: ignore[attr-defined]
    hints = typing.get_type_hints(function)
    parameters = list(inspect.signature(function).parameters.values())
    return {
        "name": plain.__name__,
        "doc": inspect.getdoc(function) or "",
        "place": [plain.__code__.co_filename, plain.__code__.co_firstlineno],
        "templates": list(spec.templates),
        "examples": list(spec.examples),
        "rules": dict(spec.rules),
        "pure": spec.pure,
        "dangerous": spec.dangerous,
        "parameters": [[each.name, _annotation(hints.get(each.name, str), each.name in spec.slots),
                        each.default is each.empty]
                       for each in parameters[1:] if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)],
        "context": bool(parameters),
        "slots": {name: _source(name, source) for name, source in spec.slots.items()},
    }  # fmt: skip


def _annotation(annotation: Any, listed: bool) -> Any:
    """Of no account where a list says what the values are."""
    try:
        return encode_annotation(annotation)
    except Unfit:
        if listed:
            return "str"
        raise


def _source(name: str, source: Any) -> Any:
    if _is_function(source):
        return {"dynamic": True}
    try:
        return {"fixed": encode(source)}
    except Unfit as error:
        raise Unfit(f"the list {{{name}}}: {error}") from None


def lists_of(functions: Iterable[Callable[..., Any]]) -> dict[str, dict[str, Any]]:
    """Function → list → entries as they are now, of the lists that functions provide; one that fails is empty."""
    return {
        inspect.unwrap(each).__name__: {
            name: _entries(source)
            for name, source in each.__skill__.slots.items()  # type: ignore[attr-defined]
            if _is_function(source)
        }
        for each in functions
    }


def _is_function(source: Any) -> bool:
    return not isinstance(source, SlotType) and callable(source)


def _entries(source: Callable[[], Entries]) -> Any:
    try:
        entries = source()
        found = dict(entries) if isinstance(entries, Mapping) else list(entries)
        encode(found)
    except Exception:  # a skill's code may raise anything; it will be asked again
        return []
    return found


def stand_in(told: Mapping[str, Any], name: str, call: Call, entries: Entry) -> ModuleType:
    """A module whose functions look like the skill's and call the child.

    Args:
        told: by the child, a stranger.
        name: of the module.
        call: function name, context, slots → a coroutine for its reply.
        entries: function name, list name → the list's entries now.

    Raises:
        Malformed: what was told is no description of a skill.
    """
    module = ModuleType(name, printable(str(told["doc"])[:10_000]))
    try:
        for each in _bounded(told["functions"]):
            function = _stand_in(each, name, call, entries)
            setattr(module, function.__name__, function)
    except Malformed:
        raise
    except Exception as error:  # whatever a stranger's values lead to
        raise Malformed(f"it described itself wrongly: {type(error).__name__}: {error}") from None
    return module


def _stand_in(told: Mapping[str, Any], module: str, call: Call, entries: Entry) -> Callable[..., Any]:
    name = _identifier(told["name"])

    async def function(ctx: Context, **slots: Any) -> Any:
        return await call(name, ctx, slots)

    file, line = told["place"]
    # errors name the place in the skill's file, which the parent has not imported
    function.__code__ = function.__code__.replace(co_filename=str(file), co_firstlineno=int(line), co_name=name)
    function.__name__ = function.__qualname__ = name
    function.__module__ = module
    function.__doc__ = printable(str(told["doc"])[:10_000])
    kinds = {_identifier(each): decode_annotation(kind) for each, kind, _ in told["parameters"]}
    needed = {each: bool(required) for each, _, required in told["parameters"]}
    function.__annotations__ = kinds
    function.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
        *([inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD)] if told["context"] else []),
        *(inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY,
                            default=inspect.Parameter.empty if needed[each] else None) for each in kinds),
    ])  # fmt: skip
    slots = {_identifier(each): _origin(name, each, source, entries) for each, source in told["slots"].items()}
    texts = {key: tuple(printable(str(each)) for each in _bounded(told[key])) for key in ("templates", "examples")}
    rules = {_identifier(key): str(rule) for key, rule in told["rules"].items()}
    spec = SkillSpec(
        texts["templates"], texts["examples"], slots, rules, bool(told["pure"]), bool(told.get("dangerous"))
    )
    function.__skill__ = spec  # type: ignore[attr-defined]
    return function


def _origin(function: str, name: str, source: Mapping[str, Any], entries: Entry) -> Any:
    if "dynamic" in source:
        return lambda: entries(function, name)
    return decode(source["fixed"])


def _identifier(value: Any) -> str:
    if isinstance(value, str) and value.isidentifier() and not value.startswith("__"):
        return value
    raise Malformed(f"it called something {value!r}")


def _bounded(values: Any) -> list[Any]:
    if not isinstance(values, list) or len(values) > _MOST:
        raise Malformed(f"more than {_MOST} functions, templates or examples")
    return values
