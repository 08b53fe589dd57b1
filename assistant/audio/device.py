"""Sound devices: which there are, and finding one by name. PyAudio is imported only when asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from assistant.errors import DeviceError, MissingDependency
from assistant.suggest import nearest

Direction = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Device:
    """A sound device as PortAudio sees it.

    Attributes:
        index: PortAudio's number; it changes when devices come and go.
        name: PortAudio's name.
        inputs, outputs: the most channels it has.
        rate: its native sample rate in Hz.
        default_input, default_output: whether the system prefers it.
        latency: seconds PortAudio suggests for (input, output).
    """

    index: int
    name: str
    inputs: int
    outputs: int
    rate: int
    default_input: bool = False
    default_output: bool = False
    latency: tuple[float, float] = (0.0, 0.0)

    def channels(self, direction: Direction) -> int:
        """The most channels in one direction."""
        return self.inputs if direction == "input" else self.outputs

    def is_default(self, direction: Direction) -> bool:
        """Whether it is the system's choice in one direction."""
        return self.default_input if direction == "input" else self.default_output


def import_pyaudio() -> ModuleType:
    """PyAudio's module.

    Raises:
        MissingDependency: it, or the PortAudio library it needs, is not installed.
    """
    try:
        import pyaudio
    except ImportError as error:
        raise MissingDependency(
            "PyAudio (with PortAudio)", "sudo apt-get install portaudio19-dev && pip install pyaudio"
        ) from error
    return pyaudio  # type: ignore[no-any-return]


def scan(audio: Any) -> list[Device]:
    """The devices a ``pyaudio.PyAudio`` instance knows."""

    def default(direction: Direction) -> int:
        try:
            ask = audio.get_default_input_device_info if direction == "input" else audio.get_default_output_device_info
            return int(ask()["index"])
        except OSError:
            return -1

    preferred_in, preferred_out = default("input"), default("output")
    devices = []
    for index in range(audio.get_device_count()):
        info = audio.get_device_info_by_index(index)
        name = info["name"]
        devices.append(
            Device(
                index,
                name if isinstance(name, str) else bytes(name).decode(errors="replace"),
                int(info["maxInputChannels"]),
                int(info["maxOutputChannels"]),
                round(info["defaultSampleRate"]),
                index == preferred_in,
                index == preferred_out,
                (float(info["defaultLowInputLatency"]), float(info["defaultLowOutputLatency"])),
            )
        )
    return devices


def list_devices() -> list[Device]:
    """Every sound device, empty on a machine without one.

    Raises:
        MissingDependency: PyAudio is not installed.
    """
    from assistant.audio.portaudio import host

    return host().devices()


def find(want: str | int | None, direction: Direction, devices: list[Device] | None = None) -> Device:
    """The device that the user means.

    Args:
        want: a number from the list, a name or a part of one (case does not matter), ``None`` for the default.
        direction: which way sound must go.
        devices: where to look; by default all that are there now.

    Raises:
        DeviceError: none fits; the message names the nearest.
    """
    usable = [d for d in (list_devices() if devices is None else devices) if d.channels(direction)]
    what = "microphone" if direction == "input" else "speaker"
    if not usable:
        raise DeviceError(f"There is no {what} on this machine. Plug one in, or use --{direction} FILE.")
    if want is None:
        return next((d for d in usable if d.is_default(direction)), usable[0])
    if isinstance(want, int):
        fits = [d for d in usable if d.index == want]
    else:
        key = want.casefold()
        fits = [d for d in usable if d.name.casefold() == key] or [d for d in usable if key in d.name.casefold()]
    if fits:
        return fits[0]
    names = [d.name for d in usable] if isinstance(want, str) else [f"{d.index} ({d.name})" for d in usable]
    raise DeviceError(f"There is no {direction} device {want!r}{nearest(str(want), names)}.")


def looks_like_file(spec: str) -> bool:
    """Whether what the user wrote is meant as a file: it has a folder or an ending like ``.wav``."""
    return "/" in spec or "\\" in spec or re.search(r"\.[A-Za-z][A-Za-z0-9]{1,4}$", spec) is not None


def device_number(spec: str | int | None) -> str | int | None:
    """``"3"`` as the number 3; names and ``None`` as they are."""
    return int(spec) if isinstance(spec, str) and spec.isdecimal() else spec
