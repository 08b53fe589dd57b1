"""How routing slows down as templates grow in number, ours and hassil's on the same templates.

Templates are real sentences with an optional courtesy, and some with slots: a list of titles, a list of rooms, a
range of numbers. What is asked are sentences of the templates, titles among them, and as many that no template has.
Times are processor time: what else the machine does meanwhile is neither's fault.
"""

from __future__ import annotations

import gc
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hassil import recognize

from assistant.bench.sentences import Labelled
from assistant.bench.understanding import Advance, as_intents
from assistant.intent.router import Router
from assistant.intent.slots import INT
from assistant.intent.template import Grammar, Template, TemplateParser, list_type, words_of
from assistant.skill.api import SkillSpec
from assistant.skill.binding import Handler

SIZES = (100, 300, 1_000, 3_000, 10_000)
TITLES = 100_000
_ASKED = 120
_ROOMS = ("kitchen", "living room", "bedroom", "bathroom", "hall", "garden", "cellar", "office")
_WITH_SLOTS = (
    ("play [the] (song|track|album) {title}", "play_title"),
    ("[please] put on {title}", "play_title"),
    ("(switch|turn) (on|off) the {room} (light|lights)", "light"),
    ("(dim|brighten) the {room} to {level} percent", "dim"),
    ("remind me in {level} minutes", "remind"),
)


@dataclass(frozen=True, slots=True)
class Load:
    """What is routed with, and what is asked.

    Attributes:
        templates: (hassil template, intent).
        titles: entries of the long list.
        known, strange: sentences that templates have, and that none has.
    """

    templates: Sequence[Labelled]
    titles: Sequence[str]
    known: Sequence[str]
    strange: Sequence[str]


@dataclass(slots=True)
class Skillset:
    """What a router knows of skills."""

    grammar: Grammar
    handlers: dict[str, Handler]


def measure(train: Sequence[Labelled], strange: Sequence[str], sizes: Sequence[int], advance: Advance) -> list[Any]:
    """One row for each number of templates.

    Args:
        train: sentences to make templates of.
        strange: sentences that none of them is.
        sizes: how many templates; fewer where there are not as many sentences.
    """
    titles = titles_of(train, TITLES)
    rows: list[dict[str, Any]] = []
    for size in sizes:
        rows.append(_row(load(train, strange, titles, size)))
        advance(len(rows) + 1)
    return rows


def titles_of(train: Sequence[Labelled], count: int) -> list[str]:
    """So many different titles of one to five words, drawn from the words of the sentences; the same each time."""
    dice = random.Random(1)
    words = sorted({word for text, _ in train for word in words_of(text) if word.isalpha()})
    made: dict[str, None] = {}
    while len(made) < count and words:
        start = ["the"] if dice.random() < 0.3 else []
        made[" ".join(start + dice.choices(words, k=dice.randint(2, 5)))] = None
    return list(made)


def load(train: Sequence[Labelled], strange: Sequence[str], titles: Sequence[str], size: int) -> Load:
    """Templates and questions for one size."""
    dice = random.Random(2)
    plain = list(dict.fromkeys((" ".join(words_of(text)), intent) for text, intent in train))
    plain = [pair for pair in plain if all(word.isalnum() or "'" in word for word in pair[0].split())]
    chosen = dice.sample(plain, min(size - len(_WITH_SLOTS), len(plain)))
    templates = [*_WITH_SLOTS, *((f"[please] {text}", intent) for text, intent in chosen)]
    asked = [text for text, _ in dice.sample(chosen, min(_ASKED // 3, len(chosen)))]
    asked += [f"play the song {title}" for title in dice.sample(titles, min(_ASKED // 6, len(titles)))]
    return Load(templates, titles, asked, dice.sample(list(strange), min(_ASKED // 2, len(strange))))


def skillset(templates: Sequence[Labelled], titles: Sequence[str]) -> Skillset:
    """Templates as loaded skills would give them."""
    lists = {"title": list_type("title", titles), "room": list_type("room", _ROOMS), "level": INT}
    parser = TemplateParser(lists)
    made = tuple(Template(f"bench.{intent}", text, parser.parse(text)) for text, intent in templates)
    spec = SkillSpec((), (), {}, {}, pure=True)
    handlers = {
        intent: Handler(intent, "bench", "Bench", _nothing, spec, "", {}, frozenset())
        for intent in dict.fromkeys(template.intent for template in made)
    }
    return Skillset(Grammar(made), handlers)


def _nothing() -> None:
    """Is never called."""


def _row(work: Load) -> dict[str, Any]:
    gc.collect()
    began = time.thread_time()
    skills = skillset(work.templates, work.titles)
    router = Router(skills)
    router.route(f"play the song {work.titles[0]}")  # long lists are indexed when first needed
    built = time.thread_time() - began
    began = time.thread_time()
    router.paraphrase("what could this be")
    learnt = time.thread_time() - began
    ours = {"known": _times(router.route, work.known), "strange": _times(_whole(router), work.strange)}
    del router, skills
    gc.collect()
    began = time.thread_time()
    intents = as_intents(work.templates, hassil_lists(work.titles))
    for text in (work.known[0], work.known[-1]):
        recognize(text, intents)  # it, too, prepares itself when first asked
    theirs_built = time.thread_time() - began
    theirs = {
        name: _times(lambda text: recognize(text, intents), asked)
        for name, asked in (("known", work.known), ("strange", work.strange))
    }
    return {
        "templates": len(work.templates),
        "ours": {"build_s": round(built, 2), "learn_s": round(learnt, 1), **_spread(ours)},
        "hassil": {"build_s": round(theirs_built, 2), **_spread(theirs)},
    }


def _whole(router: Router) -> Callable[[str], Any]:
    return lambda text: router.route(text) or router.paraphrase(text)


def hassil_lists(titles: Sequence[str]) -> dict[str, Any]:
    """The lists of the templates as hassil has them."""
    return {
        "title": {"values": list(titles)},
        "room": {"values": list(_ROOMS)},
        "level": {"range": {"from": 0, "to": 100}},
    }


def _times(route: Callable[[str], Any], asked: Sequence[str]) -> list[float]:
    """Milliseconds of processor time of each."""
    found = []
    for text in asked:
        began = time.thread_time()
        route(text)
        found.append((time.thread_time() - began) * 1000)
    return found


def _spread(times: dict[str, list[float]]) -> dict[str, Any]:
    every = [ms for each in times.values() for ms in each]
    return {
        "median_ms": round(float(np.median(every)), 2),
        "p95_ms": round(float(np.percentile(every, 95)), 2),
        "known_median_ms": round(float(np.median(times["known"])), 2),
        "strange_median_ms": round(float(np.median(times["strange"])), 2),
    }


def memory_mb(train: Sequence[Labelled], strange: Sequence[str], size: int) -> dict[str, float]:
    """What so many templates and the long list take, by Python's own account, which slows everything down."""
    titles = titles_of(train, TITLES)
    work = load(train, strange, titles, size)
    gc.collect()
    tracemalloc.start()
    try:
        router = Router(skillset(work.templates, titles))
        for text in work.known:
            router.route(text)
        templates = tracemalloc.get_traced_memory()[0]
        router.paraphrase("what could this be")
        return {"templates": round(templates / 1e6), "whole": round(tracemalloc.get_traced_memory()[0] / 1e6)}
    finally:
        tracemalloc.stop()
