"""The parent's part in a child's requests: look up on whose behalf, check, answer, and never wait too much at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from assistant.skill.api import Context
from assistant.skill.sandbox.answers import SHOWN, WAITS, Answers, told_error
from assistant.skill.sandbox.codec import decode, encode
from assistant.skill.sandbox.frames import Malformed, Message
from assistant.skill.sandbox.grants import Refused
from assistant.skill.sandbox.text import harmless, printable
from assistant.skill.sandbox.wire import Wire

_log = logging.getLogger(__name__)
_MOST = 256

WhoseBehalf = Callable[[int], tuple[Context | None, bool]]
"""A call's number → its context, and whether a user waits for it."""


class Requests:
    """Answers one child.

    Args:
        answers: does what is asked for.
        behalf: knows the calls.
        report: told about what was refused.
    """

    def __init__(self, answers: Answers, behalf: WhoseBehalf, report: Callable[[str], None]) -> None:
        self.answers = answers
        self._behalf = behalf
        self._report = report
        self._running: dict[int, asyncio.Task[None]] = {}

    def take(self, wire: Wire, message: Message) -> None:
        """Answer a request, at once if that can be.

        Raises:
            Malformed: it waits for too many things at once.
        """
        number, name = int(message["id"]), message["name"]
        try:
            ctx, in_turn = self._behalf(int(message["call"]))
            self.answers.check(name, called=in_turn)
            if ctx is None:
                raise Refused(f"ctx.{name} is there only during a call or after the start")
            arguments, named = decode(message["args"]), decode(message["named"])
            if name in SHOWN:
                arguments = [printable(each) for each in arguments]
            if name not in WAITS:
                value = encode(self.answers.at_once(name, ctx, arguments))
                wire.send({"t": "answer", "id": number, "value": value})
                return
        except Exception as error:  # whatever a stranger's values lead to
            self._refuse(wire, number, name, error)
            return
        if len(self._running) >= _MOST:
            raise Malformed(f"it waits for more than {_MOST} things at once")
        work = self.answers.in_time(name, ctx, arguments, named)
        self._running[number] = wire.loop.create_task(self._answer(wire, number, name, work))

    async def _answer(self, wire: Wire, number: int, name: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            value = encode(await work)
            self._running.pop(number, None)
            wire.send({"t": "answer", "id": number, "value": value})
        except Exception as error:
            self._running.pop(number, None)
            self._refuse(wire, number, name, error)

    def _refuse(self, wire: Wire, number: int, name: Any, error: Exception) -> None:
        kind, text = told_error(error)
        if not kind:
            _log.error("ctx.%s failed", harmless(str(name)), exc_info=error)
            kind, text = "skill_error", f"ctx.{name} failed"
        if kind == "refused":
            self._report(harmless(text))
        wire.send({"t": "error", "id": number, "kind": kind, "text": text})

    def drop(self, number: int) -> None:
        """Nobody waits for the answer any longer."""
        if (task := self._running.pop(number, None)) is not None:
            task.cancel()

    def drop_all(self) -> None:
        """The child is gone."""
        for number in list(self._running):
            self.drop(number)
