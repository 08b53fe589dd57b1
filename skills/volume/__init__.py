"""Volume."""

from __future__ import annotations

from assistant import Context, Percentage, SkillError, skill
from assistant.intent.numbers import written
from assistant.intent.template import Alt, SlotType, Tag, Word

from . import mixer

_TIMEOUT = 3.0
_STEP = 10.0
_STEPS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
STEP = SlotType(
    "step", Alt(tuple(Tag(Alt((Word(word), written(str(n)))), n) for n, word in enumerate(_STEPS))), is_list=True
)
"""``volume 4``: on a scale to ten; ``volume 4 percent`` is a percentage."""

RULES = {
    "volume": "[(the|your|my)] ([speaker] volume [(level|of the (speaker|speakers))]|voice|sound|speaker|speakers)",
    "system": "[(the|my)] (system|computer|master) (volume|sound)",
    "loud": "[(a bit|a little|a lot|much)] (louder|higher)",
    "soft": "[(a bit|a little|a lot|much)] (quieter|lower|softer)",
    "raise": "(raise|increase|boost)",
    "lower": "(lower|decrease|reduce)",
    "want": "(i want|i need|i'd like|i would like)",
    "move": "(set|turn|change|put|adjust|bring|<raise>|<lower>)",
}


# --- its own -----------------------------------------------------------------------------------


@skill(
    "<please> (turn|crank|bring|put) <volume> up [[by] {amount}] <thanks>",
    "<please> turn up <volume> [[by] {amount}] <thanks>",
    "<please> turn (it|that|this|yourself) up [[by] {amount}] <thanks>",
    "<please> <raise> <volume> [[by] {amount}] <thanks>",
    "<please> (speak|talk|be|get|make it|(make|set) <volume>) (up|<loud>) <thanks>",
    "<want> (it|<volume>) [to be] (<loud>|increased|raised|turned up) [please]",
    "<loud> [please]",
    "volume up [please]",
    "(i can't|i can hardly|i cannot) hear you",
    examples=[
        "turn the volume up",
        "turn up your volume by 20 percent",
        "turn it up",
        "increase the speaker volume",
        "speak louder",
        "i want your volume increased",
        "louder please",
        "volume up",
        "i can't hear you",
    ],
    rules=RULES,
)
async def louder(ctx: Context, amount: Percentage | None = None) -> str:
    """Make the assistant speak louder, by 10 percent unless told."""
    return _change(ctx, amount or _STEP)


@skill(
    "<please> (turn|bring|put) <volume> down [[by] {amount}] <thanks>",
    "<please> turn down <volume> [[by] {amount}] <thanks>",
    "<please> turn (it|that|this|yourself) down [[by] {amount}] <thanks>",
    "<please> <lower> <volume> [[by] {amount}] <thanks>",
    "<please> (speak|talk|be|get|make it|(make|set) <volume>) <soft> <thanks>",
    "<want> (it|<volume>) [to be] (<soft>|decreased|lowered|reduced|turned down) [please]",
    "<soft> [please]",
    "volume down [please]",
    "(you are|you're|that's|that is|it's) too loud",
    examples=[
        "turn the volume down",
        "turn down your volume please",
        "turn it down",
        "decrease the volume by ten percent",
        "make your volume quieter please",
        "i want your volume lowered",
        "quieter",
        "volume down",
        "you're too loud",
    ],
    rules=RULES,
)
async def quieter(ctx: Context, amount: Percentage | None = None) -> str:
    """Make the assistant speak more quietly, by 10 percent unless told."""
    return _change(ctx, -(amount or _STEP))


@skill(
    "<please> (<move>|turn up|turn down) <volume> [(up|down)] (to|at) [level] ({step}|{level}) <thanks>",
    "<please> make <volume> [set to] ({step}|{level}) <thanks>",
    "<volume> [([(should|needs to)] be [set] at|to|at|level|of)] ({step}|{level}) <thanks>",
    "<want> <volume> (at|to be|set to) [level] ({step}|{level}) [please]",
    "<please> (set|turn|put) <volume> [(up|down)] to [(the|its)] {extreme} <thanks>",
    "{extreme} volume [please]",
    "a volume of ({step}|{level}) is ideal [please]",
    examples=[
        "set the volume to 40 percent",
        "volume four",
        "make the volume 4",
        "i want the volume at level 4",
        "turn the volume to the maximum",
        "full volume",
        "a volume of 4 is ideal",
    ],
    slots={"step": STEP, "extreme": {"(max|maximum|highest|full)": 100, "(min|minimum|lowest)": 10}},
    rules=RULES,
)
async def set_volume(
    ctx: Context, level: Percentage | None = None, step: int | None = None, extreme: int | None = None
) -> str:
    """Set how loud the assistant speaks: a percentage, a step from 0 to 10, or 100 for the most."""
    percent = 10 * step if step is not None else level if level is not None else extreme
    if percent is None:
        percent = await ctx.ask(ctx.reply("how_loud"), Percentage)
    return _set(ctx, float(percent))


