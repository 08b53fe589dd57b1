"""The configuration of voices."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from assistant.config_base import Code, EngineSection, Names, Section, engine_names
from assistant.suggest import nearest


class Voice(Section):
    """The voice for one language.

    Attributes:
        engine: as ``tts.engine``.
        voice, speaker: the engine's names; null for its default in the language.
    """

    engine: str = "auto"
    voice: str | None = None
    speaker: str | int | None = None

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        known = ["auto", *engine_names("tts")]
        if value not in known:
            raise ValueError(f"there is no engine {value!r}{nearest(value, known)}")
        return value


class SpeechCache(Section):
    """What has been synthesised once and is kept on disk.

    Attributes:
        megabytes: room for it; 0 keeps nothing.
        ahead: whether frequent phrases are synthesised before they are needed.
    """

    megabytes: Annotated[int, Field(ge=0, le=10_000)] = 100
    ahead: bool = True


class Tts(EngineSection):
    """Speech.

    Attributes:
        voice: the engine's name of a voice; null for its default in the configured language.
        speaker: of a voice with several, one's name or number.
        rate: speed against the voice's normal one; 1.2 is a fifth faster.
        voices: language → the voice for what is said in it.
        fallback: engines that speak when the one above fails or is too slow, in order; null for every other one that
            is here. espeak-ng is always the last.
        loudness: LUFS to which every voice is brought (EBU R128); null leaves each as it is.
    """

    kind = "tts"
    special = ("auto",)

    engine: str = "auto"
    voice: str | None = None
    speaker: str | int | None = None
    rate: Annotated[float, Field(ge=0.3, le=3)] = 1.0
    voices: dict[Code, Voice] = Field(default_factory=dict)
    fallback: Names | None = None
    loudness: Annotated[float, Field(ge=-40, le=-10)] | None = -20.0
    cache: SpeechCache = SpeechCache()
