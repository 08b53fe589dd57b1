"""Notes: taken in one go or in a dialogue, read in portions, found by their words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from assistant.skill.loader import Skills
from tests.unit import skillkit
from tests.unit.fewskills import kept
from tests.unit.skillkit import START, Scenario, Talk


def play(scenario: Scenario, path: Path | None = None, skills: Skills | None = None) -> None:
    skillkit.play(scenario, path, skills=skills or kept("notes", "stop"))


def noted(reply: str) -> str:
    return reply.partition(": ")[2]


def test_a_note_is_taken_and_read_back_as_it_was_said() -> None:
    async def scenario(talk: Talk) -> None:
        assert noted(await talk.say("Note down the door code is 4711")) == "the door code is 4711."
        assert noted(await talk.say("take a note", "Call Ann, then Bob.")) == "Call Ann, then Bob."
        assert await talk.say("how many notes do i have") == "You have 2 notes."
        reply = await talk.say("read my last note")
        assert reply == "Your last note, today at 2:05 pm: Call Ann, then Bob."
        everything = await talk.say("read my notes")
        assert everything.startswith("You have 2 notes. today at 2:05 pm: Call Ann, then Bob.")
        assert talk.house.cards[-1].title == "Notes"

    play(scenario)


def test_notes_are_there_after_a_restart_with_their_day(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say("make a note that the boiler was serviced")

    async def after(talk: Talk) -> None:
        assert "yesterday at 2:05 pm: the boiler was serviced." in await talk.say("read my notes")

    file = tmp_path / "memory.db"
    skillkit.play(before, file, skills=kept("notes", "stop"))
    skillkit.play(after, file, start=START + timedelta(days=1), skills=kept("notes", "stop"))


def test_many_notes_are_read_three_at_a_time() -> None:
    async def scenario(talk: Talk) -> None:
        for number in ("one", "two", "three", "four"):
            await talk.say(f"note down thing {number}")
        reply = await talk.say("read my notes", "yes")
        assert reply.endswith("thing one.")
        assert "thing four." in talk.house.questions[-1]
        assert "thing one." not in talk.house.questions[-1]
        assert await talk.say("read my notes", "no") == "All right."

    play(scenario)


def test_notes_are_found_by_their_words() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("note down ask Ann about the tents")
        await talk.say("note down the door code is 4711")
        assert "ask Ann" in await talk.say("search my notes for tent")
        assert "4711" in await talk.say("find my note about the door code")
        assert await talk.say("search my notes for boat") == "I find no note about boat."

    play(scenario)


def test_a_note_is_made_longer_and_that_is_taken_back() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("add pegs to my last note") == "You have no notes."
        await talk.say("note down bring the tent")
        assert await talk.say("add pegs to my last note") == "The note now says: bring the tent, pegs."
        reply = await talk.say("add something to my last note", "a mallet")
        assert reply == "The note now says: bring the tent, pegs, a mallet."

    play(scenario)


def test_notes_are_deleted_only_when_the_user_is_sure() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("note down one")
        await talk.say("note down two")
        assert await talk.say("delete my last note", "no") == "All right, I keep it."
        assert await talk.say("delete my last note", "yes") == "The note is deleted."
        assert await talk.say("read my last note") == "Your last note, today at 2:05 pm: one."
        assert await talk.say("delete all my notes", None) == "All right, I keep it."
        assert await talk.say("delete all my notes", "yes") == "All notes are deleted."
        assert await talk.say("how many notes do i have") == "You have no notes."

    play(scenario)


def test_russian_counts_as_russians_do() -> None:
    async def scenario(talk: Talk) -> None:
        for text in ("раз", "два", "три", "четыре", "пять"):
            await talk.say("сделай заметку", text)
        assert await talk.say("сколько у меня заметок") == "У вас 5 заметок."
        assert await talk.say("удали последнюю заметку", "да") == "Заметка удалена."
        assert await talk.say("сколько у меня заметок") == "У вас 4 заметки."

    play(scenario, skills=kept("notes", language="ru"))
