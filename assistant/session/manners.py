"""How a session takes turns, as configured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BargeIn = Literal["wake", "speech", "off"]


@dataclass(frozen=True, slots=True)
class Manners:
    """How turns are taken; seconds.

    Attributes:
        always: listens without a wake word.
        preroll: before a wake word's detection, recognised too.
        follow_up: listens this long after any reply, from its last sample; 0 for not.
        answer: likewise after a reply that asks something.
        barge_in: what interrupts a reply.
        latency: from the mixer to the loudspeaker.
        prepare: of silence, after which an answer is prepared whatever was said, in case it was all.
    """

    always: bool = False
    preroll: float = 1.0
    follow_up: float = 0.0
    answer: float = 6.0
    barge_in: BargeIn = "wake"
    latency: float = 0.0
    prepare: float = 0.3
