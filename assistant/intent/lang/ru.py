"""Russian."""

from __future__ import annotations

from assistant.intent.lang.build import described, percentages, slot_types
from assistant.intent.lang.calendar import Calendar, Week, dates
from assistant.intent.lang.clocks import Clock, DayPart, all_hours, bare, digital, full, hours, minutes, times, to
from assistant.intent.lang.numerals import NumberParts, Numerals
from assistant.intent.lang.parts import Chain, Either, Forms, Part, literal, maybe
from assistant.intent.lang.phrases.ru import PHRASES
from assistant.intent.lang.saying import (
    DateSpeaker,
    DurationSpeaker,
    Lengths,
    Noun,
    Said,
    Say,
    decimal,
    locale,
    month_name,
    weekday_name,
)  # fmt: skip
from assistant.intent.lang.spans import Unit, durations
from assistant.intent.lang.words import in_words
from assistant.intent.values import TimeOfDay

# --- numbers -----------------------------------------------------------------------------------


def _forms(**how: str) -> dict[str, int]:
    """1 to 99 in a gender and case."""
    return {in_words(n, "ru", form=how): n for n in range(1, 100)}


def _ordinals(last: int, **how: str) -> dict[str, int]:
    return {in_words(n, "ru", ordinal=True, form=how): n for n in range(1, last + 1)}


_SPOKEN = {**_forms(), **_forms(gender="f"), **_forms(gender="f", case="a"), **_forms(gender="n")}
_GENITIVE = {**_forms(case="g"), **_forms(case="g", gender="f")}
_OBLIQUE = {
    **_GENITIVE, **_forms(case="d"), **_forms(case="i"), **_forms(case="p"), "двое": 2, "трое": 3, "четверо": 4,
}  # fmt: skip
_HUNDREDS = {in_words(n, "ru"): n for n in range(100, 1000, 100)}

_NUMERALS = Numerals(
    zero=("ноль", "нуль"),
    small={**_SPOKEN, **{form: n for form, n in _GENITIVE.items() if n < 13}},
    also=_OBLIQUE,
    hundreds=_HUNDREDS,
    thousand=("тысяча", "тысячу", "тысячи"),
    thousands=("тысяч", "тысячи", "тысяча", "тысячу"),
    million=("миллион",),
    millions=("миллионов", "миллиона", "миллион"),
    minus=("минус",),
    point=("целых", "целая", "запятая", "точка", "целых и", "целая и", "целые"),
    fractions={
        "половина": 0.5, "половину": 0.5, "пол": 0.5, "четверть": 0.25, "три четверти": 0.75, "треть": 1 / 3,
        "две трети": 2 / 3, "одна вторая": 0.5, "одна четвертая": 0.25, "одна треть": 1 / 3,
    },
    with_fraction={"с половиной": 0.5, "и половина": 0.5, "с четвертью": 0.25},
    mixed={"полтора": 1.5, "полторы": 1.5, "полутора": 1.5},
    dozens={"дюжина": 12, "десяток": 10, "полдюжины": 6, "дюжину": 12},
    tail={
        **dict.fromkeys(("десятых", "десятая", "десятые"), 10), **dict.fromkeys(("сотых", "сотая", "сотые"), 100),
        **dict.fromkeys(("тысячных", "тысячная", "тысячные"), 1000),
    },
)  # fmt: skip
_NUMBERS = NumberParts(_NUMERALS)

# --- durations ---------------------------------------------------------------------------------

_UNITS = (
    Unit(604_800, ("недели", "недель", "неделя", "неделю"), ("нед",), alone=("неделю", "неделя", "недели")),
    Unit(86_400, ("дня", "дней", "день", "суток", "сутки"), alone=("день", "сутки"), parts={"полдня": 0.5}),
    Unit(3_600, ("часа", "часов", "час"), ("ч",), alone=("час",), parts={
        "полчаса": 0.5, "получаса": 0.5, "пол часа": 0.5, "полчасика": 0.5, "четверть часа": 0.25,
        "три четверти часа": 0.75,
    }),
    Unit(60, ("минуты", "минут", "минута", "минуту"), ("мин", "м"), alone=("минуту", "минута", "минуты"), parts={
        "полминуты": 0.5, "пол минуты": 0.5, "минутку": 1.0,
    }),
    Unit(1, ("секунды", "секунд", "секунда", "секунду"), ("сек", "с"), alone=("секунду", "секунда")),
)  # fmt: skip
_DURATION = durations(_NUMBERS, _UNITS, "и", ("пару", "пара"))

# --- times of day ------------------------------------------------------------------------------

