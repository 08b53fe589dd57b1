"""Spanish words for what is written in symbols."""

from __future__ import annotations

import re

from assistant.intent.lang.words import in_words
from assistant.tts.rewrite import rule
from assistant.tts.spoken import Money, Spoken

_NO_NOUN = frozenset((
    "a", "al", "ante", "bajo", "coma", "con", "contra", "de", "del", "desde", "durante", "e", "el", "en", "entre",
    "es", "está", "están", "fue", "hacia", "hasta", "la", "las", "lo", "los", "mal", "mayo", "menos", "más", "ni",
    "no", "o", "para", "pero", "por", "que", "se", "según", "si", "sin", "sobre", "son", "su", "también", "te",
    "tras", "tu", "u", "un", "una", "y", "ya",
))  # fmt: skip
"""What may follow a number without being counted by it."""
_MASCULINE = re.compile(r"(?:día|mapa|problema|programa|tema|idioma|sistema|clima|planeta|poema|yoga|sofá)s?$")


def _day(match: re.Match[str]) -> str:
    year = f" de {match['year']}" if match["year"] else ""
    return f"uno de {match['month']}{year}"


def _time(hour: int, minute: int, second: int) -> str:
    named = {1: "una", 21: "veintiuna"}.get(hour, str(hour))
    if not minute:
        return named if hour == 1 else f"{named} horas" if hour > 12 or hour == 0 else f"{named} en punto"
    said = f"{named} y {minute}"
    return f"{said} con {second} segundos" if second else said


def _counted(match: re.Match[str]) -> str:
    """A number that agrees with its noun: "veintiuna horas", "veintiún minutos", "doscientas páginas"."""
    number, noun = int(match[1]), match[2]
    feminine = not _MASCULINE.search(noun) and re.search(r"(?:as?|ción|ciones|dad|dades|vez|veces)$", noun)
    ends_in_one = number % 10 == 1 and number % 100 != 11
    if noun in _NO_NOUN or not (ends_in_one or (feminine and number % 1000 >= 200)) or number > 999_999:
        return match[0]
    said = in_words(number, "es")
    if ends_in_one:
        stem = said[: -len("uno")]
        said = f"{stem}una" if feminine else f"{stem}ún" if stem.endswith("veinti") else f"{stem}un"
    return f"{said.replace('cientos', 'cientas').replace('quinientos', 'quinientas') if feminine else said} {noun}"


def _ordinal(match: re.Match[str]) -> str:
    """Short before a masculine noun: "tercer día"."""
    said = in_words(int(match[1]), "es", ordinal=True)
    if match[2] == "ª":
        said = re.sub(r"o\b", "a", said)
    elif match[3]:
        said = re.sub(r"(?<=er)o$", "", said)
    return said + (match[3] or "")


SPOKEN = Spoken(
    code="es",
    symbols={
        "times": "por", "divided": "entre", "minus": "menos", "plus": "más", "equals": "igual a",
        "unequal": "distinto de", "at_most": "como máximo", "at_least": "como mínimo", "about": "aproximadamente",
        "plus_minus": "más menos", "less": "menor que", "greater": "mayor que", "to": "a", "number": "número",
        "and": "y", "squared": "al cuadrado", "cubed": "al cubo", "power": "elevado a", "degree": "grado",
        "degrees": "grados", "at": "arroba", "dot": "punto", "dash": "guion", "underscore": "guion bajo",
        "link": "un enlace a",
    },
    money={
        "€": Money(("euro", "euros", "euros"), ("céntimo", "céntimos", "céntimos")),
        "$": Money(("dólar", "dólares", "dólares"), ("centavo", "centavos", "centavos")),
        "£": Money(("libra", "libras", "libras"), ("penique", "peniques", "peniques")),
        "¥": Money(("yen", "yenes", "yenes"), ("sen", "sen", "sen")),
    },
    abbreviations={
        r"Mbit/s|Mbps": "megabits por segundo",
        r"Sr\.": "señor", r"Sra\.": "señora", r"Srta\.": "señorita", r"Sres\.": "señores", r"Dr\.": "doctor",
        r"Dra\.": "doctora", r"Prof\.": "profesor", r"D\.(?= [A-ZÁÉÍÓÚ])": "don", r"D\.ª": "doña", r"Uds\.": "ustedes",
        r"Ud\.": "usted", r"p\. ?ej\.": "por ejemplo", r"etc\.(?= [a-zá-ú])|etc": "etcétera",
        r"aprox\.": "aproximadamente", r"[Nn]\.?[ºo°](?= ?\d)": "número", r"[Nn]úm\.(?= ?\d)": "número",
        r"págs?\.(?= ?\d)": "página", r"vol\.(?= ?\d)": "volumen", r"cap\.(?= ?\d)": "capítulo",
        r"EE\. ?UU\.": "Estados Unidos", r"[Aa]v(?:da)?\.": "avenida", r"[Tt]el\.|tfno\.": "teléfono",
        r"a\. ?C\.": "antes de Cristo", r"d\. ?C\.": "después de Cristo", r"máx\.": "máximo", r"mín\.": "mínimo",
    },
    time=_time,
    time_words="horas|hs?|hrs?",
    day=_day,
    day_pattern=r"(?<![\d.,/])\b(?P<day>1)\sde\s(?P<month>{months})\b(?:\sde\s(?P<year>\d{4})\b)?",
    grouping=r"[.\u00a0\u202f ]",
    others=(rule(r"(?<![\w.,])(\d{1,2})\.?([ºª])(\s(?=[a-zá-úñ]))?", _ordinal),),
    counted=(rule(r"(?<![\w.,:/-])(\d{1,6})[ \u00a0]([a-zá-úñ]{2,})\b", _counted),),
)  # fmt: skip
