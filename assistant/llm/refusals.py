"""What went wrong at a server, in one line and under the codes of :class:`assistant.llm.base.Generation`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import EngineError
from assistant.llm.keys import Secret, hide

_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window)|maximum context|too many tokens|prompt is too long|exceed_context", re.I
)
_NO_MODEL = re.compile(r"model.{0,80}(?:not found|not exist|not loaded|unknown)|invalid model|no model|model_not", re.I)
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Server:
    """Who is talked to, for messages.

    Attributes:
        engine: its name in the configuration.
        host: as in the address.
        model: what was asked for.
        secret: the key, which must not be in a message.
    """

    engine: str
    host: str
    model: str = ""
    secret: Secret | None = None

    def error(self, code: str, message: str) -> EngineError:
        """An error without the key in it, on one line."""
        return EngineError("llm", self.engine, code, " ".join(hide(message, self.secret).split()))


def refusal(server: Server, status: int, body: str) -> EngineError:
    """The error for an HTTP status that is no success."""
    said, host, model = _said(body), server.host, server.model or "the model"
    words = f": {said}" if said else ""
    if status in (401, 403):
        return server.error(
            "unauthorised", f"{host} does not accept the key (HTTP {status}); set one with: assistant llm key set"
        )
    if status == 413 or (status in (400, 422, 500) and _TOO_LONG.search(said)):
        return server.error("too_long", f"the conversation is longer than {model} at {host} can read{words}")
    if status in (400, 404, 422) and _NO_MODEL.search(said):
        return server.error(
            "no_model", f"{host} has no model {server.model!r}; see what it has with: assistant llm models"
        )
    if status in (404, 405) or 300 <= status < 400:
        return server.error(
            "server", f"{host} has no /chat/completions at this address; llm.openai.base_url usually ends in /v1"
        )
    if status in (402, 429):
        return server.error("rate_limited", f"{host} has had too many requests, or the quota is used up{words}")
    return server.error("server", f"{host} failed (HTTP {status}){words or _page(body)}")


def reported(server: Server, event: Mapping[str, Any]) -> EngineError | None:
    """The error that an event carries instead of a piece of the reply, if it does."""
    found = event.get("error")
    if not found:
        return None
    status = found.get("code") if isinstance(found, Mapping) else None
    known = isinstance(status, int) and 400 <= status < 600
    return refusal(server, status if known and isinstance(status, int) else 500, json.dumps({"error": found}))


def retry_after(value: str | None) -> float | None:
    """Seconds of a ``Retry-After`` header; None for a date or none."""
    try:
        return max(0.0, float(value or ""))
    except ValueError:
        return None


def _said(body: str) -> str:
    """The server's own words, shortened."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        inner = found.get(name) if isinstance(found, dict) else None
        if isinstance(inner, Mapping):
            code = inner.get("code")
            inner = " ".join(str(each) for each in (inner.get("message"), code) if each and not isinstance(each, int))
        if isinstance(inner, str) and inner:
            return inner if len(inner) <= _WORDS else f"{inner[: _WORDS - 1]}…"
    return ""


def _page(body: str) -> str:
    return ": it answered with a web page" if body.lstrip()[:1] == "<" else ""
