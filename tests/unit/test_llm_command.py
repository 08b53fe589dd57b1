"""``assistant llm`` and the language model's line of ``assistant doctor``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant import choosing_llm, cli
from assistant.commands import doctor
from assistant.commands import llm as command
from assistant.config import load
from assistant.errors import AssistantError
from assistant.llm.servers import Answering
from assistant.skill import secrets
from tests.llmserver import LlmServer, Reply, failure
from tests.unit.test_llm_openai import nobody

cli.load_commands([])
KEY = "sk-0123456789"


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No key ring, no key, and no server but those of the test."""
    monkeypatch.setattr(secrets, "_ring", [None])
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    found: list[Answering] = []
    for module in (choosing_llm, command):
        monkeypatch.setattr(module, "answering", lambda: found)
    return found


@pytest.fixture
def configure(monkeypatch):
    def set_it(**llm: Any) -> None:
        for key, value in llm.items():
            monkeypatch.setenv(f"ASSISTANT_LLM__{key.upper()}", json.dumps(value))

    return set_it


def run(*arguments: str, given: str = "") -> tuple[int, str]:
    """The exit code, and what was said: the line of the error if there was one."""
    done = CliRunner().invoke(cli.app, ["llm", *arguments], input=given)
    if isinstance(done.exception, AssistantError):
        return done.exception.exit_code, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_check_asks_every_model_and_tells_each_failure(configure):
    with LlmServer(Reply("It is usually blue.", latency=0.002)) as good, LlmServer(failure(401, "no")) as bad:
        backup = {"engine": "openai", "base_url": bad.url, "model": "x"}
        configure(engine="openai", openai={"base_url": good.url}, fallback=[backup])
        code, said = run("check")
    assert code == 5
    first, second = said.splitlines()
    assert first.startswith("ok    openai: scripted, first word after ")
    assert first.endswith(" tokens per second")
    assert second.startswith("fail  openai (llm): 127.0.0.1:")
    assert "does not accept the key (HTTP 401); set one with: assistant llm key set" in second


def test_check_succeeds_if_all_answer(configure, alone):
    with LlmServer("Blue.") as good:
        alone.append(Answering("Ollama", good.url, ("scripted",)))
        configure(engine="auto")
        code, said = run("check")
    assert code == 0
    assert said.startswith("ok    openai: scripted, first word after ")


def test_check_without_a_model_says_how_to_get_one(configure):
    assert run("check") == (2, command._NONE)
    configure(engine="auto")
    code, said = run("check")
    assert code == 2
    assert "ollama serve" in said


def test_models_shows_what_there_is(configure, alone):
    assert run("models")[1].startswith("No server answers on this machine")
    alone.append(Answering("Ollama", "http://127.0.0.1:11434/v1", ("small",)))
    with LlmServer(models=("big", "bigger")) as far:
        configure(engine="openai", openai={"base_url": far.url})
        code, said = run("models")
    assert code == 0
    assert said.splitlines() == [
        "Servers on this machine:",
        "  Ollama at http://127.0.0.1:11434/v1: small",
        f"127.0.0.1:{far.port} has:",
        "  big",
        "  bigger",
    ]


def test_models_of_a_server_that_does_not_answer(configure):
    configure(engine="openai", openai={"base_url": nobody()})
    code, said = run("models")
    assert code == 5
    assert "cannot be reached" in said


def test_a_key_is_kept_shown_to_be_there_used_and_removed(configure):
    with LlmServer("Blue.", key=KEY) as server:
        configure(engine="openai", openai={"base_url": server.url})
        host = f"127.0.0.1:{server.port}"
        assert run("key", "show") == (1, f"There is no key for {host}. Keep one with: assistant llm key set\n")
        said = [run("key", "set", given=f"{KEY}\n"), run("key", "show"), run("check"), run("key", "remove")]
        assert [code for code, _ in said] == [0] * 4
        assert said[0][1].startswith(f"The key for {host} is in the file /")
        assert said[1][1].startswith(f"The key for {host} comes from the file /")
        assert not any(KEY in text for _, text in said)
        assert run("key", "show")[0] == 1


def test_a_key_for_another_address():
    assert run("key", "set", "--url", "https://api.example.org/v1", given=KEY)[0] == 0
    assert run("key", "show", "--url", "https://api.example.org/v1")[0] == 0
    assert run("key", "show")[0] == 1
    assert run("key", "set", "--url", "api.example.org", given=KEY)[0] == 2
    assert run("key", "set", given="\n") == (2, "No key was given; nothing was changed.")


def findings() -> list[tuple[str, str]]:
    return [(each.status, each.detail) for each in doctor.check_llm(load())]


def test_doctor_asks_the_model(configure):
    assert findings() == [("ok", "none is configured (none is needed)")]
    configure(engine="auto")
    ((status, detail),) = findings()
    assert (status, detail) == ("warn", command.NOTHING_FOUND[0])
    with LlmServer("Blue.") as server:
        backup = {"engine": "openai", "base_url": nobody(), "retries": 0}
        configure(engine="openai", openai={"base_url": server.url}, fallback=[backup])
        good, bad = findings()
    assert (good[0], bad[0]) == ("ok", "fail")
    assert good[1].startswith("openai: scripted, first word after ")
    assert "cannot be reached" in bad[1]
    configure(fallback=["opnai"])
    assert findings()[0][0] == "fail"
