"""Dialogues with the shipped skills: questions with their answers, and corrections."""

from __future__ import annotations

import pytest

from assistant.session.brain import Brain, Kind
from tests.unit.skillkit import Talk, play, shipped

AGAIN = "Sorry, I didn't get that."


@pytest.mark.parametrize(
    ("command", "answers", "reply"),
    [
        ("set a timer", ["ten minutes"], "Ten minutes from now."),
        ("set a timer", ["for ten minutes please"], "Ten minutes from now."),
        ("set a timer", ["um", "make it 90 seconds"], "One minute and 30 seconds from now."),
        ("set a pasta timer", ["let's say nine minutes"], "Pasta timer: nine minutes from now."),
        ("set a timer", ["never mind"], "OK."),
        ("set a timer", ["oh forget it"], "OK."),
        ("set a timer", ["stop"], "OK."),
        ("set a timer", [None], ""),
        ("set a timer", ["banana", None], ""),
        ("set a timer", ["banana", "apple"], AGAIN),
        ("set a timer", ["how many timers are running"], "No timer is running."),
        ("set a timer", ["set a timer", "five minutes"], "Five minutes from now."),
        ("set an alarm", ["half past six in the evening"], "Your alarm is set for 6:30 pm today."),
        ("set an alarm", ["at seven"], "Your alarm is set for 7 pm today."),
        ("wake me up", ["6:30 am"], "Your alarm is set for 6:30 am tomorrow."),
        ("wake me up on Friday", ["at eight am"], "Your alarm is set for 8 am on Friday."),
        ("wake me up tomorrow morning", ["seven"], "Your alarm is set for 7 am tomorrow."),
        ("set an alarm", ["cancel"], "OK."),
    ],
)
def test_what_is_missing_is_asked_for(command: str, answers: list[str | None], reply: str) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say(command, *answers) == reply

    play(scenario)


def test_an_answer_that_does_not_fit_is_asked_for_once_more() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a timer", "banana", "two minutes")
        assert talk.house.questions == ["For how long?", f"{AGAIN} For how long?"]

    play(scenario)


def test_another_command_ends_the_question_and_nothing_is_set() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("set a timer", "what timers are running") == "No timer is running."

    play(scenario)


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("the pasta timer", "pasta"), ("pasta", "pasta"), ("the pasta one please", "pasta"), ("the first one", "pasta"),
        ("the ten minute timer", "ten minute"), ("ten minutes", "ten minute"), ("the 10 minute one", "ten minute"),
        ("the second", "ten minute"), ("the last one", "twenty minute"), ("number three", "twenty minute"),
        ("no the twenty minute one", "twenty minute"), ("cancel the pasta timer", "pasta"),
    ],
)  # fmt: skip
def test_one_of_several_timers_is_chosen_by_the_answer(answer: str, gone: str) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a pasta timer for nine minutes")
        await talk.say("set a timer for ten minutes")
        await talk.say("set a timer for twenty minutes")
        reply = await talk.say("cancel the timer", answer)
        assert reply.replace("20", "twenty") == f"The {gone} timer is cancelled."

    play(scenario)


@pytest.mark.parametrize(
    "answer", ["the eight am one", "8 am", "at eight", "8 am tomorrow", "the second one", "the last"]
)
def test_one_of_several_alarms_is_chosen_by_the_answer(answer: str) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set an alarm for 7 am")
        await talk.say("set an alarm for 8 am")
        assert await talk.say("cancel my alarm", answer) == "Your alarm for 8 am tomorrow is cancelled."

    play(scenario)


