"""``assistant skill``: write, try, test, install and set up skills."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from assistant import paths
from assistant.commands import skill_places
from assistant.config import load
from assistant.errors import InputError
from assistant.skill.scaffold import check_languages, check_name, make_skill

app = typer.Typer(help="Write, try, test, install and set up skills.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="As 'assistant skill list' shows it.", show_default=False)]


def new(
    name: Annotated[str, typer.Argument(help="What it is called: tea_timer.", show_default=False)],
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to make it; default: your skill folder.", dir_okay=True)
    ] = None,
    languages: Annotated[str, typer.Option(help="Languages to begin with: en,de,fr,es,ru,bg.")] = "en",
) -> None:
    """Make a skill that runs at once, with sentences, words, tests and a README, to be changed into yours."""
    known = skill_places.places(load().config)
    check_name(name, known.known)
    place = make_skill(name, folder or paths.user_skills(), check_languages(languages.split(",")))
    called = name if folder is None or folder.resolve() in [each.resolve() for each in known.folders] else str(place)
    typer.echo(f"{place} is a skill now.")
    typer.echo(f"Talk to it:  assistant skill try {called}")
    typer.echo(f"Test it:     assistant skill test {called}")
    if called != name:
        typer.echo(f"To have it loaded, name its folder in config.yaml: skills: {{paths: [{place.parent.resolve()}]}}")


def enable(name: Name) -> None:
    """Switch a skill on, from the next start on."""
    config = load().config
    skill_places.places(config).get(name)
    if name in config.skills.disabled:
        raise InputError(f"The configuration switches {name} off: take it out of skills.disabled.")
    skill_places.installed().switch(name, on=True)
    typer.echo(f"{name} is on.")


def disable(name: Name) -> None:
    """Switch a skill off, from the next start on; what it has kept stays."""
    skill_places.places(load().config).get(name)
    skill_places.installed().switch(name, on=False)
    typer.echo(f"{name} is off. Back on: assistant skill enable {name}")


for command, module, function in (
    ("new", "skill", "new"),
    ("try", "skill_try", "talk"),
    ("test", "skill_test", "test"),
    ("install", "skill_install", "install"),
    ("list", "skill_list", "list_skills"),
    ("info", "skill_list", "info"),
    ("config", "skill_config", "config"),
    ("enable", "skill", "enable"),
    ("disable", "skill", "disable"),
    ("remove", "skill_install", "remove"),
):
    app.command(command)(getattr(import_module(f"assistant.commands.{module}"), function))
