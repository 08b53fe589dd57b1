"""What goes wrong at a server, under which name, in which words, and what is tried again."""

from __future__ import annotations

import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from assistant.errors import EngineError
from assistant.llm.base import Delta, Piece
from assistant.llm.stream import LONGEST_LINE, GarbledError, Lines
from tests.llmserver import LlmServer, Reply, failure
from tests.unit.test_llm_openai import CHAT, Engine, Options, failing, no_key, nobody, talking, text_of  # noqa: F401

KEY = "sk-proj-0123456789abcdef"
STREAM = "text/event-stream"


def streamed(*events: str) -> Reply:
    return Reply(body="".join(f"data: {event}\n\n" for event in events), content_type=STREAM)


TOO_LONG = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."
FAULTS = {
    "401": (failure(401, "Incorrect API key"), "unauthorised", "set one with: assistant llm key set"),
    "403": (Reply(status=403, body="<html>Forbidden</html>"), "unauthorised", "HTTP 403"),
    "404 model": (failure(404, "model 'big' not found, try pulling it first"), "no_model", "assistant llm models"),
    "400 model": (failure(400, "no such", "model_not_found"), "no_model", "has no model 'big'"),
    "404 page": (Reply(status=404, body="<html>Not Found</html>"), "server", "base_url usually ends in /v1"),
    "moved": (Reply(status=301, body="", headers={"Location": "https://example.org/"}), "server", "ends in /v1"),
    "context": (failure(400, TOO_LONG, "context_length_exceeded"), "too_long", "longer than big at"),
    "context of llama.cpp": (
        failure(400, "the request exceeds the available context size, try increasing it", "exceed_context_size_error"),
        "too_long",
        "the request exceeds",
    ),
    "429": (failure(429, "Rate limit reached"), "rate_limited", "Rate limit reached"),
    "402": (failure(402, "Insufficient balance"), "rate_limited", "the quota is used up"),
    "400": (failure(400, "'messages' must alternate"), "server", "'messages' must alternate"),
    "500": (failure(500, "out of memory"), "server", "failed (HTTP 500): out of memory"),
    "503 page": (Reply(status=503, body="<html>Oh</html>"), "server", "it answered with a web page"),
    "502 list": (Reply(status=502, body='["a"]'), "server", "failed (HTTP 502)"),
    "page": (Reply(body="<!DOCTYPE html><title>Router</title>", content_type="text/html"), "garbled", "<!DOCTYPE"),
    "nothing": (Reply(body="", content_type=STREAM), "cut_off", "broke off"),
    "JSON that is none": (Reply(body="{{", content_type="application/json"), "garbled", "not JSON"),
    "JSON of something else": (Reply(body="[1, 2]"), "garbled", "not an object"),
    "an error with status 200": (Reply(body='{"error": {"message": "overloaded"}}'), "server", "overloaded"),
    "an error in the stream": (streamed('{"error": {"message": "overloaded", "code": 503}}'), "server", "overloaded"),
    "limits in the stream": (streamed('{"error": {"message": "slow down", "code": 429}}'), "rate_limited", "slow down"),
    "an error of llama.cpp": (
        Reply(body='error: {"message": "x", "error": "context size exceeded"}\n\n', content_type=STREAM),
        "too_long",
        "context size exceeded",
    ),
    "a line without end": (
        Reply(body="data:" + "x" * LONGEST_LINE, content_type=STREAM),
        "garbled",
        "a line of",
    ),
    "a long page": (Reply(body="[" + " " * 5_000_000, content_type="application/json"), "garbled", "more than 3 MB"),
    "before the first word": (Reply("One two", cut=0), "cut_off", "broke off in the middle"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_each_fault_has_its_code_and_one_line(fault):
    reply, code, words = fault
    pieces, error = failing(reply, model="big")
    assert (pieces, error.stage, error.engine, error.code) == ([], "llm", "openai", code)
    assert words in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("One two three", cut=2), "cut_off"),
        (streamed('{"choices": [{"delta": {"content": "One two"}}]}'), "cut_off"),
        (streamed('{"choices": [{"delta": {"content": "One two"}}]}', "{garbage"), "garbled"),
        (streamed('{"choices": [{"delta": {"content": "One two"}}]}', '{"error": "gone"}'), "server"),
    ],
)
def test_a_fault_in_the_middle_comes_after_what_was_said(reply, code):
    pieces, error = failing(reply, retries=2)
    assert (text_of(pieces), error.code) == ("One two", code)


def test_nothing_is_asked_again_in_the_middle():
    with talking(Reply("One two", cut=1), "Never.") as (engine, server):
        with pytest.raises(EngineError):
            list(engine.reply(CHAT, ()))
        assert len(server.requests) == 1


def test_strange_events_are_no_reason_to_stop():
    reply = streamed(
        '{"choices": null}', '{"choices": [3]}', '{"choices": [{"delta": null}]}', '{"usage": 3, "timings": []}',
        '{"choices": [{"delta": {"content": 3, "tool_calls": "x"}}]}', '{"choices": [{"delta": {"content": "Yes."}}]}',
        "[DONE]",
    )  # fmt: skip
    with talking(reply) as (engine, _):
        assert text_of(list(engine.reply(CHAT, ()))) == "Yes."


def test_bytes_that_are_no_text_are_replaced():
    body = b'data: {"choices": [{"delta": {"content": "caf\xe9"}, "finish_reason": "stop"}]}\r\n\r\ndata: [DONE]'
    with talking(Reply(body=body, content_type=STREAM)) as (engine, _):
        assert text_of(list(engine.reply(CHAT, ()))) == "caf\ufffd"


