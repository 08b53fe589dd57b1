"""Any server that speaks OpenAI's chat completions: Ollama, llama.cpp, vLLM, LM Studio, or a cloud."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant.errors import EngineError, InputError
from assistant.llm import estimate
from assistant.llm.base import Generation, Message, ToolSpec
from assistant.llm.keys import find_key, host_of, near

if TYPE_CHECKING:
    from assistant.llm.generating import LoopGeneration, Put

_COUNT_S = 0.25
_COUNTS = 512
Positive = Annotated[float, Field(gt=0)]


class Options(BaseModel):
    """Settings; times in seconds.

    Attributes:
        base_url: the server's address, usually ending in ``/v1``.
        model: its name of a model; null for the first that it offers.
        key_env: the environment variable that holds the key; null for ``OPENAI_API_KEY``, which is not sent in clear
            text to other machines. ``assistant llm key set`` keeps one in the key ring.
        timeout: without a word, after which a reply is given up.
        connect_timeout: to reach the server.
        retries: how often a request is sent again before anything came, within 2.5 s in all.
        tokens: of the longest reply.
        seconds: for which a reply may take.
        temperature: null for the model's own.
        extra: further fields of the request, such as ``reasoning_effort``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = "http://localhost:11434/v1"
    model: str | None = None
    key_env: str | None = None
    timeout: Positive = 30.0
    connect_timeout: Positive = 1.5
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    tokens: Annotated[int, Field(ge=1)] = 300
    seconds: Positive = 60.0
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    extra: dict[str, Any] = {}

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("it is written like http://localhost:11434/v1")
        parts.port  # noqa: B018  # raises ValueError where it is none
        if parts.username or parts.password or parts.query:
            raise ValueError("a key does not belong into the address; keep it with: assistant llm key set")
        return value.rstrip("/")


class Engine:
    """A model behind HTTP.

    Connections are kept between replies. The key is looked for with the first request.
    """

    def __init__(self, options: Options | None = None) -> None:
        from assistant.llm.exchange import Exchange, Limits
        from assistant.llm.generating import Loop
        from assistant.llm.refusals import Server

        self._options = chosen = options or Options()
        self._server = Server("openai", host_of(chosen.base_url), chosen.model or "")
        limits = Limits(chosen.connect_timeout, chosen.timeout, chosen.seconds, chosen.tokens, chosen.retries)
        self._exchange = Exchange(chosen.base_url, self._server, limits, chosen.temperature, chosen.extra)
        self._loop = Loop()
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._counting = near(chosen.base_url)
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Engine({self._options.base_url!r}, {self.model!r})"

    @property
    def model(self) -> str:
        """The model's name, and before it is known, the server's."""
        return self._exchange.server.model or self._server.host

    def reply(self, chat: Sequence[Message], tools: Sequence[ToolSpec]) -> Generation:
        """See :class:`assistant.llm.base.LanguageModel`."""
        return self._generation(tuple(chat), tuple(tools))

    def warm(self, chat: Sequence[Message], tools: Sequence[ToolSpec]) -> None:
        """Let the server read the beginning of a prompt into its cache.

        It does so in the background: a reply does not wait for it, and what goes wrong is left to the first reply.
        """
        with suppress(EngineError):
            self._generation(tuple(chat), tuple(tools), tokens=1).begin()

    def count(self, text: str) -> int:
        """Tokens by the server's tokenizer where it has llama.cpp's ``/tokenize``, else an estimate, rather too high.

        The server is given a quarter of a second; one that does not answer in it is not asked again.
        """
        if not self._counting:
            return estimate.tokens(text)
        with self._lock:
            known = self._counts.get(text)
        if known is None:
            known = self._ask_count(text)
            if known is None:
                self._counting = False
                return estimate.tokens(text)
        with self._lock:
            self._counts[text] = known
            self._counts.move_to_end(text)
            while len(self._counts) > _COUNTS:
                self._counts.popitem(last=False)
        return known

    def models(self) -> list[str]:
        """Names of the models that the server offers.

        Raises:
            EngineError: as ``next`` of a reply.
        """
        self._find_key()
        found: list[str] = self._loop.start(self._exchange.models).result()
        return found

    def close(self) -> None:
        """Close the connections, those of replies under way included."""
        self._loop.close(self._exchange.close)

    def _ask_count(self, text: str) -> int | None:
        try:
            found: int | None = self._loop.start(partial(self._exchange.count, text, _COUNT_S)).result(2 * _COUNT_S)
        except (RuntimeError, TimeoutError, CancelledError):
            return None
        return found

    def _generation(self, chat: tuple[Message, ...], tools: tuple[ToolSpec, ...], tokens: int = 0) -> LoopGeneration:
        from assistant.llm.generating import LoopGeneration

        async def work(put: Put) -> None:
            await self._exchange.reply(chat, tools, put, tokens)

        return LoopGeneration(self._loop, work, "openai", before=self._find_key)

    def _find_key(self) -> None:
        """Look for the key once, and again after it was refused."""
        if not self._exchange.stale:
            return
        try:
            key = find_key(self._options.base_url, self._options.key_env)
        except InputError as error:
            raise EngineError("llm", "openai", "unauthorised", str(error)) from None
        self._exchange.use(key.secret if key is not None else None)
