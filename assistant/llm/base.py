"""What a language model looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the reply's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model wants a tool to run."""

    name: str
    arguments: Mapping[str, Any]


class LanguageModel(Protocol):
    """A chat model."""

    def reply(self, chat: Sequence[Message], tools: Sequence[Mapping[str, Any]]) -> Iterator[Delta | ToolCall]:
        """Answer the chat; closing the iterator stops the generation."""
