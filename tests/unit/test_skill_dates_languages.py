"""Dates in the other languages, on Wednesday, the 4th of March 2026."""

from __future__ import annotations

import pytest

from tests.unit.skillkit import ask, shipped


@pytest.mark.parametrize(
    ("language", "text", "reply"),
    [
        ("de", "welcher Tag ist heute", "Heute ist Mittwoch, der 4. März 2026."),
        ("de", "welches Datum war gestern", "Gestern war Dienstag, der 3. März 2026."),
        ("de", "welcher Tag ist der 4. Juli", "Der 4. Juli ist ein Samstag."),
        ("de", "wann ist nächsten Freitag", "Nächsten Freitag ist der 13. März."),
        ("de", "wie viele Tage noch bis morgen", "Noch ein Tag: Donnerstag, der 5. März 2026."),
        ("de", "wie lange ist der erste Januar her", "Donnerstag, der 1. Januar 2026, das war vor 62 Tagen."),
        ("de", "ist heute Mittwoch", "Ja, heute ist Mittwoch, der 4. März 2026."),
        ("de", "welches Jahr haben wir", "Es ist März 2026."),
        ("fr", "quel jour sommes-nous", "Nous sommes le mercredi 4 mars 2026."),
        ("fr", "quel jour était hier", "Hier, c'était le mardi 3 mars 2026."),
        ("fr", "quel jour est le 4 juillet", "Le 4 juillet est un samedi."),
        ("fr", "combien de jours avant vendredi", "Encore 2 jours : le vendredi 6 mars 2026."),
        ("fr", "est-ce qu'on est lundi", "Non, nous sommes le mercredi 4 mars 2026."),
        ("fr", "en quel mois sommes-nous", "Nous sommes en mars 2026."),
        ("es", "qué día es hoy", "Hoy es miércoles, 4 de marzo de 2026."),
        ("es", "qué día fue ayer", "Ayer fue martes, 3 de marzo de 2026."),
        ("es", "qué día es el 4 de julio", "El 4 de julio es sábado."),
        ("es", "cuántos días faltan para mañana", "Falta 1 día: el jueves, 5 de marzo de 2026."),
        ("es", "cuántos días han pasado desde el 1 de enero", "Hace 62 días: el jueves, 1 de enero de 2026."),
        ("es", "en qué semana estamos", "Es la semana 10."),
        ("ru", "какое сегодня число", "Сегодня среда, 4 марта 2026 года."),
        ("ru", "какой день недели 4 июля", "4 июля — это суббота."),
        ("ru", "сколько дней до завтра", "Остался 1 день: четверг, 5 марта 2026 года."),
        ("ru", "сколько дней до 7 марта", "Осталось 3 дня: суббота, 7 марта 2026 года."),
        ("ru", "сколько дней прошло с 27 февраля", "Прошло 5 дней: пятница, 27 февраля 2026 года."),
        ("ru", "какой сейчас месяц", "Сейчас март 2026 года."),
        ("bg", "коя дата сме днес", "Днес е сряда, 4 март 2026 година."),
        ("bg", "коя дата е утре", "Утре ще бъде четвъртък, 5 март 2026 година."),
        ("bg", "кой ден е 1 май", "1 май ще е петък."),
        ("bg", "колко дни минаха от 1 януари", "Преди 62 дни: четвъртък, 1 януари 2026 година."),
        ("bg", "днес ли е понеделник", "Не, днес е сряда, 4 март 2026 година."),
    ],
)
def test_dates_in_a_language(language: str, text: str, reply: str) -> None:
    assert ask(text, skills=shipped(language)) == reply