_PARTS: dict[str, DayPart] = {
    "утра": "morning", "дня": "afternoon", "вечера": "evening", "ночи": "night", "утром": "morning",
    "вечером": "evening",
}  # fmt: skip
_PARTS_READ: dict[str, DayPart] = {
    "днем": "afternoon", "ночью": "night", "сегодня вечером": "evening", "сегодня утром": "morning",
}  # fmt: skip
_TODAY: dict[str, DayPart] = {"утром": "morning", "днем": "afternoon", "вечером": "evening", "ночью": "night"}
_BEFORE = {f"{day}{form} в": part for day in ("", "сегодня ") for form, part in _TODAY.items()}
_NAMED = {
    "полдень": Clock(12, sure=True), "полночь": Clock(0), "полудня": Clock(12, sure=True), "полуночи": Clock(0),
}  # fmt: skip
_NEXT_HOURS = _ordinals(12, case="g")


def _dial() -> list[Part]:
    any_hour = all_hours(_NUMBERS)
    oclock, unit = ("часов", "часа", "час"), ("минут", "минуты", "минута")
    exact = full(any_hour, oclock, _NUMBERS.minute_after_word, unit)
    one = Chain(literal("час"), maybe(_NUMBERS.minute), make=lambda _, m: Clock(1, m))
    some = minutes(_NUMBERS, unit)
    quarter = Forms({"четверть": 15, "четверти": 15})
    begun = Forms(_NEXT_HOURS)
    ahead = Either(hours(_NUMBERS), Forms({"час": 1}))
    less = Chain(literal("без"), Either(quarter, some), ahead, make=lambda _, m, h: to(h, m))
    half = Chain(Forms({"половина": 30, "половину": 30, "половине": 30, "пол": 30}), begun, make=lambda m, h: to(h, m))
    joined = Forms({f"пол{form}": to(hour, 30) for form, hour in _NEXT_HOURS.items()})
    into = Chain(Either(Forms({"четверть": 15}), _minutes_named(unit)), begun, make=lambda m, h: to(h, 60 - m))
    shown = Chain(digital(), literal(*oclock), make=lambda clock, _: clock)
    return [exact, bare(any_hour, _NUMBERS.minute), half, less, joined, into, one, shown, digital()]


def _minutes_named(unit: tuple[str, ...]) -> Part:
    """Minutes with the word for them: "десять минут восьмого"."""
    return Chain(minutes(_NUMBERS), literal(*unit), make=lambda m, _: m)


_TIME = times(_dial(), _PARTS, _BEFORE, _NAMED, _PARTS_READ)

# --- dates -------------------------------------------------------------------------------------

_WEEKDAYS = ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье")
_NOMINATIVE = {"среда": 2, "пятница": 4, "суббота": 5, "среды": 2, "пятницы": 4, "субботы": 5}
_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip
_MONTH_NAMES = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


def _gendered(stem: str, *endings: str) -> list[str]:
    return [stem + ending for ending in endings]


_WEEKS: dict[str, Week] = {
    **dict.fromkeys(_gendered("следующ", "ий", "ую", "ее", "ая"), "next"),
    **dict.fromkeys(("этот", "эту", "это"), "this"),
    **dict.fromkeys(_gendered("прошл", "ый", "ую", "ое", "ая"), "last"),
    **dict.fromkeys(_gendered("ближайш", "ий", "ую", "ее"), "coming"),
}
_CALENDAR = Calendar(
    near={"сегодня": 0, "завтра": 1, "послезавтра": 2, "вчера": -1, "позавчера": -2},
    near_read={"сегодня вечером": 0, "на следующей неделе": 7, "на прошлой неделе": -7},
    months={name: n for n, name in enumerate(_MONTHS, 1)},
    months_read={
        **{name: n for n, name in enumerate(_MONTH_NAMES, 1)},
        **{name[:3]: n for n, name in enumerate(_MONTHS, 1) if n != 5}, "сент": 9,
    },
    weekdays={**{name: n for n, name in enumerate(_WEEKDAYS)}, **_NOMINATIVE},
    weekdays_read={"пн": 0, "вт": 1, "ср": 2, "чт": 3, "пт": 4, "сб": 5, "вс": 6},
    weeks=_WEEKS,
    weeks_after={"на следующей неделе": "next", "следующей недели": "next", "через неделю": "after"},
    ordinals={**_ordinals(31, case="g"), **_ordinals(31, gender="n")},
    endings=("го", "е", "ого"),
    on=("в", "во", "на"),
    days=("дня", "дней", "день"),
    weeks_long=("недели", "недель", "неделю"),
    ahead=("через",),
    ago=("назад", "тому назад"),
    one_week=("неделю",),
    one_day=("день",),
    year=("года", "год", "году", "г"),
    years={**_ordinals(99, case="g"), **_ordinals(99)},
    feasts={
        "новый год": (1, 1), "рождество": (7, 1), "день победы": (9, 5), "восьмое марта": (8, 3),
        "день святого валентина": (14, 2), "день россии": (12, 6),
    },
    day_words=("числа", "число"),
)  # fmt: skip
_DATE = dates(_NUMBERS, _CALENDAR)

