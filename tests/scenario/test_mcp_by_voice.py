"""Tools of a real MCP server, driven by voice through the language model."""

from __future__ import annotations

import json

import pytest

from tests import mcpserver
from tests.llmserver import LlmServer, Reply
from tests.scenario.harness import lines
from tests.scenario.test_language_model import DICE, PERCENT, talk

DEPARTURE = ("trains__departure", {"station": "Ulm"})
BOOKING = ("trains__book_seat", {"train": "ICE 5"})
SEAT = ("trains__book_seat", {"train": "ICE 9"})


def data(request):
    return next(each["content"] for each in reversed(request.messages) if each["role"] == "tool")


@pytest.fixture(params=["stdio", "http"])
def servers(request):
    """``mcp.servers``: the same server as a program and at an address."""
    if request.param == "stdio":
        yield {"trains": {"command": mcpserver.command(), "allow": ["*"]}}
        return
    with mcpserver.at_an_address() as served:
        yield {"trains": {"url": served.url, "allow": ["*"]}}


def test_a_question_is_answered_with_what_a_server_knows_and_an_action_is_told_by_its_result(tmp_path, servers):
    script = [
        Reply(calls=[DEPARTURE]), "It leaves at ten forty-two.",
        Reply(calls=[BOOKING]), "I have booked ten seats for you.",
    ]  # fmt: skip
    with LlmServer(*script) as server:
        run = talk(tmp_path, server, lines(PERCENT, DICE, pause=7.0), mcp__servers=json.dumps(servers))
    assert [each.strip() for each in run.replies()] == ["It leaves at ten forty-two.", "Booked 1 on ICE 5."]
    assert data(server.requests[1]).startswith(
        '<data from="trains.departure">\nThe next train from Ulm leaves at 10:42'
    )
    assert [(event["name"], event["ok"]) for event in run.of("ToolCalled")] == [
        ("trains.departure", True), ("trains.book_seat", True),
    ]  # fmt: skip


def test_what_a_servers_text_tells_the_model_to_do_is_asked_back(tmp_path):
    """The model obeys a notice board; booking a seat alone would not have been asked for."""
    with mcpserver.at_an_address() as trains:
        set_up = {"mcp__servers": json.dumps({"trains": {"url": trains.url, "allow": ["notices", "book_seat"]}})}
        with LlmServer(Reply(calls=[("trains__notices", {})]), Reply(calls=[SEAT]), "Platform 3 is closed.") as server:
            run = talk(tmp_path, server, lines(DICE, "No, ten minutes.", pause=8.0), **set_up)
    assert run.replies()[0] == "Shall I do this: Book a seat, train: ICE 9?"
    assert trains.trains.done == []
    assert mcpserver.INJECTION in data(server.requests[1])
    assert "trains__cancel_booking" not in server.requests[0].tools
