"""The engine for OpenAI-compatible servers, against a scripted one: replies, limits, cancelling."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import EngineError
from assistant.llm import estimate
from assistant.llm.base import Delta, Message, Piece, ToolCall, ToolSpec, Usage
from assistant.llm.openai import Engine, Options
from assistant.llm.wire import messages_json
from assistant.skill import secrets
from tests.llmserver import LlmServer, Reply, Scripted

ROOT = Path(__file__).resolve().parents[2]
CHAT = (Message("system", "You are brief."), Message("user", "Hello"))
TIMER = ToolSpec("timers__set_timer", "Set a timer.", {"type": "object", "properties": {}})
SHORT = 0.4  # seconds that a test waits for what never comes


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    """Neither the developer's key nor a key ring takes part."""
    monkeypatch.setattr(secrets, "_ring", [None])
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@contextmanager
def talking(*script: Scripted, options: dict[str, Any] | None = None, **server: Any) -> Iterator[tuple[Engine, Any]]:
    with LlmServer(*script, **server) as running:
        engine = Engine(Options(base_url=running.url, **(options or {})))
        try:
            yield engine, running
        finally:
            engine.close()


def answer(reply: Reply, tools: tuple[ToolSpec, ...] = (), **options: Any) -> list[Piece]:
    with talking(reply, options=options) as (engine, _):
        return list(engine.reply(CHAT, tools))


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Delta))


def calls_of(pieces: list[Piece]) -> list[ToolCall]:
    return [piece for piece in pieces if isinstance(piece, ToolCall)]


def failing(reply: Reply, **options: Any) -> tuple[list[Piece], EngineError]:
    """What came before it failed, and how it did."""
    pieces: list[Piece] = []
    with talking(reply, options={"retries": 0, **options}) as (engine, _):
        with pytest.raises(EngineError) as caught:
            pieces += engine.reply(CHAT, ())
        return pieces, caught.value


