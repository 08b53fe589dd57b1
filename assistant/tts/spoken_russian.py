"""Russian words for what is written in symbols."""

from __future__ import annotations

import re

from assistant.intent.lang.words import in_words
from assistant.tts.rewrite import rule
from assistant.tts.spoken import Money, Spoken

_NO_NOUN = frozenset((
    "августа", "апреля", "без", "бы", "вечера", "все", "всегда", "вы", "года", "два", "декабря", "для", "дня", "до",
    "если", "еще", "ещё", "за", "из", "из-за", "или", "июля", "июня", "когда", "куда", "ли", "лишь", "марта", "мая",
    "меня", "мы", "на", "над", "ни", "ночи", "ноября", "один", "около", "октября", "они", "по", "под", "после",
    "почти", "при", "раза", "себя", "сентября", "сюда", "тебя", "тогда", "только", "туда", "уже", "утра", "февраля",
    "хотя", "часа", "через", "это", "января",
))  # fmt: skip
"""What may follow a number without being counted by it."""


_MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"


def _ordinal(number: int, case: str, gender: str = "m") -> str:
    return in_words(number, "ru", ordinal=True, form={"case": case, "gender": gender})


def _day(match: re.Match[str]) -> str:
    """In the genitive, as a date is mostly said ("третьего мая"); the ending of a written numeral tells otherwise."""
    day = int(match["day"])
    if not 1 <= day <= 31:
        return match[0]
    said = _ordinal(day, "n", "n") if match["ending"] == "е" else _ordinal(day, "g")
    year = f" {_ordinal(int(match['year']), 'g')} года" if match["year"] else ""
    return f"{said} {match['month']}{year}"


def _first_day(match: re.Match[str]) -> str:
    """The first of two days: "2 и третьего мая"."""
    return f"{_ordinal(int(match[1]), 'g')} {match[2]} " if 1 <= int(match[1]) <= 31 else match[0]


def _year(match: re.Match[str]) -> str:
    word = "года" if match[2].startswith("г.") or match[2] == "г" else match[2]
    case = {"год": "n", "года": "g", "году": "p", "годом": "i"}[word]
    return f"{_ordinal(int(match[1]), case)} {word}"


def _time(hour: int, minute: int, second: int) -> str:
    if not minute:
        return f"{hour} {_plural(hour, 'час', 'часа', 'часов')}"
    said = f"{hour} {minute:02}".replace(" 0", " ноль ")
    return f"{said} и {second} {_plural(second, 'секунда', 'секунды', 'секунд')}" if second else said


def _plural(number: int, one: str, few: str, many: str) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return one
    return few if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else many


def _decimal(match: re.Match[str]) -> str:
    """ "1,5" as "одна целая пять десятых"; what is counted stands in the genitive anyway."""
    return in_words(float(f"{match[1]}.{match[2]}"), "ru")


def _counted(match: re.Match[str]) -> str:
    """A number that ends in one or two, with the gender that the ending of its noun tells."""
    number, noun = int(match[1]), match[2]
    if noun in _NO_NOUN or number % 100 in (11, 12):
        return match[0]
    endings = ("ы", "и") if number % 10 == 2 else ("а", "я", "у", "ю")
    if not noun.endswith(endings):
        return match[0]
    case = "a" if noun.endswith(("у", "ю")) else "n"
    return f"{in_words(number, 'ru', form={'gender': 'f', 'case': case})} {noun}"


