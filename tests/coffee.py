"""The coffee orders of ../shared/data as a grammar, and how they are scored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from assistant.intent.match import Match
from assistant.intent.template import Grammar, Template, list_type, parse_template

FOLDER = Path(__file__).parent.parent.parent / "shared/data/commands/coffee"


def to_hassil(expression: str) -> str:
    """Picovoice's ``[a, b] $type:slot`` in hassil's syntax: ``(a|b) {type:slot}``."""
    chosen = re.sub(r"\[([^]]*)\]", lambda m: "(" + "|".join(map(str.strip, m[1].split(","))) + ")", expression)
    return re.sub(r"\$(\w+):(\w+)", r"{\1:\2}", chosen)


def grammar() -> Grammar:
    """The grammar, from ``grammar.yaml``."""
    context = yaml.safe_load((FOLDER / "grammar.yaml").read_text())["context"]
    slots = {name: list_type(name, entries) for name, entries in context["slots"].items()}
    return Grammar(
        tuple(
            Template(intent, text, parse_template(text, slots))
            for intent, expressions in context["expressions"].items()
            for text in map(to_hassil, expressions)
        )
    )


def labels() -> dict[str, dict[str, Any]]:
    """File name → intent and slots."""
    found: dict[str, dict[str, Any]] = json.loads((FOLDER / "labels.json").read_text())
    return found


def right(match: Match | None, label: dict[str, Any]) -> bool:
    """Intent and every labelled slot equal; extra slots are ignored."""
    if match is None or match.intent != label["intent"]:
        return False
    return all(_plain(match.slots.get(slot)) == _plain(value) for slot, value in label["slots"].items())


def _plain(value: object) -> str:
    return " ".join(str(value).lower().split())