def test_a_reply_comes_in_pieces_and_ends_with_what_it_took():
    with talking(Reply("Hello there, friend."), "Still here.") as (engine, server):
        pieces = list(engine.reply(CHAT, [TIMER]))
        assert [piece.text for piece in pieces if isinstance(piece, Delta)] == ["Hello", " there,", " friend."]
        assert isinstance(pieces[-1], Usage)
        assert pieces[-1].reply == 3
        assert engine.model == "scripted"
        more = (*CHAT, Message("assistant", "Hello there, friend."), Message("user", "And now?"))
        again = list(engine.reply(more, [TIMER]))[-1]
        first, second = server.requests
        assert isinstance(again, Usage)
        assert again.cached > 0
        assert second.prompt.startswith(first.prompt), "the server finds the prompt's beginning in its cache"
        assert first.connection == second.connection
    assert first.messages == [
        {"role": "system", "content": "You are brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert first.tools == ["timers__set_timer"]
    assert (first.body["max_tokens"], first.body["stream"], "temperature" in first.body) == (300, True, False)
    assert "authorization" not in first.headers


def test_results_of_tools_go_back_to_the_server():
    call = ToolCall("timers__set_timer", {"duration": "fünf Minuten"}, "call_7")
    chat = (*CHAT, Message("assistant", "", calls=(call,)), Message("tool", "It runs.", call_id="call_7"))
    with talking("Done.", options={"temperature": 0.2, "extra": {"reasoning_effort": "low"}}) as (engine, server):
        list(engine.reply(chat, ()))
        asked, result = server.requests[0].messages[-2:]
        assert asked["tool_calls"][0]["id"] == result["tool_call_id"] == "call_7"
        assert asked["tool_calls"][0]["function"]["arguments"] == '{"duration": "fünf Minuten"}'
        assert (result["role"], result["content"]) == ("tool", "It runs.")
        assert (server.requests[0].body["temperature"], server.requests[0].body["reasoning_effort"]) == (0.2, "low")


def test_calls_without_ids_are_told_apart():
    calls = (ToolCall("a", {}), ToolCall("b", {}))
    results = (Message("tool", "A"), Message("tool", "B"))
    said = messages_json((*CHAT, Message("assistant", "", calls), *results, Message("assistant", "", calls), *results))
    assert [each["id"] for message in said for each in message.get("tool_calls", ())] == ["call_0", "call_1"] * 2
    assert [each["tool_call_id"] for each in said if each["role"] == "tool"] == ["call_0", "call_1"] * 2


def part(index: int | None, identity: str | None, name: str | None, arguments: Any) -> dict[str, Any]:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    found: dict[str, Any] = {"function": function}
    found |= {} if index is None else {"index": index}
    return {"tool_calls": [found | ({} if identity is None else {"id": identity})]}


FIVE, SIX = {"minutes": 5}, {"minutes": 6}
CALLS = {
    "fragments": ([part(0, "a", "set", ""), part(0, None, None, '{"min'), part(0, None, None, 'utes": 5}')], [FIVE]),
    "fragments in turn": (
        [part(0, "a", "set", '{"minutes"'), part(1, "b", "set", '{"minutes"'), part(0, None, None, ": 5}"),
         part(1, None, None, ": 6}")],
        [FIVE, SIX],
    ),
    "whole, all of the same index": (
        [part(0, "a", "set", '{"minutes": 5}'), part(0, "b", "set", '{"minutes": 6}')], [FIVE, SIX],
    ),
    "whole, neither ids nor indices": (
        [part(None, None, "set", '{"minutes": 5}'), part(None, None, "set", '{"minutes": 6}')], [FIVE, SIX],
    ),
    "fragments without indices": ([part(None, "a", "set", '{"minutes'), part(None, None, None, '": 5}')], [FIVE]),
    "the name again in every fragment": ([part(0, "a", "set", '{"minutes'), part(0, "a", "set", '": 5}')], [FIVE]),
    "an object": ([part(0, "a", "set", FIVE)], [FIVE]),
    "JSON in JSON": ([part(0, "a", "set", '"{\\"minutes\\": 5}"')], [FIVE]),
    "no arguments": ([part(0, "a", "set", None), part(1, "b", "set", "")], [{}, {}]),
    "nothing that is a call": ([{"tool_calls": [None, 3]}, {"tool_calls": {}}, part(0, "a", None, "{}")], []),
}  # fmt: skip


@pytest.mark.parametrize("deltas", CALLS.values(), ids=CALLS)
def test_tool_calls_are_put_together(deltas):
    sent, wanted = deltas
    calls = calls_of(answer(Reply("One moment.", deltas=sent, finish="tool_calls"), (TIMER,)))
    assert [call.arguments for call in calls] == wanted
    assert all((call.name, call.error) == ("set", "") for call in calls)
    if len(calls) == 2:
        assert (calls[0].id, calls[1].id) in (("a", "b"), ("", ""))


@pytest.mark.parametrize(
    ("arguments", "finish", "error"),
    [
        ("{minutes: five}", "tool_calls", "the arguments are not JSON: {minutes: five}"),
        ("[5]", "tool_calls", "the arguments are not an object: [5]"),
        ('{"minutes": ', "length", 'the arguments were cut off: {"minutes": '),
    ],
)
def test_arguments_that_cannot_be_read_say_why(arguments, finish, error):
    (call,) = calls_of(answer(Reply(calls=[("set", arguments)], finish=finish), (TIMER,)))
    assert (call.name, call.arguments, call.error) == ("set", {}, error)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(tokens=["<think>", "Hm. 2 < 3", "</thi", "nk>\n\n", "Two ", "< three."]), "Two < three."),
        (Reply(tokens=["<thinking>never ends"]), ""),
        (Reply(tokens=["a <", "b> and ", "<thi"]), "a <b> and <thi"),
        (Reply(tokens=["Yes."], deltas=[{"reasoning_content": "Hm."}, {"reasoning": "Hm."}]), "Yes."),
        (Reply(deltas=[{"content": [{"type": "text", "text": "In parts."}]}]), "In parts."),
        (Reply(tokens=["Thought.</think>Spoken."]), "Thought.Spoken."),
    ],
)
def test_thoughts_are_not_for_the_user(reply, said):
    assert text_of(answer(reply)) == said


def test_a_reply_that_is_cut_says_so():
    assert answer(Reply("Once upon a", finish="length", usage={"prompt_tokens": 12}))[-1] == Usage(12, cut=True)


def test_an_endless_reply_ends_by_its_tokens():
    with talking(Reply("on and on", endless=True), options={"tokens": 40}) as (engine, server):
        pieces = list(engine.reply(CHAT, ()))
        assert pieces[-1] == Usage(cut=True)
        assert 40 <= len(pieces) - 1 <= 42
        assert server.requests[0].gone.wait(30)


def test_an_endless_reply_ends_by_its_time():
    reply = Reply("on and on", endless=True, latency=0.01)
    with talking(reply, options={"seconds": SHORT, "tokens": 100_000}) as (engine, server):
        pieces = list(engine.reply(CHAT, ()))
        assert pieces[-1] == Usage(cut=True)
        assert server.requests[0].gone.wait(30)


def test_an_endless_thought_ends_too():
    with talking(Reply(tokens=["<think>", "hm "], endless=True), options={"tokens": 40}) as (engine, server):
        assert list(engine.reply(CHAT, ())) == [Usage(cut=True)]
        assert server.requests[0].gone.wait(30)


@pytest.mark.parametrize(
    "reply",
    [Reply("Yes.", whole=True), Reply("Yes.", done=False), Reply("Yes.", finish=None), Reply("Yes.", usage={"x": []})],
    ids=["not streamed", "no DONE", "no reason", "strange usage"],
)
def test_servers_that_do_it_otherwise(reply):
    assert text_of(answer(reply)) == "Yes."


