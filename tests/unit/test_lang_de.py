"""German, as it is said and written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.langkit import check, check_nonsense

SENTENCES: dict[str, dict[str, Any]] = {
    "int": {
        "null": 0, "eins": 1, "ein": 1, "zwei": 2, "zwo": 2, "zwölf": 12, "siebzehn": 17, "zwanzig": 20,
        "einundzwanzig": 21, "dreißig": 30, "dreissig": 30, "fünfunddreissig": 35, "neunundneunzig": 99,
        "hundert": 100, "einhundert": 100, "hunderteins": 101, "hundertzwanzig": 120, "hundert zwanzig": 120,
        "zweihundertfünfzig": 250, "dreihundert und fünf": 305, "neunhundertneunundneunzig": 999, "tausend": 1000,
        "eintausend": 1000, "tausendundeins": 1001, "zweitausendsechsundzwanzig": 2026,
        "neunzehnhundertvierundachtzig": 1984, "zwölftausend": 12000, "hunderttausend": 100000,
        "eine million": 1000000, "zwei Millionen": 2000000, "zwei millionen dreihunderttausend": 2300000,
        "minus fünf": -5, "-5": -5, "42": 42, "1.000": 1000, "12.345": 12345, "1 000 000": 1000000,
        "1.234.567": 1234567, "ein Dutzend": 12, "fuenf": 5, "zwoelf": 12,
    },
    "float": {
        "eins": 1.0, "eins komma fünf": 1.5, "drei Komma eins vier": 3.14, "drei komma vierzehn": 3.14,
        "null komma fünf": 0.5, "null komma null fünf": 0.05, "zwölf komma fünf": 12.5, "1,5": 1.5, "0,25": 0.25,
        "3,14": 3.14, "2.5": 2.5, "3,1415": 3.1415, "anderthalb": 1.5, "eineinhalb": 1.5, "zweieinhalb": 2.5,
        "dreieinhalb": 3.5, "zwei einhalb": 2.5, "zwei und ein halb": 2.5, "zwei und drei viertel": 2.75,
        "ein halb": 0.5, "die Hälfte": 0.5, "ein Viertel": 0.25, "drei Viertel": 0.75, "dreiviertel": 0.75,
        "ein Drittel": 1 / 3, "zwei Drittel": 2 / 3, "minus eins komma fünf": -1.5, "-2,5": -2.5, "hundert": 100.0,
        "1.000": 1000.0, "zweihundertfünfzig": 250.0, "1,5 Millionen": 1500000.0, "zwanzig komma zwei": 20.2,
    },
    "duration": {
        "eine Minute": 60, "einer Minute": 60, "fünf Minuten": 300, "zehn minuten": 600, "25 Minuten": 1500,
        "fünfundvierzig minuten": 2700, "neunzig Sekunden": 90, "eine Sekunde": 1, "30 Sekunden": 30, "30 Sek.": 30,
        "eine Stunde": 3600, "zwei Stunden": 7200, "eine halbe Stunde": 1800, "einer halben Stunde": 1800,
        "halbe Stunde": 1800, "eine Viertelstunde": 900, "eine viertel Stunde": 900, "eine Dreiviertelstunde": 2700,
        "drei viertel Stunden": 2700, "anderthalb Stunden": 5400, "eineinhalb Stunden": 5400,
        "zweieinhalb Stunden": 9000, "eine Stunde und dreißig Minuten": 5400, "eine Stunde dreißig": 5400,
        "1 Stunde 30 Minuten": 5400, "zwei Stunden und fünf Minuten": 7500, "eine Minute und dreißig Sekunden": 90,
        "eine Minute dreißig": 90, "1,5 Stunden": 5400, "eins komma fünf Stunden": 5400, "1h 30min": 5400, "2 h": 7200,
        "1h30": 5400, "5 min": 300, "ein Tag": 86400, "einen Tag": 86400, "drei Tage": 259200, "drei Tagen": 259200,
        "einen halben Tag": 43200, "eine Woche": 604800, "zwei Wochen": 1209600,
        "ein Tag, zwei Stunden und eine Minute": 93660, "eine halbe Minute": 30, "120 Minuten": 7200,
        "hundertzwanzig Minuten": 7200, "zweieinhalb Minuten": 150,
    },
    "time": {
        "sechs": "~6:00", "sechs Uhr": "~6:00", "6 Uhr": "~6:00", "ein Uhr": "~1:00", "eins": "~1:00",
        "halb sieben": "~6:30", "halb eins": "~12:30", "halb 7": "~6:30", "Viertel nach sechs": "~6:15",
        "viertel nach 6": "~6:15", "Viertel vor sieben": "~6:45", "viertel vor eins": "~12:45",
        "drei viertel sieben": "~6:45", "dreiviertel sieben": "~6:45", "viertel sieben": "~6:15",
        "fünf vor halb sieben": "~6:25", "fünf nach halb sieben": "~6:35", "zehn nach sechs": "~6:10",
        "zwanzig vor acht": "~7:40", "fünf Minuten vor acht": "~7:55", "fünf nach acht": "~8:05",
        "sechs Uhr dreißig": "~6:30", "sechs uhr fünf": "~6:05", "6:30": "~6:30", "6.30 Uhr": "~6:30",
        "06:30": "06:30", "18:30": "18:30", "18:30 Uhr": "18:30", "18 Uhr 30": "18:30", "18 Uhr": "18:00",
        "achtzehn Uhr": "18:00", "achtzehn Uhr dreißig": "18:30", "zwanzig uhr fünfzehn": "20:15",
        "achtzehn dreißig": "18:30", "dreiundzwanzig uhr neunundfünfzig": "23:59", "null Uhr": "00:00",
        "0:15": "00:15", "24 Uhr": "00:00", "sechs Uhr morgens": "06:00", "sechs Uhr früh": "06:00",
        "sieben Uhr abends": "19:00", "sieben uhr am abend": "19:00", "acht uhr am Morgen": "08:00",
        "drei Uhr nachmittags": "15:00", "drei uhr nachts": "03:00", "elf Uhr nachts": "23:00",
        "zwei uhr in der nacht": "02:00", "halb acht abends": "19:30", "zwölf Uhr mittags": "12:00",
        "ein Uhr mittags": "13:00", "zehn Uhr vormittags": "10:00", "heute Abend um acht": "20:00",
        "acht uhr heute abend": "20:00", "heute früh um sechs": "06:00", "Mitternacht": "00:00", "Mittag": "12:00",
        "abends um halb neun": "20:30",
    },
    "date": {
        "heute": "+0", "morgen": "+1", "übermorgen": "+2", "uebermorgen": "+2", "gestern": "-1", "vorgestern": "-2",
        "heute Abend": "+0", "in drei Tagen": "+3", "in 10 Tagen": "+10", "in einem Tag": "+1", "in einer Woche": "+7",
        "in zwei Wochen": "+14", "vor drei Tagen": "-3", "vor einer Woche": "-7", "nächste Woche": "+7",
        "Freitag": "fri", "am Freitag": "fri", "Samstag": "sat", "Sonnabend": "sat", "am kommenden Montag": "mon",
        "kommenden Dienstag": "tue", "nächsten Freitag": "next fri", "am nächsten Mittwoch": "next wed",
        "diesen Donnerstag": "this thu", "letzten Sonntag": "last sun", "Montag in einer Woche": "after mon",
        "am dritten Mai": "3.5.", "am 3. Mai": "3.5.", "3. Mai": "3.5.", "der dritte Mai": "3.5.",
        "dritter mai": "3.5.", "den 21. Dezember": "21.12.", "am einundzwanzigsten Dezember": "21.12.",
        "am 3. Mai 2026": "3.5.2026", "am dritten Mai zweitausendsechsundzwanzig": "3.5.2026",
        "erster Januar neunzehnhundertneunundneunzig": "1.1.1999", "Freitag, den 3. Mai": "3.5.",
        "Freitag, der dritte Mai": "3.5.", "3.5.": "3.5.", "3.5.2026": "3.5.2026", "03.05.2026": "3.5.2026",
        "am 3.5.26": "3.5.2026", "2026-05-03": "3.5.2026", "am dritten": "3.", "am 15.": "15.",
        "der fünfzehnte": "15.", "3. Jänner": "3.1.", "29. Februar": "29.2.", "5. März": "5.3.", "5. maerz": "5.3.",
        "Weihnachten": "25.12.", "Heiligabend": "24.12.", "Silvester": "31.12.", "Neujahr": "1.1.",
    },
    "percentage": {
        "fünfzig Prozent": 50.0, "50 Prozent": 50.0, "50 %": 50.0, "50%": 50.0, "fünfzig": 50.0, "50": 50.0,
        "ein Prozent": 1.0, "null Prozent": 0.0, "hundert Prozent": 100.0, "einhundert prozent": 100.0, "100%": 100.0,
        "hundert": 100.0, "zwölf Komma fünf Prozent": 12.5, "12,5 Prozent": 12.5, "12,5%": 12.5, "0,5 %": 0.5,
        "die Hälfte": 50.0, "halb": 50.0, "ein Viertel": 25.0, "drei Viertel": 75.0, "fünfundsiebzig prozent": 75.0,
        "dreiunddreißig prozent": 33.0, "zehn prozent": 10.0, "5 prozent": 5.0, "neunundneunzig Prozent": 99.0,
        "siebzig": 70.0, "zweieinhalb Prozent": 2.5, "eineinhalb prozent": 1.5, "20 prozent": 20.0, "33 %": 33.0,
    },
}  # fmt: skip

NONSENSE = {
    "int": ["", "zwanzigeins", "einund", "fünf zehn", "hundert hundert", "und", "minus", "1,5", "anderthalb",
            "tausendtausend", "hundertmal", "komma fünf", "ein Hund"],
    "float": ["komma", "eins komma", "und ein halb", "halb halb", "minus", "eins komma hundert zwei"],
    "duration": ["fünf", "minuten", "fünf minuten drei stunden", "eine halbe", "halb minuten", "zwei stunden und",
                 "eine stunde sechzig", "fünf äpfel", "stunden fünf", "eine minute und eine minute"],
    "time": ["", "uhr", "25 uhr", "halb", "halb dreizehn", "24:30", "viertel nach", "sechs uhr sechzig", "6:75",
             "morgens", "dreizehn uhr morgens", "sechzig vor acht", "siebzig", "fünf uhr uhr"],
    "date": ["", "am", "30. Februar", "31. April", "3.13.", "32. Mai", "in Tagen", "nächsten", "Mai",
             "in drei Minuten", "am dritten vierten fünften", "morgen gestern", "vor"],
    "percentage": ["", "prozent", "hundertzwei prozent", "-5 prozent", "150 %", "halb prozent prozent", "zweihundert"],
}  # fmt: skip


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_is_said(kind: str) -> None:
    assert len(SENTENCES[kind]) >= 30
    check("de", SENTENCES[kind], kind)


@pytest.mark.parametrize("kind", NONSENSE)
def test_what_means_nothing(kind: str) -> None:
    check_nonsense("de", NONSENSE[kind], kind)
