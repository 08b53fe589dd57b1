"""Passwords and tokens of skills: in the system's key ring where there is one, else in a file only the user can read.

They are in no log, no event and no ``repr``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.errors import SkillError

_SERVICE = "assistant"


class Secrets:
    """One skill's secrets.

    Args:
        skill: whose.
        folder: the skill's own folder, made when needed; the file in it is used where there is no key ring.
        given: what the configuration says in plain text; it comes first.
    """

    def __init__(self, skill: str, folder: Path, given: Mapping[str, Any] = MappingProxyType({})) -> None:
        self._skill = skill
        self._path = folder / "secrets.json"
        self._given = given

    def __repr__(self) -> str:
        return f"Secrets({self._skill!r})"

    def get(self, name: str) -> str | None:
        """A secret, None if it is not set.

        Raises:
            SkillError: it cannot be read.
        """
        if isinstance(value := self._given.get(name), str):
            return value
        if (ring := key_ring()) is not None:
            found: str | None = ring.get_password(_SERVICE, f"{self._skill}/{name}")
            if found is not None:
                return found
        return self._stored().get(name)

    def put(self, name: str, value: str | None) -> None:
        """Keep a secret, or forget it when it is None.

        Raises:
            SkillError: it cannot be kept.
        """
        if (ring := key_ring()) is not None:
            if value is not None:
                ring.set_password(_SERVICE, f"{self._skill}/{name}", value)
            elif ring.get_password(_SERVICE, f"{self._skill}/{name}") is not None:
                ring.delete_password(_SERVICE, f"{self._skill}/{name}")
            if name not in self._stored():
                return
            value = None  # the key ring has it: no copy in plain text
        stored = {key: kept for key, kept in self._stored().items() if key != name}
        self._write(stored if value is None else {**stored, name: value})

    def _stored(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SkillError(f"I can't read the file {self._path}: {error}.") from None
        return found if isinstance(found, dict) else {}

    def _write(self, stored: Mapping[str, str]) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(dict(stored), file, ensure_ascii=False)
            new.replace(self._path)
        except OSError as error:
            raise SkillError(f"I can't write the file {self._path}: {error.strerror or error}.") from None


_ring: list[Any] = []


def key_ring() -> Any:
    """The system's key ring (the ``keyring`` library with a backend that works), else None; looked for once.

    ``NO_KEYRING=1`` in the environment does without it.
    """
    if not _ring:
        _ring.append(_find_key_ring())
    return _ring[0]


def _find_key_ring() -> Any:
    if os.environ.get("NO_KEYRING"):
        return None
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        backend = keyring.get_keyring()
        if backend.priority <= 0:
            return None
        backend.get_password(_SERVICE, "check")  # one that needs a desktop or a password fails here, not later
    except (KeyringError, RuntimeError, OSError):
        return None
    return backend
