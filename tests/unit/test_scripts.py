"""The set-up scripts, run for real in a small checkout of their own: real bash, real venv, real pip, no network."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("run", "test", "_setup.sh")
PROGRAM = "import os, sys\nimport toy\nprint(toy.VERSION, os.getcwd(), sys.argv[1:])\n"
PYTHON = f"python3.{sys.version_info[1]}"


def wheel(folder: Path, version: str) -> str:
    """Write a wheel of the package ``toy``; returns its line in a lock."""
    folder.mkdir(exist_ok=True)
    path = folder / f"toy-{version}-py3-none-any.whl"
    info = f"toy-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("toy.py", f"VERSION = '{version}'\n")
        archive.writestr("pytest.py", "import sys\nprint('tested', sys.argv[1:])\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: toy\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return f"toy=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Checkout:
    """A folder with the scripts, a one-file assistant and a lock with one package."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "check out"  # a space, as people have
        self.wheels = folder / "wheels"
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        (self.root / "scripts").mkdir(parents=True)
        (self.root / "assistant").mkdir()
        for name in SCRIPTS:
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts" / name)
        (self.root / "assistant" / "__main__.py").write_text(PROGRAM)
        self.lock("1.0")
        # What the machine lacks is decided by these, not by the machine the test runs on.
        self.tool("cc", "cat > /dev/null; exit 0")
        for name in ("espeak-ng", "pulseaudio", "pactl"):
            self.tool(name, "exit 0")

    def lock(self, version: str) -> None:
        line = wheel(self.wheels, version)
        for name in ("requirements.lock", "requirements-dev.lock"):
            (self.root / name).write_text(line)

    def tool(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def command(self, *words: str | Path, path: str | None = None, **variables: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        environment = {**kept, **settings, "PATH": path or f"{self.bin}:{kept['PATH']}", "PYTHON": sys.executable}
        return subprocess.Popen(
            [str(word) for word in words],
            cwd=self.elsewhere,
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, script: str = "run", **options: str) -> tuple[int, str, str]:
        process = self.command(self.root / "scripts" / script, *words, **options)
        out, err = process.communicate(timeout=120)
        return process.returncode, out.strip(), err


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.fixture(scope="module")
def first_starts(tmp_path_factory):
    """A checkout that was started twice at once, with what each start printed."""
    checkout = Checkout(tmp_path_factory.mktemp("ready"))
    both = [checkout.command(checkout.root / "scripts" / "run", "ask", f"hello {number}") for number in range(2)]
    return checkout, [process.communicate(timeout=240) for process in both]


@pytest.fixture(scope="module")
def ready(first_starts):
    """A checkout that has been set up."""
    return first_starts[0]


@pytest.fixture
def outdated(ready, checkout):
    """A checkout that has been set up for another lock than it has now."""
    shutil.copytree(ready.root / ".venv", checkout.root / ".venv", symlinks=True)
    checkout.lock("1.1")
    return checkout


def test_two_first_starts_at_once_set_up_once(first_starts):
    checkout, results = first_starts
    assert [out for out, _ in results] == [f"1.0 {checkout.elsewhere} ['ask', 'hello {n}']\n" for n in range(2)], (
        results
    )
    said = sorted((err for _, err in results), key=len)
    assert said[0] in ("", "Another set-up is running; waiting for it.\n")
    assert said[1].startswith("Making a virtual environment with Python 3.")
    assert said[1].endswith("Ready.\n")


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ([], ["run"]),
        (["--demo"], ["run", "--demo"]),
        (["--input", "a b.wav"], ["run", "--input", "a b.wav"]),
        (["run", "--fast"], ["run", "--fast"]),
        (["say", "hi", "--out", "x.wav"], ["say", "hi", "--out", "x.wav"]),
        (["--help"], ["--help"]),
    ],
)
def test_arguments_go_to_the_assistant(ready, given, got):
    code, out, err = ready.run(*given)
    assert (code, out, err) == (0, f"1.0 {ready.elsewhere} {got}", "")


def test_the_second_start_costs_nearly_nothing(ready):
    began = time.perf_counter()
    ready.run("ask")
    assert time.perf_counter() - began < 2.0


def test_it_works_through_a_link_and_beside_files_with_names_of_modules(ready):
    link = ready.elsewhere / "start"
    link.symlink_to(ready.root / "scripts" / "run")
    trap = ready.elsewhere / "typing.py"
    trap.write_text("raise SystemExit('the wrong typing')")
    try:
        process = ready.command(link, "ask")
        assert process.communicate(timeout=60) == (f"1.0 {ready.elsewhere} ['ask']\n", "")
    finally:
        trap.unlink()


def test_tests_get_their_packages_and_arguments(ready):
    code, out, err = ready.run("-k", "config", script="test")
    assert (code, out) == (0, "tested ['-k', 'config']"), err
    assert ready.run("-x", script="test") == (0, "tested ['-x']", "")
    assert ready.run("ask")[2] == "", "what tests need includes what a run needs"


def test_a_new_lock_is_installed_over_the_old_one(outdated):
    code, out, err = outdated.run()
    assert (code, out.split()[0]) == (0, "1.1"), err
    assert "Making a virtual environment" not in err


