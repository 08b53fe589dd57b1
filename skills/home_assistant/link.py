"""The connection to Home Assistant: its WebSocket API, kept up in the background.

https://developers.home-assistant.io/docs/api/websocket
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from .home import Home, Registries
from .trouble import Trouble

_log = logging.getLogger("skill.home_assistant")
_ANSWER_S = 4.0
_SERVICE_S = 2.5
"""Some services answer only when the device has come to rest; the state is asked then."""
_LONGEST_WAIT_S = 60.0
_LARGEST = 64_000_000
_REGISTRIES = ("area", "device", "entity")
_EVENTS = ("state_changed", "area_registry_updated", "device_registry_updated", "entity_registry_updated")


class Link:
    """One connection, made again with growing pauses when it is lost.

    Args:
        url: ``http://host:8123``.
        token: a long-lived access token.
        home: kept up to date.
        on_read: called when the house has been read anew.
    """

    def __init__(self, url: str, token: str, home: Home, on_read: Callable[[], None]) -> None:
        whole = url.strip().rstrip("/")
        whole = whole if "://" in whole else f"http://{whole}"
        self._url = "ws" + whole.removeprefix("http") + "/api/websocket"
        self._token = token
        self._home = home
        self._on_read = on_read
        self._socket: ClientConnection | None = None
        self._ids = count(1)
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._trouble = Trouble("unreachable")
        self._up = False
        self._tried = asyncio.Event()
        self._again = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Keep the connection up until cancelled."""
        wait = 1.0
        while True:
            try:
                await self._connected()
                wait = 1.0
            except Trouble as trouble:
                self._fail(trouble)
            except (OSError, TimeoutError, WebSocketException, ValueError, KeyError) as error:
                self._fail(Trouble("unreachable", f"{type(error).__name__}: {error}"))
            self._again.clear()
            try:
                await asyncio.wait_for(self._again.wait(), wait)
            except TimeoutError:
                wait = min(_LONGEST_WAIT_S, 2 * wait)

    async def ready(self, seconds: float = _ANSWER_S) -> None:
        """Wait until the house has been read; one more attempt is made at once if the connection is down.

        Raises:
            Trouble: it is not to be had.
        """
        if self._up:
            return
        self._tried.clear()
        self._again.set()
        try:
            await asyncio.wait_for(self._tried.wait(), seconds)
        except TimeoutError:
            raise Trouble("unreachable") from None
        if not self._up:
            raise self._trouble

    async def call(self, service: str, target: Sequence[str], data: Mapping[str, Any]) -> None:
        """Call a service, ``light.turn_on``; return when it answers, or when it takes long.

        Raises:
            Trouble: it cannot be reached, or refuses.
        """
        await self.ready()
        domain, _, name = service.partition(".")
        what = {"domain": domain, "service": name, "service_data": dict(data), "target": {"entity_id": list(target)}}
        with suppress(TimeoutError):
            await self._ask("call_service", _SERVICE_S, **what)

    def _fail(self, trouble: Trouble) -> None:
        if str(trouble) != str(self._trouble):
            _log.info("Home Assistant: %s", trouble)
        self._trouble = trouble
        self._tried.set()

    async def _connected(self) -> None:
        async with connect(self._url, open_timeout=_ANSWER_S, max_size=_LARGEST, proxy=None) as socket:
            await self._authenticate(socket)
            self._socket = socket
            self._read_soon(first=True)
            try:
                async for message in socket:
                    self._take(json.loads(message))
            finally:
                self._lost()
        raise Trouble("unreachable", "the connection was closed")

    async def _authenticate(self, socket: ClientConnection) -> None:
        async with asyncio.timeout(_ANSWER_S):
            await socket.recv()  # auth_required
            await socket.send(json.dumps({"type": "auth", "access_token": self._token}))
            answer = json.loads(await socket.recv())
        if answer["type"] != "auth_ok":
            raise Trouble("unauthorised", str(answer.get("message", "")))

    def _lost(self) -> None:
        self._socket, self._up = None, False
        for task in self._reading:
            task.cancel()
        for future in self._pending.values():
            if not future.done():
                future.set_exception(Trouble("unreachable"))
        self._pending.clear()

    def _take(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "event":
            event = message["event"]
            if event["event_type"] == "state_changed":
                self._home.update(event["data"]["entity_id"], event["data"].get("new_state"))
            else:
                self._read_soon()
            return
        future = self._pending.pop(message.get("id", 0), None)
        if future is None or future.done():
            return
        if message.get("success", True):
            future.set_result(message.get("result"))
        else:
            future.set_exception(Trouble("refused", str(message.get("error", {}).get("message", ""))))

    def _read_soon(self, *, first: bool = False) -> None:
        task = asyncio.get_running_loop().create_task(self._read(first))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, first: bool) -> None:
        """Read the whole house; the first time, be told of what changes, too."""
        try:
            for event in _EVENTS if first else ():
                await self._ask("subscribe_events", event_type=event)
            states = await self._ask("get_states")
            lists = [await self._registry(name) for name in _REGISTRIES]
        except (Trouble, TimeoutError) as error:
            self._fail(error if isinstance(error, Trouble) else Trouble("unreachable", "no answer in time"))
            if self._socket is not None:
                await self._socket.close()
            return
        self._home.read(states, Registries(*lists))
        self._up = True
        self._tried.set()
        self._on_read()

    async def _registry(self, name: str) -> list[Any]:
        """One registry; a user who may not read it has no areas."""
        try:
            return list(await self._ask(f"config/{name}_registry/list"))
        except Trouble as trouble:
            if trouble.key != "refused":
                raise
            return []

    async def _ask(self, kind: str, seconds: float = _ANSWER_S, **data: Any) -> Any:
        """Raises ``Trouble``, or ``TimeoutError`` when no answer comes in time."""
        if self._socket is None:
            raise Trouble("unreachable")
        number = next(self._ids)
        future = self._pending[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(json.dumps({"id": number, "type": kind, **data}))
            return await asyncio.wait_for(future, seconds)
        except WebSocketException as error:
            raise Trouble("unreachable", f"{type(error).__name__} for {kind}") from None
        finally:
            self._pending.pop(number, None)
