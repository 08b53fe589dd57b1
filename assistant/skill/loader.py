"""Find skills in folders, import each on its own, and make one grammar of them."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import sys
import traceback
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from assistant.errors import AssistantError, ConfigError
from assistant.intent.template import Grammar, Template
from assistant.skill.api import Context, Entries
from assistant.skill.binding import Handler, Problem, as_mapping, bind, entries_of, place_of, shown, templates_of

__all__ = ["Handler", "LoadedSkill", "Problem", "Skills", "load_skills"]

_log = logging.getLogger(__name__)
_PREFIX = "_assistant_skill_"

Hook = Callable[[Context], Awaitable[None] | None]


@dataclass(slots=True, eq=False)
class LoadedSkill:
    """One skill.

    Attributes:
        name: the file's or folder's name without suffix.
        title: the first line of its docstring, without the full stop.
        path: where it was found.
        handlers: its functions, in the order of the file.
        on_start, on_stop: hooks, if it has them.
        lists: intent → list name → entries, of the lists that functions provide.
    """

    name: str
    title: str
    path: Path
    handlers: tuple[Handler, ...]
    on_start: Hook | None = None
    on_stop: Hook | None = None
    lists: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    templates: dict[str, list[Template]] = field(default_factory=dict)

    @property
    def examples(self) -> tuple[str, ...]:
        """Sentences that reach it."""
        return tuple(example for handler in self.handlers for example in handler.spec.examples)


class Skills:
    """Every loaded skill, and what they understand together.

    Attributes:
        skills: in the order in which they were found.
        handlers: intent → handler.
        problems: what was wrong while loading; skipped skills first.
        grammar: what can be understood; a new object after :meth:`refresh_lists` changed something.
    """

    def __init__(self, skills: Sequence[LoadedSkill], problems: Sequence[Problem] = ()) -> None:
        self.skills = tuple(skills)
        self.handlers = {handler.intent: handler for skill in skills for handler in skill.handlers}
        self.problems = sorted(problems, key=lambda problem: not problem.skipped)
        self.grammar = self._grammar()

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Skill title → example sentences."""
        return {skill.title: skill.examples for skill in self.skills if skill.examples}

    def refresh_lists(self) -> bool:
        """Ask the functions that provide lists again; True if anything changed and the grammar is new.

        A function that fails now leaves its list as it was.
        """
        changed = False
        for skill in self.skills:
            for handler in skill.handlers:
                if handler.dynamic:
                    changed = self._refresh(skill, handler) or changed
        if changed:
            self.grammar = self._grammar()
        return changed

    def _refresh(self, skill: LoadedSkill, handler: Handler) -> bool:
        try:
            lists = _ask(handler)
            if lists == skill.lists[handler.intent]:
                return False
            skill.templates[handler.intent] = templates_of(handler, lists)
        except ConfigError as error:
            _log.warning("%s: %s", handler.place, error)
            return False
        skill.lists[handler.intent] = lists
        return True

    def _grammar(self) -> Grammar:
        templates = [template for skill in self.skills for made in skill.templates.values() for template in made]
        examples: dict[str, str] = {}
        for handler in self.handlers.values():
            for example in handler.spec.examples:
                examples.setdefault(example, handler.intent)
        return Grammar(tuple(templates), examples)

    async def start(self, contexts: Mapping[str, Context]) -> None:
        """Run the skills' ``on_start(ctx)``; one that fails is logged and does not stop the others."""
        for skill in self.skills:
            await _run_hook(skill, skill.on_start, contexts)

    async def stop(self, contexts: Mapping[str, Context]) -> None:
        """Run the skills' ``on_stop(ctx)``, in reverse order."""
        for skill in reversed(self.skills):
            await _run_hook(skill, skill.on_stop, contexts)


async def _run_hook(skill: LoadedSkill, hook: Hook | None, contexts: Mapping[str, Context]) -> None:
    if hook is None:
        return
    try:
        result = hook(contexts[skill.name])
        if inspect.isawaitable(result):
            await result
    except (Exception, SystemExit) as error:
        _log.error("skill %s: %s: %s: %s", skill.name, place_of(hook), type(error).__name__, error)


