"""Keys of language-model servers: from the environment, the system's key ring, or a file only the user can read."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from assistant import paths
from assistant.errors import InputError, SkillError
from assistant.skill.secrets import Secrets, key_ring

DEFAULT_ENV = "OPENAI_API_KEY"
_LIKE_A_KEY = re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf|AIza)[-_][\w*.…-]{6,}|Bearer\s+\S+")


class Secret:
    """A key that does not show itself: not in ``str``, ``repr`` or a format, and it cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")

    def reveal(self) -> str:
        """The key itself, for the one header that carries it."""
        return self._value


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it is kept, in words."""

    secret: Secret
    place: str


def host_of(base_url: str) -> str:
    """``api.example.org`` or ``localhost:8080``: what keys are kept under, and servers are called."""
    return urlsplit(base_url).netloc.rpartition("@")[2].lower()


def on_this_machine(base_url: str) -> bool:
    """Whether the address is of the loopback."""
    name = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def near(base_url: str) -> bool:
    """Whether the address is of this machine or the local network: no proxy is asked for it."""
    name = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return on_this_machine(base_url) or "." not in name or name.endswith((".local", ".lan", ".internal"))


def find_key(base_url: str, key_env: str | None = None, env: Mapping[str, str] | None = None) -> Key | None:
    """The key for a server, None if there is none.

    The environment comes first. ``OPENAI_API_KEY`` is not sent in clear text to another machine: for that, name the
    variable yourself or keep a key for that server.

    Raises:
        InputError: the key cannot be read, or cannot be one.
    """
    name = key_env or DEFAULT_ENV
    open_wire = urlsplit(base_url).scheme != "https" and not on_this_machine(base_url)
    given = (os.environ if env is None else env).get(name, "").strip()
    if given and not (open_wire and key_env is None):
        return Key(checked(given), f"the environment variable {name}")
    try:
        kept = _secrets().get(host_of(base_url))
    except SkillError as error:
        raise InputError(str(error)) from None
    return Key(checked(kept), place()) if kept else None


def keep_key(base_url: str, value: str | None) -> None:
    """Keep a key for a server, or forget it when it is None.

    Raises:
        InputError: it cannot be kept, or cannot be a key.
    """
    try:
        _secrets().put(host_of(base_url), None if value is None else checked(value.strip()).reveal())
    except SkillError as error:
        raise InputError(str(error)) from None


def place() -> str:
    """Where keys are kept on this machine, in words."""
    return "the key ring" if key_ring() is not None else f"the file {paths.data_dir() / 'llm' / 'secrets.json'}"


def checked(value: str) -> Secret:
    """A key that can be sent.

    Raises:
        InputError: it is empty or holds characters that no key has.
    """
    if not re.fullmatch(r"[!-~]+", value):
        raise InputError("The key is empty, or holds a space or a letter that no key has; set it again")
    return Secret(value)


def hide(text: str, secret: Secret | None) -> str:
    """A text without the key, nor anything that looks like one."""
    if secret is not None:
        text = text.replace(secret.reveal(), "…")
    return _LIKE_A_KEY.sub("…", text)


def _secrets() -> Secrets:
    return Secrets("llm", paths.data_dir() / "llm")
