"""Conversations: what is told to a model within a budget, what is summarised, what is left on the disk."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.memory.conversations import LONGEST, LONGEST_SUMMARY, Act, Conversation, Conversations, Said
from assistant.memory.extract import extract
from assistant.memory.facts import Facts

START = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)
BUDGET = 100


def words(text: str) -> int:
    return len(text.split())


def said(number: int, user: str = "", assistant: str = "") -> Said:
    """Ten words, unless it says something of its own."""
    at = START + timedelta(minutes=number)
    return Said(user or f"this is question number {number}", assistant or f"this is answer number {number}", at)


def cost(exchanges: list[Said]) -> int:
    return sum(words(each.user) + words(each.assistant) for each in exchanges)


@pytest.fixture
def all_of_them(tmp_path: Path) -> Iterator[Conversations]:
    made = Conversations(tmp_path / "memory.db")
    yield made
    made.close()


@pytest.fixture
def talk(all_of_them: Conversations) -> Conversation:
    return all_of_them.of("")


def test_what_fits_is_told_word_for_word(talk: Conversation) -> None:
    assert (talk.recent(BUDGET, words), talk.due(BUDGET, words), talk.summary) == ([], [], "")
    told = [said(number) for number in range(10)]
    for each in told:
        talk.add(each)
    assert talk.recent(BUDGET, words) == told
    assert talk.due(BUDGET, words) == []


def test_when_it_is_too_much_the_oldest_half_is_due_and_the_rest_is_told(talk: Conversation) -> None:
    told = [said(number) for number in range(12)]
    for each in told:
        talk.add(each)
    recent, due = talk.recent(BUDGET, words), talk.due(BUDGET, words)
    assert due + recent == told
    assert cost(recent) <= BUDGET / 2
    talk.summarised("They talked about numbers.", due[-1])
    assert talk.summary == "They talked about numbers."
    assert talk.recent(BUDGET, words) == recent
    assert talk.due(BUDGET, words) == []


@pytest.mark.parametrize("summarised", [True, False])
def test_between_summaries_the_list_only_grows_at_its_end(talk: Conversation, summarised: bool) -> None:
    """A server's prefix cache is of no use after anything else."""
    before, breaks = list[Said](), 0
    for number in range(200):
        talk.add(said(number))
        due = talk.due(BUDGET, words)
        if summarised and due:
            talk.summarised(extract(due, talk.summary, 60), due[-1])
        now = talk.recent(BUDGET, words)
        assert cost(now) + words(talk.summary) <= BUDGET
        assert now[-1] == said(number)
        if now[: len(before)] != before:
            breaks += 1
            assert due
        before = now
    assert 0 < breaks <= 200 / 4


def test_the_summary_takes_part_of_the_budget(talk: Conversation) -> None:
    for number in range(10):
        talk.add(said(number))
    first = talk.recent(BUDGET, words)[0]
    talk.summarised("word " * 60, first)
    assert cost(talk.recent(BUDGET, words)) <= 40
    assert len(talk.recent(BUDGET, words)) + len(talk.due(BUDGET, words)) == 9


def test_an_exchange_that_is_larger_than_the_budget_is_not_told_but_the_next_is(talk: Conversation) -> None:
    talk.add(said(0))
    talk.add(said(1, "long " * 300))
    assert talk.recent(BUDGET, words) == []
    assert len(talk.due(BUDGET, words)) == 2
    talk.add(said(2))
    assert talk.recent(BUDGET, words) == [said(2)]
    talk.summarised("It was long.", talk.due(BUDGET, words)[-1])
    assert talk.recent(BUDGET, words) == [said(2)]


def test_a_summary_that_fills_the_budget_leaves_room_for_nothing_and_nothing_fails(talk: Conversation) -> None:
    talk.add(said(0))
    talk.summarised("word " * 200, said(0))
    talk.add(said(1))
    assert talk.recent(BUDGET, words) == []
    assert talk.due(BUDGET, words) == [said(1)]


def test_an_interrupted_reply_keeps_what_was_heard(talk: Conversation) -> None:
    exchange = said(0, "tell me a story", "Once upon a")
    talk.add(exchange)
    assert talk.recent(BUDGET, words) == [exchange]


def test_what_was_done_is_kept_and_counted(talk: Conversation) -> None:
    act = Act("timers__set_timer", {"duration": "10 minutes", "name": None}, "Ten minutes from now.")
    exchange = Said("set a timer", "Ten minutes from now.", START, (act, act))
    talk.add(exchange)
    assert talk.recent(BUDGET, words) == [exchange]
    assert talk.recent(12, words) == []


def test_what_is_said_twice_at_once_is_summarised_up_to_the_later(talk: Conversation) -> None:
    for each in (said(0), said(1), said(1), said(2)):
        talk.add(each)
    talk.summarised("Twice.", said(1))
    assert talk.recent(BUDGET, words) == [said(2)]


def test_a_summary_of_what_is_gone_changes_nothing(talk: Conversation, all_of_them: Conversations) -> None:
    talk.add(said(0))
    all_of_them.clear()
    talk.summarised("Cleared meanwhile.", said(0))
    assert talk.summary == ""
    assert all_of_them.all() == []


def test_long_texts_are_cut_off(talk: Conversation) -> None:
    talk.add(said(0, "a" * 10_000, "b" * 10_000))
    (kept,) = talk.recent(BUDGET, words)
    assert (len(kept.user), len(kept.assistant)) == (LONGEST, LONGEST)
    talk.summarised("c" * 10_000, said(0, "a" * 10_000, "b" * 10_000))
    assert len(talk.summary) == LONGEST_SUMMARY
    assert talk.recent(BUDGET, words) == []


