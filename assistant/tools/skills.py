"""The skills' functions as tools of a language model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from assistant.errors import EngineError, SkillError
from assistant.intent.lang.conversation import said
from assistant.intent.match import Match
from assistant.intent.template import Template
from assistant.llm.base import ToolSpec
from assistant.skill.api import Context
from assistant.skill.dialogue import Dialogue, Undo, speaking
from assistant.skill.invoke import call
from assistant.skill.loader import Handler, LoadedSkill, Skills
from assistant.tools.base import Outcome, Tool, ToolArgumentError, fit_name, is_named
from assistant.tools.schema import Parameters, description

TOOL = ""
"""The template of a match that a tool's call stands for."""

Done = Callable[[Match, Handler, Sequence[Undo], str], None]


class Read(dict[str, Any]):
    """Parameter → value, as a skill takes them.

    Args:
        values: those.
        texts: parameter → what the model gave for it, as it wrote it.
    """

    def __init__(self, values: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        super().__init__(values)
        self.texts = texts


@dataclass(frozen=True, slots=True)
class Setup:
    """What skills are run with.

    Attributes:
        contexts: skill name → the context its functions get.
        timeout: seconds after which a skill's answer is given up.
        confirm: patterns of names of tools that ask the user first, besides those marked as dangerous.
        is_command: text, language → whether a sentence would be a command of its own.
        on_done: told about each call that went well, with what takes it back: (what it was, function, undos, language).
    """

    contexts: Mapping[str, Context]
    timeout: float = 10.0
    confirm: Sequence[str] = ()
    is_command: Callable[[str, str], bool] = lambda _text, _language: False
    on_done: Done = lambda _match, _handler, _undos, _language: None


@dataclass(slots=True, eq=False)
class SkillTool:
    """One function of a skill; implements :class:`assistant.tools.base.Tool`.

    Attributes:
        handler: the function.
        parameters: its, as they are now.
        renew: asks the skill's lists anew, and gives its parameters if that changed them.
    """

    handler: Handler
    setup: Setup
    skills: Skills
    parameters: Parameters
    renew: Callable[[], Parameters | None]
    foreign: bool
    spec: ToolSpec = field(init=False)
    name: str = field(init=False)
    title: str = field(init=False)
    effects: bool = field(init=False)
    dangerous: bool = field(init=False)

    def __post_init__(self) -> None:
        marked = self.handler.spec
        self.name = self.handler.intent
        self.title = self.name.partition(".")[2].replace("_", " ")
        self.spec = ToolSpec(fit_name(self.name), description(self.handler), self.parameters.schema())
        self.effects = not marked.pure
        self.dangerous = marked.dangerous or is_named(self.name, self.setup.confirm)

    def check(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Arguments as :meth:`run` takes them.

        Raises:
            ToolArgumentError: they are wrong.
        """
        try:
            values = self.parameters.read(arguments)
        except ToolArgumentError:
            renewed = self.renew()
            if renewed is None:
                raise
            values = renewed.read(arguments)
        return Read(values, {name: _written(arguments[name]) for name in values})

    async def run(self, arguments: Mapping[str, Any]) -> Outcome:
        """Run the function, in the language of the conversation; what goes wrong is an outcome, too."""
        texts = arguments.texts if isinstance(arguments, Read) else {}
        main = self.skills.loading.language
        language = speaking.get() or main
        try:
            context = self._context(language, ". ".join(texts.values()))
        except KeyError:
            return Outcome(f"The {self.handler.skill} skill is not there any more.", ok=False)
        try:
            reply = await call(self.handler, context, arguments, self.setup.timeout)
        except SkillError as error:
            return Outcome(str(error) or "The user gave no answer.", ok=False, spoken=str(error))
        except EngineError as error:
            apology = said("skill_broken", language, skill=self.handler.skill)
            return Outcome(f"It failed: {error.message}", ok=False, spoken=apology)
        match = Match(self.handler.intent, dict(arguments), texts, TOOL, 0, 0)
        self.setup.on_done(match, self.handler, context.dialogue.undos, language)
        return Outcome(reply or "Done.", spoken=reply)

    def _context(self, language: str, text: str) -> Context:
        dialogue = Dialogue(partial(_is_command, self.setup, language))
        context = replace(self.setup.contexts[self.handler.skill], dialogue=dialogue, text=text)
        spoken = self.skills.spoken(language).get(self.handler.skill)
        if language != context.language and spoken is not None:
            context = replace(context, language=language, replies=spoken.replies)
        return context


def _is_command(setup: Setup, language: str, text: str) -> bool:
    return setup.is_command(text, language)


def _written(given: Any) -> str:
    return ", ".join(map(_written, given)) if isinstance(given, list) else str(given)


class SkillTools:
    """Every loaded skill's functions; implements :class:`assistant.tools.base.Source`.

    Args:
        skills: what is loaded; what happens to them is followed.
        setup: what they are run with.
    """

    always = False

    def __init__(self, skills: Skills, setup: Setup) -> None:
        self._skills = skills
        self._setup = setup
        self._made: dict[tuple[str, str], tuple[tuple[int, ...], SkillTool]] = {}

    def tools(self, language: str) -> Sequence[Tool]:
        """The functions of the skills that are set up, in the order in which they were loaded."""
        ready = [skill for skill in self._skills.skills if not skill.missing]
        return [self._tool(skill, handler, language) for skill in ready for handler in skill.handlers]

    def likeness(self, tool: Tool, language: str) -> Iterable[str]:
        """Sentences for the function, what its docstring says, and what its skill lists for it now."""
        assert isinstance(tool, SkillTool)
        yield tool.spec.description
        yield f"{tool.handler.skill} {tool.title}".replace("_", " ")
        yield from (f"{tool.title} {said}" for said in tool.parameters.listed(tool.handler.dynamic))
        for each in (self._skills, *(self._skills.spoken(code) for code in {"en", language})):
            if (handler := each.handlers.get(tool.name)) is not None:
                yield from handler.spec.examples

    def wait(self, seconds: float) -> bool:  # noqa: ARG002
        """They are known at once."""
        return True

    async def close(self) -> None:
        """Nothing is open."""

    def _tool(self, skill: LoadedSkill, handler: Handler, language: str) -> SkillTool:
        state = tuple(id(each) for each in self._templates(handler, language))
        known = self._made.get((handler.intent, language))
        if known is not None and known[0] == state and known[1].handler is handler:
            return known[1]
        parameters = self._parameters(handler, language)
        tool = SkillTool(
            handler,
            self._setup,
            self._skills,
            parameters,
            partial(self._renewed, handler, language),
            _is_foreign(skill),
        )
        self._made[handler.intent, language] = state, tool
        return tool

    def _parameters(self, handler: Handler, language: str) -> Parameters:
        return Parameters(handler, self._templates(handler, language), self._languages(language))

    def _languages(self, language: str) -> tuple[str, ...]:
        """In which values may be given: the conversation's, the main one, and English, in which schemas are."""
        main = self._skills.loading.language
        return (*(code for code in dict.fromkeys((language or main, main)) if code != "en"), "en")

    def _templates(self, handler: Handler, language: str) -> list[Sequence[Template]]:
        found = [self._skills.spoken(code).get(handler.skill) for code in self._languages(language)]
        return [each.templates.get(handler.intent, ()) if each is not None else () for each in found]

    def _renewed(self, handler: Handler, language: str) -> Parameters | None:
        if not handler.dynamic or not self._skills.refresh_lists(handler.skill):
            return None
        return self._parameters(handler, language)


def _is_foreign(skill: LoadedSkill) -> bool:
    """Whether what it says comes from elsewhere: from the network, or from somebody else's code."""
    alone = skill.found is not None and (skill.found.isolated or bool(skill.found.module))
    return alone or (skill.manifest is not None and bool(skill.manifest.permissions.network))
