"""From a function's signature to a JSON schema, and from what a model gives to what the function takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest

from assistant import Context, Date, Duration, Percentage, TimeOfDay, skill
from assistant.skill.binding import bind
from assistant.skill.loader import Skills, load_skills
from assistant.skill.sandbox.describe import description, stand_in
from assistant.tools.base import ToolArgumentError, fit_name, is_named
from assistant.tools.skills import Setup, SkillTool, SkillTools

_SKILL = '''
"""Ovens."""

from typing import Literal

from assistant import Context, Date, Duration, Percentage, TimeOfDay, skill

DISHES = {"apple pie": 1, "(the|my) bread": 2}


@skill(
    "bake {dish} for {duration}",
    "bake {dish} {int:count} times [at {float:heat} degrees] [<fan>]",
    "bake at {time} {date:day} {percentage:fan} {mode}",
    examples=["bake apple pie for ten minutes"],
    slots={"dish": lambda: DISHES},
    rules={"fan": "with fan {percentage:fan}"},
)
def bake(
    ctx: Context,
    dish: int = 0,
    duration: Duration | None = None,
    count: int = 1,
    heat: float | None = None,
    time: TimeOfDay | None = None,
    day: Date | None = None,
    fan: Percentage | None = None,
    mode: Literal["grill", "air"] | None = None,
) -> str:
    """Bake something.

    Args:
        heat: in degrees Celsius
    """
    return "."


@skill("say {text}", examples=["say hello"], dangerous=True)
def say(ctx: Context, text: str) -> str:
    return text


@skill("{oven} is on", "is the oven on", slots={"oven": ["left", "right"]}, pure=True)
def is_on(ctx: Context, oven: str | None = None) -> str:
    """Tell whether it is on."""
    return "."
'''


@cache
def ovens() -> Skills:
    with TemporaryDirectory() as folder:
        (Path(folder) / "oven.py").write_text(_SKILL)
        skills = load_skills([Path(folder)])
    assert not skills.problems, skills.problems
    return skills


def tool(name: str) -> SkillTool:
    tools = SkillTools(ovens(), Setup({})).tools("en")
    found = next(each for each in tools if each.name == f"oven.{name}")
    assert isinstance(found, SkillTool)
    return found


def test_the_schema_of_a_signature() -> None:
    bake = tool("bake")
    assert bake.spec.name == "oven__bake"
    assert bake.spec.description == "Bake something."
    assert bake.spec.parameters == {
        "type": "object",
        "properties": {
            "dish": {"type": "string", "enum": ["apple pie", "the bread"]},
            "duration": {"type": "string", "description": "like '90 seconds'"},
            "count": {"type": "integer"},
            "heat": {"type": "number", "description": "in degrees Celsius"},
            "time": {"type": "string", "description": "HH:MM, 24 hours"},
            "day": {"type": "string", "description": "like 'tomorrow', 'friday', 'YYYY-MM-DD'"},
            "fan": {"type": "number", "minimum": 0, "maximum": 100},
            "mode": {"type": "string", "enum": ["grill", "air"]},
        },
    }
    assert tool("say").spec.parameters["required"] == ["text"]
    assert tool("say").spec.description == "Ovens: say", "without a docstring"


def test_what_a_tool_may_do() -> None:
    marks = {name: (tool(name).effects, tool(name).dangerous) for name in ("bake", "say", "is_on")}
    assert marks == {"bake": (True, False), "say": (True, True), "is_on": (False, False)}
    confirmed = SkillTools(ovens(), Setup({}, confirm=("oven.b*",))).tools("en")
    assert {each.name: each.dangerous for each in confirmed}["oven.bake"]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"duration": "10 minutes"}, Duration(minutes=10)),
        ({"duration": "an hour and a half"}, Duration(minutes=90)),
        ({"duration": "PT1H30M"}, Duration(minutes=90)),
        ({"duration": "P1DT1S"}, Duration(days=1, seconds=1)),
        ({"duration": 90}, Duration(seconds=90)),
        ({"duration": "90"}, Duration(seconds=90)),
        ({"time": "18:30"}, TimeOfDay(18, 30)),
        ({"time": "06:30"}, TimeOfDay(6, 30, "am")),
        ({"time": "10:30:00"}, TimeOfDay(10, 30, "am")),
        ({"time": "6:30 pm"}, TimeOfDay(18, 30)),
        ({"time": "noon"}, TimeOfDay(12, 0, "pm")),
        ({"day": "2026-03-05"}, Date(day=5, month=3, year=2026)),
        ({"day": "2026-03-05T00:00:00"}, Date(day=5, month=3, year=2026)),
        ({"day": "tomorrow"}, Date(offset=1)),
        ({"day": "Friday"}, Date(weekday=4)),
        ({"fan": 25}, Percentage(25)),
        ({"fan": "25%"}, Percentage(25)),
        ({"fan": "half"}, Percentage(50)),
        ({"count": 3}, 3),
        ({"count": 3.0}, 3),
        ({"count": "3"}, 3),
        ({"count": "three"}, 3),
        ({"heat": 180}, 180.0),
        ({"heat": "180.5"}, 180.5),
        ({"mode": "Air"}, "air"),
        ({"dish": "apple pie"}, 1),
        ({"dish": "my bread"}, 2),
        ({"dish": "bread"}, 2),
        ({"dish": "pie"}, 1),
    ],
)
def test_values_are_read_as_the_sentences_are(given: dict[str, Any], value: Any) -> None:
    (name,) = given
    found = tool("bake").check(given)
    assert dict(found) == {name: value}
    assert type(found[name]) is type(value)


def test_what_is_null_or_empty_is_not_given() -> None:
    assert dict(tool("bake").check({"dish": None, "mode": ""})) == {}


def test_free_text_is_normalised_as_in_a_sentence_and_kept_as_written() -> None:
    found = tool("say").check({"text": "Hello, World!"})
    assert dict(found) == {"text": "hello world"}
    assert getattr(found, "texts") == {"text": "Hello, World!"}  # noqa: B009  # a Read, to the caller a mapping


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"duration": "soon"}, "duration must be a length of time like '10 minutes', not 'soon'"),
        ({"duration": -5}, "duration must be a length of time like '10 minutes', not -5"),
        ({"time": "25:00"}, "time must be a time like '18:30', not '25:00'"),
        ({"day": "2026-02-30"}, "day must be a day like 'tomorrow' or '2026-03-05', not '2026-02-30'"),
        ({"fan": 140}, "fan must be a number from 0 to 100, not 140"),
        ({"count": 1.5}, "count must be a whole number, not 1.5"),
        ({"count": True}, "count must be a whole number, not True"),
        ({"heat": float("nan")}, "heat must be a number, not nan"),
        ({"mode": "steam"}, "mode must be one of grill, air, not 'steam'"),
        ({"dish": {"a": 1}}, "dish must be one of apple pie, the bread, not {'a': 1}"),
        ({"dihs": "bread"}, "there is no 'dihs'; did you mean 'dish'?"),
        ({"mode": 1, "x": 2}, "there is no 'x'; known are: count, day, dish, duration, fan, heat, mode, time; "
                              "mode must be one of grill, air, not 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line(given: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ToolArgumentError) as error:
        tool("bake").check(given)
    assert str(error.value) == wrong


def test_what_is_missing() -> None:
    with pytest.raises(ToolArgumentError, match=r"^text is missing$"):
        tool("say").check({})
    with pytest.raises(ToolArgumentError, match=r"^text is missing$"):
        tool("say").check({"text": ""})


def test_a_list_is_asked_anew() -> None:
    skills = ovens()
    dishes = skills.handlers["oven.bake"].function.__globals__["DISHES"]
    source = SkillTools(skills, Setup({}))
    (bake,) = [each for each in source.tools("en") if each.name == "oven.bake"]
    dishes["pizza"] = 3
    try:
        assert dict(bake.check({"dish": "pizza"})) == {"dish": 3}
        (renewed,) = [each for each in source.tools("en") if each.name == "oven.bake"]
        assert renewed.spec.parameters["properties"]["dish"]["enum"] == ["apple pie", "the bread", "pizza"]
    finally:
        del dishes["pizza"]
        skills.refresh_lists()


def test_a_long_list_is_free_text_and_checked_all_the_same() -> None:
    skills = ovens()
    dishes = skills.handlers["oven.bake"].function.__globals__["DISHES"]
    known = dict(dishes)
    dishes.update({f"soup number {number}": number for number in range(10, 60)})
    try:
        skills.refresh_lists()
        (bake,) = [each for each in SkillTools(skills, Setup({})).tools("en") if each.name == "oven.bake"]
        assert bake.spec.parameters["properties"]["dish"] == {"type": "string"}
        assert dict(bake.check({"dish": "soup number 42"})) == {"dish": 42}
        with pytest.raises(ToolArgumentError) as error:
            bake.check({"dish": "soap number 42"})
        assert str(error.value) == (
            "dish must be one of its values, not 'soap number 42'; did you mean 'soup number 42'?"
        )
    finally:
        dishes.clear()
        dishes.update(known)
        skills.refresh_lists()


def test_a_dangerous_function_in_a_process_of_its_own_is_dangerous_here() -> None:
    module = ModuleType("ovens")

    @skill("explode", dangerous=True)
    def explode(_ctx: Context) -> str:
        return "."

    @skill("rest")
    def rest(_ctx: Context) -> str:
        return "."

    told: Mapping[str, Any] = description(module, [explode, rest])
    there = stand_in(told, "ovens", lambda *_: None, lambda *_: {})
    assert bind("ovens", "", there.explode).spec.dangerous
    assert not bind("ovens", "", there.rest).spec.dangerous


def test_names_fit_a_models_interface() -> None:
    assert fit_name("timers.set_timer") == "timers__set_timer"
    assert fit_name("files.repos/get file") == "files__repos_get_file"
    long, other = fit_name("files." + "x" * 100), fit_name("files." + "x" * 101)
    assert len(long) == len(other) == 64
    assert long != other
    assert is_named("files.read", ["files.*"]) and not is_named("files.read", ["file.*", "read"])
