"""Find skills in folders and packages, load each on its own, and make one grammar of them."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock
from types import MappingProxyType

from assistant.errors import ConfigError
from assistant.intent.template import Grammar
from assistant.skill.api import Context, Entries
from assistant.skill.binding import Handler, Problem, as_mapping, place_of, templates_of
from assistant.skill.importing import Found, Skipped, find, find_packages
from assistant.skill.making import Hook, Isolate, LoadedSkill, Loading, ask_lists, make, translated
from assistant.skill.settings import SkillSettings

__all__ = ["Found", "Handler", "Isolate", "LoadedSkill", "Loading", "Problem", "Skills", "load_skills"]

_log = logging.getLogger(__name__)


class Skills:
    """Every loaded skill, and what they understand together.

    Attributes:
        skills: in the order in which they were found.
        handlers: intent → handler.
        problems: what was wrong while loading; skipped skills first.
        grammar: what can be understood; a new object after :meth:`refresh_lists` or :meth:`put` changed something.
        loading: how they were loaded.
    """

    def __init__(
        self, skills: Sequence[LoadedSkill], problems: Sequence[Problem] = (), loading: Loading | None = None
    ) -> None:
        self.loading = loading or Loading()
        self.problems = sorted(problems, key=lambda problem: not problem.skipped)
        self._spoken: dict[str, Skills] = {}
        self._originals: dict[str, LoadedSkill] = {}
        self._translating = RLock()
        self._take(skills)

    def _take(self, skills: Sequence[LoadedSkill]) -> None:
        self.skills = tuple(skills)
        self.handlers = {handler.intent: handler for skill in skills for handler in skill.handlers}
        self.grammar = self._grammar()
        with self._translating:
            for other in self._spoken.values():
                other._translate(self.skills)

    def spoken(self, language: str) -> Skills:
        """The same skills as they are asked for and answer in a language.

        They are not loaded again, only their sentences and words are read, when that language is first needed; the
        result follows what happens to these. A skill without a sentence in it is there, and cannot be asked.
        """
        if language == self.loading.language:
            return self
        with self._translating:
            if language not in self._spoken:
                self._spoken[language] = other = Skills((), (), replace(self.loading, language=language))
                other._translate(self.skills)
            return self._spoken[language]

    def _translate(self, originals: Sequence[LoadedSkill]) -> None:
        """Take the skills of another language; those that were translated already are kept."""
        known = {skill.name: skill for skill in self.skills}
        skills, problems = list[LoadedSkill](), list[Problem]()
        for original in originals:
            try:
                kept = known.get(original.name) if self._originals.get(original.name) is original else None
                skills.append(kept or translated(original, self.loading, problems))
            except Skipped as error:
                problems.append(error.problem)
        for problem in problems:
            _log.warning("%s", problem)
        self.problems = problems
        self._originals = {skill.name: skill for skill in originals}
        self._take(skills)

    @property
    def needing(self) -> dict[str, tuple[str, ...]]:
        """Skill → the required settings that are not set; it is not listened for until they are."""
        return {skill.name: skill.missing for skill in self.skills if skill.missing}

    @property
    def dormant(self) -> Grammar:
        """What the skills of :attr:`needing` would understand."""
        asleep = [skill for skill in self.skills if skill.missing]
        return Grammar(tuple(template for skill in asleep for made in skill.templates.values() for template in made))

    def set_up(self, intent: str) -> tuple[str, str]:
        """The title of a dormant intent's skill, and the command that sets it up."""
        skill = self.get(intent.partition(".")[0])
        assert skill is not None
        return skill.title, f"assistant skill config {skill.name} {' '.join(f'{name}=…' for name in skill.missing)}"

    @property
    def without_language(self) -> tuple[str, ...]:
        """Skills that have no sentences in the language that they were loaded for."""
        return tuple(skill.name for skill in self.skills if not skill.understood)

    def get(self, name: str) -> LoadedSkill | None:
        """A skill by its name."""
        return next((skill for skill in self.skills if skill.name == name), None)

    def examples(self) -> Mapping[str, Sequence[str]]:
        """Skill title → example sentences."""
        return {skill.title: skill.examples for skill in self.skills if skill.examples and not skill.missing}

    def refresh_lists(self, *names: str) -> bool:
        """Ask the functions that provide lists again; True if anything changed and the grammar is new.

        A function that fails now leaves its list as it was.

        Args:
            names: of the skills to ask; none for all of them.
        """
        changed = False
        for skill in self.skills:
            if names and skill.name not in names:
                continue
            for handler in skill.handlers:
                if handler.dynamic and not skill.missing:
                    changed = self._refresh(skill, handler) or changed
        if changed:
            self.grammar = self._grammar()
        for other in tuple(self._spoken.values()):
            changed = other.refresh_lists(*names) or changed
        return changed

    def _refresh(self, skill: LoadedSkill, handler: Handler) -> bool:
        try:
            lists = ask_lists(handler)
            if lists == skill.lists[handler.intent]:
                return False
            skill.templates[handler.intent] = templates_of(handler, lists)
        except ConfigError as error:
            _log.warning("%s: %s", handler.place, error)
            return False
        skill.lists[handler.intent] = lists
        return True

    def _grammar(self) -> Grammar:
        heard = [skill for skill in self.skills if not skill.missing]
        templates = [template for skill in heard for made in skill.templates.values() for template in made]
        examples: dict[str, str] = {}
        for skill in heard:
            for handler in skill.handlers:
                for example in handler.spec.examples:
                    examples.setdefault(example, handler.intent)
        said = [(skill.manifest.share, skill.handlers) for skill in heard if skill.manifest]
        shares = {handler.intent: share for share, handlers in said for handler in handlers}
        return Grammar(tuple(templates), examples, shares)

    def prepare(self, found: Found) -> LoadedSkill | Problem:
        """Load a skill, or load it again after a change, without putting it to use: a problem if that fails."""
        problems = list[Problem]()
        try:
            return make(found, self.loading, problems, fresh=True)
        except Skipped as error:
            return error.problem

    def put(self, skill: LoadedSkill) -> None:
        """Put a skill to use, in the place of the one of its name if there is one; the grammar is new."""
        others = [skill if each.name == skill.name else each for each in self.skills]
        self._take(others if skill in others else [*others, skill])

    def remove(self, name: str) -> None:
        """Do without a skill; the grammar is new."""
        self._take([skill for skill in self.skills if skill.name != name])

    def reload(self, name: str) -> Problem | None:
        """Load a skill again from its files, in place; if that fails its last good version stays, and this says why.

        Its hooks are not run: see :meth:`assistant.app.Mind.reload`.
        """
        skill = self.get(name)
        if skill is None or skill.found is None:
            return Problem(name, name, "there is no such skill", skipped=True)
        made = self.prepare(skill.found)
        if isinstance(made, Problem):
            return made
        self.put(made)
        return None

    async def start(self, contexts: Mapping[str, Context]) -> None:
        """Run the skills' ``on_start(ctx)``; one that fails is logged and does not stop the others."""
        for skill in self.skills:
            await run_hook(skill, skill.on_start, contexts)

    async def stop(self, contexts: Mapping[str, Context]) -> None:
        """Run the skills' ``on_stop(ctx)``, in reverse order."""
        for skill in reversed(self.skills):
            await run_hook(skill, skill.on_stop, contexts)


