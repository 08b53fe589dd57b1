"""``assistant ask``: the same skills, in writing."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from assistant import paths
from assistant.app import find_skills, open_mind
from assistant.choosing import in_language
from assistant.commands.answering import timed_answer
from assistant.config import Loaded, load
from assistant.errors import SkillError
from assistant.events import _plain as plain
from assistant.intent.lang import language as known_language
from assistant.intent.template import SlotType
from assistant.session.brain import Reply
from assistant.session.house import Surroundings
from assistant.skill.around import Card, Playing, Sound
from assistant.skill.phrases import phrase
from assistant.tts import ssml

_PATIENCE_S = 10.0
"""How long a single question waits for an answer from a pipe."""


def ask(
    text: Annotated[str | None, typer.Argument(help="What to ask; without it, a conversation.")] = None,
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
    speak: Annotated[bool, typer.Option("--speak", help="Say the answer, too.")] = False,
    language: Annotated[str | None, typer.Option(help="What to speak, of the languages that the skills know.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Intent, slots, reply and milliseconds.")] = False,
) -> None:
    """Answer a text, or hold a conversation in writing."""
    loaded = load(config)
    if language is not None:
        loaded = in_language(loaded, known_language(language).code)
    if text is None:
        chat(loaded, Console(), speak=speak)
        return
    if as_json:
        reply, took = asyncio.run(_answer(loaded, text))
        typer.echo(json.dumps(_report(text, reply, took), ensure_ascii=False))
    else:
        reply, _ = asyncio.run(_answer(loaded, text, _print))
        typer.echo()
    if speak and reply.text:
        _speak(loaded, reply)


def _print(piece: str) -> None:
    """Write a piece of an answer, at once."""
    typer.echo(piece, nl=False)


def _report(text: str, reply: Reply, took: Mapping[str, float]) -> dict[str, Any]:
    return {
        "text": text,
        "intent": reply.intent or None,
        "slots": {name: plain(value) for name, value in reply.slots.items()},
        "reply": ssml.plain(reply.text),
        "outcome": reply.outcome,
        "ms": {stage: round(ms, 3) for stage, ms in took.items()},
    }


async def _answer(
    loaded: Loaded, text: str, show: Callable[[str], None] = lambda _piece: None
) -> tuple[Reply, dict[str, float]]:
    began = time.perf_counter()
    skills = find_skills(loaded.config)
    surroundings = written(Console(stderr=True), _at_hand, skills.loading.language)
    async with open_mind(loaded, surroundings, skills) as mind:
        mind.brain.paraphrases = True
        loading = time.perf_counter()
        reply, took = await timed_answer(mind, text, show)
    return reply, {"load": (loading - began) * 1000, **took}


async def _at_hand() -> str:
    """The next line of what is typed or piped; empty when nothing comes through the pipe in time."""
    if sys.stdin is not None and sys.stdin.isatty():
        return await read_line(interactive=True)
    with suppress(TimeoutError):
        return await asyncio.wait_for(read_line(interactive=False), _PATIENCE_S)
    return ""


def chat(loaded: Loaded, console: Console, *, speak: bool = False) -> None:
    """A conversation in the terminal, with line editing and a history that is kept; Ctrl-C ends it, too."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_chat(loaded, console, speak=speak))


async def _chat(loaded: Loaded, console: Console, *, speak: bool) -> None:
    skills = find_skills(loaded.config)
    interactive = sys.stdin is not None and sys.stdin.isatty()
    surroundings = written(console, lambda: read_line(interactive), skills.loading.language)
    async with open_mind(loaded, surroundings, skills) as mind:
        mind.brain.paraphrases = True
        if interactive:
            edit_lines(paths.data_dir() / "history")
            console.print("[dim]Type what you would say; an empty line or Ctrl-D ends it.[/dim]")
        while line := await read_line(interactive):
            shown = _Shown(console)
            reply, _ = await timed_answer(mind, line, shown.take)
            shown.end()
            if speak and reply.text:
                await asyncio.to_thread(_speak, loaded, reply)


