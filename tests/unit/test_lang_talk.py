"""Answers, corrections, dismissals and fillers in every language."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.intent.answers import Expectation, answers_grammar, correction, is_dismissal, without_objection
from assistant.intent.fillers import fillers
from assistant.intent.lang import CODES, language
from assistant.intent.match import Matcher
from assistant.intent.template import Grammar, Template, parse_template
from assistant.intent.values import Date, Duration, TimeOfDay

YES = {
    "de": ["ja", "Ja, bitte.", "na klar", "ja mach das", "Okay"],
    "fr": ["oui", "Oui, s'il te plaît.", "bien sûr", "d'accord", "vas-y"],
    "es": ["sí", "Sí, por favor.", "claro que sí", "vale", "de acuerdo"],
    "ru": ["да", "Да, пожалуйста.", "конечно", "давай", "хорошо"],
    "bg": ["да", "Да, моля.", "разбира се", "добре", "точно така"],
}
NO = {
    "de": ["nein", "Nein, lieber nicht.", "auf keinen Fall", "nee"],
    "fr": ["non", "Non, surtout pas.", "pas du tout", "certainement pas"],
    "es": ["no", "No, mejor no.", "para nada", "claro que no"],
    "ru": ["нет", "Нет, не надо.", "ни за что", "не хочу"],
    "bg": ["не", "Не, недей.", "в никакъв случай", "не искам"],
}
DISMISSALS = {
    "de": ["vergiss es", "Abbrechen", "schon gut, danke", "nein danke", "doch nicht"],
    "fr": ["laisse tomber", "Annule", "peu importe", "non merci", "c'est bon, merci"],
    "es": ["olvídalo", "Cancelar", "no importa", "no gracias", "déjalo"],
    "ru": ["забудь", "Отмена", "не важно", "нет, спасибо", "не надо"],
    "bg": ["забрави", "Откажи", "няма значение", "не, благодаря", "остави"],
}
TEN_MINUTES = {
    "de": ["zehn Minuten", "auf zehn Minuten bitte", "ähm, sagen wir zehn Minuten", "nein, zehn Minuten",
           "ich möchte zehn Minuten"],
    "fr": ["dix minutes", "pour dix minutes s'il te plaît", "euh, disons dix minutes", "non, dix minutes",
           "je voudrais dix minutes"],
    "es": ["diez minutos", "para diez minutos por favor", "pues, digamos diez minutos", "no, diez minutos",
           "quiero diez minutos"],
    "ru": ["десять минут", "на десять минут, пожалуйста", "ну, скажем десять минут", "нет, десять минут",
           "я хочу десять минут"],
    "bg": ["десет минути", "за десет минути, моля", "ами, да кажем десет минути", "не, десет минути",
           "искам десет минути"],
}  # fmt: skip
CORRECTIONS = {
    "de": ["nein, zehn Minuten", "ich meinte zehn Minuten", "nein, lieber zehn Minuten", "mach lieber zehn Minuten",
           "doch lieber zehn Minuten"],
    "fr": ["non, dix minutes", "je voulais dire dix minutes", "non, plutôt dix minutes", "mets plutôt dix minutes"],
    "es": ["no, diez minutos", "quería decir diez minutos", "no, mejor diez minutos", "perdón, diez minutos"],
    "ru": ["нет, десять минут", "я имел в виду десять минут", "нет, лучше десять минут", "вернее, на десять минут"],
    "bg": ["не, десет минути", "имах предвид десет минути", "не, по-добре десет минути", "всъщност десет минути"],
}  # fmt: skip
OBJECTIONS = {
    "de": ("nein ich meinte die Pizza", "die Pizza"), "fr": ("non je voulais dire la pizza", "la pizza"),
    "es": ("no quería decir la pizza", "la pizza"), "ru": ("нет я имел в виду пиццу", "пиццу"),
    "bg": ("не имах предвид пицата", "пицата"), "en": ("no i meant the pizza", "the pizza"),
}  # fmt: skip
FRONTS = {
    "en": "um hey please stop", "de": "Ähm, könntest du bitte stopp", "fr": "euh, est-ce que tu peux stop",
    "es": "eh, por favor, ¿puedes stop", "ru": "эм, слушай, можешь стоп", "bg": "ъм, извинявай, би ли стоп",
}  # fmt: skip
BACKS = {
    "en": "stop, please, thanks", "de": "Stopp, bitte, danke schön", "fr": "stop s'il te plaît merci beaucoup",
    "es": "stop por favor gracias", "ru": "стоп, пожалуйста, спасибо", "bg": "стоп, моля, благодаря",
}  # fmt: skip
OTHERS = tuple(code for code in CODES if code != "en")


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(code, text) for code, texts in table.items() for text in texts]


@pytest.mark.parametrize(("code", "text"), rows(YES))
def test_yes(code: str, text: str) -> None:
    assert Expectation(bool, language=code).read(text) == (True,)


@pytest.mark.parametrize(("code", "text"), rows(NO))
def test_no(code: str, text: str) -> None:
    assert Expectation(bool, language=code).read(text) == (False,)


@pytest.mark.parametrize(("code", "text"), rows(DISMISSALS))
def test_never_mind(code: str, text: str) -> None:
    assert is_dismissal(text, code)


@pytest.mark.parametrize(("code", "text"), rows(TEN_MINUTES))
def test_a_value_is_answered(code: str, text: str) -> None:
    assert Expectation(Duration, language=code).read(text) == (Duration(minutes=10),)


@pytest.mark.parametrize(("code", "text"), rows(CORRECTIONS))
def test_a_value_is_corrected(code: str, text: str) -> None:
    template = Template("x.set", "timer {duration}", parse_template("timer {duration}", language(code).slots))
    five = {"de": "fünf minuten", "fr": "cinq minutes", "es": "cinco minutos", "ru": "пять минут", "bg": "пет минути"}
    before = Matcher(Grammar((template,))).match(f"timer {five[code]}")[0]
    after = correction(text, before, [template], code)
    assert after is not None
    assert after.slots == {"duration": Duration(minutes=10)}


@pytest.mark.parametrize("code", CODES)
def test_what_follows_an_objection(code: str) -> None:
    text, rest = OBJECTIONS[code]
    assert without_objection(text, code) == rest


@pytest.mark.parametrize("code", CODES)
def test_polite_words_are_taken_away(code: str) -> None:
    assert [*fillers(code).less_fillers(FRONTS[code])][-1].lower() in ("stop", "stopp", "стоп")
    assert [*fillers(code).less_thanks(BACKS[code])][-1].lower() in ("stop", "stopp", "стоп")


CHOICES: list[tuple[str, str, str]] = [
    ("de", "die zweite", "Tee"), ("de", "Nummer eins", "Pizza"), ("de", "den letzten bitte", "Tee"),
    ("fr", "le deuxième", "Tee"), ("fr", "le premier s'il te plaît", "Pizza"), ("fr", "numéro deux", "Tee"),
    ("es", "la segunda", "Tee"), ("es", "el primero por favor", "Pizza"), ("es", "el último", "Tee"),
    ("ru", "второй", "Tee"), ("ru", "первую, пожалуйста", "Pizza"), ("ru", "номер два", "Tee"),
    ("bg", "втория", "Tee"), ("bg", "първата, моля", "Pizza"), ("bg", "последния", "Tee"),
    ("en", "the second one", "Tee"), ("en", "number one", "Pizza"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "value"), CHOICES)
def test_one_of_a_list_by_its_place(code: str, text: str, value: str) -> None:
    assert Expectation(["Pizza", "Tee"], language=code).read(text) == (value,)


@pytest.mark.parametrize(
    ("code", "kind", "text", "value"),
    [
        ("de", int, "einundzwanzig bitte", 21), ("fr", TimeOfDay, "à six heures et demie", TimeOfDay(6, 30)),
        ("es", TimeOfDay, "a las siete menos cuarto", TimeOfDay(6, 45)),
        ("ru", TimeOfDay, "в полседьмого", TimeOfDay(6, 30)),
        ("bg", float, "едно цяло и пет", 1.5), ("xx", int, "twenty one please", 21),
    ],
)  # fmt: skip
def test_every_kind_of_value_is_answered(code: str, kind: Any, text: str, value: Any) -> None:
    assert Expectation(kind, language=code).read(text) == (value,)


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_listened_for_after_a_question(code: str) -> None:
    found = Matcher(answers_grammar(Grammar(()), code))
    for table in (YES, DISMISSALS, TEN_MINUTES):
        assert found.match(table[code][0]), table[code][0]
    assert not found.match("the quick brown fox")


@pytest.mark.parametrize("code", CODES)
def test_every_template_can_be_parsed(code: str) -> None:
    lang = language(code)
    for rule in lang.rules:
        assert parse_template(f"x <{rule}> y", lang.slots, lang.rules)
    for rule in lang.answer_rules:
        assert parse_template(f"x <{rule}> y", lang.slots, lang.answer_rules)
    for text in (*lang.yes, *lang.no, *lang.dismissals):
        assert parse_template(text, {})


PLEASE = {
    "en": ["what's", "can you tell me"],
    "de": ["was ist", "kannst du mir sagen", "sag mir bitte"],
    "fr": ["quelle est", "dis-moi", "peux-tu me dire"],
    "es": ["cuál es", "dime", "puedes decirme"],
    "ru": ["какая", "скажи", "подскажи пожалуйста"],
    "bg": ["каква е", "кажи ми", "знаеш ли"],
}


@pytest.mark.parametrize(("code", "text"), rows(PLEASE))
def test_questions_begin_with_the_common_rule(code: str, text: str) -> None:
    lang = language(code)
    template = Template("x.y", "<whats> x", parse_template("<whats> xyz", lang.slots, lang.rules))
    assert Matcher(Grammar((template,))).match(f"{text} xyz")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "morgen abend um halb acht"), ("fr", "demain soir à sept heures et demie"),
        ("es", "mañana por la tarde a las siete y media"), ("ru", "завтра вечером в половине восьмого"),
        ("bg", "утре вечер в седем и половина"), ("de", "morgen um 19:30 Uhr"), ("fr", "demain à 19h30"),
        ("es", "mañana a las 19:30"), ("ru", "завтра в 19:30"), ("bg", "утре в 19:30"),
    ],
)  # fmt: skip
def test_a_day_and_its_time_stand_beside_each_other(code: str, text: str) -> None:
    slots = language(code).slots
    source = "{date} [(um|à|a|в)] {time}"
    found = Matcher(Grammar((Template("x.y", source, parse_template(source, slots)),))).match(text)
    assert found[0].slots == {"date": Date(offset=1), "time": TimeOfDay(19, 30)}
