"""What the scripted language-model server of :mod:`tests.llmserver` is told to do, and what it was asked."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    Attributes:
        text: sent word by word, each with the white space before it.
        tokens: sent instead of ``text``, as they are cut here.
        calls: names of tools and their arguments: a mapping, or text that is sent as it is.
        deltas: further raw deltas, sent before ``calls`` (tool-call fragments, ``reasoning_content`` …).
        latency, first: seconds before each token, and besides before the first; None for the server's.
        gate: nothing is sent, not even a header, before it is set.
        header_gate: likewise, but the header goes first.
        status, headers, body: a body is sent as it is instead of a stream; ``{key}`` in it is the client's key.
        content_type: of ``body``.
        finish: the reason in the last piece; None sends none.
        usage: of the last piece; None counts words.
        done: whether ``[DONE]`` ends the stream.
        cut: after so many tokens the connection breaks.
        stall: after so many tokens nothing more comes until the test ends.
        endless: the tokens are repeated until the client goes away.
        whole: one JSON object, as from a server that knows no streams.
    """

    text: str = ""
    tokens: Sequence[str] | None = None
    calls: Sequence[tuple[str, Mapping[str, Any] | str]] = ()
    deltas: Sequence[Mapping[str, Any]] = ()
    latency: float | None = None
    first: float | None = None
    gate: threading.Event | None = None
    header_gate: threading.Event | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | None = None
    content_type: str = "application/json"
    finish: str | None = "stop"
    usage: Mapping[str, Any] | None = None
    done: bool = True
    cut: int | None = None
    stall: int | None = None
    endless: bool = False
    whole: bool = False

    def pieces(self) -> list[str]:
        """Its tokens."""
        return list(self.tokens) if self.tokens is not None else re.findall(r"\s*\S+|\s+$", self.text)


def failure(status: int, message: str, code: str = "", **headers: str) -> Reply:
    """An error as OpenAI's servers word it; ``Retry_After="1"`` becomes a header."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": code or None}})
    return Reply(status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


@dataclass
class Request:
    """What came to ``/chat/completions``, and how it went.

    Attributes:
        body, headers: as sent; names of headers in lower case.
        sent: tokens sent so far.
        gone: set when the client goes away before the end, at ``gone_at`` (``time.perf_counter``).
        over: set when nothing more is sent.
        connection: a number of the connection it came by.
    """

    body: dict[str, Any]
    headers: dict[str, str]
    connection: int = 0
    sent: int = 0
    gone: threading.Event = field(default_factory=threading.Event)
    gone_at: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)
    arrived_at: float = field(default_factory=time.perf_counter)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The chat."""
        return list(self.body.get("messages", ()))

    @property
    def tools(self) -> list[str]:
        """Names of the tools on offer."""
        return [each["function"]["name"] for each in self.body.get("tools", ())]

    @property
    def said(self) -> str:
        """The last thing the user said."""
        return next((each["content"] for each in reversed(self.messages) if each["role"] == "user"), "")

    @property
    def prompt(self) -> str:
        """All that the model reads, in its order, as one text."""
        return "\n".join(json.dumps(each, sort_keys=True) for each in [*self.body.get("tools", ()), *self.messages])


def calls_json(calls: Sequence[tuple[str, Mapping[str, Any] | str]]) -> list[dict[str, Any]]:
    """Tool calls as the server sends them."""
    return [
        {
            "index": index,
            "id": f"call_{index}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
            },
        }
        for index, (name, arguments) in enumerate(calls)
    ]


Scripted = Reply | str | Callable[[Request], Reply | str]
