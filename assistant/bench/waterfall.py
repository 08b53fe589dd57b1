"""Where the time from the last word to the answer goes, as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.bench.figures import at_rank
from assistant.bench.trial import STAGES, Trial

_WIDTH, _LEFT, _RIGHT = 1080, 290, 90
_SMALL = 5.7  # px, a character of the small print
_ROW, _BAR = 50, 26
_LEGEND = {
    "endpoint": ("waiting for the end of speech", "#8793a6"),
    "asr": ("recognition", "#3b82c4"),
    "intent": ("intent", "#2f9e63"),
    "skill": ("skill", "#d98e04"),
    "tts": ("voice", "#8b5cb8"),
    "output": ("output", "#c2416b"),
}
_STEPS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what it is, a command, and stage → milliseconds from the end of speech on."""

    label: str
    note: str
    stages_ms: Mapping[str, float]

    @property
    def total(self) -> float:
        """Milliseconds from the end of speech to the first audible sample."""
        return sum(self.stages_ms.values())


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars on one scale."""

    title: str
    bars: tuple[Bar, ...]


def waterfall(trials: Mapping[str, Sequence[Trial]]) -> str:
    """An SVG: the median and the P95 command of every system on one scale, and the first system enlarged.

    Args:
        trials: system → what was measured, ours first.
    """
    shares = (("median", 50.0), ("P95", 95.0))
    every = [bar for name, found in trials.items() for bar in bars(name, found, shares)]
    first, found = next(iter(trials.items()))
    more = (("median", 50.0), ("P75", 75.0), ("P90", 90.0), ("P95", 95.0), ("worst", 100.0))
    panels = [Panel("End of speech to the first audible sample of the answer", tuple(every))]
    panels.append(Panel(f"{first}, enlarged", tuple(bars(first, found, more))))
    return draw([panel for panel in panels if panel.bars])


def bars(name: str, trials: Sequence[Trial], shares: Sequence[tuple[str, float]]) -> Iterator[Bar]:
    """The answered commands at some percentiles, nearest rank."""
    for label, share in shares:
        trial = at_rank(trials, share)
        if trial is not None:
            stages = {stage: seconds * 1000 for stage, seconds in trial.stages.items()}
            yield Bar(f"{name}, {label}", trial.said.take.text, stages)


def draw(panels: Sequence[Panel]) -> str:
    """Panels one below the other, each with its own scale, under one legend."""
    parts = [_legend(24)]
    top = 62
    for panel in panels:
        parts.append(_panel(panel, top))
        top += 76 + _ROW * len(panel.bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" width="{_WIDTH}" height="{top}" '
        'font-family="system-ui, DejaVu Sans, sans-serif" font-size="13">'
        f'<rect width="{_WIDTH}" height="{top}" fill="#ffffff" rx="8"/>{"".join(parts)}</svg>\n'
    )


def _legend(top: int) -> str:
    parts, left = [], 20.0
    for name, colour in _LEGEND.values():
        parts.append(f'<rect x="{left:.0f}" y="{top - 12}" width="14" height="14" rx="3" fill="{colour}"/>')
        parts.append(_text(left + 20, top, name))
        left += 44 + 7.4 * len(name)
    return "".join(parts)


def _panel(panel: Panel, top: int) -> str:
    longest = max(1.0, *(bar.total for bar in panel.bars))
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    bottom = top + 18 + _ROW * len(panel.bars)
    parts = [_text(20, top + 6, panel.title, weight="bold", size=15), _axis(longest, scale, top + 16, bottom)]
    parts += [_bar(bar, scale, top + 22 + _ROW * row) for row, bar in enumerate(panel.bars)]
    return "".join(parts)


def _axis(longest: float, scale: float, top: float, bottom: float) -> str:
    step = next((step for step in _STEPS if longest / step <= 8), longest)
    parts = []
    for count in range(int(longest / step) + 1):
        x = _LEFT + count * step * scale
        parts.append(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="#e3e6ea"/>')
        parts.append(_text(x, bottom + 16, f"{count * step:g} ms", anchor="middle", fill="#666666", size=11))
    return "".join(parts)


def _bar(bar: Bar, scale: float, top: float) -> str:
    parts = [_text(20, top + 11, bar.label), _text(20, top + 26, _short(f"“{bar.note}”"), fill="#777777", size=11)]
    left, small = float(_LEFT), []
    for stage in STAGES:
        ms = bar.stages_ms.get(stage, 0.0)
        width = ms * scale
        name, colour = _LEGEND[stage]
        if width > 0:
            parts.append(
                f'<g><title>{name}: {ms:.1f} ms</title><rect x="{left:.1f}" y="{top}" width="{max(width, 0.5):.1f}" '
                f'height="{_BAR}" fill="{colour}"/></g>'
            )
        if width >= 8 * len(f"{ms:.0f}") + 6:
            parts.append(_text(left + width / 2, top + 17, f"{ms:.0f}", anchor="middle", fill="#ffffff"))
        elif ms >= 0.5:
            small.append(f"{name} {ms:.0f}")
        left += width
    parts.append(_text(left + 8, top + 17, f"{bar.total:.0f} ms", weight="bold"))
    small_print = " · ".join(small)
    start = max(_LEFT, left - _SMALL * len(small_print))
    parts.append(_text(start, top + 38, small_print, fill="#777777", size=11))
    return "".join(parts)


def _short(text: str) -> str:
    room = int((_LEFT - 30) / _SMALL)
    return text if len(text) <= room else text[: room - 1] + "…"


def _text(x: float, y: float, text: str, *, fill: str = "#333333", size: int = 13, **style: str) -> str:
    anchor, weight = style.get("anchor", "start"), style.get("weight", "normal")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )
