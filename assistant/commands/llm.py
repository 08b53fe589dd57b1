"""``assistant llm``: check, models, key."""

from __future__ import annotations

import getpass
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from assistant.choosing_llm import Candidate, candidates
from assistant.commands.engines import remedy
from assistant.commands.skill_places import at_terminal
from assistant.config import Loaded, load
from assistant.errors import AssistantError, ConfigError, InputError
from assistant.llm.base import Delta, LanguageModel, Message, Usage
from assistant.llm.keys import find_key, host_of, keep_key, place
from assistant.llm.openai import Engine, Options
from assistant.llm.servers import answering

app = typer.Typer(help="The language model: check it, see what there is, keep its key.", no_args_is_help=True)
keys = typer.Typer(help="Keys of servers.", no_args_is_help=True)
app.add_typer(keys, name="key")

ConfigFile = Annotated[Path | None, typer.Option("--config", help="A configuration file on top of your own.")]
Url = Annotated[str | None, typer.Option("--url", help="The server's address; without it, the configured one.")]

_QUESTION = (Message("system", "You answer in one short sentence."), Message("user", "What colour is the sky at noon?"))
_NONE = "No language model is configured (llm.engine: none); choose one in config.yaml: llm: {engine: auto}"
NOTHING_FOUND = (
    "llm.engine: auto found no server on this machine that has a model, nor a local model",
    "start one (Ollama: ollama serve) or set llm.openai.base_url; assistant llm models shows what is here",
)


@dataclass(frozen=True, slots=True)
class Trial:
    """How one reply went; times in seconds.

    Attributes:
        first: to the first word.
        rate: tokens per second after it; None where there were too few.
    """

    model: str
    first: float
    rate: float | None

    def __str__(self) -> str:
        rate = f", then {self.rate:.0f} tokens per second" if self.rate is not None else ""
        return f"{self.model}, first word after {self.first:.2f} s{rate}"


@app.command()
def check(config: ConfigFile = None) -> None:
    """Ask each configured model something; the exit code is that of the first failure."""
    loaded = load(config)
    found = candidates(loaded)
    if not found:
        raise ConfigError(_NONE if loaded.config.llm.engine == "none" else ": ".join(NOTHING_FOUND))
    console, code = Console(soft_wrap=True), 0
    for each in found:
        try:
            trial = try_candidate(loaded, each)
        except AssistantError as error:
            code = code or error.exit_code
            cure = f"\n      → {escape(remedy(error))}" if remedy(error) else ""
            console.print(f"[red]fail[/red]  {escape(str(error))}{cure}", highlight=False)
        else:
            console.print(f"[green]ok[/green]    {each.name}: {escape(str(trial))}", highlight=False)
    raise typer.Exit(code)


def try_candidate(loaded: Loaded, candidate: Candidate) -> Trial:
    """Load an engine, ask it a short question and take the time.

    Raises:
        AssistantError: it cannot be loaded, or fails.
    """
    model = candidate.build(loaded)
    try:
        return try_model(model)
    finally:
        model.close()


def try_model(model: LanguageModel) -> Trial:
    """Ask a short question and take the time.

    Raises:
        EngineError: as ``next`` of a reply.
    """
    began = time.perf_counter()
    first, last, pieces, tokens = 0.0, 0.0, 0, 0
    generation = model.reply(_QUESTION, ())
    try:
        for piece in generation:
            if isinstance(piece, Delta):
                last = time.perf_counter()
                first, pieces = first or last, pieces + 1
            elif isinstance(piece, Usage):
                tokens = piece.reply
    finally:
        generation.close()
    took = (first or time.perf_counter()) - began
    rate = (max(tokens, pieces) - 1) / (last - first) if pieces > 1 and last > first else None
    return Trial(model.model, took, rate)


@app.command()
def models(config: ConfigFile = None) -> None:
    """Show what the configured server offers, and the servers that answer on this machine."""
    loaded = load(config)
    here = answering()
    typer.echo("\n".join(["Servers on this machine:", *(f"  {each}" for each in here)] if here else [
        "No server answers on this machine (looked for Ollama, llama.cpp, vLLM and LM Studio at their usual ports)."
    ]))  # fmt: skip
    url = configured_url(loaded)
    if loaded.config.llm.engine == "openai" and url not in {each.base_url for each in here}:
        engine = Engine(Options(base_url=url, key_env=_key_env(loaded)))
        try:
            offered = engine.models()
        finally:
            engine.close()
        typer.echo("\n".join([f"{host_of(url)} has:", *(f"  {name}" for name in offered)]))


@keys.command("set")
def set_key(config: ConfigFile = None, url: Url = None) -> None:
    """Keep a key for a server; it is asked for where nobody sees it, or read from standard input."""
    address = _address(config, url)
    if at_terminal():
        value = getpass.getpass(f"The key for {host_of(address)} (not shown): ")
    else:
        value = sys.stdin.readline() if sys.stdin is not None else ""
    if not value.strip():
        raise InputError("No key was given; nothing was changed.")
    keep_key(address, value)
    typer.echo(f"The key for {host_of(address)} is in {place()}.")


@keys.command("remove")
def remove_key(config: ConfigFile = None, url: Url = None) -> None:
    """Forget the key of a server."""
    address = _address(config, url)
    keep_key(address, None)
    typer.echo(f"No key for {host_of(address)} is in {place()} any more.")


@keys.command("show")
def show_key(config: ConfigFile = None, url: Url = None) -> None:
    """Say whether there is a key for a server, and where; the exit code is 1 if there is none."""
    address = _address(config, url)
    key = find_key(address, _key_env(load(config)) if url is None else None)
    if key is None:
        typer.echo(f"There is no key for {host_of(address)}. Keep one with: assistant llm key set")
        raise typer.Exit(1)
    typer.echo(f"The key for {host_of(address)} comes from {key.place}.")


def configured_url(loaded: Loaded) -> str:
    """The address of the configured server."""
    return str(loaded.config.llm.options("openai").get("base_url", Options.model_fields["base_url"].default)).rstrip(
        "/"
    )


def _key_env(loaded: Loaded) -> str | None:
    name = loaded.config.llm.options("openai").get("key_env")
    return name if isinstance(name, str) else None


def _address(config: Path | None, url: str | None) -> str:
    address = url or configured_url(load(config))
    if not address.startswith(("http://", "https://")) or not host_of(address):
        raise InputError(f"{address!r} is not an address; it is written like https://api.example.org/v1")
    return address
