"""Language-model servers that run on this machine."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from assistant.llm.base import Found

_log = logging.getLogger(__name__)

PLACES = (("Ollama", 11434), ("llama.cpp", 8080), ("vLLM", 8000), ("LM Studio", 1234))
"""Servers and the ports that they use unless they are told otherwise."""


@dataclass(frozen=True, slots=True)
class Answering:
    """A server that answers.

    Attributes:
        name: what usually answers at that port.
        base_url: its address.
        models: what it offers.
    """

    name: str
    base_url: str
    models: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.models[:5]) + (" …" if len(self.models) > 5 else "")
        return f"{self.name} at {self.base_url}: {shown or 'no model'}"


def find_servers(timeout: float = 0.5) -> list[Found]:
    """Servers that answer and have a model, the likeliest first; it takes twice ``timeout`` seconds at most."""
    return [Found("openai", {"base_url": each.base_url}, str(each)) for each in answering(timeout) if each.models]


def answering(timeout: float = 0.5, places: Sequence[tuple[str, int]] | None = None) -> list[Answering]:
    """Servers that answer, those without a model included; all are asked at once."""
    places = PLACES if places is None else places
    pool = ThreadPoolExecutor(len(places), thread_name_prefix="llm-servers")
    asked = [pool.submit(_ask, name, port, timeout) for name, port in places]
    wait(asked, timeout=2 * timeout)
    pool.shutdown(wait=False, cancel_futures=True)
    found = [each.result() for each in asked if each.done() and not each.cancelled()]
    return [each for each in found if each is not None]


def _ask(name: str, port: int, timeout: float) -> Answering | None:
    import httpx

    base_url = f"http://127.0.0.1:{port}/v1"
    try:
        answer = httpx.get(f"{base_url}/models", timeout=timeout, trust_env=False)
        if answer.status_code != 200:
            return None
        listed = answer.json()["data"]  # null where Ollama has no model
        return Answering(name, base_url, tuple(str(each["id"]) for each in listed or ()))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        _log.debug("%s: %s", base_url, type(error).__name__)
        return None
