"""A language-model server for tests: real HTTP on loopback, scripted replies, every fault, a record of all requests.

It speaks the ``/chat/completions`` of OpenAI-compatible servers. It says what it is told to, so that what the client
makes of it is exact; what a real server does is tested with real ones. ``python -m tests.llmserver`` runs it alone.

::

    with LlmServer(Reply("Blue.", latency=0.02), Reply(calls=[("timers__set_timer", {"duration": "5 minutes"})])) as it:
        Engine(Options(base_url=it.url))
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, count, repeat
from typing import Any, ClassVar

from tests.llmscript import Reply, Request, Scripted, calls_json, failure

__all__ = ["LlmServer", "Reply", "Request", "Scripted", "failure"]

_POLL_S = 0.005


class ClientGoneError(Exception):
    """The client has closed its connection."""


class LlmServer:
    """The server; a context manager.

    Args:
        script: what is done with each request in turn: a reply, its text, or a function of the request. The last
            function answers all further requests; after a script without one they fail.
        models: names at ``/models``; the script does not care which is asked for.
        key: what a client must send; empty for none.
        latency: seconds for each token of a reply that does not say.
        reading: seconds for each word of a prompt that was not the beginning of one before.
        tokenize: whether there is a ``/tokenize``, as llama.cpp has: a token for every three characters.

    Attributes:
        url: for ``base_url``.
        requests: those to ``/chat/completions``, in order.
        paths: of every request, as ``GET /v1/models``.
        stopped: set by ``close``; whatever waits goes on.
    """

    def __init__(
        self,
        *script: Scripted,
        models: Sequence[str] = ("scripted",),
        key: str = "",
        latency: float = 0.0,
        reading: float = 0.0,
        tokenize: bool = False,
        port: int = 0,
    ) -> None:
        self.models, self.key, self.latency, self.reading = models, key, latency, reading
        self.tokenize = tokenize
        self.requests: list[Request] = []
        self.paths: list[str] = []
        self.stopped = threading.Event()
        self._script = list(script)
        self._changed = threading.Condition()
        self._connections: set[socket.socket] = set()
        self._prompts: list[str] = []
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.script = self
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="llm-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> LlmServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, *script: Scripted) -> None:
        """Go on with these."""
        with self._changed:
            self._script += script

    def wait_for(self, number: int, timeout: float = 30.0) -> Request:
        """The request of that number, the first being 1, as soon as it has come."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= number, timeout), "no such request came"
            return self.requests[number - 1]

    def close(self) -> None:
        """End everything that is under way; returns when the last thread has ended."""
        self.stopped.set()
        self._server.shutdown()
        with self._changed:
            connections = list(self._connections)
        for connection in connections:
            _shut(connection)
        self._server.server_close()
        self._thread.join()

    def take(self, request: Request) -> Reply:
        """The script's next reply."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            if not self._script:
                return failure(500, "the script is over")
            last = len(self._script) == 1 and callable(self._script[0])
            scripted = self._script[0] if last else self._script.pop(0)
        reply = scripted(request) if callable(scripted) else scripted
        return Reply(reply) if isinstance(reply, str) else reply

    def read(self, prompt: str) -> tuple[int, int]:
        """Words in a prompt, and of those the ones at its beginning that a prompt before had, too."""
        with self._changed:
            known = max((_shared(prompt, other) for other in self._prompts), default=0)
            self._prompts.append(prompt)
        return len(prompt.split()), len(prompt[:known].split())

    def joined(self, connection: socket.socket) -> None:
        """A client has come."""
        with self._changed:
            self._connections.add(connection)
            if self.stopped.is_set():
                _shut(connection)

    def left(self, connection: socket.socket) -> None:
        """A client has gone."""
        with self._changed:
            self._connections.discard(connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    script: LlmServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to print."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    _numbers: ClassVar = count(1)

    def setup(self) -> None:
        super().setup()
        self._number = next(self._numbers)
        self.server.script.joined(self.connection)

    def finish(self) -> None:
        self.server.script.left(self.connection)
        super().finish()

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        script = self.server.script
        script.paths.append(f"GET {self.path}")
        if not self.path.endswith("/models"):
            self._send(404, b'{"error": {"message": "not found"}}')
        elif not self._allowed():
            self._send(401, b'{"error": {"message": "no key"}}')
        else:
            listed = [{"id": name, "object": "model"} for name in script.models]
            self._send(200, json.dumps({"object": "list", "data": listed}).encode())

    def do_POST(self) -> None:
        script = self.server.script
        script.paths.append(f"POST {self.path}")
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path == "/tokenize" and script.tokenize:
            self._send(200, json.dumps({"tokens": list(range(-(-len(body["content"]) // 3)))}).encode())
        elif not self.path.endswith("/chat/completions"):
            self._send(404, b'{"error": {"message": "not found"}}')
        elif not self._allowed():
            self._send(401, json.dumps({"error": {"message": f"wrong key {self._key()}"}}).encode())
        else:
            self._chat(Request(body, {name.lower(): value for name, value in self.headers.items()}, self._number))

    def _key(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _allowed(self) -> bool:
        return self.server.script.key in ("", self._key())

    def _chat(self, request: Request) -> None:
        reply = self.server.script.take(request)
        try:
            self._answer(request, reply)
        except (ClientGoneError, ConnectionError):
            request.gone_at = time.perf_counter()
            request.gone.set()
            self.close_connection = True
        finally:
            request.over.set()

    def _answer(self, request: Request, reply: Reply) -> None:
        self._wait_for(reply.gate)
        if reply.body is not None:
            body = reply.body.replace("{key}", self._key()) if isinstance(reply.body, str) else reply.body
            self._send(
                reply.status, body.encode() if isinstance(body, str) else body, reply.content_type, reply.headers
            )
            return
        words, cached = self.server.script.read(request.prompt)
        usage = reply.usage or {
            "prompt_tokens": words,
            "completion_tokens": len(reply.pieces()),
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        if reply.whole:
            message = {"role": "assistant", "content": reply.text or None, "tool_calls": calls_json(reply.calls)}
            choice = {"index": 0, "message": message, "finish_reason": reply.finish}
            self._send(200, json.dumps({"choices": [choice], "usage": usage}).encode())
            return
        self._stream(request, reply, usage, (words - cached) * self.server.script.reading)

    def _stream(self, request: Request, reply: Reply, usage: Mapping[str, Any], reading: float) -> None:
        self.send_response(reply.status)
        headers = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"} | dict(reply.headers)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._wait_for(reply.header_gate)
        self._piece({"role": "assistant", "content": ""})
        self._wait(reading + (reply.first or 0.0))
        latency = self.server.script.latency if reply.latency is None else reply.latency
        tokens = reply.pieces()
        for number, token in enumerate(chain.from_iterable(repeat(tokens)) if reply.endless else tokens):
            self._may_break(reply, number)
            self._wait(latency)
            self._piece({"content": token})
            request.sent += 1
        self._may_break(reply, len(tokens))
        for delta in (*reply.deltas, *({"tool_calls": [each]} for each in calls_json(reply.calls))):
            self._wait(latency)
            self._piece(delta)
        if reply.finish is not None:
            self._piece({}, "tool_calls" if reply.calls and reply.finish == "stop" else reply.finish)
        self._event({"choices": [], "usage": usage})
        if reply.done:
            self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _may_break(self, reply: Reply, number: int) -> None:
        if reply.cut == number:
            _shut(self.connection)
            raise ClientGoneError
        if reply.stall == number:
            self._wait_for(self.server.script.stopped)

    def _piece(self, delta: Mapping[str, Any], finish: str | None = None) -> None:
        self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _event(self, event: Mapping[str, Any]) -> None:
        self._chunk(f"data: {json.dumps(event)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _wait_for(self, event: threading.Event | None) -> None:
        while event is not None and not event.is_set() and not self.server.script.stopped.is_set():
            self._watch(_POLL_S)

    def _wait(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0 and not self.server.script.stopped.is_set():
            self._watch(min(left, 0.05))
        self._watch(0.0)

    def _watch(self, seconds: float) -> None:
        """Let time pass; a client that goes away meanwhile ends the reply at once."""
        if select.select([self.connection], [], [], seconds)[0] and not self.connection.recv(1, socket.MSG_PEEK):
            raise ClientGoneError

    def _send(
        self, status: int, body: bytes, content_type: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _shared(one: str, other: str) -> int:
    """Length of the common beginning."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if one[:middle] == other[:middle] else (least, middle - 1)
    return least


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it has gone already
        connection.shutdown(socket.SHUT_RDWR)


def main() -> None:
    """Answer every request in the same words, until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.llmserver", description=main.__doc__)
    parser.add_argument("text", nargs="?", default="I am only a script, but I am glad that you asked.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds for each token")
    chosen = parser.parse_args()
    with LlmServer(lambda _: Reply(chosen.text), latency=chosen.latency, port=chosen.port) as server:
        print(f"answering at {server.url}")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
