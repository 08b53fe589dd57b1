"""The shipped skills' functions as tools of a language model."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assistant import TimeOfDay
from assistant.intent.manner import Manner, manner
from assistant.intent.typical import understood
from assistant.skill.dialogue import Overtaken, speaking
from assistant.skill.loader import Skills, load_skills
from assistant.tools.base import Outcome, ToolArgumentError
from assistant.tools.skills import Setup, SkillTool, SkillTools
from assistant.tools.toolbox import Toolbox
from tests.unit.skillkit import SKILLS, Talk, play, shipped

DANGEROUS = {
    "alarms.cancel_all_alarms",
    "home_assistant.activate",
    "routines.delete_routine",
    "timers.cancel_all_timers",
}
"""What destroys much or may do anything, and does not ask by itself."""
ASK_THEMSELVES = {
    "lists.clear_list", "lists.delete_list", "notes.delete_last_note", "notes.delete_notes", "system.shut_down",
    "system.restart", "reminders.cancel_all_reminders", "facts.forget_everything", "home_assistant.lock",
    "home_assistant.move",
}  # fmt: skip
"""What destroys much, or opens a door, and asks by itself."""
UNDONE = {
    "facts.forget", "facts.forget_last", "games.forget_score", "memory.clear_memory", "timers.restart_timer",
}  # fmt: skip
"""What is little and can be taken back."""
NOT_ONLY_ANSWERS = {
    "dictation.take_dictation", "encyclopedia.more", "facts.remember", "games.guess_number", "games.play_quiz",
    "memory.go_on_with_result", "memory.recall_memory", "news.next_headlines", "notes.read_notes", "notes.search_notes",
    "routines.define_routine",
}  # fmt: skip
"""What is asked for as a question is, but goes on from the last answer, or asks back."""
_TOKENS = 75
"""Of a tool in a prompt, on the average; about four characters each."""


@cache
def every() -> dict[str, SkillTool]:
    """The tools of all shipped skills, also of those that are not set up here."""
    skills = load_skills([SKILLS])
    for each in skills.skills:
        each.missing = ()
    found = SkillTools(skills, Setup({})).tools("en")
    return {each.name: each for each in found if isinstance(each, SkillTool)}


@dataclass
class Hands:
    """The tools of a conversation.

    Attributes:
        done: intents of the calls that went well, and how many undos each has.
    """

    talk: Talk
    box: Toolbox
    done: list[tuple[str, int]]

    async def call(self, name: str, language: str = "en", /, **arguments: Any) -> Outcome:
        """What a tool gives."""
        tool = next(each for each in self.box.tools(language) if each.name == name)
        token = speaking.set(language)
        try:
            return await tool.run(tool.check(arguments))
        finally:
            speaking.reset(token)


def use(scenario: Callable[[Hands], Awaitable[None]], skills: Skills | None = None, **context: Any) -> None:
    """Run a scenario with the tools of the skills."""

    async def whole(talk: Talk) -> None:
        done: list[tuple[str, int]] = []
        setup = Setup(
            talk.contexts,
            is_command=lambda text, _: talk.brain.decide(text).match is not None,
            on_done=lambda match, _handler, undos, _language: done.append((match.intent, len(undos))),
        )
        await scenario(Hands(talk, Toolbox([SkillTools(talk.skills, setup)]), done))

    play(whole, skills=skills, **context)


def read(name: str, language: str = "en", /, **arguments: Any) -> Mapping[str, Any]:
    """What a tool's function is given."""
    tools: Mapping[str, Any] = {each.name: each for each in SkillTools(shipped(), Setup({})).tools(language)}
    return dict(tools[name].check(arguments))


# --- schemas -------------------------------------------------------------------------------------


def test_every_schema_is_one_and_every_name_fits() -> None:
    assert len(every()) > 140
    for tool in every().values():
        Draft202012Validator.check_schema(tool.spec.parameters)
        assert re.fullmatch(r"[a-z0-9_]{1,64}", tool.spec.name)
        assert tool.spec.description and "\n" not in tool.spec.description
        assert set(tool.spec.parameters.get("required", ())) <= set(tool.spec.parameters["properties"])
    assert len({tool.spec.name for tool in every().values()}) == len(every())


def test_the_schemas_are_lean() -> None:
    told = [json.dumps([each.spec.name, each.spec.description, each.spec.parameters]) for each in every().values()]
    assert sum(map(len, told)) / 4 / len(told) < _TOKENS


def test_what_is_dangerous() -> None:
    assert {name for name, tool in every().items() if tool.dangerous} == DANGEROUS
    destroys = re.compile(r"\.(cancel_all|clear|delete|forget|shut_down|restart|lock|move|activate)")
    assert {name for name in every() if destroys.search(name)} == DANGEROUS | ASK_THEMSELVES | UNDONE


def test_what_is_foreign() -> None:
    foreign = {name.partition(".")[0] for name, tool in every().items() if tool.foreign}
    assert foreign == {"calendar", "encyclopedia", "music", "news", "weather"}


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_every_example_s_words_are_read_as_arguments(language: str) -> None:
    tools = {tool.name: tool for tool in SkillTools(shipped(), Setup({})).tools(language)}
    examples = understood(shipped().spoken(language).grammar)
    assert len(examples) > 250
    for example, match in examples:
        tool = tools[match.intent]
        said = {name: match.texts.get(name, value) for name, value in match.slots.items()}
        found = dict(tool.check(said))
        assert {name: _plain(value) for name, value in found.items()} == {
            name: _plain(value) for name, value in match.slots.items()
        }, example


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


# --- what changes something ------------------------------------------------------------------------


