"""The parts of isolated skills that need no process: values and messages on their way, permissions, real time."""

from __future__ import annotations

import datetime as dt
import json
import struct
import threading
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Card, Date, Duration, Percentage, Recurrence, SlotType, TimeOfDay
from assistant.audio.chunk import AudioChunk
from assistant.intent.match import Matcher
from assistant.intent.slots import DURATION, INT, open_list
from assistant.intent.template import Grammar, Pattern, Seq, Slot, Template, Word, list_type, parse_template
from assistant.skill.manifest import Permissions
from assistant.skill.sandbox import filter as seccomp_filter
from assistant.skill.sandbox.boundary import RULES, rule_of
from assistant.skill.sandbox.codec import Unfit, decode, decode_annotation, encode, encode_annotation
from assistant.skill.sandbox.describe import stand_in
from assistant.skill.sandbox.frames import MOST_BYTES, Malformed, Unpacker, packed
from assistant.skill.sandbox.grants import Grants, Refused, grants_of
from assistant.skill.sandbox.launch import ending
from assistant.skill.sandbox.text import harmless, printable
from assistant.skill.sandbox.watchdog import Watchdog

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 2.5, "é\n", [1, [2]], {"a": {"b": 1}}, {"$": 1}, {1: "one"}, b"\x00\xff",
        Duration(minutes=90), dt.timedelta(days=-1), TimeOfDay(6, 30), TimeOfDay(18, 0, "pm"), (1, (2,)), {3},
        Date(weekday=2, week="next"), Percentage(25), dt.date(2026, 3, 4),
        dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC), Card("title", image=b"png"), Recurrence("weekly", weekdays=(1, 2)),
    ],
)  # fmt: skip
def test_values_travel(value: Any) -> None:
    there = decode(json.loads(json.dumps(encode(value))))
    assert there == value
    assert type(there) is type(value)
    assert str(there) == str(value)
    if isinstance(value, dt.datetime):
        assert (there.fold, there.timestamp()) == (value.fold, value.timestamp())


@settings(deadline=None, max_examples=50)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)
       | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_any_json_value_travels(value: Any) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value


def test_sound_travels() -> None:
    there = decode(encode(AudioChunk(np.arange(5, dtype=np.int16), 8000, 7)))
    assert (there.samples.tolist(), there.rate, there.start) == ([0, 1, 2, 3, 4], 8000, 7)


@pytest.mark.parametrize("value", [object(), {"a": lambda: None}, [threading.Lock()]])
def test_what_cannot_travel_is_named(value: Any) -> None:
    with pytest.raises(Unfit, match="cannot be handed to another process"):
        encode(value)


@pytest.mark.parametrize(
    "told",
    [
        {"$": "os.system", "v": "id"}, {"$": "duration", "v": ["x"]}, {"$": "record", "v": ["Context", {}]},
        {"$": "slot", "v": {"name": "x", "nodes": [["word", "a"]], "root": 9, "list": False}},
        {"$": "slot", "v": {"name": "x", "nodes": [["pattern", "(a+)+b", 0]], "root": 0, "list": False}},
    ],
)  # fmt: skip
def test_a_strangers_values_are_refused(told: Any) -> None:
    with pytest.raises(Unfit):
        decode(told)


@pytest.mark.parametrize("annotation", [int, str, Duration, Literal["a", 2], Date | None, bool])
def test_annotations_travel(annotation: Any) -> None:
    assert decode_annotation(json.loads(json.dumps(encode_annotation(annotation)))) == annotation


def test_slot_types_travel_and_match_the_same() -> None:
    node = parse_template("[the] {duration} (red|green)", {"duration": DURATION})
    own = list_type("own", {"[the] living room": 1, "kitchen": 2})
    for kind, said, value in (
        (own, "the living room", 1), (own, "kitchen", 2), (open_list("name", ["tea"]), "black tea", "black tea"),
        (SlotType("made", node), "the five minutes red", "the five minutes red"),
    ):  # fmt: skip
        there = decode(json.loads(json.dumps(encode(kind))))
        template = Template("x", "x", Seq((Word("say"), Slot("v", there))))
        (match,) = Matcher(Grammar((template,))).match(f"say {said}")
        assert match.slots["v"] == value
    assert decode(encode(INT)) is INT


def test_a_slot_type_may_not_bring_a_pattern_of_its_own() -> None:
    import re

    with pytest.raises(Unfit, match="list the words instead"):
        decode(encode(SlotType("evil", Pattern(re.compile("(a|a)*b")))))