def test_each_speaker_has_a_conversation_and_it_survives_a_restart(tmp_path: Path) -> None:
    for number, who in enumerate(("anna", "kitchen", "anna")):
        conversations = Conversations(tmp_path / "memory.db")
        conversations.of(who).add(said(number))
        conversations.close()
    conversations = Conversations(tmp_path / "memory.db")
    assert conversations.of("anna").recent(BUDGET, words) == [said(0), said(2)]
    assert conversations.of("kitchen").recent(BUDGET, words) == [said(1)]
    assert conversations.of("").recent(BUDGET, words) == []
    assert [kept.who for kept in conversations.all()] == ["anna", "kitchen"]
    assert conversations.clear("anna") == 2
    assert [kept.who for kept in conversations.all()] == ["kitchen"]
    conversations.close()


def test_what_another_process_clears_is_gone_here(tmp_path: Path) -> None:
    here, there = Conversations(tmp_path / "memory.db"), Conversations(tmp_path / "memory.db")
    talk = here.of("")
    talk.add(said(0))
    assert there.clear() == 1
    assert talk.recent(BUDGET, words) == []
    talk.add(said(1))
    assert there.of("").recent(BUDGET, words) == [said(1)] == talk.recent(BUDGET, words)
    here.close()
    there.close()


def test_what_is_old_expires_on_the_disk_too(all_of_them: Conversations, talk: Conversation, tmp_path: Path) -> None:
    now = START + timedelta(days=40)
    talk.add(said(0, "an old xylophone42"))
    talk.add(Said("a new one", "Yes.", now - timedelta(days=2)))
    other = all_of_them.of("kitchen")
    other.add(said(1))
    other.summarised("Long ago.", said(1))
    assert all_of_them.expire(30, now) == 1
    assert [each.user for each in talk.recent(BUDGET, words)] == ["a new one"]
    assert other.summary == ""
    assert b"xylophone42" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert all_of_them.expire(0, now) == 1
    assert all_of_them.all() == []


def test_clearing_conversations_leaves_the_facts(
    all_of_them: Conversations, talk: Conversation, tmp_path: Path
) -> None:
    facts = Facts(tmp_path / "memory.db")
    facts.remember("I like tea")
    talk.add(said(0))
    assert all_of_them.clear() == 1
    assert len(facts.all()) == 1
    facts.close()


def test_in_memory_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    conversations = Conversations(None)
    conversations.of("").add(said(0))
    assert conversations.of("").recent(BUDGET, words) == [said(0)]
    assert list(tmp_path.iterdir()) == []
    conversations.close()


def test_any_thread_may_add(all_of_them: Conversations) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: all_of_them.of(f"room {number % 2}").add(said(number)), range(40)))
    assert sorted(len(kept.said) for kept in all_of_them.all()) == [20, 20]


def test_with_a_damaged_file_the_conversation_goes_on_after_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "memory.db").write_bytes(b"this is no database" * 500)
    conversations = Conversations(tmp_path / "memory.db")
    talk = conversations.of("")
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            talk.add(said(number))
            assert len(talk.recent(BUDGET, words)) == number + 1
    (record,) = caplog.records
    assert "memory.db cannot be used: it is damaged" in record.getMessage()
    assert "not kept" in record.getMessage()
    conversations.close()
    assert (tmp_path / "memory.db").read_bytes() == b"this is no database" * 500


def test_a_disk_that_fails_later_does_not_end_the_conversation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    conversations = Conversations(tmp_path / "memory.db")
    talk = conversations.of("")
    talk.add(said(0))
    with sqlite3.connect(tmp_path / "memory.db") as database:
        database.execute("DROP TABLE said")
    database.close()
    talk.add(said(1))
    assert talk.recent(BUDGET, words) == [said(1)]
    assert len(caplog.records) == 1
    assert conversations.expire(30) >= 0
    conversations.close()


def test_an_extract_keeps_what_users_say_about_themselves_longest() -> None:
    told = [said(0, "My cat is called Tom. What time is it?")]
    told += [said(number, f"Turn on lamp number {number}. How warm is it?") for number in range(1, 100)]
    found = extract(told, most=300)
    assert found.splitlines()[0] == "My cat is called Tom."
    assert found.splitlines()[-1] == "Turn on lamp number 99."
    assert "?" not in found
    assert len(found) <= 300


def test_an_extract_goes_on_from_the_one_before() -> None:
    first = extract([said(0, "Ich wohne in Wien.")], most=200)
    second = extract([said(1, "Mach das Licht an."), said(2, "Ich wohne in Wien.")], first, most=200)
    assert second.splitlines() == ["Mach das Licht an.", "Ich wohne in Wien."]
    assert extract([], second) == second
    assert extract([said(3, "  ")], "") == ""


@pytest.mark.parametrize(
    "text",
    ["My cat is called Tom", "Ich wohne in Wien", "Mon chat s'appelle Minou", "Mi perro se llama Bruno",
     "Я живу в Москве", "Котката ми се казва Том"],
)  # fmt: skip
def test_a_fact_of_the_first_turn_is_in_the_extract_of_the_two_hundredth(talk: Conversation, text: str) -> None:
    talk.add(said(0, text))
    for number in range(1, 200):
        talk.add(said(number))
        if due := talk.due(BUDGET, words):
            talk.summarised(extract(due, talk.summary, 200), due[-1])
    assert text in talk.summary
