"""From what was found on the disk to a loaded skill: manifest, sentences, words, functions."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from assistant.errors import ConfigError
from assistant.intent.template import Template
from assistant.skill.api import Entries
from assistant.skill.binding import Handler, Problem, bind, entries_of, marked_with, place_of, shown, templates_of
from assistant.skill.files import BadFile, wrong
from assistant.skill.importing import Found, Skipped, import_skill, one_line
from assistant.skill.manifest import Manifest, read_manifest
from assistant.skill.responses import Replies, read_responses
from assistant.skill.sentences import Sentences, languages_of, read_sentences
from assistant.skill.settings import SkillSettings

Hook = Callable[..., Awaitable[None] | None]


@dataclass(slots=True, eq=False)
class LoadedSkill:
    """One skill.

    Attributes:
        name: the file's or folder's name without suffix.
        title: what its manifest says, else the first line of its docstring, without the full stop.
        path: where it was found.
        handlers: its functions, in the order of the file.
        on_start, on_stop: hooks, if it has them.
        lists: intent → list name → entries, of the lists that functions provide.
        templates: intent → templates.
        on_due: hook for what it has scheduled, if it has one.
        manifest: what ``skill.yaml`` says, if it has one.
        settings: its settings, with their defaults.
        missing: required settings that are not set; it is not listened for until they are.
        replies: its words in the language that it was loaded for.
        languages: those it has sentences in.
        found: where it came from.
    """

    name: str
    title: str
    path: Path
    handlers: tuple[Handler, ...]
    on_start: Hook | None = None
    on_stop: Hook | None = None
    lists: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    templates: dict[str, list[Template]] = field(default_factory=dict)
    on_due: Hook | None = None
    manifest: Manifest | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    replies: Replies = field(default_factory=Replies)
    languages: tuple[str, ...] = ("en",)
    found: Found | None = None

    @property
    def examples(self) -> tuple[str, ...]:
        """Sentences that reach it."""
        return tuple(example for handler in self.handlers for example in handler.spec.examples)

    @property
    def understood(self) -> bool:
        """Whether it can be reached by a sentence in the language that it was loaded for."""
        return any(self.templates.values())


@dataclass(frozen=True, slots=True)
class Loading:
    """How skills are loaded.

    Attributes:
        language: ISO 639-1 code of the conversation.
        lists: lists from the configuration; any template can name them, ``{room}``.
        settings: what the user has set.
        isolate: loads a skill into a process of its own; None where that cannot be done.
    """

    language: str = "en"
    lists: Mapping[str, Entries] = field(default_factory=dict)
    settings: SkillSettings = field(default_factory=SkillSettings)
    isolate: Isolate | None = None


Isolate = Callable[[Found, Manifest | None, Loading], LoadedSkill]
"""Loads a skill into a process of its own; raises :class:`assistant.skill.importing.Skipped` if it cannot."""


def make(found: Found, loading: Loading, problems: list[Problem], *, fresh: bool = False) -> LoadedSkill:
    """Load one skill.

    Args:
        problems: what is wrong with it without keeping it from working is added here.
        fresh: it was loaded before and may have changed since.

    Raises:
        Skipped: it cannot be loaded.
    """
    try:
        manifest = _manifest(found)
        if found.isolated or (manifest is not None and manifest.isolated):
            return _isolated(found, manifest, loading)
        skill = described(found, manifest, loading)
        sentences = read_sentences(found.path, loading.language) if found.folder else None
    except BadFile as error:
        raise Skipped(Problem(found.name, error.place, error.text, skipped=True)) from error
    module = import_skill(found, fresh=fresh)
    skill.title = skill.title or (inspect.getdoc(module) or found.name).strip().split("\n", 1)[0].rstrip(".")
    add_functions(skill, functions_of(module, found), sentences, loading, problems)
    for name in ("on_start", "on_stop", "on_due"):
        setattr(skill, name, getattr(module, name, None))
    return skill


def _manifest(found: Found) -> Manifest | None:
    manifest = read_manifest(found.folder) if found.folder is not None else None
    if manifest is not None and manifest.name != found.name and not found.module:
        place = f"{shown(found.path / 'skill.yaml')}:1"
        raise BadFile(place, f"name must be {found.name}, as the folder is named, not {manifest.name!r}")
    return manifest


def _isolated(found: Found, manifest: Manifest | None, loading: Loading) -> LoadedSkill:
    if loading.isolate is None:
        text = "it runs only in a process of its own, which is not to be had here"
        raise Skipped(Problem(found.name, shown(found.path), text, skipped=True))
    return loading.isolate(found, manifest, loading)


def described(found: Found, manifest: Manifest | None, loading: Loading) -> LoadedSkill:
    """A skill without its functions yet: settings and words.

    Raises:
        assistant.skill.files.BadFile: a file of it is wrong.
        Skipped: its settings are wrong.
    """
    skill = LoadedSkill(found.name, "", found.path, (), manifest=manifest, found=found)
    try:
        if manifest is None:
            skill.settings = loading.settings.of(found.name)
        else:
            skill.title = manifest.title
            skill.settings = loading.settings.checked(manifest)
            skill.missing = loading.settings.missing(manifest)
    except BadFile:
        raise
    except ConfigError as error:
        raise Skipped(Problem(found.name, "settings", one_line(error), skipped=True)) from error
    if found.folder is not None:
        skill.replies = read_responses(found.folder, loading.language)
        skill.languages = languages_of(found.folder) or skill.languages
    return skill


def translated(skill: LoadedSkill, loading: Loading, problems: list[Problem]) -> LoadedSkill:
    """A loaded skill as it is asked for and answers in another language: the same functions, hooks and settings.

    Args:
        loading: with that language.

    Raises:
        Skipped: a file of that language is wrong.
    """
    made = replace(skill, handlers=(), lists={}, templates={}, replies=Replies(loading.language))
    found, sentences = skill.found, None
    try:
        if found is not None and found.folder is not None:
            made.replies = read_responses(found.folder, loading.language)
            sentences = read_sentences(found.path, loading.language)
    except BadFile as error:
        raise Skipped(Problem(skill.name, error.place, error.text, skipped=True)) from error
    add_functions(made, [handler.function for handler in skill.handlers], sentences, loading, problems)
    return made


def functions_of(module: ModuleType, found: Found) -> list[Callable[..., Any]]:
    """The functions that a module marks with ``@skill``.

    Raises:
        Skipped: there is none.
    """
    functions = [value for value in vars(module).values() if _is_ours(value, module)]
    if not functions:
        text = "no function in it is marked with @skill"
        raise Skipped(Problem(found.name, f"{shown(found.source)}:1", text, skipped=True))
    return functions


def add_functions(
    skill: LoadedSkill,
    functions: Iterable[Callable[..., Any]],
    sentences: Sentences | None,
    loading: Loading,
    problems: list[Problem],
) -> None:
    """Bind functions and parse how they are asked for.

    Raises:
        Skipped: one of them is wrong.
    """
    for function in functions:
        try:
            handler = bind(skill.name, skill.title, function, loading.lists, sentences, loading.language)
            nothing = dict[str, dict[str, Any]]((name, {}) for name in handler.dynamic)
            dynamic = skill.lists[handler.intent] = nothing if skill.missing else _first_lists(handler, problems)
            skill.templates[handler.intent] = templates_of(handler, dynamic)
            skill.handlers = (*skill.handlers, handler)
            if marked_with(function).templates:
                skill.languages = tuple(sorted({*skill.languages, "en"}))
            elif not (skill.path.is_dir() and languages_of(skill.path)):
                text = f"{handler.intent} has no sentences: give @skill some, or write sentences/en.yaml beside it"
                problems.append(Problem(skill.name, handler.place, text))
        except ConfigError as error:
            place = place_of(function) if sentences is None else f"{place_of(function)} or {shown(sentences.path)}"
            raise Skipped(Problem(skill.name, place, one_line(error), skipped=True)) from error
    known = {handler.intent.partition(".")[2] for handler in skill.handlers}
    for name in sentences.intents if sentences is not None else ():
        if name not in known:
            assert sentences is not None
            bad = wrong(
                sentences.path, f"intents.{name}", f"has no function: write def {name}(ctx) marked with @skill()"
            )
            problems.append(Problem(skill.name, bad.place, bad.text))


def ask_lists(handler: Handler, only: str | None = None) -> dict[str, dict[str, Any]]:
    """The entries of a handler's dynamic lists, or of one of them, as they are now.

    Raises:
        ConfigError: a list's function failed.
    """
    names = sorted(handler.dynamic) if only is None else [only]
    return {name: entries_of(handler.sources[name], name) for name in names}  # type: ignore[arg-type]


def _is_ours(value: Any, module: ModuleType) -> bool:
    """Marked, and defined here rather than imported from elsewhere."""
    if not callable(value) or not hasattr(value, "__skill__"):
        return False
    home = getattr(value, "__module__", "")
    return home == module.__name__ or home.startswith(module.__name__ + ".")


def _first_lists(handler: Handler, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """The dynamic lists; one whose function fails is empty for now."""
    lists: dict[str, dict[str, Any]] = {}
    for name in handler.dynamic:
        try:
            lists.update(ask_lists(handler, name))
        except ConfigError as error:
            lists[name] = {}
            problems.append(Problem(handler.skill, handler.place, str(error)))
    return lists
