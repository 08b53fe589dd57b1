"""Finding a device by what the user wrote, and the formats tried on it."""

import os
import subprocess
import sys

import pytest

from assistant.audio.alsa import quiet
from assistant.audio.device import Device, find, list_devices
from assistant.audio.portaudio import _formats
from assistant.errors import DeviceError

DEVICES = [
    Device(0, "HDA Intel PCH: ALC257 Analog (hw:0,0)", 2, 2, 48_000),
    Device(1, "USB PnP Sound Device: Audio (hw:1,0)", 1, 0, 44_100, default_input=True),
    Device(2, "HDMI 0", 0, 8, 48_000, default_output=True),
    Device(3, "pulse", 32, 32, 44_100),
]


def test_by_number_name_part_of_a_name_and_default():
    assert find(1, "input", DEVICES).index == 1
    assert find("pulse", "output", DEVICES).index == 3
    assert find("usb pnp", "input", DEVICES).index == 1
    assert find(None, "input", DEVICES).index == 1
    assert find(None, "output", DEVICES).index == 2


@pytest.mark.parametrize(
    ("want", "direction", "words"),
    [
        ("puls3", "input", "'puls3'; did you mean 'pulse'"),
        ("HDMI 0", "input", "no input device 'HDMI 0'"),
        ("zzz", "output", "known are: .*HDMI 0.*pulse"),
        (2, "input", r"no input device 2; known are: .*1 \(USB PnP"),
        (99, "output", "no output device 99"),
    ],
)
def test_what_is_not_there_is_one_line_with_what_is(want, direction, words):
    with pytest.raises(DeviceError, match=words) as caught:
        find(want, direction, DEVICES)
    assert "\n" not in str(caught.value)


def test_no_device_at_all():
    with pytest.raises(DeviceError, match=r"There is no microphone on this machine\. .*--input FILE"):
        find(None, "input", [])
    with pytest.raises(DeviceError, match=r"There is no speaker"):
        find("pulse", "output", [DEVICES[1]])


def test_native_rate_and_channels_come_first():
    assert _formats(DEVICES[1], "input", None)[0] == (44_100, 1)
    assert _formats(DEVICES[2], "output", None)[0] == (48_000, 8)
    assert _formats(DEVICES[3], "input", None)[0] == (44_100, 2)
    assert _formats(DEVICES[0], "output", 44_100)[:2] == [(44_100, 2), (44_100, 1)]
    assert len(set(_formats(DEVICES[0], "input", None))) == len(_formats(DEVICES[0], "input", None))


def test_listing_says_nothing_on_stderr(capfd, tmp_path, monkeypatch):
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path))
    pytest.importorskip("pyaudio")
    list_devices()
    assert capfd.readouterr() == ("", "")


def test_quiet_gives_stderr_back(capfd):
    with quiet():
        os.write(2, b"chatter")
    os.write(2, b"kept")
    assert capfd.readouterr().err == "kept"


def test_pyaudio_is_not_imported_before_it_is_needed():
    code = "import sys, assistant.audio.source, assistant.audio.sink; sys.exit('pyaudio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
