"""``assistant skill …`` in this process, and skills to install."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assistant import cli, paths
from assistant.commands import skill_install
from assistant.skill import secrets
from assistant.skill.installed import Installed

Run = Callable[..., "subprocess.CompletedProcess[str]"]

TEA = '''"""Tea."""

from assistant import Context, skill


@skill("make me a strong tea", examples=["make me a strong tea"])
def tea(ctx: Context) -> str:
    """Make tea."""
    ctx.store.put("made", ctx.store.get("made", 0) + 1)
    return f"{ctx.settings.get('kind', 'plain')} tea, number {ctx.store.get('made')}."
'''
SHIPPED = {
    name: f'"""{name}."""\nfrom assistant import skill\n\n\n'
    f'@skill("{text}", examples=["{text}"])\ndef do(ctx) -> str:\n    """Do."""\n    return "Done."\n'
    for name, text in {"chance": "flip a coin", "timers": "stop the timer"}.items()
}
"""Instead of the real ones, of which there are many."""
MANIFEST = "name: tea\nversion: 1.0.0\n"
SETTINGS = """settings:
  kind: {type: choice, choices: [green, black], default: green, help: what you drink}
  cups: {type: int, default: 1, min: 1, max: 9}
  token: {secret: true, help: of the tea shop}
"""


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command as the command line does, with few shipped skills; returns its exit code and what it wrote."""
    few, shipped = tmp_path / "shipped", paths.shipped
    few.mkdir()
    for name, code in SHIPPED.items():
        (few / f"{name}.py").write_text(code)
    monkeypatch.setattr(paths, "shipped", lambda name: few if name == "skills" else shipped(name))

    def run(*words: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        given = [str(word) for word in words]
        monkeypatch.setattr("sys.argv", ["assistant", *given])
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        monkeypatch.setattr(cli.app, "registered_groups", [])  # each run adds its command
        monkeypatch.setattr(cli.app, "registered_commands", [])
        capsys.readouterr()
        code = cli.run_command()
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(given, code, out, err)

    return run


def folder(place: Path, manifest: str = MANIFEST, code: str = TEA, **files: str) -> Path:
    """A skill's folder; further files by their names, ``__`` for a slash."""
    place.mkdir(parents=True)
    (place / "skill.yaml").write_text(manifest)
    (place / "__init__.py").write_text(code)
    for name, text in files.items():
        path = place / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return place


def wheel(place: Path, name: str, files: Mapping[str, str], points: str = "", requires: str = "") -> Path:
    """A wheel, written by hand, for building one needs a network."""
    place.mkdir(exist_ok=True)
    path = place / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{f'Requires-Dist: {requires}' if requires else ''}\n"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{info}/METADATA", about)
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        if points:
            archive.writestr(f"{info}/entry_points.txt", points)
        archive.writestr(f"{info}/RECORD", "")
    return path


def failed(done: subprocess.CompletedProcess[str], *words: str, code: int = 2) -> None:
    """It failed with one line that holds these words, and nothing was installed."""
    assert done.returncode == code, (done.stdout, done.stderr)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("assistant: ")
    for word in words:
        assert word in done.stderr


def installer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The same without a key ring, and with pip looking only into the folder ``wheels``."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setattr(secrets, "_ring", [None])
    return runner(monkeypatch, capsys, tmp_path)


def start_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """No skill is started before it is installed: for tests of something else."""
    monkeypatch.setattr(skill_install, "_try_out", lambda *_: None)


def home() -> Installed:
    """What is installed."""
    return Installed(paths.data_dir())


def nothing_left() -> bool:
    """Neither a skill nor the remains of a failed install."""
    skills = paths.data_dir() / "skills"
    return home().records() == {} and (not skills.exists() or not list(skills.rglob("*.py")))
