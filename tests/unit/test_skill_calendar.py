"""Calendar: files with recurrences, whole days and time zones; new appointments; CalDAV against a real Radicale."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from tests.unit.homekit import free_port
from tests.unit.livekit import LANGUAGES, alone, eventually, live, problems
from tests.unit.skillkit import Talk, play, shipped

LUNCH = "put lunch on my calendar for friday at noon"
EMPTY = ("Today there is nothing on your calendar.", "Today your calendar is empty.")
BEGIN = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
END = "END:VCALENDAR\r\n"
WEDNESDAY = """
    BEGIN:VEVENT
    UID:standup
    SUMMARY:Stand-up
    DTSTART;TZID=America/New_York:20260302T040000
    DTEND;TZID=America/New_York:20260302T043000
    RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR
    EXDATE;TZID=America/New_York:20260305T040000
    END:VEVENT
    BEGIN:VEVENT
    UID:dentist
    SUMMARY:Dentist
    DTSTART:20260304T140000Z
    DURATION:PT45M
    END:VEVENT
    BEGIN:VEVENT
    UID:holiday
    SUMMARY:Holiday
    DTSTART;VALUE=DATE:20260305
    DTEND;VALUE=DATE:20260307
    END:VEVENT
    BEGIN:VEVENT
    UID:off
    SUMMARY:Called off
    STATUS:CANCELLED
    DTSTART:20260304T180000
    END:VEVENT
    """


def _file(path: Path, events: str = WEDNESDAY) -> Path:
    path.write_text(BEGIN + dedent(events).lstrip().replace("\n", "\r\n") + END, newline="")
    return path


def _talk(scenario: Any, source: Path | str, language: str = "en", run: Any = play, **settings: Any) -> None:
    run(scenario, skills=alone("calendar", language, source=str(source), **settings))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_whole(language: str) -> None:
    assert problems(alone("calendar", language, source="nowhere.ics")) == []


def test_it_is_not_listened_for_until_it_is_configured() -> None:
    assert shipped().needing["calendar"] == ("source",)


def test_a_day_is_told_with_recurrences_whole_days_and_other_time_zones(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("what's on my calendar") == (
            "Today there are 2 appointments: Stand-up at 10 am and Dentist at 3 pm."
        )
        assert await talk.say("what's on my calendar tomorrow") == "Tomorrow there is Holiday, all day."
        assert await talk.say("what's on my calendar on friday") == (
            "On Friday there are 2 appointments: Holiday, all day and Stand-up at 10 am."
        )
        assert "calendar" in await talk.say("do i have any appointments on saturday")
        assert await talk.say("when is my next appointment") == "Your next appointment is Dentist, today at 3 pm."

    _talk(scenario, _file(tmp_path / "a.ics"))


def test_clocks_that_change_on_other_days_are_followed(tmp_path: Path) -> None:
    """New York's summer time begins on the 8th of March, Berlin's on the 29th: four o'clock there is nine here."""

    async def scenario(talk: Talk) -> None:
        assert (await talk.say("what's on my calendar on the tenth of march")).endswith("there is Stand-up at 9 am.")
        assert (await talk.say("what's on my calendar on the thirtieth of march")).endswith("is Stand-up at 10 am.")

    _talk(scenario, _file(tmp_path / "a.ics"))


