"""Agreements that a voice needs before it speaks: its licence, and the consent of the person it imitates.

Each is asked for once and kept, with its date, in ``consent.json`` in the assistant's data folder; a recording is known
by its content, so a copy needs no second consent and an exchanged file does.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.errors import ConfigError, InputError
from assistant.paths import data_dir


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something that the user must agree to.

    Attributes:
        key: what it is kept under.
        text: what the user agrees to, in whole sentences.
        what: what the command is given: ``cpml``, or the recording.
    """

    key: str
    text: str
    what: str

    @property
    def command(self) -> str:
        """The command that asks for it."""
        return f"assistant voices consent {shlex.quote(self.what)}"


class ConsentNeeded(ConfigError):
    """The user has not agreed yet; the message holds the command that asks."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(f"{agreement.text.splitlines()[0]} Agree once with: {agreement.command}")
        self.agreement = agreement


CPML = Agreement(
    "licence:cpml-1.0",
    "XTTS comes under the Coqui Public Model License 1.0, which allows non-commercial use only.\n"
    "Its text is the file LICENSE.txt beside the model.",
    "cpml",
)


def speaker_of(recording: Path) -> Agreement:
    """The agreement for imitating the voice in a recording.

    Raises:
        InputError: it cannot be read.
    """
    try:
        digest = hashlib.sha256(recording.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{recording} cannot be read: {error.strerror}") from None
    text = (
        f"Imitating the voice in {recording} needs the consent of the person who speaks there.\n"
        "By agreeing you say that this is your own voice, or that its owner allows it for what you will use it for."
    )
    return Agreement(f"speaker:{digest}", text, str(recording))


def agreement_on(what: str) -> Agreement:
    """What the argument of the command means: ``cpml``, or a recording.

    Raises:
        InputError: neither.
    """
    return CPML if what.lower() == CPML.what else speaker_of(Path(what).expanduser())


def require(agreement: Agreement) -> None:
    """Go on only with the user's consent.

    Raises:
        ConsentNeeded: it has not been given.
    """
    if agreement.key not in agreed():
        raise ConsentNeeded(agreement)


def agree(agreement: Agreement) -> None:
    """Keep that the user agrees.

    Raises:
        InputError: it cannot be written.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _write({**agreed(), agreement.key: {"at": now, "what": agreement.what, "text": agreement.text}})


def withdraw(agreement: Agreement) -> bool:
    """Take an agreement back; returns whether there was one."""
    kept = agreed()
    found = kept.pop(agreement.key, None) is not None
    if found:
        _write(kept)
    return found


def agreed() -> dict[str, dict[str, Any]]:
    """Everything agreed to, by key.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        data = json.loads(_file().read_text(encoding="utf-8"))
        return {str(key): dict(value) for key, value in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{_file()} cannot be read ({error}); remove it to be asked again") from None


def ask(agreement: Agreement, answer: Callable[[str], bool]) -> bool:
    """Ask the user, and keep it if the answer is yes.

    Args:
        answer: shows the text and returns whether the user agrees.
    """
    if agreement.key in agreed():
        return True
    if not answer(agreement.text):
        return False
    agree(agreement)
    return True


def _file() -> Path:
    return data_dir() / "consent.json"


def _write(kept: dict[str, dict[str, Any]]) -> None:
    file = _file()
    part = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from None
