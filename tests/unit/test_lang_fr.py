"""French, as it is said and written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.langkit import check, check_nonsense

SENTENCES: dict[str, dict[str, Any]] = {
    "int": {
        "zéro": 0, "un": 1, "une": 1, "deux": 2, "dix-sept": 17, "vingt": 20, "vingt et un": 21, "vingt-et-un": 21,
        "vingt et une": 21, "trente-deux": 32, "soixante": 60, "soixante-dix": 70, "soixante et onze": 71,
        "soixante-dix-neuf": 79, "quatre-vingts": 80, "quatre-vingt": 80, "quatre-vingt-un": 81,
        "quatre-vingt-dix": 90, "quatre-vingt-dix-neuf": 99, "septante": 70, "septante-deux": 72, "huitante": 80,
        "nonante": 90, "nonante-neuf": 99, "cent": 100, "cent un": 101, "cent vingt": 120, "deux cents": 200,
        "deux cent cinquante": 250, "mille": 1000, "mille deux cents": 1200, "deux mille vingt-six": 2026,
        "mille neuf cent quatre-vingt-quatre": 1984, "dix mille": 10000, "cent mille": 100000, "un million": 1000000,
        "deux millions trois cent mille": 2300000, "moins cinq": -5, "-5": -5, "42": 42, "1 000": 1000, "1.000": 1000,
        "12 345": 12345, "une douzaine": 12, "une demi-douzaine": 6, "zero": 0,
    },
    "float": {
        "un": 1.0, "un virgule cinq": 1.5, "trois virgule quatorze": 3.14, "trois virgule un quatre": 3.14,
        "zéro virgule cinq": 0.5, "zéro virgule zéro cinq": 0.05, "douze virgule vingt-cinq": 12.25, "1,5": 1.5,
        "0,25": 0.25, "2.5": 2.5, "3,14": 3.14, "moins deux virgule cinq": -2.5, "-1,5": -1.5, "deux et demi": 2.5,
        "deux et demie": 2.5, "un demi": 0.5, "la moitié": 0.5, "un quart": 0.25, "trois quarts": 0.75,
        "un tiers": 1 / 3, "deux tiers": 2 / 3, "cent": 100.0, "deux mille": 2000.0, "vingt et un virgule sept": 21.7,
        "trois et demi": 3.5, "quatre-vingt-dix-neuf virgule neuf": 99.9, "1,5 million": 1500000.0,
        "mille cinq cents": 1500.0, "7": 7.0, "trois point cinq": 3.5, "dix virgule zéro un": 10.01,
    },
    "duration": {
        "une minute": 60, "cinq minutes": 300, "dix minutes": 600, "vingt et une minutes": 1260, "25 minutes": 1500,
        "soixante-dix minutes": 4200, "quatre-vingt-dix secondes": 90, "une seconde": 1, "30 secondes": 30,
        "une heure": 3600, "deux heures": 7200, "une demi-heure": 1800, "une demi heure": 1800, "demi-heure": 1800,
        "un quart d'heure": 900, "un quart d’heure": 900, "trois quarts d'heure": 2700, "une heure et demie": 5400,
        "deux heures et demie": 9000, "une heure et quart": 4500, "une heure trente": 5400,
        "une heure et trente minutes": 5400, "1 heure 30": 5400, "1h30": 5400, "1 h 30": 5400, "2h": 7200,
        "2 h 05": 7500, "1h 30min": 5400, "5 min": 300, "30 s": 30, "2,5 heures": 9000,
        "deux virgule cinq heures": 9000, "une minute trente": 90, "une minute et demie": 90,
        "deux minutes et trente secondes": 150, "un jour": 86400, "trois jours": 259200, "une semaine": 604800,
        "deux semaines": 1209600, "un jour, deux heures et une minute": 93660, "cent vingt minutes": 7200,
        "une demi-journée": 43200, "deux heures et quart": 8100,
    },
    "time": {
        "six heures": "~6:00", "6 heures": "~6:00", "6h": "~6:00", "une heure": "~1:00",
        "six heures et demie": "~6:30", "six heures trente": "~6:30", "six heures et quart": "~6:15",
        "sept heures moins le quart": "~6:45", "sept heures moins quart": "~6:45", "sept heures moins dix": "~6:50",
        "sept heures moins vingt-cinq": "~6:35", "une heure moins cinq": "~12:55", "huit heures cinq": "~8:05",
        "huit heures vingt": "~8:20", "six heures du matin": "06:00", "six heures du soir": "18:00",
        "trois heures de l'après-midi": "15:00", "trois heures de l’après-midi": "15:00",
        "huit heures et demie du soir": "20:30", "8 h 30 du soir": "20:30", "onze heures du soir": "23:00",
        "deux heures de la nuit": "02:00", "une heure du matin": "01:00", "18h30": "18:30", "18 h 30": "18:30",
        "18:30": "18:30", "6h30": "~6:30", "06h30": "~6:30", "06:30": "06:30", "18h": "18:00",
        "dix-huit heures": "18:00", "dix-huit heures trente": "18:30", "vingt heures quinze": "20:15",
        "vingt et une heures": "21:00", "vingt-trois heures cinquante-neuf": "23:59", "zéro heure": "00:00",
        "zéro heure quinze": "00:15", "midi": "12:00", "minuit": "00:00", "midi et demi": "12:30",
        "midi et quart": "12:15", "midi moins le quart": "11:45", "minuit et demi": "00:30",
        "minuit moins dix": "23:50", "midi dix": "12:10", "ce soir à huit heures": "20:00",
        "huit heures ce soir": "20:00", "ce matin à neuf heures": "09:00", "24h": "00:00", "douze heures": "~12:00",
    },
    "date": {
        "aujourd'hui": "+0", "aujourd’hui": "+0", "demain": "+1", "après-demain": "+2", "apres-demain": "+2",
        "hier": "-1", "avant-hier": "-2", "ce soir": "+0", "dans trois jours": "+3", "dans un jour": "+1",
        "dans une semaine": "+7", "dans deux semaines": "+14", "dans 10 jours": "+10", "il y a trois jours": "-3",
        "il y a une semaine": "-7", "la semaine prochaine": "+7", "vendredi": "fri", "le vendredi": "fri",
        "vendredi prochain": "next fri", "ce vendredi": "this fri", "lundi dernier": "last mon",
        "lundi en huit": "after mon", "mardi qui vient": "tue", "dimanche": "sun", "le 3 mai": "3.5.", "3 mai": "3.5.",
        "le trois mai": "3.5.", "le 1er mai": "1.5.", "le premier mai": "1.5.", "1er janvier": "1.1.",
        "le vingt et un décembre": "21.12.", "le 21 decembre": "21.12.", "le 3 mai 2026": "3.5.2026",
        "le trois mai deux mille vingt-six": "3.5.2026",
        "premier janvier mille neuf cent quatre-vingt-dix-neuf": "1.1.1999", "vendredi 3 mai": "3.5.",
        "vendredi, le 3 mai": "3.5.", "3/5/2026": "3.5.2026", "03/05/2026": "3.5.2026", "3/5": "3.5.",
        "3.5.2026": "3.5.2026", "2026-05-03": "3.5.2026", "le 15": "15.", "le quinze": "15.", "le premier": "1.",
        "29 février": "29.2.", "le quinze août": "15.8.", "Noël": "25.12.", "le nouvel an": "1.1.",
    },
    "percentage": {
        "cinquante pour cent": 50.0, "50 pour cent": 50.0, "50 %": 50.0, "50%": 50.0, "cinquante": 50.0, "50": 50.0,
        "un pour cent": 1.0, "zéro pour cent": 0.0, "cent pour cent": 100.0, "100 %": 100.0, "cent": 100.0,
        "soixante-quinze pour cent": 75.0, "quatre-vingts pour cent": 80.0, "quatre-vingt-dix pour cent": 90.0,
        "septante pour cent": 70.0, "nonante-cinq pour cent": 95.0, "douze virgule cinq pour cent": 12.5,
        "12,5 %": 12.5, "12,5%": 12.5, "0,5 %": 0.5, "la moitié": 50.0, "un quart": 25.0, "trois quarts": 75.0,
        "vingt et un pour cent": 21.0, "dix pour cent": 10.0, "5 pourcent": 5.0, "deux et demi pour cent": 2.5,
        "trente-trois pour cent": 33.0, "vingt": 20.0, "99 pour cent": 99.0,
    },
}  # fmt: skip

NONSENSE = {
    "int": ["", "vingt dix", "et un", "moins", "cent cent", "1,5", "mille mille", "deux et demi", "un chat", "et"],
    "float": ["virgule", "un virgule", "et demi", "moins", "demi demi"],
    "duration": ["cinq", "minutes", "cinq minutes trois heures", "une", "deux heures et", "une heure soixante",
                 "un pomme", "quart d'heure d'heure", "une minute et une minute"],
    "time": ["", "heures", "vingt-cinq heures", "25h", "24h30", "et demie", "moins le quart", "six heures soixante",
             "6h75", "du matin", "treize heures du matin", "midi du soir du matin"],
    "date": ["", "le", "30 février", "31 avril", "3/13", "32 mai", "dans jours", "prochain", "mai",
             "dans trois minutes", "demain hier", "il y a"],
    "percentage": ["", "pour cent", "cent deux pour cent", "-5 %", "150 %", "deux cents"],
}  # fmt: skip


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_is_said(kind: str) -> None:
    assert len(SENTENCES[kind]) >= 30
    check("fr", SENTENCES[kind], kind)


@pytest.mark.parametrize("kind", NONSENSE)
def test_what_means_nothing(kind: str) -> None:
    check_nonsense("fr", NONSENSE[kind], kind)