def _change(ctx: Context, by: float) -> str:
    before = round(ctx.house.volume * 100)
    if by > 0 and before >= 100:
        return ctx.reply("loudest")
    if by < 0 and before <= 0:
        return ctx.reply("silent_already")
    return _set(ctx, before + by)


def _set(ctx: Context, percent: float) -> str:
    before = ctx.house.volume
    ctx.undo(lambda: ctx.house.set_volume(before))
    ctx.house.set_volume(min(100.0, max(0.0, percent)) / 100)
    ctx.store.delete("before mute")
    return ctx.reply("volume", level=_level(ctx))


def _level(ctx: Context) -> Percentage:
    return Percentage(round(ctx.house.volume * 100))


@skill(
    "<please> mute [(yourself|<volume>|the sound|your sound)] <thanks>",
    "<please> turn (the|your) (sound|volume) off <thanks>",
    examples=["mute", "turn your sound off"],
    rules=RULES,
)
async def mute(ctx: Context) -> None:
    """Silence the assistant until it is unmuted."""
    if ctx.house.volume > 0:
        ctx.store.put("before mute", ctx.house.volume)
    ctx.house.set_volume(0.0)


@skill(
    "<please> unmute [(yourself|<volume>|the sound|your sound)] <thanks>",
    "<please> turn (the|your) (sound|volume) [back] on <thanks>",
    "you can (talk|speak) again",
    examples=["unmute", "turn your sound back on", "you can talk again"],
    rules=RULES,
)
async def unmute(ctx: Context) -> str:
    """Let a muted assistant speak again, as loud as before."""
    level = ctx.store.get("before mute") or ctx.house.volume or 0.5
    return _set(ctx, 100 * level)


@skill(
    "(what's|what is|how high is|how loud is|tell me) (the|your) [current] volume [level] [set (to|at)] <thanks>",
    "how loud (are you|is it)",
    examples=["what's the volume", "how loud are you"],
    pure=True,
)
async def volume_level(ctx: Context) -> str:
    """Tell how loud the assistant is set."""
    return ctx.reply("volume_is", level=_level(ctx))


# --- the machine's -----------------------------------------------------------------------------


@skill(
    "<please> (set|turn|change|put) <system> [(up|down)] to {level} <thanks>",
    "<system> [to] {level}",
    examples=["set the system volume to 50 percent", "system volume 30 percent"],
    rules=RULES,
)
def set_system_volume(ctx: Context, level: Percentage) -> str:
    """Set the volume of the whole computer."""
    _mixer(ctx, f"{level:g}%")
    return ctx.reply("system_volume", level=level)


@skill(
    "<please> turn <system> {direction} [[by] {amount}] <thanks>",
    "<please> turn {direction} <system> [[by] {amount}] <thanks>",
    "<please> {verb:direction} <system> [[by] {amount}] <thanks>",
    "<system> {direction}",
    examples=[
        "turn the system volume down",
        "turn up the computer volume by 20 percent",
        "increase the system volume",
        "system volume up",
    ],
    slots={
        "direction": {"up": "+", "down": "-"},
        "verb": {"(raise|increase|boost)": "+", "(lower|decrease|reduce)": "-"},
    },
    rules=RULES,
)
def change_system_volume(ctx: Context, direction: str, amount: Percentage | None = None) -> str:
    """Turn the volume of the whole computer up (+) or down (-), by 10 percent unless told."""
    _mixer(ctx, f"{amount or _STEP:g}%{direction}")
    return ctx.reply("system_up" if direction == "+" else "system_down")


@skill(
    "<please> {switch} [(the|my)] (system|computer) [(volume|sound)] <thanks>",
    examples=["mute the computer", "unmute the system sound"],
    slots={"switch": {"mute": "mute", "unmute": "unmute"}},
    rules=RULES,
)
def mute_system(ctx: Context, switch: str) -> str:
    """Mute or unmute the sound of the whole computer."""
    _mixer(ctx, switch)
    return ctx.reply("system_muted" if switch == "mute" else "system_unmuted")


def _mixer(ctx: Context, change: str) -> None:
    """Ask the machine's own mixer tool.

    Raises:
        SkillError: no tool is there, or each that is there failed.
    """
    try:
        mixer.change(change, _TIMEOUT)
    except mixer.MixerError as error:
        if not error.tool:
            raise SkillError(ctx.reply("no_mixer")) from error
        if not error.said:
            raise SkillError(ctx.reply("mixer_hangs", tool=error.tool, seconds=_TIMEOUT)) from error
        raise SkillError(ctx.reply("mixer_fails", tool=error.tool, said=error.said)) from error
