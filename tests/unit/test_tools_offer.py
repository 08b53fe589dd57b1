"""Which tools are offered with a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from assistant.bench.sentences import clinc, folder
from assistant.llm.base import ToolSpec
from assistant.tools.base import Tool, fit_name
from assistant.tools.mcp import McpTool
from assistant.tools.skills import Setup, SkillTools
from assistant.tools.toolbox import Toolbox
from tests.unit.skillkit import shipped
from tests.unit.test_tools_schema import ovens

SHARE = 0.97
"""Of sentences that nobody wrote for these skills, those whose tool is among the 40 offered."""
MEANT = {
    "alarm": "alarms.set_alarm", "timer": "timers.set_timer", "time": "clock.current_time clock.time_in",
    "date": "dates.current_date dates.date_of", "measurement_conversion": "units.convert",
    "shopping_list": "lists.read_list lists.is_on_list", "reminder": "reminders.list_reminders",
    "shopping_list_update": "lists.add_to_list lists.remove_from_list lists.clear_list",
    "reminder_update": "reminders.remind", "flip_coin": "chance.flip_coin", "roll_dice": "chance.roll_dice",
    "spelling": "spelling.spell", "timezone": "clock.time_zone",
    "change_volume": "volume.set_volume volume.louder volume.quieter",
}  # fmt: skip
"""Intents of CLINC150, and which tools do them."""


@dataclass
class Some:
    """A source of tools that only have names."""

    names: Sequence[str]
    always: bool = False
    closed: list[str] = field(default_factory=list)

    def tools(self, language: str) -> Sequence[Tool]:
        assert language in ("en", "")
        return [_named(name) for name in self.names]

    def likeness(self, tool: Tool, language: str) -> Iterable[str]:
        assert language
        return (tool.title,)

    async def close(self) -> None:
        self.closed.append("closed")


def _named(name: str) -> Tool:
    tool = McpTool.__new__(McpTool)
    tool.spec, tool.name, tool.title = ToolSpec(fit_name(name), "", {}), name, name.replace(".", " ").replace("_", " ")
    return tool


def names(tools: Sequence[Tool]) -> list[str]:
    return [tool.name for tool in tools]


def test_all_if_they_are_few() -> None:
    few = Some(["lists.read", "lists.add"])
    assert names(Toolbox([few], 2).offer("anything", (), "en")) == ["lists.read", "lists.add"]


def test_the_likely_ones_and_those_used_before_in_a_stable_order() -> None:
    many = Some([f"zoo.feed_{animal}" for animal in ("lion", "bear", "fox", "owl", "seal", "goat")])
    box = Toolbox([many], 3)
    assert "zoo.feed_seal" in names(box.offer("is the seal hungry", (), "en"))
    offered = names(box.offer("the goat and the bear", ("zoo__feed_owl",), "en"))
    assert offered == ["zoo.feed_bear", "zoo.feed_owl", "zoo.feed_goat"]


def test_what_was_offered_stays_while_the_likeliest_are_among_it() -> None:
    animals = ("lion", "bear", "fox", "owl", "seal", "goat", "wolf", "hare")
    box = Toolbox([Some([f"zoo.feed_{animal}" for animal in animals])], 6)
    first = names(box.offer("zoo feed seal", (), "en"))
    assert names(box.offer("why is the sky blue", (), "en")) == first
    left = next(each for each in animals if f"zoo.feed_{each}" not in first)
    assert f"zoo.feed_{left}" in names(box.offer(f"zoo feed {left}", (), "en"))


def test_none_at_all() -> None:
    assert Toolbox([Some(["zoo.feed"])], 0).offer("feed", ("zoo.feed",), "en") == []
    assert Toolbox([], 5).offer("feed", (), "en") == []


def test_a_server_s_tools_are_offered_whatever_is_said_as_long_as_they_are_few() -> None:
    many, server = Some([f"zoo.feed_{number}" for number in range(9)]), Some(["trains.depart"], always=True)
    assert "trains.depart" in names(Toolbox([many, server], 4).offer("feed 3", (), "en"))
    crowd = Some([f"trains.line_{number}" for number in range(9)], always=True)
    offered = names(Toolbox([many, crowd], 4).offer("feed 3", (), "en"))
    assert len(offered) == 4
    assert "zoo.feed_3" in offered


def test_no_server_replaces_a_skill_s_tool() -> None:
    skills = SkillTools(shipped(), Setup({}))
    box = Toolbox([skills, Some(["timers.set_timer", "timers__set.timer"], always=True)], 500)
    found = box.find("timers__set_timer")
    assert found is box.find("timers.set_timer")
    assert found is not None and not found.foreign
    assert names(box.tools("en")).count("timers.set_timer") == 1


def test_what_a_skill_lists_is_looked_for() -> None:
    skills = ovens()
    dishes = skills.handlers["oven.bake"].function.__globals__["DISHES"]
    box = Toolbox([SkillTools(skills, Setup({}))], 1)
    assert names(box.offer("tell whether the left one is on", (), "en")) == ["oven.is_on"]
    dishes["pissaladière"] = 9
    try:
        skills.refresh_lists()
        assert names(box.offer("now the pissaladière", (), "en")) == ["oven.bake"]
    finally:
        del dishes["pissaladière"]
        skills.refresh_lists()


def test_what_is_not_there_is_not_found() -> None:
    assert Toolbox([Some(["zoo.feed"])]).find("zoo.starve") is None


def test_closing_closes_the_sources() -> None:
    one, other = Some([]), Some([])
    asyncio.run(Toolbox([one, other]).close())
    assert one.closed == other.closed == ["closed"]


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("if it rains tomorrow put an umbrella on my shopping list", "en", {"lists.add_to_list"}),
        ("wie lange läuft der Nudelwecker noch und was steht auf der Liste", "de",
         {"timers.timer_status", "lists.read_list"}),
    ],
)  # fmt: skip
def test_several_things_in_one_sentence(text: str, language: str, wanted: set[str]) -> None:
    box = Toolbox([SkillTools(shipped(), Setup({}))], 20)
    assert wanted <= set(names(box.offer(text, (), language)))


@pytest.mark.data
def test_sentences_that_nobody_wrote_for_the_skills() -> None:
    if not (folder() / "clinc150_train_val.json").is_file():
        pytest.skip("the sentence sets are not there")
    box = Toolbox([SkillTools(shipped(), Setup({}))])
    asked = [(text, MEANT[intent].split()) for text, intent in clinc(folder()).val if intent in MEANT]
    found = [bool(set(names(box.offer(text, (), "en"))) & set(meant)) for text, meant in asked]
    assert len(found) == 280
    assert sum(found) / len(found) > SHARE
