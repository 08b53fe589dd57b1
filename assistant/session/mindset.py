"""What thinking needs: the model, its hands, its memory and how much of each a reply may take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.llm.base import LanguageModel
from assistant.memory.conversations import Conversation
from assistant.memory.facts import Facts
from assistant.runtime.worker import Worker
from assistant.session.prompt import Prompt
from assistant.tools.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one reply may take.

    Attributes:
        rounds: of tool calls.
        tokens, seconds: of a round's text and time; engines have their own caps, this one holds for all.
        filler, patience: seconds of silence after which "let me see" is said, and that the model is slow; 0 for never.
        history: tokens of the conversation so far.
        facts: told along, at most.
    """

    rounds: int = 4
    tokens: int = 300
    seconds: float = 60.0
    filler: float = 1.0
    patience: float = 2.5
    history: int = 1500
    facts: int = 5


@dataclass(frozen=True, slots=True)
class Mindset:
    """What thinking needs.

    Attributes:
        model, worker: the model and its thread.
        toolbox: what it may do.
        prompt: what it is told.
        conversation: what was said before.
        facts: what the user has asked to be remembered; None where nothing can be kept.
        confirm: ask the user for a yes or no.
        now: the local time.
        language: ISO 639-1; the main one.
    """

    model: LanguageModel
    worker: Worker
    toolbox: Toolbox
    prompt: Prompt
    conversation: Conversation
    facts: Facts | None
    confirm: Callable[[str], Awaitable[bool]]
    now: Callable[[], datetime]
    language: str = "en"
    limits: Limits = Limits()
