"""The time here and elsewhere in the other languages, at 14:05 in Berlin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.skillkit import START, ask, shipped


@pytest.mark.parametrize(
    ("language", "text", "reply"),
    [
        ("de", "wie spät ist es", "Es ist 14:05 Uhr."),
        ("de", "Wie spät ist es in Tokio?", "Es ist 22:05 Uhr in Tokio."),
        ("de", "wie viel Uhr ist es in der Schweiz", "Es ist 14:05 Uhr in der Schweiz."),
        ("de", "wie spät ist es in new york", "Es ist 8:05 Uhr in New York."),
        ("de", "Wie spät ist es in Schilda?", "Ich weiß nicht, wie spät es dort ist: Schilda."),
        (
            "de",
            "in welcher Zeitzone liegt Sydney",
            "Sydney ist dir zehn Stunden voraus und der Weltzeit elf Stunden voraus.",
        ),
        ("fr", "quelle heure est-il", "Il est 14 heures 05."),
        ("fr", "quelle heure est-il au Japon", "Il est 22 heures 05 au Japon."),
        ("fr", "quelle heure est-il à Sydney", "C'est déjà demain à Sydney : il est 0 heure 05."),
        (
            "fr",
            "quel est le décalage horaire avec la Chine",
            "La Chine a sept heures d'avance sur vous et huit heures d'avance sur le temps universel.",
        ),
        ("es", "qué hora es", "Son las dos y cinco de la tarde."),
        ("es", "qué hora es en Nueva York", "Son las ocho y cinco de la mañana en Nueva York."),
        ("es", "qué hora es en Londres", "Es la una y cinco de la tarde en Londres."),
        ("ru", "который час", "Сейчас 14:05."),
        ("ru", "сколько времени в москве", "Сейчас в Москве 16:05."),
        ("ru", "сколько времени в Новой Зеландии", "Сейчас в Новой Зеландии уже завтра, 2:05."),
        (
            "ru",
            "какая разница во времени с Москвой",
            "Москва: на два часа больше, чем у вас, на три часа больше всемирного времени.",
        ),
        ("bg", "колко е часът", "Часът е 14:05."),
        ("bg", "колко е часът в Япония", "Часът в Япония е 22:05."),
        (
            "bg",
            "в коя часова зона е Москва",
            "Москва: два часа напред спрямо теб, три часа напред спрямо универсалното време.",
        ),
    ],
)
def test_the_time_in_a_language(language: str, text: str, reply: str) -> None:
    assert ask(text, skills=shipped(language)) == reply


def test_yesterday_elsewhere() -> None:
    early = START - timedelta(hours=11)
    assert ask("wie spät ist es in Los Angeles", early, skills=shipped("de")) == (
        "Es ist in Los Angeles noch gestern, 18:05 Uhr."
    )
