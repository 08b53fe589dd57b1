"""What a running skill's conversation with the user holds besides its reply."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

Undo = Callable[[], Awaitable[None] | None]

speaking: ContextVar[str] = ContextVar("speaking", default="")
"""ISO 639-1 code of the conversation in which something is being said or done; empty for the main language.

What a conversation has started in the background goes on in its language.
"""


class Overtaken(BaseException):
    """Instead of answering a question the user has given another command, which is answered instead.

    Args:
        text: the command.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(slots=True)
class Dialogue:
    """One call of a skill.

    Attributes:
        is_command: whether a sentence would be a command of its own.
        undos: how to take back what the call has done, in the order of doing.
        open: whether the call is under way, so that what is said belongs to a turn.
    """

    is_command: Callable[[str], bool] = lambda _: False
    undos: list[Undo] = field(default_factory=list)
    open: bool = False
    _waited: float = 0.0
    _since: float = 0.0
    _waiting: int = 0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While the user is asked; the skill's time stands still."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            self._since = loop.time()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._waited += loop.time() - self._since

    def waited(self) -> float:
        """Seconds of loop time for which the user has been waited for, until now."""
        return self._waited + (asyncio.get_running_loop().time() - self._since if self._waiting else 0.0)
