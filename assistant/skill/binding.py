"""From a function marked with ``@skill`` to a handler with slot types and templates."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.errors import ConfigError
from assistant.intent.slots import slot_type_for
from assistant.intent.template import (
    Alt,
    Node,
    Seq,
    Slot,
    SlotType,
    Tag,
    Template,
    TemplateParser,
    children,
    constant,
    list_type,
    whole_numbers,
)
from assistant.skill.api import Entries, SkillSpec, SlotSource
from assistant.skill.files import shown
from assistant.skill.marking import LocalSlotType
from assistant.skill.sentences import Phrasing, Sentences
from assistant.skill.tongue import Tongue, tongue

__all__ = [
    "Handler",
    "Problem",
    "as_mapping",
    "bind",
    "entries_of",
    "marked_with",
    "place_of",
    "shown",
    "slots_in",
    "templates_of",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a skill; ``str()`` is one line with the place to look at.

    Attributes:
        skill: the skill's name.
        place: ``file:line``.
        text: what is wrong.
        skipped: the skill was left out because of it.
    """

    skill: str
    place: str
    text: str
    skipped: bool = False

    def __str__(self) -> str:
        return f"skill {self.skill}{' skipped' if self.skipped else ''}: {self.place}: {self.text}"


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """A skill's function, ready to be called for its intent.

    Attributes:
        intent: ``skill.function``.
        skill, title: the skill's name, and the first line of its module's docstring.
        function: what ``@skill`` marked; its first parameter is the context.
        spec: what it was marked with, and how it is asked for in the language that it was bound for.
        doc: the first line of the function's docstring.
        parameters: slot name → annotation, without the context.
        required: slots without a default.
        sources: slot name → where its values come from, as declared.
        fixed: template → values of slots that it implies.
        language: ISO 639-1 code of the sentences.
    """

    intent: str
    skill: str
    title: str
    function: Callable[..., Any]
    spec: SkillSpec
    doc: str
    parameters: Mapping[str, Any]
    required: frozenset[str]
    sources: Mapping[str, SlotSource] = field(default_factory=dict)
    fixed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    language: str = "en"

    @property
    def place(self) -> str:
        """``file:line`` of the function."""
        return place_of(self.function)

    @property
    def dynamic(self) -> frozenset[str]:
        """Names of the lists that a function provides."""
        return frozenset(name for name, source in self.sources.items() if _is_function(source))


def place_of(function: Callable[..., Any]) -> str:
    """``file:line`` of a function."""
    code = inspect.unwrap(function).__code__
    return f"{shown(Path(code.co_filename))}:{code.co_firstlineno}"


def marked_with(function: Callable[..., Any]) -> SkillSpec:
    """What ``@skill`` recorded on a function."""
    spec: SkillSpec = function.__skill__  # type: ignore[attr-defined]
    return spec


