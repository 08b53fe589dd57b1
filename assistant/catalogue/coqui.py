"""Coqui's models, as coqui-tts lists them (``TTS/.models.json``), with the licences that it gives."""

from __future__ import annotations

from assistant.catalogue.base import Entry

_RELEASES = "https://github.com/coqui-ai/TTS/releases/download"


def _released(
    model: str, release: str, megabytes: int, licence: str, about: str, speakers: int = 1, quality: str = "VITS"
) -> Entry:
    """A model of the original project's releases: one ZIP file."""
    _, language, *rest = model.split("/")
    return Entry(
        name=f"coqui-{language}-{'-'.join(rest)}",
        repository="",
        archive=f"{_RELEASES}/{release}_models/{model.replace('/', '--')}.zip",
        megabytes=megabytes,
        about=about,
        family="coqui",
        required=("config.json", "*.pth*"),
        voice=model,
        language=language if language != "multilingual" else "",
        quality=quality,
        speakers=speakers,
        licence=licence,
    )


_XTTS_FILES = ("config.json", "model.pth", "vocab.json", "speakers_xtts.pth")

COQUI = (
    Entry(
        name="coqui-xtts_v2",
        repository="coqui/XTTS-v2",
        megabytes=1870,
        about="17 languages, speaks like a recording that you give it, wants a GPU",
        family="coqui",
        patterns=(*_XTTS_FILES, "hash.md5", "LICENSE.txt"),
        required=_XTTS_FILES,
        voice="tts_models/multilingual/multi-dataset/xtts_v2",
        quality="XTTS",
        speakers=58,
        licence="CPML (non-commercial)",
    ),
    _released("tts_models/en/ljspeech/vits", "v0.6.1", 145, "Apache-2.0", "en, one woman"),
    _released("tts_models/en/vctk/vits", "v0.6.1", 158, "Apache-2.0", "en, 109 British speakers", 109),
    _released("tts_models/en/jenny/jenny", "v0.14.0", 1700, "Jenny (free, name it Jenny)", "en, one Irish woman"),
    _released("tts_models/de/thorsten/vits", "v0.7.0", 145, "Apache-2.0", "de, one man"),
    _released("tts_models/fr/css10/vits", "v0.8.0", 145, "BSD-3-Clause", "fr, one man"),
    _released("tts_models/es/css10/vits", "v0.8.0", 145, "BSD-3-Clause", "es, one man"),
    _released("tts_models/bg/cv/vits", "v0.8.0", 145, "BSD-3-Clause", "bg, from Common Voice"),
)
