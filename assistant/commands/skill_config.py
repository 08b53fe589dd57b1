"""``assistant skill config``: a skill's settings, shown and changed."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.commands import skill_places
from assistant.config import load
from assistant.errors import ConfigError, InputError, SkillError
from assistant.skill.manifest import Manifest, Setting
from assistant.skill.settings import SkillSettings
from assistant.suggest import nearest


def config(
    name: Annotated[str, typer.Argument(help="A skill.", show_default=False)],
    values: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]…", help="Settings; a secret without its value.")
    ] = None,
    unset: Annotated[list[str] | None, typer.Option("--unset", metavar="KEY", help="Back to its default.")] = None,
) -> None:
    """Show a skill's settings, or change some: they are checked, and kept through upgrades."""
    loaded = load().config
    manifest = skill_places.places(loaded).get(name).manifest()
    if manifest is None or not manifest.settings:
        raise InputError(f"The skill {name} has no settings.")
    settings = skill_places.settings(loaded)
    if not values and not unset:
        _show(manifest, settings)
        return
    changes: dict[str, str | None] = {key: _read(manifest, each) for each in values or () for key in [_key(each)]}
    changes |= dict.fromkeys(unset or ())
    _check(manifest, changes)
    try:
        for key, text in changes.items():
            settings.save(manifest, key, text)
    except SkillError as error:  # the secrets' own
        raise InputError(str(error)) from None
    _report(manifest, settings, list(changes))


def _key(word: str) -> str:
    return word.partition("=")[0].strip()


def _read(manifest: Manifest, word: str) -> str:
    """The value of ``key=value``; that of a secret is asked for, so that it is in no history of commands."""
    key, equals, text = word.partition("=")
    setting = _setting(manifest, key.strip())
    if not setting.secret:
        if not equals:
            raise InputError(f"{key} needs a value: assistant skill config {manifest.name} {key}=…")
        return text
    if equals:
        raise InputError(
            f"{key} is a secret: leave the value out, and you are asked for it where nobody sees it: "
            f"assistant skill config {manifest.name} {key}"
        )
    if skill_places.at_terminal():
        secret = getpass.getpass(f"{setting.help or key} (not shown): ")
    else:
        secret = sys.stdin.readline() if sys.stdin is not None else ""
    if not secret.strip():
        raise InputError(f"{key} was not given; nothing was changed.")
    return secret.strip()


def _setting(manifest: Manifest, key: str) -> Setting:
    if key not in manifest.settings:
        raise ConfigError(f"{key} is not a setting of {manifest.name}{nearest(key, list(manifest.settings))}")
    return manifest.settings[key]


def _check(manifest: Manifest, changes: dict[str, str | None]) -> None:
    """All of them, before any is kept."""
    for key, text in changes.items():
        setting = _setting(manifest, key)
        if text is not None:
            try:
                setting.read(text)
            except ValueError as error:
                raise ConfigError(f"{key} {error}") from None


def _report(manifest: Manifest, settings: SkillSettings, changed: Sequence[str]) -> None:
    given = settings.given.get(manifest.name, {})
    for key in changed:
        if key in given:
            where = f"skills.settings.{manifest.name}.{key}"
            typer.echo(f"{key} is saved, but the configuration's {where} comes first.")
        elif manifest.settings[key].secret:
            typer.echo(f"{key} is saved.")
        else:
            typer.echo(f"{key} is {_shown(settings.checked(manifest)[key])} now.")
    if missing := settings.missing(manifest):
        typer.echo(f"Still needed: {', '.join(missing)}.")


def _show(manifest: Manifest, settings: SkillSettings) -> None:
    values, secrets = settings.checked(manifest), settings.secrets(manifest.name)
    given, saved = settings.given.get(manifest.name, {}), settings.of(manifest.name)
    table = Table("setting", "value", "from", "about", box=None, pad_edge=False)
    for key, setting in manifest.settings.items():
        if setting.secret:
            known = secrets is not None and secrets.get(key) is not None
            value = "(set)" if known else "(not set)"
        else:
            value = _shown(values[key])
        source = "config.yaml" if key in given else "you" if key in saved else "default"
        about = " ".join(filter(None, (setting.help, _kind(setting), "required" if setting.required else "")))
        table.add_row(key, escape(value), "" if setting.secret else source, escape(about))
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(f"[dim]Change one with: assistant skill config {manifest.name} KEY=VALUE[/dim]", highlight=False)


def _kind(setting: Setting) -> str:
    what = "one of " + ", ".join(setting.choices) if setting.choices else "secret" if setting.secret else setting.type
    return f"({what})"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "(not set)"
        case bool():
            return str(value).lower()
        case list() | tuple():
            return ", ".join(map(str, value)) or "(empty)"
    return str(value)
