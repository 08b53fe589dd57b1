"""A chat as the chat template of a tokenizer takes it, and as token ids."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.errors import EngineError
from assistant.llm.base import Message, ToolSpec

_HERMES = """

You may call these tools; each line describes one:
{tools}
To call a tool, write <tool_call>{{"name": …, "arguments": {{…}}}}</tool_call> and nothing else."""


def encode(tokenizer: Any, chat: Sequence[Message], tools: Sequence[ToolSpec], *, open_reply: bool = True) -> list[int]:
    """The prompt's tokens.

    A template that knows no tools gets them as text, in the way of Hermes; one that refuses a system message has it in
    front of the user's first words.

    Args:
        open_reply: let the assistant's turn begin at the end.

    Raises:
        EngineError: ``garbled``: the template fails.
    """
    from jinja2 import TemplateError

    knows_tools = "tools" in str(tokenizer.chat_template)
    messages = as_dicts(chat) if knows_tools else _with_tools_as_text(chat, tools)
    offered = [_function(tool) for tool in tools] if knows_tools else []
    attempts = (messages, _without_system(messages))
    for attempt in attempts:
        try:
            text = tokenizer.apply_chat_template(
                attempt,
                tools=offered or None,
                tokenize=False,
                add_generation_prompt=open_reply,
                enable_thinking=False,  # of Qwen 3; others take no notice
            )
            return list(tokenizer.encode(text, add_special_tokens=False))
        except TemplateError as error:
            refusal = " ".join(str(error).split())[:200]
    raise EngineError("llm", "transformers", "garbled", f"the model's chat template refuses the chat: {refusal}")


def as_dicts(chat: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages as templates know them. Ids of calls are made anew, nine characters each: Mistral's want it so."""
    made: list[dict[str, Any]] = []
    ids: dict[str, str] = {}
    for message in chat:
        one: dict[str, Any] = {"role": message.role, "content": message.text}
        if message.calls:
            one["tool_calls"] = []
        for call in message.calls:
            ids[call.id] = f"{len(ids):09d}"
            function = {"name": call.name, "arguments": dict(call.arguments)}
            one["tool_calls"].append({"type": "function", "id": ids[call.id], "function": function})
        if message.role == "tool":
            one |= {"name": message.name, "tool_call_id": ids.get(message.call_id, "0" * 9)}
        made.append(one)
    return made


def _function(tool: ToolSpec) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": described}


def _with_tools_as_text(chat: Sequence[Message], tools: Sequence[ToolSpec]) -> list[dict[str, Any]]:
    """The chat for a template that knows neither tools nor their calls and results."""
    described = "\n".join(json.dumps(_function(tool), ensure_ascii=False) for tool in tools)
    offer = _HERMES.format(tools=described) if tools else ""
    made: list[dict[str, Any]] = []
    if offer and (not chat or chat[0].role != "system"):
        made.append({"role": "system", "content": offer.strip()})
    for message in chat:
        text = message.text + (offer if message.role == "system" else "")
        for call in message.calls:
            written = json.dumps({"name": call.name, "arguments": dict(call.arguments)}, ensure_ascii=False)
            text += f"\n<tool_call>{written}</tool_call>"
        role = "user" if message.role == "tool" else message.role
        if message.role == "tool":
            text = f"<tool_response>\n{text}\n</tool_response>"
        if made and made[-1]["role"] == role:
            made[-1]["content"] += "\n" + text
        else:
            made.append({"role": role, "content": text.lstrip("\n")})
    return made


def _without_system(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The system message in front of the user's first words."""
    if not messages or messages[0]["role"] != "system":
        return messages
    system, *rest = messages
    if not rest or rest[0]["role"] != "user":
        return [{"role": "user", "content": system["content"]}, *rest]
    return [{**rest[0], "content": system["content"] + "\n\n" + rest[0]["content"]}, *rest[1:]]
