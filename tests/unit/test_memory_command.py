"""``assistant memory``: what it shows, forgets, takes out and clears."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant import cli, paths
from assistant.commands.memory import app
from assistant.errors import InputError, StorageError
from assistant.memory.conversations import Act, Conversations, Said
from assistant.memory.facts import Facts

START = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)


def run(*words: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=answer)


def output(*words: str, answer: str | None = None) -> str:
    result = run(*words, answer=answer)
    assert result.exit_code == 0, result.output or result.exception
    return result.output


def known() -> list[str]:
    facts = Facts(paths.data_dir() / "memory.db")
    found = [fact.text for fact in facts.all()]
    facts.close()
    return found


@pytest.fixture
def filled() -> None:
    facts = Facts(paths.data_dir() / "memory.db")
    for text in ("my cat is called Tom", "Anna's birthday is on the third of May", "I take [pills] at nine"):
        facts.remember(text, at=START)
    facts.remember("likes tea", "anna", START)
    facts.close()
    conversations = Conversations(paths.data_dir() / "memory.db")
    talk = conversations.of("")
    talk.add(Said("hello", "Good evening.", START))
    talk.summarised("They said hello.", Said("hello", "Good evening.", START))
    talk.add(Said("what time is it", "Five past one.", START, (Act("clock__time", {"zone": None}, "13:05"),)))
    conversations.of("kitchen").add(Said("tell me a story", "Once upon", START))
    conversations.close()


@pytest.mark.usefixtures("filled")
def test_facts_are_listed_with_number_and_day() -> None:
    lines = output("list").splitlines()
    assert len(lines) == 4
    assert "   4  2026-03-04  likes tea (anna)" in lines
    assert "   3  2026-03-04  I take [pills] at nine" in lines
    assert "hello" not in "".join(lines)


@pytest.mark.usefixtures("filled")
def test_conversations_are_listed_when_asked_for() -> None:
    text = output("list", "--conversations")
    assert "this machine" in text
    assert "Before that: They said hello." in text
    assert "what time is it" in text
    assert "Five past one." in text
    assert text.index("this machine") < text.index("kitchen") < text.index("Once upon")


def test_an_empty_memory_says_how_to_begin_and_makes_no_file() -> None:
    assert 'Say, for example: "remember that' in output("list")
    assert "Nothing is kept of conversations." in output("list", "-c")
    assert output("clear") == "There is nothing to forget.\n"
    assert json.loads(output("export", "-")) == {"facts": [], "conversations": []}
    assert isinstance(run("forget", "tea").exception, InputError)
    assert not (paths.data_dir() / "memory.db").exists()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("what", ["1", "#1", " my cat is called tom. ", "My cat is called Tom"])
def test_a_fact_is_forgotten_by_its_number_or_its_words(what: str) -> None:
    text = output("forget", what)
    assert "my cat is called Tom" in text
    assert "Forgotten: 1 fact." in text
    assert "my cat is called Tom" not in known()
    assert len(known()) == 3


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("what", ["birthday", "when is Anna's birthday"])
def test_some_of_its_words_or_a_question_ask_first(what: str) -> None:
    assert run("forget", what, answer="n\n").exit_code == 1
    assert run("forget", what, answer="").exit_code == 1
    assert len(known()) == 4
    assert "Forget this?" in output("forget", what, answer="y\n")
    assert "Anna's birthday is on the third of May" not in known()


@pytest.mark.usefixtures("filled")
def test_several_facts_are_forgotten_after_one_yes() -> None:
    assert "Forget these 2?" in output("forget", "is", answer="y\n")
    assert known() == ["likes tea", "I take [pills] at nine"]
    assert "Forgotten: 1 fact." in output("forget", "tea", "--yes")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("what", ["99", "-1", "", "?", "the weather", "0x1", "#"])
def test_what_fits_no_fact_is_an_error_that_says_where_to_look(what: str) -> None:
    found = run("forget", "--", what).exception
    assert isinstance(found, InputError)
    assert "assistant memory list" in str(found)
    assert len(known()) == 4


@pytest.mark.usefixtures("filled")
def test_the_export_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    assert output("export", str(file)) == f"{file}: 4 facts, 2 exchanges.\n"
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found == json.loads(output("export", "-"))
    assert [fact["text"] for fact in found["facts"]] == known()
    assert datetime.fromisoformat(found["facts"][0]["at"]) == START
    here, kitchen = found["conversations"]
    assert (here["who"], here["summary"], kitchen["who"]) == ("", "They said hello.", "kitchen")
    assert here["said"][0]["user"] == "what time is it"
    assert here["said"][0]["acts"] == [{"tool": "clock__time", "arguments": {"zone": None}, "result": "13:05"}]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("filled")
def test_an_export_never_writes_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text("precious")
    for where, why in ((file, "is there already"), (tmp_path, "is there"), (tmp_path / "no" / "where", "cannot be")):
        found = run("export", str(where)).exception
        assert isinstance(found, InputError)
        assert why in str(found)
    assert file.read_text() == "precious"


@pytest.mark.usefixtures("filled")
def test_everything_is_cleared_after_a_yes() -> None:
    asked = run("clear", answer="n\n")
    assert asked.exit_code == 1
    assert "Forget 4 facts and 2 conversations" in asked.output
    assert len(known()) == 4
    assert output("clear", answer="y\n").endswith("Forgotten.\n")
    assert json.loads(output("export", "-")) == {"facts": [], "conversations": []}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("option", "left"), [("--facts", (0, 2)), ("--conversations", (4, 0))])
def test_facts_or_conversations_alone_can_be_cleared(option: str, left: tuple[int, int]) -> None:
    output("clear", option, "--yes")
    found = json.loads(output("export", "-"))
    assert (len(found["facts"]), len(found["conversations"])) == left


@pytest.mark.parametrize("words", [("list",), ("export", "-"), ("forget", "tea"), ("clear", "--yes")])
def test_a_damaged_file_is_one_readable_line(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.data_dir().mkdir(parents=True)
    (paths.data_dir() / "memory.db").write_bytes(b"this is no database" * 500)
    monkeypatch.setattr(sys, "argv", ["assistant", "memory", *words])
    assert cli.run_command() == StorageError.exit_code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert "memory.db cannot be used: it is damaged. Move it away" in printed.err
