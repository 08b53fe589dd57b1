"""HTTP for isolated skills: a child has no sockets; its requests are made here, to granted hosts only.

An address of the own network is reached only under a local name, or the address itself, that was granted by its very
name: neither can a granted stranger's name be pointed at the router (DNS rebinding), nor does ``*`` mean the router.
The address that was checked is the one that is connected to. Redirects are the child's: each is a request of its own,
and checked like any other.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from assistant.errors import NetworkError
from assistant.skill.sandbox.grants import Grants, Refused

_MOST_BYTES = 8 * 1024 * 1024
_TIMEOUT_S = 30.0
_CONNECTIONS = 8
_LOCAL = (".local", ".lan", ".home", ".internal", ".localdomain", ".home.arpa", ".fritz.box")

Headers = list[list[str]]


class Web:
    """Makes one skill's requests.

    Args:
        grants: its permissions.
    """

    def __init__(self, grants: Grants) -> None:
        self._grants = grants
        self._pool: httpcore.AsyncConnectionPool | None = None

    async def request(self, method: str, url: str, headers: Headers, body: bytes, seconds: float) -> list[Any]:
        """Make one request; redirects are not followed.

        Args:
            seconds: how long it may take.

        Returns:
            Status, headers, and the body as it was sent (perhaps compressed).

        Raises:
            Refused: the host was not granted.
            NetworkError: it cannot be reached, takes too long or answers too much.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"{url[:80]!r} is no address of a page: http:// or https://")
        self._grants.require_host(parts.hostname, parts.port)
        pairs = [(str(name).encode("ascii"), str(value).encode("latin-1")) for name, value in headers]
        try:
            async with asyncio.timeout(min(float(seconds), _TIMEOUT_S)):
                return await self._stream(str(method), url, pairs, body)
        except (TimeoutError, httpcore.TimeoutException):
            raise NetworkError(f"{parts.hostname} did not answer in time") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            if isinstance(error, Refused):
                raise
            raise NetworkError(f"{parts.hostname} cannot be reached: {error}") from None

    async def _stream(self, method: str, url: str, headers: list[tuple[bytes, bytes]], body: bytes) -> list[Any]:
        if self._pool is None:
            self._pool = httpcore.AsyncConnectionPool(
                httpx.create_ssl_context(),
                max_connections=_CONNECTIONS,
                keepalive_expiry=15.0,
                network_backend=_Checked(self._grants),
            )
        received = bytearray()
        async with self._pool.stream(method, url, headers=headers, content=body) as answer:
            async for piece in answer.aiter_stream():
                received += piece
                if len(received) > _MOST_BYTES:
                    raise NetworkError(f"the answer is longer than {_MOST_BYTES} bytes")
            told = [[name.decode("ascii"), value.decode("latin-1")] for name, value in answer.headers]
            return [answer.status, told, bytes(received)]

    async def close(self) -> None:
        """Close the connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()


class _Checked(httpcore.AsyncNetworkBackend):
    """Looks names up itself, checks every address, and connects to one that it has checked."""

    def __init__(self, grants: Grants) -> None:
        self._grants = grants
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a granted host."""
        self._grants.require_host(host, port)
        addresses = await self._addresses(host, port)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise httpcore.ConnectError(f"{host} is not known: {error.strerror}") from None
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not (is_local_name(host) and self._grants.names_host(host)):
            for address in addresses:
                if not is_public(address):
                    raise Refused(f"the host {host!r} leads to {address}, an address of the own network")
        return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's, not of the own machine or network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast


def is_local_name(host: str) -> bool:
    """Whether a name says by itself that it is in the own network: an address, a single word, ``nas.local``."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host.rstrip(".") or host.lower().rstrip(".").endswith(_LOCAL)
    return True
