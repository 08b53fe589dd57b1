"""Who answers, what politeness costs (nothing), and what is said when nobody can."""

# ruff: noqa: ARG001  (a skill's signature is what is tested)
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.intent.router import Router
from assistant.intent.slots import Duration
from assistant.intent.template import Grammar
from assistant.skill.api import Context, skill
from assistant.skill.binding import Handler, bind, templates_of
from tests.unit.skillkit import shipped


@skill("set [a] timer for {duration}", examples=["set a timer for five minutes"])
def set_timer(ctx: Context, duration: Duration) -> str:
    """Start a countdown timer, with a name if you like; several can run."""
    return ""


@skill("stop", "(stop|cancel) [the] timer", examples=["stop", "cancel the timer"])
def stop(ctx: Context) -> str:
    """Stop what rings."""
    return ""


@skill("[{name}] countdown {duration}", examples=["tea countdown five minutes"])
def countdown(ctx: Context, duration: Duration, name: str = "") -> str:
    return ""


@skill("hello [{name}]", examples=["hello anna"])
def hello(ctx: Context, name: str = "") -> str:
    return ""


@skill("remind me to {what}", "note {what}", examples=["remind me to call mum"])
def remind(ctx: Context, what: str) -> str:
    return ""


@skill("what time is it [in {city}]", slots={"city": ["paris", "tokyo"]}, examples=["what time is it in tokyo"])
def clock(ctx: Context, city: str = "") -> str:
    """Tell the time here or in another city."""
    return ""


@skill("flip a coin", "thank you", examples=["flip a coin"])
def coin(ctx: Context) -> str:
    """LED lights are not involved."""
    return ""


@skill("(what can you do|help)", examples=["what can you do"])
def tour(ctx: Context) -> str:
    """Say what it can do."""
    return ""


class Loaded:
    """What a router needs of the skills."""

    def __init__(self, *functions: Any) -> None:
        found = [bind("home", "Home", function) for function in functions]
        self.handlers: Mapping[str, Handler] = {handler.intent: handler for handler in found}
        templates = [template for handler in found for template in templates_of(handler, {})]
        examples = {text: handler.intent for handler in found for text in handler.spec.examples}
        self.grammar = Grammar(tuple(templates), examples)


ALL = Loaded(set_timer, stop, remind, clock, coin, tour, countdown, hello)


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(ALL)


@pytest.mark.parametrize(
    "text",
    [
        "set a timer for five minutes",
        "Set a timer for 5 minutes!",
        "please set a timer for five minutes",
        "set a timer for five minutes please",
        "Hey, could you please set a timer for five minutes, thanks?",
        "um set a uh timer for er five minutes",
        "OK so I'd like you to set a timer for five minutes now please, thank you very much",
        "can you set a timer for five minutes for me",
    ],
)
def test_polite_and_filler_words_do_not_matter(router: Router, text: str) -> None:
    found = router.route(text)
    assert found is not None
    assert (found.intent, found.slots) == ("home.set_timer", {"duration": Duration(minutes=5)})


def test_what_matches_as_said_is_taken_as_said(router: Router) -> None:
    for text, intent in (("thank you", "home.coin"), ("what can you do", "home.tour")):
        found = router.route(text)
        assert found is not None
        assert found.intent == intent


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("remind me to call mum", "call mum"),
        ("remind me to call mum please", "call mum"),
        ("um remind me to uh call mum", "call mum"),
        ("please remind me to call mum, thanks", "call mum"),
        ("um hey remind me to call mum, thank you!", "call mum"),
        ("please remind me to say thank you", "say thank you"),
        ("remind me to say please", "say please"),
        ("note please", "please"),
        ("note thank you", "thank you"),
        ("remind me to say please to Bob", "say please to bob"),
    ],
)
def test_free_text_does_not_swallow_a_please(router: Router, text: str, what: str) -> None:
    found = router.route(text)
    assert found is not None
    assert found.slots == {"what": what}


def test_free_text_at_the_front_does_not_swallow_fillers(router: Router) -> None:
    found = router.route("um could you please tea countdown five minutes")
    assert found is not None
    assert found.slots == {"name": "tea", "duration": Duration(minutes=5)}
    found = router.route("hello bob please")
    assert found is not None
    assert found.slots == {"name": "bob"}


@pytest.mark.parametrize("text", ["", "please", "um", "hey", "make me a sandwich", "set a timer", "timer timer", "…"])
def test_nobody_answers(router: Router, text: str) -> None:
    assert router.route(text) is None


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        (
            "set the timer to a while",
            "I can't do that. I can, for example, start a countdown timer: say 'set a timer for five minutes'.",
        ),
        (
            "start a tymer",
            "I can't do that. I can, for example, start a countdown timer: say 'set a timer for five minutes'.",
        ),
        ("play jazz at five", "I can't do that. Ask 'what can you do' to hear what I can."),
        (
            "what time is it on the moon",
            "I can't do that. I can, for example, tell the time here or in another city: "
            "say 'what time is it in tokyo'.",
        ),
        ("remind Bob to eat", "I can't do that. You can say, for example: 'remind me to call mum'."),
        ("toss a coin", "I can't do that. I can, for example, LED lights are not involved: say 'flip a coin'."),
        ("asdf qwertz", "I can't do that. Ask 'what can you do' to hear what I can."),
        ("what's the weather like", "I can't do that. Ask 'what can you do' to hear what I can."),
        ("", "I can't do that. Ask 'what can you do' to hear what I can."),
    ],
)
def test_an_honest_answer_with_the_nearest_thing(router: Router, text: str, reply: str) -> None:
    assert router.route(text) is None
    assert router.fallback(text) == reply
    assert Router(ALL).fallback(text) == reply


def test_an_honest_answer_with_few_skills() -> None:
    only = Router(Loaded(set_timer))
    assert only.fallback("asdf") == (
        "I can't do that. I can, for example, start a countdown timer: say 'set a timer for five minutes'."
    )
    assert Router(Loaded()).fallback("asdf") == "I can't do that: no skills are loaded."


def test_it_follows_a_new_grammar() -> None:
    skills = Loaded(stop)
    router = Router(skills)
    assert router.route("flip a coin") is None
    more = Loaded(stop, coin)
    skills.handlers, skills.grammar = more.handlers, more.grammar
    found = router.route("flip a coin")
    assert found is not None
    assert found.intent == "home.coin"
    assert "flip a coin" in router.fallback("toss the coin")


def test_a_very_long_text_is_answered_quickly_and_honestly():
    from assistant.app import find_skills
    from assistant.config import Config
    from assistant.intent.router import LONGEST, Router

    router = Router(find_skills(Config()))
    text = "what time is it " * LONGEST
    assert router.route(text) is None
    assert "can't do that" in router.fallback(text)


@pytest.mark.parametrize("text", ["don't set a timer for ten minutes", "please do not set a timer for ten minutes"])
def test_what_is_not_to_be_done_is_no_name(text):
    """ "Don't set a" is no name of a timer."""
    assert Router(shipped()).route(text) is None


def test_it_says_in_the_users_language_what_it_cannot_do():
    assert Router(shipped("de"), "de").fallback("blaue Elefanten").startswith("Das kann ich nicht.")
