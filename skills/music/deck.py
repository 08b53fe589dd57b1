"""What can play: one protocol for this assistant's own sound, mpd, and the players of the desktop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["playing", "paused", "stopped"]


@dataclass(frozen=True, slots=True)
class Track:
    """Something to play.

    Attributes:
        path: a file, or mpd's name for it.
        title, artist, album: as tagged; empty when not.
    """

    path: str
    title: str
    artist: str = ""
    album: str = ""


@dataclass(frozen=True, slots=True)
class Now:
    """What a deck plays.

    Attributes:
        state: whether it can be heard.
        title, artist: empty when not known.
    """

    state: State
    title: str = ""
    artist: str = ""


class Deck(Protocol):
    """Something that plays. Every method raises ``OSError`` when it cannot be reached."""

    async def now(self) -> Now:
        """What it plays."""

    async def pause(self) -> None:
        """Be silent, and keep the place."""

    async def resume(self) -> None:
        """Go on from that place."""

    async def skip(self, steps: int) -> bool:
        """Go to the next (1) or previous (-1) track; False when there is none."""

    async def stop(self) -> None:
        """Stop, and forget the place."""

    async def shuffle(self, on: bool) -> None:
        """Play in random order, or in order."""


def pick(title: str, fallback: str = "") -> str:
    """A tag's text in one line, or the fallback."""
    return " ".join(title.split()) or fallback