def test_a_reply_that_is_not_streamed_may_call_tools():
    (call,) = calls_of(answer(Reply(calls=[("set", FIVE)], whole=True), (TIMER,)))
    assert (call.name, call.arguments) == ("set", FIVE)


def test_a_server_that_goes_on_after_its_end_is_not_waited_for():
    body = b'data: {"choices": [{"delta": {"content": "Yes."}, "finish_reason": "stop"}]}\n\n'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    with raw(head + body) as url:
        engine = Engine(Options(base_url=url, model="m", timeout=30))
        assert list(engine.reply(CHAT, ())) == [Delta("Yes."), Usage()]
        engine.close()


@contextmanager
def raw(data: bytes, drip: bytes = b"") -> Iterator[str]:
    """A server that sends what it is given to whoever comes, then drips the rest for ever."""
    stop = threading.Event()

    def serve() -> None:
        listener.settimeout(30)
        connection, _ = listener.accept()
        with connection:
            connection.sendall(data)
            try:
                while not stop.wait(0.02):
                    connection.sendall(drip)
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            stop.set()
            thread.join()


@pytest.mark.parametrize(
    ("data", "drip"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", b": still here\n\n"),
        (b"HTTP/1.1 500 Oh\r\n\r\n", b"a"),
    ],
    ids=["header", "comments", "error page"],
)
def test_a_server_that_drips_is_given_up(data, drip):
    with raw(data, drip) as url:
        engine = Engine(Options(base_url=url, model="m", timeout=SHORT))
        with pytest.raises(EngineError) as caught:
            list(engine.reply(CHAT, ()))
        assert caught.value.code == "timeout"
        engine.close()


def test_a_stall_is_given_up_after_the_words_that_came():
    pieces, error = failing(Reply("One two three", stall=2), timeout=SHORT)
    assert (text_of(pieces), error.code) == ("One two", "timeout")
    assert f"gave no word for {SHORT} s" in str(error)


def test_a_reply_that_never_begins_is_given_up_by_its_time_as_well():
    pieces, error = failing(Reply("Never", gate=threading.Event()), seconds=SHORT)
    assert (pieces, error.code) == ([], "timeout")


@pytest.mark.parametrize("reply", [Reply("One two three", stall=2), Reply("One", gate=threading.Event())])
def test_cancelling_ends_a_step_under_way_and_the_server_stops(reply):
    with talking(reply) as (engine, server):
        generation = engine.reply(CHAT, ())
        ended: list[list[Piece]] = []
        drawing = threading.Thread(target=lambda: ended.append(list(generation)))
        drawing.start()
        request = server.wait_for(1)
        generation.cancel()
        drawing.join(30)
        assert not drawing.is_alive()
        assert text_of(ended[0]) in ("", "One", "One two")
        assert request.gone.wait(30)
        assert list(generation) == []


def test_cancelling_between_steps_stops_the_server():
    with talking(Reply("on and on", endless=True, latency=0.005), "Next.") as (engine, server):
        generation = engine.reply(CHAT, ())
        assert next(generation) == Delta("on")
        generation.cancel()
        assert server.requests[0].gone.wait(30)
        assert list(generation) == []
        generation.close()
        assert text_of(list(engine.reply(CHAT, ()))) == "Next."


def test_what_is_cancelled_before_it_begins_is_never_asked():
    with talking("Never.") as (engine, server):
        generation = engine.reply(CHAT, ())
        generation.cancel()
        assert list(generation) == []
        assert (server.requests, server.paths) == ([], [])


def test_closing_the_engine_ends_what_is_under_way():
    with talking(Reply("One two", stall=1)) as (engine, server):
        generation = engine.reply(CHAT, ())
        assert next(generation) == Delta("One")
        engine.close()
        assert server.requests[0].gone.wait(30)
        with pytest.raises(EngineError) as caught:
            next(engine.reply(CHAT, ()))
        assert caught.value.code == "cancelled"


def test_the_program_ends_though_nobody_closed_the_engine():
    code = """
import sys
from assistant.llm.base import Message
from assistant.llm.openai import Engine, Options
from assistant.llm.wire import messages_json
from assistant.skill import secrets
generation = Engine(Options(base_url=sys.argv[1])).reply([Message("user", "Hello")], [])
print(next(generation).text)
"""
    with LlmServer(Reply("Hello you", stall=1)) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, server.url], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        )
    assert done.stdout == "Hello\n"