def load_skills(
    folders: Iterable[Path],
    disabled: Collection[str] = (),
    lists: Mapping[str, Entries] = MappingProxyType({}),
) -> Skills:
    """Load every skill in some folders.

    A skill is a file ``name.py`` or a folder ``name/__init__.py``; names that begin with ``_`` or ``.`` are
    ignored. Of two skills with one name, the one found later is taken, so that a user can replace a
    shipped one. A skill that cannot be loaded is skipped and named in ``problems``.

    Args:
        folders: in order; one that does not exist is ignored.
        disabled: names of skills to leave out.
        lists: lists from the configuration; any template can name them, ``{room}``.

    Raises:
        ConfigError: one of those lists is wrong.
    """
    for name, entries in lists.items():
        as_mapping(entries, name)
    found: dict[str, Path] = {}
    for folder in folders:
        for path in _candidates(folder):
            if path.stem not in disabled:
                found[path.stem] = path
    skills, problems = list[LoadedSkill](), list[Problem]()
    for name, path in found.items():
        try:
            skills.append(_load(name, path, problems, lists))
        except _SkippedError as error:
            problems.append(error.problem)
    for problem in problems:
        _log.warning("%s", problem)
    return Skills(skills, problems)


class _SkippedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _candidates(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(("_", ".")):
            continue
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            yield path


def _load(name: str, path: Path, problems: list[Problem], lists: Mapping[str, Entries]) -> LoadedSkill:
    module = _import(name, path)
    title = (inspect.getdoc(module) or name).strip().split("\n", 1)[0].rstrip(".")
    functions = [value for value in vars(module).values() if _is_ours(value, module)]
    if not functions:
        text = "no function in it is marked with @skill"
        raise _SkippedError(Problem(name, f"{shown(_source(path))}:1", text, skipped=True))
    skill = LoadedSkill(name, title, path, ())
    for function in functions:
        try:
            handler = bind(name, title, function, lists)
            dynamic = skill.lists[handler.intent] = _first_lists(handler, problems)
            skill.templates[handler.intent] = templates_of(handler, dynamic)
            skill.handlers = (*skill.handlers, handler)
        except ConfigError as error:
            raise _SkippedError(Problem(name, place_of(function), _one_line(error), skipped=True)) from error
    skill.on_start, skill.on_stop = getattr(module, "on_start", None), getattr(module, "on_stop", None)
    return skill


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
            lists.update(_ask(handler, name))
        except ConfigError as error:
            lists[name] = {}
            problems.append(Problem(handler.skill, handler.place, str(error)))
    return lists


def _ask(handler: Handler, only: str | None = None) -> dict[str, dict[str, Any]]:
    names = sorted(handler.dynamic) if only is None else [only]
    return {name: entries_of(handler.sources[name], name) for name in names}  # type: ignore[arg-type]


def _source(path: Path) -> Path:
    return path if path.suffix == ".py" else path / "__init__.py"


def _import(name: str, path: Path) -> ModuleType:
    """Import a skill under a private name that nothing else imports."""
    private = _PREFIX + name
    source = _source(path)
    search = None if source == path else [str(path)]
    spec = importlib.util.spec_from_file_location(private, source, submodule_search_locations=search)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    _forget(private)
    sys.modules[private] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        _forget(private)
        problem = Problem(name, _blame(error, path), f"{type(error).__name__}: {_one_line(error)}", skipped=True)
        raise _SkippedError(problem) from error
    return module


def _forget(private: str) -> None:
    for loaded in [key for key in sys.modules if key == private or key.startswith(private + ".")]:
        del sys.modules[loaded]


def _blame(error: BaseException, path: Path) -> str:
    """``file:line`` of the skill's own line that failed."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shown(Path(error.filename))}:{error.lineno or 1}"
    root = str(path)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(root)]
    return f"{shown(Path(frames[-1].filename))}:{frames[-1].lineno}" if frames else f"{shown(_source(path))}:1"


def _one_line(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    plain = " ".join(text.split())
    return plain if plain or isinstance(error, AssistantError) else type(error).__name__
