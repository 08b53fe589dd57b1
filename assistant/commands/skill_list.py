"""``assistant skill list`` and ``info``: which skills there are, and how each is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.commands import skill_places
from assistant.config import Config, load
from assistant.errors import ConfigError
from assistant.skill.installed import this_python
from assistant.skill.loader import LoadedSkill, Skills
from assistant.skill.manifest import Manifest
from assistant.skill.permissions import asks_of
from assistant.skill.places import Place

_SHOWN = {"shipped": "shipped", "own": "your own", "installed": "installed", "package": "package"}


@dataclass(frozen=True, slots=True)
class Row:
    """A skill, for the list.

    Attributes:
        origin: ``shipped``, ``own``, ``installed``, ``package``.
        enabled: it is loaded at the next start.
        needs: the command that sets what it lacks, else empty.
        isolated: it runs in a process of its own.
        problems: what is wrong with it, a line each.
    """

    name: str
    title: str
    origin: str
    version: str
    languages: tuple[str, ...]
    enabled: bool
    needs: str
    isolated: bool
    path: str
    problems: tuple[str, ...]


def list_skills(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show every skill: where it comes from, whether it is on, and what it lacks."""
    config = load().config
    known = skill_places.places(config)
    skills = skill_places.load_all(config)
    rows = [row_of(known.known[name], config, skills) for name in sorted(known.known)]
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
        return
    console = Console(soft_wrap=True)
    console.print(_table(rows))
    for row in rows:
        for text in filter(None, (row.needs and f"needs: {row.needs}", *row.problems)):
            console.print(f"[yellow]{escape(row.name)}[/yellow]: {escape(text)}", highlight=False)
    for problem in known.problems:
        console.print(f"[yellow]{escape(str(problem))}[/yellow]", highlight=False)
    console.print(f"[dim]Your own skills live in {escape(str(known.folders[1]))}[/dim]", highlight=False)


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False)
    for label in ("skill", "from", "version", "languages", "", ""):
        table.add_column(label, no_wrap=True)
    for row in rows:
        state = "off" if not row.enabled else "problem" if row.problems else "needs settings" if row.needs else "on"
        colour = {"on": "green", "off": "dim"}.get(state, "yellow")
        where = "isolated" if row.isolated else ""
        table.add_row(
            row.name, _SHOWN[row.origin], row.version, " ".join(row.languages), f"[{colour}]{state}[/{colour}]", where
        )
    return table


def row_of(place: Place, config: Config, skills: Skills) -> Row:
    """What the list says of a skill."""
    manifest, problems = _manifest(place)
    said = [f"{problem.place}: {problem.text}" for problem in skills.problems if problem.skill == place.name]
    problems = list(dict.fromkeys([*problems, *said]))
    if place.record is not None and place.record.python not in ("", this_python()):
        problems.append(
            f"its packages are for Python {place.record.python}: assistant skill install {place.record.source}"
        )
    loaded = skills.get(place.name)
    version = place.record.version if place.record else manifest.version if manifest else ""
    version = "" if version == "0" else version  # nobody has given it one
    off = {*config.skills.disabled, *skill_places.installed().disabled()}
    return Row(
        place.name,
        title_of(place, manifest, loaded),
        place.origin,
        version,
        place.languages,
        place.name not in off,
        needs_of(manifest, config) if not problems else "",
        place.isolated,
        str(place.found.path),
        tuple(problems),
    )


def title_of(place: Place, manifest: Manifest | None, loaded: LoadedSkill | None) -> str:
    """What a skill is called."""
    return (loaded.title if loaded else "") or (manifest.title if manifest else "") or place.name


def needs_of(manifest: Manifest | None, config: Config) -> str:
    """The command that sets what a skill lacks; empty if it lacks nothing."""
    if manifest is None:
        return ""
    try:
        missing = skill_places.settings(config).missing(manifest)
    except ConfigError:
        return ""
    words = [name if manifest.settings[name].secret else f"{name}=…" for name in missing]
    return f"assistant skill config {manifest.name} {' '.join(words)}" if words else ""


def _manifest(place: Place) -> tuple[Manifest | None, list[str]]:
    try:
        return place.manifest(), []
    except ConfigError as error:
        return None, [str(error)]


def info(name: Annotated[str, typer.Argument(help="A skill, or the path of one.", show_default=False)]) -> None:
    """Show everything about a skill."""
    config = load().config
    place = skill_places.places(config).get(name)
    manifest, _ = _manifest(place)
    skills = skill_places.load_all(config)
    row = row_of(place, config, skills)
    console = Console(soft_wrap=True)
    console.print(f"[bold]{escape(row.name)}[/bold] {escape(row.version)}  {escape(row.title)}", highlight=False)
    facts = _facts(row, place, manifest, skills.get(place.name))
    width = max(map(len, facts))
    for label, text in facts.items():
        for number, line in enumerate(text.splitlines()):
            console.print(f"[dim]{'' if number else label:{width}}[/dim]  {escape(line)}", highlight=False)


def _facts(row: Row, place: Place, manifest: Manifest | None, loaded: LoadedSkill | None) -> Mapping[str, str]:
    facts: dict[str, Any] = {"from": _SHOWN[row.origin], "path": row.path}
    if place.record is not None:
        facts["source"] = place.record.source
    if manifest is not None:
        facts |= {name: getattr(manifest, name) for name in ("description", "author", "licence", "homepage")}
        facts["assistant"] = manifest.assistant
        facts["requires"] = ", ".join(manifest.requirements)
        facts["may"] = "\n".join(_permissions(place, manifest))
        facts["settings"] = ", ".join(manifest.settings)
    facts["languages"] = " ".join(row.languages)
    facts["state"] = "on" if row.enabled else "off"
    facts["runs"] = "in a process of its own" if row.isolated else "in the assistant's process"
    if loaded is not None:
        facts["examples"] = "\n".join(f'"{example}"' for example in loaded.examples[:5])
    facts["needs"] = row.needs
    facts["problems"] = "\n".join(row.problems)
    return {label: text for label, text in facts.items() if text}


def _permissions(place: Place, manifest: Manifest) -> list[str]:
    """In words; what its user refused is marked."""
    asked = asks_of(manifest.permissions)
    if place.record is None:
        return [str(ask) for ask in asked]
    granted = asks_of(place.record.granted)
    return [str(ask) if ask in granted else f"{ask} (refused)" for ask in asked]
