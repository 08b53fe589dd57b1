"""Home Assistant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal

from assistant import Context, Percentage, SkillError, skill
from assistant.skill.marking import SlotSource

from . import targets
from .acting import CAN_BE, SWITCHABLE, THINGS, House
from .home import Entity

_HOUSE = House()
_GATES = ("garage", "gate", "door")
_OPENINGS = ("door", "window", "garage_door", "opening")
_MOST = 4

_LISTED: Mapping[str, SlotSource] = {
    "device": partial(_HOUSE.home.names, SWITCHABLE),
    "lamp": partial(_HOUSE.home.names, ("light",)),
    "cover": partial(_HOUSE.home.names, ("cover",)),
    "lock": partial(_HOUSE.home.names, ("lock",)),
    "scene": partial(_HOUSE.home.names, ("scene", "script")),
    "thermostat": partial(_HOUSE.home.names, ("climate",)),
    "thing": partial(_HOUSE.home.names, THINGS),
    "area": _HOUSE.home.area_names,
}
"""Slot → what can be said in it now."""


def _listed(*names: str) -> dict[str, SlotSource]:
    return {name: _LISTED[name] for name in names}


async def on_start(ctx: Context) -> None:
    """Connect, in the background."""
    await _HOUSE.start(ctx)


# --- doing --------------------------------------------------------------------------------------


@skill(slots=_listed("device"))
async def switch(ctx: Context, to: Literal["on", "off"], device: str) -> str:
    """Switch a light or another device on or off."""
    found = await _HOUSE.find(ctx, device, SWITCHABLE)
    await _switch(ctx, found, to)
    return ctx.reply(f"is_{to}", name=found[0].name)


@skill(slots=_listed("area"))
async def switch_lights(ctx: Context, to: Literal["on", "off"], area: str = "") -> str:
    """Switch all lights of a room, or of the house, on or off."""
    found = await _HOUSE.inside(ctx, area, ("light",))
    await _switch(ctx, found, to)
    return ctx.reply(f"lights_{to}", n=len(found))


async def _switch(ctx: Context, entities: Sequence[Entity], to: Literal["on", "off"]) -> None:
    reached = targets.state(to)
    moved = [each for each in entities if not reached(each)]
    await _HOUSE.act(ctx, entities, f"homeassistant.turn_{to}", {}, reached)
    back: Literal["on", "off"] = "off" if to == "on" else "on"

    async def undo() -> None:
        await _HOUSE.act(ctx, moved, f"homeassistant.turn_{back}", {}, targets.state(back))

    if moved:
        ctx.undo(undo)


@skill(slots=_listed("lamp", "area"))
async def dim(ctx: Context, level: Percentage, lamp: str = "", area: str = "") -> str:
    """Set how bright a light, or the lights of a room, shall be."""
    found = await _lamps(ctx, lamp, area)
    percent = round(level)
    await _HOUSE.act(ctx, found, "light.turn_on", {"brightness_pct": percent}, targets.bright(percent))
    return ctx.reply("dimmed", name=_what(ctx, found, area), level=Percentage(percent))


@skill(slots=_listed("lamp", "area"))
async def colour(ctx: Context, colour: str, lamp: str = "", area: str = "") -> str:
    """Give a light, or the lights of a room, a colour."""
    found = await _lamps(ctx, lamp, area)
    await _HOUSE.act(ctx, found, "light.turn_on", {"color_name": colour}, targets.coloured(colour))
    return ctx.reply("coloured", name=_what(ctx, found, area))


async def _lamps(ctx: Context, lamp: str, area: str) -> list[Entity]:
    return await (_HOUSE.find(ctx, lamp, ("light",)) if lamp else _HOUSE.inside(ctx, area, ("light",)))


def _what(ctx: Context, entities: Sequence[Entity], area: str) -> str:
    return entities[0].name if len(entities) == 1 else ctx.reply("lights_of", area=_HOUSE.home.area_name(area))


@skill(slots=_listed("thermostat", "area"))
async def heat(ctx: Context, degrees: float, thermostat: str = "", area: str = "") -> str:
    """Set the temperature of a room or a thermostat."""
    climate = ("climate",)
    found = await (_HOUSE.find(ctx, thermostat, climate) if thermostat else _HOUSE.inside(ctx, area, climate))
    await _HOUSE.act(ctx, found, "climate.set_temperature", {"temperature": degrees}, targets.warm(degrees))
    return ctx.reply("heated", name=found[0].name, n=degrees)


@skill(slots=_listed("cover", "area"))
async def move(ctx: Context, to: Literal["open", "closed"], cover: str = "", area: str = "") -> str:
    """Open or close blinds and the like; garages and gates are opened only after a yes."""
    covers = ("cover",)
    found = await (_HOUSE.find(ctx, cover, covers) if cover else _HOUSE.inside(ctx, area, covers))
    gates = [each for each in found if each.attributes.get("device_class") in _GATES]
    if to == "open" and gates and not await ctx.confirm(ctx.reply("sure_open", name=gates[0].name)):
        return ctx.reply("left")
    service = "cover.open_cover" if to == "open" else "cover.close_cover"
    await _HOUSE.act(ctx, found, service, {}, targets.state(to))
    return ctx.reply("opened" if to == "open" else "closed", name=[each.name for each in found[:_MOST]])


@skill(slots=_listed("lock"))
async def lock(ctx: Context, to: Literal["locked", "unlocked"], lock: str) -> str:
    """Lock or unlock a door, once the user has said yes."""
    found = await _HOUSE.find(ctx, lock, ("lock",))
    if not await ctx.confirm(ctx.reply("sure_lock" if to == "locked" else "sure_unlock", name=found[0].name)):
        return ctx.reply("left")
    await _HOUSE.act(ctx, found, "lock.lock" if to == "locked" else "lock.unlock", {}, targets.state(to))
    return ctx.reply(f"is_{to}", name=found[0].name)


@skill(slots=_listed("scene"), dangerous=True)  # a script may do anything
async def activate(ctx: Context, scene: str) -> str:
    """Activate a scene, or run a script."""
    found = await _HOUSE.find(ctx, scene, ("scene", "script"))
    await _HOUSE.act(ctx, found, f"{found[0].domain}.turn_on", {}, targets.ran_since(found[0]))
    return ctx.reply("activated", name=found[0].name)


# --- asking -------------------------------------------------------------------------------------


@skill(slots=_listed("thing"), pure=True)
async def check(ctx: Context, state: str, thing: str) -> str:
    """Tell whether something is on, off, open, closed, locked or unlocked."""
    entity = (await _HOUSE.find(ctx, thing, CAN_BE[state]))[0]
    said = _said(ctx, entity)
    if not entity.there or entity.state == "unknown":
        return said
    return ctx.reply("yes" if targets.state(state)(entity) else "no", said=said)


@skill(slots=_listed("thing"), pure=True)
async def state(ctx: Context, thing: str) -> str:
    """Tell what a sensor measures, or what state something is in."""
    return _said(ctx, (await _HOUSE.find(ctx, thing, THINGS))[0])


@skill(slots=_listed("area"), pure=True)
async def lights_on(ctx: Context, area: str = "") -> str:
    """Tell which lights are on, in a room or in the house."""
    found = [each for each in await _HOUSE.inside(ctx, area, ("light",)) if each.state == "on"]
    if not found:
        return ctx.reply("no_lights_on")
    return ctx.reply("these_on", n=len(found), names=[each.name for each in found[:_MOST]])


@skill(pure=True)
async def doors(ctx: Context, what: Literal["open", "unlocked"]) -> str:
    """Tell which doors and windows are open, or which doors are not locked."""
    found = await _HOUSE.inside(ctx, "", ("lock",) if what == "unlocked" else ("binary_sensor",))
    if what == "open":
        found = [each for each in found if each.attributes.get("device_class") in _OPENINGS]
    if not found:
        raise SkillError(ctx.reply("nothing_there"))
    reached = targets.state("locked" if what == "unlocked" else "closed")
    wrong = [each.name for each in found if not reached(each)]
    if not wrong:
        return ctx.reply("all_locked" if what == "unlocked" else "all_closed")
    return ctx.reply("these_unlocked" if what == "unlocked" else "these_open", names=wrong[:_MOST])


@skill(slots=_listed("area"), pure=True)
async def how_warm(ctx: Context, area: str) -> str:
    """Tell how warm it is in a room."""
    found = await _HOUSE.inside(ctx, area, ("sensor", "climate"))
    for entity in sorted(found, key=lambda each: each.domain, reverse=True):  # a sensor is where the people are
        sensor = entity.domain == "sensor" and entity.attributes.get("device_class") == "temperature"
        value = _number(entity.state if sensor else entity.attributes.get("current_temperature"))
        if value is not None and (sensor or entity.domain == "climate"):
            return ctx.reply("warm", area=_HOUSE.home.area_name(area), n=value)
    raise SkillError(ctx.reply("no_thermometer", area=_HOUSE.home.area_name(area)))


def _said(ctx: Context, entity: Entity) -> str:
    if not entity.there or entity.state == "unknown":
        return ctx.reply("gone", name=entity.name)
    opens = entity.attributes.get("device_class") in _OPENINGS
    if entity.domain == "binary_sensor" and opens:
        return ctx.reply("is_open" if entity.state == "on" else "is_closed", name=entity.name)
    if entity.state in ("on", "off", "open", "closed", "locked", "unlocked"):
        return ctx.reply(f"is_{entity.state}", name=entity.name)
    number, unit = _number(entity.state), entity.attributes.get("unit_of_measurement", "")
    value = entity.state.replace("_", " ") if number is None else number
    return ctx.reply("value", name=entity.name, value=value, unit=unit).rstrip(" .") + "."


def _number(text: Any) -> float | None:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return int(value) if value == int(value) else round(value, 1)
