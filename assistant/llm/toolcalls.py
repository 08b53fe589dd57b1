"""Tool calls as local models write them, read from the text as it streams.

Four ways of writing are known; whatever is not certain to be text for the user is held back until it is.

- Hermes and Qwen: ``<tool_call>{"name": …, "arguments": {…}}</tool_call>``; Qwen 3 Coder and 3.5 write
  ``<function=NAME><parameter=KEY>VALUE</parameter></function>`` between the tags.
- Mistral: ``[TOOL_CALLS][{"name": …, "arguments": {…}}, …]``, newer ones ``[TOOL_CALLS]NAME[ARGS]{…}``.
- Llama 3: ``<|python_tag|>{"name": …, "parameters": {…}}``, several parted by ``;``.
- Llama 3.2: a reply that is nothing but such JSON, if it names a tool on offer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from assistant.llm.base import Delta, ToolCall
from assistant.llm.reasoning import Unthinking

MARKERS = ("<tool_call>", "[TOOL_CALLS]", "<|python_tag|>")
"""With these a call begins; where they are special tokens they must be in the text all the same."""

_CLOSING = {"<tool_call>": ("</tool_call>",), "<|python_tag|>": ("<|eom_id|>", "<|eot_id|>")}
_BARE = re.compile(r'\{\s*"(?:name|type|function)"\s*:')
_BARE_BEGINNING = re.compile(r'\{\s*(?:"[a-z]{0,8}"?\s*)?')
_NAME = re.compile(r'"name"\s*:\s*"([^"\\]*)"')
_XML = re.compile(r"<function=([^>\s]+)\s*>(.*?)(?:</function>|\Z)", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([^>\s]+)\s*>\n?(.*?)\n?</parameter>", re.DOTALL)
_NAMED = re.compile(r"\s*([\w.-]+)(?:\[CALL_ID\](\w+))?(?:\[ARGS\])?\s*(?=\{)")
_DECODER = json.JSONDecoder()

Read = Delta | ToolCall


class ToolCallReader:
    """Takes one reply apart into text and tool calls; what the model thinks is dropped.

    Args:
        names: of the tools on offer; only those may be called by bare JSON.
        thinking: the prompt has opened the model's thoughts already.
    """

    def __init__(self, names: Collection[str] = (), *, thinking: bool = False) -> None:
        self._names = names
        self._thoughts = Unthinking()
        self._held = ""
        self._marker = ""
        self._begun = False  # with text or a marker, so that bare JSON is no call any more
        self._between = " \t\r\n"
        if thinking:
            self._thoughts.feed("<think>")

    def feed(self, text: str) -> list[Read]:
        """The pieces that are certain so far."""
        self._held += self._thoughts.feed(text)
        return list(self._read(last=False))

    def finish(self) -> list[Read]:
        """The rest: a call that was not closed is read as far as it goes."""
        self._held += self._thoughts.finish()
        return list(self._read(last=True))

    def _read(self, last: bool) -> Iterator[Read]:
        """Draws pieces from the text held back while any is certain."""
        while True:
            before = held, marker, begun = self._held, self._marker, self._begun
            if marker:
                yield from self._calls(last)
            elif not begun and self._names and held.lstrip(self._between)[:1] in ("", "{"):
                yield from self._bare(last)
            else:
                yield from self._text(last)
            if before == (self._held, self._marker, self._begun):
                return

    def _text(self, last: bool) -> Iterator[Delta]:
        """Text up to the next marker; white space is for the user only if a word follows."""
        at, marker = min(((self._held.find(each), each) for each in MARKERS if each in self._held), default=(-1, ""))
        if marker:
            text, self._held, self._marker = self._held[:at], self._held[at + len(marker) :], marker
            text = text.rstrip()
        else:
            keep = 0 if last else _beginning(self._held)
            text = self._held[: len(self._held) - keep].rstrip()
            self._held = "" if last else self._held[len(text) :]
        if not self._begun:
            text = text.lstrip(self._between)
        if text:
            self._begun = True
            yield Delta(text)

    def _calls(self, last: bool) -> Iterator[ToolCall]:
        """The calls after a marker, once they are complete."""
        if self._marker == "[TOOL_CALLS]":
            found = _listed(self._held, last)
            if found is None:
                return
            calls, self._held = found
        else:
            closing = _CLOSING[self._marker]
            ends = [(self._held.find(each), each) for each in closing if each in self._held]
            if not ends and not last:
                return
            at, tag = min(ends, default=(len(self._held), ""))
            calls = _tagged(self._held[:at].strip())
            self._held = self._held[at + len(tag) :]
        self._marker, self._begun = "", True
        yield from calls

    def _bare(self, last: bool) -> Iterator[Read]:
        """JSON that the reply begins with: a call if it names a tool on offer, else text."""
        text = self._held.lstrip(self._between)
        value, end = _decoded(text)
        if end == 0 and not last and (not text or _BARE.match(text) or _BARE_BEGINNING.fullmatch(text)):
            return
        call = _call(value) if end else None
        if call is not None and not call.error and call.name in self._names:
            self._held, self._between = text[end:], " ;\t\r\n"
            yield call
        else:
            self._begun, self._held = bool(text), text


def _beginning(text: str) -> int:
    """Length of the text's end that may go on to be a marker."""
    longest = max(map(len, MARKERS)) - 1
    for length in range(min(len(text), longest), 0, -1):
        if any(marker.startswith(text[-length:]) for marker in MARKERS):
            return length
    return 0