class _Shown:
    """An answer that is printed as it becomes known."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun = False

    def take(self, piece: str) -> None:
        if piece:
            text = escape(piece) if self._begun else said(piece)
            self._begun = True
            self._console.print(text, end="", highlight=False, soft_wrap=True)

    def end(self) -> None:
        if self._begun:
            self._console.print()


def said(text: str) -> str:
    """What the assistant says, as it is printed: rich's markup."""
    return f"[bold magenta]Assistant:[/bold magenta] {escape(text)}"


async def read_line(interactive: bool) -> str:
    """The next line; empty at the end. Read on a thread that need not be waited for when Ctrl-C ends the program."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def settle(text: str) -> None:
        if not line.done():
            line.set_result(text)

    def read() -> None:
        text = _typed() if interactive else _piped()
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, text)

    threading.Thread(target=read, name="typing", daemon=True).start()
    return await line


def _typed() -> str:
    try:
        return input("You: ").strip()
    except EOFError:
        return ""


def _piped() -> str:
    """The next line that is not empty."""
    lines = (line.strip() for line in sys.stdin or ())
    return next((line for line in lines if line), "")


def edit_lines(history: Path) -> None:
    """Let a line be edited at the terminal, and keep what was typed in a file."""
    import atexit
    import readline
    import termios

    terminal = termios.tcgetattr(sys.stdin)
    atexit.register(termios.tcsetattr, sys.stdin, termios.TCSANOW, terminal)  # Ctrl-C leaves readline half-way
    with suppress(OSError):
        readline.read_history_file(history)
    readline.set_history_length(1000)

    def save() -> None:
        with suppress(OSError):
            history.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(history)

    atexit.register(save)


def _speak(loaded: Loaded, reply: Reply) -> None:
    from assistant.commands.say import play

    main = loaded.config.spoken[0]
    play(loaded if reply.language in ("", main) else in_language(loaded, reply.language), reply.text)


def written(console: Console, read_line: Callable[[], Awaitable[str]], language: str = "en") -> Surroundings:
    """What surrounds the skills of a written conversation: announcements and questions are printed.

    Args:
        console: where to.
        read_line: the next line that is written; empty at the end.
        language: ISO 639-1 code of the conversation.
    """
    return _Written(console, read_line, language)


class _Written:
    def __init__(self, console: Console, read_line: Callable[[], Awaitable[str]], language: str) -> None:
        self._console = console
        self._language = language
        self._read_line = read_line
        self._ringing: str | None = None
        self._stopped = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def announce(self, text: str, skill: str) -> None:  # noqa: ARG002
        self._console.print(f"[bold yellow]{escape(text)}[/bold yellow]", highlight=False)

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        self._ringing = text
        self._stopped.clear()
        await self.announce(f"\a{text} (type stop)", skill)
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._ringing = None
        return True

    async def ask(self, question: str, kind: SlotType) -> str | None:  # noqa: ARG002 - writing is never misheard
        self._console.print(said(question), highlight=False, soft_wrap=not self._console.is_terminal)
        return await self._read_line() or None

    async def say(self, text: str) -> None:
        self._console.print(said(text), highlight=False, soft_wrap=not self._console.is_terminal)

    async def play(self, sound: Sound, title: str) -> Playing:  # noqa: ARG002
        raise SkillError(phrase("no_sound", self._language))

    playing = None

    def stop_playing(self) -> bool:
        return False

    def show(self, card: Card, skill: str) -> None:  # noqa: ARG002
        picture = f"[picture, {len(card.image):,} bytes]" if card.image is not None else ""
        text = "\n".join(filter(None, (card.text, picture)))
        self._console.print(Panel(escape(text), title=escape(card.title), expand=False), highlight=False)

    def stop(self) -> bool:
        ringing = self._ringing is not None
        self._loop.call_soon_threadsafe(self._stopped.set)
        return ringing

    @property
    def ringing(self) -> str | None:
        return self._ringing

    def apply_volume(self, level: float) -> None:
        """Writing has no loudness."""
