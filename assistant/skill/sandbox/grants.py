"""What an isolated skill may do, in the plain form in which both processes check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_NAMES: Mapping[str, str] = {
    "network": "reach the network",
    "announce": "speak without being asked",
    "background": "work in the background",
    "skills": "call other skills",
    "microphone": "listen",
}


class Refused(PermissionError):
    """A skill tried what it was not granted; ``str()`` is one readable line."""


@dataclass(frozen=True, slots=True)
class Grants:
    """Permissions that the user granted.

    Attributes:
        network: host names, ``*.example.org`` for every host below one, ``host:8123`` for one port, ``*`` for any.
        read, write: folders and files, absolute; what may be written may be read.
        skills: names of skills that it may call, ``*`` for any.
        announce: speak, ring or play sound without being asked.
        background: tasks that outlive a call.
        microphone: reserved; no interface gives sound to a skill yet.
    """

    network: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    announce: bool = False
    background: bool = False
    microphone: bool = False

    def require(self, permission: str, what: str) -> None:
        """Let it pass, or say what is missing.

        Args:
            permission: an attribute's name.
            what: the attempt in words, ``ctx.announce``.

        Raises:
            Refused: it was not granted.
        """
        if not getattr(self, permission):
            raise Refused(
                f"{what} needs the permission '{permission}' (to {_NAMES[permission]}), which was not granted"
            )

    def require_host(self, host: str, port: int | None = None) -> None:
        """Let a host pass.

        Raises:
            Refused: it was not granted.
        """
        if not any(_fits(host, port, pattern) for pattern in self.network):
            allowed = ", ".join(self.network) or "no host"
            raise Refused(f"the host {host!r} was not granted under 'network' (granted: {allowed})")

    def names_host(self, host: str) -> bool:
        """Whether a host was granted by its very name, not by a pattern."""
        names = {pattern.lower() for pattern in self.network}
        return host.lower().rstrip(".") in names | {name.rpartition(":")[0] for name in names}

    def require_skill(self, name: str) -> None:
        """Let a call of another skill pass.

        Raises:
            Refused: it was not granted.
        """
        if name not in self.skills and "*" not in self.skills:
            raise Refused(f"calling the skill {name!r} was not granted under 'skills'")

    def as_json(self) -> dict[str, Any]:
        """For the child."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Grants:
        """From :meth:`as_json`."""
        plain: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in value.items()}
        return cls(**plain)


def _fits(host: str, port: int | None, pattern: str) -> bool:
    host = host.lower().rstrip(".")
    name, _, wanted = (
        pattern.lower().rpartition(":") if pattern.rpartition(":")[2].isdigit() else (pattern.lower(), "", "")
    )
    if wanted and port is not None and int(wanted) != port:
        return False
    return name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:]))


def grants_of(permissions: Any) -> Grants:
    """From a manifest's permissions (:class:`assistant.skill.manifest.Permissions`), paths made absolute."""
    read, write = list[str](), list[str]()
    for entry in getattr(permissions, "files", ()):
        path = Path(str(getattr(entry, "path", entry))).expanduser().resolve()
        (write if getattr(entry, "write", False) else read).append(str(path))
    return Grants(
        network=tuple(getattr(permissions, "network", ())),
        read=tuple(read),
        write=tuple(write),
        skills=tuple(getattr(permissions, "skills", ())),
        announce=bool(getattr(permissions, "announce", False)),
        background=bool(getattr(permissions, "background", False)),
        microphone=bool(getattr(permissions, "microphone", False)),
    )