def test_messages_come_out_whole_however_they_are_cut() -> None:
    data = packed({"t": "a"}) + packed({"t": "b", "v": "ü"})
    unpacker = Unpacker()
    found = [message for byte in data for message in unpacker.feed(bytes([byte]))]
    assert found == [{"t": "a"}, {"t": "b", "v": "ü"}]


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I", MOST_BYTES + 1), struct.pack(">I", 3) + b"{{{", struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 2) + b"{}", struct.pack(">I", 2) + b"\xff\xfe", packed({"t": "x"})[:-3] + b"\0\0\0",
        struct.pack(">I", 200_000) + b"[" * 200_000,
    ],
)  # fmt: skip
def test_nonsense_is_noticed(data: bytes) -> None:
    with pytest.raises(Malformed):
        list(Unpacker().feed(data))


def test_too_large_a_message_is_not_sent() -> None:
    with pytest.raises(ValueError, match="too large"):
        packed({"t": "x" * (MOST_BYTES + 1)})


@pytest.mark.parametrize(
    ("pattern", "host", "port", "passes"),
    [
        ("api.example.org", "api.example.org", 443, True),
        ("api.example.org", "API.example.org.", None, True),
        ("api.example.org", "evil-api.example.org", None, False),
        ("*.example.org", "a.b.example.org", None, True),
        ("*.example.org", "example.org", None, False),
        ("*.example.org", "evilexample.org", None, False),
        ("nas:8123", "nas", 8123, True),
        ("nas:8123", "nas", 80, False),
        ("*", "anything", 1, True),
    ],
)
def test_hosts(pattern: str, host: str, port: int | None, passes: bool) -> None:
    grants = Grants(network=(pattern,))
    if passes:
        grants.require_host(host, port)
    else:
        with pytest.raises(Refused, match="was not granted under 'network'"):
            grants.require_host(host, port)


def test_permissions_of_a_manifest_become_grants() -> None:
    permissions = Permissions.model_validate(
        {"network": ["a.example"], "files": ["~/Music", {"path": "/tmp/x", "write": True}], "announce": True}
    )
    grants = grants_of(permissions)
    assert grants.network == ("a.example",) and grants.write == ("/tmp/x",) and grants.announce
    assert grants.read[0].endswith("/Music") and not grants.read[0].startswith("~")
    assert Grants.from_json(json.loads(json.dumps(grants.as_json()))) == grants


def test_every_request_has_a_rule_and_nothing_else_passes() -> None:
    nothing = Grants()
    free = {name for name, rule in RULES.items() if not rule.permission}
    for name in RULES:
        if name in free:
            rule_of(name).check(name, nothing, called=False)
        else:
            with pytest.raises(Refused, match="which was not granted"):
                rule_of(name).check(name, nothing, called=False)
    for name in ("house.spawn", "__class__", "services", 3, None):
        with pytest.raises(Refused, match="is not there"):
            rule_of(name)
    rule_of("say").check("say", nothing, called=True)
    with pytest.raises(Refused):
        rule_of("announce").check("announce", nothing, called=True)


FUNCTION = {
    "name": "f", "doc": "", "place": ["f.py", 3], "templates": ["x"], "examples": [], "rules": {}, "pure": False,
    "parameters": [["n", "int", True]], "context": True, "slots": {},
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "__import__"}, {"name": "a b"}, {"templates": ["x"] * 1001}, {"templates": "x"},
        {"parameters": [["n", "os.PathLike", True]]}, {"place": None}, {"rules": [1]},
        {"slots": {"n": {"fixed": {"$": "?"}}}},
    ],
)  # fmt: skip
def test_a_strangers_description_is_refused(wrong: dict[str, Any]) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError

    stand_in({"doc": "", "functions": [FUNCTION]}, "m", never, never)
    with pytest.raises(Malformed):
        stand_in({"doc": "", "functions": [{**FUNCTION, **wrong}]}, "m", never, never)


def test_text_for_the_log_is_harmless() -> None:
    assert harmless("a\x1b[31m\tb\r\n") == "a·[31m·b··"
    assert len(harmless("x" * 10_000)) == 500
    assert printable("Hello\x1b[2J,\nwörld\x07!") == "Hello[2J,\nwörld!" and printable(3) == 3
    assert printable(Card("\x1bA", "b\x00")) == Card("A", "b")
    assert ending(0) == "ended itself" and "memory" in ending(-9) and "signal 15" in ending(-15)


def test_the_watchdog_barks_in_order_and_not_when_calmed() -> None:
    dog, heard, done = Watchdog(), list[str](), threading.Event()
    dog.watch("late", 0.06, lambda: (heard.append("late"), done.set()))
    dog.watch("early", 0.01, lambda: heard.append("early"))
    dog.watch("calm", 5.0, lambda: heard.append("calm"))
    dog.calm("calm")
    assert done.wait(30)
    assert heard == ["early", "late"]


def test_the_filter_knows_the_calls_of_both_architectures() -> None:
    seccomp = pytest.importorskip("pyseccomp", reason="no seccomp here", exc_type=(ImportError, RuntimeError))
    assert len(seccomp_filter.program()) % 8 == 0
    needed = ("clone", "clone3", "execve", "kill", "socket", "connect", "ptrace", "io_uring_setup", "unshare", "bpf")
    for arch in (seccomp.Arch.X86_64, seccomp.Arch.AARCH64):
        numbers = [seccomp.resolve_syscall(arch, name) for name in needed]
        assert all(number >= 0 for number in numbers), dict(zip(needed, numbers, strict=True))
