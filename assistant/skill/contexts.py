"""The contexts of the loaded skills: one for each, made when first needed and made anew after a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assistant.skill import scheduling
from assistant.skill.api import Context
from assistant.skill.around import FactMemory, House, Location
from assistant.skill.loader import Skills, run_hook
from assistant.skill.making import LoadedSkill
from assistant.skill.services import Services
from assistant.skill.store import Stores


@dataclass(frozen=True, slots=True)
class Frame:
    """What all contexts have in common.

    Attributes:
        house: the assistant around the skills.
        stores: their memories.
        data: the folder in which each skill has its own.
        language, units, location: the user's.
        facts: what the user has asked to be remembered; None where nothing is.
    """

    house: House
    stores: Stores
    data: Path
    language: str = "en"
    units: str = "metric"
    location: Location | None = None
    facts: FactMemory | None = None


@dataclass
class Contexts(Mapping[str, Context]):
    """Skill name → context.

    Args:
        skills: what is loaded.
        frame: what the contexts have in common.
    """

    skills: Skills
    frame: Frame
    _made: dict[str, Context] = field(default_factory=dict)
    _services: dict[str, Services] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Context:
        if name not in self._made:
            skill = self.skills.get(name)
            if skill is None:
                raise KeyError(name)
            self._made[name] = self._context(skill)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter([skill.name for skill in self.skills.skills])

    def __len__(self) -> int:
        return len(self.skills.skills)

    async def start(self, *names: str) -> None:
        """Start the named skills, or all of them: ``on_start``, then what they have scheduled."""
        for skill in self._named(names):
            await run_hook(skill, skill.on_start, self)
            self.skills.refresh_lists(skill.name)
            if not skill.missing:
                scheduling.wake_up(self[skill.name])

    async def stop(self, *names: str) -> None:
        """Run ``on_stop`` of the named skills, or of all of them, in reverse order."""
        for skill in reversed(self._named(names)):
            await run_hook(skill, skill.on_stop, self)

    async def close(self, *names: str) -> None:
        """Close what the named skills, or all of them, have open; when their background tasks have ended."""
        for name in names or list(self._services):
            self._made.pop(name, None)
            services = self._services.pop(name, None)
            if services is not None:
                await services.close()

    def _named(self, names: tuple[str, ...]) -> list[LoadedSkill]:
        return [skill for skill in self.skills.skills if not names or skill.name in names]

    def _context(self, skill: LoadedSkill) -> Context:
        frame = self.frame
        given = self.skills.loading.settings.given.get(skill.name, {})
        services = Services(skill.name, frame.data / "skills" / skill.name, frame.language, given)
        self._services[skill.name] = services
        return Context(
            skill.name,
            frame.house,
            frame.stores.open(skill.name),
            frame.language,
            frame.units,
            skill.settings,
            replies=skill.replies,
            location=frame.location,
            services=services,
            on_due=skill.on_due,
            relist=partial(self.skills.refresh_lists, skill.name),
            memory=frame.facts,
        )
