"""German words for what is written in symbols."""

from __future__ import annotations

import re

from assistant.intent.lang.saying import month_name
from assistant.intent.lang.words import in_words
from assistant.tts.rewrite import rule
from assistant.tts.spoken import Money, Spoken

_TO_DATIVE = ("am", "dem", "den", "vom", "zum", "beim", "ab", "seit", "bis", "und", "oder")


def _ordinal(day: int, lead: str) -> str:
    stem = in_words(day, "de", ordinal=True)
    return f"{stem}n" if lead in _TO_DATIVE else stem if lead in ("der", "die", "das") else f"{stem}r"


def _year(year: int) -> str:
    """As a year is said: "neunzehnhundertvierundachtzig"."""
    if 1100 <= year < 2000:
        rest = in_words(year % 100, "de") if year % 100 else ""
        return f"{in_words(year // 100, 'de')}hundert{rest}"
    return str(year)


def _day(match: re.Match[str]) -> str:
    day = int(match["day"])
    if not 1 <= day <= 31:
        return match[0]
    lead = match["lead"] or ""
    year = f" {_year(int(match['year']))}" if match["year"] else ""
    return f"{lead}{' ' if lead else ''}{_ordinal(day, lead.lower())} {match['month']}{year}"


def _day_alone(match: re.Match[str]) -> str:
    day = int(match[2])
    return f"{match[1]} {_ordinal(day, match[1].lower())}" if 1 <= day <= 31 else match[0]


def _time(hour: int, minute: int, second: int) -> str:
    said = f"{'ein' if hour == 1 else hour} Uhr{f' {minute}' if minute else ''}"
    return f"{said} und {second} Sekunden" if second else said


def _one(match: re.Match[str]) -> str:
    """One of a noun, whose gender its ending mostly tells."""
    if match[1]:  # "Kapitel 1" is a number's name
        return match[0]
    return f"{'eine' if re.search(r'(?:e|ung|heit|keit|schaft|ion|tät)$', match[2]) else 'ein'} {match[2]}"


SPOKEN = Spoken(
    code="de",
    symbols={
        "times": "mal", "divided": "geteilt durch", "minus": "minus", "plus": "plus", "equals": "gleich",
        "unequal": "ungleich", "at_most": "höchstens", "at_least": "mindestens", "about": "ungefähr",
        "plus_minus": "plus minus", "less": "kleiner als", "greater": "größer als", "to": "bis", "number": "Nummer",
        "and": "und", "squared": "hoch zwei", "cubed": "hoch drei", "power": "hoch", "degree": "Grad",
        "degrees": "Grad", "at": "ät", "dot": "Punkt", "dash": "Minus", "underscore": "Unterstrich",
        "link": "ein Link zu",
    },
    money={
        "€": Money(("Euro",) * 3, ("Cent",) * 3), "$": Money(("Dollar",) * 3, ("Cent",) * 3),
        "£": Money(("Pfund",) * 3, ("Pence",) * 3), "¥": Money(("Yen",) * 3, ("Sen",) * 3),
        "CHF": Money(("Franken",) * 3, ("Rappen",) * 3),
    },
    abbreviations={
        r"Mbit/s|Mbps": "Megabit pro Sekunde",
        r"TL": "Teelöffel", r"EL": "Esslöffel",
        r"z\. ?B\.": "zum Beispiel", r"d\. ?h\.": "das heißt", r"u\. ?a\.": "unter anderem",
        r"usw\.(?= [a-zäöü,])|usw": "und so weiter", r"u\. ?s\. ?w\.": "und so weiter", r"bzw\.": "beziehungsweise",
        r"ca\.": "circa", r"evtl\.": "eventuell", r"ggf\.": "gegebenenfalls", r"inkl\.": "inklusive",
        r"exkl\.": "exklusive", r"[Nn]r\.(?= ?\d)": "Nummer", r"S\.(?= ?\d)": "Seite", r"Abb\.(?= ?\d)": "Abbildung",
        r"Bd\.(?= ?\d)": "Band", r"Kap\.(?= ?\d)": "Kapitel", r"Dr\.(?= ?[A-ZÄÖÜ])": "Doktor", r"Prof\.": "Professor",
        r"Hr\.": "Herr", r"Fr\.(?= [A-ZÄÖÜ])": "Frau", r"Str\.": "Straße", r"v\. ?Chr\.": "vor Christus",
        r"n\. ?Chr\.": "nach Christus", r"vgl\.": "vergleiche", r"Mio\.": "Millionen", r"Mrd\.": "Milliarden",
        r"Tel\.": "Telefon", r"etc\.(?= [a-zäöü])|etc": "et cetera", r"o\. ?ä\.": "oder ähnliches",
        r"m\. ?E\.": "meines Erachtens", r"sog\.": "sogenannt", r"zzgl\.": "zuzüglich",
    },
    time=_time,
    time_words="Uhr",
    day=_day,
    day_pattern=r"(?:\b(?P<lead>am|dem|den|vom|zum|ab|seit|bis|und|oder|der)\s)?(?<![\d.,])\b(?P<day>\d{1,2})\.\s?(?P<month>{months})\b"
    r"(?:\s(?P<year>\d{4})\b(?!\s?[%°€]))?",
    grouping=r"[.\u00a0\u202f ]",
    units={"Std.": "duration-hour", "Min.": "duration-minute", "Sek.": "duration-second"},
    others=(
        rule(r"(?<=[a-zäöüß])str\.(?= ?\d)", "straße"),
        rule(
            r"\b([Aa]m|[Vv]om|[Zz]um|[Bb]is|[Dd]er|[Dd]em|[Dd]en) (\d{1,2})\.(0?[1-9]|1[0-2])\.(?!\d)",
            lambda match: f"{match[1]} {_ordinal(int(match[2]), match[1].lower())} {month_name('de', int(match[3]))}",
        ),
        rule(r"\b([Aa]m|[Vv]om|[Zz]um|[Bb]eim|[Dd]er|[Dd]em|[Dd]en) (\d{1,2})\.(?= [a-zäöü]|\s*\Z)", _day_alone),
        rule(r"(?<![\d:.])([01]?\d|2[0-3])\.([0-5]\d) Uhr\b", lambda match: _time(int(match[1]), int(match[2]), 0)),
        rule(
            r"\b((?i:im jahr|seit|bis|von|in den jahren|jahr|um)) (1[1-9]\d\d)\b(?![.,:]\d| ?[%°€])",
            lambda match: f"{match[1]} {_year(int(match[2]))}",
        ),
    ),
    counted=(
        rule(
            r"(?<![\w.,:/-])((?:Nummer|Seite|Band|Kapitel|Zimmer|Raum|Teil|Platz|Gleis|Kanal|Linie|Stufe|Punkt) )?"
            r"\b1 ([A-ZÄÖÜ][a-zäöüß]\w*)", _one,
        ),
    ),
)  # fmt: skip
