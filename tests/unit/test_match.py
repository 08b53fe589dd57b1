"""The matcher: who wins, what the slots hold, and how far along a sentence is."""

from __future__ import annotations

import time

import pytest

from assistant.intent.match import Matcher
from assistant.intent.slots import BUILT_IN, Duration
from assistant.intent.template import Grammar, Template, list_type, parse_template


def matcher(*templates: tuple[str, str], **slots: list[str]) -> Matcher:
    types = {**BUILT_IN, **{name: list_type(name, entries) for name, entries in slots.items()}}
    return Matcher(Grammar(tuple(Template(intent, text, parse_template(text, types)) for intent, text in templates)))


def winners(found: Matcher, text: str) -> list[str]:
    return [match.intent for match in found.match(text)]


def test_fewest_words_of_free_text_win() -> None:
    found = matcher(("a.any", "play {text}"), ("a.song", "play {text} by {text:artist}"), ("a.news", "play the news"))
    assert winners(found, "play the news") == ["a.news", "a.any"]
    assert winners(found, "play yesterday by the beatles") == ["a.song", "a.any"]


def test_then_most_literal_words_win() -> None:
    found = matcher(("a.slot", "set {int}"), ("a.list", "set {level}"), ("a.word", "set five"), level=["five", "full"])
    assert winners(found, "set five") == ["a.list", "a.word", "a.slot"]
    assert winners(found, "set 5") == ["a.slot"]


def test_then_the_first_declared_wins() -> None:
    one, two = ("a.one", "(hello|hi) there"), ("a.two", "hello (there|you)")
    assert winners(matcher(one, two), "hello there") == ["a.one", "a.two"]
    assert winners(matcher(two, one), "hello there") == ["a.two", "a.one"]


def test_slots_hold_values_and_the_words_that_gave_them() -> None:
    found = matcher(("t.set", "set [a|an] [{text:name}] timer for {duration}"))
    match = found.match("Set a Pasta timer for an hour and a half!")[0]
    assert match.slots == {"name": "pasta", "duration": Duration(minutes=90)}
    assert isinstance(match.slots["duration"], Duration)
    assert match.texts == {"name": "Pasta", "duration": "an hour and a half"}
    assert (match.wild, match.template) == (1, "set [a|an] [{text:name}] timer for {duration}")


def test_a_value_that_is_refused_is_no_match() -> None:
    found = matcher(("v.set", "volume {percentage}"))
    assert winners(found, "volume ninety percent") == ["v.set"]
    assert winners(found, "volume two hundred percent") == []


def test_free_text_in_the_middle_takes_what_the_rest_leaves() -> None:
    found = matcher(("m.tell", "tell {text:who} that {text:what}"))
    match = found.match("tell my wife that she said that it rains")[0]
    assert " ".join(match.texts.values()).count("that") == 1


@pytest.mark.parametrize("text", ["", "   ", "!?", "set", "set a timer for", "nonsense", "a " * 300])
def test_what_does_not_match(text: str) -> None:
    assert matcher(("t.set", "set [a] timer for {duration}")).match(text) == []


def test_a_list_of_ten_thousand_entries_is_fast() -> None:
    names = [f"artist number {n}" for n in range(10_000)] + ["the beatles"]
    found = matcher(("m.play", "play {artist} [loudly]"), artist=names)
    assert found.match("play artist number 7 loudly")  # builds the index
    began = time.process_time()
    for _ in range(100):
        assert found.match("play the beatles loudly")
    assert time.process_time() - began < 1.0


def test_a_long_sentence_does_not_blow_up() -> None:
    found = matcher(("m.x", "[{text:a}] and [{text:b}] and [{text:c}] then {text:d}"))
    began = time.process_time()
    assert found.match("one and two and three then " + "four and then " * 60 + "five")
    assert time.process_time() - began < 5.0