def test_a_letter_in_two_packets_stays_whole():
    lines, data = Lines(), 'data: {"é": "\u2028"}\n: ping\nevent: x\ndata:{}\n\n'.encode()
    assert [payload for byte in data for payload in lines.feed(bytes([byte]))] == ['{"é": "\u2028"}', "{}"]
    with pytest.raises(GarbledError):
        lines.feed(b"x" * (LONGEST_LINE + 1))


@pytest.mark.parametrize(
    "first",
    [
        failure(500, "once"), failure(503, "Loading model"), failure(429, "slow down"),
        failure(429, "slow down", Retry_After="0"), Reply("One", cut=0), failure(529, "overloaded"),
    ],
)  # fmt: skip
def test_what_may_pass_is_tried_again(first):
    with talking(first, "Yes.", options={"retries": 1}) as (engine, server):
        assert text_of(list(engine.reply(CHAT, ()))) == "Yes."
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (failure(429, "slow down", Retry_After="30"), "rate_limited"),
        (failure(401, "who?"), "unauthorised"),
        (failure(400, "no"), "server"),
        (failure(404, "model not found"), "no_model"),
        (failure(400, TOO_LONG), "too_long"),
    ],
)
def test_what_does_not_pass_is_told_at_once(first, code):
    with talking(first, "Never.") as (engine, server):
        with pytest.raises(EngineError) as caught:
            list(engine.reply(CHAT, ()))
        assert caught.value.code == code
        assert len(server.requests) == 1


def test_it_is_not_tried_for_ever():
    with talking(lambda _: failure(500, "always"), options={"retries": 10}) as (engine, server):
        with pytest.raises(EngineError) as caught:
            list(engine.reply(CHAT, ()))
        assert caught.value.code == "server"
        assert 2 <= len(server.requests) <= 6, "for two and a half seconds, then the user hears of it"


def test_where_nothing_answers_is_unreachable():
    engine = Engine(Options(base_url=nobody(), retries=1))
    with pytest.raises(EngineError) as caught:
        list(engine.reply(CHAT, ()))
    assert caught.value.code == "unreachable"
    assert "is the server running?" in str(caught.value)
    engine.close()


@contextmanager
def deaf() -> Iterator[str]:
    """An address that does not even refuse: its queue of connections is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def test_where_nobody_picks_up_is_unreachable():
    with deaf() as url:
        engine = Engine(Options(base_url=url, model="m", connect_timeout=0.2, retries=1))
        with pytest.raises(EngineError) as caught:
            list(engine.reply(CHAT, ()))
        assert caught.value.code == "unreachable"
        assert "it did not answer in time" in str(caught.value)
        engine.close()


def test_cancelling_while_nobody_picks_up():
    with deaf() as url:
        engine = Engine(Options(base_url=url, model="m", connect_timeout=300))
        generation = engine.reply(CHAT, ())
        ended: list[list[Piece]] = []
        drawing = threading.Thread(target=lambda: ended.append(list(generation)))
        drawing.start()
        generation.cancel()
        drawing.join(30)
        assert ended == [[]], "rather than an error after the time that a connection may take"
        engine.close()


def test_a_model_that_has_gone_is_looked_for_again():
    with talking("Yes.", failure(404, "model 'a' not found"), "Yes.", models=["a"]) as (engine, server):
        list(engine.reply(CHAT, ()))
        server.models = ["b"]
        with pytest.raises(EngineError):
            list(engine.reply(CHAT, ()))
        list(engine.reply(CHAT, ()))
        assert [request.body["model"] for request in server.requests] == ["a", "a", "b"]


ECHOES = [
    failure(500, "cannot use {key} now"),
    failure(400, "Bearer {key} is strange"),
    failure(401, "Incorrect API key provided: {key}"),
    Reply(body="<html>{key}", content_type="text/html"),
    Reply(body="{{{key}"),
    streamed('{"error": {"message": "{key}"}}'),
    streamed("{key}"),
    failure(429, "{key}", Retry_After="60"),
    Reply("One two", cut=1),
]


@pytest.mark.parametrize("echo", ECHOES)
def test_the_key_is_sent_and_never_seen(echo, monkeypatch, caplog):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    with LlmServer(echo, key=KEY) as server:
        engine = Engine(Options(base_url=server.url, retries=0))
        with pytest.raises(EngineError) as caught:
            list(engine.reply(CHAT, ()))
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        engine.close()
    shown = [str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value)), caplog.text]
    shown += [repr(engine), repr(vars(engine)), repr(vars(engine._exchange)), str(engine._exchange.server)]
    assert caplog.records
    assert not any(KEY in each or KEY[3:] in each for each in shown)


def test_a_key_that_was_refused_is_looked_for_again(monkeypatch):
    with LlmServer("Yes.", key=KEY) as server:
        engine = Engine(Options(base_url=server.url, key_env="MY_KEY", model="m"))
        with pytest.raises(EngineError) as caught:
            list(engine.reply(CHAT, ()))
        assert caught.value.code == "unauthorised"
        monkeypatch.setenv("MY_KEY", KEY)
        assert next(engine.reply(CHAT, ())) == Delta("Yes.")
        engine.close()


def test_a_key_that_cannot_be_one_is_told_without_it(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY} é")
    with talking("Never.") as (engine, server):
        with pytest.raises(EngineError) as caught:
            list(engine.reply(CHAT, ()))
        assert (caught.value.code, KEY in str(caught.value), server.requests) == ("unauthorised", False, [])


@pytest.mark.parametrize(
    "address", ["localhost:11434", "ftp://x/v1", "http://me:secret@x/v1", "https://x/v1?key=secret", "http://x:99999"]
)
def test_an_address_is_checked(address: Any):
    with pytest.raises(ValueError, match=r"is written like|assistant llm key set|Port"):
        Options(base_url=address)
