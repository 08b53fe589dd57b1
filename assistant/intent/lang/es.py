"""Spanish, of Spain and of America."""

from __future__ import annotations

from assistant.intent.lang.build import described, percentages, slot_types
from assistant.intent.lang.calendar import Calendar, Week, dates
from assistant.intent.lang.clocks import Clock, DayPart, all_hours, bare, digital, minutes, past, times, to
from assistant.intent.lang.numerals import NumberParts, Numerals
from assistant.intent.lang.parts import Chain, Either, Forms, Part, literal, skipped
from assistant.intent.lang.phrases.es import PHRASES
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
from assistant.intent.lang.words import in_words
from assistant.intent.values import TimeOfDay

# --- numbers -----------------------------------------------------------------------------------

_WORDS = {in_words(n, "es"): n for n in range(1, 100)}
_GENDERED = {
    f"{form[: -len('uno')]}{ending}": n
    for form, n in _WORDS.items() if form.endswith("uno")
    for ending in ("ún" if n == 21 else "un", "una")
}  # fmt: skip
_HUNDREDS = {in_words(n, "es"): n for n in range(200, 1000, 100)}
_FEMININE_HUNDREDS = {f"{form[:-2]}as": n for form, n in _HUNDREDS.items()}

_NUMERALS = Numerals(
    zero=("cero",),
    small={**_WORDS, **_GENDERED},
    hundreds={"cien": 100, "ciento": 100, **_HUNDREDS, **_FEMININE_HUNDREDS},
    thousand=("mil",),
    thousands=("mil",),
    millions=("millones", "millón"),
    minus=("menos",),
    point=("coma", "punto", "con"),
    joint=(),
    fractions={
        "medio": 0.5, "media": 0.5, "la mitad": 0.5, "un medio": 0.5, "un cuarto": 0.25, "tres cuartos": 0.75,
        "un tercio": 1 / 3, "dos tercios": 2 / 3,
    },
    with_fraction={"y medio": 0.5, "y media": 0.5, "y cuarto": 0.25, "y un cuarto": 0.25, "y tres cuartos": 0.75},
    dozens={"una docena": 12, "media docena": 6, "una decena": 10},
)  # fmt: skip
_NUMBERS = NumberParts(_NUMERALS)

# --- durations ---------------------------------------------------------------------------------

_UNITS = (
    Unit(604_800, ("semanas", "semana")),
    Unit(86_400, ("días", "día"), parts={"medio día": 0.5}),
    Unit(3_600, ("horas", "hora"), ("h", "hs", "hrs"), parts={
        "media hora": 0.5, "media horita": 0.5, "un cuarto de hora": 0.25, "cuarto de hora": 0.25,
        "tres cuartos de hora": 0.75,
    }),
    Unit(60, ("minutos", "minuto"), ("min", "m"), parts={"medio minuto": 0.5}),
    Unit(1, ("segundos", "segundo"), ("s", "seg")),
)  # fmt: skip
_DURATION = durations(_NUMBERS, _UNITS, "y", ("un par de",))

# --- times of day ------------------------------------------------------------------------------

_PARTS: dict[str, DayPart] = {
    "de la mañana": "morning", "de la tarde": "afternoon", "de la noche": "night", "de la madrugada": "morning",
    "del mediodía": "noon", "esta tarde": "afternoon", "esta noche": "night", "esta mañana": "morning",
    "por la mañana": "morning", "por la tarde": "afternoon", "por la noche": "night",
}  # fmt: skip
_PARTS_READ: dict[str, DayPart] = {
    "am": "morning", "pm": "evening", "a m": "morning", "p m": "evening", "de madrugada": "morning",
}  # fmt: skip
_TODAY: dict[str, DayPart] = {
    "esta tarde": "afternoon", "esta noche": "night", "esta mañana": "morning", "por la mañana": "morning",
    "por la tarde": "afternoon", "por la noche": "night",
}  # fmt: skip
_BEFORE = {f"{form} a {article}": part for form, part in _TODAY.items() for article in ("las", "la")}
_NAMED = {
    form: clock
    for name, clock in {"mediodía": Clock(12, sure=True), "medianoche": Clock(0)}.items()
    for form in (name, f"{'el' if name == 'mediodía' else 'la'} {name}")
} | {"las doce del mediodía": Clock(12, sure=True), "las doce de la noche": Clock(0)}


def _dial() -> list[Part]:
    article = skipped("las", "la")
    unit = skipped("horas", "hora", read=("h", "hs", "hrs", "en punto"))
    hour = Chain(article, all_hours(_NUMBERS), make=lambda _, h: h)
    sharp = Chain(hour, unit, skipped("en punto"), make=lambda h, _, __: Clock(h))
    some = minutes(_NUMBERS, ("minutos", "minuto"))
    quarter = Forms({"cuarto": 15, "un cuarto": 15})
    after = Either(Forms({"y media": 30, "y cuarto": 15, "y tres cuartos": 45}),
                   Chain(literal("y", read=("con",)), some, make=lambda _, m: m))  # fmt: skip
    less = Chain(literal("menos"), Either(quarter, some), make=lambda _, m: m)
    until = Chain(
        skipped("faltan", "falta"), Either(quarter, some), literal("para", read=("pa",)), hour,
        make=lambda _, m, __, h: to(h, m),
    )  # fmt: skip
    shown = Chain(article, digital(), unit, make=lambda _, clock, __: clock)
    exact = Chain(hour, literal("horas", "hora", read=("h",)), skipped("y"), some, make=lambda h, _, __, m: Clock(h, m))
    return [
        sharp, Chain(hour, after, make=past), bare(hour, _NUMBERS.minute), Chain(hour, less, make=to), until,
        exact, shown,
    ]  # fmt: skip


