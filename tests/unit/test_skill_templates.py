"""What the shipped skills' templates understand: their own examples, and people's sentences from CLINC150."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from assistant.skill.check import possible
from tests.shared import DATA
from tests.unit.skillkit import intent, matcher, shipped

CLINC = DATA / "text" / "clinc150_train_val.json"
MEANT = {
    "clock": {"time", "timezone", "date"},
    "dates": {"date"},
    "timers": {"timer", "alarm"},
    "alarms": {"alarm", "timer"},
    "maths": {"calculator"},
    "units": {"measurement_conversion"},
    "volume": {"change_volume"},
    "repeat": {"repeat"},
    "stop": {"cancel"},
    "help": {"what_can_i_ask_you"},
    "chance": {"roll_dice", "flip_coin"},
    "smalltalk": {"greeting", "thank_you", "goodbye"},
    "reminders": {"reminder", "reminder_update", "todo_list_update"},
    "lists": {"shopping_list", "shopping_list_update", "todo_list", "todo_list_update", "reminder"},
    "translate": {"translate"},
    "spelling": {"spelling"},
    "weather": {"weather"},
}
TELLING = {"clock", "dates", "maths", "units", "help", "chance", "repeat", "smalltalk"}
"""Skills that change nothing."""
LEAST = {
    "time": 0.8, "date": 0.8, "timer": 0.75, "calculator": 0.75, "measurement_conversion": 0.75, "roll_dice": 0.9,
    "flip_coin": 0.6, "change_volume": 0.9, "repeat": 0.9, "cancel": 0.7, "what_can_i_ask_you": 0.7, "greeting": 0.6,
    "thank_you": 0.6, "shopping_list": 0.5, "reminder_update": 0.5,
}  # fmt: skip


def test_every_example_reaches_its_own_function() -> None:
    wrong = {text: intent(text) for text, wanted in shipped().grammar.examples.items() if intent(text) != wanted}
    assert not wrong


def test_every_template_is_hit_by_an_example() -> None:
    hit = {
        (found[0].intent, found[0].template) for text in shipped().grammar.examples if (found := matcher().match(text))
    }
    there = [t for t in shipped().grammar.templates if possible(t.node)]
    assert [t.source for t in there if (t.intent, t.source) not in hit] == []


def test_every_function_says_in_one_line_what_it_does() -> None:
    for handler in shipped().handlers.values():
        assert handler.doc.endswith(".") and len(handler.doc) < 130, handler.intent
        assert handler.spec.examples, handler.intent


def test_only_functions_without_side_effects_are_pure() -> None:
    acting = {name for name, handler in shipped().handlers.items() if not handler.spec.pure}
    assert TELLING.isdisjoint(name.split(".")[0] for name in acting)
    assert {name for name in shipped().handlers if name.endswith(("_status", "volume_level"))}.isdisjoint(acting)
    starts = ("timers.set", "timers.cancel", "alarms.set", "alarms.cancel", "reminders.remind", "lists.add", "stop.")
    assert {name for name in shipped().handlers if name.startswith(starts)} <= acting


@pytest.mark.data
@pytest.mark.skipif(not CLINC.exists(), reason=f"{CLINC} is not there")
def test_people_are_understood_and_others_are_left_alone() -> None:
    data = json.loads(CLINC.read_text())
    labels = set().union(*MEANT.values())
    others = [row for row in data["val"] + data["oos_val"] if row[1] not in labels]
    rows = [row for row in data["val"] if row[1] in labels] + others[::3]
    hits, totals = Counter[str](), Counter(label for _, label in rows)
    wrong = []
    for text, label in rows:
        if (found := intent(text)) is None:
            continue
        if label in MEANT.get(found.split(".")[0], ()):
            hits[label] += 1
        else:
            wrong.append((text, label, found))
    assert len(wrong) <= 0.01 * (hits.total() + len(wrong)), wrong
    assert {label: hits[label] for label, least in LEAST.items() if hits[label] < least * totals[label]} == {}
