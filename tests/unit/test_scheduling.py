"""What skills have scheduled: done in time, again and again, and late after a restart."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from assistant import Recurrence
from assistant.skill.api import Context
from assistant.skill.loader import Skills, load_skills
from tests.unit.skillkit import START, Talk, play

SKILL = """
    from assistant import Context, SkillError, skill
    SEEN = []
    @skill("remind me")
    def remind(ctx: Context) -> str:
        return "OK."
    async def on_due(ctx, name, payload):
        SEEN.append((name, payload, f"{ctx.due:%a %H:%M}", f"{ctx.now():%a %H:%M}"))
        if payload == "fail":
            1 / 0
        if payload == "sorry":
            raise SkillError("It is gone.")
        if payload == "ring":
            await ctx.ring("Wake up!", 60)
"""


@pytest.fixture
def skills(tmp_path: Path) -> Skills:
    (tmp_path / "skills").mkdir()
    (tmp_path / "skills" / "remind.py").write_text(dedent(SKILL))
    return load_skills([tmp_path / "skills"])


def seen(skills: Skills) -> list[Any]:
    found: list[Any] = skills.skills[0].handlers[0].function.__globals__["SEEN"]
    return found


def on(day: int, *clock: int) -> datetime:
    return START.replace(day=day, hour=clock[0], minute=clock[1] if len(clock) > 1 else 0)


def test_said_later_in_time(skills: Skills) -> None:
    async def scenario(talk: Talk) -> None:
        ctx = talk.context("remind")
        said = ctx.say_later(90, "The eggs are done.")
        ctx.say_later(ctx.now() + timedelta(minutes=3), "So is the toast.")
        assert [each.text for each in ctx.scheduled()] == ["The eggs are done.", "So is the toast."]
        await talk.later(89)
        assert talk.house.announced == []
        await talk.later(2)
        assert talk.house.announced == ["remind: The eggs are done."]
        assert not ctx.unschedule(said.name)
        await talk.later(100)
        assert len(talk.house.announced) == 2
        assert ctx.scheduled() == []

    play(scenario, skills=skills)


def test_a_restart_says_it_late_with_an_apology(skills: Skills, tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        ctx = talk.context("remind")
        ctx.say_later(600, "The cake is done.")
        ctx.say_later(7200, "Go to bed.")

    async def after(talk: Talk) -> None:
        await talk.later(1)
        assert talk.house.announced == ["remind: Sorry, I should have told you this 50 minutes ago: The cake is done."]
        await talk.later(3600)
        assert talk.house.announced[1:] == ["remind: Go to bed."]

    play(before, tmp_path / "memory.db", skills=skills)
    play(after, tmp_path / "memory.db", START + timedelta(hours=1), skills=skills)


def test_again_and_again_until_it_is_unscheduled(skills: Skills) -> None:
    async def scenario(talk: Talk) -> None:
        ctx = talk.context("remind")
        first = ctx.schedule("pills", on(5, 8), Recurrence("daily"), {"dose": 2})
        assert first.when == on(5, 8)
        await talk.later(3 * 86400)
        assert [each[2] for each in seen(skills)] == ["Thu 08:00", "Fri 08:00", "Sat 08:00"]
        assert seen(skills)[0] == ("pills", {"dose": 2}, "Thu 08:00", "Thu 08:00")
        (left,) = ctx.scheduled()
        assert (left.name, left.when, left.repeat) == ("pills", on(8, 8), Recurrence("daily"))
        assert ctx.unschedule("pills")
        await talk.later(2 * 86400)
        assert len(seen(skills)) == 3

    play(scenario, skills=skills)


def test_what_was_missed_is_done_once_and_late(skills: Skills, tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        ctx = talk.context("remind")
        ctx.schedule("pills", on(5, 8), Recurrence("daily"))
        ctx.schedule("once", on(5, 9))

    async def after(talk: Talk) -> None:
        await talk.later(1)
        assert sorted(seen(skills)) == [
            ("once", None, "Thu 09:00", "Sat 12:00"),
            ("pills", None, "Sat 08:00", "Sat 12:00"),
        ]
        ctx = talk.context("remind")
        assert [(each.name, each.when) for each in ctx.scheduled()] == [("pills", on(8, 8))]

    play(before, tmp_path / "memory.db", skills=skills)
    play(after, tmp_path / "memory.db", on(7, 12), skills=skills)


def test_one_that_is_cut_short_is_done_again(skills: Skills, tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        talk.context("remind").schedule("alarm", on(4, 15), payload="ring")
        await talk.later(55 * 60 + 10)
        assert talk.house.ringing == "Wake up!"

    async def after(talk: Talk) -> None:
        await talk.later(30)
        assert talk.house.ringing == "Wake up!"
        await talk.later(60)
        assert talk.context("remind").scheduled() == []

    play(before, tmp_path / "memory.db", skills=skills)
    play(after, tmp_path / "memory.db", on(4, 16), skills=skills)


def test_one_that_fails_does_not_end_the_others(skills: Skills, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(talk: Talk) -> None:
        ctx = talk.context("remind")
        ctx.schedule("a", ctx.now() + timedelta(minutes=1), Recurrence("minutely"), "fail")
        ctx.schedule("b", ctx.now() + timedelta(minutes=1), payload="sorry")
        await talk.later(150)
        assert [each[0] for each in seen(skills)].count("a") == 2
        assert talk.house.announced == ["remind: It is gone."]

    play(scenario, skills=skills)
    assert "on_due failed for 'a'" in caplog.text


def test_one_of_the_same_name_takes_its_place(skills: Skills) -> None:
    async def scenario(talk: Talk) -> None:
        ctx = talk.context("remind")
        ctx.schedule("x", ctx.now() + timedelta(minutes=1), payload=1)
        ctx.schedule("x", ctx.now() + timedelta(minutes=2), payload=2)
        await talk.later(300)
        assert [each[1] for each in seen(skills)] == [2]

    play(scenario, skills=skills)


def test_what_cannot_be_scheduled(skills: Skills) -> None:
    async def scenario(talk: Talk) -> None:
        ctx = talk.context("remind")
        with pytest.raises(ValueError, match="time zone"):
            ctx.schedule("x", datetime(2026, 3, 5))
        with pytest.raises(TypeError):
            ctx.schedule("x", ctx.now(), payload=object())
        assert ctx.scheduled() == []

    play(scenario, skills=skills)


def test_a_skill_without_on_due_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "x.py").write_text("from assistant import skill\n@skill('x')\ndef f(ctx): ...\n")

    async def scenario(talk: Talk) -> None:
        ctx: Context = talk.context("x")
        ctx.schedule("x", ctx.now() + timedelta(seconds=1))
        await talk.later(5)

    play(scenario, skills=load_skills([tmp_path]))
    assert "has no on_due" in caplog.text
