"""Routines: defined by voice or in the settings, run in their order, and heard before small talk."""

from __future__ import annotations

from pathlib import Path

import pytest

from skills.routines.book import commands_of, name_and_commands
from tests.unit import skillkit
from tests.unit.fewskills import few
from tests.unit.skillkit import Scenario, Talk

OTHERS = ("routines", "smalltalk", "clock", "timers", "volume", "stop")
KNOWN = {"stop", "what time is it", "set a timer for ten minutes", "turn the volume down"}
JOINTS = ("and then", "then", "and")


def play(scenario: Scenario, path: Path | None = None, language: str = "en", **settings: list[str]) -> None:
    """With skills of their own, whose lists change."""
    skillkit.play(scenario, path, skills=few(*OTHERS, language=language, routines=settings))


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("stop", ["stop"]),
        ("what time is it and stop", ["what time is it", "stop"]),
        ("turn the volume down, set a timer for ten minutes and then stop",
         ["turn the volume down", "set a timer for ten minutes", "stop"]),
        ("sing and stop", []),
        ("", []),
    ],
)  # fmt: skip
def test_commands_are_parted_where_each_is_one(text: str, commands: list[str]) -> None:
    assert commands_of(text, KNOWN.__contains__, JOINTS) == commands


@pytest.mark.parametrize(
    ("text", "name", "commands"),
    [
        ("bedtime, stop", "bedtime", ["stop"]),
        ("bedtime: what time is it and stop", "bedtime", ["what time is it", "stop"]),
        ("bedtime what time is it", "bedtime", ["what time is it"]),
        ("good morning what time is it then stop", "good morning", ["what time is it", "stop"]),
        ("Bedtime", "Bedtime", []),
        ("bedtime, sing", "bedtime", []),
    ],
)
def test_a_name_ends_where_commands_begin(text: str, name: str, commands: list[str]) -> None:
    assert name_and_commands(text, KNOWN.__contains__, JOINTS) == (name, commands)


def test_a_routine_is_told_in_one_sentence_and_run_in_order(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        reply = await talk.say("When I say bedtime, set the volume to 20 percent and set a timer for ten minutes")
        assert reply.startswith("When you say “bedtime”, I'll do this: set the volume to 20 percent and")
        assert await talk.say("bedtime") == "Ten minutes from now."
        assert talk.house.said == ["Volume 20 percent."]
        assert talk.house.volume == pytest.approx(0.2)

    async def after(talk: Talk) -> None:
        assert await talk.say("run my bedtime routine") == "Ten minutes from now."
        assert await talk.say("what routines do i have") == "There is one routine: bedtime."
        assert "set the volume to 20 percent" in await talk.say("what does my bedtime routine do")
        assert await talk.say("delete my bedtime routine") == "The routine bedtime is deleted."
        with pytest.raises(AssertionError, match="nothing matches"):
            await talk.say("bedtime")

    file = tmp_path / "memory.db"
    play(before, file)
    play(after, file)


def test_good_morning_is_small_talk_until_the_user_makes_it_a_routine() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("good morning") == "Good afternoon."
        assert (
            await talk.say("when I say good morning, what time is it", "no")
            == "All right, “good morning” stays what it is."
        )
        assert await talk.say("good morning") == "Good afternoon."
        await talk.say("when I say good morning, what time is it", "yes")
        assert "2:05" in await talk.say("good morning")
        await talk.say("delete my good morning routine")
        assert await talk.say("good morning") == "Good afternoon."

    play(scenario)


def test_a_routine_is_told_in_a_dialogue() -> None:
    async def scenario(talk: Talk) -> None:
        answers = ("Bedtime", "sing", "set a timer for ten minutes", "what time is it", "that's all")
        reply = await talk.say("make a new routine", *answers)
        assert reply == "When you say “Bedtime”, I'll do this: set a timer for ten minutes and what time is it."
        assert talk.house.questions[1:3] == [
            "What shall I do when you say “Bedtime”?",
            "I can't do “sing”. What shall I do instead?",
        ]
        assert await talk.say("make a new routine", "leaving", "never mind") == "OK."
        assert await talk.say("list my routines") == "There is one routine: bedtime."

    play(scenario)


def test_a_command_that_fails_does_not_end_the_routine() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("bedtime") == "Ten minutes from now."
        assert talk.house.said == ["There is no timer."]
        reply = await talk.say("delete my bedtime routine")
        assert reply == "The routine bedtime is in the settings. Remove it there."

    play(scenario, routines=["bedtime: cancel the timer; set a timer for ten minutes"])


def test_a_routine_that_calls_itself_comes_to_an_end() -> None:
    async def scenario(talk: Talk) -> None:
        assert "again and again" in await talk.say("round")

    play(scenario, routines=["round: round"])


def test_what_is_no_routine_is_said_so() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("list my routines") == "There are no routines yet. Say: make a new routine."
        assert await talk.say("run my party routine") == "There is no routine party."

    play(scenario)


def test_german_routines_are_told_and_run_in_german() -> None:
    async def scenario(talk: Talk) -> None:
        reply = await talk.say("wenn ich sage Schlafenszeit, welche Routinen habe ich")
        assert reply == "Wenn du „Schlafenszeit“ sagst, tue ich das: welche Routinen habe ich."
        assert await talk.say("Schlafenszeit") == "Es gibt eine Routine: schlafenszeit."

    skillkit.play(scenario, skills=few("routines", language="de"))
