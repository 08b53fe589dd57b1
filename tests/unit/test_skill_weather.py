"""Weather: what the service says, in words; an old forecast that says so; and one sentence for what goes wrong."""

from __future__ import annotations

import inspect
import json
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from assistant import Location
from assistant.intent.lang import CODES
from assistant.skill.check import check
from assistant.skill.loader import Skills, load_skills
from assistant.skill.settings import SkillSettings
from tests.unit.fewskills import few
from tests.unit.skillkit import SKILLS, START, Talk
from tests.unit.webkit import Web, browse

BERLIN = Location(52.52, 13.41, "Berlin")
FORECAST, PLACES = "api.open-meteo.com/v1/forecast", "geocoding-api.open-meteo.com/v1/search"
OFFLINE = "I can't reach the network at the moment."


def document(**changes: Any) -> str:
    """A forecast in the shape in which open-meteo sends it, from START's day on; each day a degree warmer."""
    days = [START.date() + timedelta(day) for day in range(10)]
    daily = {
        "time": [str(day) for day in days],
        "weather_code": [3, 61, 0, 71, 95, 45, 51, 82, 2, None],
        "temperature_2m_min": [2.4 + day for day in range(9)] + [None],
        "temperature_2m_max": [9.6 + day for day in range(9)] + [None],
        "precipitation_probability_max": [10, 80, 30, None, 55, 0, 0, 0, 0, None],
        "wind_speed_10m_max": [20.2 + day for day in range(9)] + [None],
        "sunrise": [f"{day}T06:41" for day in days],
        "sunset": [f"{day}T17:56" for day in days],
    }
    current = {"time": "2026-03-04T14:00", "temperature_2m": 7.8, "weather_code": 2, "wind_speed_10m": 14.6}
    return json.dumps({"latitude": 52.52, "longitude": 13.42, "current": current, "daily": daily, **changes})


def places(*names: str) -> str:
    return json.dumps({"results": [{"name": name, "latitude": 48.85, "longitude": 2.35} for name in names]})


@cache
def loaded(language: str = "en", place: str = "") -> Skills:
    settings = {"weather": {"place": place} if place else {}}
    others = [path.stem for path in SKILLS.iterdir() if path.stem != "weather"]
    return load_skills([SKILLS], others, language=language, settings=SkillSettings(settings, located=not place))


def answers(folder: Path, web: Web, *texts: str, language: str = "en", place: str = "", **context: Any) -> list[str]:
    said: list[str] = []

    async def scenario(talk: Talk) -> None:
        said.extend([await talk.say(text) for text in texts])

    context = {"location": None if place else BERLIN, **context}
    browse(scenario, "weather", web, loaded(language, place), folder, **context)
    return said


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("what's the weather like", "It's 8 degrees: partly cloudy."),
        ("what's the weather today", "Today: cloudy, 2 to 10 degrees."),
        ("what will the weather be like tomorrow", "Tomorrow: light rain, 3 to 11 degrees. The chance of rain is 80%."),
        ("how's the weather on Saturday", "On Saturday: light snow, 5 to 13 degrees."),
        ("will it rain tomorrow", "Yes, it will probably rain tomorrow: the chance is 80%."),
        ("do i need an umbrella", "No, it will probably not rain today: the chance is only 10%."),
        ("is it going to rain on Friday", "It may rain on Friday: the chance is 30%."),
        ("will it rain on Saturday", "The weather service gave no proper answer."),
        ("how warm is it outside", "It's 8 degrees."),
        ("how cold will it be tomorrow", "Tomorrow: 3 to 11 degrees."),
        ("how windy is it", "Today: wind of 15 kilometres per hour."),
        ("how windy will it be tomorrow", "Tomorrow: wind of 21 kilometres per hour."),
        ("when does the sun rise tomorrow", "Sunrise is at 6:41 am tomorrow."),
        ("what time does the sun set", "Sunset is at 5:56 pm today."),
        ("what's the weather in three weeks", "That's too far ahead for a forecast."),
        ("what's the weather yesterday", "That day is over."),
    ],
)
def test_the_forecast_is_told_in_words(text: str, answer: str, tmp_path: Path) -> None:
    said = answers(tmp_path, Web({FORECAST: document()}), text)
    assert [each.replace(" percent", "%") for each in said] == [answer]


def test_one_forecast_answers_several_questions_for_half_an_hour(tmp_path: Path) -> None:
    web = Web({FORECAST: document()})
    answers(tmp_path, web, "how windy is it", "will it rain tomorrow")
    answers(tmp_path, web, "how warm is it", start=START + timedelta(minutes=29))
    assert len(web.asked) == 1
    assert web.query()["latitude"] == "52.52"
    answers(tmp_path, web, "how warm is it", start=START + timedelta(minutes=31))
    assert len(web.asked) == 2


