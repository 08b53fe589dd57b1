"""The command line: run · ask · say · transcribe · engines · models · memory · config · doctor · bench."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
import threading
from importlib import import_module
from typing import Annotated, Any

import typer

from assistant import __version__
from assistant.errors import AssistantError

_WrongUsage: type[Exception] = typer.BadParameter.__mro__[2]
"""Click's ``ClickException``, whether Typer uses the package click or brings a copy of its own (0.25 and later)."""

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

app = typer.Typer(
    name="assistant",
    help="A voice assistant that runs on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_COMMANDS = {
    "run": "run",
    "ask": "ask",
    "say": "say",
    "transcribe": "speech",
    "engines": "engines",
    "doctor": "doctor",
    "config": "config",
    "models": "models",
    "voices": "voices",
    "memory": "memory",
    "skill": "skill",
    "llm": "llm",
    "mcp": "mcp",
    "bench": "bench",
}
"""Command → its module in ``assistant.commands``; a group's module has an ``app``."""


def load_commands(wanted: list[str]) -> None:
    """Import the commands that are asked for: each costs start-up time, which a Raspberry Pi has less of."""
    first = next((word for word in wanted if not word.startswith("-")), "")
    for name, module in _COMMANDS.items():
        if first in _COMMANDS and name != first:
            continue
        found = import_module(f"assistant.commands.{module}")
        if hasattr(found, "app"):
            app.add_typer(found.app, name=name)
        else:
            app.command(name)(getattr(found, name))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"assistant {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens inside.")] = False,
) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)


def main() -> None:
    """Run the command line and leave, with the exit code that belongs to the error if there was one."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a file name or a pipe may hold anything
    _leave(run_command())


def run_command() -> int:
    """Run the command in ``sys.argv``; returns its exit code, after one line on stderr if it failed."""
    try:
        load_commands(sys.argv[1:])
        result = app(standalone_mode=False)
        return result if isinstance(result, int) else 0
    except AssistantError as error:
        return _one_line(error)
    except ExceptionGroup as group:
        ours = group.subgroup(AssistantError)
        if ours is None:
            raise
        return _one_line(_first(ours))
    except _WrongUsage as error:
        return _wrong_usage(error)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # "assistant … | head": nobody listens any more
        return 0
    except OSError as error:
        if error.errno not in _DISK_FULL:
            raise
        print(f"assistant: {error.strerror}. Make room, then try again.", file=sys.stderr)
        return 1


def _one_line(error: AssistantError) -> int:
    print(f"assistant: {error}", file=sys.stderr)
    return error.exit_code


def _first(group: ExceptionGroup[AssistantError]) -> AssistantError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, ExceptionGroup) else inner


def _wrong_usage(error: Any) -> int:
    """One line; a group without a command shows its help instead."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
    else:
        context = getattr(error, "ctx", None)
        more = f" See: {context.command_path} --help" if context else ""
        print(f"assistant: {error.format_message().rstrip('.')}.{more}", file=sys.stderr)
    return int(error.exit_code)


def _leave(code: int) -> None:
    """Exit now, even if an engine's thread is deep in a model or a skill blocks for ever."""
    sys.stdout.flush()
    sys.stderr.flush()
    stuck = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon and t.is_alive()]
    for thread in stuck:
        thread.join(0.2)
    if any(thread.is_alive() for thread in stuck):
        logging.shutdown()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
