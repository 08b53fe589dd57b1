"""Five thousand turns: what is in memory, on the disk and in the prompt does not grow, and the beginning is known."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.memory.conversations import Conversation, Conversations, Said
from assistant.memory.extract import extract

START = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)
TURNS = 5_000
BUDGET = 1_500
SUBJECTS = ("weather", "news", "trains", "football", "dinner", "music", "garden")


def tokens(text: str) -> int:
    """About as many as a tokenizer would count."""
    return len(text) // 4 + 1


def exchange(number: int) -> Said:
    if number == 0:
        return Said("My cat is called Tom.", "A fine name.", START)
    subject = SUBJECTS[number % len(SUBJECTS)]
    asked = f"Tell me about the {subject} of day {number}, please. Was it better than yesterday?"
    reply = f"On day {number} the {subject} was much as on the day before. " * 3
    return Said(asked, reply, START + timedelta(minutes=number))


def with_extracts(talk: Conversation) -> None:
    if due := talk.due(BUDGET, tokens):
        talk.summarised(extract(due, talk.summary), due[-1])


def without(talk: Conversation) -> None:
    """Nobody makes summaries."""


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


@pytest.mark.parametrize("between", [with_extracts, without])
def test_five_thousand_turns_stay_flat(tmp_path: Path, between: Callable[[Conversation], None]) -> None:
    file = tmp_path / "memory.db"
    conversations = Conversations(file)
    talk = conversations.of("")
    alive, pages, largest = dict[int, int](), dict[int, int](), 0
    for number in range(1, TURNS + 1):
        talk.add(exchange(number - 1))
        between(talk)
        if number % 50 == 0 or number < 60:
            told = talk.recent(BUDGET, tokens)
            cost = sum(tokens(each.user) + tokens(each.assistant) for each in told) + tokens(talk.summary)
            largest = max(largest, cost)
            assert told
            assert told[-1] == exchange(number - 1)
        if number in (TURNS // 5, TURNS):
            told = []
            alive[number] = objects()
            pages[number] = talk_pages(file)
    assert 0.4 * BUDGET < largest <= BUDGET + 1
    assert alive[TURNS] - alive[TURNS // 5] < 500  # of 4,000 turns more
    assert pages[TURNS] <= 1.5 * pages[TURNS // 5]
    assert pages[TURNS] * 4096 < 2_000_000
    assert "My cat is called Tom." in talk.summary
    conversations.close()
    assert sum(each.stat().st_size for each in tmp_path.iterdir()) < 2_000_000


def talk_pages(file: Path) -> int:
    """Of the database, with what is in its journal."""
    with sqlite3.connect(file) as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.close()
    return int(pages)
