"""Timers and alarms on virtual time: what rings when, and what survives a crash."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import TimeOfDay
from tests.unit.skillkit import START, Talk, ask, intent, play


def test_a_timer_rings_at_the_right_moment_until_it_is_stopped() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("set a pasta timer for nine minutes") == "Pasta timer: nine minutes from now."
        await talk.later(539.9)
        assert talk.house.rings == []
        await talk.later(0.2)
        assert talk.house.rings == [(540.0, "Your pasta timer is done.")]
        assert await talk.say("how long is left on the pasta timer") == "Your pasta timer is ringing."
        assert await talk.say("stop") == ""
        await talk.later(0.1)
        assert talk.house.ringing is None
        assert await talk.say("what timers are running") == "No timer is running."
        await talk.later(1000)
        assert len(talk.house.rings) == 1

    play(scenario)


def test_a_ring_that_nobody_stops_ends_and_is_forgotten() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a timer for one minute")
        await talk.later(60 + 121)
        assert talk.house.ringing is None
        assert await talk.say("what timers are running") == "No timer is running."

    play(scenario)


def test_two_timers_due_at_the_same_moment_are_both_announced() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a tea timer for five minutes")
        await talk.say("set an egg timer for five minutes")
        await talk.later(301)
        assert talk.house.rings == [(300.0, "Your tea timer and your egg timer are done.")]
        await talk.say("stop")
        await talk.later(600)
        assert len(talk.house.rings) == 1

    play(scenario)


def test_a_timer_that_ends_while_another_rings_is_heard_after_it() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a tea timer for one minute")
        await talk.later(10)
        await talk.say("set an egg timer for one minute")
        await talk.later(70)
        assert [text for _, text in talk.house.rings] == ["Your tea timer is done."]
        await talk.say("stop")
        await talk.later(0.1)
        assert [text for _, text in talk.house.rings] == ["Your tea timer is done.", "Your egg timer is done."]

    play(scenario)


def test_a_missed_timer_rings_late_with_an_apology_and_the_others_go_on(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say("set a pasta timer for ten minutes")
        await talk.say("set a bread timer for one hour")
        await talk.say("set a rice timer for twenty minutes")
        await talk.say("pause the rice timer")

    async def after(talk: Talk) -> None:
        await talk.later(1)
        late = "Sorry, your pasta timer went off 20 minutes ago while I was not running."
        assert talk.house.rings == [(0.0, late)]
        await talk.say("stop")
        assert "the bread timer with 29 minutes and 59 seconds left" in await talk.say("what timers are running")
        assert "the rice timer paused with 20 minutes left" in talk.house.last_reply
        await talk.later(1800)
        assert talk.house.rings[1:] == [(1800.0, "Your bread timer is done.")]

    file = tmp_path / "memory.db"
    play(before, file)
    play(after, file, start=START + timedelta(minutes=30))


def test_a_crash_while_it_rings_rings_it_again(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say("set a timer for one minute")
        await talk.later(61)
        assert talk.house.ringing

    async def after(talk: Talk) -> None:
        await talk.later(0.1)
        assert talk.house.rings == [(0.0, "Your one minute timer is done.")]

    file = tmp_path / "memory.db"
    play(before, file)
    play(after, file, start=START + timedelta(seconds=65))


def test_it_is_on_disk_before_the_reply(tmp_path: Path) -> None:
    file = tmp_path / "memory.db"

    async def before(talk: Talk) -> None:
        await talk.say("set a timer for ten minutes called tea")
        copy.write_bytes(file.read_bytes())
        wal = file.with_name(file.name + "-wal")
        if wal.exists():
            copy.with_name(copy.name + "-wal").write_bytes(wal.read_bytes())

    async def after(talk: Talk) -> None:
        assert await talk.say("how long is left on the tea timer") == "Your tea timer has ten minutes left."

    copy = tmp_path / "copy.db"
    play(before, file)
    play(after, copy)


def test_pause_and_resume_keep_what_was_left() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a pasta timer for ten minutes")
        await talk.later(240)
        assert await talk.say("pause the pasta timer") == "The pasta timer is paused with six minutes left."
        await talk.later(3600)
        assert talk.house.rings == []
        assert await talk.say("pause the timer") == "Every timer is paused already."
        assert await talk.say("resume the pasta timer") == "The pasta timer runs again: six minutes left."
        await talk.later(359)
        assert talk.house.rings == []
        await talk.later(2)
        assert talk.house.rings == [(240.0 + 3600 + 360, "Your pasta timer is done.")]

    play(scenario)


def test_time_can_be_added_and_taken() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a pasta timer for five minutes")
        assert await talk.say("add two minutes to the pasta timer") == "The pasta timer now has seven minutes left."
        assert await talk.say("add five more minutes") == "The pasta timer now has twelve minutes left."
        assert await talk.say("take three minutes off the pasta timer") == "The pasta timer now has nine minutes left."
        assert await talk.say("shorten the timer by an hour") == (
            "The pasta timer has only nine minutes left. You can cancel it."
        )
        await talk.later(541)
        assert talk.house.rings == [(540.0, "Your pasta timer is done.")]
        assert await talk.say("add one minute to the timer") == "The pasta timer now has one minute left."
        await talk.later(61)
        assert len(talk.house.rings) == 2

    play(scenario)


def test_a_restarted_timer_runs_its_full_length() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set an egg timer for six minutes")
        await talk.later(300)
        assert await talk.say("restart the egg timer") == "The egg timer starts over."
        await talk.later(359)
        assert talk.house.rings == []
        await talk.later(2)
        assert talk.house.rings == [(660.0, "Your egg timer is done.")]

    play(scenario)


def test_an_ambiguous_cancel_lists_and_a_clear_one_cancels() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a pasta timer for nine minutes")
        await talk.say("set a timer for ten minutes")
        assert await talk.say("cancel the timer", "never mind") == "OK."
        assert talk.house.questions == [
            "Which one: the pasta timer with nine minutes left or the ten minute timer with ten minutes left?"
        ]
        assert await talk.say("cancel the egg timer") == (
            "There is no egg timer. I have the pasta timer and the ten minute timer."
        )
        assert await talk.say("cancel the ten minute timer") == "The ten minute timer is cancelled."
        assert await talk.say("cancel the timer") == "The pasta timer is cancelled."
        assert await talk.say("cancel the timer") == "There is no timer."
        await talk.later(700)
        assert talk.house.rings == []

    play(scenario)


def test_all_can_be_cancelled_at_once() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("cancel all timers") == "There is no timer."
        for name in ("pasta", "egg", "tea"):
            await talk.say(f"set a {name} timer for one minute")
        assert await talk.say("cancel all my timers") == "All 3 timers are cancelled."
        await talk.later(100)
        assert talk.house.rings == []

    play(scenario)


def test_cancelling_the_one_that_rings_silences_it() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a tea timer for one minute")
        await talk.say("set an egg timer for one hour")
        await talk.later(61)
        assert await talk.say("stop the timer") == "The tea timer is off."
        await talk.later(0.1)
        assert talk.house.ringing is None
        assert await talk.say("what timers are running") == "Your egg timer has 58 minutes and 59 seconds left."

    play(scenario)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("set a timer for 5 minutes called tea", "Tea timer: five minutes from now."),
        ("set a five minute timer for the eggs", "Eggs timer: five minutes from now."),
        ("set a timer for an hour and a half", "An hour and a half from now."),
        ("set a 90 second timer", "One minute and 30 seconds from now."),
        ("start a timer for twenty five minutes", "25 minutes from now."),
        ("set a timer for zero seconds", "A timer needs at least one second."),
        ("set a timer for 500 days", "A timer can run for a year at most."),
        ("resume the timer", "There is no timer."),
    ],
)
def test_wordings(text: str, reply: str) -> None:
    assert ask(text) == reply


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("set an alarm for 6:30 pm", "Your alarm is set for 6:30 pm today."),
        ("set an alarm for quarter past two pm", "Your alarm is set for 2:15 pm today."),
        ("wake me at half past six in the morning", "Your alarm is set for 6:30 am tomorrow."),
        ("wake me tomorrow morning at seven", "Your alarm is set for 7 am tomorrow."),
        ("set an alarm for noon on friday", "Your alarm is set for noon on Friday."),
        ("set an alarm for eight tonight", "Your alarm is set for 8 pm today."),
        ("wake me in an hour", "Your alarm is set for 3:05 pm today."),
        ("set an alarm for 1 pm today", "1 pm today is over already."),
        ("when is my next alarm", "No alarm is set."),
        ("cancel my alarm", "No alarm is set."),
        ("snooze", "No alarm is ringing."),
    ],
)
def test_alarm_wordings(text: str, reply: str) -> None:
    assert ask(text) == reply


def test_an_alarm_rings_at_its_time_and_snoozes() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set an alarm for 2:30 pm")
        await talk.later(25 * 60 + 1)
        assert talk.house.rings == [(1500.0, "It's 2:30 pm. This is your alarm.")]
        assert await talk.say("snooze") == "I'll ring again in nine minutes."
        await talk.later(0.5)
        assert talk.house.ringing is None
        await talk.later(9 * 60)
        assert talk.house.rings[1:] == [(1501.0 + 540, "It's 2:39 pm. This is your alarm.")]
        await talk.say("stop")
        await talk.later(1)
        assert await talk.say("what alarms are set") == "No alarm is set."

    play(scenario)


def test_a_missed_alarm_rings_late(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say("set an alarm for 2:30 pm")

    async def after(talk: Talk) -> None:
        await talk.later(1)
        assert [text for _, text in talk.house.rings] == [
            "Sorry, your alarm for 2:30 pm should have rung 35 minutes ago, but I was not running."
        ]

    play(before, tmp_path / "m.db")
    play(after, tmp_path / "m.db", start=START + timedelta(hours=1))


def test_one_of_several_alarms_is_chosen_by_its_time() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set an alarm for 7 am")
        await talk.say("set an alarm for 8 am")
        await talk.say("set an alarm for 8 am")
        assert await talk.say("list my alarms") == "You have 2 alarms: 7 am tomorrow and 8 am tomorrow."
        assert await talk.say("cancel my alarm", None) == ""
        assert talk.house.questions == ["Which one: 7 am tomorrow or 8 am tomorrow?"]
        assert await talk.say("cancel the 7 am alarm") == "Your alarm for 7 am tomorrow is cancelled."
        assert await talk.say("cancel all my alarms") == "Your alarm is cancelled."

    play(scenario)


def test_an_alarm_across_the_change_to_summer_time_rings_by_the_clock() -> None:
    eve = datetime(2026, 3, 28, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    async def scenario(talk: Talk) -> None:
        await talk.say("wake me at seven am")
        await talk.later(8 * 3600 + 1)  # 22:00 to 07:00 with an hour skipped
        assert talk.house.rings == [(8 * 3600.0, "It's 7 am. This is your alarm.")]

    play(scenario, start=eve)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("wake me every weekday at six thirty", "Your alarm is set for 6:30 am every weekday."),
        ("wake me up at seven every Monday and Friday", "Your alarm is set for 7 am every Monday and Friday."),
        ("set an alarm for 8 am every day", "Your alarm is set for 8 am every day."),
        ("set an alarm for every Sunday at nine in the evening", "Your alarm is set for 9 pm every Sunday."),
        ("wake me every weekend at ten", "Your alarm is set for 10 am every weekend."),
    ],
)
def test_recurring_alarm_wordings(text: str, reply: str) -> None:
    assert ask(text) == reply


def test_a_recurring_alarm_rings_on_its_days_and_snoozes() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("wake me every weekday at 6:30 am")
        rang = []
        assert talk.house.rings == []
        for _ in range(3):
            now = talk.house.now()
            due = TimeOfDay(6, 30, "am").next_after(now)
            if due.weekday() == 5:
                due += timedelta(days=2)
            await talk.later(due.timestamp() - now.timestamp() + 1)
            assert talk.house.ringing == "It's 6:30 am. This is your alarm."
            rang.append(f"{talk.house.now():%A}")
            assert await talk.say("snooze for five minutes") == "I'll ring again in five minutes."
            await talk.later(301)
            assert talk.house.rings[-1][1] == "It's 6:35 am. This is your alarm."
            assert await talk.say("turn the alarm off") == "The alarm is off."
        assert rang == ["Thursday", "Friday", "Monday"]
        assert await talk.say("what alarms are set") == "Your alarm is set for 6:30 am every weekday."
        assert await talk.say("cancel the 6:30 am alarm") == "Your alarm for 6:30 am every weekday is cancelled."
        assert await talk.say("cancel all my alarms") == "No alarm is set."

    play(scenario)


def test_a_recurring_alarm_that_was_missed_rings_late_and_goes_on(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say("set an alarm for 3 pm every day")

    async def after(talk: Talk) -> None:
        await talk.later(1)
        late = "Sorry, your alarm for 3 pm should have rung half an hour ago, but I was not running."
        assert [text for _, text in talk.house.rings] == [late]
        await talk.say("stop")
        await talk.later(24 * 3600)
        assert [text for _, text in talk.house.rings[1:]] == ["It's 3 pm. This is your alarm."]

    file = tmp_path / "memory.db"
    play(before, file)
    play(after, file, start=START + timedelta(minutes=85))


def test_a_timer_is_not_an_alarm() -> None:
    assert intent("set a timer for 4 pm") == "alarms.set_alarm"
    assert intent("set a timer for 4 minutes") == "timers.set_timer"
    assert intent("set an alarm for 4 minutes") == "alarms.set_alarm"