def test_questions_are_answered_by_what_changes_nothing() -> None:
    asked = {
        handler.intent
        for skill in shipped().skills
        for handler in skill.handlers
        if not handler.spec.pure and any(manner(each, "en") is Manner.QUESTION for each in handler.spec.examples)
    }
    assert asked <= NOT_ONLY_ANSWERS


def test_what_changes_nothing_changes_nothing() -> None:
    async def scenario(hands: Hands) -> None:
        for text in ("add milk to the shopping list", "set a timer for five minutes", "take a note that it rains",
                     "remind me to call mom at seven", "set an alarm for 6:30 pm"):  # fmt: skip
            await hands.talk.say(text)
        house = hands.talk.house
        before = _kept(hands.talk), list(house.questions), len(house.rings), list(house.announced)
        asked = set()
        for example, match in understood(hands.talk.skills.grammar):
            tool = next(each for each in hands.box.tools("en") if each.name == match.intent)
            if not tool.effects and not tool.foreign:
                asked.add(tool.name)
                await tool.run(tool.check({name: match.texts.get(name, value) for name, value in match.slots.items()}))
                after = _kept(hands.talk), list(house.questions), len(house.rings), list(house.announced)
                assert after == before, example
        assert len(asked) > 45

    use(scenario)


def _kept(talk: Talk) -> dict[str, Any]:
    """What the skills have on disk."""
    return {skill.name: talk.context(skill.name).store.items() for skill in talk.skills.skills if not skill.missing}


# --- calls ---------------------------------------------------------------------------------------


def test_a_tool_does_what_its_function_does() -> None:
    async def scenario(hands: Hands) -> None:
        made = await hands.call("timers.set_timer", duration="10 minutes", name="pasta")
        assert made == Outcome("Pasta timer: ten minutes from now.", spoken="Pasta timer: ten minutes from now.")
        assert hands.done == [("timers.set_timer", 1)]
        assert "pasta" in await hands.talk.say("how long is left on the pasta timer")

    use(scenario)


def test_free_text_is_kept_as_the_model_wrote_it() -> None:
    async def scenario(hands: Hands) -> None:
        await hands.call("notes.take_note", text="Call Dr. Meier, 3rd floor!")
        assert "Call Dr. Meier, 3rd floor" in (await hands.call("notes.read_last_note")).text
        await hands.call("lists.add_to_list", items=["Oat milk", "Eggs"])
        assert "Oat milk and Eggs" in (await hands.call("lists.read_list")).text

    use(scenario)


def test_in_the_language_of_the_conversation() -> None:
    async def scenario(hands: Hands) -> None:
        made = await hands.call("timers.set_timer", "de", duration="zehn Minuten")
        assert made.spoken == "Zehn Minuten ab jetzt."
        assert (await hands.call("timers.set_timer", "de", duration="20 minutes")).spoken == "20 Minuten ab jetzt."

    use(scenario)


def test_the_schema_is_english_and_the_values_are_in_both() -> None:
    for tools in (SkillTools(shipped("de"), Setup({})), SkillTools(shipped(), Setup({}))):
        (alarm,) = [each for each in tools.tools("de") if each.name == "alarms.set_recurring_alarm"]
        shown = alarm.spec.parameters["properties"]
        assert shown["span"] == {"type": "string", "enum": ["day", "weekday", "weekend"]}
        assert shown["weekday"]["enum"][0] == "monday"
        for given in ({"time": "18:30", "weekday": "monday"}, {"time": "halb sieben abends", "weekday": "montags"}):
            assert dict(alarm.check(given)) == {"time": TimeOfDay(18, 30), "weekday": 0}


def test_what_is_wrong_is_said_in_one_line() -> None:
    with pytest.raises(ToolArgumentError) as error:
        read("units.convert", source="miles", vlaue=3)
    assert str(error.value) == "there is no 'vlaue'; did you mean 'value'?; target is missing"
    with pytest.raises(ToolArgumentError) as error:
        read("translate.translate", text="hello", target="klingon")
    assert str(error.value) == (
        "target must be one of english, german, french, spanish, russian, bulgarian, not 'klingon'"
    )


def test_a_skill_that_cannot_says_so() -> None:
    async def scenario(hands: Hands) -> None:
        none = await hands.call("timers.pause_timer")
        assert not none.ok
        assert none.text == none.spoken == await hands.talk.say("pause the timer")
        assert hands.done == []

    use(scenario)


def test_a_skill_that_fails_is_an_outcome(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(hands: Hands) -> None:
        def broken(*_: Any) -> Any:
            raise RuntimeError("no shelf")

        store = type(hands.talk.context("lists").store)
        monkeypatch.setattr(store, "items", broken)
        monkeypatch.setattr(store, "get", broken)
        failed = await hands.call("lists.read_list")
        assert not failed.ok
        assert failed.text == "It failed: lists.read_list RuntimeError: no shelf"
        assert failed.spoken == "Sorry, something went wrong in the lists skill."

    use(scenario)
    assert "lists.read_list" in caplog.text


def test_a_function_asks_and_is_overtaken() -> None:
    async def scenario(hands: Hands) -> None:
        await hands.talk.say("add milk to the shopping list")
        hands.talk.house.answers = ["no"]
        kept = await hands.call("lists.clear_list")
        assert hands.talk.house.questions
        assert kept.ok and "milk" in (await hands.call("lists.read_list")).text
        hands.talk.house.answers = ["what time is it"]
        with pytest.raises(Overtaken) as other:
            await hands.call("lists.clear_list")
        assert other.value.text == "what time is it"
        hands.talk.house.answers = ["never mind"]
        assert not (await hands.call("timers.set_timer")).ok

    use(scenario)
