"""Reminders on virtual time: when they come, how they recur, and what survives a restart."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.skill.loader import Skills
from tests.unit import skillkit
from tests.unit.fewskills import few, kept
from tests.unit.skillkit import START, Scenario, Talk

BERLIN = ZoneInfo("Europe/Berlin")


def play(scenario: Scenario, path: Path | None = None, start: datetime = START, skills: Skills | None = None) -> None:
    skillkit.play(scenario, path, start, skills or kept("reminders", "stop"))


def due(talk: Talk) -> list[str]:
    """What reminders have rung, without how it is put."""
    return [text.rpartition(": ")[2] for _, text in talk.house.rings]


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("remind me to call Mom tomorrow at seven pm", "I'll remind you tomorrow at 7 pm: call Mom."),
        ("remind me at half past six to take the pizza out", "I'll remind you today at 6:30 pm: take the pizza out."),
        ("remind me in two hours to turn the oven off", "I'll remind you in two hours: turn the oven off."),
        ("remind me on Friday at nine am to pay the rent", "I'll remind you on Friday at 9 am: pay the rent."),
        ("remind me tomorrow morning to water the plants", "I'll remind you tomorrow at 8 am: water the plants."),
        ("remind me this evening to ring Paul", "I'll remind you today at 7 pm: ring Paul."),
        (
            "remind me about a fair on the fifth of may at ten",
            "I'll remind you on the 5th of May at 10 am: a fair.",
        ),
        ("remind me today at one pm to eat", "1 pm today is over already."),
        ("remind me every weekday at seven to run", "I'll remind you every weekday at 7 am: run."),
        (
            "remind me every Monday and Friday at six to swim",
            "I'll remind you every Monday and Friday at 6 pm: swim.",
        ),
        ("remind me to drink water every two hours", "I'll remind you every 2 hours: drink water."),
        ("remind me every other day at noon to jog", "I'll remind you every 2 days at noon: jog."),
        ("remind me to sweep every three weeks at ten", "I'll remind you every 3 weeks on Thursday at 10 am: sweep."),
        ("what reminders do i have", "You have no reminders."),
        ("cancel all my reminders", "You have no reminders."),
        ("snooze the reminder", "There was no reminder lately."),
    ],
)
def test_what_is_promised(command: str, reply: str) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say(command) == reply

    play(scenario)


@pytest.mark.parametrize(
    ("command", "answers", "reply"),
    [
        ("remind me to call Bob", ["at six"], "I'll remind you today at 6 pm: call Bob."),
        ("remind me to call Bob", ["in ten minutes"], "I'll remind you in ten minutes: call Bob."),
        ("set a reminder", ["Feed the cat.", "noon"], "I'll remind you tomorrow at noon: Feed the cat."),
        ("set a reminder for seven pm", ["the match"], "I'll remind you today at 7 pm: the match."),
        ("remind me on Friday to vote", ["nine am"], "I'll remind you on Friday at 9 am: vote."),
        ("remind me every Sunday to call Ann", ["five pm"], "I'll remind you every Sunday at 5 pm: call Ann."),
        ("remind me to call Bob", ["never mind"], "OK."),
    ],
)
def test_what_is_missing_is_asked_for(command: str, answers: list[str | None], reply: str) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say(command, *answers) == reply

    play(scenario)


def test_a_reminder_rings_once_and_is_forgotten() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remind me in ten minutes to take the pizza out")
        await talk.later(599)
        assert talk.house.rings == []
        await talk.later(2)
        assert due(talk) == ["take the pizza out."]
        assert [card.text for card in talk.house.cards] == ["take the pizza out"]
        await talk.say("stop")
        await talk.later(7200)
        assert len(talk.house.rings) == 1
        assert await talk.say("what reminders do i have") == "You have no reminders."

    play(scenario)


def test_a_recurring_reminder_keeps_its_time_across_the_change_to_summer_time() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remind me every day at eight am to take my pills")
        moments = []
        for _ in range(3):
            before = len(talk.house.rings)
            while len(talk.house.rings) == before:
                await talk.later(60)
            moments.append(talk.house.now())
            await talk.say("stop")
        assert [(each.day, each.hour) for each in moments] == [(28, 8), (29, 8), (30, 8)]

    play(scenario, start=datetime(2026, 3, 28, 7, 0, tzinfo=BERLIN))


def test_a_missed_reminder_comes_late_with_an_apology_and_others_go_on(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say("remind me in ten minutes to call Ann")
        await talk.say("remind me in one hour to call Bob")

    async def after(talk: Talk) -> None:
        await talk.later(1)
        (late,) = [text for _, text in talk.house.rings]
        assert late == "Sorry, I should have reminded you 20 minutes ago: call Ann."
        await talk.say("stop")
        assert "call Bob" in await talk.say("what reminders do i have")

    file = tmp_path / "memory.db"
    play(before, file)
    play(after, file, start=START + timedelta(minutes=30))


def test_one_of_several_is_chosen_by_its_words_its_time_or_by_asking() -> None:
    async def scenario(talk: Talk) -> None:
        for hour, text in (("six", "call Ann"), ("seven", "buy milk"), ("eight", "buy bread"), ("nine", "buy tea")):
            await talk.say(f"remind me at {hour} pm to {text}")
        assert await talk.say("cancel the reminder to call Ann") == "I won't remind you any more: call Ann."
        assert await talk.say("cancel the seven pm reminder") == "I won't remind you any more: buy milk."
        assert await talk.say("cancel my reminder", "the second one") == "I won't remind you any more: buy tea."
        assert talk.house.questions == ["Which one: buy bread today at 8 pm or buy tea today at 9 pm?"]
        assert await talk.say("delete the reminder to sing") == "I have no reminder about sing."
        assert await talk.say("delete all my reminders") == "Your reminder is cancelled."

    play(scenario)


def test_all_are_cancelled_only_when_the_user_is_sure() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remind me at six pm to eat")
        await talk.say("remind me at seven pm to drink")
        assert await talk.say("cancel all my reminders", "no") == "All right, nothing is cancelled."
        assert await talk.say("cancel all my reminders", None) == "All right, nothing is cancelled."
        assert await talk.say("cancel all my reminders", "yes") == "All 2 reminders are cancelled."

    play(scenario)


def test_snoozing_brings_the_last_reminder_back() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remind me in ten minutes to call Ann")
        await talk.later(605)
        assert talk.house.ringing
        assert await talk.say("remind me again in five minutes") == "I'll remind you again in five minutes: call Ann."
        await talk.later(1)
        assert talk.house.ringing is None
        await talk.later(300)
        assert due(talk) == ["call Ann.", "call Ann."]

    play(scenario)


def test_a_correction_replaces_the_reminder() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remind me at six pm to eat")
        await talk.say("no, at seven pm")
        assert await talk.say("what reminders do i have") == "You have one reminder: eat today at 7 pm."

    play(scenario)


def test_without_ringing_it_is_said_once() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remind me in one minute to breathe")
        await talk.later(61)
        assert talk.house.rings == []
        assert len(talk.house.announced) == 1

    play(scenario, skills=few("reminders", reminders={"ring": 0}))


def test_german_asks_and_understands_in_german() -> None:
    async def scenario(talk: Talk) -> None:
        reply = await talk.say("erinnere mich daran, Mama anzurufen", "um halb sieben")
        assert reply == "Ich erinnere dich heute um 18:30 Uhr: Mama anzurufen."
        await talk.say("erinnere mich morgen um acht an den Kuchen")
        assert await talk.say("lösche alle Erinnerungen", "ja bitte") == "Alle 2 Erinnerungen sind gelöscht."

    play(scenario, skills=kept("reminders", language="de"))
