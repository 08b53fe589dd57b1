"""Bulgarian."""

from __future__ import annotations

from assistant.intent.lang.build import described, percentages, slot_types
from assistant.intent.lang.bulgarian import (
    HUNDREDS,
    LONG_TEENS,
    LONG_TENS,
    TEENS,
    TENS,
    cardinal,
    ordinals,
    small,
)
from assistant.intent.lang.calendar import Calendar, Week, dates
from assistant.intent.lang.clocks import Clock, DayPart, all_hours, bare, digital, full, minutes, past, times, to
from assistant.intent.lang.numerals import NumberParts, Numerals
from assistant.intent.lang.parts import Chain, Either, Forms, Part, literal, skipped
from assistant.intent.lang.phrases.bg import PHRASES
from assistant.intent.lang.saying import (
    DateSpeaker,
    DurationSpeaker,
    Lengths,
    Noun,
    Said,
    Say,
    decimal,
    month_name,
    weekday_name,
)  # fmt: skip
from assistant.intent.lang.spans import Unit, durations
from assistant.intent.values import TimeOfDay

# --- numbers -----------------------------------------------------------------------------------

_OTHER_ONES = {"един": 1, "една": 1, "два": 2, "двама": 2}
_NUMERALS = Numerals(
    zero=("нула",),
    small=small(_OTHER_ONES, TEENS, TENS),
    also=small(_OTHER_ONES, LONG_TEENS, LONG_TENS),
    hundreds={word: n * 100 for n, word in enumerate(HUNDREDS, 1)},
    thousand=("хиляда",),
    thousands=("хиляди",),
    million=("милион",),
    millions=("милиона", "милион"),
    minus=("минус",),
    point=("цяло и", "цяло", "цели и", "цели", "запетая", "точка"),
    joint=("и",),
    fractions={
        "половин": 0.5, "половина": 0.5, "половината": 0.5, "четвърт": 0.25, "една четвърт": 0.25,
        "три четвърти": 0.75, "една трета": 1 / 3, "две трети": 2 / 3,
    },
    with_fraction={"и половина": 0.5, "и половин": 0.5, "и четвърт": 0.25, "и една четвърт": 0.25},
    dozens={"дузина": 12, "една дузина": 12, "половин дузина": 6},
    tail={
        **dict.fromkeys(("десети", "десета"), 10), **dict.fromkeys(("стотни", "стотна"), 100),
        **dict.fromkeys(("хилядни", "хилядна"), 1000),
    },
)  # fmt: skip
_NUMBERS = NumberParts(_NUMERALS)

# --- durations ---------------------------------------------------------------------------------

_UNITS = (
    Unit(604_800, ("седмици", "седмица"), ("седм",), alone=("седмица",)),
    Unit(86_400, ("дни", "ден", "дена", "денонощия"), alone=("ден", "денонощие"), parts={"половин ден": 0.5}),
    Unit(3_600, ("часа", "час", "часове"), ("ч",), alone=("час",), parts={
        "половин час": 0.5, "половин часа": 0.5, "четвърт час": 0.25, "три четвърти час": 0.75,
    }),
    Unit(60, ("минути", "минута", "минутки"), ("мин", "м"), alone=("минута", "минутка"), parts={"половин минута": 0.5}),
    Unit(1, ("секунди", "секунда"), ("сек", "с"), alone=("секунда",)),
)  # fmt: skip
_DURATION = durations(_NUMBERS, _UNITS, "и")

# --- times of day ------------------------------------------------------------------------------

_PARTS: dict[str, DayPart] = {
    "сутринта": "morning", "следобед": "afternoon", "вечерта": "evening", "през нощта": "night", "на обяд": "noon",
    "преди обяд": "morning", "довечера": "evening",
}  # fmt: skip
_PARTS_READ: dict[str, DayPart] = {
    "на обед": "noon", "преди обед": "morning", "следобеда": "afternoon", "тази сутрин": "morning",
    "тази вечер": "evening", "тази нощ": "night", "днес следобед": "afternoon", "след обяд": "afternoon",
    "след обед": "afternoon", "нощес": "night",
}  # fmt: skip
_TODAY: dict[str, DayPart] = {
    "довечера": "evening", "тази вечер": "evening", "тази сутрин": "morning", "днес следобед": "afternoon",
    "сутринта": "morning", "вечерта": "evening", "следобед": "afternoon", "през нощта": "night", "вечер": "evening",
    "сутрин": "morning",
}  # fmt: skip
_BEFORE = {f"{form} в": part for form, part in _TODAY.items()}
_NAMED = {
    "полунощ": Clock(0),
    "обяд": Clock(12, sure=True),
    "пладне": Clock(12, sure=True),
    "обед": Clock(12, sure=True),
}


def _dial() -> list[Part]:
    hour = all_hours(_NUMBERS)
    oclock, unit = ("часа", "час"), ("минути", "минута")
    ticks = skipped(*oclock, read=("ч",))
    some = minutes(_NUMBERS, unit)
    exact = full(hour, oclock, Chain(skipped("и"), _NUMBERS.minute_after_word, make=lambda _, m: m), unit)
    quarter = Forms({"четвърт": 15, "половина": 30, "половин": 30})
    after = Chain(hour, ticks, literal("и"), Either(quarter, some), make=lambda h, _, __, m: past(h, m))
    less = Chain(
        hour, ticks, literal("без"), Either(Forms({"четвърт": 15}), some), make=lambda h, _, __, m: to(h, m)
    )  # fmt: skip
    shown = Chain(digital(), ticks, make=lambda clock, _: clock)
    short = Chain(hour, literal(read=("ч",)), make=lambda h, _: Clock(h))
    return [exact, bare(hour, _NUMBERS.minute), after, less, shown, short]


