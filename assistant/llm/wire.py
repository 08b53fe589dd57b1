"""Chats and tools as the JSON of OpenAI's ``/chat/completions``, and what some servers do not take of it.

https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.llm.base import Message, ToolSpec

# What a server's refusal says → what it is asked without from then on.
_COMPLAINTS = {
    "max_tokens": re.compile(r"max_completion_tokens"),
    "tools": re.compile(
        r"(?:does not|doesn't|not) support (?:tools|function|tool)|tools? param|--jinja|enable-auto-tool-choice", re.I
    ),
    "stream_options": re.compile(r"stream_options|include_usage", re.I),
    "temperature": re.compile(r"temperature", re.I),
}


@dataclass(slots=True)
class Dialect:
    """What a server does not take; learnt from its refusals.

    Attributes:
        without: ``max_tokens`` (it wants ``max_completion_tokens``), ``tools``, ``stream_options``, ``temperature``.
    """

    without: set[str] = field(default_factory=set)

    def learn(self, refusal: str, body: Mapping[str, Any]) -> str:
        """What a request was refused for, and is asked without from now on; empty if that is unknown."""
        for name, complaint in _COMPLAINTS.items():
            if name in body and name not in self.without and complaint.search(refusal):
                self.without.add(name)
                return name
        return ""


def request_body(
    model: str,
    chat: Sequence[Message],
    tools: Sequence[ToolSpec],
    *,
    tokens: int,
    temperature: float | None,
    extra: Mapping[str, Any],
    dialect: Dialect,
) -> dict[str, Any]:
    """The request for a streamed reply.

    What stays the same from turn to turn is the same text each time, so that the server finds it in its cache.
    """
    body: dict[str, Any] = {"model": model, "messages": messages_json(chat), "stream": True}
    if "stream_options" not in dialect.without:
        body["stream_options"] = {"include_usage": True}
    body["max_completion_tokens" if "max_tokens" in dialect.without else "max_tokens"] = tokens
    if temperature is not None and "temperature" not in dialect.without:
        body["temperature"] = temperature
    if tools and "tools" not in dialect.without:
        body["tools"] = [_tool_json(each) for each in tools]
    return body | dict(extra)


def messages_json(chat: Sequence[Message]) -> list[dict[str, Any]]:
    """The chat. Calls without an id get one, and the results that follow them the same, in their order."""
    found, answered = [], 0
    for message in chat:
        answered = answered + 1 if message.role == "tool" else 0
        found.append(_message_json(message, f"call_{answered - 1}"))
    return found


def _message_json(message: Message, answers: str) -> dict[str, Any]:
    found: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.calls:
        found["content"] = message.text or None
        found["tool_calls"] = [
            {
                "id": call.id or f"call_{number}",
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments), ensure_ascii=False)},
            }
            for number, call in enumerate(message.calls)
        ]
    if message.role == "tool":
        found["tool_call_id"] = message.call_id or answers
    return found


def _tool_json(tool: ToolSpec) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}
