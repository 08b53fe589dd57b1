"""Templates: tokens, hassil's syntax as a network, and what is refused."""

from __future__ import annotations

import pytest

from assistant.errors import ConfigError
from assistant.intent.match import Matcher
from assistant.intent.slots import BUILT_IN, open_list
from assistant.intent.template import (
    Grammar,
    Template,
    TemplateParser,
    list_type,
    parse_template,
    phrase,
    tokenize,
    words_of,
)


def matches(template: str, text: str, rules: dict[str, str] | None = None) -> bool:
    node = parse_template(template, BUILT_IN, rules)
    return bool(Matcher(Grammar((Template("x.y", template, node),))).match(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's the TIME?", ["what's", "the", "time"]),
        ("what’s up", ["what's", "up"]),
        ("twenty-five", ["twenty", "five"]),
        ("6:30 p.m.", ["6:30", "pm"]),
        ("at 6 P. M. today", ["at", "6", "pm", "today"]),
        ("1,234,567.5", ["1234567.5"]),
        ("3.5 + -2", ["3.5", "+", "-", "2"]),
        ("50%", ["50", "%"]),
        ("5kg 10°", ["5", "kg", "10", "°"]),
        ("Dr. Who", ["dr", "who"]),
        ("naïve Zürich", ["naïve", "zürich"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


def test_tokens_know_their_place() -> None:
    text = "Set it to 6:30 p.m., twenty-five times"
    assert [text[token.start : token.end].lower() for token in tokenize(text)][:4] == ["set", "it", "to", "6:30"]
    assert [text[token.start : token.end] for token in tokenize(text)][-3:] == ["twenty", "five", "times"]


@pytest.mark.parametrize(
    ("template", "yes", "no"),
    [
        ("turn on the light", ["turn on the light", "Turn on the light!"], ["turn on the", "turn on the light now"]),
        ("turn on [the] light", ["turn on light", "turn on the light"], ["turn on the the light"]),
        ("(hello|good morning) you", ["hello you", "good morning you"], ["good you", "you"]),
        ("[a|an] egg", ["egg", "a egg", "an egg"], ["a an egg"]),
        ("light[s] on", ["light on", "lights on"], ["light s on"]),
        ("[re]start (it|them)", ["start it", "restart them"], ["re start it"]),
        ("(red;green) apple", ["red green apple", "green red apple"], ["red apple"]),
        ("what's up", ["what's up", "what’s up"], ["whats up"]),
        ("say {int} times", ["say five times", "say 5 times"], ["say times", "say five five times"]),
        ("{int:a} and {int:b}", ["two and three", "a hundred and one and 5"], ["two three"]),
        ("wait {1..60:n}", ["wait 5", "wait sixty"], ["wait 61", "wait zero"]),
        ("dim to {0..100,5:n}", ["dim to 5", "dim to thirty five"], ["dim to 6", "dim to a hundred and five"]),
        ("say {text}", ["say it", "say whatever you like"], ["say"]),
    ],
)
def test_syntax(template: str, yes: list[str], no: list[str]) -> None:
    for text in yes:
        assert matches(template, text), text
    for text in no:
        assert not matches(template, text), text


def test_rules_expand_and_are_shared() -> None:
    rules = {"the": "[(the|my)]", "lamp": "<the> (lamp|light[s])"}
    parser = TemplateParser({}, rules)
    first, second = parser.parse("switch <lamp> on"), parser.parse("switch on <lamp>")
    matcher = Matcher(Grammar((Template("x.a", "1", first), Template("x.b", "2", second))))
    assert [match.intent for match in matcher.match("switch my lights on")] == ["x.a"]
    assert [match.intent for match in matcher.match("switch on lamp")] == ["x.b"]
    assert set(parser.rule_nodes) == {"the", "lamp"}


@pytest.mark.parametrize(
    ("template", "rules", "message"),
    [
        ("set {nonsense}", {}, "unknown slot {nonsense}; known are: date"),
        ("go <there>", {}, "unknown rule <there>"),
        ("go <a>", {"a": "x <b>", "b": "<a>"}, "rule <a> refers to itself"),
        ("go (there", {}, "go (there"),
        ("go [there", {}, "go [there"),
    ],
)
def test_what_is_refused(template: str, rules: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_template(template, BUILT_IN, rules)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_lists_map_what_is_said_to_a_value() -> None:
    rooms = list_type("room", {"[the] kitchen": 1, "(living|sitting) room": 2})
    matcher = Matcher(Grammar((Template("x.y", "t", parse_template("light {room}", {"room": rooms})),)))
    assert [matcher.match(text)[0].slots["room"] for text in ("light the kitchen", "light sitting room")] == [1, 2]
    assert matcher.match("light garage") == []


def test_vocabulary_holds_spoken_words_only() -> None:
    name = open_list("name", ["pasta", "washing machine"])
    node = parse_template("wait [for {int}] {name}", {**BUILT_IN, "name": name})
    words = Grammar((Template("x.y", "t", node),)).vocabulary()
    assert words == sorted(words)
    assert {"wait", "for", "seven", "pasta", "washing", "machine"} <= set(words)
    assert not any(character in word for word in words for character in "0123456789%")


def test_equal_phrases_are_one_node() -> None:
    assert phrase("good morning") is phrase("good morning")
