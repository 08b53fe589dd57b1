"""Whisper (MIT) as converted to CTranslate2 by Systran and others."""

from __future__ import annotations

from assistant.catalogue.base import Entry

PATTERNS = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")
REQUIRED = ("config.json", "model.bin", "tokenizer.json", "vocabulary.*")


def _whisper(size: str, megabytes: int, about: str, repository: str = "") -> Entry:
    return Entry(
        name=f"whisper-{size}",
        repository=repository or f"Systran/faster-whisper-{size}",
        megabytes=megabytes,
        about=about,
        family="whisper",
        patterns=PATTERNS,
        required=REQUIRED,
        language="en" if about.startswith("English") else "",
        licence="MIT",
    )


WHISPER = (
    _whisper("tiny", 78, "99 languages, least accurate, quick on a Raspberry Pi 5"),
    _whisper("tiny.en", 78, "English"),
    _whisper("base", 148, "99 languages, the default"),
    _whisper("base.en", 148, "English"),
    _whisper("small", 486, "99 languages, for a desktop CPU"),
    _whisper("small.en", 486, "English"),
    _whisper("medium", 1530, "99 languages, wants a GPU"),
    _whisper("medium.en", 1530, "English, wants a GPU"),
    _whisper("large-v2", 3090, "99 languages, wants a GPU"),
    _whisper("large-v3", 3090, "99 languages, most accurate, wants a GPU"),
    _whisper("large-v3-turbo", 1620, "99 languages, fast, wants a GPU", "mobiuslabsgmbh/faster-whisper-large-v3-turbo"),
    _whisper(
        "distil-small.en", 335, "English, small's accuracy at base's speed", "Systran/faster-distil-whisper-small.en"
    ),
    _whisper("distil-medium.en", 790, "English", "Systran/faster-distil-whisper-medium.en"),
    _whisper("distil-large-v2", 1510, "English, wants a GPU", "Systran/faster-distil-whisper-large-v2"),
    _whisper("distil-large-v3", 1510, "English, wants a GPU", "Systran/faster-distil-whisper-large-v3"),
)