@pytest.mark.parametrize(
    ("command", "correction", "reply"),
    [
        ("set a timer for five minutes", "no, ten minutes", "Ten minutes from now."),
        ("set a timer for five minutes", "no I meant ten minutes", "Ten minutes from now."),
        ("set a timer for five minutes", "I said ten minutes", "Ten minutes from now."),
        ("set a timer for five minutes", "make that ten minutes please", "Ten minutes from now."),
        ("set a timer for five minutes", "ten minutes instead", "Ten minutes from now."),
        ("set a timer for five minutes", "no, set a timer for ten minutes", "Ten minutes from now."),
        ("set a pea timer for five minutes", "I said tea", "Tea timer: five minutes from now."),
        ("set a tea timer for five minutes", "no, ten minutes", "Tea timer: ten minutes from now."),
        ("wake me up at seven am tomorrow", "no, at eight am", "Your alarm is set for 8 am tomorrow."),
        ("wake me up at seven am tomorrow", "no, on Friday", "Your alarm is set for 7 am on Friday."),
        ("wake me up at seven am", "no, in ten minutes", "Your alarm is set for 2:15 pm today."),
        ("set the volume to 40 percent", "no, sixty percent", "Volume 60 percent."),
        ("volume four", "I meant six", "Volume 60 percent."),
        ("volume four", "no, sixty percent", "Volume 60 percent."),
        ("turn the volume up by ten percent", "no, by twenty percent", "Volume 70 percent."),
    ],
)
def test_a_correction_takes_the_last_command_back(command: str, correction: str, reply: str) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say(command)
        assert await talk.say(correction) == reply
        assert len(talk.context("timers").store.items("due/")) <= 1
        assert len(talk.context("alarms").store.items("due/")) <= 1

    play(scenario)


def test_corrections_follow_one_another_and_each_leaves_one_timer() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a timer", "five minutes")
        assert await talk.say("no, six minutes") == "Six minutes from now."
        assert await talk.say("no, seven minutes") == "Seven minutes from now."
        assert await talk.say("what timers are running") == "Your seven minute timer has seven minutes left."
        await talk.say("add two minutes")
        assert await talk.say("no, three") == "The seven minute timer now has ten minutes left."

    play(scenario)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("no, ten minutes", Kind.CORRECTION),
        ("what day is it", Kind.COMMAND),
        ("never mind", Kind.DISMISSAL),
        ("no thanks", Kind.DISMISSAL),
        ("that's all", Kind.DISMISSAL),
        ("ten minutes", Kind.NOBODY),
        ("no", Kind.NOBODY),
        ("yes", Kind.NOBODY),
        ("no it was on tuesday", Kind.NOBODY),
        ("i meant your sister", Kind.NOBODY),
    ],
)
def test_what_follows_a_reply(text: str, kind: Kind) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("set a timer for five minutes")
        decision = talk.brain.decide(text, follow_up=True)
        assert decision.kind is kind
        assert decision.pure == (kind in (Kind.NOBODY,) or text in ("what day is it", "no thanks", "that's all"))
        assert len(talk.context("timers").store.items("due/")) == 1, "a decision does nothing"

    play(scenario)


def test_without_a_reply_before_it_there_is_nothing_to_correct() -> None:
    async def scenario(talk: Talk) -> None:
        brain = Brain(shipped(), {skill.name: talk.context(skill.name) for skill in shipped().skills})
        assert brain.correct("no, ten minutes") is None
        assert brain.decide("no, ten minutes", follow_up=True).kind is Kind.NOBODY
        await talk.say("set a timer for five minutes")
        assert talk.brain.decide("no, ten minutes").kind is Kind.NOBODY, "only a follow-up corrects"

    play(scenario)


def test_while_it_may_be_an_answer_a_lone_value_is_a_whole_sentence() -> None:
    async def scenario(talk: Talk) -> None:
        assert not talk.brain.progress("ten minutes").complete
        answer = talk.brain.progress("ten minutes", answering=True)
        assert answer.complete and answer.going_on < 0.5
        assert talk.brain.progress("for ten", answering=True).prefix
        assert talk.brain.progress("never mind", answering=True).complete

    play(scenario)


def test_a_skill_that_is_not_set_up_says_how() -> None:
    async def scenario(talk: Talk) -> None:
        reply = await talk.brain.answer("what's the weather like")
        assert "assistant skill config weather place=…" in reply.text

    play(scenario)
