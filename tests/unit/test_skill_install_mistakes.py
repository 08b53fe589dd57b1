"""What keeps a skill out: bad manifests, archives and packages; and what may not be removed."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from assistant import paths
from assistant.skill import unpacking
from tests.unit.skillcli import (
    MANIFEST,
    TEA,
    Run,
    failed,
    folder,
    home,
    installer,
    nothing_left,
    start_none,
    wheel,
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    return installer(monkeypatch, capsys, tmp_path)


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    start_none(monkeypatch)


BAD_MANIFESTS = {
    "broken_yaml": ("name: [tea\n", ("skill.yaml:",)),
    "unknown_permission": (MANIFEST + "permissions: {wallet: true}\n", ("skill.yaml:3", "permissions.wallet")),
    "unknown_key": (MANIFEST + "licens: MIT\n", ("skill.yaml:3", "licens", "licence")),
    "a_later_assistant": (MANIFEST + "assistant: '>=99'\n", ("needs assistant >=99", "and this is")),
    "no_range_of_versions": (MANIFEST + "assistant: soon\n", ("skill.yaml:3", "'soon' is no range")),
    "bad_requirement": (MANIFEST + "requirements: ['--index-url=x']\n", ("skill.yaml:3", "is no requirement")),
    "bad_name": ("name: Tea!\n", ("skill.yaml:1", "name")),
    "a_shipped_skills_name": ("name: timers\n", ("timers comes with the assistant",)),
}


@pytest.mark.parametrize(("manifest", "says"), BAD_MANIFESTS.values(), ids=BAD_MANIFESTS)
def test_a_bad_manifest_keeps_a_skill_out(manifest: str, says: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    failed(run("skill", "install", folder(tmp_path / "tea", manifest), "--yes"), *says)
    assert nothing_left()


def test_what_is_no_skill(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "one.py").write_text(TEA)
    (tmp_path / "text.zip").write_text("no archive")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "setup.py").write_text("raise SystemExit('it was run')")
    (tmp_path / "two").mkdir()
    folder(tmp_path / "two" / "tea")
    folder(tmp_path / "two" / "mate", "name: mate\n")
    for name, word in {
        "empty": "has no skill.yaml", "one.py": "single file", "text.zip": "Cannot unpack", "two": "mate, tea",
        "package": "add --build if you trust it", "absent/tea": "There is no", "absent.zip": "There is no",
    }.items():  # fmt: skip
        failed(run("skill", "install", tmp_path / name), word)
    assert nothing_left()


def test_a_name_that_is_taken_by_an_own_skill(run: Run, tmp_path: Path) -> None:
    folder(paths.user_skills() / "tea")
    failed(run("skill", "install", folder(tmp_path / "tea")), "is there already", str(paths.user_skills()))


@pytest.mark.parametrize("name", ["../evil.py", "tea/../../evil.py", "/tmp/evil.py", "C:evil.py"])
def test_an_archive_that_reaches_outside_is_not_unpacked(name: str, run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tea.zip", "w") as archive:
        archive.writestr("tea/skill.yaml", MANIFEST)
        archive.writestr(name, "print('evil')")
    with tarfile.open(tmp_path / "tea.tar", "w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
    for archive_name in ("tea.zip", "tea.tar"):
        failed(run("skill", "install", tmp_path / archive_name), "outside of the skill's folder")
    assert not list(paths.data_dir().rglob("evil*"))
    assert nothing_left()


def test_links_are_not_followed(run: Run, tmp_path: Path) -> None:
    source = folder(tmp_path / "tea")
    (source / "keys").symlink_to("/etc/passwd")
    failed(run("skill", "install", source), "link")
    with tarfile.open(tmp_path / "tea.tar", "w") as tar:
        tar.add(source, "tea")
    failed(run("skill", "install", tmp_path / "tea.tar"), "link")
    assert nothing_left()


def test_an_archive_that_unpacks_without_end(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "tea.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tea/zeros", bytes(3_000_000))
    failed(run("skill", "install", tmp_path / "tea.zip"), "too large")
    assert nothing_left()


def test_a_package_without_an_entry_point(run: Run, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "leaves", {"leaves.py": "KIND = 1\n"})
    failed(run("skill", "install", "leaves"), "leaves is no skill", "'assistant.skills'")
    assert nothing_left()


def test_requirements_that_cannot_be_had(run: Run, tmp_path: Path) -> None:
    source = folder(tmp_path / "tea", MANIFEST + "requirements: [leaves-of-nowhere>=2]\n")
    done = run("skill", "install", source)
    failed(done, "Cannot install leaves-of-nowhere>=2", "--build", code=3)
    assert nothing_left()


def test_requirements_without_a_network(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens there
    source = folder(tmp_path / "tea", MANIFEST + "requirements: [leaves]\n")
    failed(run("skill", "install", source), "the network cannot be reached", "PIP_FIND_LINKS", code=3)
    assert nothing_left()


@pytest.mark.parametrize(("name", "says"), [("timers", "comes with the assistant"), ("tea", "your own code")])
def test_only_what_was_installed_is_removed(name: str, says: str, run: Run) -> None:
    folder(paths.user_skills() / "tea")
    failed(run("skill", "remove", name, "--yes"), says, f"assistant skill disable {name}")
    assert (paths.user_skills() / "tea").is_dir()


@pytest.mark.usefixtures("untried")
def test_a_record_that_cannot_be_read_costs_one_skill(run: Run, tmp_path: Path) -> None:
    run("skill", "install", folder(tmp_path / "tea"))
    (home().folder("tea") / "installed.yaml").write_text("name: [")
    assert json.loads(run("ask", "flip a coin", "--json").stdout)["intent"].startswith("chance.")
