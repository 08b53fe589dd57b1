"""Skills of others: installed, upgraded, configured, switched off, removed; and what keeps one out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from assistant import paths
from assistant.skill import installed as installed_module
from assistant.skill.manifest import Permissions
from assistant.skill.store import Stores
from tests.unit.skillcli import (
    MANIFEST,
    SETTINGS,
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


ASKS = "permissions: {network: [api.example.org, '*.example.net'], announce: true, files: [~/Tea]}\n"


# --- from where ----------------------------------------------------------------------------------


def test_a_checkout_is_installed_and_answers_from_its_own_process(run: Run, tmp_path: Path) -> None:
    source = folder(tmp_path / "assistant-skill-tea", MANIFEST + SETTINGS, **{".git__HEAD": "x"})
    done = run("skill", "install", source)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["tea 1.0.0", "It asks for no permissions.", "tea 1.0.0 is installed."]
    (found,) = home().found()
    assert found.isolated
    assert not (found.path / ".git").exists()
    assert run("ask", "make me a strong tea").stdout == "green tea, number 1.\n"
    (row,) = [each for each in json.loads(run("skill", "list", "--json").stdout) if each["name"] == "tea"]
    assert row == {
        "name": "tea", "title": "Tea", "origin": "installed", "version": "1.0.0", "languages": ["en"], "enabled": True,
        "needs": "", "isolated": True, "path": str(found.path), "problems": [],
    }  # fmt: skip


def test_an_archive(run: Run, tmp_path: Path) -> None:
    source, archive = folder(tmp_path / "tea-1.0"), tmp_path / "tea.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in (path for path in source.rglob("*") if path.is_file()):
            packed.write(file, file.relative_to(tmp_path))
    assert run("skill", "install", archive).returncode == 0
    assert home().records()["tea"].source == str(archive)


def test_a_package_with_an_entry_point_and_a_requirement(run: Run, tmp_path: Path) -> None:
    imports = '"""Tea."""\n\nimport leaves\nfrom tea_skill.words import WORD\n'
    files = {
        "tea_skill/__init__.py": imports + TEA.replace("ctx.settings.get('kind', 'plain')", "WORD} {leaves.KIND"),
        "tea_skill/words.py": "WORD = 'fine'\n",
        "tea_skill/skill.yaml": MANIFEST,
    }
    wheel(tmp_path / "wheels", "tea_skill", files, "[assistant.skills]\ntea = tea_skill\n", "leaves")
    evil = {"leaves.py": "KIND = 'leafy'\n", "zz.pth": "import os; os.environ['PTH'] = '1'\n", "sitecustomize.py": ""}
    wheel(tmp_path / "wheels", "leaves", evil)
    done = run("skill", "install", "tea-skill")
    assert done.returncode == 0, done.stderr
    (found,) = home().found()
    libraries = home().libraries(found)
    assert libraries is not None
    assert not list(libraries.glob("*.pth"))
    assert not (libraries / "sitecustomize.py").exists()
    assert run("ask", "make me a strong tea").stdout == "fine leafy tea, number 1.\n"


# --- permissions ---------------------------------------------------------------------------------


def test_without_a_terminal_nothing_is_granted_unasked(run: Run, tmp_path: Path) -> None:
    done = run("skill", "install", folder(tmp_path / "tea", MANIFEST + ASKS))
    failed(done, "May tea talk to api.example.org over the network?", "--yes", "--grant network=api.example.org")
    assert done.stdout.splitlines()[1:] == [
        "It asks to:",
        "  talk to api.example.org over the network",
        "  talk to every host below example.net over the network",
        "  read ~/Tea",
        "  speak without being asked",
    ]
    assert nothing_left()


@pytest.mark.usefixtures("untried")
def test_yes_grants_everything_and_grant_only_what_it_names(run: Run, tmp_path: Path) -> None:
    source = folder(tmp_path / "tea", MANIFEST + ASKS)
    assert run("skill", "install", source, "--yes").returncode == 0
    assert home().records()["tea"].granted == home().records()["tea"].asked
    done = run("skill", "install", source, "--grant", "network=*.example.net", "--grant", "announce")
    assert "  It may not read ~/Tea." in done.stdout
    assert home().records()["tea"].granted == Permissions(network=("*.example.net",), announce=True)
    failed(run("skill", "install", source, "--grant", "network=example.com"), "does not ask", "network=api.example.org")
    failed(run("skill", "install", source, "--grant", "anounce"), "did you mean 'announce'?")


@pytest.mark.usefixtures("untried")
def test_each_permission_is_asked_for_and_an_upgrade_asks_only_for_new_ones(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.commands.skill_places.at_terminal", lambda: True)
    source = folder(tmp_path / "tea", MANIFEST + "permissions: {network: [api.example.org], announce: true}\n")
    done = run("skill", "install", source, typed="y\nn\n")
    assert "May tea speak without being asked?" in done.stdout
    assert home().records()["tea"].granted == Permissions(network=("api.example.org",))
    new = "name: tea\nversion: 1.1.0\npermissions: {network: [api.example.org], announce: true, skills: [timers]}\n"
    (source / "skill.yaml").write_text(new)
    done = run("skill", "install", source, typed="y\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("?") == 1
    assert "tea 1.1.0 (in the place of 1.0.0)" in done.stdout
    assert home().records()["tea"].granted == Permissions(network=("api.example.org",), skills=("timers",))


# --- upgrade, settings, removal ------------------------------------------------------------------


@pytest.mark.usefixtures("untried")
def test_settings_and_data_outlive_an_upgrade_and_a_removal(run: Run, tmp_path: Path) -> None:
    source = folder(tmp_path / "tea", MANIFEST + SETTINGS)
    run("skill", "install", source)
    assert run("skill", "config", "tea", "kind=black", "cups=3").stdout == "kind is black now.\ncups is 3 now.\n"
    assert run("ask", "make me a strong tea").stdout == "black tea, number 1.\n"
    (source / "skill.yaml").write_text("name: tea\nversion: 2.0.0\n" + SETTINGS.replace("cups", "pots"))
    assert "The setting cups is no more" in run("skill", "install", source).stdout
    assert len(list(home().folder("tea").glob("releases/*"))) == 1
    assert "stay in" in run("skill", "remove", "tea", "--yes").stdout
    assert home().found() == []
    run("skill", "install", source)
    assert run("ask", "make me a strong tea").stdout == "black tea, number 2.\n"
    run("skill", "remove", "tea", "--yes", "--purge")
    assert not home().folder("tea").exists()
    stores = Stores(paths.data_dir() / "assistant.db")
    assert stores.open("tea").items() == []
    stores.close()


def test_an_upgrade_that_fails_leaves_the_old_release(run: Run, tmp_path: Path) -> None:
    source = folder(tmp_path / "tea")
    run("skill", "install", source)
    before = home().records()
    (source / "__init__.py").write_text("import nothing_of_this_name\n")
    failed(run("skill", "install", source), "code/__init__.py:1", "nothing_of_this_name", "Nothing was installed")
    assert home().records() == before
    assert [each.path.parent for each in home().found()] == list((home().folder("tea") / "releases").iterdir())


@pytest.mark.usefixtures("untried")
def test_an_install_that_is_cut_short_at_its_last_step_is_rolled_back(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    source = folder(tmp_path / "tea")
    with monkeypatch.context() as patch:
        patch.setattr(installed_module.os, "fsync", full)
        failed(run("skill", "install", source), "No space left on device")
    assert nothing_left()


@pytest.mark.usefixtures("untried")
def test_remove_asks(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("skill", "install", folder(tmp_path / "tea"))
    failed(run("skill", "remove", "tea"), "Remove tea?", "--yes")
    monkeypatch.setattr("assistant.commands.skill_places.at_terminal", lambda: True)
    assert run("skill", "remove", "tea", typed="n\n").returncode == 0
    assert "tea" in home().records()
    run("skill", "remove", "tea", typed="y\n")
    assert nothing_left()


@pytest.mark.usefixtures("untried")
def test_a_skill_that_is_off_is_not_loaded(run: Run, tmp_path: Path) -> None:
    run("skill", "install", folder(tmp_path / "tea"))
    for name in ("tea", "chance"):
        assert run("skill", "disable", name).returncode == 0
    rows = {row["name"]: row for row in json.loads(run("skill", "list", "--json").stdout)}
    assert not rows["tea"]["enabled"]
    assert not rows["chance"]["enabled"]
    assert rows["timers"]["enabled"]
    assert json.loads(run("ask", "flip a coin", "--json").stdout)["intent"] != "chance.flip_coin"
    run("skill", "enable", "chance")
    assert json.loads(run("ask", "flip a coin", "--json").stdout)["intent"].startswith("chance.")
    failed(run("skill", "disable", "te"), "did you mean 'tea'?")


@pytest.mark.usefixtures("untried")
def test_settings_are_checked_and_secrets_are_not_shown(run: Run, tmp_path: Path) -> None:
    run("skill", "install", folder(tmp_path / "tea", MANIFEST + SETTINGS))
    failed(run("skill", "config", "tea", "cups=3", "kind=blue"), "kind must be one of", "green")
    assert "cups     1" in run("skill", "config", "tea").stdout  # all or nothing
    failed(run("skill", "config", "tea", "kin=green"), "did you mean 'kind'?")
    failed(run("skill", "config", "tea", "cups=many"), "cups must be a whole number")
    failed(run("skill", "config", "tea", "token=sesame"), "secret", "assistant skill config tea token")
    failed(run("skill", "config", "tea", "token"), "not given")
    assert run("skill", "config", "tea", "token", typed="sesame\n").stdout == "token is saved.\n"
    shown = run("skill", "config", "tea").stdout
    assert "sesame" not in shown
    assert "what you drink" in shown
    assert "(set)" in shown
    assert "sesame" in (home().folder("tea") / "secrets.json").read_text()
    run("skill", "config", "tea", "cups=2")
    run("skill", "config", "tea", "--unset", "cups", "--unset", "token")
    assert "(not set)" in run("skill", "config", "tea").stdout


@pytest.mark.usefixtures("untried")
def test_what_a_skill_needs_is_said(run: Run, tmp_path: Path) -> None:
    manifest = MANIFEST + "settings: {city: {required: true}, token: {secret: true, required: true}}\n"
    done = run("skill", "install", folder(tmp_path / "tea", manifest))
    assert "It needs: assistant skill config tea city=… token" in done.stdout
    assert "tea: needs: assistant skill config tea city=… token" in run("skill", "list").stdout
    assert "Still needed: token." in run("skill", "config", "tea", "city=Sofia").stdout
