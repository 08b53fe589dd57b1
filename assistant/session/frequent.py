"""What is said often, and so worth having been synthesised before it is needed."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.intent.lang import conversation
from assistant.intent.values import Duration
from assistant.skill.loader import Skills
from assistant.skill.responses import placeholders, texts_of
from assistant.skill.wording import worded

_MINUTES = (5, 10, 15, 1, 2, 3, 20, 30, 4, 7, 8, 12, 25, 45, 60)
"""Of usual timers, the most usual first."""


def frequent_phrases(skills: Skills, language: str) -> Iterator[str]:
    """What the assistant and its skills say in a language without filling anything in, and what is said of timers."""
    spoken = skills.spoken(language)
    yield from conversation.fixed(language)
    timers = spoken.get("timers")
    if timers is not None:
        for text in texts_of(timers.replies.texts.get("set", ())):
            if placeholders(text) == {"time"}:
                yield from (text.format_map({"time": worded(Duration(minutes=each), language)}) for each in _MINUTES)
    for skill in spoken.skills:
        for variants in skill.replies.texts.values():
            yield from (text.format() for text in texts_of(variants) if not placeholders(text))
