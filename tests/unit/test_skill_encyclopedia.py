"""Encyclopedia: what Wikipedia says, as much as one wants to hear; and other skills keep their sentences."""

from __future__ import annotations

import inspect
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.fewskills import kept
from tests.unit.skillkit import START, Talk, intent, play, shipped
from tests.unit.webkit import Web, browse

LOVELACE = (
    "Augusta Ada King, Countess of Lovelace (née Byron; 10 December 1815 – 27 November 1852), was an English "
    "mathematician (and writer (of letters)). She is known for her work on C. Babbage's engine in 1843. "
    "She saw more in it than numbers. Her notes appeared in print. Nobody had done so before."
)
OFFLINE = "I can't reach the network at the moment."
NONSENSE = "Wikipedia gave no proper answer."


def search(*keys: str) -> str:
    return json.dumps({"pages": [{"id": 1, "key": key, "title": key.replace("_", " "), "excerpt": ""} for key in keys]})


def page(title: str, extract: str, kind: str = "standard") -> str:
    return json.dumps({"type": kind, "title": title, "extract": extract, "lang": "en", "description": "something"})


def site(language: str = "en") -> tuple[str, str]:
    host = f"{language}.wikipedia.org"
    return f"{host}/w/rest.php/v1/search/page", f"{host}/api/rest_v1/page/summary/"


def ada() -> Web:
    find, summary = site()
    return Web({find: search("Ada_Lovelace"), f"{summary}Ada_Lovelace": page("Ada Lovelace", LOVELACE)})


def answers(folder: Path, web: Web, *texts: str, language: str = "en", **context: Any) -> list[str]:
    said: list[str] = []

    async def scenario(talk: Talk) -> None:
        said.extend([await talk.say(text) for text in texts])

    browse(scenario, "encyclopedia", web, kept("encyclopedia", language=language), folder, **context)
    return said


def test_two_sentences_are_told_and_more_when_asked_for(tmp_path: Path) -> None:
    web = ada()
    assert answers(
        tmp_path, web, "who was Ada Lovelace", "tell me more about her", "tell me more about it"
    ) == [
        "Augusta Ada King, Countess of Lovelace, was an English mathematician. "
        "She is known for her work on C. Babbage's engine in 1843.",
        "She saw more in it than numbers. Her notes appeared in print. Nobody had done so before.",
        "That's all that I have about it.",
    ]  # fmt: skip
    assert web.query(0) == {"q": "Ada Lovelace", "limit": "1"}


def test_what_was_read_is_kept_for_when_the_network_is_missing(tmp_path: Path) -> None:
    web = ada()
    before = answers(tmp_path, web, "tell me about Ada Lovelace")
    web.down = True
    after = answers(tmp_path, web, "who was Ada Lovelace", start=START + timedelta(days=40))
    assert after == before
    assert answers(tmp_path, web, "who was Grace Hopper") == [OFFLINE]


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("de", "was ist ein schwarzes Loch", "Schwarzes_Loch"),
        ("fr", "parle-moi de l'Auvergne", "Auvergne"),
        ("es", "quién fue Frida Kahlo", "Frida_Kahlo"),
        ("ru", "расскажи мне о Москве", "Москва"),
        ("bg", "кой е Васил Левски", "Васил_Левски"),
    ],
)
def test_the_encyclopedia_is_the_one_of_the_users_language(language: str, text: str, key: str, tmp_path: Path) -> None:
    find, summary = site(language)
    web = Web({find: search(key), summary + quote(key): page(key, f"{key}: so steht es da.")})
    assert answers(tmp_path, web, text, language=language) == [f"{key}: so steht es da."]


@pytest.mark.parametrize(
    ("found", "summary", "answer"),
    [
        (None, None, OFFLINE),
        (500, None, "en.wikipedia.org doesn't answer as it should."),
        ("", None, NONSENSE),
        ("<html>hotel</html>", None, NONSENSE),
        ('{"pages": [{}]}', None, NONSENSE),
        ('{"pages": []}', None, "I found nothing about foo."),
        (search("Foo"), 404, "en.wikipedia.org doesn't answer as it should."),
        (search("Foo"), "[]", NONSENSE),
        (search("Foo"), page("Foo", ""), "I found nothing about foo."),
        (search("Foo"), page("Foo", "Foo may refer to:", "disambiguation"), "Foo can mean several things; "),
    ],
)
def test_what_goes_wrong_costs_one_sentence(
    found: str | int | None, summary: str | int | None, answer: str, tmp_path: Path
) -> None:
    find, pages = site()
    web = Web({find: found, pages: summary})
    (said,) = answers(tmp_path, web, "tell me about foo")
    assert said.startswith(answer)


def test_there_is_no_more_before_anything_was_looked_up() -> None:
    async def scenario(talk: Talk) -> None:
        assert (await talk.say("tell me more about it")).startswith("I haven't looked anything up yet.")

    play(scenario, skills=kept("encyclopedia"))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Er kam am 14. März 1879 zur Welt. Er ging 1955. Danach war Ruhe.", 3),
        ("J. S. Bach (1685–1750) schrieb Fugen. „Gut“, sagte er.", 2),
        ("Москва — столица России. Город стоит на реке Москве.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text: str, sentences: int) -> None:
    skill = shipped().get("encyclopedia")
    assert skill is not None
    module = inspect.getmodule(inspect.unwrap(skill.handlers[0].function).__globals__["summary"])
    assert len(module.sentences(text)) == sentences  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "what is the time",
        "what is two plus two",
        "what is a hundred minus one",
        "what is the date",
        "what is the weather",
        "what's on my shopping list",
        "tell me a joke",
        "tell me the time",
        "who are you",
        "who is your boss",
        "what is a good recipe for steak",
        "what's the best restaurant near here",
        "tell me about your hobbies",
        "what is ten miles in kilometres",
        "what is 20 percent of 50",
        "what are my reminders",
        "tell me more",
        "how do you spell encyclopedia",
        "tell me what time it is",
        "what was the last thing you said",
    ],
)
def test_other_skills_keep_their_sentences(text: str) -> None:
    assert intent(text) != "encyclopedia.look_up"
