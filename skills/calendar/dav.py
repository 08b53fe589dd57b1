"""What is needed of CalDAV (RFC 4791): find the calendars, ask for a span of time, put an appointment.

Three requests with the client that every skill has; the caldav package would bring lxml and a second HTTP stack.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx

from assistant import Context, NetworkError, SkillError

_DAV, _CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_PROPERTIES = """<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop>
<d:resourcetype/><d:displayname/><d:current-user-principal/><c:calendar-home-set/>
<c:supported-calendar-component-set/></d:prop></d:propfind>"""
_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{start}" end="{end}"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"""
_STAMP = "%Y%m%dT%H%M%SZ"
_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar of the server: its address and its name."""

    url: str
    name: str


class CalDav:
    """A client for one user; the calendars are looked for once.

    Args:
        url: of the server, of the user, or of one calendar.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._found: list[Collection] | None = None

    async def query(self, ctx: Context, start: datetime, end: datetime) -> list[str]:
        """The texts of the appointments in a span of time; what recurs in it comes as its rule.

        Raises:
            SkillError: the server is not to be had, or refuses.
        """
        span = {"start": start.astimezone(UTC).strftime(_STAMP), "end": end.astimezone(UTC).strftime(_STAMP)}
        asked = [self._xml(ctx, "REPORT", each.url, _QUERY.format(**span), 1) for each in await self._calendars(ctx)]
        answers = await asyncio.gather(*asked)
        return [data.text for answer in answers for data in answer.iter(f"{_CAL}calendar-data") if data.text]

    async def put(self, ctx: Context, uid: str, text: bytes) -> None:
        """Add an appointment to the calendar that is configured, else to the first.

        Raises:
            SkillError: the server is not to be had, or refuses.
        """
        calendars, wanted = await self._calendars(ctx), str(ctx.settings.get("calendar") or "").lower()
        chosen = next((each for each in calendars if each.name.lower() == wanted), calendars[0])
        headers = {"Content-Type": "text/calendar; charset=utf-8", "If-None-Match": "*"}
        await self._send(ctx, "PUT", urljoin(chosen.url.rstrip("/") + "/", f"{uid}.ics"), text, headers)

    async def _calendars(self, ctx: Context) -> list[Collection]:
        if self._found is None:
            self._found = await self._discover(ctx)
        if not self._found:
            self._found = None
            raise SkillError(ctx.reply("no_calendar"))
        return self._found

    async def _discover(self, ctx: Context) -> list[Collection]:
        """Follow the server: address → user → the user's calendars."""
        url = self._url
        for step in ("current-user-principal", "calendar-home-set"):
            answer = await self._xml(ctx, "PROPFIND", url, _PROPERTIES, 0)
            if found := list(_collections(answer, url)):
                return found
            space = _DAV if step == "current-user-principal" else _CAL
            href = answer.find(f".//{space}{step}/{_DAV}href")
            url = urljoin(url, href.text or "") if href is not None else url
        return list(_collections(await self._xml(ctx, "PROPFIND", url, _PROPERTIES, 1), url))

    async def _xml(self, ctx: Context, method: str, url: str, body: str, depth: int) -> ElementTree.Element:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)}
        answer = await self._send(ctx, method, url, body.encode(), headers)
        try:
            return ElementTree.fromstring(answer.content)
        except ElementTree.ParseError as error:
            raise SkillError(ctx.reply("refused")) from error

    async def _send(self, ctx: Context, method: str, url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        user = str(ctx.settings.get("user") or "")
        password = await asyncio.to_thread(ctx.secrets.get, "password") if user else None
        login = httpx.BasicAuth(user, password or "") if user else None
        try:
            answer = await ctx.http.request(method, url, content=body, headers=headers, auth=login)
        except httpx.HTTPError as error:
            ctx.log.info("%s %s: %s", method, type(error).__name__, error)
            raise NetworkError(ctx.reply("unreachable")) from error
        if answer.is_error:
            ctx.log.warning("%s answered %s to %s", answer.url.host, answer.status_code, method)
            raise SkillError(ctx.reply("unauthorised" if answer.status_code in _REFUSED else "refused"))
        return answer


def _collections(answer: ElementTree.Element, base: str) -> Iterator[Collection]:
    """The calendars for appointments among what was answered."""
    for each in answer.iter(f"{_DAV}response"):
        href, kind = each.find(f"{_DAV}href"), each.find(f".//{_DAV}resourcetype/{_CAL}calendar")
        held = {part.get("name") for part in each.iter(f"{_CAL}comp")}
        if href is not None and kind is not None and (not held or "VEVENT" in held):
            name = each.find(f".//{_DAV}displayname")
            yield Collection(urljoin(base, href.text or ""), (name.text or "") if name is not None else "")
