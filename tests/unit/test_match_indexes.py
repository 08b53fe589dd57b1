"""The matcher's indexes change how fast it is, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.intent.indexes import Index, Phrases, Sieve, chooser, literal
from assistant.intent.match import Match, Matcher
from assistant.intent.ngram import END, MOST_HEARD, expected_counts, weighted
from assistant.intent.slots import BUILT_IN, INT
from assistant.intent.template import (
    Alt,
    Grammar,
    Node,
    Seq,
    Slot,
    Template,
    Wild,
    Word,
    list_type,
    optional,
    parse_template,
    phrase,
)

WORDS = ("a", "b", "c", "two", "3")
NAMES = list_type("name", {**{f"x{n} {WORDS[n % 3]}": n for n in range(70)}, "a": 100, "a b": 101, "[the] c": 102})
AGAIN = list_type("again", [*(f"y{n}" for n in range(70)), "b c", "B, C!", "two"])


class Everything:
    """No index: whatever there is."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._count = len(nodes)

    def beginning(self, words: Sequence[str], at: int) -> Iterator[int]:  # noqa: ARG002
        return iter(range(self._count))

    def candidates(self, words: Sequence[str]) -> list[int]:
        return list(range(self._count)) if words else []


def unindexed(grammar: Grammar, text: str) -> list[Match]:
    with patch("assistant.intent.match.chooser", Everything), patch("assistant.intent.match.Sieve", Everything):
        return Matcher(grammar).match(text)


leaves = st.one_of(
    st.sampled_from(WORDS).map(Word),
    st.sampled_from([Seq(), phrase("a b"), phrase("c a b"), Wild()]),
    st.sampled_from(["n", "m"]).flatmap(
        lambda name: st.sampled_from([Slot(name, kind) for kind in (NAMES, AGAIN, INT)])
    ),
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: Seq(tuple(items))),
        st.lists(inner, max_size=6).map(lambda items: Alt(tuple(items))),
        inner.map(optional),
    ),
    max_leaves=8,
)
grammars = st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), nodes), min_size=1, max_size=6).map(
    lambda pairs: Grammar(tuple(Template(intent, str(at), node) for at, (intent, node) in enumerate(pairs)))
)
sentences = st.lists(st.sampled_from([*WORDS, "the", "x3", "y7"]), max_size=5).map(" ".join)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(grammars, st.lists(sentences, min_size=1, max_size=4))
def test_indexes_leave_out_nothing_that_matches(grammar: Grammar, texts: list[str]) -> None:
    matcher = Matcher(grammar)
    for text in texts:
        assert matcher.match(text) == unindexed(grammar, text)


def test_a_shipped_grammar_matches_the_same_without_indexes() -> None:
    from assistant.app import find_skills
    from assistant.config import Config

    grammar = find_skills(Config()).grammar
    matcher = Matcher(grammar)
    for text in list(grammar.examples)[::40]:
        assert matcher.match(text) == unindexed(grammar, text)
        assert matcher.match(f"{text} anyhow") == unindexed(grammar, f"{text} anyhow")


def test_a_template_is_looked_at_when_the_sentence_has_its_words() -> None:
    sources = ("set [a] timer (for|to) {int}", "[please] stop", "{text}", "[hello]")
    sieve = Sieve([parse_template(source, BUILT_IN) for source in sources])
    assert sieve.candidates(["set", "timer", "for", "nine"]) == [0, 2, 3]
    assert sieve.candidates(["set", "timer", "nine"]) == [2, 3]
    assert sieve.candidates(["please", "stop", "the", "timer"]) == [1, 2, 3]
    assert sieve.candidates([]) == []


def test_phrases_are_found_by_all_their_words() -> None:
    entries = [
        phrase("the wall"),
        phrase("the wall street"),
        optional(Word("wall")),
        phrase("the wall"),
        Word("street"),
    ]
    phrases = Phrases(entries)
    assert list(phrases.beginning(["the", "wall", "street"], 0)) == [0, 1, 2, 3]
    assert list(phrases.beginning(["the", "wall", "street"], 2)) == [2, 4]
    assert list(phrases.beginning(["the", "wall", "street"], 3)) == [2]
    assert list(phrases.beginning(["the"], 0)) == [2]


@pytest.mark.parametrize(("count", "kind"), [(63, Index), (64, Phrases)])
def test_long_lists_are_looked_up_by_phrases(count: int, kind: type) -> None:
    assert type(chooser([Word(str(n)) for n in range(count)])) is kind


def test_only_words_are_literal() -> None:
    assert literal(phrase("the wall")) == ("the", "wall")
    assert literal(Seq((Word("a"), optional(Word("b"))))) is None
    assert literal(Wild()) is None
    assert literal(Seq()) == ()


def test_a_list_of_twenty_thousand_entries() -> None:
    titles = [f"the song number {n}" for n in range(20_000)]
    node = parse_template("play {title} [loudly]", {"title": list_type("title", titles)})
    matcher = Matcher(Grammar((Template("music.play", "", node),)))
    found = matcher.match("play the song number 17777 loudly")
    assert [match.slots for match in found] == [{"title": "the song number 17777"}]
    assert matcher.match("play the song number one") == []


def test_a_closed_recogniser_listens_for_the_first_entries_of_a_long_list(caplog: pytest.LogCaptureFixture) -> None:
    names = ["".join(chr(97 + int(digit)) for digit in str(n)) for n in range(MOST_HEARD + 500)]
    kinds = {"title": list_type("title", names)}
    grammar = Grammar(
        tuple(Template("m.play", text, parse_template(text, kinds)) for text in ("play {title}", "{title}"))
    )
    with caplog.at_level(logging.WARNING):
        heard = {gram[-1] for gram in expected_counts(weighted(grammar))}
    assert heard == {"play", END, *names[:MOST_HEARD]}
    assert [record.getMessage() for record in caplog.records] == [
        "{title} has 5500 entries; only the first 5000 are listened for, name the most wanted first"
    ]
