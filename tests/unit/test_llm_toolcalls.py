"""Tool calls in the text of local models."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.llm.base import Delta, ToolCall
from assistant.llm.toolcalls import MARKERS, ToolCallReader

NAMES = ("timers__set_timer", "clock__time")
TEA = {"duration": "4 minutes", "name": "tea"}
CALL = ToolCall("timers__set_timer", TEA)
JSON = json.dumps({"name": "timers__set_timer", "arguments": TEA})
LLAMA = json.dumps({"name": "timers__set_timer", "parameters": TEA})
TIME = '{"name": "clock__time", "arguments": {}}'
XML = """<tool_call>
<function=timers__set_timer>
<parameter=duration>
4 minutes
</parameter>
<parameter=name>
tea
</parameter>
</function>
</tool_call>"""


def read(*chunks: str, names=NAMES, thinking=False) -> list[str | ToolCall]:
    """The calls, and the text between them in one piece each."""
    reader = ToolCallReader(names, thinking=thinking)
    pieces = [piece for chunk in chunks for piece in reader.feed(chunk)] + reader.finish()
    merged: list[str | ToolCall] = []
    for piece in pieces:
        if isinstance(piece, ToolCall):
            merged.append(piece)
        elif merged and isinstance(merged[-1], str):
            merged[-1] += piece.text
        else:
            assert isinstance(piece, Delta)
            assert piece.text
            merged.append(piece.text)
    return merged


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>\n{JSON}\n</tool_call>",
        f"<tool_call>{JSON}",
        XML,
        f"[TOOL_CALLS] [{JSON}]",
        f"[TOOL_CALLS]{JSON}",
        f"[TOOL_CALLS]timers__set_timer[ARGS]{json.dumps(TEA)}",
        f"[TOOL_CALLS]timers__set_timer{json.dumps(TEA)}",
        f"<|python_tag|>{LLAMA}<|eom_id|>",
        f"<|python_tag|>{LLAMA}",
        LLAMA,
        f"\n{JSON} ",
        json.dumps({"type": "function", "function": {"name": "timers__set_timer", "arguments": json.dumps(TEA)}}),
        f"<think>Tea takes <tool_call>, I think.</think>\n\n<tool_call>{JSON}</tool_call>",
    ],
)
def test_each_way_of_writing_a_call(text):
    assert read(text) == [CALL]


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>\n{JSON}\n</tool_call>\n<tool_call>\n{TIME}\n</tool_call>",
        f"<tool_call>[{JSON}, {TIME}]</tool_call>",
        f"[TOOL_CALLS][{JSON}, {TIME}]",
        f"[TOOL_CALLS]timers__set_timer[ARGS]{json.dumps(TEA)}[TOOL_CALLS]clock__time[ARGS]{{}}",
        f"<|python_tag|>{LLAMA}; {TIME}",
        f"{LLAMA}; {TIME}",
        f"{LLAMA}\n{TIME}\n",
    ],
)
def test_several_calls(text):
    assert read(text) == [CALL, ToolCall("clock__time", {})]


def test_ids_are_kept():
    assert read('[TOOL_CALLS][{"name": "a", "arguments": {}, "id": "VvvODy9mT"}]') == [ToolCall("a", {}, "VvvODy9mT")]
    assert read("[TOOL_CALLS]a[CALL_ID]VvvODy9mT[ARGS]{}") == [ToolCall("a", {}, "VvvODy9mT")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" One moment.\n\n<tool_call>" + JSON + "</tool_call>\n", ["One moment.", CALL]),
        ("<tool_call>" + JSON + "</tool_call>\nDone.", [CALL, "\nDone."]),
        ("Two < three, and <b>bold</b>; [TOOL_BOX] ", ["Two < three, and <b>bold</b>; [TOOL_BOX]"]),
        ('{"name": "nobody", "arguments": {}}', ['{"name": "nobody", "arguments": {}}']),
        ("{curly} talk", ["{curly} talk"]),
        ('{"name": "clock__time", "arg', ['{"name": "clock__time", "arg']),
        ("Say " + TIME, ["Say " + TIME]),
        ("<think>Never closed", []),
        ("  ", []),
    ],
)
def test_what_is_text(text, expected):
    assert read(text) == expected


def test_bare_json_is_no_call_where_nothing_is_on_offer():
    assert read(TIME, names=()) == [TIME]


def test_thoughts_that_the_prompt_has_opened_are_dropped():
    assert read("So tea.\n</think>\n\nTea it is.", thinking=True) == ["Tea it is."]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<tool_call>{"name": "clock__time", "arguments": {"a": </tool_call>', "clock__time"),
        ('<tool_call>{"name": "clock__time", "arguments": [1]}</tool_call>', "clock__time"),
        ("<tool_call></tool_call>", ""),
        ("<tool_call>clock__time()</tool_call>", ""),
        ('<tool_call>"clock__time"</tool_call>', ""),
        ("[TOOL_CALLS]", ""),
        ("[TOOL_CALLS] I do not know how", ""),
        ('[TOOL_CALLS]clock__time[ARGS]{"a": ', "clock__time"),
        ("<|python_tag|>clock.time(now=True)", ""),
        ("<tool_call>" + "[" * 5000, ""),
    ],
)
def test_garbage_is_a_call_with_an_error(text, name):
    (call,) = read(text)
    assert isinstance(call, ToolCall)
    assert (call.name, call.arguments) == (name, {})
    assert call.error
    assert "\n" not in call.error
    assert len(call.error) < 200


def test_text_before_a_call_comes_at_once_and_the_call_when_it_is_complete():
    reader = ToolCallReader(NAMES)
    assert reader.feed("One moment.") == [Delta("One moment.")]
    assert reader.feed(" <tool") == []
    assert reader.feed("_call>" + JSON) == []
    assert reader.feed("</tool_call>") == [CALL]
    assert reader.finish() == []


def test_what_only_looked_like_a_call_is_held_no_longer_than_needed():
    reader = ToolCallReader(NAMES)
    assert reader.feed("{") == []
    assert reader.feed('"colour": ') == [Delta('{"colour":')]
    assert reader.feed("1 <tool") == [Delta(" 1")]
    assert reader.feed("box> ") == [Delta(" <toolbox>")]


FORMS = [JSON, LLAMA, TIME, f"[{JSON}, {TIME}]", XML]
TAGS = "</tool_call> <|eom_id|> <think> </think> [ARGS] [CALL_ID] <function=a>"
SCRAPS = 'clock__time Hello. ; < [ { } "name": тест🙏🏽'
PIECES = st.sampled_from([*MARKERS, *FORMS, *TAGS.split(), *SCRAPS.split(), " ", "\n"])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.data())
@example(f"{LLAMA}; {TIME}", None)
def test_however_it_is_chunked_the_result_is_the_same(text, data):
    if data is None:
        chunks = list(text)
    else:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
        chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert read(*chunks) == read(text)
    assert read(*text) == read(text)
