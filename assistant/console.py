"""What happens, for a person at a terminal, and as JSON lines for programs."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.markup import escape

from assistant.errors import InputError
from assistant.events import (
    Announced,
    AudioDropped,
    CardShown,
    DeviceChanged,
    Event,
    Failed,
    IntentMatched,
    Partial,
    Ready,
    SpeakingFinished,
    SpeakingStarted,
    SpeechEnded,
    Transcribed,
    TurnEnded,
    WakeDetected,
    to_json,
)

_log = logging.getLogger(__name__)


def _nobody_reads() -> None:
    """ "assistant run | head": end as SIGTERM ends it, with every file finished."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.raise_signal(signal.SIGTERM)


class Viewer:
    """Prints a conversation as it happens.

    Args:
        console: where to.
        detailed: show every stage with its time, as ``--demo`` does.
    """

    def __init__(self, console: Console, *, detailed: bool = False) -> None:
        self._console = console
        self._detailed = detailed
        self._read = True

    def __call__(self, event: Event) -> None:
        """A subscriber of :class:`assistant.session.timeline.Timeline`."""
        line = self._line(event) or (self._detail(event) if self._detailed else None)
        if line is None or not self._read:
            return
        stamp = f"[dim]{event.at:7.2f} s[/dim]  " if self._detailed else ""
        try:
            self._console.print(stamp + line, highlight=False, soft_wrap=not self._console.is_terminal)
        except (BrokenPipeError, SystemExit):  # the second by Rich 14
            self._read = False
            _nobody_reads()

    def _line(self, event: Event) -> str | None:
        match event:
            case Ready(wake_words=words):
                heard = f"Say [bold]{escape(' or '.join(words))}[/bold]." if words else "Just speak."
                return f"[green]Listening.[/green] {heard} [dim](Ctrl-C ends it)[/dim]"
            case Transcribed(text=text, rejected=rejected):
                if text:
                    return f"[bold cyan]You:[/bold cyan] {escape(text)}"
                return f"[bold cyan]You:[/bold cyan] [dim](not understood: {escape(rejected or '…')})[/dim]"
            case SpeakingStarted(text=text):
                return f"[bold magenta]Assistant:[/bold magenta] {escape(text)}"
            case Announced(text=text):
                return f"[bold magenta]Assistant:[/bold magenta] {escape(text)}"
            case CardShown(title=title, text=text):
                return "\n".join(filter(None, (f"[bold]{escape(title)}[/bold]", escape(text))))
            case Failed(message=message):
                return f"[red]{escape(message)}[/red]"
            case AudioDropped(seconds=seconds):
                return f"[yellow]This machine fell behind: {seconds:.2f} s of sound were lost.[/yellow]"
            case DeviceChanged(device=device, status=status):
                return f"[yellow]{escape(device)}: {status}[/yellow]"
        return None

    def _detail(self, event: Event) -> str | None:
        match event:
            case WakeDetected(word=word, score=score):
                return f"[green]wake word[/green] {escape(word)} ({score:.2f})"
            case Partial(text=text):
                return f"[dim]… {escape(text)}[/dim]"
            case SpeechEnded(reason=reason, until=until):
                return f"end of speech ({reason}), last sound at {until:.2f} s"
            case IntentMatched(intent=intent, slots=slots):
                shown = ", ".join(f"{name}={value}" for name, value in slots.items())
                return f"intent [bold]{escape(intent)}[/bold] {escape(shown)}"
            case SpeakingFinished(interrupted=interrupted):
                return "reply interrupted" if interrupted else "reply finished"
            case TurnEnded(outcome=outcome, stages_ms=stages):
                took = ", ".join(f"{stage} {ms:.0f} ms" for stage, ms in stages.items())
                return f"[dim]turn {event.turn} {outcome}: {took}[/dim]"
        return None


class EventWriter:
    """Writes one JSON object per line per event.

    Args:
        path: a file, or ``-`` for standard output.

    Raises:
        InputError: the file cannot be written.
    """

    def __init__(self, path: str) -> None:
        self._own = path != "-"
        try:
            self._out: TextIO = (
                Path(path).open("w", encoding="utf-8") if self._own else sys.stdout  # noqa: SIM115 (closed by close)
            )
        except OSError as error:
            raise InputError(f"--events: cannot write {path}: {error.strerror}") from error

    def __call__(self, event: Event) -> None:
        """A subscriber; each line is flushed so that a reader sees it at once."""
        if self._out.closed:  # a last event was still under way
            return
        try:
            self._out.write(json.dumps(to_json(event), ensure_ascii=False) + "\n")
            self._out.flush()
        except BrokenPipeError:
            self.close()
            _nobody_reads()
        except OSError as error:
            _log.error("--events: nothing more is written to %s: %s", self._out.name, error.strerror)
            self.close()

    def close(self) -> None:
        """Finish the file."""
        if self._own:
            with suppress(OSError):
                self._out.close()
