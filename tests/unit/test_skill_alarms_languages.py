"""Alarms in the other languages: when they ring, which one is meant, what is said late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.skillkit import START, Talk, play, shipped


@dataclass(frozen=True)
class Dialogue:
    """One conversation on a Wednesday at 14:05.

    Attributes:
        evening: set one for eight this evening.
        unclear, time: set one whose time is asked for; it is half past six tomorrow morning.
        recurring: set one for every Monday and Friday at seven.
        cancel, which: cancel one without saying which; the one for half past six.
        over: set one for one o'clock today.
        soon, snooze: set one for ten minutes from now; let it ring again in five minutes.
        replies: to all of these, in their order.
        rings: what the last one says.
        late: what is said of it an hour later.
    """

    evening: str
    unclear: str
    time: str
    recurring: str
    cancel: str
    which: str
    over: str
    soon: str
    snooze: str
    replies: tuple[str, ...]
    rings: str
    late: str


DIALOGUES = {
    "de": Dialogue(
        "Weck mich heute Abend um acht.", "stell einen Wecker", "halb sieben morgens",
        "weck mich um sieben montags und freitags", "lösche den Wecker", "den um halb sieben",
        "weck mich heute um 13 Uhr", "weck mich in zehn Minuten", "lass mich noch fünf Minuten schlafen",
        (
            "Dein Wecker klingelt heute um 20 Uhr.", "Dein Wecker klingelt morgen um 6:30 Uhr.",
            "Dein Wecker klingelt jeden Montag und Freitag um 7 Uhr.", "Dein Wecker morgen um 6:30 Uhr ist gelöscht.",
            "Heute um 13 Uhr ist schon vorbei.", "Dein Wecker klingelt heute um 14:15 Uhr.",
            "Ich klingle in fünf Minuten noch einmal.",
        ),
        "Es ist 14:15 Uhr. Dein Wecker klingelt.",
        "Entschuldigung, dein Wecker für 14:15 Uhr hätte vor einer Stunde klingeln sollen, aber ich lief nicht.",
    ),
    "fr": Dialogue(
        "Réveille-moi ce soir à huit heures.", "mets un réveil", "six heures et demie du matin",
        "réveille-moi chaque lundi et vendredi à sept heures", "annule le réveil", "celui de six heures et demie",
        "réveille-moi aujourd'hui à 13 heures", "réveille-moi dans dix minutes",
        "laisse-moi dormir encore cinq minutes",
        (
            "Votre réveil sonnera aujourd'hui à 20 heures.", "Votre réveil sonnera demain à 6 heures 30.",
            "Votre réveil sonnera chaque lundi et vendredi à 7 heures.",
            "Votre réveil prévu demain à 6 heures 30 est annulé.", "Aujourd'hui à 13 heures, c'est déjà passé.",
            "Votre réveil sonnera aujourd'hui à 14 heures 15.", "Je sonnerai de nouveau dans cinq minutes.",
        ),
        "Il est 14 heures 15. C'est votre réveil.",
        "Désolé, votre réveil de 14 heures 15 aurait dû sonner il y a une heure, mais j'étais arrêté.",
    ),
    "es": Dialogue(
        "Despiértame esta noche a las ocho.", "pon una alarma", "a las seis y media de la mañana",
        "despiértame todos los lunes y viernes a las siete", "cancela la alarma", "la de las seis y media",
        "despiértame hoy a las 13", "despiértame dentro de diez minutos", "déjame dormir cinco minutos más",
        (
            "Tu alarma sonará hoy a las ocho de la noche.", "Tu alarma sonará mañana a las seis y media de la mañana.",
            "Tu alarma sonará todos los lunes y viernes a las siete de la mañana.",
            "Tu alarma está cancelada: mañana a las seis y media de la mañana.",
            "Hoy a la una de la tarde ya ha pasado.", "Tu alarma sonará hoy a las dos y cuarto de la tarde.",
            "Volveré a sonar dentro de cinco minutos.",
        ),
        "Es tu alarma de las dos y cuarto de la tarde.",
        "Perdón, tu alarma de las dos y cuarto de la tarde debería haber sonado hace una hora, pero yo no estaba en "
        "marcha.",
    ),
    "ru": Dialogue(
        "Разбуди меня сегодня вечером в восемь.", "поставь будильник", "на половину седьмого утра",
        "буди меня по понедельникам и пятницам в семь", "отмени будильник", "на половину седьмого",
        "разбуди меня сегодня в 13 часов", "разбуди меня через десять минут", "дай поспать ещё пять минут",
        (
            "Будильник прозвонит сегодня в 20 часов.", "Будильник прозвонит завтра в 6:30.",
            "Будильник прозвонит по понедельникам и пятницам в 7 часов.", "Будильник отменён: завтра в 6:30.",
            "Сегодня в 13 часов — это уже прошло.", "Будильник прозвонит сегодня в 14:15.",
            "Прозвоню ещё раз через пять минут.",
        ),
        "Сейчас 14:15. Звонит ваш будильник.",
        "Простите, будильник на 14:15 должен был прозвонить раньше, опоздание один час: я не работал.",
    ),
    "bg": Dialogue(
        "Събуди ме довечера в осем.", "сложи аларма", "в шест и половина сутринта",
        "събуждай ме всеки понеделник и петък в седем", "отмени алармата", "за шест и половина",
        "събуди ме днес в 13 часа", "събуди ме след десет минути", "остави ме да спя още пет минути",
        (
            "Алармата ще звънне днес в 20 часа.", "Алармата ще звънне утре в 6:30.",
            "Алармата ще звънне всеки понеделник и всеки петък в 7 часа.", "Алармата е отменена: утре в 6:30.",
            "Днес в 13 часа вече мина.", "Алармата ще звънне днес в 14:15.", "Ще звънна пак след пет минути.",
        ),
        "Часът е 14:15. Това е алармата ти.",
        "Съжалявам, алармата ти за 14:15 трябваше да звънне преди един час, но не работех.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", DIALOGUES)
def test_alarms_in_a_language(language: str) -> None:
    said = DIALOGUES[language]

    async def scenario(talk: Talk) -> None:
        seen = [await talk.say(said.evening), await talk.say(said.unclear, said.time), await talk.say(said.recurring)]
        seen += [await talk.say(said.cancel, said.which), await talk.say(said.over), await talk.say(said.soon)]
        await talk.later(601)
        assert [text for _, text in talk.house.rings] == [said.rings]
        seen.append(await talk.say(said.snooze))
        assert tuple(seen) == said.replies
        await talk.later(301)
        assert len(talk.house.rings) == 2

    play(scenario, skills=shipped(language))


@pytest.mark.parametrize("language", DIALOGUES)
def test_a_missed_alarm_rings_late_in_a_language(language: str, tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say(DIALOGUES[language].soon)

    async def after(talk: Talk) -> None:
        await talk.later(0.1)
        assert [text for _, text in talk.house.rings] == [DIALOGUES[language].late]

    file = tmp_path / "memory.db"
    play(before, file, skills=shipped(language))
    play(after, file, start=START + timedelta(hours=1, minutes=10), skills=shipped(language))