def test_whether_something_is_on_at_a_time(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("do i have anything at three") == "Yes: Dentist at 3 pm."
        assert await talk.say("am i free at 3 30 pm") == "Yes: Dentist at 3 pm."
        assert (await talk.say("am i free at 4 pm")).startswith("No, ")
        assert (await talk.say("do i have anything at 6 pm")).startswith("No, ")

    _talk(scenario, _file(tmp_path / "a.ics"))


def test_an_appointment_is_added_after_a_dialogue_and_a_yes(tmp_path: Path) -> None:
    path = _file(tmp_path / "a.ics")
    path.chmod(0o640)
    before = path.read_bytes()

    async def scenario(talk: Talk) -> None:
        answers = ("dinner with anna", "on friday", "at seven thirty pm", "two hours", "no")
        assert await talk.say("add an appointment", *answers) == "All right, I add nothing."
        assert path.read_bytes() == before
        said = await talk.say("add an appointment", *answers[:-1], "yes")
        assert said == "dinner with anna is on your calendar."
        assert talk.house.questions[-1] == ("Shall I add dinner with anna on Friday at 7:30 pm, for two hours?")
        assert (await talk.say("what's on my calendar on friday")).endswith("and dinner with anna at 7:30 pm.")
        assert (
            await talk.say("put lunch on my calendar for tomorrow at one", None, "yes") == "lunch is on your calendar."
        )
        assert (await talk.say("what's on my calendar tomorrow")).endswith("Holiday, all day and lunch at 1 pm.")
        assert await talk.say("create an all day event on sunday", "fair", "yes") == "fair is on your calendar."
        assert (await talk.say("what's on my calendar on sunday")).endswith("there is fair, all day.")

    _talk(scenario, path)
    written = Calendar.from_ical(path.read_bytes())
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".new"] == []
    dinner = next(each for each in written.walk("VEVENT") if each["SUMMARY"] == "dinner with anna")
    assert dinner["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert len(list(written.walk("VTIMEZONE"))) >= 1
    assert len(list(written.walk("VEVENT"))) == 7


def test_a_folder_has_a_file_for_each(tmp_path: Path) -> None:
    _file(tmp_path / "a.ics")

    async def scenario(talk: Talk) -> None:
        assert await talk.say(LUNCH, "an hour", "yes") == "lunch is on your calendar."
        assert (await talk.say("what's on my calendar on friday")).endswith("Stand-up at 10 am and lunch at noon.")

    _talk(scenario, tmp_path)
    assert len(list(tmp_path.glob("*.ics"))) == 2


def test_a_new_file_is_made_and_a_broken_one_is_named(tmp_path: Path) -> None:
    async def fresh(talk: Talk) -> None:
        assert (await talk.say("when is my next appointment")) == "There is no appointment in the year to come."
        assert await talk.say(LUNCH, "an hour", "yes") == "lunch is on your calendar."

    async def broken(talk: Talk) -> None:
        assert await talk.say("what's on my calendar") == "I can't read the calendar b.ics."

    _talk(fresh, tmp_path / "new" / "a.ics")
    assert (tmp_path / "new" / "a.ics").is_file()
    (tmp_path / "b.ics").write_text("this is no calendar")
    _talk(broken, tmp_path / "b.ics")


def test_german_days_and_times(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("was steht in meinem kalender") == (
            "Heute stehen 2 Termine an: Stand-up um 10 Uhr und Dentist um 15 Uhr."
        )

    _talk(scenario, _file(tmp_path / "a.ics"), "de")


def test_an_address_is_read_and_a_missing_network_is_said(tmp_path: Path) -> None:
    text = _file(tmp_path / "a.ics").read_bytes()

    async def scenario(talk: Talk) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            assert str(request.url) == "https://example.org/a.ics"
            return httpx.Response(200, content=text)

        def away(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no network", request=request)

        talk.services("calendar").transport = httpx.MockTransport(away)
        assert await talk.say("what's on my calendar") == "I can't reach the network at the moment."
        await talk.services("calendar").close()
        talk.services("calendar").transport = httpx.MockTransport(answer)
        assert (await talk.say("when is my next appointment")).endswith("Dentist, today at 3 pm.")
        refused = await talk.say(LUNCH, "an hour", "yes")
        assert refused == "That calendar can only be read."

    _talk(scenario, "webcal://example.org/a.ics")


# --- CalDAV -------------------------------------------------------------------------------------


@contextmanager
def radicale(folder: Path) -> Iterator[str]:
    """A CalDAV server with a user anna, password secret, and her calendar; its address."""
    port = asyncio.run(free_port())
    (folder / "users").write_text("anna:secret\n")
    config = folder / "radicale.conf"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\n"
        f"htpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = {folder}/store\n"
    )
    command = [sys.executable, "-W", "ignore", "-m", "radicale", "--config", str(config)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/"
        asyncio.run(_calendar_made(url))
        yield url
    finally:
        server.kill()
        server.wait()


async def _calendar_made(url: str) -> None:
    async with httpx.AsyncClient(auth=("anna", "secret"), trust_env=False) as client:

        async def made() -> bool:
            try:
                answer = await client.request("MKCALENDAR", f"{url}anna/home/")
            except httpx.TransportError:
                return False
            return answer.status_code == 201

        await eventually(made)


@pytest.mark.skipif(find_spec("radicale") is None, reason="radicale is not installed")
def test_caldav_is_read_and_written(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("what's on my calendar") in EMPTY
        assert await talk.say(LUNCH, "an hour", "yes") == "lunch is on your calendar."
        assert (await talk.say("what's on my calendar on friday")).endswith("there is lunch at noon.")
        assert (await talk.say("when is my next appointment")) == "Your next appointment is lunch, on Friday at noon."

    async def stranger(talk: Talk) -> None:
        assert await talk.say("what's on my calendar") == "The calendar server doesn't accept my name and password."

    async def nobody(talk: Talk) -> None:
        assert await talk.say("what's on my calendar") == "I can't reach the calendar server at the moment."

    with radicale(tmp_path) as url:
        _talk(scenario, url, run=live, user="anna", password="secret")
        _talk(scenario_again, f"{url}anna/home/", run=live, user="anna", password="secret")
        _talk(stranger, url, run=live, user="anna", password="wrong")
    _talk(nobody, url, run=live, user="anna", password="secret")


async def scenario_again(talk: Talk) -> None:
    """The address of one calendar is enough."""
    assert (await talk.say("what's on my calendar on friday")).endswith("there is lunch at noon.")
