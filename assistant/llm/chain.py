"""Several language models as one: when one fails, or has nothing to say for too long, the next is asked."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from assistant.errors import AssistantError, EngineError
from assistant.llm.base import Generation, LanguageModel, Message, Piece, ToolSpec

_log = logging.getLogger(__name__)

_REST_S = 30.0
"""Seconds for which one that failed is passed over."""


class Chain:
    """A language model made of others.

    Args:
        models: in the order in which they are asked; at least one.
        patience: seconds that each but the last has for the first piece of its reply.
        clock: seconds, for how long one that failed is passed over.

    Attributes:
        failures: of the last reply, in order; the last one's error is not the chain's unless all have failed.
    """

    def __init__(
        self, models: Sequence[LanguageModel], patience: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not models:
            raise ValueError("a chain of no models")
        self._models = tuple(models)
        self._patience = patience
        self._clock = clock
        self._resting: dict[int, float] = {}
        self._answered: LanguageModel | None = None
        self.failures: list[EngineError] = []

    @property
    def model(self) -> str:
        """What answered last, or else what is asked first."""
        return (self._answered or self._models[0]).model

    def reply(self, chat: Sequence[Message], tools: Sequence[ToolSpec]) -> Generation:
        """See :class:`assistant.llm.base.LanguageModel`; nothing is asked again once a piece of a reply is out."""
        self.failures = []
        return _Asking(self, self._awake(), tuple(chat), tuple(tools), self._patience)

    def count(self, text: str) -> int:
        """Tokens for the model that is asked first."""
        return self._awake()[0].count(text)

    def warm(self, chat: Sequence[Message], tools: Sequence[ToolSpec]) -> None:
        """Prepare the model that is asked first; that it cannot be, is left to the first reply."""
        with suppress(EngineError):
            self._awake()[0].warm(chat, tools)

    def close(self) -> None:
        """Close all of them."""
        for model in self._models:
            model.close()

    def failed(self, model: LanguageModel, error: EngineError) -> None:
        """Take down that a model has failed, and pass it over for a while, unless only the chat was too long for it."""
        self.failures.append(error)
        if error.code != "too_long":
            self._resting[self._models.index(model)] = self._clock() + _REST_S
        _log.warning("%s", error)

    def answered(self, model: LanguageModel) -> None:
        """Take down that a model answers."""
        self._answered = model
        self._resting.pop(self._models.index(model), None)

    def _awake(self) -> list[LanguageModel]:
        """Those that have not just failed; all, if all have."""
        now = self._clock()
        awake = [each for number, each in enumerate(self._models) if self._resting.get(number, now) <= now]
        return awake or list(self._models)


class _Watchdog:
    """Cancels a generation that has no first piece in time."""

    def __init__(self, generation: Generation, patience: float) -> None:
        self._generation = generation
        self._lock = threading.Lock()
        self._settled = False
        self._timer = threading.Timer(patience, self._bite)
        self._timer.daemon = True
        self._timer.start()
        self.expired = False

    def settle(self) -> bool:
        """A piece has come, or an error; whether it was in time."""
        with self._lock:
            self._settled = True
        self._timer.cancel()
        return not self.expired

    def _bite(self) -> None:
        with self._lock:
            if self._settled:
                return
            self.expired = True
        self._generation.cancel()


class _Asking:
    """One reply of a chain."""

    def __init__(
        self,
        chain: Chain,
        models: Sequence[LanguageModel],
        chat: tuple[Message, ...],
        tools: tuple[ToolSpec, ...],
        patience: float,
    ) -> None:
        self._chain = chain
        self._left = list(models)
        self._prompt = chat, tools
        self._patience = patience
        self._lock = threading.Lock()
        self._over = False
        self._asked: LanguageModel | None = None
        self._generation: Generation | None = None
        self._watchdog: _Watchdog | None = None
        self._begun = False

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        while True:
            model, generation = self._current()
            try:
                piece = next(generation, None)
            except AssistantError as error:
                self._failure(model, _of_engine(error, model), generation)
                continue
            except Exception as error:
                self._failure(model, _of_engine(error, model), generation)
                continue
            if self._over:
                raise StopIteration
            if not self._in_time():
                waited = f"{model.model} had nothing to say for {self._patience:g} s"
                self._failure(model, EngineError("llm", "chain", "timeout", waited), generation)
                continue
            if not self._begun:
                self._begun = True
                self._chain.answered(model)
            if piece is None:
                self._over = True
                raise StopIteration
            return piece

    def _current(self) -> tuple[LanguageModel, Generation]:
        """The model that is asked and its generation; if there is none, the next one's.

        Raises:
            StopIteration: it was cancelled.
        """
        with self._lock:
            if self._over:
                raise StopIteration
            if self._asked is None or self._generation is None:
                self._asked = self._left.pop(0)
                self._generation = self._asked.reply(*self._prompt)
                self._watchdog = _Watchdog(self._generation, self._patience) if self._left else None
            return self._asked, self._generation

    def _in_time(self) -> bool:
        return self._begun or self._watchdog is None or self._watchdog.settle()

    def _failure(self, model: LanguageModel, error: EngineError, generation: Generation) -> None:
        """Let go of a model that failed.

        Raises:
            EngineError: the first one's failure, if there is no other to ask; this one, in the middle of a reply.
            StopIteration: it was cancelled meanwhile.
        """
        if self._watchdog is not None:
            self._watchdog.settle()
        generation.close()
        with self._lock:
            if self._over:
                raise StopIteration
            self._asked = self._generation = self._watchdog = None
            self._over = self._begun or not self._left
        self._chain.failed(model, error)
        if self._over:
            raise error if self._begun else self._chain.failures[0]

    def cancel(self) -> None:
        """See :class:`assistant.llm.base.Generation`."""
        with self._lock:
            self._over = True
            generation = self._generation
        if self._watchdog is not None:
            self._watchdog.settle()
        if generation is not None:
            generation.cancel()

    def close(self) -> None:
        """Let go of what is still under way."""
        self.cancel()
        if self._generation is not None:
            self._generation.close()


def _of_engine(error: Exception, model: LanguageModel) -> EngineError:
    if isinstance(error, EngineError):
        return error
    code = "crashed"
    text = str(error) if isinstance(error, AssistantError) else f"{type(error).__name__}: {error}"
    return EngineError("llm", model.model, code, text)
