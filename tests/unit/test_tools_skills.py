"""The shipped skills' functions as tools of a language model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from assistant.skill.dialogue import speaking
from assistant.skill.loader import Skills
from assistant.tools.base import Outcome, ToolArgumentError
from assistant.tools.skills import Setup, SkillTools
from assistant.tools.toolbox import Toolbox
from tests.unit.skillkit import Talk, play, shipped


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


def test_a_tool_does_what_its_function_does() -> None:
    async def scenario(hands: Hands) -> None:
        made = await hands.call("timers.set_timer", duration="10 minutes", name="pasta")
        assert made == Outcome("Pasta timer: ten minutes from now.", spoken="Pasta timer: ten minutes from now.")
        assert hands.done == [("timers.set_timer", 1)]
        assert "pasta" in await hands.talk.say("how long is left on the pasta timer")

    use(scenario)


def test_what_is_wrong_is_said_in_one_line() -> None:
    with pytest.raises(ToolArgumentError) as error:
        read("units.convert", source="miles", vlaue=3)
    assert str(error.value) == "there is no 'vlaue'; did you mean 'value'?; target is missing"
