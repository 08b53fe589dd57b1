"""The players of the desktop, by MPRIS over D-Bus.

https://specifications.freedesktop.org/mpris-spec/latest/
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jeepney import DBusAddress, Properties, new_method_call  # type: ignore[import-untyped]
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
from jeepney.io.asyncio import DBusRouter, open_dbus_router  # type: ignore[import-untyped]
from jeepney.wrappers import DBusErrorResponse, unwrap_msg  # type: ignore[import-untyped]

from .deck import Now, State

_PREFIX = "org.mpris.MediaPlayer2."
_PATH = "/org/mpris/MediaPlayer2"
_PLAYER = "org.mpris.MediaPlayer2.Player"
_ANSWER_S = 3.0
_STATES: Mapping[str, State] = {"Playing": "playing", "Paused": "paused"}
_ORDER = ("playing", "paused", "stopped")


class MprisDeck:
    """The player that plays, else one that is paused; implements :class:`skills.music.deck.Deck`."""

    async def now(self) -> Now:
        """What it plays; ``stopped`` where there is no player, or no D-Bus."""
        found = await self._run(_now)
        return found if found is not None else Now("stopped")

    async def pause(self) -> None:
        """Be silent, and keep the place."""
        await self._run(lambda router, player: _call(router, player, "Pause"))

    async def resume(self) -> None:
        """Go on from that place."""
        await self._run(lambda router, player: _call(router, player, "Play"))

    async def skip(self, steps: int) -> bool:
        """Go to the next or previous track; a player that cannot says so."""
        return bool(await self._run(lambda router, player: _skip(router, player, steps)))

    async def stop(self) -> None:
        """Stop, and forget the place."""
        await self._run(lambda router, player: _call(router, player, "Stop"))

    async def shuffle(self, on: bool) -> None:
        """Play in random order, or in order."""
        await self._run(lambda router, player: _ask(router, Properties(player).set("Shuffle", "b", on)))

    async def _run(self, what: Any) -> Any:
        """Do something with the player that matters; None where there is none.

        Raises:
            OSError: the player refuses, or does not answer.
        """
        try:
            async with asyncio.timeout(_ANSWER_S), open_dbus_router(bus="SESSION") as router:
                player = await _player(router)
                return None if player is None else await what(router, player)
        except DBusErrorResponse as error:
            raise OSError(f"the player says {error.name}") from error
        except KeyError:  # DBUS_SESSION_BUS_ADDRESS is not set
            return None
        except (FileNotFoundError, ConnectionError, RuntimeError):  # RuntimeError: an address of no kind that is known
            return None


async def _player(router: DBusRouter) -> DBusAddress | None:
    (names,) = await _ask(router, message_bus.ListNames())
    players = [DBusAddress(_PATH, name, _PLAYER) for name in sorted(names) if name.startswith(_PREFIX)]
    states = [(await _state(router, player), player) for player in players]
    return min(states, key=lambda each: _ORDER.index(each[0]))[1] if states else None


async def _state(router: DBusRouter, player: DBusAddress) -> State:
    try:
        return _STATES.get(str(await _get(router, player, "PlaybackStatus")), "stopped")
    except DBusErrorResponse:
        return "stopped"


async def _now(router: DBusRouter, player: DBusAddress) -> Now:
    metadata = await _get(router, player, "Metadata")
    values = {key: value for key, (_, value) in metadata.items()}
    artists = values.get("xesam:artist") or []
    return Now(await _state(router, player), str(values.get("xesam:title", "")), ", ".join(artists))


async def _skip(router: DBusRouter, player: DBusAddress, steps: int) -> bool:
    if not await _get(router, player, "CanGoNext" if steps > 0 else "CanGoPrevious"):
        return False
    await _call(router, player, "Next" if steps > 0 else "Previous")
    return True


async def _call(router: DBusRouter, player: DBusAddress, method: str) -> None:
    await _ask(router, new_method_call(player, method))


async def _get(router: DBusRouter, player: DBusAddress, name: str) -> Any:
    ((_, value),) = await _ask(router, Properties(player).get(name))
    return value


async def _ask(router: DBusRouter, message: Any) -> Any:
    return unwrap_msg(await router.send_and_get_reply(message))
