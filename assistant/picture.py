"""A conversation as a picture: an SVG timeline of what was heard, done and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from assistant.events import (
    Event,
    IntentMatched,
    SpeakingFinished,
    SpeakingStarted,
    SpeechEnded,
    SpeechStarted,
    Transcribed,
    WakeDetected,
)

_WIDTH = 1000
_LEFT, _RIGHT = 20, 20
_ROW = 92
_COLOURS = {"user": "#3b82c4", "think": "#d98e04", "reply": "#8b5cb8", "wake": "#2f9e63"}


@dataclass(slots=True)
class _Turn:
    number: int
    wake: float | None = None
    begin: float | None = None
    end: float | None = None
    first_audio: float | None = None
    finished: float | None = None
    heard: str = ""
    reply: str = ""
    intent: str = ""


def timeline_svg(events: Sequence[Event]) -> str:
    """Draw one row a turn: wake word, the user's speech, the pause, the reply.

    Args:
        events: of a finished run, in order.

    Returns:
        An SVG document that reads well on light and dark pages.
    """
    turns = [turn for turn in _collect(events) if turn.begin is not None]
    height = 30 + _ROW * max(1, len(turns))
    body = "".join(_row(turn, 20 + _ROW * position) for position, turn in enumerate(turns))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="14">'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff" rx="8"/>{body}</svg>\n'
    )


def _collect(events: Sequence[Event]) -> list[_Turn]:
    turns: dict[int, _Turn] = {}
    for event in events:
        turn = turns.setdefault(event.turn, _Turn(event.turn))
        match event:
            case WakeDetected(at=at):
                turn.wake = at
            case SpeechStarted(since=since):
                turn.begin = since
            case SpeechEnded(until=until):
                turn.end = until
            case Transcribed(text=text):
                turn.heard = text
            case IntentMatched(intent=intent):
                turn.intent = intent
            case SpeakingStarted(at=at, text=text):
                turn.first_audio, turn.reply = at, text
            case SpeakingFinished(at=at):
                turn.finished = at
    turns.pop(0, None)
    return [turns[number] for number in sorted(turns)]


def _row(turn: _Turn, top: int) -> str:
    assert turn.begin is not None
    start = min(turn.begin, turn.wake or turn.begin) - 0.3
    stop = max(turn.finished or turn.end or turn.begin, start + 1.0)
    scale = (_WIDTH - _LEFT - _RIGHT) / (stop - start)

    def x(at: float) -> float:
        return round(_LEFT + (at - start) * scale, 1)

    parts = [f'<text x="{_LEFT}" y="{top + 10}" fill="#444">{escape(_caption(turn))}</text>']
    if turn.end is not None:
        parts.append(_bar(x(turn.begin), x(turn.end), top + 22, "user", turn.heard))
    if turn.end is not None and turn.first_audio is not None:
        gap = f"{(turn.first_audio - turn.end) * 1000:.0f} ms"
        parts.append(_bar(x(turn.end), x(turn.first_audio), top + 22, "think", ""))
        parts.append(f'<text x="{x(turn.end)}" y="{top + 66}" fill="{_COLOURS["think"]}">{gap}</text>')
    if turn.first_audio is not None and turn.finished is not None:
        parts.append(_bar(x(turn.first_audio), x(turn.finished), top + 22, "reply", turn.reply))
    if turn.wake is not None:
        parts.append(f'<circle cx="{x(turn.wake)}" cy="{top + 36}" r="6" fill="{_COLOURS["wake"]}"/>')
    return "".join(parts)


def _caption(turn: _Turn) -> str:
    return f"turn {turn.number}" + (f" · {turn.intent}" if turn.intent else "")


def _bar(left: float, right: float, top: float, kind: str, text: str) -> str:
    width = max(2.0, right - left)
    room = int(width / 7.2)
    shown = text if len(text) <= room else text[: max(0, room - 1)] + "…" if room > 3 else ""
    return (
        f'<g><title>{escape(text)}</title><rect x="{left}" y="{top}" width="{round(width, 1)}" height="28" rx="4" '
        f'fill="{_COLOURS[kind]}"/><text x="{left + 6}" y="{top + 19}" fill="#ffffff">{escape(shown)}</text></g>'
    )
