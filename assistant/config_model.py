"""The configuration of the language model, its tools and its memory."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from assistant.config_base import EngineSection, Names, NotNegative, Positive, Section


class Backup(Section):
    """A language model that takes over when the one before it fails; its own options stand beside its engine."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, Any] = Field(init=False)

    engine: str


class Tools(Section):
    """What the language model may do.

    Attributes:
        skills: whether the skills' functions are its tools.
        most: tools offered at once; of more, those likely for what was said.
        rounds: how often within a turn it may call tools and be answered.
        timeout: seconds after which a tool is given up.
        confirm: tools that ask the user first, besides those marked as dangerous: ``lists.clear_list``,
            ``SERVER.TOOL``, ``SERVER.*``.
    """

    skills: bool = True
    most: Annotated[int, Field(ge=0, le=200)] = 40
    rounds: Annotated[int, Field(ge=1, le=20)] = 4
    timeout: Positive = 20.0
    confirm: Names = ()


class Memory(Section):
    """What is kept of conversations.

    Attributes:
        tokens: of the prompt, for the conversation so far; more is summarised.
        facts: facts that are told to the model with a sentence, at most.
        keep_days: days after which a conversation is forgotten; 0 keeps nothing on disk.
    """

    tokens: Annotated[int, Field(ge=100, le=100_000)] = 1500
    facts: Annotated[int, Field(ge=0, le=50)] = 5
    keep_days: Annotated[int, Field(ge=0, le=3650)] = 30


class Llm(EngineSection):
    """The language model that answers what no skill does; ``none`` for no model, ``auto`` for a server on this machine.

    Attributes:
        model: the engine's name of a model, or its folder; null for what the server offers first.
        fallback: what answers when that fails: engines' names, or mappings with an ``engine`` and its options.
        persona: who the assistant is; ``{name}``, ``{place}``, ``{satellite}``, ``{language}``, ``{skills}`` and
            ``{time}`` are filled in.
        filler: seconds of silence after which it says "let me see"; 0 for never.
        patience: seconds without a first word after which the user is told that the model is slow, or the next one in
            ``fallback`` is asked.
        timeout: seconds without a word after which it is given up.
        tokens: of the longest reply.
        seconds: for which a reply may be generated.
        temperature: null for the model's own.
    """

    kind = "llm"
    special = ("none", "auto")

    engine: str = "none"
    model: str | None = None
    fallback: Annotated[tuple[str | Backup, ...], Field(strict=False)] = ()
    persona: str | None = None
    filler: NotNegative = 1.0
    patience: Annotated[float, Field(gt=0, le=60)] = 2.5
    timeout: Positive = 30.0
    tokens: Annotated[int, Field(ge=16, le=8192)] = 300
    seconds: Positive = 60.0
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    tools: Tools = Tools()
    memory: Memory = Memory()


class McpServer(Section):
    """A server of tools that speaks the Model Context Protocol: a program of this machine, or an address.

    Attributes:
        command: the program and its arguments.
        env: environment variables for it, on top of a bare environment.
        url: of a server that speaks streamable HTTP.
        headers: sent to it; ``${NAME}`` is taken from the environment.
        allow: its tools that the model may use, ``*`` for all.
        confirm: of those, the ones that ask the user first.
        reads: of those, the ones that change nothing, where the server does not say so itself.
        timeout: seconds to wait for it.
    """

    command: Annotated[tuple[str, ...], Field(strict=False)] = ()
    env: dict[str, str] = Field(default_factory=dict)
    url: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    allow: Names = ()
    confirm: Names = ()
    reads: Names = ()
    timeout: Positive = 20.0

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("needs either a command or a url")
        return self


class Mcp(Section):
    """Tools from elsewhere, for the language model.

    Attributes:
        servers: name → server.
    """

    servers: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")], McpServer] = Field(default_factory=dict)
