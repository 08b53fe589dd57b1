from __future__ import annotations

import math
import re
import time
from collections import Counter
from itertools import product

import pytest

from assistant.intent import ngram
from assistant.intent.slots import DURATION, INT
from assistant.intent.template import (
    Alt,
    Grammar,
    Node,
    Pattern,
    Seq,
    Slot,
    SlotType,
    Template,
    Wild,
    Word,
    list_type,
    one_of,
)
from assistant.intent.template import parse_template as parse

SLOTS = {"int": INT, "duration": DURATION, "room": list_type("room", ["kitchen", "living room", "big old barn"])}


def grammar(*texts: str, slots=SLOTS) -> Grammar:
    return Grammar(tuple(Template(text, text, parse(text, slots)) for text in texts))


def letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in (2, 1, 0))


def sentences(node: Node) -> list[tuple[tuple[str, ...], float]]:
    """Every string of a small network with its probability."""
    match node:
        case Word(text):
            return [((text,), 1.0)]
        case Alt(items):
            return [(words, mass / len(items)) for item in items for words, mass in sentences(item)]
        case Seq(items):
            every = product(*map(sentences, items))
            return [(sum((w for w, _ in one), ()), math.prod(m for _, m in one)) for one in every]
    raise AssertionError(node)


def enumerated(nodes: list[Node], order: int) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for node in nodes:
        for words, mass in sentences(node):
            padded = (ngram.BEGIN, *words, ngram.END)
            for at in range(1, len(padded)):
                counts[padded[max(at - order + 1, 0) : at + 1]] += mass
    return counts


@pytest.mark.parametrize("order", [2, 3, 4])
@pytest.mark.parametrize(
    "texts",
    [
        ["stop"],
        ["[please] stop", "stop [it] [now]"],
        ["turn (on|off) [the] {room} light[s]", "(turn;the {room};on)"],
        ["[a] [b] [c] [d]"],
        ["({room}|everything) [in] [the] ({room}|hall)"],
    ],
)
def test_counts_are_those_of_all_sentences(texts, order):
    nodes = ngram.templates(grammar(*texts))
    counted = ngram.expected_counts([(node, 1.0) for node in nodes], order)
    wanted = enumerated(nodes, order)
    assert {gram: pytest.approx(mass) for gram, mass in wanted.items()} == counted


def test_weights_scale_the_counts():
    nodes = ngram.templates(grammar("stop", "go on"))
    counts = ngram.expected_counts([(nodes[0], 0.25), (nodes[1], 0.75)])
    assert counts["<s>", "stop"] == 0.25
    assert counts["<s>", "go", "on"] == 0.75


def test_a_rich_slot_has_only_the_mass_of_its_template():
    nodes = ngram.templates(grammar("stop", "wait {duration}"))
    counts = ngram.expected_counts([(node, 0.5) for node in nodes])
    after_wait = sum(mass for gram, mass in counts.items() if gram[-2:-1] == ("wait",))
    assert after_wait == pytest.approx(0.5)
    assert counts["<s>", "stop"] == 0.5


@pytest.mark.parametrize("order", [2, 3])
def test_every_history_is_a_distribution(order):
    nodes = ngram.templates(grammar("turn (on|off) [the] {room} light[s]", "wait {int:n} [more] minutes", "stop"))
    model = ngram.estimate(ngram.expected_counts([(node, 1.0) for node in nodes], order), order, 0.2)
    words = [gram[0] for gram in model.grams if len(gram) == 1]
    for history in [(), ("never", "seen"), *model.backoffs]:
        assert sum(math.exp(model.logprob(history, word)) for word in words) == pytest.approx(1.0)


def test_seen_words_keep_the_rest_of_the_discount():
    nodes = ngram.templates(grammar("turn (on|off)"))
    model = ngram.estimate(ngram.expected_counts([(node, 1.0) for node in nodes]), 3, 0.1)
    assert math.exp(model.logprob(("<s>", "turn"), "on")) == pytest.approx(0.5, abs=0.01)
    assert math.exp(model.logprob(("<s>", "turn"), "turn")) < 0.02
    assert model.logprob((), "unknown") == -math.inf


def test_arpa_holds_the_model():
    nodes = ngram.templates(grammar("turn (on|off) [the] {room} light[s]"))
    model = ngram.estimate(ngram.expected_counts([(node, 1.0) for node in nodes]), 3, 0.1)
    text = model.arpa()
    sizes = {int(n): int(size) for n, size in re.findall(r"ngram (\d)=(\d+)", text)}
    assert sizes == {n: sum(len(gram) == n for gram in model.grams) + (n == 1) for n in (1, 2, 3)}
    line = next(line for line in text.splitlines() if "\tturn on the" in line)
    assert float(line.split("\t")[0]) == pytest.approx(model.logprob(("turn", "on"), "the") / math.log(10), abs=1e-4)


def test_written_digits_are_not_spoken():
    node = Alt((Pattern(re.compile(r"\d+")), one_of("one", "two")))
    assert {words for words, _ in sentences(ngram.spoken(node))} == {("one",), ("two",)}
    assert ngram.spoken(Pattern(re.compile("x"))) is None


def test_free_text_is_heard_by_its_hints_and_else_left_out():
    assert ngram.spoken(Seq((Word("play"), Wild()))) is None
    assert ngram.templates(Grammar((Template("x", "x", Seq((Word("play"), Wild()))),))) == []
    playing = Seq((Word("play"), Slot("song", SlotType("song", Wild((Word("yesterday"),))))))
    assert sentences(ngram.spoken(playing)) == [(("play", "yesterday"), 1.0)]
    optional = Seq((Word("play"), Alt((Seq(), Wild()))))
    assert sentences(ngram.spoken(optional)) == [(("play",), 1.0)]


def test_an_empty_list_cannot_be_heard():
    assert ngram.templates(grammar("play {song}", slots={"song": list_type("song", [])})) == []


def test_two_huge_lists_side_by_side_stay_small_and_sound():
    names = list_type("name", [f"first{letters(i)}" for i in range(3000)])
    things = list_type("thing", [f"second{letters(i)} half{letters(i)}" for i in range(3000)])
    nodes = ngram.templates(grammar("give [me] {name} {thing} now", slots={"name": names, "thing": things}))
    start = time.perf_counter()
    counts = ngram.expected_counts([(node, 1.0) for node in nodes])
    assert time.perf_counter() - start < 5.0
    assert len(counts) < 100_000
    total = Counter[str]()
    for gram, mass in counts.items():
        total[gram[-1]] += mass
    assert total["firstaah"] == pytest.approx(1 / 3000)
    assert total["secondaah"] == pytest.approx(1 / 3000)
    assert total["now"] == total["</s>"] == pytest.approx(1.0)
