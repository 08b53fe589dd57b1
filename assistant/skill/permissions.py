"""Permissions in plain words, one by one, as a user is asked for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import InputError
from assistant.skill.manifest import FileAccess, Permissions
from assistant.suggest import nearest

_ALONE = {
    "microphone": "hear what is said when it has not asked",
    "announce": "speak without being asked",
    "background": "go on working between calls",
}
KINDS = ("network", "files", "microphone", "announce", "skills", "background")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a skill wants to do.

    Attributes:
        kind: a permission of ``skill.yaml``.
        value: which host, path or skill; empty where the kind says it all.
        write: the path may be changed.
    """

    kind: str
    value: str = ""
    write: bool = False

    def __str__(self) -> str:
        """In plain words, to follow "may"."""
        match self.kind, self.value:
            case "network", "*":
                return "talk to any host on the network"
            case "network", host:
                below = host.startswith("*.")
                return f"talk to {f'every host below {host[2:]}' if below else host} over the network"
            case "files", path:
                return f"read {'and change ' if self.write else ''}{path}"
            case "skills", "*":
                return "call every other skill"
            case "skills", name:
                return f"call the skill {name}"
        return _ALONE[self.kind]

    @property
    def option(self) -> str:
        """What ``--grant`` takes for it."""
        return f"{self.kind}={self.value}" if self.value else self.kind


def asks_of(permissions: Permissions) -> list[Ask]:
    """Everything that some permissions allow, one by one."""
    found = [Ask("network", host) for host in permissions.network]
    found += [Ask("files", each.path, each.write) for each in permissions.files]
    found += [Ask("skills", name) for name in permissions.skills]
    return found + [Ask(kind) for kind in _ALONE if getattr(permissions, kind)]


def permissions_of(asks: Iterable[Ask]) -> Permissions:
    """The permissions that allow just that."""
    given: dict[str, Any] = {"network": [], "files": [], "skills": []}
    for ask in asks:
        match ask.kind:
            case "files":
                given["files"].append(FileAccess(path=ask.value, write=ask.write))
            case "network" | "skills":
                given[ask.kind].append(ask.value)
            case alone:
                given[alone] = True
    return Permissions.model_validate(given)


def chosen(asks: Sequence[Ask], grants: Collection[str]) -> list[Ask]:
    """Those of the asks that ``--grant`` names: ``announce``, ``network=a.example,b.example``, ``network`` for all.

    Raises:
        InputError: a grant is not asked for.
    """
    granted = list[Ask]()
    for grant in grants:
        kind, _, values = grant.partition("=")
        wanted = [value.strip() for value in values.split(",") if value.strip()]
        if kind not in KINDS:
            raise InputError(f"--grant {grant}: there is no permission {kind!r}{nearest(kind, KINDS)}")
        fitting = [ask for ask in asks if ask.kind == kind and (not wanted or ask.value in wanted)]
        missing = set(wanted) - {ask.value for ask in fitting}
        if missing or not fitting:
            options = ", ".join(ask.option for ask in asks) or "nothing"
            raise InputError(f"--grant {grant}: the skill does not ask for it; it asks for: {options}")
        granted += fitting
    return [ask for ask in asks if ask in granted]
