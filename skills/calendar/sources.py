"""Where appointments are kept: files, an address, a CalDAV server."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Protocol

from icalendar import Calendar

from assistant import Context, SkillError

from .dav import CalDav
from .events import Event, added, between, component, read


class Source(Protocol):
    """Appointments. Its methods raise ``SkillError`` with what the user shall hear."""

    async def between(self, ctx: Context, start: datetime, end: datetime) -> list[Event]:
        """What takes place between two moments."""

    async def add(self, ctx: Context, event: Event) -> None:
        """Write an appointment down; it is kept when this returns."""


def source_of(ctx: Context) -> Source:
    """The source that is configured."""
    where = str(ctx.settings.get("source") or "").strip()
    if "://" not in where:
        return Files(Path(where).expanduser())
    address = where.replace("webcal://", "https://", 1)
    return Address(address) if address.partition("?")[0].lower().endswith(".ics") else Server(address)


class Files:
    """An .ics file, or a folder of them; a file is read again when it has changed.

    Args:
        path: a path that does not exist yet is a file to be made, or a folder when it does not end in ``.ics``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: dict[Path, tuple[float, Calendar]] = {}
        self._writing = asyncio.Lock()

    async def between(self, ctx: Context, start: datetime, end: datetime) -> list[Event]:
        """What takes place between two moments."""
        return await asyncio.to_thread(self._between, ctx, start, end)

    async def add(self, ctx: Context, event: Event) -> None:
        """Write an appointment down: into the file, or into a new file of the folder."""
        async with self._writing:
            await asyncio.to_thread(self._add, ctx, event)

    def _between(self, ctx: Context, start: datetime, end: datetime) -> list[Event]:
        return between([self._calendar(ctx, path) for path in self._paths()], start, end)

    def _paths(self) -> list[Path]:
        if self._path.is_dir():
            return sorted(self._path.rglob("*.ics"))
        return [self._path] if self._path.exists() else []

    def _calendar(self, ctx: Context, path: Path) -> Calendar:
        try:
            changed = path.stat().st_mtime_ns
            if path not in self._read or self._read[path][0] != changed:
                self._read[path] = (changed, read(path.read_bytes()))
        except (OSError, ValueError) as error:
            ctx.log.warning("%s: %s", path, error)
            raise SkillError(ctx.reply("unreadable", file=path.name)) from error
        return self._read[path][1]

    def _add(self, ctx: Context, event: Event) -> None:
        new = component(event)
        single = self._path.suffix.lower() == ".ics" and not self._path.is_dir()
        path = self._path if single else self._path / f"{new['UID']}.ics"
        old = read(path.read_bytes()) if single and path.exists() and self._calendar(ctx, path) else None
        try:
            _write(path, added(old, new))
        except OSError as error:
            raise SkillError(ctx.reply("unwritable", file=path.name)) from error


def _write(path: Path, text: bytes) -> None:
    """Replace a file in one step: whoever reads it sees the old one or the new one, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        fresh.chmod(path.stat().st_mode & 0o777)
    fresh.replace(path)


class Address:
    """The address of an .ics file, which is only read.

    Args:
        url: of the file.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    async def between(self, ctx: Context, start: datetime, end: datetime) -> list[Event]:
        """What takes place between two moments; of the copy on disk when the network is missing."""
        fetched = await ctx.fetch(self._url, max_age=300)
        try:
            return await asyncio.to_thread(lambda: between([read(fetched.bytes)], start, end))
        except ValueError as error:
            raise SkillError(ctx.reply("unreadable", file=self._url.rpartition("/")[2])) from error

    async def add(self, ctx: Context, event: Event) -> None:  # noqa: ARG002
        """Not to be had."""
        raise SkillError(ctx.reply("read_only"))


class Server:
    """A CalDAV server.

    Args:
        url: of the server, of the user, or of one calendar.
    """

    def __init__(self, url: str) -> None:
        self._dav = CalDav(url)

    async def between(self, ctx: Context, start: datetime, end: datetime) -> list[Event]:
        """What takes place between two moments, in all of the user's calendars."""
        texts = await self._dav.query(ctx, start, end)
        return await asyncio.to_thread(lambda: between([read(text) for text in texts], start, end))

    async def add(self, ctx: Context, event: Event) -> None:
        """Write an appointment down."""
        new = component(event)
        await self._dav.put(ctx, str(new["UID"]), added(None, new))
