"""What a device must say of itself before it counts as done: predicates over entities."""

from __future__ import annotations

from collections.abc import Callable
from colorsys import rgb_to_hsv

from .home import Entity

Reached = Callable[[Entity], bool]

COLOURS = {
    "red": (255, 0, 0), "orange": (255, 165, 0), "yellow": (255, 255, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "purple": (128, 0, 128), "pink": (255, 192, 203), "turquoise": (64, 224, 208), "white": (255, 255, 255),
}  # fmt: skip
"""CSS's names, which are Home Assistant's, with their values."""

STATES = {
    "on": ("on", "playing", "paused", "idle", "heat", "cool", "heat_cool", "auto", "dry", "fan_only", "buffering"),
    "off": ("off", "standby"),
    "open": ("open", "opening", "on"),
    "closed": ("closed", "closing", "off"),
    "locked": ("locked",),
    "unlocked": ("unlocked", "open"),
}
"""What counts as what is said; windows and doors are binary sensors, whose ``on`` is open."""

_HUE_APART = 0.09
_PALE = 0.25


def state(wanted: str) -> Reached:
    """It is on, off, open, closed, locked or unlocked."""
    return lambda entity: entity.state in STATES[wanted]


def bright(percent: float) -> Reached:
    """A light is as bright as wanted, two percent more or less."""
    if percent == 0:
        return state("off")

    def reached(light: Entity) -> bool:
        level = light.attributes.get("brightness")
        return light.state == "on" and level is not None and abs(level / 2.55 - percent) <= 2

    return reached


def coloured(name: str) -> Reached:
    """A light has about the colour; one that does not say has at least to be on."""
    hue, saturation, _ = rgb_to_hsv(*(part / 255 for part in COLOURS[name]))

    def reached(light: Entity) -> bool:
        if light.state != "on":
            return False
        told = light.attributes.get("hs_color")
        if told is None:
            return light.attributes.get("color_mode") is None
        apart = abs(told[0] / 360 - hue) % 1
        pale = told[1] / 100 < _PALE
        return pale if saturation < _PALE else not pale and min(apart, 1 - apart) <= _HUE_APART

    return reached


def warm(degrees: float) -> Reached:
    """A thermostat is set to a temperature."""
    return lambda entity: abs(float(entity.attributes.get("temperature") or -999) - degrees) < 0.3


def ran_since(before: Entity) -> Reached:
    """A scene or script has been run since."""

    def reached(now: Entity) -> bool:
        key = "last_triggered"
        return (now.state, now.changed, now.attributes.get(key)) != (
            before.state, before.changed, before.attributes.get(key)
        )  # fmt: skip

    return reached
