"""Writing a skill: made, and tested."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import paths
from assistant.intent.lang import CODES
from assistant.skill import own_tests
from tests.unit.skillcli import Run, failed, folder, runner


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    return runner(monkeypatch, capsys, tmp_path)


# --- new -----------------------------------------------------------------------------------------


def test_a_new_skill_runs_and_passes_its_tests_at_once(run: Run) -> None:
    done = run("skill", "new", "tea_timer", "--languages", ",".join(CODES))
    assert done.returncode == 0, done.stderr
    place = paths.user_skills() / "tea_timer"
    assert sorted(path.name for path in place.iterdir()) == [
        "README.md", "__init__.py", "responses", "sentences", "skill.yaml", "tests",
    ]  # fmt: skip
    assert run("ask", "raise the tea timer counter by three").stdout == "The tea timer counter says 3 now.\n"
    done = run("skill", "test", "tea_timer", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0, report
    assert report["passed"]
    assert report["problems"] == []
    assert report["tests"]["tea_timer"]["summary"] == "1 passed"


@pytest.mark.parametrize("language", CODES)
def test_a_new_skill_speaks_every_language(language: str, run: Run, tmp_path: Path) -> None:
    done = run("skill", "new", "tea", "--folder", tmp_path / "mine", "--languages", language)
    assert "name its folder in config.yaml" in done.stdout
    own = next((tmp_path / "mine" / "tea" / "tests").glob("test_*.py"))
    names: dict[str, Callable[[], None]] = {"__file__": str(own)}  # type: ignore[dict-item]
    exec(compile(own.read_text(), own, "exec"), names)
    names["test_it_counts_and_takes_back"]()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Tea",), "a to z"),
        (("tea timer",), "as in tea_timer"),
        (("../tea",), "a to z"),
        (("timers",), "a skill timers already"),
        (("tea", "--languages", "en,xx"), "no language 'xx'"),
    ],
)
def test_a_name_or_language_that_cannot_be(words: tuple[str, ...], says: str, run: Run) -> None:
    failed(run("skill", "new", *words), says)
    assert not paths.user_skills().exists()


def test_nothing_is_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    failed(run("skill", "new", "tea", "--folder", tmp_path), "is there already")
    assert list((tmp_path / "tea").iterdir()) == []
    (tmp_path / "file").write_text("")
    failed(run("skill", "new", "tea", "--folder", tmp_path / "file"), "Cannot write")


# --- test ----------------------------------------------------------------------------------------


def test_what_an_author_forgot(run: Run, tmp_path: Path) -> None:
    """A template without an example, another skill's sentence, a language that lacks an intent, a value and a key."""
    code = '''"""Odd."""
from assistant import Context, skill


@skill()
def brew(ctx: Context, kind: str = "green") -> str:
    """Brew."""
    return ctx.reply("brewed", kind=kind)


@skill()
def pour(ctx: Context) -> str:
    """Pour."""
    return ctx.reply("poured")
'''
    english = """language: en
intents:
  brew: {data: [{sentences: ["brew [some] {kind} tea", "steep it"]}], examples: ["brew green tea", "flip a coin"]}
  pour: {data: [{sentences: ["pour it"]}], examples: ["pour it"]}
"""
    german = 'language: de\nintents:\n  brew: {data: [{sentences: ["koche {kind}"]}], examples: ["koche grünen tee"]}\n'
    place = folder(
        tmp_path / "odd",
        "name: odd\n",
        code,
        sentences__en="", responses__en="",
    )  # fmt: skip
    for name, text in {
        "sentences/en.yaml": english,
        "sentences/de.yaml": german,
        "responses/en.yaml": 'language: en\nresponses: {brewed: "{kind} tea."}\n',
        "responses/de.yaml": 'language: de\nresponses: {brewed: "Tee."}\n',
    }.items():
        (place / name).write_text(text)
    done = run("skill", "test", place)
    assert done.returncode == 1
    for words in (
        "template 'steep it' is hit by no example",
        "example 'flip a coin'",
        "ctx.reply('poured') has no text",
        "sentences/de.yaml:1: intents.pour is missing; it is there in: en",
        "responses.brewed never says {kind}",
        "Not OK: 1 skill",
    ):
        assert words in done.stdout, done.stdout


def test_a_skill_that_cannot_be_loaded_fails_its_test(run: Run, tmp_path: Path) -> None:
    done = run("skill", "test", folder(tmp_path / "tea", code="import nothing_of_this_name\n"))
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith("tea: ")
    assert "__init__.py:1: ModuleNotFoundError" in done.stdout
    failed(run("skill", "test", "te"), "no skill 'te'")


def test_its_own_tests_count_and_without_pytest_that_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = folder(tmp_path / "tea")
    (place / "tests").mkdir()
    (place / "tests" / "test_tea.py").write_text("def test_taste():\n    assert 1 == 2\n")
    done = run("skill", "test", place)
    assert done.returncode == 1
    assert "assert 1 == 2" in done.stdout
    assert "tests of tea: 1 failed" in done.stdout
    monkeypatch.setattr(own_tests, "find_spec", lambda _: None)
    done = run("skill", "test", place)
    assert done.returncode == 0
    assert "its tests were not run: pytest is not installed" in done.stdout


@pytest.mark.varies
def test_the_examples_are_said_and_heard(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ASR__ENGINE", "pocketsphinx")
    done = run("skill", "test", folder(tmp_path / "tea"), "--spoken", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["heard"] == [
        {"skill": "tea", "example": "make me a strong tea", "text": "make me a strong tea", "understood": True}
    ]
