"""Lines on logarithmic scales, as an SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 860, 430
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 190, 50, 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        label: written at its end.
        colour: as SVG has it.
        points: (x, y), both above 0, x rising.
        dashed: a line that is a goal.
    """

    label: str
    colour: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


def curve(title: str, across: str, up: str, lines: Sequence[Line]) -> str:
    """An SVG that reads well on light and dark pages.

    Args:
        across, up: what the axes measure.
        lines: at least one with points.
    """
    drawn = [line for line in lines if line.points]
    xs = [x for line in drawn for x, _ in line.points]
    ys = [y for line in drawn for _, y in line.points]
    frame = _Frame(_decades(xs, wide=False), _decades(ys, wide=True))
    parts = [_text(20, 28, title, size=16, weight="bold"), *_grid(frame, across, up)]
    labels: list[float] = []
    for line in sorted(drawn, key=lambda line: -line.points[-1][1]):
        parts.append(_line(frame, line, labels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" font-family="system-ui, DejaVu Sans, sans-serif" font-size="13">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff" rx="8"/>{"".join(parts)}</svg>\n'
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """From values to places; the axes reach from one power of ten to another."""

    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value: float) -> float:
        low, high = self.x
        return _LEFT + (math.log10(value) - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def up(self, value: float) -> float:
        low, high = self.y
        return _HEIGHT - _BOTTOM - (math.log10(value) - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)


def _decades(values: Sequence[float], *, wide: bool) -> tuple[float, float]:
    low, high = math.log10(min(values)), math.log10(max(values))
    if wide:
        low, high = math.floor(low), math.ceil(high)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _grid(frame: _Frame, across: str, up: str) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for value in _ticks(frame.y):
        y = frame.up(value)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e3e6ea"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{value:g}", anchor="end", fill="#666666", size=11))
    for value in _ticks(frame.x):
        x = frame.across(value)
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}" stroke="#e3e6ea"/>')
        parts.append(_text(x, bottom + 18, f"{value:,.0f}", anchor="middle", fill="#666666", size=11))
    parts.append(_text((_LEFT + right) / 2, bottom + 42, across, anchor="middle", fill="#666666"))
    parts.append(_text(_LEFT - 8, _TOP - 8, up, anchor="end", fill="#666666"))
    return parts


def _ticks(limits: tuple[float, float]) -> list[float]:
    low, high = limits
    return [10.0**power for power in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)]


def _line(frame: _Frame, line: Line, labels: list[float]) -> str:
    """The line, with its label beside its end, below the labels that are there already."""
    places = [(frame.across(x), frame.up(y)) for x, y in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dashes = ' stroke-dasharray="6 5"' if line.dashed else ""
    width = 1.5 if line.dashed else 2.5
    parts = [f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="{width}"{dashes}/>']
    for (x, y), (_, value) in zip(places, line.points, strict=True):
        if not line.dashed:
            parts.append(
                f'<g><title>{value:.2f}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{line.colour}"/></g>'
            )
    at = max([places[-1][1] + 4, *(y + 16 for y in labels)])
    labels.append(at)
    parts.append(_text(_WIDTH - _RIGHT + 12, at, line.label, fill=line.colour))
    return "".join(parts)


def _text(x: float, y: float, text: str, *, fill: str = "#333333", size: int = 13, **style: str) -> str:
    anchor, weight = style.get("anchor", "start"), style.get("weight", "normal")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )
