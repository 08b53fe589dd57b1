"""What the catalogue says of a model."""

from __future__ import annotations

from dataclasses import dataclass

SEE_CARD = "see its MODEL_CARD"
"""The licence of a voice whose data's licence is not known here; the card is fetched along with it."""

KINDS = ("asr", "tts", "wake", "turnend", "encoder")
"""Recognition, voices, wake words, ends of turns, sentence encoders."""

FAMILIES = {
    "whisper": "asr",
    "piper": "tts",
    "coqui": "tts",
    "wake": "wake",
    "smart-turn": "turnend",
    "sentence-encoder": "encoder",
}
"""Family → its kind. A model's folder is named after its family: ``whisper-base``, ``piper-de_DE-thorsten-low``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that can be fetched.

    Attributes:
        name: ``FAMILY-…``, as in ``assistant models pull NAME``, and of its folder.
        repository: where it is at the model hub; "" for one that is not there.
        megabytes: roughly what it takes on the disk.
        about: one line for the list.
        family: see :data:`FAMILIES`.
        folder: the repository's folder that holds it; "" for its root.
        patterns: names of the files to fetch.
        required: those without which it is not complete.
        archive: address of the ZIP file that holds it, for one that is not at the hub.
        voice: what ``tts.voice`` calls it.
        language: ISO 639-1 code, "" for several.
        region: ISO 3166-1 code, "" for none in particular.
        quality: as its makers call it.
        speakers: how many it has.
        licence: of the model and of the data that it was made from, whichever is narrower.
    """

    name: str
    repository: str
    megabytes: int
    about: str
    family: str
    folder: str = ""
    patterns: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    archive: str = ""
    voice: str = ""
    language: str = ""
    region: str = ""
    quality: str = ""
    speakers: int = 1
    licence: str = ""

    @property
    def kind(self) -> str:
        """``asr``, ``tts`` …; see :data:`KINDS`."""
        return FAMILIES[self.family]

    @property
    def fetch(self) -> str:
        """The command that fetches it."""
        return f"assistant models pull {self.name}"


def family_of(name: str) -> str:
    """The family of a model's folder by its name; "" for none that is known."""
    return next((family for family in FAMILIES if name == family or name.startswith(f"{family}-")), "")
