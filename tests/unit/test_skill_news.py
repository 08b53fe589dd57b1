"""News: headlines of several feeds in three formats, and what they are about."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.intent.lang import CODES
from assistant.skill.check import check
from assistant.skill.loader import Skills
from tests.unit.fewskills import few
from tests.unit.skillkit import START, Talk
from tests.unit.webkit import Web, browse

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Daily Something</title>
<item><title>Bridge opens &amp; nobody crosses</title><description>&lt;p&gt;The &lt;b&gt;new&lt;/b&gt; bridge
 opened.&lt;/p&gt; &lt;script&gt;evil()&lt;/script&gt;Nobody came.</description></item>
<item><title><![CDATA[Is it <i>spring</i>?]]></title></item>
<item><description>no title, no news</description></item>
<item><title>Cat found</title><content:encoded>It was in the tree</content:encoded></item>
<item><title>Dog lost</title></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Elsewhere</title>
<entry><title type="html">Ship &lt;em&gt;sails&lt;/em&gt;</title><summary>It sailed.</summary></entry>
<entry><title>Cat found</title></entry></feed>"""
RDF = """<?xml version="1.0" encoding="ISO-8859-1"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>Old</title></channel>
<item><title>Caf\xe9 closes</title><description>For ever.</description></item></rdf:RDF>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<rss><channel><item><title>&b;</title></item></channel></rss>"""
ONE, TWO = "one.example/feed", "two.example/atom"
NONSENSE = "The news feed gave no proper answer."
OFFLINE = "I can't reach the network at the moment."


@cache
def loaded(*feeds: str, language: str = "en") -> Skills:
    return few("news", language=language, news={"feeds": [f"https://{feed}" for feed in feeds]})


def answers(folder: Path, web: Web, *texts: str, feeds: tuple[str, ...] = (ONE,), **context: Any) -> list[str]:
    said: list[str] = []

    async def scenario(talk: Talk) -> None:
        said.extend([await talk.say(text) for text in texts])

    browse(scenario, "news", web, loaded(*feeds), folder, **context)
    return said


def test_headlines_are_read_a_few_at_a_time(tmp_path: Path) -> None:
    assert answers(
        tmp_path, Web({ONE: RSS}), "what's in the news", "tell me more about the first one",
        "more about the second story", "read me the next headlines", "more about the first one", "more headlines",
        "more about the second one",
    ) == [
        "Here's the news. Bridge opens & nobody crosses. Is it spring? Cat found.",
        "Bridge opens & nobody crosses. The new bridge opened. Nobody came.",
        "There is nothing but the headline: Is it spring?",
        "Further news. Dog lost.",
        "There is nothing but the headline: Dog lost.",
        "That's all the news.",
        "I have read only one headline.",
    ]  # fmt: skip


def test_several_feeds_take_turns_and_tell_nothing_twice(tmp_path: Path) -> None:
    web = Web({ONE: RSS, TWO: ATOM})
    said = answers(
        tmp_path, web, "read me the headlines", "more about the last one", "more headlines", feeds=(ONE, TWO)
    )
    assert said[0] == "Here's the news. Bridge opens & nobody crosses. Ship sails. Is it spring?"
    assert said[2] == "Further news. Cat found. Dog lost."
    assert answers(tmp_path, Web({ONE: 500, TWO: ATOM}), "read me the news", feeds=("gone.example", TWO)) == [
        "Here's the news. Ship sails. Cat found."
    ]


def test_old_feeds_with_other_encodings_are_read(tmp_path: Path) -> None:
    web = Web({ONE: RDF.encode("latin-1")})
    assert answers(tmp_path, web, "read me the news", "more about the first one") == [
        "Here's the news. Café closes.",
        "Café closes. For ever.",
    ]


def test_old_headlines_say_how_old_they_are(tmp_path: Path) -> None:
    web = Web({ONE: RSS})
    answers(tmp_path, web, "read me the news")
    answers(tmp_path, web, "read me the news", start=START + timedelta(minutes=14))
    assert len(web.asked) == 1
    web.down = True
    (said,) = answers(tmp_path, web, "read me the news", start=START + timedelta(hours=3, minutes=10))
    assert said.startswith("I can't reach the network; these headlines are three hours old. Here's the news. Bridge")


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        (None, OFFLINE),
        (500, "one.example doesn't answer as it should."),
        ("", NONSENSE),
        ("<html><body>Welcome to the hotel</body></html>", NONSENSE),
        ("<rss><channel><item>", NONSENSE),
        (BOMB, NONSENSE),
        ('<?xml version="1.0" encoding="klingon"?><rss/>', NONSENSE),
        ("<rss><channel/></rss>", "There is no news."),
    ],
)
def test_what_goes_wrong_costs_one_sentence(page: str | int | None, answer: str, tmp_path: Path) -> None:
    web = Web({ONE: page})
    assert answers(tmp_path, web, "read me the news", "more about the first one") == [
        answer,
        "I haven't read any headlines yet. Ask me what's in the news.",
    ]


def test_without_the_network_it_says_so(tmp_path: Path) -> None:
    assert answers(tmp_path, Web(down=True), "read me the news", "more headlines") == [
        OFFLINE,
        "I haven't read any headlines yet. Ask me what's in the news.",
    ]


def test_a_long_story_ends_with_a_sentence(tmp_path: Path) -> None:
    text = "It goes on. " * 200
    long = f"<rss><channel><item><title>Long</title><description>{text}</description></item></channel></rss>"
    said = answers(tmp_path, Web({ONE: long}), "read me the news", "more about the first one")
    assert said[1].endswith("It goes on.")
    assert len(said[1]) < 620


def test_it_is_not_listened_for_without_feeds() -> None:
    skills = few("news")
    assert skills.needing == {"news": ("feeds",)}
    assert not skills.grammar.templates


@pytest.mark.parametrize("language", CODES)
def test_every_example_is_answered_in_every_language(language: str, tmp_path: Path) -> None:
    skills = loaded(ONE, language=language)
    assert [str(problem) for problem in (*skills.problems, *check(skills))] == []
    found = skills.get("news")
    assert found is not None
    said: list[str] = []

    async def scenario(talk: Talk) -> None:
        said.extend([await talk.say(text) for text in found.examples])

    browse(scenario, "news", Web({ONE: RSS}), skills, tmp_path)
    words = {str(text) for key in ("nonsense", "no_news", "nothing_read") for text in found.replies.texts[key]}
    assert len(said) == len(found.examples)
    assert not words & set(said)
    assert "Bridge" in said[0]