def test_an_old_forecast_says_how_old_it_is_when_the_network_is_missing(tmp_path: Path) -> None:
    web = Web({FORECAST: document()})
    answers(tmp_path, web, "how warm is it")
    web.down = True
    (said,) = answers(tmp_path, web, "how warm is it", start=START + timedelta(hours=5, minutes=4))
    assert said == "I can't reach the network; this forecast is five hours old. It's 8 degrees."
    (said,) = answers(tmp_path, web, "how warm is it tomorrow", start=START + timedelta(days=12))
    assert said == "I can't reach the network, and the last forecast is too old."


def test_a_place_that_is_named_is_looked_up_and_kept(tmp_path: Path) -> None:
    web = Web({PLACES: places("Paris"), FORECAST: document()})
    said = answers(tmp_path, web, "what's the weather like in Paris", "will it rain in paris tomorrow")
    assert said[0] == "In Paris: It's 8 degrees: partly cloudy."
    assert said[1].startswith("In Paris: Yes")
    assert web.query(0)["name"] == "Paris"
    assert [each.split("?")[0] for each in web.asked] == [PLACES, FORECAST]
    web.pages[PLACES] = json.dumps({"generationtime_ms": 0.5})
    assert answers(tmp_path, web, "how warm is it in Nowhereville") == ["I don't know where Nowhereville is."]


def test_the_place_may_be_a_setting(tmp_path: Path) -> None:
    web = Web({PLACES: places("Vienna"), FORECAST: document()})
    assert answers(tmp_path, web, "how warm is it", place="Vienna") == ["It's 8 degrees."]
    assert web.query(0)["name"] == "Vienna"


def test_units_are_the_users(tmp_path: Path) -> None:
    web = Web({FORECAST: document()})
    assert answers(tmp_path, web, "how windy is it", units="imperial") == ["Today: wind of 15 miles per hour."]
    assert web.query()["temperature_unit"] == "fahrenheit"
    assert web.query()["wind_speed_unit"] == "mph"


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        (None, OFFLINE),
        (500, "api.open-meteo.com doesn't answer as it should."),
        ("", "The weather service gave no proper answer."),
        ("<html>Welcome to the hotel's network!</html>", "The weather service gave no proper answer."),
        ('{"current": null, "daily": {}}', "The weather service gave no proper answer."),
        ("[]", "The weather service gave no proper answer."),
    ],
)
def test_what_goes_wrong_costs_one_sentence(page: str | int | None, answer: str, tmp_path: Path) -> None:
    web = Web({FORECAST: page})
    assert answers(tmp_path, web, "how warm is it") == [answer]
    web.pages[FORECAST] = document()
    assert answers(tmp_path, web, "how warm is it") == ["It's 8 degrees."]


def test_without_the_network_it_says_so(tmp_path: Path) -> None:
    assert answers(tmp_path, Web(down=True), "how warm is it") == [OFFLINE]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("ru", "какая погода в Париже", "Париж"),
        ("ru", "какая погода в Москве", "Москва"),
        ("ru", "какая погода в Казани", "Казань"),
        ("ru", "какая погода в Софии", "София"),
        ("ru", "какая погода в Осло", "Осло"),
        ("de", "wie ist das Wetter in Paris", "Paris"),
        ("bg", "какво е времето в Париж", "Париж"),
    ],
)
def test_a_place_is_found_in_the_languages_case(language: str, text: str, place: str, tmp_path: Path) -> None:
    web = Web({PLACES: "{}", f"{PLACES}?name={quote(place)}": places(place), FORECAST: document()})
    (said,) = answers(tmp_path, web, text, language=language)
    assert place in said
    assert "8" in said


def test_it_is_not_listened_for_until_it_is_known_where_the_user_lives() -> None:
    skills = few("weather")
    assert skills.needing == {"weather": ("place",)}
    assert not skills.grammar.templates
    assert not loaded().needing


@pytest.mark.parametrize("language", CODES)
def test_every_example_is_answered_in_every_language(language: str, tmp_path: Path) -> None:
    skills = loaded(language)
    assert [str(problem) for problem in (*skills.problems, *check(skills))] == []
    web = Web({PLACES: places("Paris"), FORECAST: document()})
    found = skills.get("weather")
    assert found is not None
    said = answers(tmp_path, web, *found.examples, language=language)
    words = {key: str(text) for key, (text, *_) in found.replies.texts.items()}
    assert not {words["nonsense"], words["where"], words["too_far"], words["no_such_day"]} & set(said)


def test_every_weather_code_has_words() -> None:
    """Those that open-meteo's documentation lists."""
    codes = [0, 1, 2, 3, 45, 48, 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77, 80, 81, 82, 85, 86, 95, 96, 99]
    (found,) = loaded().skills
    skies = vars(sys.modules[f"{inspect.unwrap(found.handlers[0].function).__module__}.wording"])["_SKIES"]
    assert sorted(skies) == codes
    assert set(skies.values()) <= set(found.replies.texts)
