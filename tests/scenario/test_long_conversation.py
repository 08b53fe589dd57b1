"""Two hundred turns through ``assistant ask``: the prompt stays within its budget, and what was said first is known."""

from __future__ import annotations

import json
import re
import subprocess
import time

import psutil
import pytest

from assistant.llm.estimate import tokens
from tests.llmserver import LlmServer, Reply, failure
from tests.scenario.process import ASSISTANT, ROOT, SLACK_S, no_devices

TURNS = 200
BUDGET = 500
SETTLED = 60
"""Turns after which everything that is made once has been made."""
_MORE_MB = 12
_IDLE_S = 0.02


def answer(request):
    """What a model would: it knows what stands in its prompt, and nothing else."""
    asked = request.said.splitlines()[-1]
    for what, known in (("cat", r"cat is called (\w+)"), ("sister", r"sister lives in (\w+)")):
        if what in asked and asked.endswith("?"):
            found = re.search(known, request.prompt)
            return f"It is {found[1]}." if found else "I don't know."
    return "That is a good question, and a long story."


def is_summary(request):
    return request.messages[0]["content"].startswith("Sum up")


def sum_up(request):
    """What the user told; questions are left out."""
    told = request.messages[-1]["content"]
    lines = [line.removeprefix("User: ").removeprefix("Before: ") for line in told.splitlines()]
    return (
        " ".join(dict.fromkeys(line for line in lines if "sister" in line and not line.endswith("?"))) or "Small talk."
    )


class Conversation:
    """``assistant ask`` as a process, a line at a time."""

    def __init__(self, folder, server):
        settings = {
            "ASSISTANT_LLM__ENGINE": "openai",
            "ASSISTANT_LLM__OPENAI": json.dumps({"base_url": server.url, "retries": 0}),
            "ASSISTANT_LLM__MEMORY__TOKENS": str(BUDGET),
        }
        self.process = subprocess.Popen(
            [*ASSISTANT, "ask"], cwd=ROOT, env={**no_devices(folder), **settings, "COLUMNS": "500"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._watched = psutil.Process(self.process.pid)

    def say(self, text):
        """The answer."""
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip().removeprefix("Assistant: ")

    def rest(self):
        """As people do between two turns: until it does nothing."""
        before = -1.0
        while (now := sum(self._watched.cpu_times()[:2])) != before:
            before = now
            time.sleep(_IDLE_S)

    def megabytes(self):
        return self._watched.memory_info().rss / 1e6

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        with self.process:
            pass

    def end(self):
        self.process.stdin.close()
        return self.process.wait(SLACK_S)


@pytest.mark.parametrize(("summing", "turns"), [("by the model", TURNS), ("without it", TURNS // 2)])
def test_a_long_conversation(tmp_path, summing, turns):
    prompts = []

    def script(request):
        if is_summary(request):
            return sum_up(request) if summing == "by the model" else failure(500, "no")
        prompts.append(sum(tokens(f"{each['content'] or each['tool_calls']}") for each in request.messages))
        return Reply(answer(request))

    with LlmServer(script) as server, Conversation(tmp_path, server) as talk:
        assert "Tom" in talk.say("remember that my cat is called Tom")
        talk.say("By the way, my sister lives in Oslo.")
        for turn in range(3, turns - 1):
            talk.say(f"How far is it to the {turn}th star of the northern sky, and who has counted them all?")
            talk.rest()
            if turn == SETTLED:
                before = talk.megabytes()
        told = talk.say("By what name does my cat go?"), talk.say("Where may my sister be living?")
        after = talk.megabytes()
        assert talk.end() == 0
    assert told == ("It is Tom.", "It is Oslo.")
    fixed = prompts[0] + 60  # with the time and facts of the last message
    assert max(prompts) <= BUDGET + fixed
    assert after - before < _MORE_MB
    assert len(prompts) == turns - 1, "every turn but the first was the model's"
    summed = [each for each in server.requests if is_summary(each)]
    assert len(summed) >= 3
    assert ("northern sky" in server.requests[-1].messages[0]["content"]) is (summing == "without it")