@pytest.mark.parametrize("interruption", ["while it installed", "the system's Python was replaced"])
def test_what_is_left_of_another_set_up_is_thrown_away(outdated, interruption):
    venv = outdated.root / ".venv"
    (venv / "half").write_text("")
    if interruption == "while it installed":
        (venv / ".lock-sha").unlink()
    else:
        (venv / "bin" / "python").unlink()
        (venv / "bin" / "python").symlink_to("/nowhere/python3.10")
    code, out, err = outdated.run()
    assert (code, out.split()[0]) == (0, "1.1"), err
    assert not (venv / "half").exists()


def test_a_wrong_hash_stops_the_set_up(outdated):
    lock = outdated.root / "requirements.lock"
    lock.write_text(lock.read_text()[:-5] + "0000\n")
    code, out, err = outdated.run()
    assert (code, out) == (1, "")
    assert "Set-up stopped: pip could not install the packages" in err.splitlines()[-1]
    assert not (outdated.root / ".venv" / ".lock-sha").exists()


def test_no_suitable_python(checkout):
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        checkout.tool(name, '[[ $1 == -V ]] && echo "Python 3.9.2"; exit 1')
    (checkout.root / "scripts" / "_setup.sh").write_text(
        (checkout.root / "scripts" / "_setup.sh").read_text().replace("/usr/bin/python3 ", "")
    )
    code, out, err = checkout.run(PYTHON="")
    assert (code, out) == (1, "")
    assert err == (
        "Set-up stopped: the assistant needs Python 3.11, 3.12 or 3.13; found Python 3.9.2. "
        "Install one or set PYTHON=/path/to/python3.11.\n"
    )


def lacking_header(checkout: Checkout) -> None:
    """PortAudio's header is not found until apt-get has run."""
    done = checkout.elsewhere / "apt-ran"
    checkout.tool("cc", f"grep -q portaudio && [[ ! -e '{done}' ]] && exit 1; exit 0")
    checkout.tool("apt-get", f"echo \"$@\" >> '{done}'; echo progress")


def test_missing_packages_are_installed_with_apt(outdated):
    lacking_header(outdated)
    outdated.tool("id", "echo 0")
    code, out, err = outdated.run()
    assert code == 0, err
    asked = (outdated.elsewhere / "apt-ran").read_text().splitlines()
    assert asked == ["update -q", "install -y --no-install-recommends portaudio19-dev"]
    assert "Installing system packages: portaudio19-dev" in err
    assert "progress" in err
    assert out == f"1.1 {outdated.elsewhere} ['run']"


def test_an_ordinary_user_goes_through_sudo(outdated):
    lacking_header(outdated)
    outdated.tool("id", "echo 1000")
    outdated.tool("sudo", '[[ $1 == -n ]] || exit 9; shift; exec "$@"')
    assert outdated.run()[0] == 0
    assert (outdated.elsewhere / "apt-ran").exists()


def test_apt_that_fails_is_one_clear_line_at_the_end(checkout):
    lacking_header(checkout)
    checkout.tool("id", "echo 0")
    checkout.tool("apt-get", "echo 'no network' >&2; exit 100")
    code, _, err = checkout.run()
    assert code == 1
    assert err.splitlines()[-1] == (
        "Set-up stopped: system packages could not be installed. "
        "By hand: sudo apt-get install -y --no-install-recommends portaudio19-dev"
    )


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        (
            "sudo",
            "system packages are missing. As root, run: apt-get install -y --no-install-recommends portaudio19-dev",
        ),
        ("apt-get", "these system packages are missing and there is no apt-get: portaudio19-dev."),
    ],
)
def test_without_sudo_or_apt(checkout, tmp_path, hidden, said):
    lacking_header(checkout)
    checkout.tool("id", "echo 1000")
    (checkout.bin / hidden).unlink(missing_ok=True)
    only = tmp_path / "only"
    only.mkdir()
    for tool in ("bash", "env", "dirname", "readlink", "sha256sum", "cut", "grep", "mkdir", "flock", "cat"):
        (only / tool).symlink_to(shutil.which(tool))
    code, _, err = checkout.run(path=f"{checkout.bin}:{only}")
    assert code == 1
    assert err.splitlines()[-1].startswith(f"Set-up stopped: {said}")


def test_the_locks_are_complete_and_name_no_host():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
        pinned = [line for line in text.splitlines() if line[:1].isalnum()]
        assert all("==" in line and line.endswith("\\") for line in pinned)
        assert not [line for line in pinned if line.startswith(("torch", "nvidia"))]
    run, dev = ({line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if line[:1].isalnum()}
                for name in ("requirements.lock", "requirements-dev.lock"))  # fmt: skip
    assert run < dev, "the tests run with the packages that are shipped"


@pytest.mark.parametrize("script", ["scripts/run", "scripts/test", "scripts/lock", "scripts/_setup.sh", ".ci/run"])
def test_scripts_are_valid_bash_and_executable(script):
    path = ROOT / script
    subprocess.run(["bash", "-n", str(path)], check=True)
    if path.suffix != ".sh":
        assert os.access(path, os.X_OK)
        assert "set -euo pipefail" in path.read_text(encoding="utf-8")
