"""Timers in the other languages: what is said while several run, which one is meant, what rings when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.skillkit import START, Talk, play, shipped


@dataclass(frozen=True)
class Dialogue:
    """One conversation: set a named timer and one without a name, choose, cancel, let the other ring.

    Attributes:
        named, other, unclear: set a timer for pasta (nine minutes), one of a minute, and one whose length is asked for.
        length: the answer, a quarter of an hour.
        running, cancel, chosen: which are there; cancel one without saying which; the one for the pasta.
        missing: cancel one that is not there.
        pause, resume, extend: the one of a quarter of an hour; resume it; a minute more, of the one that is left.
    """

    named: str
    other: str
    unclear: str
    length: str
    running: str
    cancel: str
    chosen: str
    missing: str
    pause: str
    resume: str
    extend: str
    replies: Sequence[str]
    question: str
    how_long: str
    rings: str
    late: str


DIALOGUES = {
    "de": Dialogue(
        "Stell bitte einen Timer für die Nudeln auf neun Minuten.", "starte einen Timer von einer Minute",
        "stell einen Timer", "eine Viertelstunde", "welche Timer laufen", "lösche den Timer", "den für die Nudeln",
        "lösche den Pizza-Timer", "halte den 15-Minuten-Timer an", "setze den Timer über eine Viertelstunde fort",
        "verlängere den Timer um eine Minute",
        (
            "Timer für die Nudeln: neun Minuten ab jetzt.", "Eine Minute ab jetzt.", "15 Minuten ab jetzt.",
            "Der Timer für die Nudeln ist gelöscht.",
            "Es gibt keinen Pizza-Timer. Es gibt: der Timer über eine Minute und der Timer über 15 Minuten.",
            "Der Timer über 15 Minuten ist angehalten, noch 14 Minuten und 59 Sekunden.",
            "Der Timer über 15 Minuten läuft weiter: noch 14 Minuten und 59 Sekunden.",
            "Der Timer über 15 Minuten läuft jetzt noch 14 Minuten und 58 Sekunden.",
        ),
        "Welcher: der Timer über eine Minute mit noch 59 Sekunden, der Timer für die Nudeln mit noch acht Minuten und "
        "59 Sekunden oder der Timer über 15 Minuten mit noch 15 Minuten?",
        "Wie lange?", "Dein Timer über eine Minute ist abgelaufen.",
        "Entschuldigung, dein Timer über eine Minute ist vor einer Stunde abgelaufen, während ich nicht lief.",
    ),
    "fr": Dialogue(
        "Mets un minuteur pour les pâtes de neuf minutes.", "lance un minuteur d'une minute", "mets un minuteur",
        "un quart d'heure", "quels minuteurs sont en cours", "annule le minuteur", "celui pour les pâtes",
        "annule le minuteur pour la pizza", "mets le minuteur d'un quart d'heure en pause",
        "reprends le minuteur de 15 minutes", "prolonge le minuteur d'une minute",
        (
            "Minuteur pour les pâtes : neuf minutes à partir de maintenant.", "Une minute à partir de maintenant.",
            "15 minutes à partir de maintenant.", "Le minuteur pour les pâtes est annulé.",
            "Il n'y a pas de minuteur pour la pizza. Il y a le minuteur d'une minute et le minuteur de 15 minutes.",
            "Le minuteur de 15 minutes est en pause, il reste 14 minutes et 59 secondes.",
            "Le minuteur de 15 minutes reprend : il reste 14 minutes et 59 secondes.",
            "Il reste maintenant 14 minutes et 58 secondes au minuteur de 15 minutes.",
        ),
        "Lequel : le minuteur d'une minute avec encore 59 secondes, le minuteur pour les pâtes avec encore huit "
        "minutes et 59 secondes ou le minuteur de 15 minutes avec encore 15 minutes ?",
        "Pour combien de temps ?", "Votre minuteur d'une minute est terminé.",
        "Désolé, votre minuteur d'une minute s'est terminé il y a une heure, pendant que j'étais arrêté.",
    ),
    "es": Dialogue(
        "Pon un temporizador para la pasta de nueve minutos.", "pon un temporizador de un minuto",
        "pon un temporizador", "un cuarto de hora", "qué temporizadores hay", "cancela el temporizador",
        "el de la pasta", "cancela el temporizador para la pizza", "pausa el temporizador de un cuarto de hora",
        "reanuda el temporizador de 15 minutos", "alarga el temporizador un minuto",
        (
            "Temporizador para la pasta: nueve minutos a partir de ahora.", "Un minuto a partir de ahora.",
            "15 minutos a partir de ahora.", "El temporizador para la pasta está cancelado.",
            "No hay ningún temporizador para la pizza. Tengo el temporizador de un minuto y el temporizador de 15 "
            "minutos.",
            "El temporizador de 15 minutos está en pausa, a falta de 14 minutos y 59 segundos.",
            "El temporizador de 15 minutos vuelve a correr: termina dentro de 14 minutos y 59 segundos.",
            "El temporizador de 15 minutos termina ahora dentro de 14 minutos y 58 segundos.",
        ),
        "¿Cuál: el temporizador de un minuto a falta de 59 segundos, el temporizador para la pasta a falta de ocho "
        "minutos y 59 segundos o el temporizador de 15 minutos a falta de 15 minutos?",
        "¿Para cuánto tiempo?", "Tu temporizador de un minuto ha terminado.",
        "Perdón, tu temporizador de un minuto terminó hace una hora, mientras yo no estaba en marcha.",
    ),
    "ru": Dialogue(
        "Поставь таймер для пасты на девять минут.", "запусти таймер на одну минуту", "поставь таймер",
        "четверть часа", "какие таймеры запущены", "отмени таймер", "для пасты", "отмени таймер для пиццы",
        "поставь таймер на пятнадцать минут на паузу", "сними таймер на четверть часа с паузы",
        "добавь одну минуту к таймеру",
        (
            "Таймер для пасты запущен на девять минут.", "Таймер на одну минуту запущен.",
            "Таймер на 15 минут запущен.", "Таймер для пасты отменён.",
            "Такого таймера нет: таймер для пиццы. Есть таймер на одну минуту и таймер на 15 минут.",
            "Таймер на 15 минут на паузе, ещё 14 минут и 59 секунд.",
            "Таймер на 15 минут снова идёт: ещё 14 минут и 59 секунд.",
            "Таймер на 15 минут: теперь ещё 14 минут и 58 секунд.",
        ),
        "Какой из них: таймер на одну минуту — ещё 59 секунд, таймер для пасты — ещё восемь минут и 59 секунд или "
        "таймер на 15 минут — ещё 15 минут?",
        "На сколько?", "Время вышло: таймер на одну минуту.",
        "Простите, пока я не работал, время вышло: таймер на одну минуту, опоздание один час.",
    ),
    "bg": Dialogue(
        "Пусни таймер за пастата за девет минути.", "сложи таймер за една минута", "сложи таймер", "четвърт час",
        "какви таймери има", "отмени таймера", "за пастата", "отмени таймера за пицата",
        "сложи таймера за петнайсет минути на пауза", "продължи таймера за четвърт час",
        "добави една минута към таймера",
        (
            "Пуснат е таймер за пастата: девет минути.", "Пуснат е таймер за една минута.",
            "Пуснат е таймер за 15 минути.", "Отменен е таймер за пастата.",
            "Няма таймер за пицата. Има таймер за една минута и таймер за 15 минути.",
            "На пауза е таймер за 15 минути, още 14 минути и 59 секунди.",
            "Отново тече таймер за 15 минути: още 14 минути и 59 секунди.",
            "Таймер за 15 минути: сега още 14 минути и 58 секунди.",
        ),
        "Кой от тях: таймер за една минута — още 59 секунди, таймер за пастата — още осем минути и 59 секунди или "
        "таймер за 15 минути — още 15 минути?",
        "За колко време?", "Времето изтече: таймер за една минута.",
        "Съжалявам, докато не работех, времето изтече: таймер за една минута, преди един час.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", DIALOGUES)
def test_several_timers_in_a_language(language: str) -> None:
    said, seen = DIALOGUES[language], list[str]()

    async def scenario(talk: Talk) -> None:
        seen.append(await talk.say(said.named))
        seen.append(await talk.say(said.other))
        seen.append(await talk.say(said.unclear, said.length))
        assert "3" in await talk.say(said.running)
        seen.append(await talk.say(said.cancel, said.chosen))
        assert talk.house.questions == [said.how_long, said.question]
        seen.append(await talk.say(said.missing))
        seen.append(await talk.say(said.pause))
        await talk.later(59)
        assert talk.house.rings == [(60.0, said.rings)]
        seen.append(await talk.say(said.resume))
        talk.house.stop()
        await talk.later(61)
        seen.append(await talk.say(said.extend))
        assert tuple(seen) == said.replies

    play(scenario, skills=shipped(language))


@pytest.mark.parametrize("language", DIALOGUES)
def test_a_missed_timer_rings_late_in_a_language(language: str, tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say(DIALOGUES[language].other)

    async def after(talk: Talk) -> None:
        await talk.later(0.1)
        assert [text for _, text in talk.house.rings] == [DIALOGUES[language].late]

    file = tmp_path / "memory.db"
    play(before, file, skills=shipped(language))
    play(after, file, start=START + timedelta(hours=1, minutes=1), skills=shipped(language))


@pytest.mark.parametrize(
    ("language", "first", "second", "reply"),
    [
        ("de", "stell einen Eiertimer auf sechs Minuten", "wie lange läuft der Eier-Timer noch", "Dein Eier-Timer "),
        ("fr", "mets un minuteur pour les œufs de six minutes", "où en est le minuteur des œufs", "Il reste six "),
        ("es", "pon un temporizador para el té de tres minutos", "para el temporizador del té", "El temporizador para"),
        ("ru", "поставь таймер рис на двадцать минут", "останови таймер для риса", "Таймер рис отменён"),
        ("bg", "пусни таймер за яйца за шест минути", "спри таймера за яйцата", "Отменен е таймер за яйца"),
    ],
)
def test_a_name_is_known_again_in_another_form(language: str, first: str, second: str, reply: str) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say(first)
        assert (await talk.say(second)).startswith(reply)

    play(scenario, skills=shipped(language))