async def run_hook(skill: LoadedSkill, hook: Hook | None, contexts: Mapping[str, Context]) -> None:
    """Run ``on_start`` or ``on_stop``; a failure is logged."""
    if hook is None or skill.missing:
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
    language: str = "en",
    *,
    settings: SkillSettings | None = None,
    isolate: Isolate | None = None,
    installed: Iterable[Found] = (),
    packages: bool = False,
) -> Skills:
    """Load every skill in some folders.

    A skill is a file ``name.py`` or a folder ``name/__init__.py``; names that begin with ``_`` or ``.`` are
    ignored. Of two skills with one name, the one found later is taken, so that a user can replace a
    shipped one. A skill that cannot be loaded is skipped and named in ``problems``.

    Args:
        folders: in order; one that does not exist is ignored.
        disabled: names of skills to leave out.
        lists: lists from the configuration; any template can name them, ``{room}``.
        language: ISO 639-1 code of the conversation; skills without sentences in it are not listened for.
        settings: what the user has set.
        isolate: loads a skill into a process of its own.
        installed: what ``assistant skill install`` has installed.
        packages: whether to look for skills of installed packages.

    Raises:
        ConfigError: one of those lists is wrong.
    """
    for name, entries in lists.items():
        as_mapping(entries, name)
    loading = Loading(language.partition("-")[0], lists, settings or SkillSettings(), isolate)
    skills, problems = list[LoadedSkill](), list[Problem]()
    wanted: dict[str, Found | Problem] = dict(find_packages(disabled)) if packages else {}
    wanted |= {found.name: found for found in installed if found.name not in disabled}
    for found in {**wanted, **find(folders, disabled)}.values():
        try:
            if isinstance(found, Problem):
                raise Skipped(found)
            skills.append(make(found, loading, problems))
        except Skipped as error:
            problems.append(error.problem)
    for problem in problems:
        _log.warning("%s", problem)
    return Skills(skills, problems, loading)
