"""``assistant memory``: list, forget, export, clear."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from assistant import paths
from assistant.errors import InputError
from assistant.memory.conversations import Conversations, Kept
from assistant.memory.database import FILE
from assistant.memory.facts import Fact, Facts
from assistant.memory.words import plain

app = typer.Typer(help="What the assistant remembers: show, forget, take out, clear.", no_args_is_help=True)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_SEVERAL = 10
"""Facts that a text to forget may mean."""


def _file() -> Path:
    return paths.data_dir() / FILE


def _facts() -> list[Fact]:
    with closing(Facts(_file())) as facts:
        return facts.all() if _file().exists() else []


def _conversations() -> list[Kept]:
    with closing(Conversations(_file())) as conversations:
        return conversations.all() if _file().exists() else []


@app.command("list")
def list_memory(
    conversations: Annotated[bool, typer.Option("--conversations", "-c", help="Also what was said.")] = False,
) -> None:
    """Show the facts it was told to remember, the newest first."""
    console = Console(soft_wrap=True, highlight=False)
    facts = _facts()
    for fact in facts:
        about = f" [dim]({escape(fact.who)})[/dim]" if fact.who else ""
        console.print(f"[dim]{fact.id:>4}  {_day(fact)}[/dim]  {escape(fact.text)}{about}")
    if not facts:
        console.print('Nothing yet. Say, for example: "remember that my cat is called Tom".')
    if conversations:
        _list_conversations(console)


def _list_conversations(console: Console) -> None:
    found = _conversations()
    console.print("\n[bold]Conversations[/bold]" if found else "\nNothing is kept of conversations.")
    for kept in found:
        console.print(f"[bold]{escape(kept.who) or 'this machine'}[/bold]")
        if kept.summary:
            console.print(f"  [dim]Before that:[/dim] {escape(' '.join(kept.summary.split()))}")
        for said in kept.said:
            console.print(
                f"  [dim]{said.at:%Y-%m-%d %H:%M}[/dim]  {escape(said.user)}\n{'':20}{escape(said.assistant)}"
            )


@app.command()
def forget(
    what: Annotated[str, typer.Argument(help="A number that 'assistant memory list' shows, or words of the fact.")],
    yes: Yes = False,
) -> None:
    """Forget a fact; when the words are not the whole of it, after asking."""
    facts, words = _facts(), " ".join(what.split()).rstrip(".!").casefold()
    found = [fact for fact in facts if words in (str(fact.id), f"#{fact.id}", fact.text.rstrip(".!").casefold())]
    sure = yes or len(found) == 1
    if not found and not words.isdecimal():
        found = _meant(words, facts)
    if not found:
        raise InputError(f"No fact fits {what!r}. See them with: assistant memory list")
    for fact in found:
        typer.echo(f"{fact.id:>4}  {_day(fact)}  {fact.text}")
    if not sure:
        typer.confirm(f"Forget {'this' if len(found) == 1 else f'these {len(found)}'}?", abort=True)
    with closing(Facts(_file())) as kept:
        gone = kept.forget([fact.id for fact in found])
    typer.echo(f"Forgotten: {gone} {'fact' if gone == 1 else 'facts'}.")


def _meant(words: str, facts: list[Fact]) -> list[Fact]:
    """The facts that have the words in them, else those that are about them."""
    wanted = f" {plain(words)} "
    if parts := [fact for fact in facts if wanted.strip() and wanted in f" {plain(fact.text)} "]:
        return parts
    with closing(Facts(_file())) as kept:
        return kept.find(words, _SEVERAL) if facts else []


@app.command()
def export(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A new JSON file; - for standard output.")],
) -> None:
    """Write everything that is remembered to a file, as JSON."""
    facts, conversations = _facts(), _conversations()
    everything = {"facts": list(map(asdict, facts)), "conversations": list(map(asdict, conversations))}
    text = json.dumps(everything, ensure_ascii=False, indent=2, default=datetime.isoformat) + "\n"
    if file == "-":
        sys.stdout.write(text)
        return
    try:
        with Path(file).open("x", encoding="utf-8") as opened:
            Path(file).chmod(0o600)
            opened.write(text)
    except FileExistsError:
        raise InputError(f"{file} is there already. Give another name.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror or error}.") from None
    typer.echo(f"{file}: {len(facts)} facts, {sum(len(each.said) for each in conversations)} exchanges.")


@app.command()
def clear(
    facts: Annotated[bool, typer.Option("--facts", help="Only the facts.")] = False,
    conversations: Annotated[bool, typer.Option("--conversations", help="Only the conversations.")] = False,
    yes: Yes = False,
) -> None:
    """Forget everything: facts and conversations, or one of them."""
    both = facts == conversations
    known = len(_facts()) if facts or both else 0
    said = _conversations() if conversations or both else []
    if not known and not said:
        typer.echo("There is nothing to forget.")
        return
    number = sum(len(each.said) for each in said)
    parts = [f"{known} facts"] if known else []
    parts += [f"{len(said)} conversations ({number} exchanges and what is summarised)"] if said else []
    if not yes:
        typer.confirm(f"Forget {' and '.join(parts)}?", abort=True)
    with closing(Facts(_file())) as kept_facts, closing(Conversations(_file())) as kept_conversations:
        if known:
            kept_facts.clear()
        if said:
            kept_conversations.clear()
    typer.echo("Forgotten.")


def _day(fact: Fact) -> str:
    return f"{fact.at:%Y-%m-%d}"
