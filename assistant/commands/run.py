"""``assistant run``: listen and answer."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from assistant.app import open_session
from assistant.audio.device import looks_like_file
from assistant.audio.sink import NullSink, Sink, open_sink
from assistant.audio.source import Source, open_source
from assistant.config import Loaded, load
from assistant.console import EventWriter, Viewer
from assistant.errors import DeviceError, InputError
from assistant.runtime.clock import VirtualLoop
from assistant.session.session import Session
from assistant.session.timeline import Subscriber, Timeline


@dataclass(frozen=True, slots=True)
class Choice:
    """Where sound comes from and goes to, and how fast."""

    source: str | int | None
    output: str | int | None
    fast: bool = False
    wake: bool = True


def run(
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
    input: Annotated[str | None, typer.Option(help="A microphone (name or number) or a sound file.")] = None,
    output: Annotated[str | None, typer.Option(help="A loudspeaker, a .wav file to write, or none.")] = None,
    events: Annotated[str | None, typer.Option(help="Write every event as a JSON line to a file, or - .")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Work through a file as fast as the CPU goes.")] = False,
    no_wake: Annotated[bool, typer.Option("--no-wake", help="Always listen, without a wake word.")] = False,
    demo: Annotated[bool, typer.Option("--demo", help="Show a conversation; needs no sound devices.")] = False,
) -> None:
    """Listen and answer, until Ctrl-C."""
    from assistant.commands.demo import play_demo

    loaded = load(config)
    if demo:
        play_demo(loaded)
        return
    choice = Choice(
        input if input is not None else loaded.config.audio.input,
        output if output is not None else loaded.config.audio.output,
        fast,
        not no_wake,
    )
    console = Console(stderr=events == "-")
    writer = EventWriter(events) if events else None
    subscribers: list[Subscriber] = [Viewer(console)] + ([writer] if writer else [])
    try:
        converse(loaded, choice, subscribers)
    except DeviceError as error:
        if input is not None or output is not None:
            raise
        from assistant.commands.ask import chat

        console.print(f"[yellow]{error}[/yellow] Until then, let us write to each other.", soft_wrap=True)
        chat(loaded, console)
    finally:
        if writer:
            writer.close()


def converse(loaded: Loaded, choice: Choice, subscribers: Sequence[Subscriber], data: Path | None = None) -> None:
    """Run one session to its end; Ctrl-C and SIGTERM end it cleanly.

    Raises:
        InputError: an input file cannot be read, or ``--fast`` without one.
        DeviceError: a sound device cannot be opened.
    """
    from_file = is_file(choice.source)
    if choice.fast and not from_file:
        raise InputError("--fast needs a file: add --input FILE")
    with suppress(asyncio.CancelledError):  # a signal while the engines were still being loaded
        run_on_loop(lambda: _converse(loaded, choice, subscribers, data), virtual=choice.fast)


def run_on_loop(main: Callable[[], Coroutine[Any, Any, None]], *, virtual: bool = False) -> None:
    """Run a coroutine on a real-time or virtual loop."""
    with asyncio.Runner(loop_factory=VirtualLoop if virtual else None) as runner:
        runner.run(main())


async def _converse(loaded: Loaded, choice: Choice, subscribers: Sequence[Subscriber], data: Path | None) -> None:
    timeline = Timeline()
    for subscriber in subscribers:
        timeline.subscribe(subscriber)
    sessions: list[Session] = []

    loop = asyncio.get_running_loop()

    def changed(kind: str, detail: str) -> None:
        for session in sessions:
            loop.call_soon_threadsafe(session.device_changed, detail, kind)

    _end_on_signals(sessions)
    io = open_io(choice, changed)
    async with open_session(loaded, io, timeline, wake=choice.wake, greet=io[0].live, data=data) as session:
        sessions.append(session)
        await session.run()


def open_io(choice: Choice, changed: Callable[[str, str], None]) -> tuple[Source, Sink]:
    """Open the two ends.

    Raises:
        InputError, DeviceError: one of them cannot be opened.
    """
    source = open_source(choice.source, changed)
    return source, _open_output(choice.output, from_file=not source.live, changed=changed)


def _open_output(output: str | int | None, *, from_file: bool, changed: Callable[[str, str], None]) -> Sink:
    if output is None and from_file:
        return NullSink()
    if isinstance(output, str) and looks_like_file(output) and Path(output).suffix.lower() != ".wav":
        raise InputError(f"--output writes WAV files only: {output} must end in .wav")
    return open_sink(output, changed)


def is_file(source: str | int | None) -> bool:
    """Whether an ``--input`` names a file rather than a device."""
    if not isinstance(source, str):
        return False
    return Path(source).exists() or looks_like_file(source)


def _end_on_signals(sessions: Sequence[Session]) -> None:
    """Stop the sessions that run; before there is one, give up loading it."""
    loop, loading = asyncio.get_running_loop(), asyncio.current_task()

    def end() -> None:
        for session in sessions:
            session.stop()
        if not sessions and loading is not None:
            loading.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
