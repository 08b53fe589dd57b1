"""What an isolated skill may ask of the assistant: the whole list. What is not here does not pass.

Both processes read it: the child to refuse with a readable error, the parent because nothing a child says counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.skill.sandbox.grants import Grants, Refused


@dataclass(frozen=True, slots=True)
class Rule:
    """When a request passes.

    Attributes:
        permission: the one it needs, empty for none.
        in_turn: within a call it needs none: the user has spoken to the skill, and it may answer.
    """

    permission: str = ""
    in_turn: bool = False

    def check(self, name: str, grants: Grants, *, called: bool) -> None:
        """Let it pass, or say what is missing.

        Args:
            called: a call of the skill is running, on whose behalf it asks.

        Raises:
            Refused: it may not.
        """
        if self.permission and not (self.in_turn and called):
            grants.require(self.permission, f"ctx.{name}")


_FREE = Rule()
_UNASKED = Rule("announce")
_IN_TURN = Rule("announce", in_turn=True)

RULES: Mapping[str, Rule] = {
    # time, memory, conversation
    **dict.fromkeys(("now", "sleep", "store.get", "store.put", "store.delete", "store.items"), _FREE),
    **dict.fromkeys(("secrets.get", "secrets.put", "is_command", "undo", "lists"), _FREE),
    # words and sound
    **dict.fromkeys(("announce", "ring", "say_later"), _UNASKED),
    **dict.fromkeys(("say", "ask", "play", "show", "stop"), _IN_TURN),
    **dict.fromkeys(("play.over", "playing", "stop_playing"), _FREE),
    # later
    **dict.fromkeys(("schedule", "scheduled", "unschedule"), Rule("background")),
    # others
    "http": Rule("network"),
    **dict.fromkeys(("skills.call", "skills.answer"), Rule("skills")),
}


def rule_of(name: Any) -> Rule:
    """The rule for a request.

    Raises:
        Refused: there is no such request.
    """
    rule = RULES.get(name) if isinstance(name, str) else None
    if rule is None:
        raise Refused(f"{str(name)[:80]} is not there for a skill in a process of its own")
    return rule
