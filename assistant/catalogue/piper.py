"""Voices of rhasspy/piper-voices, in each language the one that is taken by default first.

The repository as a whole is MIT; what counts for a voice is the licence of the recordings that it was trained on,
which its MODEL_CARD names. It is given here where it is known for certain.
"""

from __future__ import annotations

from assistant.catalogue.base import SEE_CARD, Entry

REPOSITORY = "rhasspy/piper-voices"

_BLIZZARD = "Blizzard 2013 (research only)"
_PUBLIC = "public domain"
_BY, _BY_SA, _BY_NC_SA = "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC-SA 4.0"
_MAILABS = "M-AILABS (BSD-like)"
_MEGABYTES = {"x_low": 21, "low": 63, "medium": 63, "high": 114}

_VOICES: tuple[tuple[str, str, int], ...] = (
    ("en_US-ljspeech-medium", _PUBLIC, 1),
    ("en_US-ljspeech-high", _PUBLIC, 1),
    ("en_US-lessac-medium", _BLIZZARD, 1),
    ("en_US-lessac-low", _BLIZZARD, 1),
    ("en_US-lessac-high", _BLIZZARD, 1),
    ("en_US-amy-medium", SEE_CARD, 1),
    ("en_US-amy-low", SEE_CARD, 1),
    ("en_US-hfc_female-medium", _BY_NC_SA, 1),
    ("en_US-hfc_male-medium", _BY_NC_SA, 1),
    ("en_US-joe-medium", SEE_CARD, 1),
    ("en_US-kristin-medium", _PUBLIC, 1),
    ("en_US-libritts_r-medium", _BY, 904),
    ("en_US-ryan-medium", SEE_CARD, 1),
    ("en_US-ryan-high", SEE_CARD, 1),
    ("en_GB-alan-medium", SEE_CARD, 1),
    ("en_GB-alba-medium", _BY, 1),
    ("en_GB-cori-medium", _PUBLIC, 1),
    ("en_GB-jenny_dioco-medium", "Jenny (free, name it Jenny)", 1),
    ("en_GB-northern_english_male-medium", _BY_SA, 1),
    ("en_GB-southern_english_female-low", _BY_SA, 1),
    ("en_GB-vctk-medium", _BY, 109),
    ("de_DE-thorsten-medium", "CC0", 1),
    ("de_DE-thorsten-low", "CC0", 1),
    ("de_DE-thorsten-high", "CC0", 1),
    ("de_DE-thorsten_emotional-medium", "CC0", 8),
    ("de_DE-eva_k-x_low", _MAILABS, 1),
    ("de_DE-kerstin-low", SEE_CARD, 1),
    ("de_DE-ramona-low", _MAILABS, 1),
    ("fr_FR-siwis-medium", _BY, 1),
    ("fr_FR-siwis-low", _BY, 1),
    ("fr_FR-tom-medium", SEE_CARD, 1),
    ("fr_FR-upmc-medium", SEE_CARD, 2),
    ("es_ES-davefx-medium", SEE_CARD, 1),
    ("es_ES-sharvard-medium", SEE_CARD, 2),
    ("es_MX-ald-medium", SEE_CARD, 1),
    ("es_MX-claude-high", SEE_CARD, 1),
    ("ru_RU-irina-medium", SEE_CARD, 1),
    ("ru_RU-denis-medium", SEE_CARD, 1),
    ("ru_RU-dmitri-medium", SEE_CARD, 1),
    ("ru_RU-ruslan-medium", _BY_NC_SA, 1),
    ("bg_BG-dimitar-medium", SEE_CARD, 1),
    ("it_IT-paola-medium", SEE_CARD, 1),
    ("it_IT-riccardo-x_low", _MAILABS, 1),
    ("nl_NL-mls-medium", _BY, 52),
    ("pl_PL-gosia-medium", SEE_CARD, 1),
    ("pt_BR-faber-medium", SEE_CARD, 1),
    ("uk_UA-ukrainian_tts-medium", SEE_CARD, 3),
)
"""Name, licence of its recordings, number of speakers."""


def _piper(name: str, licence: str, speakers: int) -> Entry:
    locale, dataset, quality = name.split("-")
    language, _, region = locale.partition("_")
    several = f", {speakers} speakers" if speakers > 1 else ""
    return Entry(
        name=f"piper-{name}",
        repository=REPOSITORY,
        folder=f"{language}/{locale}/{dataset}/{quality}",
        megabytes=_MEGABYTES[quality] + (14 if speakers > 1 else 0),
        about=f"{locale} {dataset.replace('_', ' ')}, {quality}{several}",
        family="piper",
        patterns=(f"{name}.onnx", f"{name}.onnx.json", "MODEL_CARD"),
        required=(f"{name}.onnx", f"{name}.onnx.json"),
        voice=name,
        language=language,
        region=region,
        quality=quality,
        speakers=speakers,
        licence=licence,
    )


PIPER = tuple(_piper(*voice) for voice in _VOICES)
