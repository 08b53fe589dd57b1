"""What a tool of a language model looks like."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from assistant.llm.base import ToolSpec

_LONGEST_NAME = 64
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


class ToolArgumentError(ValueError):
    """A tool cannot be called like this; the text is one line for the model, which may try again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gave.

    Attributes:
        text: for the model, plain.
        ok: whether it did what it is for.
        spoken: a sentence that may be said to the user as it is; empty if there is none.
    """

    text: str
    ok: bool = True
    spoken: str = ""


class Tool(Protocol):
    """Something that the model may have done.

    Attributes:
        spec: as the model sees it; ``__`` stands for the full stop of the name.
        name: as users write it: ``timers.set_timer``, ``files.read_file``.
        title: for the user: "set timer".
        effects: it changes something, so that it is not run before the turn is certain, nor to answer a question.
        dangerous: the user is asked first.
        foreign: what it gives comes from elsewhere and is data, never instructions.
    """

    spec: ToolSpec
    name: str
    title: str
    effects: bool
    dangerous: bool
    foreign: bool

    def check(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Arguments as :meth:`run` takes them, from those that the model gave; quick, and without side effects.

        Raises:
            ToolArgumentError: they are wrong.
        """

    async def run(self, arguments: Mapping[str, Any]) -> Outcome:
        """Do it; what goes wrong is an outcome, too.

        Raises:
            asyncio.CancelledError: it was cancelled; so is what it was waiting for.
            assistant.skill.dialogue.Overtaken: the user gave another command when asked something.
        """


class Source(Protocol):
    """Where tools come from.

    Attributes:
        always: its tools are offered with every sentence as long as they are few; for those of which nobody has said
            what would be said for them, in which language.
    """

    always: bool

    def tools(self, language: str) -> Sequence[Tool]:
        """Those that are to be had now, in a stable order.

        Args:
            language: ISO 639-1 code of the conversation.
        """

    def likeness(self, tool: Tool, language: str) -> Iterable[str]:
        """Texts that tell what a tool is for: sentences that would be said for it, what it says of itself."""

    def wait(self, seconds: float) -> bool:
        """Wait until it is known what tools there are; False if that took longer."""

    async def close(self) -> None:
        """The end."""


def fit_name(name: str) -> str:
    """A name that a model's interface takes: ``timers.set_timer`` as ``timers__set_timer``.

    What is too long is cut, and told apart by a digest of the whole.
    """
    fit = _UNFIT.sub("_", name.replace(".", "__")).strip("_") or "tool"
    if len(fit) <= _LONGEST_NAME:
        return fit
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{fit[: _LONGEST_NAME - 9]}_{digest}"


def is_named(name: str, patterns: Iterable[str]) -> bool:
    """Whether a tool is one of those that some patterns name: ``lists.clear_list``, ``files.*``."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
