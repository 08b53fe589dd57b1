"""Takes the wake phrase, and what was said before it, off the front of a transcript.

The pre-roll that saves the first word of a command also carries the wake phrase to the recogniser,
which writes it as it likes: "Hey, Jarvis,", "hey Travis", or just "Jarvis".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from assistant.asr.base import Transcript

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_BEFORE = 8  # words; more than fit into a pre-roll
_LONG = 8  # letters


@dataclass(frozen=True, slots=True)
class _Piece:
    letters: str
    start: int
    end: int


def without(transcript: Transcript, phrases: Sequence[str]) -> Transcript:
    """The transcript after the wake phrase; unchanged where there is none."""
    at = command_start(transcript.text, phrases)
    if at == 0:
        return transcript
    rest = transcript.text[at:]
    if any(letter.isupper() for letter in transcript.text[:at]):
        rest = rest[:1].upper() + rest[1:]
    gone = len(transcript.text[:at].split())
    kept = transcript.words[gone:]
    if kept:
        kept = (replace(kept[0], text=rest.split()[0]), *kept[1:])
    return replace(transcript, text=rest, words=kept)


def command_start(text: str, phrases: Sequence[str]) -> int:
    """Where the command begins in the text, in characters; 0 where no wake phrase comes before it."""
    pieces = [_Piece(match[0].casefold(), *match.span()) for match in _WORD.finditer(text)]
    done = 0
    while (length := max((_match(pieces[done:], phrase) for phrase in phrases), default=0)) > 0:
        done += length
    if done == 0:
        return 0
    return pieces[done].start if done < len(pieces) else len(text)


def _match(pieces: Sequence[_Piece], phrase: str) -> int:
    """How many of the first words end with the phrase; 0 for none."""
    spoken = _WORD.findall(phrase.casefold())
    whole = "".join(spoken)
    if not whole:
        return 0
    found: list[tuple[float, int]] = []
    for start in range(min(_BEFORE, len(pieces))):
        for size in range(1, len(spoken) + 2):
            if start + size > len(pieces):
                break
            heard = "".join(piece.letters for piece in pieces[start : start + size])
            near = _likeness(heard, whole)
            if near >= _needed(whole, start):
                found.append((near, start + size))
    if found:
        return max(found)[1]
    return _clipped(pieces, spoken)


def _needed(whole: str, start: int) -> float:
    if len(whole) < _LONG:
        return 0.9
    return 0.75 if start == 0 else 0.85


def _clipped(pieces: Sequence[_Piece], spoken: Sequence[str]) -> int:
    """The phrase's last word alone, when the audio began in the middle of the phrase."""
    last = spoken[-1]
    if len(spoken) < 2 or len(last) < 4 or not pieces:
        return 0
    return 1 if _likeness(pieces[0].letters, last) >= 0.85 else 0


def _likeness(heard: str, wanted: str) -> float:
    return SequenceMatcher(None, heard, wanted, autojunk=False).ratio()
