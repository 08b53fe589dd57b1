"""Spoken conversations with a language model, over real HTTP, by the tiny Whisper and espeak-ng."""

from __future__ import annotations

import json

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from tests.llmserver import LlmServer, Reply, failure
from tests.recordings import spoken
from tests.scenario.harness import lines, play
from tests.tiny import MODEL

COIN, DICE, PERCENT = "Flip a coin.", "Roll two dice.", "What is twenty percent of fifty?"
FIVE_MINUTES = ("timers__set_timer", {"duration": "5 minutes"})


def settings(server, **more):
    """Whisper, and a server; nothing that the tiny Whisper can hear of the disabled skills is a command."""
    return {
        "asr__engine": "whisper",
        "asr__whisper__model": MODEL,
        "skills__disabled": json.dumps(["chance", "maths"]),
        "llm__engine": "openai",
        "llm__openai": json.dumps({"base_url": server.url, "retries": 0}),
        "llm__patience": 30,
        "llm__filler": 0,
        **more,
    }


def talk(tmp_path, server, recording, **more):
    return play(recording, tmp_path, settings=settings(server, **more), inline=False, wake=False)


def test_a_reply_is_spoken_sentence_by_sentence(tmp_path):
    told = "It shows heads. That was luck. Shall I do it again, or is that enough now? Say so if you like."
    with LlmServer(Reply(told, latency=0.002)) as server:
        run = talk(tmp_path, server, lines(COIN, pause=9.0))
    assert run.outcomes() == ["answered"]
    assert [event["text"] for event in run.of("ReplyDelta")] == [
        "It shows heads. ", "That was luck. ", "Shall I do it again, or is that enough now? ", "Say so if you like.",
    ]  # fmt: skip
    assert run.of("SpeakingFinished")[0]["spoken"] == told
    begun = run.events.index(run.of("SpeakingStarted")[0])
    assert len([event for event in run.events[:begun] if event["type"] == "ReplyDelta"]) < 4
    assert server.requests[0].said.endswith(COIN)


def test_an_action_is_told_by_its_result_and_a_claim_is_not_spoken(tmp_path):
    script = Reply(calls=[FIVE_MINUTES]), "I've set a timer for ten hours. Enjoy your tea!"
    with LlmServer(*script) as server:
        run = talk(tmp_path, server, lines(DICE, pause=8.0))
    assert "".join(event["text"] for event in run.of("ReplyDelta")) == "Five minutes from now. Enjoy your tea!"
    assert [(event["name"], event["ok"]) for event in run.of("ToolCalled")] == [("timers.set_timer", True)]


def test_a_claim_without_an_action_is_not_spoken(tmp_path):
    with LlmServer("Done. The light is now on.") as server:
        run = talk(tmp_path, server, lines(DICE, pause=5.0))
    assert run.replies() == ["I haven't done anything."]


def test_a_question_changes_nothing(tmp_path):
    with LlmServer(Reply(calls=[FIVE_MINUTES]), "It is ten.", "Nothing runs.") as server:
        run = talk(tmp_path, server, lines(PERCENT, "How much time is left?", pause=6.0))
    assert run.of("ToolCalled")[0] == {**run.of("ToolCalled")[0], "name": "timers.set_timer", "ok": False}
    assert run.replies()[0] == "It is ten."
    assert run.replies()[1] == "No timer is running."
    assert "nothing may be changed" in server.requests[1].messages[-1]["content"]


@pytest.mark.parametrize(("answer", "done"), [("Yes.", True), ("Never mind.", False)])
def test_what_is_dangerous_asks_first(tmp_path, answer, done):
    script = Reply(calls=[("lists__clear_list", {"list": "shopping"})]), "Anything else I can help with."
    with LlmServer(*script) as server:
        run = talk(tmp_path, server, lines(DICE, answer, pause=7.0), llm__tools__confirm='["lists.*"]')
    assert run.replies()[0] == "Shall I do this: clear list, list: shopping?"
    heard = server.requests[1].messages[-1]["content"]
    assert ("does not want" in heard) is not done


