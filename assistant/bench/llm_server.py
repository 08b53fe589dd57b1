"""A language-model server for measurements: it streams a known reply at a set pace and notes when it did what."""

from __future__ import annotations

import json
import re
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_POLL_S = 0.002


@dataclass(slots=True)
class Served:
    """One request and what became of it; moments are those of the server's clock.

    Attributes:
        question: the last message of the chat.
        latency: seconds for each token.
        arrived: when the whole request was there.
        sent: when each token was handed to the network.
        gone: when the client was seen to have gone away before the end; None if it stayed.
        over: set when nothing more is sent.
    """

    question: str
    latency: float
    arrived: float
    sent: list[float] = field(default_factory=list)
    gone: float | None = None
    over: threading.Event = field(default_factory=threading.Event)


class TokenServer:
    """Answers every chat with the same tokens, on loopback; a context manager.

    Args:
        reply: a token is a word with the white space before it, as most tokenizers cut.
        latency: tells the seconds for each token, asked once for each request.

    Attributes:
        tokens: of the reply; may be changed between requests.
        clock: tells the moments that are noted.
        requests: in the order of their arrival.
        url: for ``base_url``.
    """

    def __init__(self, reply: str, latency: Callable[[], float]) -> None:
        self.tokens = self.cut(reply)
        self.latency = latency
        self.clock: Callable[[], float] = time.monotonic
        self.requests: list[Served] = []
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="tokens", daemon=True)

    def __enter__(self) -> TokenServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def ended(self) -> bool:
        """Whether all replies are over."""
        return all(each.over.is_set() for each in self.requests)

    @staticmethod
    def cut(text: str) -> list[str]:
        """Words, each with the white space before it."""
        return re.findall(r"\s*\S+", text)

    @property
    def closing(self) -> bool:
        """Whether it ends."""
        return self._closing.is_set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: TokenServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nothing to print."""


class _GoneError(Exception):
    """The client has closed its connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""

    def do_POST(self) -> None:
        """Stream the reply, whatever was asked."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        owner = self.server.owner
        served = Served(str(body["messages"][-1]["content"]), owner.latency(), owner.clock())
        owner.requests.append(served)
        try:
            self._stream(served, list(owner.tokens))
        except (_GoneError, ConnectionError):
            served.gone = owner.clock()
            self.close_connection = True
        finally:
            served.over.set()

    def _stream(self, served: Served, tokens: list[str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        begun = time.monotonic()
        for number, token in enumerate(tokens, 1):
            self._wait(begun + number * served.latency)
            self._event({"delta": {"content": token}, "finish_reason": None})
            served.sent.append(self.server.owner.clock())
        self._event({"delta": {}, "finish_reason": "stop"})
        self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _wait(self, until: float) -> None:
        """Let time pass; a client that goes away meanwhile ends the reply at once, as it does with real servers."""
        while True:
            left = until - time.monotonic()
            if self.server.owner.closing:
                raise _GoneError
            if select.select([self.connection], [], [], min(max(left, 0.0), 0.05))[0]:
                with suppress(BlockingIOError):
                    if not self.connection.recv(1, socket.MSG_PEEK):
                        raise _GoneError
                    time.sleep(_POLL_S)  # a request that waits for the end of this one
            if left <= 0:
                return

    def _event(self, choice: dict[str, Any]) -> None:
        self._chunk(f"data: {json.dumps({'choices': [{'index': 0, **choice}]})}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
