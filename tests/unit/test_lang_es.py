"""Spanish, as it is said and written in Spain and in America."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.langkit import check, check_nonsense

SENTENCES: dict[str, dict[str, Any]] = {
    "int": {
        "cero": 0, "uno": 1, "un": 1, "una": 1, "dos": 2, "quince": 15, "dieciséis": 16, "dieciseis": 16, "veinte": 20,
        "veintiuno": 21, "veintiún": 21, "veintiun": 21, "veintiuna": 21, "veintidós": 22, "veintidos": 22,
        "treinta": 30, "treinta y uno": 31, "treinta y una": 31, "treinta y un": 31, "cuarenta y cinco": 45,
        "noventa y nueve": 99, "cien": 100, "ciento uno": 101, "ciento veinte": 120, "doscientos": 200,
        "doscientas": 200, "doscientos cincuenta": 250, "quinientos": 500, "novecientos noventa y nueve": 999,
        "mil": 1000, "mil doscientos": 1200, "dos mil veintiséis": 2026, "mil novecientos ochenta y cuatro": 1984,
        "diez mil": 10000, "cien mil": 100000, "un millón": 1000000, "un millon": 1000000,
        "dos millones trescientos mil": 2300000, "menos cinco": -5, "-5": -5, "42": 42, "1.000": 1000, "12.345": 12345,
        "1 000": 1000, "una docena": 12, "media docena": 6,
    },
    "float": {
        "uno": 1.0, "uno coma cinco": 1.5, "uno punto cinco": 1.5, "tres coma catorce": 3.14,
        "tres coma uno cuatro": 3.14, "cero coma cinco": 0.5, "cero coma cero cinco": 0.05, "doce con cinco": 12.5,
        "1,5": 1.5, "0,25": 0.25, "2.5": 2.5, "3,14": 3.14, "menos dos coma cinco": -2.5, "-1,5": -1.5,
        "dos y medio": 2.5, "dos y media": 2.5, "medio": 0.5, "la mitad": 0.5, "un cuarto": 0.25, "tres cuartos": 0.75,
        "un tercio": 1 / 3, "dos tercios": 2 / 3, "cien": 100.0, "dos mil": 2000.0, "veintiuno coma siete": 21.7,
        "tres y medio": 3.5, "noventa y nueve coma nueve": 99.9, "1,5 millones": 1500000.0, "mil quinientos": 1500.0,
        "7": 7.0, "diez coma cero uno": 10.01,
    },
    "duration": {
        "un minuto": 60, "cinco minutos": 300, "diez minutos": 600, "veintiún minutos": 1260,
        "treinta y un minutos": 1860, "25 minutos": 1500, "noventa segundos": 90, "un segundo": 1, "30 segundos": 30,
        "una hora": 3600, "dos horas": 7200, "media hora": 1800, "media horita": 1800, "un cuarto de hora": 900,
        "tres cuartos de hora": 2700, "una hora y media": 5400, "dos horas y media": 9000, "una hora y cuarto": 4500,
        "una hora treinta": 5400, "una hora y treinta minutos": 5400, "una hora y treinta": 5400,
        "1 hora 30 minutos": 5400, "1h 30min": 5400, "2 h": 7200, "5 min": 300, "30 s": 30, "1,5 horas": 5400,
        "una coma cinco horas": 5400, "dos horas y cinco": 7500, "un minuto y medio": 90,
        "dos minutos y treinta segundos": 150, "medio minuto": 30, "un par de minutos": 120, "un par de horas": 7200,
        "un día": 86400, "un dia": 86400, "tres días": 259200, "medio día": 43200, "una semana": 604800,
        "dos semanas": 1209600, "un día, dos horas y un minuto": 93660, "ciento veinte minutos": 7200,
        "veintiuna horas": 75600, "cuarenta y cinco minutos": 2700,
    },
    "time": {
        "las seis": "~6:00", "seis": "~6:00", "la una": "~1:00", "las 6": "~6:00", "las seis en punto": "~6:00",
        "las seis y media": "~6:30", "las seis y cuarto": "~6:15", "las siete menos cuarto": "~6:45",
        "la una menos cuarto": "~12:45", "las siete menos diez": "~6:50", "las siete menos veinticinco": "~6:35",
        "cuarto para las siete": "~6:45", "un cuarto para las siete": "~6:45", "diez para las siete": "~6:50",
        "faltan diez para las siete": "~6:50", "las seis y diez": "~6:10", "las seis y cinco": "~6:05",
        "las seis treinta": "~6:30", "las seis y treinta": "~6:30", "la una y media": "~1:30", "las 6:30": "~6:30",
        "6:30": "~6:30", "06:30": "06:30", "18:30": "18:30", "las 18:30": "18:30", "las 18:30 horas": "18:30",
        "18 h": "18:00", "18:30 h": "18:30", "las dieciocho horas": "18:00", "las dieciocho treinta": "18:30",
        "las veinte quince": "20:15", "las seis de la mañana": "06:00", "las seis de la manana": "06:00",
        "las seis de la tarde": "18:00", "las tres de la tarde": "15:00", "las nueve de la noche": "21:00",
        "las ocho y media de la tarde": "20:30", "las dos de la madrugada": "02:00", "las doce del mediodía": "12:00",
        "las doce de la noche": "00:00", "la una del mediodía": "13:00", "las 6 pm": "18:00", "6 a.m.": "06:00",
        "mediodía": "12:00", "el mediodía": "12:00", "medianoche": "00:00", "esta noche a las ocho": "20:00",
        "las ocho esta noche": "20:00", "las siete y cuarto de la mañana": "07:15",
        "las doce y media de la noche": "00:30",
    },
    "date": {
        "hoy": "+0", "mañana": "+1", "manana": "+1", "pasado mañana": "+2", "ayer": "-1", "anteayer": "-2",
        "antes de ayer": "-2", "esta noche": "+0", "dentro de tres días": "+3", "en tres días": "+3",
        "en 10 días": "+10", "dentro de una semana": "+7", "en dos semanas": "+14", "hace tres días": "-3",
        "hace una semana": "-7", "la semana que viene": "+7", "la próxima semana": "+7", "viernes": "fri",
        "el viernes": "fri", "el sábado": "sat", "el sabado": "sat", "el miércoles": "wed",
        "el próximo viernes": "fri", "el viernes que viene": "fri", "este viernes": "this fri",
        "el lunes pasado": "last mon", "el pasado lunes": "last mon", "el viernes de la semana que viene": "next fri",
        "el 3 de mayo": "3.5.", "3 de mayo": "3.5.", "el tres de mayo": "3.5.", "el uno de mayo": "1.5.",
        "el primero de mayo": "1.5.", "el veintiuno de diciembre": "21.12.", "el 3 de mayo de 2026": "3.5.2026",
        "3 de mayo del 2026": "3.5.2026", "el tres de mayo de dos mil veintiséis": "3.5.2026",
        "uno de enero de mil novecientos noventa y nueve": "1.1.1999", "viernes 3 de mayo": "3.5.",
        "el viernes, 3 de mayo": "3.5.", "3/5/2026": "3.5.2026", "03/05/2026": "3.5.2026", "3/5": "3.5.",
        "2026-05-03": "3.5.2026", "el día 15": "15.", "el 15": "15.", "el quince": "15.", "29 de febrero": "29.2.",
        "Navidad": "25.12.", "Nochebuena": "24.12.", "Nochevieja": "31.12.", "el tres de setiembre": "3.9.",
    },
    "percentage": {
        "cincuenta por ciento": 50.0, "50 por ciento": 50.0, "50 %": 50.0, "50%": 50.0, "cincuenta": 50.0, "50": 50.0,
        "uno por ciento": 1.0, "un por ciento": 1.0, "cero por ciento": 0.0, "cien por ciento": 100.0,
        "cien por cien": 100.0, "100 %": 100.0, "cien": 100.0, "setenta y cinco por ciento": 75.0,
        "doce coma cinco por ciento": 12.5, "12,5 por ciento": 12.5, "12,5%": 12.5, "0,5 %": 0.5, "la mitad": 50.0,
        "un cuarto": 25.0, "tres cuartos": 75.0, "veintiuno por ciento": 21.0, "veintiún por ciento": 21.0,
        "diez por ciento": 10.0, "5 por ciento": 5.0, "dos y medio por ciento": 2.5, "treinta y tres por ciento": 33.0,
        "veinte": 20.0, "99 por ciento": 99.0, "ochenta por ciento": 80.0,
    },
}  # fmt: skip

NONSENSE = {
    "int": ["", "veinte dos", "y uno", "menos", "cien cien", "1,5", "mil mil", "dos y medio", "un gato", "y"],
    "float": ["coma", "uno coma", "y medio", "menos", "medio medio"],
    "duration": ["cinco", "minutos", "cinco minutos tres horas", "una", "dos horas y", "una hora sesenta", "un gato",
                 "un minuto y un minuto", "media"],
    "time": ["", "las", "las veinticinco", "25:00", "24:30", "y media", "menos cuarto", "las seis sesenta", "6:75",
             "de la mañana", "las trece de la mañana", "las setenta"],
    "date": ["", "el", "30 de febrero", "31 de abril", "3/13", "32 de mayo", "dentro de días", "próximo", "mayo",
             "dentro de tres minutos", "mañana ayer", "hace"],
    "percentage": ["", "por ciento", "ciento dos por ciento", "-5 %", "150 %", "doscientos"],
}  # fmt: skip


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_is_said(kind: str) -> None:
    assert len(SENTENCES[kind]) >= 30
    check("es", SENTENCES[kind], kind)


@pytest.mark.parametrize("kind", NONSENSE)
def test_what_means_nothing(kind: str) -> None:
    check_nonsense("es", NONSENSE[kind], kind)