_TIME = times(_dial(), _PARTS, _BEFORE, _NAMED, _PARTS_READ)

# --- dates -------------------------------------------------------------------------------------

_WEEKDAYS = ("понеделник", "вторник", "сряда", "четвъртък", "петък", "събота", "неделя")
_MONTHS = (
    "януари", "февруари", "март", "април", "май", "юни", "юли", "август", "септември", "октомври", "ноември",
    "декември",
)  # fmt: skip
_WEEKS: dict[str, Week] = {
    "следващия": "next", "следващата": "next", "следващ": "next", "идния": "coming", "идната": "coming",
    "този": "this", "тази": "this", "миналия": "last", "миналата": "last",
}  # fmt: skip
_CALENDAR = Calendar(
    near={"днес": 0, "утре": 1, "вдругиден": 2, "други ден": 2, "вчера": -1, "завчера": -2},
    near_read={"в други ден": 2, "онзи ден": -2, "довечера": 0, "следващата седмица": 7, "другата седмица": 7,
               "миналата седмица": -7},
    months={name: n for n, name in enumerate(_MONTHS, 1)},
    months_read={"ян": 1, "фев": 2, "апр": 4, "авг": 8, "септ": 9, "окт": 10, "ноем": 11, "дек": 12},
    weekdays={name: n for n, name in enumerate(_WEEKDAYS)},
    weekdays_read={"пон": 0, "вт": 1, "ср": 2, "четв": 3, "пет": 4, "съб": 5, "нед": 6},
    weeks=_WEEKS,
    weeks_after={"следващата седмица": "next", "другата седмица": "next", "след седмица": "after"},
    ordinals={
        **ordinals("и", TEENS, TENS, 31), **ordinals("и", LONG_TEENS, LONG_TENS, 31),
        **ordinals("о", TEENS, TENS, 31),
    },
    endings=("ти", "ви", "ри", "и", "ми"),
    on=("на", "в", "във"),
    days=("дни", "ден", "дена"),
    weeks_long=("седмици", "седмица"),
    ahead=("след",),
    behind=("преди",),
    one_week=("седмица",),
    one_day=("ден",),
    year=("година", "г"),
    years={**ordinals("а", TEENS, TENS, 99), **ordinals("а", LONG_TEENS, LONG_TENS, 99)},
    feasts={
        "коледа": (25, 12), "бъдни вечер": (24, 12), "нова година": (1, 1), "гергьовден": (6, 5),
        "никулден": (6, 12), "баба марта": (1, 3), "свети валентин": (14, 2),
    },
    day_words=("число",),
)  # fmt: skip
_DATE = dates(_NUMBERS, _CALENDAR)

# --- saying ------------------------------------------------------------------------------------


def _noun(one: str, many: str, feminine: bool) -> Noun:
    return Noun(f"{'една' if feminine else 'един'} {one}", {"one": one, "other": many}, feminine)


_LENGTHS = Lengths(
    nouns=(_noun("седмица", "седмици", True), _noun("ден", "дни", False), _noun("час", "часа", False),
           _noun("минута", "минути", True), _noun("секунда", "секунди", True)),
    half="половин час", one_and_half="час и половина", and_half="{n} {hours} и половина",
    zero="нула секунди", brief="по-малко от секунда",
)  # fmt: skip


def _word(number: int, feminine: bool, _case: str) -> str:
    return cardinal(number, "f" if feminine else "m")


def _say_time(time: TimeOfDay) -> Said:
    if time.minute == 0 and time.meridiem and time.hour in (0, 12):
        text = "12 часа на обяд" if time.hour else "полунощ"
    else:
        text = (
            f"{time.hour}:{time.minute:02}" if time.minute else "един часа" if time.hour == 1 else f"{time.hour} часа"
        )
    return Said(text, at=f"в {text}")


def _say_weekday(day: int, week: str, on: bool) -> str:
    name = weekday_name("bg", day)
    feminine = name.endswith(("а", "я"))
    lead = {"this": ("този", "тази"), "next": ("следващия", "следващата"), "last": ("миналия", "миналата")}.get(week)
    said = f"{lead[feminine]} {name}" if lead else name
    preposition = ("във " if said.startswith(("в", "ф")) else "в ") if on and not lead else ""
    return f"{preposition}{said}{' след седмица' if week == 'after' else ''}"


def _say_day(day: int, month: int | None, year: int | None, on: bool) -> str:
    said = f"{day} число" if month is None else f"{day} {month_name('bg', month)}"
    return f"{'на ' if on else ''}{said}{f' {year} година' if year else ''}"


_SAY_DURATION = DurationSpeaker("bg", {"": _LENGTHS}, _word, "минус")
_NEAR = {0: "днес", 1: "утре", 2: "вдругиден", -1: "вчера", -2: "завчера"}
_number = decimal("bg")
_SAY = Say(
    code="bg",
    duration=_SAY_DURATION,
    time=_say_time,
    date=DateSpeaker("bg", _NEAR, "след {length}", "преди {length}", _SAY_DURATION, _say_weekday, _say_day),
    number=_number,
    percentage=lambda value: f"{_number(float(value))} процент{'' if value == 1 else 'а'}",
)

LANGUAGE = described(
    "bg",
    "Български",
    slot_types(
        _NUMBERS, _DURATION, _TIME, _DATE,
        percentages(_NUMBERS, ("процента", "процент", "на сто"),
                    {"половината": 50, "половина": 50, "наполовина": 50, "четвърт": 25, "три четвърти": 75}, ("сто",)),
    ),
    _SAY,
    PHRASES,
)  # fmt: skip
