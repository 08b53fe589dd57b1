"""Dictation: what ends up in the file, and what the orders in between do."""

from __future__ import annotations

from pathlib import Path

import pytest

from skills.dictation.marks import composed
from tests.unit import skillkit
from tests.unit.fewskills import few
from tests.unit.skillkit import Scenario, Talk


def play(scenario: Scenario, folder: Path, language: str = "en") -> None:
    skills = few("dictation", "stop", language=language, dictation={"folder": str(folder / "texts")})
    skillkit.play(scenario, folder / "memory.db", skills=skills)


def written(folder: Path) -> str:
    (file,) = (folder / "texts").glob("*.txt")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "said", "text"),
    [
        ("en", ["dear Ann comma", "new paragraph", "I am well full stop how are you question mark"],
         "Dear Ann,\n\nI am well. How are you?"),
        ("en", ["one", "two"], "One two"),
        ("en", ["Hello, Bob. It's late."], "Hello, Bob. It's late."),
        ("en", ["he said colon open quote yes close quote period"], "He said: “yes”."),
        ("en", ["a well hyphen known song new line by us"], "A well-known song\nBy us"),
        ("en", ["Hello, comma, world. Period."], "Hello, world."),
        ("en", ["milk open bracket two litres close bracket comma bread"], "Milk (two litres), bread"),
        ("de", ["liebe Anna Komma", "neuer Absatz", "wie geht es dir Fragezeichen"], "Liebe Anna,\n\nWie geht es dir?"),
        ("fr", ["bonjour virgule ça va point d'interrogation"], "Bonjour, ça va ?"),
        ("es", ["abrir interrogación qué tal cerrar interrogación bien punto"], "¿Qué tal? Bien."),
        ("ru", ["привет запятая как дела вопросительный знак"], "Привет, как дела?"),
        ("bg", ["здравей запетая как си въпросителен знак"], "Здравей, как си?"),
    ],
)  # fmt: skip
def test_punctuation_is_written_as_it_is_said(language: str, said: list[str], text: str) -> None:
    assert composed(said, language) == text


def test_everything_until_the_end_goes_into_a_dated_file(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        answers = ("dear Ann comma", "the timer is broken full stop", "never mind", "stop", "stop dictation")
        reply = await talk.say("take dictation", *answers)
        assert reply == "9 words, in the file Dictation 2026-03-04 14.05.txt."
        assert talk.house.cards[-1].text.startswith("Dear Ann,")

    play(scenario, tmp_path)
    assert written(tmp_path) == "Dear Ann, the timer is broken. Never mind stop\n"


def test_a_sentence_is_undone_and_the_text_is_read_back(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        answers = ("one comma", "two comma", "scratch that", "three period", "read that back", "end dictation")
        assert await talk.say("take dictation", *answers) == "2 words, in the file Dictation 2026-03-04 14.05.txt."
        assert talk.house.questions[3] == "Taken out: two comma."
        assert talk.house.questions[5] == "It says: One, three."
        assert await talk.say("read my dictation") == "It says: One, three."

    play(scenario, tmp_path)
    assert written(tmp_path) == "One, three.\n"


def test_a_dictation_is_on_disk_after_every_utterance_and_is_continued(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        reply = await talk.say("take dictation", "first words full stop", None, None)
        assert reply == "2 words, in the file Dictation 2026-03-04 14.05.txt."
        assert talk.house.questions[-1] == "Are you still dictating?"
        assert written(tmp_path) == "First words.\n"

    async def after(talk: Talk) -> None:
        await talk.say("continue my dictation", "last words full stop", "stop dictation")
        assert talk.house.questions[0] == "I go on after: First words."

    play(before, tmp_path)
    play(after, tmp_path)
    assert written(tmp_path) == "First words.\n\nLast words.\n"


def test_nothing_said_leaves_no_file_and_a_discarded_one_is_gone(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("take dictation", None, None) == "All right, I have written nothing."
        assert await talk.say("read my dictation") == "There is no dictation."
        assert await talk.say("take dictation", "words", "throw away this dictation") == "The dictation is thrown away."
        assert await talk.say("read my dictation") == "There is no dictation."

    play(scenario, tmp_path)
    assert not list((tmp_path / "texts").glob("*"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("in the way")

    async def scenario(talk: Talk) -> None:
        reply = await talk.say("take dictation", "words")
        assert reply.startswith("I can't write the file ")
        assert "texts" in reply

    play(scenario, tmp_path)


def test_german_orders_are_german(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        reply = await talk.say("nimm ein Diktat auf", "Guten Tag Ausrufezeichen", "Diktat beenden")
        assert reply == "2 Wörter, in der Datei Diktat 2026-03-04 14.05.txt."

    play(scenario, tmp_path, "de")
    assert written(tmp_path) == "Guten Tag!\n"
