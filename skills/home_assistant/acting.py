"""From what was said to entities, and from a service call to a state that confirms it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from assistant import Context, SkillError

from .home import Entity, Home
from .targets import Reached
from .trouble import Trouble

if TYPE_CHECKING:
    from .link import Link

SWITCHABLE = (
    "light", "switch", "fan", "media_player", "input_boolean", "climate", "humidifier", "siren", "remote", "automation",
)  # fmt: skip
CAN_BE = {
    **dict.fromkeys(("on", "off"), (*SWITCHABLE, "binary_sensor")),
    **dict.fromkeys(("open", "closed"), ("cover", "binary_sensor")),
    **dict.fromkeys(("locked", "unlocked"), ("lock",)),
}
"""What can be in a state that is asked for."""
THINGS = (*SWITCHABLE, "binary_sensor", "cover", "lock", "sensor", "person", "vacuum", "weather")
_FIRST_WAIT_S = 3.0


class House:
    """The one Home Assistant of this skill.

    Attributes:
        home: what is known of it.
    """

    def __init__(self) -> None:
        self.home = Home()
        self._link: Link | None = None

    async def start(self, ctx: Context) -> None:
        """Begin to keep up with it; without names on disk, wait a moment for the first ones."""
        self.home.language = ctx.language
        kept = await asyncio.to_thread(ctx.store.get, "home")
        if kept is not None:
            self.home.restore(kept)
        from .link import Link  # websockets is not imported for those who have no Home Assistant

        token = await asyncio.to_thread(ctx.secrets.get, "token") or ""
        self._link = Link(str(ctx.settings["url"]), token, self.home, lambda: ctx.spawn(self._keep(ctx)))
        ctx.spawn(self._link.run())
        if kept is None:
            with suppress(Trouble):
                await self._link.ready(_FIRST_WAIT_S)

    async def _keep(self, ctx: Context) -> None:
        saved = self.home.saved()
        if await asyncio.to_thread(ctx.store.get, "home") != saved:
            await asyncio.to_thread(ctx.store.put, "home", saved)

    async def ready(self, ctx: Context) -> None:
        """Wait until the states are known.

        Raises:
            SkillError: Home Assistant cannot be used; the text says why.
        """
        try:
            if self._link is None:
                raise Trouble("unreachable")
            await self._link.ready()
        except Trouble as trouble:
            raise SkillError(ctx.reply(trouble.key)) from trouble

    async def find(self, ctx: Context, name: str, domains: Collection[str]) -> list[Entity]:
        """The one entity of a plain name; the user is asked when rooms have one each.

        Raises:
            SkillError: there is none, or Home Assistant cannot be used.
        """
        await self.ready(ctx)
        found = self.home.named(name, domains)
        if not found:
            raise SkillError(ctx.reply("not_found", name=name))
        places = {self.home.area_name(each.area): each for each in found if each.area}
        if len(found) == 1 or len(places) < len(found):
            return found[:1]
        chosen = await ctx.ask(ctx.reply("which", name=found[0].name, places=list(places)), places)
        return [chosen]

    async def inside(self, ctx: Context, area: str, domains: Collection[str]) -> list[Entity]:
        """The entities of an area that can be reached.

        Raises:
            SkillError: there is none, or Home Assistant cannot be used.
        """
        await self.ready(ctx)
        found = [each for each in self.home.inside(area, domains) if each.there]
        if not found:
            raise SkillError(ctx.reply("nothing_there"))
        return found

    async def act(
        self, ctx: Context, entities: Sequence[Entity], service: str, data: Mapping[str, Any], reached: Reached
    ) -> None:
        """Call a service, and wait for the states to say that it is done.

        Raises:
            SkillError: it cannot be reached or refuses, or no state confirms it in time.
        """
        if not any(each.there for each in entities):
            raise SkillError(ctx.reply("gone", name=_names(entities)))
        try:
            assert self._link is not None
            await self._link.call(service, [each.id for each in entities], data)
        except Trouble as trouble:
            raise SkillError(ctx.reply(trouble.key)) from trouble
        patience = float(ctx.settings.get("patience") or 4.0)
        if not await self.home.until(lambda: all(map(reached, self.home.now(entities))), patience):
            late = [each for each in self.home.now(entities) if not reached(each)]
            raise SkillError(ctx.reply("unconfirmed", name=_names(late)))


def _names(entities: Sequence[Entity]) -> list[str]:
    return [each.name for each in entities[:3]]
