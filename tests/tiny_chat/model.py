"""Where the committed tiny chat model lies, and chats for it."""

from __future__ import annotations

from pathlib import Path

from assistant.llm.base import Message, ToolSpec

MODEL = Path(__file__).resolve().parents[1] / "data" / "tiny-chat"

SET_TIMER = ToolSpec(
    "timers__set_timer",
    "Start a countdown timer.",
    {"type": "object", "properties": {"duration": {"type": "string"}, "name": {"type": "string"}}},
)


def user(text: str) -> Message:
    return Message("user", text)


def assistant(text: str) -> Message:
    return Message("assistant", text)
