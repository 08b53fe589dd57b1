"""The house as Home Assistant tells it: entities, their states, and the areas they are in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .naming import forms, plain

_GONE = ("unavailable",)


@dataclass(frozen=True, slots=True)
class Entity:
    """A light, a lock, a sensor …

    Attributes:
        id: ``light.kitchen``.
        name: what people call it.
        state, attributes: as Home Assistant has them.
        changed: when the state was last changed, as text.
        area: id of the area, or empty.
        aliases: other names.
    """

    id: str
    name: str
    state: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    changed: str = ""
    area: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        """``light``."""
        return self.id.partition(".")[0]

    @property
    def there(self) -> bool:
        """Whether Home Assistant can reach it."""
        return self.state not in _GONE


@dataclass(frozen=True, slots=True)
class Registries:
    """What Home Assistant has registered: the raw lists of its areas, devices and entities."""

    areas: Sequence[Mapping[str, Any]] = ()
    devices: Sequence[Mapping[str, Any]] = ()
    entities: Sequence[Mapping[str, Any]] = ()


class Home:
    """What is known of the house; empty until something has been read.

    Attributes:
        entities: id → entity.
        areas: id → its names, the first one its own.
        language: in which names are said.
    """

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}
        self.areas: dict[str, tuple[str, ...]] = {}
        self.language = "en"
        self._changed = asyncio.Event()

    def read(self, states: Sequence[Mapping[str, Any]], known: Registries) -> None:
        """Take everything anew; what is hidden or disabled is left out."""
        entries = {each["entity_id"]: each for each in known.entities}
        places = {each["id"]: each.get("area_id") or "" for each in known.devices}
        self.areas = {each["area_id"]: (each["name"], *each.get("aliases", ())) for each in known.areas}
        self.entities = {}
        for state in states:
            entry = entries.get(state["entity_id"], {})
            if not entry.get("hidden_by") and not entry.get("disabled_by"):
                area = entry.get("area_id") or places.get(entry.get("device_id") or "", "")
                aliases = tuple(each for each in entry.get("aliases", ()) if each)
                self.entities[state["entity_id"]] = replace(_entity(state), area=area, aliases=aliases)
        self._changed.set()

    def update(self, entity_id: str, state: Mapping[str, Any] | None) -> None:
        """Take a changed state; None when the entity is gone."""
        if state is None:
            self.entities.pop(entity_id, None)
        else:
            before = self.entities.get(entity_id)
            fresh = _entity(state)
            self.entities[entity_id] = fresh if before is None else replace(
                fresh, area=before.area, aliases=before.aliases
            )  # fmt: skip
        self._changed.set()

    async def until(self, reached: Callable[[], bool], seconds: float) -> bool:
        """Wait for something to become true of the house; False when it does not in time."""
        try:
            async with asyncio.timeout(seconds):
                while not reached():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def now(self, entities: Collection[Entity]) -> list[Entity]:
        """The same entities as they are now."""
        return [self.entities[each.id] for each in entities if each.id in self.entities]

    def named(self, name: str, domains: Collection[str]) -> list[Entity]:
        """The entities of some domains that have a plain name."""
        return [each for each in self._of(domains) if name in map(plain, (each.name, *each.aliases))]

    def inside(self, area: str, domains: Collection[str]) -> list[Entity]:
        """The entities of some domains in an area, everywhere for an empty one."""
        return [each for each in self._of(domains) if area in ("", each.area)]

    def names(self, domains: Collection[str]) -> dict[str, str]:
        """What can be said for the entities of some domains → plain name."""
        found = [plain(name) for each in self._of(domains) for name in (each.name, *each.aliases)]
        return {form: name for name in found if name for form in forms(name, self.language)}

    def area_names(self) -> dict[str, str]:
        """What can be said for the areas → id."""
        pairs = [(plain(name), area) for area, names in self.areas.items() for name in names]
        return {form: area for name, area in pairs if name for form in forms(name, self.language)}

    def area_name(self, area: str) -> str:
        """What an area is called."""
        return self.areas.get(area, ("",))[0]

    def _of(self, domains: Collection[str]) -> list[Entity]:
        return [each for each in self.entities.values() if each.domain in domains]

    # --- on disk ---------------------------------------------------------------------------------

    def saved(self) -> dict[str, Any]:
        """What is kept for a start without Home Assistant: names and areas; states would be lies."""
        kept = [asdict(replace(each, state="unknown", attributes={}, changed="")) for each in self.entities.values()]
        return {"entities": kept, "areas": {area: list(names) for area, names in self.areas.items()}}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Take what was kept."""
        made = [Entity(**{**each, "aliases": tuple(each["aliases"])}) for each in kept["entities"]]
        self.entities = {each.id: each for each in made}
        self.areas = {area: tuple(names) for area, names in kept["areas"].items()}


def _entity(state: Mapping[str, Any]) -> Entity:
    attributes = state.get("attributes", {})
    name = str(attributes.get("friendly_name") or state["entity_id"].partition(".")[2].replace("_", " "))
    return Entity(state["entity_id"], name, str(state["state"]), attributes, str(state.get("last_changed", "")))
