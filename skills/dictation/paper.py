"""The file that a dictation is written to."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import platformdirs

from assistant import Context, SkillError
from assistant.paths import data_dir

from .marks import composed


@dataclass(slots=True)
class Paper:
    """One dictation; on disk after every utterance.

    Attributes:
        path: the file; it is made with the first words.
        language: ISO 639-1, of the punctuation words.
        before: what the file holds already.
        utterances: what was said since.
    """

    path: Path
    language: str
    before: str = ""
    utterances: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What was dictated this time."""
        return composed(self.utterances, self.language)

    def write(self) -> None:
        """Put it on disk, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        if not self.text and not self.before:
            self.path.unlink(missing_ok=True)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(self.path.name + ".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(self.before + self.text.rstrip("\n") + "\n" if self.text else self.before)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)


def folder(ctx: Context) -> Path:
    """Where dictations go: the setting, else the documents folder, else the assistant's own."""
    if given := ctx.settings.get("folder"):
        return Path(given).expanduser()
    documents = platformdirs.user_documents_path()
    return documents if documents.is_dir() else data_dir() / "dictation"


def fresh(ctx: Context, now: datetime) -> Paper:
    """A new file, named by the minute; numbered if there is one already."""
    stem = f"{ctx.reply('file')} {now:%Y-%m-%d %H.%M}"
    names = [stem, *(f"{stem} ({number})" for number in range(2, 100))]
    paths = [folder(ctx) / f"{name}.txt" for name in names]
    return Paper(next((path for path in paths if not path.exists()), paths[-1]), ctx.language)


def reopened(ctx: Context, path: Path) -> Paper:
    """A file to go on with, in a new paragraph.

    Raises:
        SkillError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise SkillError(ctx.reply("gone", file=path.name)) from None
    return Paper(path, ctx.language, f"{text.rstrip()}\n\n")