def test_what_was_interrupted_is_remembered_as_it_was_heard(tmp_path):
    """Over a long reply the wake word is said; generation ends at the server, and unheard words are forgotten."""
    long = " ".join(f"This is sentence number {number} of many." for number in range(1, 40))
    recording = lines(f"Hey Jarvis, {DICE.lower()}", pause=5.0)
    recording = np.concatenate([recording, lines("Hey Jarvis, what time is it?", pause=6.0)])
    with LlmServer(Reply(long, latency=0.001), "Fine.") as server:
        set_up = {
            **settings(server),
            "audio__echo__cancel": "false",
            "skills__disabled": '["chance", "maths", "clock"]',
        }
        run = play(recording, tmp_path, settings=set_up, inline=False)
        first = run.of("SpeakingFinished")[0]
    assert first["interrupted"]
    assert 0 < len(first["spoken"]) < len(long) / 2
    before = [each for each in server.requests[1].messages if each["role"] == "assistant"]
    assert [each["content"] for each in before] == [first["spoken"]]


FAULTS = {
    "rate_limited": (failure(429, "slow down"), "too many requests"),
    "server": (failure(500, "oops"), "has an error"),
    "unauthorised": (failure(401, "bad key"), "does not accept its key"),
    "garbled": (Reply(body="{nonsense", content_type="text/event-stream"), "make sense"),
    "cut_off": (Reply("It shows heads. And then it", cut=5, finish=None, done=False), "broke off"),
    "timeout": (Reply("never said", stall=0), "took too long"),
}


def test_every_fault_is_one_sentence_and_the_next_turn_works(tmp_path):
    script = [reply for reply, _ in FAULTS.values()]
    with LlmServer(*script, "All is well.") as server:
        run = talk(tmp_path, server, lines(*[COIN] * (len(FAULTS) + 1), pause=8.0), llm__timeout=1.0)
    assert run.outcomes() == ["failed"] * len(FAULTS) + ["answered"]
    assert [event["code"] for event in run.of("Failed")] == list(FAULTS)
    spoken = [event["spoken"] for event in run.of("SpeakingFinished")]
    assert [expected in text for (_, expected), text in zip(FAULTS.values(), spoken, strict=False)] == [True] * len(
        FAULTS
    )
    assert spoken[-1] == "All is well."
    told = [each["content"] for each in server.requests[-1].messages]
    assert not any("language model" in str(text) for text in told[1:])


def test_a_server_that_is_not_there(tmp_path):
    with LlmServer() as server:
        pass  # its port is free again
    run = talk(tmp_path, server, lines(COIN, pause=6.0))
    assert run.outcomes() == ["failed"]
    assert run.replies() == ["I can't reach my language model. Is its server running?"]


def test_an_endless_reply_ends(tmp_path):
    with LlmServer(Reply("It shows heads. Really. Truly. ", endless=True)) as server:
        run = talk(tmp_path, server, lines(COIN, pause=30.0), llm__tokens=24)
        assert server.requests[0].gone.wait(30)
    assert run.outcomes() == ["answered"]
    assert run.of("SpeakingFinished")[0]["spoken"].endswith("I'll stop here.")


def test_the_request_starts_before_the_turn_is_certain_and_changes_nothing_until_then(tmp_path):
    """The user pauses, and goes on: what the model would have done at the pause never happens."""
    quiet, gap, rest = (np.zeros(int(seconds * RATE), np.int16) for seconds in (1, 0.35, 7))
    said = [quiet, spoken(DICE), gap, spoken(COIN), rest, lines("How much time is left?", pause=5.0)]
    with LlmServer(Reply(calls=[FIVE_MINUTES]), "All right.") as server:
        run = talk(tmp_path, server, np.concatenate(said))
    assert run.replies() == ["All right.", "No timer is running."]
    assert len(server.requests) == 2, "one for what was said before the pause, one for all of it"
    assert run.of("SpeakingStarted")[0]["at"] == run.of("SpeechEnded")[0]["at"], "it was ready when the turn was over"
