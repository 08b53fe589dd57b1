"""What was said and what was heard of it, for the language model and for "say that again"."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 50


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn.

    Attributes:
        user: the transcript.
        assistant: exactly the words of the reply that the user has heard.
        interrupted: whether the reply went on.
    """

    user: str
    assistant: str
    interrupted: bool = False


class History:
    """The last fifty exchanges, oldest first."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=_LONGEST)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)

    def add(self, exchange: Exchange) -> None:
        """Remember a turn that is over."""
        self._exchanges.append(exchange)
