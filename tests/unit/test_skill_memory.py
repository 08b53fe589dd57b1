"""The calculator's memory: on with the last result, whoever said it, exactly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from skills.memory.numbers import last_number
from tests.unit import skillkit
from tests.unit.fewskills import kept
from tests.unit.skillkit import Scenario, Talk


def play(scenario: Scenario, path: Path | None = None) -> None:
    skillkit.play(scenario, path, skills=kept("memory", "maths", "units"))


def test_a_sum_goes_on_from_the_last_result() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("what is twelve times seven")
        assert await talk.say("add five to that") == "That makes 89."
        assert await talk.say("what is that minus ten") == "That makes 79."
        assert await talk.say("multiply that by two") == "That makes 158."
        assert await talk.say("divide the result by zero") == "Nothing can be divided by zero."

    play(scenario)


def test_a_power_that_is_written_out_is_a_result() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("what is ten to the power of three")
        assert await talk.say("remember that result") == "I've kept 1000."

    play(scenario)


def test_results_stay_exact_however_they_are_said() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("what is one plus zero")
        assert await talk.say("divide that by three") == "That makes about 0.333."
        assert await talk.say("multiply that by three") == "That makes 1."

    play(scenario)


def test_a_number_is_kept_and_added_to(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        assert await talk.say("what's in memory") == "There is nothing in memory."
        await talk.say("what is fifty minus eight")
        assert await talk.say("remember that result") == "I've kept 42."
        assert await talk.say("add eight to the memory") == "There is now 50 in memory."
        await talk.say("what is three plus four")
        assert await talk.say("add that to the memory") == "There is now 57 in memory."

    async def after(talk: Talk) -> None:
        assert await talk.say("what's in memory") == "57 is in memory."
        assert await talk.say("clear the memory") == "The memory is empty now."
        assert await talk.say("clear the memory") == "There is nothing in memory."

    file = tmp_path / "memory.db"
    play(before, file)
    play(after, file)


def test_it_goes_on_from_what_the_german_calculator_says() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("was ist zwölf mal sieben")
        assert await talk.say("was ist das minus zehn") == "Das macht 74."

    skillkit.play(scenario, skills=kept("memory", "maths", language="de"))


@pytest.mark.parametrize("before", ["", "It's 2:05 pm.", "You have no notes.", "1.268 times 10 to the power of 30."])
def test_what_is_no_result_is_not_taken_for_one(before: str) -> None:
    async def scenario(talk: Talk) -> None:
        talk.house.last_reply = before
        assert await talk.say("remember that result") == "There is no result to go on with."

    play(scenario)


@pytest.mark.parametrize(
    ("language", "said", "value"),
    [
        ("en", "Three plus four is 7.", "7"),
        ("en", "That makes about 1,234.5.", "1234.5"),
        ("en", "That is minus 3.25.", "-3.25"),
        ("de", "Das macht 1.234,5.", "1234.5"),
        ("de", "Das macht -3,125.", "-3.125"),
        ("fr", "Cela fait 12\u202f345,6.", "12345.6"),
        ("ru", "Получается минус 0,5.", "-0.5"),
        ("en", "Nothing to see.", None),
    ],
)
def test_the_last_number_is_read_as_the_language_writes_it(language: str, said: str, value: str | None) -> None:
    assert last_number(said, language) == (None if value is None else Fraction(value))
