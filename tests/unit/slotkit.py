"""Slot types as the matcher uses them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from assistant.intent.match import Matcher
from assistant.intent.template import Grammar, Slot, SlotType, Template


@lru_cache
def _matcher(kind: SlotType) -> Matcher:
    return Matcher(Grammar((Template("x.y", "{slot}", Slot("slot", kind)),)))


def understood(kind: SlotType, text: str) -> Any:
    """The value of a whole sentence that is nothing but the slot, by way of its network; None if refused."""
    found = _matcher(kind).match(text)
    return found[0].slots["slot"] if found else None
