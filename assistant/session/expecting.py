"""What the user may answer, told to the recogniser before the answer comes."""

from __future__ import annotations

from collections.abc import Callable

from assistant.asr.base import Answerable
from assistant.intent.listening import answers_to, corrections_of
from assistant.intent.template import SlotType, Wild

_ASKED, _UNASKED = 0.85, 0.2


class Expecting:
    """Follows a conversation: a question expects a value of its type, a reply expects to be corrected.

    Args:
        recognizer: learns it; None if it hears everything anyway.
        correctable: the types of the values that could correct the last command.
        prepare: begins to make the recogniser ready, and returns at once.
    """

    def __init__(
        self,
        recognizer: Answerable | None = None,
        correctable: Callable[[], frozenset[SlotType]] = frozenset,
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        self._recognizer = recognizer
        self._correctable = correctable
        self._prepare = prepare

    def answer(self, kind: SlotType) -> None:
        """A value of a type is about to be asked for; where any words will do, any answer is expected."""
        is_open = isinstance(kind.node, Wild) and not kind.node.hints
        if self._recognizer is not None:
            self._recognizer.expect(None if is_open else answers_to(kind), _ASKED)
            self._prepare()

    def correction(self) -> None:
        """Something was done, which may be corrected once the reply has begun."""
        if self._recognizer is not None:
            self._recognizer.expect(corrections_of(self._correctable()), _UNASKED)

    def ready(self) -> None:
        """Whatever is expected may be said soon, or the recogniser has learnt new commands."""
        if self._recognizer is not None:
            self._prepare()
