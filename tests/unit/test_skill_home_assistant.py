"""Home Assistant: against a server that speaks its protocol; what is done is confirmed by the state that comes back."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from assistant.intent.match import Matcher
from tests.unit.homekit import TOKEN, FakeHome, free_port, running
from tests.unit.livekit import LANGUAGES, alone, eventually, live, problems
from tests.unit.skillkit import Talk, shipped

UNCONFIRMED = "I have passed it on, but it hasn't been done so far: Kitchen Light."
UNREACHABLE = "I can't reach Home Assistant at the moment."


def at_home(
    scenario: Callable[[Talk, FakeHome], Awaitable[None]],
    language: str = "en",
    path: Path | None = None,
    token: str = TOKEN,
    patience: float = 6.0,
) -> None:
    """Run a scenario with a server; the skill's lists are those that came from it."""

    async def whole(talk: Talk) -> None:
        home = FakeHome(language)
        async with running(home):
            talk.contexts["home_assistant"].settings["url"] = home.url
            await talk.contexts.start("home_assistant")
            talk.skills.refresh_lists()
            await scenario(talk, home)
            await talk.contexts.stop()
            await talk.house.close()

    skills = alone("home_assistant", language, url="to be known", token=token, patience=patience)
    live(whole, skills, path, start_hooks=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_whole_with_names_of_its_own(language: str) -> None:
    async def scenario(talk: Talk, _home: FakeHome) -> None:
        matcher, examples = Matcher(talk.skills.grammar), talk.skills.grammar.examples
        assert problems(talk.skills) == []
        hit = {(found[0].intent, found[0].template) for each in examples if (found := matcher.match(each))}
        assert [each.source for each in talk.skills.grammar.templates if (each.intent, each.source) not in hit] == []

    at_home(scenario, language)


def test_it_is_not_listened_for_until_it_is_configured() -> None:
    assert shipped().needing["home_assistant"] == ("url", "token")
    assert not [each for each in shipped().grammar.templates if each.intent.startswith("home_assistant.")]


def test_lights_are_switched_and_the_state_confirms_it() -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        assert await talk.say("turn on the kitchen light") == "Kitchen Light is on."
        assert home.states["light.kitchen"]["state"] == "on"
        assert await talk.say("turn off all lights in the kitchen") == "2 lights are off."
        assert home.calls[-1] == ("homeassistant.turn_off", ["light.kitchen", "light.kitchen_shelf"], {})
        assert await talk.say("turn off all the lights") == "3 lights are off."
        assert await talk.say("set the kitchen light to 40 percent") == "Kitchen Light: 40 percent."
        assert await talk.say("make the kitchen light red") == "Kitchen Light: done."
        assert home.states["light.kitchen"]["attributes"]["hs_color"] == (0.0, 100.0)

    at_home(scenario)


async def _says(talk: Talk, question: str, answer: str) -> bool:
    return await talk.say(question) == answer


def test_a_question_never_acts() -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        assert await talk.say("is the kitchen light on") == "No. Kitchen Light is off."
        assert await talk.say("is the kitchen window open") == "Yes. Kitchen Window is open."
        assert await talk.say("is the front door locked") == "Yes. Front Door is locked."
        assert await talk.say("is the kitchen blind closed") == "Yes. Kitchen Blind is closed."
        assert await talk.say("are all the doors locked") == "All doors are locked."
        assert await talk.say("which windows are open") == "Open: Kitchen Window."
        assert await talk.say("which lights are on") == "One light is on: Anna."
        assert await talk.say("are any lights on in the kitchen") == "No light is on."
        assert await talk.say("how warm is it in the kitchen") == "Kitchen: 20.5 degrees."
        assert await talk.say("what does the rain gauge say") == "Rain Gauge: 2.5 mm."
        await home.change("light.kitchen", "on")
        await eventually(lambda: _says(talk, "is the kitchen light on", "Yes. Kitchen Light is on."))
        assert home.calls == []

    at_home(scenario)


def test_heating_blinds_and_scenes() -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        assert await talk.say("set the radiator to 21 degrees") == "Radiator is set to 21 degrees."
        assert home.calls[-1] == ("climate.set_temperature", ["climate.radiator"], {"temperature": 21})
        assert await talk.say("set the radiator to 40 degrees") == "Home Assistant refuses to do that."
        assert await talk.say("open the kitchen blind") == "Kitchen Blind: open."
        assert await talk.say("close the blinds in the kitchen") == "Kitchen Blind: closed."
        assert await talk.say("activate movie night") == "Movie Night: done."
        assert home.calls[-1][:2] == ("scene.turn_on", ["scene.movie"])

    at_home(scenario)


def test_locks_and_gates_want_a_yes() -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        assert await talk.say("unlock the front door", "no") in ("All right, I leave it.", "OK, I leave it as it is.")
        assert await talk.say("open the garage", None) in ("All right, I leave it.", "OK, I leave it as it is.")
        assert home.calls == []
        assert await talk.say("unlock the front door", "yes") == "Front Door is unlocked."
        assert await talk.say("lock the front door", "yes") == "Front Door is locked."
        assert await talk.say("open the garage", "yes") == "Garage: open."
        assert talk.house.questions[-1] == "Shall I really open Garage?"

    at_home(scenario)


def test_one_name_in_two_rooms_is_asked_about() -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        assert await talk.say("turn on the fan", "the bedroom") == "Fan is on."
        assert talk.house.questions == ["I know Fan in several rooms: Kitchen and Bedroom. Which one?"]
        assert home.calls == [("homeassistant.turn_on", ["switch.fan_bedroom"], {})]

    at_home(scenario)


def test_what_is_not_done_is_not_claimed() -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        home.stuck.add("light.kitchen")
        assert await talk.say("turn on the kitchen light") == UNCONFIRMED
        assert await talk.say("turn on the attic old light") == "Attic [old] Light: it doesn't answer Home Assistant."

    at_home(scenario, patience=0.2)


def test_a_service_that_does_not_answer_is_judged_by_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        monkeypatch.setattr(sys.modules["_assistant_skill_home_assistant.link"], "_SERVICE_S", 0.05)
        home.silent = True
        assert await talk.say("turn on the kitchen light") == "Kitchen Light is on."

    at_home(scenario)


def test_a_wrong_token_is_told_from_a_house_that_is_away(tmp_path: Path) -> None:
    async def learn(talk: Talk, _home: FakeHome) -> None:
        assert await talk.say("is the kitchen light on") == "No. Kitchen Light is off."
        store = talk.contexts["home_assistant"].store
        await eventually(lambda: asyncio.to_thread(lambda: store.get("home") is not None))

    async def refused(talk: Talk, _home: FakeHome) -> None:
        assert (await talk.say("turn on the kitchen light")).startswith("Home Assistant doesn't accept my token.")

    async def away(talk: Talk) -> None:
        talk.contexts["home_assistant"].settings["url"] = f"http://127.0.0.1:{await free_port()}"
        await talk.contexts.start("home_assistant")
        talk.skills.refresh_lists()
        assert await talk.say("turn on the kitchen light") == UNREACHABLE
        assert await talk.say("is the kitchen light on") == UNREACHABLE

    at_home(learn, path=tmp_path / "m.db")
    at_home(refused, path=tmp_path / "m.db", token="another")
    live(away, alone("home_assistant", url="x", token=TOKEN), tmp_path / "m.db", start_hooks=False)


def test_it_comes_back_after_a_restart_and_follows_new_names() -> None:
    async def scenario(talk: Talk, home: FakeHome) -> None:
        async with running(home) as other:
            port = next(iter(other.sockets)).getsockname()[1]
        talk.contexts["home_assistant"].settings["url"] = f"http://127.0.0.1:{port}"
        await talk.contexts.start("home_assistant")
        assert await talk.say("turn on the kitchen light") == UNREACHABLE
        async with running(home, port):
            assert await talk.say("turn on the kitchen light") == "Kitchen Light is on."
            home.states["switch.kettle"] = {"entity_id": "switch.kettle", "state": "off", "attributes": {}}
            await home.tell("entity_registry_updated", {"action": "create", "entity_id": "switch.kettle"})
            await eventually(lambda: asyncio.to_thread(talk.skills.refresh_lists))
            assert await talk.say("turn on the kettle") == "kettle is on."

    at_home(scenario)
