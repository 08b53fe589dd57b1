"""Requests to an OpenAI-compatible server: what is sent again, for how long it is waited, what comes of a failure."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import anyio
import httpx

from assistant.errors import EngineError
from assistant.llm.base import Message, Piece, ToolSpec, Usage
from assistant.llm.generating import Put
from assistant.llm.keys import Secret, near
from assistant.llm.refusals import Server, refusal, reported, retry_after
from assistant.llm.stream import Assembler, GarbledError, Lines, parse
from assistant.llm.wire import Dialect, request_body

_log = logging.getLogger(__name__)

_RETRY_S = 2.5
"""Within so long it is tried again, so that the user hears of a failure within three seconds."""
_BACKOFF_S = (0.2, 0.5, 1.0)
_LONGEST_WAIT_S = 2.0
_TRIED_AGAIN = ("unreachable", "server", "rate_limited", "cut_off")
_NOT_STREAMED = 4_000_000
"""Bytes of the longest answer that is read as a whole."""
_LAST_S = 0.5
_DRAIN_S = 0.1
_NO_CHAT = re.compile(r"embed|rerank|bge-|whisper|tts|moderation|dall-e", re.I)


@dataclass(frozen=True, slots=True)
class Limits:
    """Of a reply; times in seconds.

    Attributes:
        connect: to reach the server.
        timeout: without a word.
        seconds: for the whole reply.
        tokens: of the whole reply.
        retries: how often a request is sent again.
    """

    connect: float
    timeout: float
    seconds: float
    tokens: int
    retries: int


class _Again(Exception):
    """The request is sent once more, without what the server has refused."""


class _Failed(Exception):
    """An error, and after how many seconds the server wants to be asked again (None: it does not say)."""

    def __init__(self, error: EngineError, wait: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.wait = wait


class Exchange:
    """All requests of one engine; its methods run on the engine's loop.

    Args:
        base_url: up to and including ``/v1``.
        server: who is talked to; ``server.model`` may be empty for the first that the server offers.

    Attributes:
        server: with the model that was found, and the key.
        stale: whether the key is to be looked for: at the beginning, and after it was refused.
    """

    def __init__(
        self, base_url: str, server: Server, limits: Limits, temperature: float | None, extra: Mapping[str, Any]
    ) -> None:
        self.server = server
        self.stale = True
        self._wanted = server.model
        self._url = base_url.rstrip("/")
        self._limits = limits
        self._temperature = temperature
        self._extra = extra
        self._dialect = Dialect()
        self._client: httpx.AsyncClient | None = None

    async def reply(self, chat: Sequence[Message], tools: Sequence[ToolSpec], put: Put, tokens: int = 0) -> None:
        """Ask for a reply and put its pieces; ``tokens`` of the longest one, 0 for the configured."""
        begun = False

        def passing(piece: Piece) -> None:
            nonlocal begun
            begun = True
            put(piece)

        with anyio.move_on_after(self._limits.seconds) as whole:
            began, tries = anyio.current_time(), 0
            while True:
                left = max(0.1, began + _RETRY_S - anyio.current_time())
                try:
                    await self._once(chat, tools, passing, tokens or self._limits.tokens, left)
                    return
                except _Again:
                    continue
                except _Failed as failed:
                    wait = _BACKOFF_S[min(tries, len(_BACKOFF_S) - 1)] if failed.wait is None else failed.wait
                    late = anyio.current_time() + wait > began + _RETRY_S or wait > _LONGEST_WAIT_S
                    if begun or late or tries >= self._limits.retries or failed.error.code not in _TRIED_AGAIN:
                        raise failed.error from None
                    _log.info("%s; trying again in %.1f s", failed.error, wait)
                tries += 1
                await anyio.sleep(wait)
        if whole.cancelled_caught and not begun:
            raise self.server.error("timeout", f"{self.server.host} took longer than {self._limits.seconds:g} s")
        put(Usage(cut=True))

    async def models(self) -> list[str]:
        """What the server offers.

        Raises:
            EngineError: it does not answer, or not as such servers do.
        """
        try:
            return await self._models(self._limits.connect)
        except _Failed as failed:
            raise failed.error from None

    async def count(self, text: str, timeout: float) -> int | None:  # noqa: ASYNC109  # it is a limit, no cancellation
        """Tokens in a text by llama.cpp's ``/tokenize``, None if there is none or it takes too long."""
        with suppress(httpx.HTTPError, ValueError, KeyError, TypeError), anyio.move_on_after(timeout):
            answer = await self._http().post(f"{self._url.removesuffix('/v1')}/tokenize", json={"content": text})
            return len(answer.json()["tokens"]) if answer.status_code == 200 else None
        return None

    def use(self, secret: Secret | None) -> None:
        """Go on with this key."""
        self.server, self.stale = replace(self.server, secret=secret), False

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _once(
        self, chat: Sequence[Message], tools: Sequence[ToolSpec], put: Put, tokens: int, connect: float
    ) -> None:
        assembler = Assembler(tokens)
        with anyio.CancelScope(deadline=anyio.current_time() + self._limits.timeout) as word:
            await self._find_model(connect)
            body = request_body(
                self.server.model,
                chat,
                tools,
                tokens=tokens,
                temperature=self._temperature,
                extra=self._extra,
                dialect=self._dialect,
            )
            async with self._asked("POST", "/chat/completions", connect, body) as response:
                await self._read(response, assembler, put, word)
        if word.cancelled_caught and not assembler.finished:
            waited = f"{self.server.host} gave no word for {self._limits.timeout:g} s"
            raise _Failed(self.server.error("timeout", waited))
        for piece in assembler.finish():
            put(piece)

    async def _read(self, response: httpx.Response, assembler: Assembler, put: Put, word: anyio.CancelScope) -> None:
        """Take the reply in, piece by piece; each moves the deadline of ``word``."""
        kind, lines = response.headers.get("Content-Type", ""), Lines()
        if "json" in kind and "ndjson" not in kind:  # a server that knows no streams
            self._take(parse((await _body(response)).decode("utf-8", "replace")), assembler, put)
            return
        chunks = response.aiter_bytes()
        async for chunk in chunks:
            for payload in lines.feed(chunk):
                if payload == "[DONE]":
                    with anyio.move_on_after(_DRAIN_S):  # to the end, so that the connection can be used again
                        async for _ in chunks:
                            pass
                    return
                if self._take(parse(payload), assembler, put):
                    word.deadline = anyio.current_time() + self._limits.timeout
                if assembler.over:
                    return
            if assembler.finished:  # what it took may follow, but is not worth a wait
                word.deadline = min(word.deadline, anyio.current_time() + _LAST_S)
        for payload in lines.finish():
            if payload != "[DONE]":
                self._take(parse(payload), assembler, put)
        if lines.stray and not assembler.events:
            raise GarbledError(lines.stray)
        if not assembler.finished:
            raise _Failed(self.server.error("cut_off", f"{self.server.host} broke off in the middle of its answer"))

    def _take(self, event: Mapping[str, Any], assembler: Assembler, put: Put) -> bool:
        """Put the pieces of an event; whether it told anything new, be it only a thought."""
        error = reported(self.server, event)
        if error is not None:
            raise _Failed(error)
        before = assembler.events
        for piece in assembler.feed(event):
            put(piece)
        return assembler.events > before

    async def _find_model(self, connect: float) -> None:
        if self.server.model:
            return
        listed = await self._models(connect)
        chats = [name for name in listed if not _NO_CHAT.search(name)] or listed
        if not chats:
            raise _Failed(self.server.error("no_model", f"{self.server.host} has no model; give it one first"))
        self._be(chats[0])

    async def _models(self, connect: float) -> list[str]:
        with anyio.CancelScope(deadline=anyio.current_time() + self._limits.timeout):
            async with self._asked("GET", "/models", connect) as response:
                found = parse((await _body(response)).decode("utf-8", "replace"))
                listed = found.get("data") or found.get("models") or []
                names = [each.get("id") or each.get("name") for each in listed if isinstance(each, Mapping)]
                return [name for name in names if isinstance(name, str)]
        raise _Failed(self.server.error("timeout", f"{self.server.host} did not list its models"))

    @asynccontextmanager
    async def _asked(
        self, method: str, path: str, connect: float, body: Mapping[str, Any] | None = None
    ) -> AsyncIterator[httpx.Response]:
        """A request under way and its successful response; every failure becomes one of ours."""
        connect = min(connect, self._limits.connect)
        times = httpx.Timeout(None, connect=connect, pool=connect)
        secret = self.server.secret
        headers = {"Authorization": f"Bearer {secret.reveal()}"} if secret is not None else {}
        client, answered = self._http(), False
        try:
            request = client.build_request(method, self._url + path, json=body, headers=headers, timeout=times)
            response = await client.send(request, stream=True)
            answered = True
            try:
                if response.status_code != 200:
                    await self._refused(response, body or {})
                yield response
            finally:
                await response.aclose()
        except (GarbledError, httpx.DecodingError) as error:
            raise _Failed(self.server.error("garbled", f"{self.server.host} sent something else: {error}")) from None
        except httpx.HTTPError as error:
            raise _Failed(self._lost(error, answered=answered)) from None

    async def _refused(self, response: httpx.Response, body: Mapping[str, Any]) -> None:
        text = (await _body(response)).decode("utf-8", "replace")
        status = response.status_code
        if status in (400, 422, 500) and (name := self._dialect.learn(text, body)):
            _log.warning("%s takes no %s; going on without", self.server.host, name)
            raise _Again
        error = refusal(self.server, status, text)
        self.stale = self.stale or error.code == "unauthorised"
        if error.code == "no_model" and not self._wanted:
            self._be("")  # what it offered first has gone: look again the next time
        permanent = error.code == "server" and status < 500
        raise _Failed(error, float("inf") if permanent else retry_after(response.headers.get("Retry-After")))

    def _lost(self, error: httpx.HTTPError, *, answered: bool) -> EngineError:
        if answered:
            return self.server.error("cut_off", f"{self.server.host} broke off in the middle of its answer")
        if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
            return self.server.error("server", f"{self.server.host} cannot be asked: {error}")
        why = "it did not answer in time" if isinstance(error, httpx.TimeoutException) else "nothing answers there"
        return self.server.error("unreachable", f"{self.server.host} cannot be reached ({why}); is the server running?")

    def _be(self, model: str) -> None:
        self.server = replace(self.server, model=model)

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            # Without compression, which would hold tokens back; a proxy is for what is far away.
            headers = {"Accept-Encoding": "identity", "User-Agent": "assistant"}
            tls = self._url.startswith("https:")  # without it, no certificates are loaded: that takes a while
            self._client = httpx.AsyncClient(headers=headers, trust_env=not near(self._url), verify=tls)
        return self._client


async def _body(response: httpx.Response) -> bytes:
    """The whole body.

    Raises:
        GarbledError: it is too long.
    """
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _NOT_STREAMED:
            raise GarbledError(f"an answer of more than {_NOT_STREAMED >> 20} MB")
    return bytes(body)