def _decoded(text: str) -> tuple[Any, int]:
    """The JSON value that a text begins with, and where it ends; 0 if it is not complete."""
    try:
        return _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None, 0


def _tagged(body: str) -> list[ToolCall]:
    """The calls between tags: JSON values one after the other, or Qwen's XML."""
    if xml := _XML.findall(body):
        return [ToolCall(name, dict(map(_parameter, _PARAMETER.findall(inner)))) for name, inner in xml]
    calls: list[ToolCall] = []
    rest = body
    while rest:
        value, end = _decoded(rest)
        if end == 0:
            return [*calls, _unreadable(rest)]
        calls += [_call(each) or _unreadable(rest[:end]) for each in (value if isinstance(value, list) else [value])]
        rest = rest[end:].lstrip(" ;,\n")
    return calls or [_unreadable(body)]


def _parameter(found: tuple[str, str]) -> tuple[str, Any]:
    """A parameter of Qwen's XML: JSON where it is, else a string."""
    key, text = found
    value, end = _decoded(text)
    return key, value if end == len(text) and not isinstance(value, str) else text


def _listed(held: str, last: bool) -> tuple[list[ToolCall], str] | None:
    """Mistral's calls and the text after them; None if they are not complete."""
    text = held.lstrip()
    if not text.startswith(("[", "{")):
        named = _NAMED.match(text)
        if named is None:
            return ([_unreadable(text)], "") if last else None
        value, end = _decoded(text[named.end() :])
        if end:
            made = {"name": named[1], "arguments": value, "id": named[2] or ""}
            return [_call(made) or _unreadable(text)], text[named.end() + end :]
        return ([_unreadable(text, named[1])], "") if last else None
    value, end = _decoded(text)
    if end:
        values = value if isinstance(value, list) else [value]
        return [_call(each) or _unreadable(text[:end]) for each in values], text[end:]
    return ([_unreadable(text)], "") if last else None


def _call(value: Any) -> ToolCall | None:
    """A call from JSON, or None if it does not look like one."""
    if isinstance(value, Mapping) and isinstance(value.get("function"), Mapping):
        value = {**value["function"], "id": value.get("id", "")}
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        return None
    arguments = value.get("arguments", value.get("parameters"))
    if isinstance(arguments, str):  # some models write the arguments as JSON in JSON
        decoded, end = _decoded(arguments.strip())
        arguments = decoded if end else arguments
    name, identity = value["name"].strip(), str(value.get("id") or "")
    if arguments is None:
        return ToolCall(name, {}, identity)
    if not isinstance(arguments, dict):
        return ToolCall(name, {}, identity, error="the arguments are not a JSON object")
    return ToolCall(name, arguments, identity)


def _unreadable(body: str, name: str = "") -> ToolCall:
    """What a model meant as a call and nobody can read."""
    found = _NAME.search(body)
    shown = " ".join(body.split())[:80]
    return ToolCall(name or (found[1] if found else ""), {}, error=f"this is not a JSON object with a name: {shown}")
