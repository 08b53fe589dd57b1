"""What goes wrong with an isolated skill: reports, and calls that come to nothing with the errors that callers get."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import Cancelled, EngineError, NetworkError, NoAnswer, SkillError
from assistant.skill.dialogue import Overtaken


@dataclass(frozen=True, slots=True)
class Report:
    """Something that a skill tried and was refused, or the reason why it was stopped.

    Attributes:
        text: what, in one line.
        place: ``file:line`` of the skill, or empty.
    """

    text: str
    place: str = ""


class Failed(Exception):
    """A call came to nothing.

    Args:
        kind: ``crashed``, ``exit``, ``stopped``, ``skill_error``, ``cancelled``, ``no_answer``, ``network``,
            ``overtaken`` or ``aborted``; anything else counts as ``crashed``.
        text: what the skill said, or why it was stopped.
        place: ``file:line`` of the skill, or empty.
    """

    def __init__(self, kind: str, text: str, place: str = "") -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.place = place

    def raised(self, skill: str, what: str) -> BaseException:
        """The error for the caller.

        Args:
            skill: the skill's name.
            what: was called, ``tea.brew``.
        """
        match self.kind:
            case "overtaken":
                return Overtaken(self.text)
            case "cancelled":
                return Cancelled(self.text)
            case "no_answer":
                return NoAnswer(self.text)
            case "network":
                return NetworkError(self.text)
            case "skill_error":
                return SkillError(self.text)
            case "exit":
                return EngineError("skill", skill, "exit", f"{what} tried to end the program ({self.text})")
            case "stopped":
                return EngineError("skill", skill, "stopped", f"{what} was stopped: {self.text}")
        at = f" ({self.place})" if self.place else ""
        return EngineError("skill", skill, "crashed", f"{what} failed: {self.text}{at}")
