"""``ctx.ask`` and ``ctx.undo``, whatever the skill."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest

from assistant import Cancelled, Context, Date, Duration, NoAnswer, Percentage, TimeOfDay, skill
from assistant.errors import ConfigError
from assistant.intent.answers import Expectation, is_dismissal
from assistant.runtime.clock import VirtualLoop
from assistant.session.brain import Brain, Kind, Reply
from assistant.skill.binding import bind, templates_of
from assistant.skill.loader import LoadedSkill, Skills
from tests.unit.skillkit import START, MemoryHouse

Handler = Callable[..., Any]


def skills_of(**functions: tuple[str, Handler]) -> Skills:
    """A skill ``t`` of one function for each template."""
    loaded = LoadedSkill("t", "Test", Path("t.py"), ())
    for name, (template, function) in functions.items():
        function.__name__ = name
        handler = bind("t", "Test", skill(*template.split(" / "))(function))
        loaded.handlers += (handler,)
        loaded.templates[handler.intent] = templates_of(handler, {})
    return Skills([loaded])


class Room:
    """A brain with a house that gives scripted answers, on virtual time."""

    def __init__(self, skills: Skills, *answers: Any) -> None:
        self.house = MemoryHouse(START, {})
        self.house.answers = list(answers)
        self.brain = Brain(skills, {"t": Context("t", self.house, cast(Any, None))}, timeout=10.0)

    async def say(self, text: str) -> Reply:
        return await self.brain.answer(text, follow_up=True)


def play(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scenario())


def one(expected: Any, *answers: Any) -> Reply:
    """The reply of a skill that asks for something and says what it was given."""

    async def asks(ctx: Context) -> str:
        return repr(await ctx.ask("Which?", expected))

    async def other(ctx: Context) -> str:
        return f"other {ctx.text}"

    replies: list[Reply] = []

    async def scenario() -> None:
        room = Room(skills_of(asks=("ask me", asks), other=("do the other thing", other)), *answers)
        replies.append(await room.say("ask me"))
        assert not room.house.answers

    play(scenario)
    return replies[0]


@pytest.mark.parametrize(
    ("expected", "answer", "value"),
    [
        (Duration, "for ten minutes please", Duration(minutes=10)),
        (int, "twenty one", 21),
        (int, "it's 5", 5),
        (float, "two point five", 2.5),
        (Percentage, "to fifty percent", Percentage(50)),
        (TimeOfDay, "at 6:30 pm", TimeOfDay(6, 30, "pm")),
        (Date, "tomorrow", Date(offset=1)),
        (str, "buy milk and honey", "buy milk and honey"),
        (bool, "yes", True),
        (bool, "yeah sure", True),
        (bool, "yes please", True),
        (bool, "go ahead", True),
        (bool, "no", False),
        (bool, "no thanks", False),
        (bool, "no don't", False),
        (["pasta", "green tea"], "the pasta one", "pasta"),
        (["pasta", "green tea"], "green", "green tea"),
        (["pasta", "green tea"], "the second one please", "green tea"),
        (["pasta", "green tea"], "i'd like tea", "green tea"),
        ({"[the] kitchen": 1, "[the] living room": 2}, "in the living room", 2),
        ({"on": False, "off": None}, "on", False),
    ],
)
def test_answers(expected: Any, answer: str, value: object) -> None:
    assert one(expected, answer) == Reply(repr(value), "t.asks", {})


@pytest.mark.parametrize("expected", [Duration, int, ["pasta", "tea"], str, bool])
@pytest.mark.parametrize(
    "answer", ["never mind", "oh, never mind", "cancel", "forget it", "stop", "Cancel it, please."]
)
def test_never_mind(expected: Any, answer: str) -> None:
    assert is_dismissal(answer)
    assert one(expected, answer).text == "OK."


def test_silence_ends_the_turn_quietly() -> None:
    assert one(int, None) == Reply("", "t.asks", {})


def test_what_does_not_fit_is_asked_for_once_more() -> None:
    assert one(int, "banana", "five").text == "5"
    assert one(int, "banana", None).text == ""
    assert one(int, "banana", "apple").text == "Sorry, I didn't get that."
    assert one(int, "", "five").text == "5"


def test_another_command_is_answered_instead_once() -> None:
    assert one(int, "do the other thing") == Reply("other do the other thing", "t.other", {})
    assert one(str, "do the other thing").text == repr("do the other thing"), "where anything fits, it is the answer"


def test_a_skill_may_catch_both_and_go_on_asking() -> None:
    async def asks(ctx: Context) -> str:
        with suppress(Cancelled):
            await ctx.ask("One?", int)
        try:
            await ctx.ask("Two?", int)
        except NoAnswer:
            return f"{await ctx.ask('Three?', int)}"
        return "not reached"

    async def scenario() -> None:
        room = Room(skills_of(asks=("ask me", asks)), "never mind", None, "three")
        assert (await room.say("ask me")).text == "3"
        assert room.house.questions == ["One?", "Two?", "Three?"]

    play(scenario)


def test_the_time_of_the_user_is_not_the_skills() -> None:
    async def asks(ctx: Context) -> str:
        await ctx.sleep(4)
        await ctx.ask("One?", int)
        await ctx.sleep(4)
        await ctx.ask("Two?", int)
        await ctx.sleep(1)
        return "done"

    async def too_slow(ctx: Context) -> str:
        await ctx.ask("One?", int)
        await ctx.sleep(11)
        return "not reached"

    async def slowly() -> str:
        await asyncio.sleep(60)
        return "five"

    async def scenario() -> None:
        room = Room(skills_of(asks=("ask me", asks), slow=("be slow", too_slow)), slowly, slowly, slowly)
        assert (await room.say("ask me")).text == "done"
        assert asyncio.get_running_loop().time() == pytest.approx(129, abs=1)
        late = await room.say("be slow")
        assert late.failure is not None and late.failure.code == "timeout"
        assert asyncio.get_running_loop().time() == pytest.approx(199, abs=1)

    play(scenario)


def test_a_plain_function_is_told_that_it_cannot_ask() -> None:
    def asks(ctx: Context) -> Any:
        return ctx.ask("One?", int)

    async def scenario() -> None:
        reply = await Room(skills_of(asks=("ask me", asks))).say("ask me")
        assert reply.failure is not None and "async def" in str(reply.failure)

    play(scenario)


def test_what_cannot_be_asked_for_is_an_error_that_names_it() -> None:
    with pytest.raises(ConfigError, match="no slot type for dict"):
        Expectation(dict)


def test_a_cancelled_turn_cancels_the_skill_in_its_question() -> None:
    log: list[str] = []

    async def asks(ctx: Context) -> str:
        try:
            await ctx.ask("One?", int)
        finally:
            log.append("tidied up")
        return "not reached"

    async def forever() -> str:
        try:
            await asyncio.sleep(1e6)
        except asyncio.CancelledError:
            log.append("stopped listening")
            raise
        return ""

    async def scenario() -> None:
        room = Room(skills_of(asks=("ask me", asks)), forever)
        turn = asyncio.create_task(room.say("ask me"))
        await asyncio.sleep(5)
        turn.cancel()
        await asyncio.wait({turn})
        assert turn.cancelled()
        assert log == ["stopped listening", "tidied up"]
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(scenario)


def test_a_skill_that_swallows_everything_is_overtaken_all_the_same() -> None:
    async def asks(ctx: Context) -> str:
        try:
            return str(await ctx.ask("One?", int))
        except Exception:
            return "swallowed"

    async def other(_ctx: Context) -> str:
        return "other"

    async def scenario() -> None:
        room = Room(skills_of(asks=("ask me", asks), other=("do the other thing", other)), "do the other thing")
        assert (await room.say("ask me")).text == "other"

    play(scenario)


# --- corrections ---------------------------------------------------------------------------------


def counter(log: list[str]) -> Handler:
    async def add(ctx: Context, int: int, duration: Duration | None = None) -> str:
        log.append(f"+{int}")
        ctx.undo(lambda: log.append(f"-{int}"))

        async def slowly() -> None:
            await asyncio.sleep(1)
            log.append("undone")

        ctx.undo(slowly)
        return f"{int} {duration}"

    return add


@pytest.fixture
def log() -> Iterator[list[str]]:
    yield []


def test_a_correction_undoes_in_reverse_and_does_it_anew(log: list[str]) -> None:
    async def scenario() -> None:
        room = Room(skills_of(add=("add {int} [for {duration}]", counter(log))))
        await room.say("add five for ten minutes")
        decision = room.brain.decide("no, six", follow_up=True)
        assert (decision.kind, decision.pure, log) == (Kind.CORRECTION, False, ["+5"])
        assert (await room.brain.act(decision)).text == "6 ten minutes"
        assert log == ["+5", "undone", "-5", "+6"]
        assert (await room.say("i meant an hour")).text == "6 one hour"

    play(scenario)


def test_what_cannot_be_taken_back_is_not_corrected_but_a_pure_skill_is_asked_again() -> None:
    async def act(_ctx: Context, int: int) -> str:
        return f"did {int}"

    async def scenario() -> None:
        room = Room(skills_of(act=("do {int}", act)))
        await room.say("do five")
        assert (await room.say("no, six")).outcome == "missed"
        pure = skills_of(act=("do {int}", act))
        object.__setattr__(pure.handlers["t.act"].spec, "pure", True)
        room = Room(pure)
        await room.say("do five")
        assert (await room.say("no, six")).text == "did 6"

    play(scenario)


def test_an_undo_that_fails_is_an_apology_and_nothing_is_done_twice() -> None:
    async def act(ctx: Context, int: int) -> str:
        ctx.undo(lambda: 1 / 0)  # type: ignore[arg-type, return-value]
        return f"did {int}"

    async def scenario() -> None:
        room = Room(skills_of(act=("do {int}", act)))
        await room.say("do five")
        reply = await room.say("no, six")
        assert reply.outcome == "failed" and "Sorry" in reply.text
        assert (await room.say("no, six")).outcome == "missed", "it is forgotten"

    play(scenario)
