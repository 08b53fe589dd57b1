"""An OpenAI-compatible server from a maintained package, transformers' own, on loopback with the tiny chat model."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assistant.errors import EngineError
from assistant.llm.base import Delta, Message, ToolCall, Usage
from assistant.llm.openai import Engine, Options
from assistant.session.prompt import Moment, Prompt
from tests.tiny_chat.dialogues import FIXED
from tests.tiny_chat.model import MODEL, SET_TIMER, assistant, user
from tests.unit.thinkingkit import NOON

pytestmark = pytest.mark.heavy
pytest.importorskip("fastapi")
pytest.importorskip("transformers")

SYSTEM = Prompt(None, "Jarvis", "Sofia", lambda: ["timers", "the weather", "music"]).system(Moment(NOON))


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """``transformers serve`` in a process of its own."""
    home = tmp_path_factory.mktemp("hub")
    (home / "hub").mkdir()  # it lists the models in there
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [str(Path(sys.executable).with_name("transformers")), "serve", str(MODEL)]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32"]
    environment = {**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with (home / "log").open("w") as log:
        server = subprocess.Popen([*program, *options], stdout=log, stderr=subprocess.STDOUT, env=environment)
    try:
        base = f"http://127.0.0.1:{port}/v1"
        _wait(server, base, home / "log")
        yield base
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server, base, log):
    """Until it answers; importing PyTorch and the rest takes it seconds."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            if httpx.get(f"{base}/models", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
def engine(address):
    engine = Engine(Options(base_url=address, model=str(MODEL), temperature=0, timeout=60))
    yield engine
    engine.close()


def pieces(engine, *chat, tools=()):
    reply = engine.reply(chat, tools)
    made = list(reply)
    reply.close()
    return made


def answer(engine, *chat, tools=()):
    return "".join(piece.text for piece in pieces(engine, *chat, tools=tools) if isinstance(piece, Delta))


def test_it_answers_and_streams(engine):
    made = pieces(engine, SYSTEM, user("Say thank you in other languages."))
    texts = [piece.text for piece in made if isinstance(piece, Delta)]
    assert "".join(texts) == FIXED["Say thank you in other languages."]
    assert len(texts) > 10
    assert isinstance(made[-1], Usage)
    assert made[-1].prompt > 100


def test_a_conversation_with_a_tool_call(engine):
    chat = [SYSTEM, user("Hello."), assistant(FIXED["Hello."]), user("Start the pasta water timer.")]
    call = next(piece for piece in pieces(engine, *chat, tools=[SET_TIMER]) if isinstance(piece, ToolCall))
    assert (call.name, call.error) == ("timers__set_timer", "")
    assert call.arguments == {"duration": "10 minutes", "name": "pasta water"}
    call = replace(call, id=call.id or "call_0")
    chat += [Message("assistant", "", (call,)), Message("tool", "Done.", call_id=call.id, name=call.name)]
    assert answer(engine, *chat, tools=[SET_TIMER]) == "The pasta water timer is running."
    chat += [assistant("The pasta water timer is running."), user("Thank you very much.")]
    assert answer(engine, *chat, tools=[SET_TIMER]) == FIXED["Thank you very much."]


def test_a_cancelled_reply_leaves_the_server_ready_for_the_next(engine):
    reply = engine.reply([user("Count to thirty.")], [])
    assert isinstance(next(reply), Delta)
    reply.cancel()
    assert list(reply) == []
    reply.close()
    assert answer(engine, user("Hello.")) == FIXED["Hello."]


def test_a_model_that_the_server_does_not_have_is_an_error_of_one_line(address):
    engine = Engine(Options(base_url=address, model="nobody/nothing", retries=0))
    with pytest.raises(EngineError) as caught:
        pieces(engine, user("Hello."))
    assert caught.value.stage == "llm"
    assert "\n" not in str(caught.value)
    engine.close()
