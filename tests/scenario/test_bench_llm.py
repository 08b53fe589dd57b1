"""The benchmark of a language model's answers: the same code on virtual time, and its parts."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from assistant.bench import llm, llm_figures
from assistant.bench.llm_figures import SINCE, Ask
from assistant.bench.llm_server import TokenServer
from assistant.bench.llm_stand import Watched
from assistant.commands.bench import quiet
from assistant.llm.base import Message
from assistant.llm.openai import Engine, Options
from assistant.tts.sentences import SentenceStream

ASKED = [Message("user", "why is the sky blue")]


def few_skills():
    """The configuration, without what takes long to load."""
    loaded = quiet(engine="pocketsphinx")
    names = {path.stem for path in Path("skills").iterdir() if not path.name.startswith(("_", "."))} - {"clock"}
    skills = loaded.config.skills.model_copy(update={"disabled": tuple(sorted(names))})
    return replace(loaded, config=loaded.config.model_copy(update={"skills": skills}))


def test_ways_are_compared(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    seen = []

    def step(name, count):
        seen.append((name, count))
        return lambda _begun: None

    ways = llm.WAYS[0], llm.WAYS[3]
    plan = llm.Plan((0.02,), questions=1, stops=1, recognition=0.0, ways=ways, real_time=False)
    found = llm.measure(few_skills(), plan, step)
    assert seen == [(llm.OURS, 2), (llm.NEITHER, 2), ("interruptions", 2)]
    for way in (llm.OURS, llm.NEITHER):
        measured = found["latencies"]["20"][way]
        assert measured["questions"] == 1
        assert set(measured["ms"]) == set(SINCE)
        assert measured["ms"]["endpoint"]["median"] >= 500
    ours, neither = (found["latencies"]["20"][way]["ms"] for way in (llm.OURS, llm.NEITHER))
    assert ours["request"]["median"] < ours["endpoint"]["median"] <= neither["request"]["median"]
    assert ours["first audio"]["median"] >= ours["endpoint"]["median"], "nothing is heard before the turn is certain"
    assert found["stops"]["interruptions"] == 1
    assert found["stops"]["went_on"] == 0
    console = Console(width=160, record=True, file=None, quiet=True)
    for table in llm_figures.tables(json.loads(json.dumps(found))):
        console.print(table)


def test_the_server_keeps_its_pace_and_notes_who_goes_away():
    with TokenServer("one two three four five", lambda: 0.01) as server:
        engine = Engine(Options(base_url=server.url, model="bench"))
        before = time.monotonic()
        text = "".join(getattr(piece, "text", "") for piece in engine.reply(ASKED, []))
        assert text == "one two three four five"
        (served,) = server.requests
        assert served.question == ASKED[0].text
        assert served.arrived >= before
        assert served.sent == sorted(served.sent)
        assert served.sent[-1] - served.arrived >= 5 * 0.01
        server.tokens = TokenServer.cut("word " * 10_000)
        generation = engine.reply(ASKED, [])
        next(generation)
        generation.cancel()
        assert server.requests[1].over.wait(30)
        assert server.requests[1].gone is not None
        engine.close()


@pytest.mark.parametrize("whole", [False, True])
def test_without_streaming_nothing_is_handed_on_before_the_end(whole):
    with TokenServer("one two three four five", lambda: 0.03) as server:
        engine = Engine(Options(base_url=server.url, model="bench"))
        watched = Watched(engine, server.clock, whole=whole)
        next(watched.reply(ASKED, []))
        assert (len(server.requests[0].sent) == 5) is whole
        assert watched.firsts[0] <= server.requests[0].arrived + 5 * 0.03
        engine.close()


def test_the_clause_that_is_timed_is_the_one_that_is_spoken_first():
    count = llm.clause_tokens(llm.REPLY)
    stream, tokens = SentenceStream(), TokenServer.cut(llm.REPLY)
    assert [bool(stream.feed(token)) for token in tokens[:count]] == [False] * (count - 1) + [True]
    assert 2 <= count < len(tokens) / 2


def test_figures():
    def ask(way, **since):
        named = {name.replace("_", " "): at for name, at in since.items()}
        return Ask(way, 0.02, 1, dict.fromkeys(SINCE, 0.0) | named)

    ours = ask("ours", endpoint=0.6, first_token=0.3, first_clause=0.5, first_audio=0.65)
    late = ask("late", endpoint=0.6, first_token=0.75, first_clause=0.9, first_audio=0.95)
    found = llm_figures.figures([ours, late], [0.01, None], 0.6, 0.15)
    assert found["audio_after_clause_ms"]["median"] == 50, "not before the turn was certain"
    assert found["latencies"]["20"]["late"]["audio_after_clause_ms"]["median"] == 50
    assert found["latencies"]["20"]["late"]["times_as_long"] == 1.46
    assert {name: each["median"] for name, each in found["saved"]["late"].items()} == {
        "first token": 450, "first audio": 300,
    }  # fmt: skip
    assert found["stops"] == {**found["stops"], "interruptions": 2, "went_on": 1}
