"""``assistant skill install`` and ``remove``."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from assistant import paths
from assistant.commands import skill_places
from assistant.config import Config, load
from assistant.errors import InputError
from assistant.skill.install import Incoming, accept, incoming
from assistant.skill.installed import Installed, Record
from assistant.skill.making import Loading
from assistant.skill.manifest import Permissions
from assistant.skill.permissions import Ask, asks_of, chosen, permissions_of
from assistant.skill.places import Places
from assistant.skill.store import Stores


def install(
    source: Annotated[str, typer.Argument(metavar="PATH|PACKAGE", help="A folder, zip or tar, or a pip package.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Grant everything it asks for.")] = False,
    grant: Annotated[
        list[str] | None,
        typer.Option("--grant", metavar="PERMISSION[=VALUE,…]", help="Grant this and nothing else."),
    ] = None,
    build: Annotated[
        bool, typer.Option("--build", help="Let packages be built from sources; that runs their code unconfined.")
    ] = False,
) -> None:
    """Install a skill that somebody else wrote; it runs in a process of its own, and may do what you grant."""
    config, home = load().config, skill_places.installed()
    with skill_places.progress() as progress, incoming(source, home, progress, build=build) as new:
        progress("")
        _refuse_taken(new, skill_places.places(config))
        old = home.records().get(new.manifest.name)
        _introduce(new, old)
        granted = _grant(new, old, yes=yes, grants=grant)
        new.require(progress, build=build)
        progress(f"Trying {new.manifest.name}")
        _try_out(new, granted, config)
        record = accept(new, home, granted)
    dropped = skill_places.settings(config).forget_unknown(new.manifest)
    for name in dropped:
        typer.echo(f"The setting {name} is no more; it was removed.")
    _conclude(new, record, old, config, home)


def _refuse_taken(new: Incoming, known: Places) -> None:
    """A name leads to one skill: an installed one may be replaced, others not."""
    name = new.manifest.name
    place = known.known.get(name)
    if place is not None and place.origin != "installed":
        whose = "comes with the assistant" if place.origin == "shipped" else f"is there already: {place.found.path}"
        raise InputError(f"A skill {name} {whose}; nothing was installed.")


def _introduce(new: Incoming, old: Record | None) -> None:
    manifest = new.manifest
    about = ". ".join(text.rstrip(".") for text in (manifest.title, manifest.description) if text)
    before = f" (in the place of {old.version})" if old is not None else ""
    typer.echo(f"{_versioned(manifest.name, manifest.version)}{before}{f': {about}.' if about else ''}")
    if manifest.requirements:
        typer.echo(f"It requires: {', '.join(manifest.requirements)}")
    asks = asks_of(manifest.permissions)
    typer.echo("It asks to:" if asks else "It asks for no permissions.")
    for ask in asks:
        typer.echo(f"  {ask}")


def _grant(new: Incoming, old: Record | None, *, yes: bool, grants: Sequence[str] | None) -> Permissions:
    """What the user grants; what was decided for an older release is not asked for again."""
    asks = asks_of(new.manifest.permissions)
    if grants is not None:
        return permissions_of(chosen(asks, grants))
    if yes:
        return new.manifest.permissions
    decided = asks_of(old.asked) if old is not None else []
    kept = asks_of(old.granted) if old is not None else []
    granted = [ask for ask in asks if (ask in kept if ask in decided else _agreed(ask, new))]
    return permissions_of(granted)


def _agreed(ask: Ask, new: Incoming) -> bool:
    instead = f"add --yes to grant everything, or --grant {ask.option} and the like"
    return skill_places.agreed(f"May {new.manifest.name} {ask}?", without=instead)


def _try_out(new: Incoming, granted: Permissions, config: Config) -> None:
    """Load it as it will be loaded, confined, with a folder of its own that is thrown away.

    Raises:
        InputError: it cannot be loaded.
    """
    from assistant.skill.importing import Skipped
    from assistant.skill.making import make
    from assistant.skill.sandbox.isolate import Isolation

    with TemporaryDirectory(prefix="assistant-install-") as folder:
        isolation = Isolation(Path(folder), lambda *_: granted, libraries=lambda _: new.libraries)
        loading = Loading(config.language.partition("-")[0], isolate=isolation)
        try:
            make(new.found, loading, [])
        except Skipped as error:
            place = error.problem.place.replace(f"{new.release}/", "")
            raise InputError(
                f"{new.manifest.name} does not work: {place}: {error.problem.text}. Nothing was installed."
            ) from None
        finally:
            for skill in isolation.skills.values():
                skill.close()


def _conclude(new: Incoming, record: Record, old: Record | None, config: Config, home: Installed) -> None:
    name = record.name
    granted = asks_of(record.granted)
    refused = [ask for ask in asks_of(record.asked) if ask not in granted]
    typer.echo(f"{_versioned(name, record.version)} is {'installed' if old is None else 'upgraded'}.")
    for ask in refused:
        typer.echo(f"  It may not {ask}.")
    if missing := skill_places.settings(config).missing(new.manifest):
        words = [each if new.manifest.settings[each].secret else f"{each}=…" for each in missing]
        typer.echo(f"It needs: assistant skill config {name} {' '.join(words)}")
    if name in home.disabled():
        typer.echo(f"It is switched off: assistant skill enable {name}")


def _versioned(name: str, version: str) -> str:
    return name if version == "0" else f"{name} {version}"


def remove(
    name: Annotated[str, typer.Argument(help="A skill.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    purge: Annotated[bool, typer.Option("--purge", help="Its settings, secrets and data, too.")] = False,
) -> None:
    """Remove an installed skill; its settings and data stay, for the day it comes back, unless --purge is given."""
    config, home = load().config, skill_places.installed()
    place = skill_places.places(config).known.get(name)
    leftover = skill_places.own_folder(name)
    if place is None and not (purge and _is_name(name) and leftover.is_dir()):
        skill_places.places(config).get(name)
    if place is not None and place.origin != "installed":
        raise InputError(_not_removed(name, place.origin, str(place.found.path)))
    what = f"Remove {name}{' and everything it has kept' if purge else ''}?"
    if not yes and not skill_places.agreed(what, without="add --yes"):
        return
    secrets = place.manifest() if place is not None else None
    home.remove(name)
    home.switch(name, on=True)
    if purge:
        store = skill_places.settings(config).secrets(name)
        for secret in secrets.secrets if secrets is not None and store is not None else ():
            assert store is not None
            store.put(secret, None)
        forget(name)
    kept = "" if purge or not any(leftover.glob("*")) else f" Its settings and data stay in {leftover} (--purge)."
    typer.echo(f"{name} is removed.{kept}")


def _is_name(name: str) -> bool:
    return name.isidentifier()


def _not_removed(name: str, origin: str, path: str) -> str:
    if origin == "shipped":
        return f"{name} comes with the assistant and cannot be removed. Switch it off: assistant skill disable {name}"
    if origin == "own":
        return f"{name} is your own code: delete {path} yourself, or switch it off: assistant skill disable {name}"
    return f"{name} is in a package of the assistant's own environment: pip uninstall it."


def forget(name: str) -> None:
    """Delete what a skill has kept: its folder, and its part of the skills' memory."""
    shutil.rmtree(skill_places.own_folder(name), ignore_errors=True)
    path = paths.data_dir() / "assistant.db"
    if path.is_file():
        stores = Stores(path)
        store = stores.open(name)
        for key, _ in store.items():
            store.delete(key)
        stores.close()
