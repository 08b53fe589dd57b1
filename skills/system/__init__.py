"""This machine."""

from __future__ import annotations

import asyncio
import subprocess
import time
from contextlib import closing

import psutil

from assistant import Context, Duration, Percentage, SkillError, skill

from . import power, readings

_PROBE_S = 3.0
_GIGA = 1e9


@skill(pure=True)
def battery(ctx: Context) -> str:
    """Tell how full the battery is, and how long it will last."""
    found = readings.battery()
    if found is None:
        return ctx.reply("no_battery")
    level = Percentage(round(found.percent))
    if found.power_plugged:
        return ctx.reply("battery_full" if level >= 99 else "battery_charging", level=level)
    if found.secsleft is not None and found.secsleft > 0:
        return ctx.reply("battery_lasts", level=level, time=readings.whole_minutes(found.secsleft))
    return ctx.reply("battery", level=level)


@skill(pure=True)
async def online(ctx: Context) -> str:
    """Tell whether the internet can be reached."""
    host, _, port = str(ctx.settings.get("probe") or "1.1.1.1:443").rpartition(":")
    if not host or not port.isdigit():
        raise SkillError(ctx.reply("bad_probe"))
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), _PROBE_S)
    except (OSError, TimeoutError):
        return ctx.reply("offline" if readings.addresses() else "not_connected")
    with closing(writer):
        return ctx.reply("online")


@skill(pure=True)
def network(ctx: Context) -> str:
    """Tell which network this machine is in."""
    if not readings.addresses():
        return ctx.reply("not_connected")
    name = readings.wireless_name()
    return ctx.reply("wireless", name=name) if name else ctx.reply("wired")


@skill(pure=True)
def address(ctx: Context) -> str:
    """Tell this machine's IP address."""
    found = readings.addresses()
    return ctx.reply("address", address=found[0]) if found else ctx.reply("not_connected")


@skill(pure=True)
def disk_space(ctx: Context) -> str:
    """Tell how much room is left on the disk."""
    usage = psutil.disk_usage("/")
    share = Percentage(round(100 * usage.free / usage.total))
    return ctx.reply("disk", n=readings.rounded(usage.free / _GIGA), share=share)


@skill(pure=True)
def memory(ctx: Context) -> str:
    """Tell how much memory is free."""
    found = psutil.virtual_memory()
    share = Percentage(round(100 * found.available / found.total))
    return ctx.reply("memory", n=readings.rounded(found.available / _GIGA), share=share)


@skill(pure=True)
def temperature(ctx: Context) -> str:
    """Tell how hot the processor is."""
    celsius = readings.processor_celsius()
    if celsius is None:
        return ctx.reply("no_temperature")
    return ctx.reply("temperature", n=round(celsius * 9 / 5 + 32 if ctx.units == "imperial" else celsius))


@skill(pure=True)
def uptime(ctx: Context) -> str:
    """Tell how long this machine has been on."""
    on: Duration = readings.whole_minutes(time.time() - psutil.boot_time())
    return ctx.reply("uptime", time=on)


@skill()
async def shut_down(ctx: Context) -> str | None:
    """Switch this machine off, once the user has said yes."""
    return await _end(ctx, "sure_off", "going_off", "poweroff")


@skill()
async def restart(ctx: Context) -> str | None:
    """Restart this machine, once the user has said yes."""
    return await _end(ctx, "sure_restart", "going_to_restart", "reboot")


async def _end(ctx: Context, question: str, goodbye: str, how: power.How) -> str | None:
    if not await ctx.confirm(ctx.reply(question)):
        return ctx.reply("left_on")
    await ctx.say(ctx.reply(goodbye))
    try:
        await asyncio.to_thread(power.end, how)
    except (OSError, subprocess.SubprocessError) as error:
        ctx.log.warning("%s: %s", how, error)
        raise SkillError(ctx.reply("refused")) from error
    return None
