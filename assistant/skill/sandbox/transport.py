"""httpx in a process without sockets: each request is a message to the parent."""

from __future__ import annotations

import httpx

from assistant.errors import NetworkError
from assistant.skill.sandbox.remote import Desk

_TIMEOUT_S = 5.0


class Transport(httpx.AsyncBaseTransport):
    """Sends requests through the parent, which checks the host; redirects come back here and are checked again.

    Args:
        desk: takes the requests.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make one request.

        Raises:
            httpx.ConnectError: the network cannot be reached, or was too slow.
            Refused: the host was not granted.
        """
        body = await request.aread()
        limits = [each for each in request.extensions.get("timeout", {}).values() if each is not None]
        headers = [[name.decode("ascii"), value.decode("latin-1")] for name, value in request.headers.raw]
        try:
            status, told, content = await self._desk.later(
                "http", request.method, str(request.url), headers, body, max(limits, default=_TIMEOUT_S)
            )
        except NetworkError as error:
            raise httpx.ConnectError(str(error), request=request) from None
        return httpx.Response(status, headers=[tuple(pair) for pair in told], stream=httpx.ByteStream(content))
