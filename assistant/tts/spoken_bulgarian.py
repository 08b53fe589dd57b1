"""Bulgarian words for what is written in symbols."""

from __future__ import annotations

import re

from assistant.intent.lang.bulgarian import cardinal, ordinal
from assistant.tts.rewrite import rule
from assistant.tts.spoken import Money, Spoken

_NO_NOUN = frozenset((
    "август", "ако", "април", "без", "беше", "бяха", "вече", "вечерта", "декември", "делено", "или", "има", "като",
    "което", "който", "която", "към", "май", "март", "минус", "над", "най-малко", "най-много", "ноември", "няма",
    "около", "октомври", "от", "още", "плюс", "под", "преди", "през", "при", "пъти", "равно", "различно", "само",
    "септември", "след", "следобед", "сутринта", "тази", "тези", "това", "този", "февруари", "цяло", "юли", "юни",
    "януари",
))  # fmt: skip
"""What may follow a number without being counted by it."""


_MONTHS = "януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември"


def _year(number: int) -> str:
    return ordinal(number, "а") if 1 <= number <= 9_999 else str(number)


def _day(match: re.Match[str]) -> str:
    day = int(match["day"])
    if not 1 <= day <= 31:
        return match[0]
    year = f" {_year(int(match['year']))} година" if match["year"] else ""
    return f"{ordinal(day)} {match['month']}{year}"


def _first_day(match: re.Match[str]) -> str:
    """The first of two days: "2 и трети май"."""
    return f"{ordinal(int(match[1]))} {match[2]} " if 1 <= int(match[1]) <= 31 else match[0]


def _time(hour: int, minute: int, second: int) -> str:
    said = cardinal(hour, "m") if hour % 10 in (1, 2) and hour not in (11, 12) else str(hour)
    if not minute:
        return f"{said} часа"
    said = f"{said} и {minute}"
    return f"{said} и {second} секунди" if second else said


def _counted(match: re.Match[str]) -> str:
    """A number that ends in one or two, with the gender that the form of its noun tells."""
    number, noun = int(match[1]), match[2]
    if noun in _NO_NOUN or number % 100 in (11, 12) or number > 999_999:
        return match[0]
    if number == 1:
        gender = "f" if noun.endswith(("а", "я")) else "n" if noun.endswith(("о", "е")) else "m"
    else:  # masculine nouns have a form of their own after numbers: "два часа"
        gender = "m" if noun.endswith(("а", "я")) or noun in ("дни", "дена") else "f"
    return f"{cardinal(number, gender)} {noun}"


SPOKEN = Spoken(
    code="bg",
    symbols={
        "times": "по", "divided": "делено на", "minus": "минус", "plus": "плюс", "equals": "равно на",
        "unequal": "различно от", "at_most": "най-много", "at_least": "най-малко", "about": "около",
        "plus_minus": "плюс-минус", "less": "по-малко от", "greater": "по-голямо от", "to": "до", "number": "номер",
        "and": "и", "squared": "на квадрат", "cubed": "на куб", "power": "на степен", "degree": "градус",
        "degrees": "градуса", "at": "кльомба", "dot": "точка", "dash": "тире", "underscore": "долна черта",
        "link": "връзка към",
    },
    money={
        "лв.": Money(("лев", "лева", "лева"), ("стотинка", "стотинки", "стотинки")),
        "лв": Money(("лев", "лева", "лева"), ("стотинка", "стотинки", "стотинки")),
        "€": Money(("евро",) * 3, ("цент", "цента", "цента")),
        "$": Money(("долар", "долара", "долара"), ("цент", "цента", "цента")),
        "£": Money(("паунд", "паунда", "паунда"), ("пени", "пенса", "пенса")),
        "¥": Money(("йена", "йени", "йени"), ("сен", "сена", "сена")),
    },
    abbreviations={
        r"Mbit/s|Mbps": "мегабита в секунда",
        r"т\. ?е\.": "тоест", r"и т\. ?н\.": "и така нататък", r"и др\.": "и други", r"напр\.": "например",
        r"вкл\.": "включително", r"ул\.": "улица", r"бул\.": "булевард", r"гр\.(?= [А-Я])": "град",
        r"стр\.(?= ?\d)": "страница", r"вж\.": "виж", r"№(?= ?\d)": "номер", r"хил\.": "хиляди", r"млн\.": "милиона",
        r"млрд\.": "милиарда", r"тел\.": "телефон", r"г-н": "господин", r"г-жа": "госпожа", r"г-ца": "госпожица",
        r"проф\.": "професор", r"д-р": "доктор", r"инж\.": "инженер", r"пр\. ?н\. ?е\.|пр\. ?Хр\.": "преди новата ера",
        r"сл\. ?Хр\.": "след Христа", r"св\.(?= [А-Я])": "свети", r"ок\.(?= ?\d)": "около",
    },
    time=_time,
    time_words="часа|час|ч\\.?",
    day=_day,
    day_pattern=r"(?<![\d.,])\b(?P<day>\d{1,2})(?:-?(?:ти|ви|ри|ми|и))?\s(?P<month>{months})\b"
    r"(?:\s(?P<year>\d{4})(?:\s(?:година|г\.?))?(?!\w))?",
    grouping=r"[\u00a0\u202f ]",
    units={
        "км/ч": "speed-kilometer-per-hour", "м/с": "speed-meter-per-second", "км": "length-kilometer",
        "см": "length-centimeter", "мм": "length-millimeter", "м": "length-meter", "кг": "mass-kilogram",
        "мг": "mass-milligram", "г": "mass-gram", "л": "volume-liter", "мл": "volume-milliliter",
        "м²": "area-square-meter", "м³": "volume-cubic-meter", "кВт": "power-kilowatt", "ГБ": "digital-gigabyte",
        "МБ": "digital-megabyte", "мин": "duration-minute", "сек": "duration-second", "ккал": "energy-kilocalorie",
        "ч": "duration-hour",
    },
    others=(
        rule(rf"(?<![\d.,])\b(\d{{1,2}}) (и|или) (?=[а-я]+(?: и [а-я]+)? (?:{_MONTHS})\b)", _first_day),
        rule(r"(?<![\d.,])\b(\d{4}) (?:година|г\.?)(?!\w)", lambda match: f"{_year(int(match[1]))} година"),
        rule(r"(?<![\d.,])\b(\d{1,2}) (?:часа|ч\.)(?!\w)", lambda match: _time(int(match[1]), 0, 0)),
    ),
    counted=(rule(r"(?<![\w.,:/-])(\d*[12])[ \u00a0]([а-я]{3,})\b", _counted),),
)  # fmt: skip
