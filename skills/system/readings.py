"""What this machine says of itself: psutil's readings, chosen and rounded to be said."""

from __future__ import annotations

import shutil
import socket
import subprocess
from typing import Any

import psutil

from assistant import Duration

_TIMEOUT_S = 3.0
_PROCESSORS = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal", "soc_thermal", "acpitz")
"""Names of processors' sensors, the most exact first."""
_WIRELESS = (("iwgetid", "-r"), ("nmcli", "-t", "-f", "active,ssid", "device", "wifi"))
_VIRTUAL = ("docker", "veth", "br-", "virbr", "vnet", "tun", "tap", "lo")


def battery() -> Any:
    """psutil's reading of the battery, None without one."""
    read = getattr(psutil, "sensors_battery", None)
    return read() if read is not None else None


def addresses() -> list[str]:
    """The machine's IPv4 addresses in its networks, real interfaces first, then its IPv6 addresses."""
    up = {name for name, each in psutil.net_if_stats().items() if each.isup}
    found: list[tuple[tuple[bool, bool], str]] = []
    for name, entries in psutil.net_if_addrs().items():
        for entry in entries if name in up else ():
            address = entry.address.partition("%")[0]
            if entry.family in (socket.AF_INET, socket.AF_INET6) and not _is_private_to_host(address):
                found.append(((entry.family == socket.AF_INET6, name.startswith(_VIRTUAL)), address))
    return [address for _, address in sorted(found, key=lambda each: each[0])]


def wireless_name() -> str:
    """The name of the wireless network, empty when there is none or no tool that tells it."""
    for command in _WIRELESS:
        if shutil.which(command[0]) is None:
            continue
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=True)
        except (OSError, subprocess.SubprocessError):
            continue
        lines = done.stdout.strip().splitlines()
        active = [line.removeprefix("yes:") for line in lines if command[0] != "nmcli" or line.startswith("yes:")]
        if active and active[0]:
            return active[0]
    return ""


def processor_celsius() -> float | None:
    """The processor's temperature, None where nothing measures it."""
    read = getattr(psutil, "sensors_temperatures", None)
    sensors = read() if read is not None else {}
    known = [name for name in _PROCESSORS if sensors.get(name)] or [name for name in sensors if sensors[name]]
    return max(float(each.current) for each in sensors[known[0]]) if known else None


def whole_minutes(seconds: float) -> Duration:
    """A length of time as it is said: whole minutes, whole hours from a day on."""
    step = 3600 if seconds >= 86_400 else 60
    return Duration(seconds=max(step, round(seconds / step) * step))


def rounded(amount: float) -> float:
    """Whole from ten on, else with one digit after the point."""
    tenths = round(amount, 1)
    return round(amount) if amount >= 10 or tenths == int(tenths) else tenths


def _is_private_to_host(address: str) -> bool:
    return address.startswith(("127.", "169.254.", "fe80:")) or address == "::1"
