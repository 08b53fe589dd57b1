"""Lists: several things at once, other lists, and nothing thrown away without asking."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit import skillkit
from tests.unit.fewskills import kept
from tests.unit.skillkit import Scenario, Talk

LISTS = ("lists", "stop")


def play(scenario: Scenario, path: Path | None = None, language: str = "en") -> None:
    skillkit.play(scenario, path, skills=kept(*LISTS, language=language))


@pytest.mark.parametrize(
    ("said", "items"),
    [
        ("milk", "milk"),
        ("milk, eggs and bread", "milk, eggs and bread"),
        ("milk eggs and bread", "milk, eggs and bread"),
        ("some milk and a loaf of bread", "milk and loaf of bread"),
        ("olive oil, Parmesan", "olive oil and Parmesan"),
        ("two bottles of red wine", "two bottles of red wine"),
        ("milk and milk", "milk"),
    ],
)
def test_several_things_are_put_on_the_list_at_once(said: str, items: str) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say(f"add {said} to my shopping list") == f"I've put {items} on your shopping list."

    play(scenario)


def test_a_shopping_list_is_written_read_and_crossed_off() -> None:
    async def scenario(talk: Talk) -> None:
        assert "shopping list" in await talk.say("what's on my shopping list")
        await talk.say("put milk, two eggs and oat milk on the grocery list")
        assert await talk.say("add milk to the list") == "Your shopping list has milk already."
        assert await talk.say("how many things are on my shopping list") == "There are 3 things on your shopping list."
        assert await talk.say("is an egg on my shopping list") == "Yes, your shopping list has two eggs."
        assert await talk.say("is wine on my shopping list") == "No, I don't see wine on your shopping list."
        assert await talk.say("take milk off my shopping list") == "I've taken milk off your shopping list."
        assert await talk.say("remove wine from the list") == "I don't see wine on your shopping list."
        reply = await talk.say("what's on the shopping list")
        assert reply == "There are 2 things on your shopping list: two eggs and oat milk."

    play(scenario)


def test_lists_have_names_and_are_made_when_the_user_agrees(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        assert await talk.say("add socks to my packing list", "no") == "All right, there is no packing list."
        assert await talk.say("add socks to my packing list", "yes") == "I've put socks on your packing list."
        assert await talk.say("make a new list called Birthday Presents") == "I've made a Birthday Presents list."
        assert await talk.say("make a packing list") == "There is a packing list already."

    async def after(talk: Talk) -> None:
        assert await talk.say("what lists do i have") == "You have 2 lists: Birthday Presents list and packing list."
        assert await talk.say("read my packing list") == "There is one thing on your packing list: socks."
        assert await talk.say("what's on my wish list") == "There is no wish list."

    file = tmp_path / "memory.db"
    play(before, file)
    play(after, file)


def test_nothing_is_thrown_away_without_asking() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("add socks to my packing list", "yes")
        assert await talk.say("clear my packing list", None) == "All right, I leave it as it is."
        assert await talk.say("clear my packing list", "yes please") == "Your packing list is empty now."
        assert await talk.say("delete my packing list") == "The packing list is deleted."
        await talk.say("add milk to my shopping list")
        assert await talk.say("delete my shopping list", "no") == "All right, I leave it as it is."
        assert await talk.say("delete my shopping list", "yes") == "The shopping list is deleted."
        assert "shopping list" in await talk.say("read my shopping list")

    play(scenario)


def test_what_is_missing_is_asked_for_and_a_correction_replaces_it() -> None:
    async def scenario(talk: Talk) -> None:
        reply = await talk.say("add something to my shopping list", "Milk, eggs")
        assert reply == "I've put Milk and eggs on your shopping list."
        await talk.say("add bread to my shopping list")
        assert await talk.say("no, I said red wine") == "I've put red wine on your shopping list."
        reply = await talk.say("read the shopping list")
        assert reply == "There are 3 things on your shopping list: Milk, eggs and red wine."

    play(scenario)


@pytest.mark.parametrize(
    ("language", "add", "read", "reply"),
    [
        (
            "de",
            "schreib Milch, Eier und Brot auf die Einkaufsliste",
            "was steht auf meiner Einkaufsliste",
            "Auf deiner Einkaufsliste stehen 3 Sachen: Milch, Eier und Brot.",
        ),
        (
            "ru",
            "добавь молоко, яйца и хлеб в список покупок",
            "что в моём списке покупок",
            "Вот список покупок: молоко, яйца и хлеб.",
        ),
        (
            "fr",
            "ajoute du lait et des œufs à la liste de courses",
            "lis-moi ma liste de courses",
            "Il y a 2 choses sur votre liste de courses : lait et œufs.",
        ),
    ],
)
def test_other_languages_part_things_in_their_own_way(language: str, add: str, read: str, reply: str) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say(add)
        assert await talk.say(read) == reply

    play(scenario, language=language)