def bind(
    skill: str,
    title: str,
    function: Callable[..., Any],
    lists: Mapping[str, Entries] = MappingProxyType({}),
    sentences: Sentences | None = None,
    language: str = "en",
) -> Handler:
    """Read a marked function's signature, and how it is asked for.

    Args:
        lists: the configuration's, by name; one that the skill declares itself comes first.
        sentences: the skill's in the language.
        language: what the user speaks; the templates that the decorator was given are English.

    Raises:
        ConfigError: it takes no context, or an annotation cannot be resolved.
    """
    spec = marked_with(function)
    name = inspect.unwrap(function).__name__
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].kind not in (parameters[0].POSITIONAL_ONLY, parameters[0].POSITIONAL_OR_KEYWORD):
        raise ConfigError(f"{name} needs a first parameter, the context: def {name}(ctx: Context, …)")
    try:
        hints = typing.get_type_hints(function)
    except Exception as error:  # whatever evaluating an annotation raises
        raise ConfigError(f"{name}: an annotation cannot be resolved: {error}") from error
    slots = [each for each in parameters[1:] if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    phrasing = sentences.intents.get(name, Phrasing()) if sentences is not None else Phrasing()
    return Handler(
        intent=f"{skill}.{name}",
        skill=skill,
        title=title,
        function=function,
        spec=_in_language(spec, phrasing, sentences, tongue(language)),
        doc=(inspect.getdoc(function) or "").split("\n", 1)[0].strip(),
        parameters={each.name: hints.get(each.name, str) for each in slots},
        required=frozenset(each.name for each in slots if each.default is each.empty),
        sources={**lists, **_localised(spec.slots, language), **_listed(sentences, tongue(language))},
        fixed=phrasing.fixed,
        language=language,
    )


def _in_language(spec: SkillSpec, phrasing: Phrasing, sentences: Sentences | None, spoken: Tongue) -> SkillSpec:
    """What the function was marked with, and its sentences in the file."""
    english = spoken.code == "en"
    return replace(
        spec,
        templates=(spec.templates if english else ()) + phrasing.templates,
        examples=(spec.examples if english else ()) + phrasing.examples,
        rules={**(spec.rules if english else spoken.rules), **(sentences.rules if sentences is not None else {})},
    )


def _localised(sources: Mapping[str, SlotSource], language: str) -> dict[str, SlotSource]:
    """Where values come from in a language."""
    return {name: each.of(language) if isinstance(each, LocalSlotType) else each for name, each in sources.items()}


def _listed(sentences: Sentences | None, spoken: Tongue) -> dict[str, SlotSource]:
    """The lists of a file of sentences."""
    if sentences is None:
        return {}
    ranges = {name: whole_numbers(spoken.slots["int"], allowed) for name, allowed in sentences.ranges.items()}
    return {**sentences.lists, **sentences.kinds, **ranges}


def entries_of(source: Callable[[], Entries], name: str) -> dict[str, Any]:
    """Ask a list's function for its entries now, as spoken form → value.

    Raises:
        ConfigError: it failed, or gave something else.
    """
    try:
        return as_mapping(source(), name)
    except ConfigError:
        raise
    except Exception as error:  # a skill's code may raise anything
        raise ConfigError(f"the function that lists {{{name}}} failed: {type(error).__name__}: {error}") from error


def as_mapping(entries: Any, name: str) -> dict[str, Any]:
    """A list's entries as spoken form → value.

    Raises:
        ConfigError: they are neither texts nor a mapping of texts.
    """
    if isinstance(entries, Mapping):
        pairs = dict(entries)
    elif isinstance(entries, Iterable) and not isinstance(entries, str):
        pairs = {text: text for text in entries}
    else:
        raise ConfigError(f"{{{name}}} needs a list or a mapping of spoken forms, not {entries!r}")
    wrong = next((text for text in pairs if not isinstance(text, str) or not text.strip()), None)
    if wrong is not None:
        raise ConfigError(f"{{{name}}} has an entry that cannot be said: {wrong!r}")
    return pairs


def _is_function(source: SlotSource) -> typing.TypeGuard[Callable[[], Entries]]:
    return callable(source) and not isinstance(source, SlotType)


def templates_of(handler: Handler, lists: Mapping[str, Mapping[str, Any]]) -> list[Template]:
    """Parse a handler's templates.

    Args:
        lists: entries of the handler's dynamic lists.

    Raises:
        ConfigError: a template is wrong, names an unknown slot, or can match without a required one.
    """
    parser = TemplateParser(_slot_types(handler, lists), handler.spec.rules)
    templates = [
        Template(handler.intent, text, _implying(parser.parse(text), handler.fixed.get(text, {})))
        for text in handler.spec.templates
    ]
    for template in templates:
        _check_slots(handler, template)
    return templates


def _implying(node: Node, values: Mapping[str, Any]) -> Node:
    """A template's node, along with the values that it implies."""
    return Seq((node, *(constant(name, value) for name, value in values.items()))) if values else node


def _slot_types(handler: Handler, lists: Mapping[str, Mapping[str, Any]]) -> dict[str, SlotType]:
    known = dict(tongue(handler.language).slots)
    for name, annotation in handler.parameters.items():
        if name not in handler.sources:
            try:
                kind = slot_type_for(annotation)
                known[name] = kind if kind.is_list else known.get(kind.name, kind)
            except ConfigError as error:
                raise ConfigError(f"the parameter {name} of {handler.intent}: {error}") from error
    for name, source in handler.sources.items():
        if isinstance(source, SlotType):
            known[name] = source
        else:
            known[name] = list_type(name, lists[name] if _is_function(source) else as_mapping(source, name))
    return known


def _check_slots(handler: Handler, template: Template) -> None:
    stray = slots_in(template.node) - set(handler.parameters)
    if stray:
        raise ConfigError(f"template {template.source!r}: {handler.intent} has no parameter {min(stray)!r}")
    missing = handler.required - always_filled(template.node)
    if missing:
        raise ConfigError(
            f"template {template.source!r} can match without {{{min(missing)}}}, which {handler.intent} needs; "
            "put it into every way to say it, or give the parameter a default"
        )


def slots_in(node: Node) -> set[str]:
    """Every slot that a node may fill."""
    if isinstance(node, Slot):
        return {node.name}
    return set[str]().union(*map(slots_in, children(node)))


def always_filled(node: Node) -> frozenset[str]:
    """The slots that every match of a node fills."""
    match node:
        case Slot(name, _):
            return frozenset((name,))
        case Tag(inner, _):
            return always_filled(inner)
        case Seq(items):
            return frozenset[str]().union(*map(always_filled, items))
        case Alt(items) if items:
            return frozenset.intersection(*map(always_filled, items))
    return frozenset()
