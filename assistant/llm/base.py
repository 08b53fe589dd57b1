"""What a language model looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model sees it.

    Attributes:
        name: letters, digits, ``_`` and ``-``; at most 64.
        description: what it does, for the model.
        parameters: JSON schema of its arguments, an object.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model wants a tool to run.

    Attributes:
        arguments: as the model gave them, unchecked.
        id: the model's name for the call; empty where it has none.
        error: why the arguments could not be read; empty if they could.
    """

    name: str
    arguments: Mapping[str, Any]
    id: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat.

    Attributes:
        calls: of the assistant: the tools that it wanted to run.
        call_id, name: of a tool's result: which call of which tool it answers.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the reply's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a reply took, in tokens; 0 where the engine does not tell.

    Attributes:
        prompt: of the whole prompt.
        cached: of those, the ones that the engine had kept from before.
        reply: of the reply.
        cut: whether the reply was ended by its cap rather than by the model.
    """

    prompt: int = 0
    cached: int = 0
    reply: int = 0
    cut: bool = False


Piece = Delta | ToolCall | Usage


class Generation(Protocol):
    """One reply being made. Making it costs nothing: the work begins with the first step."""

    def __iter__(self) -> Iterator[Piece]: ...

    def __next__(self) -> Piece:
        """The next piece; a ``Usage`` only at the end.

        Raises:
            EngineError: stage ``llm``; code ``unreachable``, ``timeout``, ``rate_limited``, ``unauthorised``,
                ``no_model``, ``too_long``, ``server``, ``garbled``, ``cut_off``, ``cancelled`` or ``crashed``.
        """

    def cancel(self) -> None:
        """From any thread: stop generating within 200 ms; the step under way and any later one end the iteration."""

    def close(self) -> None:
        """Let go of connections and memory; on the engine's thread."""


class LanguageModel(Protocol):
    """A chat model."""

    @property
    def model(self) -> str:
        """What answers, for logs and ``doctor``."""

    def reply(self, chat: Sequence[Message], tools: Sequence[ToolSpec]) -> Generation:
        """Answer the chat."""

    def count(self, text: str) -> int:
        """Tokens in a text, by the model's own tokenizer if there is one, else an estimate, rather too high."""

    def warm(self, chat: Sequence[Message], tools: Sequence[ToolSpec]) -> None:
        """Load what is needed and read the beginning of a prompt ahead, so that the first reply comes sooner."""

    def close(self) -> None:
        """The end; nothing else is called afterwards."""


@dataclass(frozen=True, slots=True)
class Found:
    """A model that answers on this machine.

    Attributes:
        engine: its name in the configuration.
        options: that reach it.
        about: one line for the user.
    """

    engine: str
    options: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""
