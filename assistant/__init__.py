"""A voice assistant that runs on your own machine, and what its skills are written with.

======================  ===================================================================================
``skill``               the decorator that makes a function answer sentences
``Context``             what such a function gets as its first argument
``Duration``, ``TimeOfDay``, ``Date``, ``Percentage``   values of typed slots
``SlotType``            a slot type of your own
``Recurrence``          how something scheduled recurs
``Location``, ``Card``  where the user lives; something to show
``Fetched``             what ``ctx.fetch`` read
``SkillError``          raise it with what the user shall hear
``Cancelled``, ``NoAnswer``, ``NetworkError``   raised by ``ctx.ask`` and ``ctx.fetch``
======================  ===================================================================================
"""

from assistant.errors import Cancelled, NetworkError, NoAnswer, SkillError
from assistant.intent.slots import Date, Duration, Percentage, TimeOfDay
from assistant.intent.template import SlotType
from assistant.skill.api import Context, skill
from assistant.skill.around import Card, Location
from assistant.skill.fetching import Fetched
from assistant.skill.recurrence import Recurrence

__version__ = "0.1.0"
__all__ = [
    "Cancelled",
    "Card",
    "Context",
    "Date",
    "Duration",
    "Fetched",
    "Location",
    "NetworkError",
    "NoAnswer",
    "Percentage",
    "Recurrence",
    "SkillError",
    "SlotType",
    "TimeOfDay",
    "skill",
]  # fmt: skip