SPOKEN = Spoken(
    code="ru",
    symbols={
        "times": "умножить на", "divided": "разделить на", "minus": "минус", "plus": "плюс", "equals": "равно",
        "unequal": "не равно", "at_most": "не больше", "at_least": "не меньше", "about": "примерно",
        "plus_minus": "плюс-минус", "less": "меньше", "greater": "больше", "to": "до", "number": "номер", "and": "и",
        "squared": "в квадрате", "cubed": "в кубе", "power": "в степени", "degree": "градус", "degrees": "градусов",
        "at": "собака", "dot": "точка", "dash": "дефис", "underscore": "подчёркивание", "link": "ссылка на",
    },
    money={
        "₽": Money(("рубль", "рубля", "рублей"), ("копейка", "копейки", "копеек")),
        "руб.": Money(("рубль", "рубля", "рублей"), ("копейка", "копейки", "копеек")),
        "€": Money(("евро",) * 3, ("цент", "цента", "центов")),
        "$": Money(("доллар", "доллара", "долларов"), ("цент", "цента", "центов")),
        "£": Money(("фунт", "фунта", "фунтов"), ("пенс", "пенса", "пенсов")),
        "¥": Money(("иена", "иены", "иен"), ("сен", "сена", "сенов")),
    },
    abbreviations={
        r"Mbit/s|Mbps": "мегабит в секунду",
        r"т\. ?е\.": "то есть", r"и т\. ?д\.": "и так далее", r"и т\. ?п\.": "и тому подобное", r"и др\.": "и другие",
        r"прибл\.": "приблизительно",
        r"напр\.": "например", r"т\. ?к\.": "так как", r"т\. ?н\.": "так называемый", r"ул\.": "улица",
        r"пр\.(?= [А-Я])": "проспект", r"г\.(?= [А-Я])": "город", r"им\.": "имени", r"стр\.(?= ?\d)": "страница",
        r"рис\.(?= ?\d)": "рисунок", r"см\.(?= [а-я])": "смотри", r"№(?= ?\d)": "номер", r"тыс\.?(?= |\Z)": "тысяч",
        r"млн\.?(?= |\Z)": "миллионов", r"млрд\.?(?= |\Z)": "миллиардов", r"тел\.": "телефон",
        r"ок\.(?= ?\d)": "около", r"до н\. ?э\.": "до нашей эры", r"н\. ?э\.": "нашей эры", r"г-н": "господин",
        r"г-жа": "госпожа", r"д\.(?= ?\d)": "дом", r"кв\.(?= ?\d)": "квартира",
    },
    time=_time,
    time_words="часов|часа|час|ч\\.?",
    day=_day,
    day_pattern=r"(?<![\d.,])\b(?P<day>\d{1,2})(?:-?(?P<ending>го|е|ого))?\s(?P<month>{months})\b"
    r"(?:\s(?P<year>\d{4})(?:\s(?:года|г\.?))?(?!\w))?",
    grouping=r"[\u00a0\u202f ]",
    units={
        "км/ч": "speed-kilometer-per-hour", "м/с": "speed-meter-per-second", "км": "length-kilometer",
        "см": "length-centimeter", "мм": "length-millimeter", "м": "length-meter", "кг": "mass-kilogram",
        "мг": "mass-milligram", "г": "mass-gram", "л": "volume-liter", "мл": "volume-milliliter",
        "м²": "area-square-meter", "м³": "volume-cubic-meter", "кВт": "power-kilowatt", "Вт": "power-watt",
        "кВт⋅ч": "energy-kilowatt-hour", "ГБ": "digital-gigabyte", "МБ": "digital-megabyte", "ТБ": "digital-terabyte",
        "ГГц": "frequency-gigahertz", "МГц": "frequency-megahertz", "ккал": "energy-kilocalorie",
        "мин": "duration-minute", "сек": "duration-second", "ч": "duration-hour",
    },
    others=(
        rule(rf"(?<![\d.,])\b(\d{{1,2}}) (и|или) (?=[а-яё]+(?: [а-яё]+)? (?:{_MONTHS})\b)", _first_day),
        rule(r"(?<![\d.,])\b(\d{4}) (год|года|году|годом|г\.?)(?!\w)", _year),
        rule(r"(?<![\d.,])\b(\d{1,2})(?:-го)? числа\b", lambda match: f"{_ordinal(int(match[1]), 'g')} числа"),
    ),
    counted=(
        rule(r"(?<![\w.,:/-])(\d*[12])[ \u00a0]([а-яё]{3,})\b", _counted),
        rule(r"(?<![\w.,])(\d{1,6}),(\d{1,3})(?![\d,])", _decimal),
    ),
)  # fmt: skip