# --- saying ------------------------------------------------------------------------------------


def _noun(one: str, few: str, many: str, number: str, feminine: bool = True) -> Noun:
    return Noun(f"{number} {one}", {"one": one, "few": few, "many": many, "other": few}, feminine)


def _lengths(feminine: str, masculine: str, ending: str, half: str, one_and_half: str, and_half: str) -> Lengths:
    return Lengths(
        nouns=(
            _noun(f"недел{'ю' if ending == 'у' else 'я'}", "недели", "недель", feminine),
            _noun("день", "дня", "дней", masculine, feminine=False),
            _noun("час", "часа", "часов", masculine, feminine=False),
            _noun(f"минут{ending}", "минуты", "минут", feminine),
            _noun(f"секунд{ending}", "секунды", "секунд", feminine),
        ),
        half=half, one_and_half=one_and_half, and_half=and_half, zero="ноль секунд", brief="меньше секунды",
    )  # fmt: skip


_IN_GENITIVE = Lengths(
    nouns=(
        _noun("недели", "недель", "недель", "одной"), _noun("дня", "дней", "дней", "одного", feminine=False),
        _noun("часа", "часов", "часов", "одного", feminine=False), _noun("минуты", "минут", "минут", "одной"),
        _noun("секунды", "секунд", "секунд", "одной"),
    ),
    half="получаса", one_and_half="полутора часов", and_half="{n} с половиной {hours}",
    zero="нуля секунд", brief="меньше секунды",
)  # fmt: skip
_CASES = {
    "": _lengths("одна", "один", "а", "полчаса", "полтора часа", "{n} с половиной часа"),
    "accusative": _lengths("одну", "один", "у", "полчаса", "полтора часа", "{n} с половиной часа"),
    "genitive": _IN_GENITIVE,
}


def _word(number: int, feminine: bool, case: str) -> str:
    form = {"gender": "f" if feminine else "m"} | ({"case": "g"} if case == "genitive" else {})
    return in_words(number, "ru", form=form)


def _say_time(time: TimeOfDay) -> Said:
    if time.minute == 0 and time.meridiem and time.hour in (0, 12):
        text = "полдень" if time.hour else "полночь"
    elif time.minute:
        text = f"{time.hour}:{time.minute:02}"
    else:
        text = f"{time.hour} {'час' if time.hour in (1, 21) else 'часа' if time.hour % 20 in (2, 3, 4) else 'часов'}"
    return Said(text, at=f"в {text}")


_ENDINGS: dict[str, tuple[str, str, str]] = {
    "this": ("этот", "эту", "это"), "next": ("следующий", "следующую", "следующее"),
    "last": ("прошлый", "прошлую", "прошлое"),
}  # fmt: skip


def _say_weekday(day: int, week: str, on: bool) -> str:
    gender = 1 if day in (2, 4, 5) else 2 if day == 6 else 0
    with_week = week in _ENDINGS
    name = _WEEKDAYS[day] if on or with_week else weekday_name("ru", day)
    lead = f"{_ENDINGS[week][gender]} " if with_week else ""
    preposition = ("во " if day == 1 and not with_week else "в ") if on else ""
    return f"{preposition}{lead}{name}{' через неделю' if week == 'after' else ''}"


def _say_day(day: int, month: int | None, year: int | None, _on: bool) -> str:
    if month is None:
        return f"{day} числа"
    return f"{day} {month_name('ru', month)}" + (f" {year} года" if year else "")


_SAY_DURATION = DurationSpeaker("ru", _CASES, _word, "минус")
_NEAR = {
    0: "сегодня", 1: "завтра", 2: "послезавтра", 7: "через неделю", -1: "вчера", -2: "позавчера", -7: "неделю назад",
}  # fmt: skip
_number = decimal("ru")


def _say_percentage(value: float) -> str:
    category = "other" if value % 1 else locale("ru").plural_form(int(value))
    noun = {"one": "процент", "few": "процента", "many": "процентов"}.get(category, "процента")
    return f"{_number(float(value))} {noun}"


_SAY = Say(
    code="ru",
    duration=_SAY_DURATION,
    time=_say_time,
    date=DateSpeaker(
        "ru", _NEAR, "через {length:accusative}", "{length:accusative} назад", _SAY_DURATION, _say_weekday, _say_day,
    ),
    number=_number,
    percentage=_say_percentage,
)  # fmt: skip

LANGUAGE = described(
    "ru",
    "Русский",
    slot_types(
        _NUMBERS, _DURATION, _TIME, _DATE,
        percentages(_NUMBERS, ("процентов", "процента", "процент"),
                    {"половина": 50, "половину": 50, "наполовину": 50, "четверть": 25, "три четверти": 75},
                    ("сто", "ста")),
    ),
    _SAY,
    PHRASES,
)  # fmt: skip