def test_warming_lets_the_server_read_the_prompt():
    with talking("Yes.", "Yes.") as (engine, server):
        engine.warm(CHAT, [TIMER])
        first = server.wait_for(1)
        assert (first.body["max_tokens"], first.tools) == (1, [TIMER.name])
        assert first.over.wait(30)
        usage = list(engine.reply((*CHAT, Message("user", "More")), [TIMER]))[-1]
        assert isinstance(usage, Usage)
        assert usage.cached > 0


def test_warming_a_server_that_is_not_there_is_no_error():
    engine = Engine(Options(base_url=nobody()))
    engine.warm(CHAT, ())
    engine.close()


def nobody() -> str:
    """An address at which nothing answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


@pytest.mark.parametrize(
    ("offered", "taken"),
    [(("nomic-embed-text", "llama3.2"), "llama3.2"), (("bge-m3",), "bge-m3"), (("b", "a"), "b")],
)
def test_without_a_model_the_first_that_can_chat_is_taken(offered, taken):
    with talking("Yes.", "Yes.", models=offered) as (engine, server):
        list(engine.reply(CHAT, ()))
        list(engine.reply(CHAT, ()))
        assert [request.body["model"] for request in server.requests] == [taken] * 2
        assert server.paths.count("GET /v1/models") == 1
        assert engine.models() == list(offered)


def test_a_server_without_a_model_says_so():
    with talking(models=()) as (engine, _), pytest.raises(EngineError) as caught:
        list(engine.reply(CHAT, ()))
    assert caught.value.code == "no_model"


@pytest.mark.parametrize(
    ("status", "refusal", "field"),
    [
        (400, "registry.ollama.ai/library/gemma:2b does not support tools", "tools"),
        (500, "tools param requires --jinja flag", "tools"),
        (400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_tokens"),
        (400, "temperature does not support 0.3 with this model", "temperature"),
        (422, "stream_options: extra fields are not permitted", "stream_options"),
    ],
)
def test_what_a_server_does_not_take_it_is_asked_without(status, refusal, field):
    body = f'{{"error": {{"message": "{refusal}"}}}}'
    script = (Reply(status=status, body=body), "Yes.", "Yes.")
    with talking(*script, options={"temperature": 0.3, "retries": 0}) as (engine, server):
        assert text_of(list(engine.reply(CHAT, [TIMER]))) == "Yes."
        list(engine.reply(CHAT, [TIMER]))
        assert [field in request.body for request in server.requests] == [True, False, False]
        if field == "max_tokens":
            assert server.requests[1].body["max_completion_tokens"] == 300


def test_a_proxy_is_for_what_is_far_away(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", nobody())
    assert text_of(answer(Reply("Yes."))) == "Yes."


def test_tokens_are_counted_by_the_server_if_it_can():
    with talking(tokenize=True) as (engine, server):
        assert [engine.count("nine chars"), engine.count("nine chars"), engine.count("")] == [4, 4, 0]
        assert server.paths == ["POST /tokenize"] * 2
    with talking() as (engine, server):
        assert engine.count("Hello") == engine.count("Hello") == estimate.tokens("Hello")
        assert server.paths == ["POST /tokenize"]


# Tokens in Whisper's multilingual vocabulary of 50 000; those of language models today are larger and need fewer.
COUNTED = {
    "The quick brown fox jumps over the lazy dog. What's the weather like in Berlin tomorrow at 10:30?": 23,
    "Die Geschwindigkeitsbegrenzung auf der Autobahn gilt nicht für alle Fahrzeuge, sagte der Minister.": 25,
    "Quel temps fera-t-il demain après-midi à Paris, et faut-il prendre un parapluie pour aller à l'école ?": 33,
    "¿Qué tiempo hará mañana por la tarde en Sevilla y a qué hora se pone el sol según el pronóstico?": 26,
    "Сколько сейчас времени и какая завтра будет погода в Санкт-Петербурге после обеда?": 27,
    "Колко е часът и какво ще бъде времето утре следобед в София според прогнозата?": 34,
    "今天天气怎么样？明天下午会下雨吗？我应该带雨伞去学校吗？": 33,
    "明日の午後、東京の天気はどうなりますか。傘を持っていくべきでしょうか。": 28,
    "내일 오후 서울 날씨는 어떻습니까? 우산을 가져가야 할까요?": 21,
    "كيف سيكون الطقس غدا بعد الظهر في القاهرة وهل يجب أن آخذ مظلة؟": 32,
    "कल दोपहर दिल्ली में मौसम कैसा रहेगा और क्या मुझे छाता लेना चाहिए?": 66,
    '{"name": "timers__set_timer", "parameters": {"type": "object", "required": ["duration"]}}': 34,
    "Great 🎉🎉 see you 👍🏽 tomorrow 🌧️": 17,
}


@pytest.mark.parametrize(("text", "tokens"), COUNTED.items(), ids=range(len(COUNTED)))
def test_the_estimate_is_rather_too_high(text, tokens):
    assert tokens <= estimate.tokens(text) <= 3 * tokens