_TIME = times(_dial(), _PARTS, _BEFORE, _NAMED, _PARTS_READ)

# --- dates -------------------------------------------------------------------------------------

_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_AFTER: dict[str, Week] = {
    "que viene": "coming", "próximo": "coming", "pasado": "last", "de la semana que viene": "next",
    "de la próxima semana": "next", "de esta semana": "this",
}  # fmt: skip
_CALENDAR = Calendar(
    near={"hoy": 0, "mañana": 1, "pasado mañana": 2, "ayer": -1, "anteayer": -2},
    near_read={"esta noche": 0, "antes de ayer": -2, "antier": -2, "la semana que viene": 7, "la próxima semana": 7,
               "la semana pasada": -7},
    months={**{name: n for n, name in enumerate(_MONTHS, 1)}},
    months_read={**{name[:3]: n for n, name in enumerate(_MONTHS, 1)}, "setiembre": 9, "sept": 9},
    weekdays={name: n for n, name in enumerate(_WEEKDAYS)},
    weekdays_read={name[:3]: n for n, name in enumerate(_WEEKDAYS)},
    weeks={"este": "this", "próximo": "coming", "siguiente": "next", "pasado": "last"},
    weeks_after=_AFTER,
    ordinals={**{form: n for form, n in _WORDS.items() if n < 32}, "primero": 1},
    endings=("º", "ro"),
    on=("el", "el día", "al", "para el"),
    of=("de", "del", "de el"),
    days=("días", "día"),
    weeks_long=("semanas", "semana"),
    ahead=("en", "dentro de", "de aquí a"),
    behind=("hace",),
    feasts={
        "navidad": (25, 12), "nochebuena": (24, 12), "nochevieja": (31, 12), "año nuevo": (1, 1),
        "día de reyes": (6, 1), "reyes": (6, 1), "san valentín": (14, 2), "fin de año": (31, 12),
    },
)  # fmt: skip
_DATE = dates(_NUMBERS, _CALENDAR)

# --- saying ------------------------------------------------------------------------------------

_UNIT_NAMES = (("semana", True), ("día", False), ("hora", True), ("minuto", False), ("segundo", False))
_LENGTHS = Lengths(
    nouns=tuple(
        Noun(f"{'una' if feminine else 'un'} {name}", {"one": name, "other": f"{name}s"}, feminine)
        for name, feminine in _UNIT_NAMES
    ),
    half="media hora", one_and_half="una hora y media", and_half="{n} {hours} y media",
    zero="cero segundos", brief="menos de un segundo",
)  # fmt: skip


def _word(number: int, _feminine: bool, _case: str) -> str:
    return in_words(number, "es")


def _say_time(time: TimeOfDay) -> Said:
    """On the 12-hour clock, with the part of the day when it is known."""
    if time.minute == 0 and time.meridiem and time.hour in (0, 12):
        return Said("mediodía", at="a mediodía") if time.hour else Said("medianoche", at="a medianoche")
    hour = (time.hour - 1) % 12 + 1
    clock = f"la{'s' if hour > 1 else ''} {'una' if hour == 1 else in_words(hour, 'es')}"
    if time.minute:
        named = {15: "cuarto", 30: "media"}
        clock += f" y {named.get(time.minute) or in_words(time.minute, 'es')}"
    text = f"{clock} {_part(time.hour)}" if time.meridiem else clock
    return Said(text, at=f"a {text}")


def _part(hour: int) -> str:
    if hour < 6:
        return "de la madrugada" if hour else "de la noche"
    return "de la mañana" if hour < 12 else "de la tarde" if hour < 20 else "de la noche"


def _say_weekday(day: int, week: str, on: bool) -> str:
    name = weekday_name("es", day)
    if week == "this":
        return f"este {name}"
    behind = {"next": " de la semana que viene", "last": " pasado", "after": " de dentro de dos semanas"}.get(week, "")
    return f"{'el ' if on or behind else ''}{name}{behind}"


def _say_day(day: int, month: int | None, year: int | None, on: bool) -> str:
    if month is None:
        return f"el día {day}"
    return f"{'el ' if on else ''}{day} de {month_name('es', month)}" + (f" de {year}" if year else "")


_SAY_DURATION = DurationSpeaker("es", {"": _LENGTHS}, _word, "menos")
_NEAR = {0: "hoy", 1: "mañana", 2: "pasado mañana", -1: "ayer", -2: "anteayer"}
_number = decimal("es")
_SAY = Say(
    code="es",
    duration=_SAY_DURATION,
    time=_say_time,
    date=DateSpeaker(
        "es", _NEAR, "dentro de {length}", "hace {length}", _SAY_DURATION, _say_weekday, _say_day,
        "{weekday}, {day}", "{weekday}, {day}",
    ),
    number=_number,
    percentage=lambda value: f"{_number(float(value))} por ciento",
)  # fmt: skip

LANGUAGE = described(
    "es",
    "Español",
    slot_types(
        _NUMBERS, _DURATION, _TIME, _DATE,
        percentages(_NUMBERS, ("por ciento", "por cien"),
                    {"la mitad": 50, "un cuarto": 25, "tres cuartos": 75, "tres cuartas partes": 75}, ("cien",)),
    ),
    _SAY,
    PHRASES,
)  # fmt: skip
