"""What the brain does with a sentence that could mean several things, or that no template matches."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from assistant import Context
from assistant.session.brain import Brain, Kind
from assistant.skill.binding import bind, templates_of
from assistant.skill.loader import LoadedSkill, Skills
from tests.unit.test_ask import Room, play
from tests.unit.test_paraphrasing import FUNCTIONS

START, WHICH = "start me a timer for twenty minutes", "The kitchen or the living room light?"


def skills() -> Skills:
    loaded = LoadedSkill("home", "Home", Path("home.py"), ())
    for function in FUNCTIONS:
        handler = bind("home", "Home", function)
        loaded.handlers += (handler,)
        loaded.templates[handler.intent] = templates_of(handler, {})
    return Skills([loaded])


class Open(Room):
    """A room whose recogniser hears any words."""

    def __init__(self, *answers: str | None) -> None:
        super().__init__(skills(), *answers)
        self.brain = Brain(skills(), {"home": Context("home", self.house, cast(Any, None))})
        self.brain.paraphrases = True


def test_a_closed_recogniser_has_no_paraphrases() -> None:
    async def scenario() -> None:
        room = Open()
        assert room.brain.decide(START).kind is Kind.COMMAND
        assert room.brain.decide(START, addressed=False).kind is Kind.NOBODY
        room.brain.paraphrases = False
        assert room.brain.decide(START).kind is Kind.NOBODY
        assert room.brain.decide("set a timer for twenty minutes").kind is Kind.COMMAND

    play(scenario)


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("the kitchen", "k on"),
        ("the second one", "l on"),
        ("never mind", "OK."),
        ("tell me a joke", "a joke"),
        (None, ""),
    ],
)  # fmt: skip
def test_an_answer_settles_it(answer: str | None, reply: str) -> None:
    async def scenario() -> None:
        room = Open(answer)
        decision = room.brain.decide("please turn on that light")
        assert (decision.kind, decision.match, decision.pure) == (Kind.AMBIGUOUS, None, False)
        assert (await room.brain.act(decision)).text == reply
        assert room.house.questions == [WHICH]

    play(scenario)


def test_what_was_asked_for_is_done_like_any_command() -> None:
    async def scenario() -> None:
        room = Open("for three minutes")
        reply = await room.say("please start a timer")
        assert (reply.text, reply.intent) == ("timer three minutes", "home.set_timer")
        assert room.house.questions == ["What duration?"]

    play(scenario)


@pytest.mark.parametrize(("answer", "reply"), [("yes please", "cancelled"), ("no", "OK.")])
def test_a_command_that_is_not_sure_enough_is_asked_about(answer: str, reply: str) -> None:
    async def scenario() -> None:
        room = Open(answer)
        assert (await room.say("stop counting the timer")).text == reply
        assert room.house.questions == ["Do you want me to cancel a timer?"]

    play(scenario)
