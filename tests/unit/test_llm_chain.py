"""Several language models as one, and which one is chosen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from assistant import choosing_llm
from assistant.choosing_llm import choose_llm
from assistant.config import Loaded, load
from assistant.errors import ConfigError, EngineError
from assistant.llm import servers
from assistant.llm.base import Delta, Message, Piece, Usage
from assistant.llm.chain import Chain
from assistant.llm.openai import Engine, Options
from assistant.llm.servers import Answering, answering
from tests.llmserver import LlmServer, Reply, failure
from tests.unit.test_llm_openai import CHAT, no_key, nobody, text_of  # noqa: F401

LONG = 60.0


class Cast:
    """Servers and a chain of their models; the clock stands still unless it is moved."""

    def __init__(self) -> None:
        self.servers: list[LlmServer] = []
        self.now = 0.0

    def chain(self, *scripts: Any, patience: float = LONG) -> Chain:
        self.servers = [LlmServer(*(script if isinstance(script, tuple) else (script,))) for script in scripts]
        options = [
            Options(base_url=each.url, model=f"m{number}", retries=0) for number, each in enumerate(self.servers)
        ]
        return Chain([Engine(each) for each in options], patience, lambda: self.now)

    def asked(self) -> list[int]:
        return [len(each.requests) for each in self.servers]


@pytest.fixture
def cast() -> Iterator[Cast]:
    made = Cast()
    yield made
    for each in made.servers:
        each.close()


def codes(chain: Chain) -> list[str]:
    return [failure.code for failure in chain.failures]


def ask(chain: Chain) -> str:
    return text_of(list(chain.reply(CHAT, ())))


def test_the_first_answers_as_long_as_it_can(cast):
    chain = cast.chain(("One.", "Two."), "Never.")
    assert (ask(chain), ask(chain), chain.model, codes(chain)) == ("One.", "Two.", "m0", [])
    assert cast.asked() == [2, 0]
    chain.close()


def test_the_next_answers_for_one_that_fails_which_rests_for_a_while(cast):
    chain = cast.chain((failure(500, "oh"), "Back."), lambda _: "From the second.")
    assert (ask(chain), chain.model, codes(chain)) == ("From the second.", "m1", ["server"])
    cast.now = 29.0
    assert (ask(chain), codes(chain)) == ("From the second.", [])
    assert cast.asked() == [1, 2]
    cast.now = 31.0
    assert (ask(chain), chain.model) == ("Back.", "m0")
    chain.close()


def test_one_that_only_cannot_read_so_much_does_not_rest(cast):
    chain = cast.chain((failure(413, "big"), "Yes."), "From the second.")
    assert (ask(chain), codes(chain)) == ("From the second.", ["too_long"])
    assert ask(chain) == "Yes."
    chain.close()


def test_one_without_a_word_is_not_waited_for(cast):
    chain = cast.chain(Reply("Never", gate=threading.Event()), "At once.", patience=0.2)
    assert (ask(chain), codes(chain)) == ("At once.", ["timeout"])
    assert cast.servers[0].requests[0].gone.wait(30), "and it stops"
    chain.close()


def test_the_last_one_has_all_the_time_it_needs(cast):
    gate = threading.Event()
    chain = cast.chain(failure(500, "oh"), Reply("Slowly.", gate=gate), patience=0.05)
    generation = chain.reply(CHAT, ())
    drawn: list[list[Piece]] = []
    drawing = threading.Thread(target=lambda: drawn.append(list(generation)))
    drawing.start()
    assert not cast.servers[1].wait_for(1).gone.wait(0.15)
    gate.set()
    drawing.join(30)
    assert text_of(drawn[0]) == "Slowly."
    chain.close()


def test_patience_ends_with_the_first_word(cast):
    chain = cast.chain(Reply("One two", stall=1), "Never.")
    generation: Any = chain.reply(CHAT, ())
    assert next(generation) == Delta("One")
    generation._watchdog._timer.join(30)
    assert not generation._watchdog.expired
    generation.cancel()
    assert (list(generation), codes(chain)) == ([], [])
    chain.close()


def test_in_the_middle_of_a_reply_nobody_else_is_asked(cast):
    chain = cast.chain(Reply("One two three", cut=2), lambda _: "From the second.")
    generation, pieces = chain.reply(CHAT, ()), []
    with pytest.raises(EngineError) as caught:
        pieces += generation
        pytest.fail("it must break")
    assert (caught.value.code, codes(chain), cast.asked()) == ("cut_off", ["cut_off"], [1, 0])
    assert list(generation) == []
    assert ask(chain) == "From the second."
    chain.close()


def test_if_all_fail_the_first_reason_is_told_and_all_are_asked_again(cast):
    chain = cast.chain((failure(429, "slow down"), "Yes."), failure(500, "oh"))
    with pytest.raises(EngineError) as caught:
        ask(chain)
    assert (caught.value.code, codes(chain)) == ("rate_limited", ["rate_limited", "server"])
    assert ask(chain) == "Yes."
    chain.close()


@pytest.mark.parametrize("second", [False, True])
def test_cancelling_a_chain(cast, second):
    waiting = Reply("Never", gate=threading.Event())
    chain = cast.chain(failure(500, "oh"), waiting) if second else cast.chain(waiting, "Never.")
    generation = chain.reply(CHAT, ())
    drawn: list[list[Piece]] = []
    drawing = threading.Thread(target=lambda: drawn.append(list(generation)))
    drawing.start()
    request = cast.servers[int(second)].wait_for(1)
    generation.cancel()
    drawing.join(30)
    assert drawn == [[]]
    assert request.gone.wait(30)
    assert cast.asked() == ([1, 1] if second else [1, 0]), "nobody is asked for a reply that nobody wants"
    generation.close()
    chain.close()


class Crashing:
    """A model whose library fails."""

    model = "crashing"

    def reply(self, *_: Any) -> Any:
        yield from ()
        raise MemoryError("no room")

    def count(self, text: str) -> int:
        return len(text)


class Fixed:
    """A model that says one thing."""

    model = "fixed"

    def reply(self, *_: Any) -> Any:
        yield Delta("Yes.")
        yield Usage()


def test_a_crash_is_a_failure_like_others():
    chain = Chain([Crashing(), Fixed()], LONG)  # type: ignore[list-item]
    assert chain.count("abc") == 3
    assert ask(chain) == "Yes."
    assert (codes(chain), str(chain.failures[0])) == (["crashed"], "crashing (llm): MemoryError: no room")


def configured(**llm: Any) -> Loaded:
    import json

    return load(env={f"ASSISTANT_LLM__{key.upper()}": json.dumps(value) for key, value in llm.items()})


@pytest.fixture
def around(monkeypatch) -> list[Answering]:
    """The servers that are found on this machine."""
    found: list[Answering] = []
    monkeypatch.setattr(choosing_llm, "answering", lambda: found)
    return found


@pytest.mark.usefixtures("around")
def test_none_is_none():
    assert choose_llm(configured()) is None
    assert choose_llm(configured(engine="auto")) is None


def test_auto_takes_a_server_that_has_the_model(around, caplog):
    around += [Answering("Ollama", "http://a/v1", ()), Answering("vLLM", "http://b/v1", ("big",)),
               Answering("LM Studio", "http://c/v1", ("small",))]  # fmt: skip
    caplog.set_level("INFO")
    name, model = choose_llm(configured(engine="auto", tokens=99)) or ("", None)
    assert isinstance(model, Engine)
    assert (name, model._options.base_url, model._options.tokens) == ("openai", "http://b/v1", 99)
    assert caplog.messages == ["The language model is vLLM at http://b/v1: big"]
    _, model = choose_llm(configured(engine="auto", model="small")) or ("", None)
    assert isinstance(model, Engine)
    assert model._options.base_url == "http://c/v1"


def test_auto_goes_to_the_address_that_is_configured(around):
    around += [Answering("Ollama", "http://a/v1", ("small",))]
    _, model = choose_llm(configured(engine="auto", openai={"base_url": "http://mine:1/v1"})) or ("", None)
    assert isinstance(model, Engine)
    assert model._options.base_url == "http://mine:1/v1"


@pytest.mark.usefixtures("around")
def test_a_fallback_has_its_own_model_and_the_common_limits():
    backup = {"engine": "openai", "base_url": "http://backup/v1", "model": "other"}
    _, chain = choose_llm(configured(engine="openai", model="mine", seconds=9.0, fallback=["openai", backup])) or (
        "",
        0,
    )
    assert isinstance(chain, Chain)
    options = [engine._options for engine in chain._models]
    assert [each.model for each in options] == ["mine", None, "other"]
    assert [each.base_url for each in options][2] == "http://backup/v1"
    assert [each.seconds for each in options] == [9.0] * 3
    name, only = choose_llm(configured(engine="auto", fallback=[backup])) or ("", None)
    assert (name, type(only)) == ("openai", Engine)


@pytest.mark.parametrize(
    ("fallback", "words"),
    [
        (["opnai"], r"^llm\.fallback\.0: there is no engine 'opnai'; did you mean 'openai'\?"),
        ([{"engine": "no"}], r"^llm\.fallback\.0\.engine: there is no engine 'no'"),
        (["openai", {"engine": "openai", "base_ulr": 1}],
         r"^llm\.fallback\.1\.base_ulr is not a setting .*; did you mean 'llm\.fallback\.1\.base_url'\?"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_fallback_has_its_path(fallback, words):
    with pytest.raises(ConfigError, match=words):
        choose_llm(configured(engine="openai", fallback=fallback))


def test_servers_on_this_machine_are_found_by_asking_them():
    dead = int(nobody().split(":")[2].partition("/")[0])
    with LlmServer(models=("a", "b")) as one, LlmServer(models=()) as empty:
        found = answering(30, (("One", one.port), ("Dead", dead), ("Empty", empty.port)))
        assert [str(each) for each in found] == [f"One at {one.url}: a, b", f"Empty at {empty.url}: no model"]


def test_what_is_found_can_be_configured(monkeypatch):
    with LlmServer("Yes.", models=("a",)) as one, LlmServer(models=()) as empty:
        monkeypatch.setattr(servers, "PLACES", (("One", one.port), ("Empty", empty.port)))
        (found,) = servers.find_servers(30)
        assert (found.engine, found.about) == ("openai", f"One at {one.url}: a")
        engine = Engine(Options(**found.options))
        assert text_of(list(engine.reply([Message("user", "Hello")], ()))) == "Yes."
        engine.close()


@pytest.mark.parametrize("body", ["<html>", "[]", '{"data": [{}]}', '{"data": 3}', "{}"])
def test_other_programs_at_these_ports_are_no_servers(body):
    import http.server

    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        assert answering(30, (("Other", other.server_address[1]),)) == []
        thread.join()
