"""A reply as it comes over the wire: bytes → lines → events → pieces.

Of server-sent events only what these servers send is read: one JSON object in each ``data:`` line. (httpx-sse would
keep a line of any length in memory.)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.llm.base import Delta, Piece, ToolCall, Usage
from assistant.llm.reasoning import Unthinking

LONGEST_LINE = 1 << 20
"""Bytes."""
_LONGEST_TOKEN = 8
"""Letters that a token has at most, on average over a reply."""


class GarbledError(ValueError):
    """What came is not what such a server sends; the text says what it is."""


class Lines:
    """Cuts bytes into the payloads of events.

    Attributes:
        stray: the first line that belongs to no event stream.
    """

    def __init__(self) -> None:
        self._rest = b""
        self.stray = ""

    def feed(self, data: bytes) -> list[str]:
        """The payloads that are complete.

        Raises:
            GarbledError: a line without an end.
        """
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise GarbledError(f"a line of more than {LONGEST_LINE} bytes")
        return [payload for line in lines if (payload := self._payload(line))]

    def finish(self) -> list[str]:
        """The last one, where the line has no end."""
        return self.feed(b"\n")

    def _payload(self, line: bytes) -> str:
        text = line.decode("utf-8", "replace").strip()
        for prefix in ("data:", "error:"):
            if text.startswith(prefix):
                return text.removeprefix(prefix).strip()
        if text.startswith("{"):  # one object a line, without the prefix
            return text
        if text and not text.startswith((":", "event:", "id:", "retry:")):
            self.stray = self.stray or text[:80]
        return ""


@dataclass(slots=True)
class _Call:
    """A tool call that is being put together."""

    index: int
    id: str
    name: str
    text: str = ""
    arguments: Mapping[str, Any] | None = None

    def differs(self, identity: str, name: str) -> bool:
        """Whether a fragment with that id and name (either may be empty) begins another call."""
        if identity and self.id:
            return identity != self.id
        whole = self.arguments is not None or _is_json(self.text)
        return bool(name and self.name) and (whole or (name != self.name and not self.text))

    def made(self, *, cut: bool) -> ToolCall:
        if self.arguments is not None:
            return ToolCall(self.name, self.arguments, self.id)
        try:
            arguments = json.loads(self.text or "{}")
            arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
        except ValueError:
            why = "the arguments were cut off" if cut else "the arguments are not JSON"
            return ToolCall(self.name, {}, self.id, f"{why}: {self.text[:200]}")
        if not isinstance(arguments, dict):
            return ToolCall(self.name, {}, self.id, f"the arguments are not an object: {self.text[:200]}")
        return ToolCall(self.name, arguments, self.id)


class Assembler:
    """Puts one reply together.

    Args:
        tokens: of the longest reply, should the server not keep to it.

    Attributes:
        events: that brought something new, be it only a thought; about as many as tokens.
        finished: why the server ended the reply (``stop``, ``length``, ``tool_calls`` …), empty until it does.
        model: the name under which it answers, empty if it does not tell.
    """

    def __init__(self, tokens: int) -> None:
        self._most = tokens
        self.events = 0
        self._letters = 0
        self._words = Unthinking()
        self._calls: list[_Call] = []
        self._usage = Usage()
        self.finished = ""
        self.model = ""

    @property
    def over(self) -> bool:
        """Whether more has come than the longest reply may have."""
        return max(self.events, self._letters // _LONGEST_TOKEN) > self._most

    def feed(self, event: Mapping[str, Any]) -> list[Piece]:
        """The pieces that an event completes; also of a whole reply in one object."""
        self._count(event)
        if isinstance(name := event.get("model"), str):
            self.model = name
        pieces: list[Piece] = []
        choice = _first(event.get("choices"))
        for part in (choice.get("delta"), choice.get("message")):
            if isinstance(part, Mapping):
                pieces += self._take(part)
        if isinstance(reason := choice.get("finish_reason"), str) and reason and not self.finished:
            self.finished = reason
            pieces += self._rest()
        return pieces

    def finish(self) -> list[Piece]:
        """What is left, and what it took."""
        cut = self.finished == "length" or self.over
        used = Usage(self._usage.prompt, self._usage.cached, self._usage.reply, cut)
        return [*self._rest(), used]

    def _take(self, part: Mapping[str, Any]) -> list[Piece]:
        text = _text(part.get("content"))
        thought = _text(part.get("reasoning_content") or part.get("reasoning"))
        calls = part.get("tool_calls")
        fragments = [each for each in calls if isinstance(each, Mapping)] if isinstance(calls, list) else []
        for each in fragments:
            self._fragment(each)
        length = len(text) + len(thought) + sum(len(str(each)) // 4 for each in fragments)
        self.events += bool(length)
        self._letters += length
        spoken = self._words.feed(text) if text else ""
        return [Delta(spoken)] if spoken else []

    def _fragment(self, part: Mapping[str, Any]) -> None:
        function = part.get("function")
        function = function if isinstance(function, Mapping) else {}
        name, given = _text(function.get("name")), function.get("arguments")
        call = self._slot(part.get("index"), _text(part.get("id")), name)
        if isinstance(given, Mapping):
            call.arguments = given
        elif given is not None:
            call.text += given if isinstance(given, str) else json.dumps(given)

    def _slot(self, index: Any, identity: str, name: str) -> _Call:
        """The call that a fragment belongs to: servers leave out the index, or the id, or give all the same index."""
        last = self._calls[-1] if self._calls else None
        if isinstance(index, int):
            last = next((call for call in reversed(self._calls) if call.index == index), None)
        if last is None or last.differs(identity, name):
            last = _Call(index if isinstance(index, int) else len(self._calls), identity, name)
            self._calls.append(last)
        last.id, last.name = last.id or identity, last.name or name
        return last

    def _rest(self) -> list[Piece]:
        left = self._words.finish()
        calls, self._calls = self._calls, []
        cut = self.finished == "length" or self.over
        named = [call.made(cut=cut) for call in calls if call.name]
        return [*([Delta(left)] if left else []), *named]

    def _count(self, event: Mapping[str, Any]) -> None:
        """The usage as OpenAI reports it, or with the names of DeepSeek and llama.cpp for what was cached."""
        used, timings = event.get("usage"), event.get("timings")
        if not isinstance(used, Mapping):
            return
        details = used.get("prompt_tokens_details")
        cached = _number(details, "cached_tokens") or _number(used, "prompt_cache_hit_tokens")
        cached = cached or _number(timings, "cache_n")
        self._usage = Usage(_number(used, "prompt_tokens"), cached, _number(used, "completion_tokens"))


def parse(payload: str) -> Mapping[str, Any]:
    """An event's object.

    Raises:
        GarbledError: it is none.
    """
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        raise GarbledError(f"not JSON: {payload[:80]}") from None
    if not isinstance(found, dict):
        raise GarbledError(f"not an object: {payload[:80]}")
    return found


def _first(choices: Any) -> Mapping[str, Any]:
    found = choices[0] if isinstance(choices, list) and choices else None
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    """Text, also of a list of parts."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, Mapping))
    return value if isinstance(value, str) else ""


def _number(found: Any, name: str) -> int:
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, int) and value > 0 else 0


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
