"""Why Home Assistant cannot be used."""

from __future__ import annotations


class Trouble(Exception):
    """Home Assistant cannot be used.

    Attributes:
        key: the response that says why: ``unreachable``, ``unauthorised`` or ``refused``.
    """

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(detail or key)
        self.key = key
