"""French words for what is written in symbols."""

from __future__ import annotations

import re

from assistant.intent.lang.words import in_words
from assistant.tts.rewrite import rule
from assistant.tts.spoken import Money, Spoken

_FEMININE = (
    "minutes?|heures?|secondes?|semaines?|millisecondes?|années?|fois|notes?|alarmes?|pages?|chansons?|personnes?|tasses?"
    "|tonnes?|kilocalories?|livres?|tâches?|choses?|questions?|chaînes?|pièces?|portes?|lampes?|étoiles?|journées?|mesures?"
)


def _day(match: re.Match[str]) -> str:
    year = f" {match['year']}" if match["year"] else ""
    return f"premier {match['month']}{year}" if match["day"].startswith("1") else match[0]


def _time(hour: int, minute: int, second: int) -> str:
    said = f"{hour} heure{'s' if hour > 1 else ''}{f' {minute}' if minute else ''}"
    return f"{said} et {second} secondes" if second else said


def _clock(match: re.Match[str]) -> str:
    return _time(int(match[1]), int(match[2] or 0), 0)


def _counted(match: re.Match[str]) -> str:
    """A number that ends in one, before a feminine noun."""
    number = int(match[1])
    return f"{in_words(number, 'fr')}e {match[2]}" if number % 100 not in (11, 71, 91) else match[0]


def _ordinal(match: re.Match[str]) -> str:
    if match[1] == "1":
        return "première" if "r" in match[2] and "e" in match[2][1:] else "premier"
    return in_words(int(match[1]), "fr", ordinal=True)


SPOKEN = Spoken(
    code="fr",
    symbols={
        "times": "fois", "divided": "divisé par", "minus": "moins", "plus": "plus", "equals": "égale",
        "unequal": "est différent de", "at_most": "au plus", "at_least": "au moins", "about": "environ",
        "plus_minus": "plus ou moins", "less": "est inférieur à", "greater": "est supérieur à", "to": "à",
        "number": "numéro", "and": "et", "squared": "au carré", "cubed": "au cube", "power": "puissance",
        "degree": "degré", "degrees": "degrés", "at": "arobase", "dot": "point", "dash": "tiret",
        "underscore": "tiret bas", "link": "un lien vers",
    },
    money={
        "€": Money(("euro", "euros", "euros"), ("centime", "centimes", "centimes")),
        "$": Money(("dollar", "dollars", "dollars"), ("cent", "cents", "cents")),
        "£": Money(("livre", "livres", "livres"), ("penny", "pence", "pence")),
        "¥": Money(("yen", "yens", "yens"), ("sen", "sens", "sens")),
        "CHF": Money(("franc", "francs", "francs"), ("centime", "centimes", "centimes")),
    },
    abbreviations={
        r"Mbit/s|Mbps": "mégabits par seconde",
        r"M\.(?= [A-ZÉ])": "Monsieur", r"MM\.(?= [A-ZÉ])": "Messieurs", r"Mme(?= [A-ZÉ])": "Madame",
        r"Mlle(?= [A-ZÉ])": "Mademoiselle", r"Dr\.?(?= [A-ZÉ])": "Docteur", r"Pr\.?(?= [A-ZÉ])": "Professeur",
        r"p\. ?ex\.": "par exemple", r"c\.-à-d\.": "c'est-à-dire", r"env\.": "environ",
        r"etc\.(?= [a-zéàê])|etc": "et cetera", r"[Nn]°(?= ?\d)": "numéro ", r"av\. ?J\.-C\.": "avant Jésus-Christ",
        r"ap\. ?J\.-C\.": "après Jésus-Christ", r"av\.(?= [A-ZÉ])": "avenue",
        r"bd\.?(?= [A-ZÉ])": "boulevard", r"p\.(?= ?\d)": "page", r"vol\.(?= ?\d)": "volume",
        r"chap\.(?= ?\d)": "chapitre", r"av\. J\.-C\.": "avant Jésus-Christ", r"apr\. J\.-C\.": "après Jésus-Christ",
        r"tél\.": "téléphone", r"max\.": "maximum", r"min\.(?= ?\d)": "minimum", r"[Ss]t-(?=[A-ZÉ])": "Saint-",
        r"[Ss]te-(?=[A-ZÉ])": "Sainte-",
    },
    time=_time,
    time_words="heures?|h",
    day=_day,
    day_pattern=r"(?<![\d.,])\b(?P<day>1er|1)\s(?P<month>{months})\b(?:\s(?P<year>\d{4})\b)?",
    grouping=r"[\u00a0\u202f ]",
    units={"Ko": "digital-kilobyte", "Mo": "digital-megabyte", "Go": "digital-gigabyte", "To": "digital-terabyte"},
    others=(
        rule(r"(?<![\d:.,])([01]?\d|2[0-4]) ?h ?([0-5]\d)(?: ?min\b)?(?!\w)", _clock),
        rule(r"\b((?i:à|vers|dès|avant|après|entre|et|jusqu'à)) ([01]?\d|2[0-4]) ?h(?!\w)",
             lambda match: f"{match[1]} {_time(int(match[2]), 0, 0)}"),
        rule(r"(?<![\w.,])(\d{1,3})(er|re|ère|e|ème|nd|nde)\b", _ordinal),
    ),
    counted=(rule(rf"(?<![\w.,:/-])(\d*1)[ \u00a0]({_FEMININE})\b", _counted),),
)  # fmt: skip
