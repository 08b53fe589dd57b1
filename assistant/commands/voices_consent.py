"""``assistant voices consent``: agree to a voice's licence, or to imitating somebody's voice."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from assistant.errors import InputError
from assistant.tts.consent import Agreement, ConsentNeeded, agree, agreed, agreement_on, ask, withdraw

_Made = TypeVar("_Made")


def consent(
    what: Annotated[
        str | None, typer.Argument(help="cpml (the licence of XTTS), or a recording. Without it: what is agreed to.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree without being asked.")] = False,
    take_back: Annotated[bool, typer.Option("--withdraw", help="Agree no longer.")] = False,
) -> None:
    """Agree to a voice's licence, or to imitating the voice in a recording; asked once, kept with the date."""
    if what is None:
        _show()
        return
    agreement = agreement_on(what)
    if take_back:
        typer.echo("Withdrawn." if withdraw(agreement) else "There was nothing to withdraw.")
    elif yes:
        agree(agreement)
        typer.echo("Kept.")
    elif not sys.stdin.isatty():
        raise InputError(f"There is nobody to ask here. To agree: {agreement.command} --yes")
    elif not ask(agreement, _question):
        raise typer.Exit(1)
    else:
        typer.echo("Kept.")


def asking(make: Callable[[], _Made]) -> _Made:
    """What ``make`` makes; if it lacks an agreement and somebody is at the terminal, they are asked, once for each.

    Raises:
        ConsentNeeded: nobody is there, or the answer was no.
    """
    refused: set[Agreement] = set()
    while True:
        try:
            return make()
        except ConsentNeeded as error:
            if error.agreement in refused or not sys.stdin.isatty() or not ask(error.agreement, _question):
                raise
            refused.add(error.agreement)


def _question(text: str) -> bool:
    typer.echo(text, err=True)
    return typer.confirm("Do you agree?", err=True)


def _show() -> None:
    kept = agreed()
    for entry in kept.values():
        typer.echo(f"{str(entry['at'])[:10]}  {entry['what']}")
    if not kept:
        typer.echo("Nothing has been agreed to.")
