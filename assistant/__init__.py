"""A voice assistant that runs on your own machine, and what its skills are written with."""

from assistant.errors import Cancelled, NoAnswer, SkillError
from assistant.intent.slots import Date, Duration, Percentage, TimeOfDay
from assistant.skill.api import Context, skill

__version__ = "0.1.0"
__all__ = ["Cancelled", "Context", "Date", "Duration", "NoAnswer", "Percentage", "SkillError", "TimeOfDay", "skill"]
