"""A Home Assistant for tests: a real server on loopback that speaks its documented WebSocket messages.

https://developers.home-assistant.io/docs/api/websocket and …/docs/api/rest (states). What a service does to states
follows the integrations' documentation.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

TOKEN = "a long-lived access token"
NAMES = {  # lamp, blind, front door, radiator, scene, window, rain gauge, kitchen, bedroom
    "en": ("Kitchen Light", "Kitchen Blind", "Front Door", "Radiator", "Movie Night", "Kitchen Window", "Rain Gauge",
           "Kitchen", "Bedroom"),
    "de": ("Küchenlampe", "Küchenrollo", "Haustür", "Heizkörper", "Filmabend", "Küchenfenster", "Regenmesser",
           "Küche", "Schlafzimmer"),
    "fr": ("lampe de la cuisine", "store de la cuisine", "porte d'entrée", "radiateur", "soirée cinéma",
           "fenêtre de la cuisine", "pluviomètre", "cuisine", "chambre"),
    "es": ("lámpara de la cocina", "estor de la cocina", "puerta principal", "radiador", "noche de cine",
           "ventana de la cocina", "pluviómetro", "cocina", "dormitorio"),
    "ru": ("Кухонная лампа", "Кухонная штора", "Входная дверь", "Радиатор", "Вечер кино", "Кухонное окно", "Дождемер",
           "Кухня", "Спальня"),
    "bg": ("Кухненска лампа", "Кухненска щора", "Входна врата", "Радиатор", "Вечер за кино", "Кухненски прозорец",
           "Дъждомер", "Кухня", "Спалня"),
}  # fmt: skip
_AFTER = {
    "turn_on": "on", "turn_off": "off", "open_cover": "open", "close_cover": "closed", "lock": "locked",
    "unlock": "unlocked",
}  # fmt: skip
_HUES = {"red": (0.0, 100.0), "blue": (240.0, 100.0)}


class FakeHome:
    """States and registries, and the sessions that are told of changes.

    Attributes:
        calls: services that were called, with their targets.
        stuck: entities that do not do what they are told.
        silent: services are done, but not answered.
        url: where it answers.
    """

    def __init__(self, language: str = "en") -> None:
        lamp, blind, door, radiator, scene, window, gauge, kitchen, bedroom = NAMES[language]
        self.states = {
            each["entity_id"]: each
            for each in (
                _state("light.kitchen", "off", lamp, brightness=None, hs_color=None, color_mode=None),
                _state("light.kitchen_shelf", "off", f"{lamp} 2"),
                _state("light.bedroom", "on", "Anna"),
                _state("switch.fan_kitchen", "off", "Fan"),
                _state("switch.fan_bedroom", "off", "Fan"),
                _state("cover.kitchen", "closed", blind, device_class="blind"),
                _state("cover.garage", "closed", "Garage", device_class="garage"),
                _state("lock.front", "locked", door),
                _state("climate.radiator", "heat", radiator, temperature=18.0, current_temperature=17.0),
                _state("scene.movie", "unknown", scene),
                _state("binary_sensor.window", "on", window, device_class="window"),
                _state("sensor.rain", "2.5", gauge, unit_of_measurement="mm"),
                _state("sensor.kitchen", "20.5", "T", device_class="temperature", unit_of_measurement="°C"),
                _state("light.attic", "unavailable", "Attic [old] Light"),
            )
        }
        self.areas = [
            {"area_id": "kitchen", "name": kitchen, "aliases": []},
            {"area_id": "bedroom", "name": bedroom, "aliases": []},
        ]
        self.devices = [{"id": "d1", "area_id": "kitchen"}]
        rooms = {
            "light.kitchen": "kitchen", "light.bedroom": "bedroom", "switch.fan_kitchen": "kitchen",
            "switch.fan_bedroom": "bedroom", "cover.kitchen": "kitchen", "climate.radiator": "kitchen",
            "sensor.kitchen": "kitchen",
        }  # fmt: skip
        self.entities: list[dict[str, Any]] = [
            {"entity_id": each, "area_id": area, "device_id": None} for each, area in rooms.items()
        ]
        self.entities.append({"entity_id": "light.kitchen_shelf", "area_id": None, "device_id": "d1"})
        self.calls: list[tuple[str, list[str], dict[str, Any]]] = []
        self.stuck: set[str] = set()
        self.silent = False
        self.url = ""
        self._listening: list[tuple[ServerConnection, int, str]] = []
        self._times = count(1)

    async def session(self, socket: ServerConnection) -> None:
        """One client, from its authentication to its end."""
        await _send(socket, {"type": "auth_required", "ha_version": "2026.10.1"})
        message = json.loads(await socket.recv())
        if message.get("type") != "auth" or message.get("access_token") != TOKEN:
            await _send(socket, {"type": "auth_invalid", "message": "Invalid access token or password"})
            return
        await _send(socket, {"type": "auth_ok", "ha_version": "2026.10.1"})
        try:
            async for text in socket:
                await self._answer(socket, json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self._listening = [each for each in self._listening if each[0] is not socket]

    async def _answer(self, socket: ServerConnection, message: dict[str, Any]) -> None:
        number, kind = message["id"], message["type"]
        result: Any = None
        if kind == "subscribe_events":
            self._listening.append((socket, number, message["event_type"]))
        elif kind == "get_states":
            result = list(self.states.values())
        elif kind.startswith("config/"):
            result = {"area": self.areas, "device": self.devices, "entity": self.entities}[
                kind.removeprefix("config/").removesuffix("_registry/list")
            ]
        elif kind == "call_service":
            if message["service_data"].get("temperature", 0) > 35:
                error = {"code": "service_validation_error", "message": "Temperature 40.0 is not valid"}
                await _send(socket, {"id": number, "type": "result", "success": False, "error": error})
                return
            await self._serve(message)
            if self.silent:
                return
        else:
            error = {"code": "unknown_command", "message": "Unknown command."}
            await _send(socket, {"id": number, "type": "result", "success": False, "error": error})
            return
        await _send(socket, {"id": number, "type": "result", "success": True, "result": result})

    async def _serve(self, message: dict[str, Any]) -> None:
        service, data, target = message["service"], message["service_data"], message["target"]["entity_id"]
        self.calls.append((f"{message['domain']}.{service}", target, data))
        for entity in target:
            if entity in self.stuck or entity.startswith("light.attic"):
                continue
            if entity.startswith("scene."):
                await self.change(entity, datetime.now(UTC).isoformat())
            elif service == "set_temperature":
                await self.change(entity, "heat", **data)
            else:
                more: dict[str, Any] = {}
                if "brightness_pct" in data:
                    more["brightness"] = round(data["brightness_pct"] * 2.55)
                if "color_name" in data:
                    more["hs_color"] = _HUES[data["color_name"]]
                await self.change(entity, _AFTER[service], **more)

    async def change(self, entity: str, state: str, **attributes: Any) -> None:
        """Change a state, and tell everybody who listens."""
        old = self.states[entity]
        new = {**old, "state": state, "attributes": {**old["attributes"], **attributes}}
        new["last_changed"] = f"2026-03-04T14:05:{next(self._times):02}+00:00"
        self.states[entity] = new
        await self.tell("state_changed", {"entity_id": entity, "old_state": old, "new_state": new})

    async def tell(self, event_type: str, data: dict[str, Any]) -> None:
        """Fire an event."""
        for socket, number, wanted in list(self._listening):
            if wanted == event_type:
                event = {"event_type": event_type, "data": data, "origin": "LOCAL"}
                await _send(socket, {"id": number, "type": "event", "event": event})


def _state(entity: str, state: str, name: str, **attributes: Any) -> dict[str, Any]:
    return {
        "entity_id": entity, "state": state, "attributes": {"friendly_name": name, **attributes},
        "last_changed": "2026-03-04T12:00:00+00:00",
    }  # fmt: skip


async def _send(socket: ServerConnection, message: dict[str, Any]) -> None:
    await socket.send(json.dumps(message))


@asynccontextmanager
async def running(home: FakeHome, port: int = 0) -> AsyncIterator[Server]:
    """Serve it on loopback until the end."""
    async with serve(home.session, "127.0.0.1", port) as server:
        home.url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield server


async def free_port() -> int:
    """A port on which nobody answers."""
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port
