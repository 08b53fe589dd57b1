"""German."""

from __future__ import annotations

from assistant.intent.lang.build import described, percentages, slot_types
from assistant.intent.lang.calendar import Calendar, Week, dates
from assistant.intent.lang.clocks import (
    Clock,
    DayPart,
    all_hours,
    bare,
    digital,
    full,
    hours,
    minutes,
    past,
    times,
    to,
)  # fmt: skip
from assistant.intent.lang.numerals import NumberParts, Numerals
from assistant.intent.lang.parts import Chain, Forms, Part, literal
from assistant.intent.lang.phrases.de import PHRASES
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

_WORDS = {in_words(n, "de"): n for n in range(1, 100)}
_ONE = ("eins", "ein", "eine", "einen", "einer", "einem")
_HUNDREDS = {f"{head}hundert": value * 100 for head, value in _WORDS.items() if 1 < value < 10}
_HALF_WORDS = {f"{in_words(n, 'de')}einhalb": n + 0.5 for n in range(2, 21)}


def _joined(word: str) -> int | None:
    """A numeral in one word: "zweihundertfünfzig", "neunzehnhundertvierundachtzig"."""
    for name, scale, limit in (("tausend", 1_000, 1_000), ("hundert", 100, 20)):
        head, found, tail = word.partition(name)
        if found:
            factor = _joined(head) if head else 1
            rest = _joined(tail.removeprefix("und")) if tail else 0
            fits = factor is not None and rest is not None and 0 < factor < limit and rest < scale
            return factor * scale + rest if fits and factor and rest is not None else None
    return {"ein": 1, "eine": 1, "dreissig": 30, **_WORDS}.get(word.replace("dreissig", "dreißig"))


_NUMERALS = Numerals(
    zero=("null",),
    small={**_WORDS, **dict.fromkeys(_ONE, 1), "zwo": 2},
    hundreds={"hundert": 100, "einhundert": 100, **_HUNDREDS},
    thousand=("tausend", "eintausend"),
    thousands=("tausend",),
    millions=("millionen", "million"),
    minus=("minus",),
    point=("komma", "punkt"),
    joint=("und",),
    fractions={
        "halb": 0.5, "ein halb": 0.5, "die hälfte": 0.5, "ein viertel": 0.25, "drei viertel": 0.75,
        "dreiviertel": 0.75, "ein drittel": 1 / 3, "zwei drittel": 2 / 3,
    },
    with_fraction={"einhalb": 0.5, "und ein halb": 0.5, "und ein viertel": 0.25, "und drei viertel": 0.75},
    mixed={"anderthalb": 1.5, "eineinhalb": 1.5, "einundeinhalb": 1.5, **_HALF_WORDS},
    dozens={"ein dutzend": 12, "ein halbes dutzend": 6, "zwei dutzend": 24},
    joined=_joined,
    joined_form=r"(?:[a-zäöüß]*(?:hundert|tausend)[a-zäöüß]*)",
)  # fmt: skip
_NUMBERS = NumberParts(_NUMERALS)

# --- durations ---------------------------------------------------------------------------------


def _halves(noun: str) -> dict[str, float]:
    return {f"{lead} {noun}": 0.5 for lead in ("eine halbe", "einer halben", "halbe", "ne halbe")}


_HOUR_PARTS = {
    **_halves("stunde"),
    **{f"{lead}{word}": 0.25 for lead in ("eine ", "einer ", "") for word in ("viertelstunde", "viertel stunde")},
    **{f"{lead}{n}": 0.75 for lead in ("eine ", "einer ", "") for n in ("dreiviertelstunde", "dreiviertel stunde")},
    "drei viertelstunden": 0.75, "drei viertel stunden": 0.75,
}  # fmt: skip
_UNITS = (
    Unit(604_800, ("wochen", "woche")),
    Unit(86_400, ("tage", "tag", "tagen"), parts={"einen halben tag": 0.5, "ein halber tag": 0.5}),
    Unit(3_600, ("stunden", "stunde"), ("h", "std"), parts=_HOUR_PARTS),
    Unit(60, ("minuten", "minute"), ("min", "m"), parts=_halves("minute")),
    Unit(1, ("sekunden", "sekunde"), ("s", "sek", "sec")),
)
_DURATION = durations(_NUMBERS, _UNITS, "und")

# --- times of day ------------------------------------------------------------------------------

_PARTS: dict[str, DayPart] = {
    "morgens": "morning", "am morgen": "morning", "früh": "morning", "in der früh": "morning",
    "vormittags": "morning", "am vormittag": "morning", "mittags": "noon", "am mittag": "noon",
    "nachmittags": "afternoon", "am nachmittag": "afternoon", "abends": "evening", "am abend": "evening",
    "nachts": "night", "in der nacht": "night",
}  # fmt: skip
_PARTS_READ: dict[str, DayPart] = {
    "heute abend": "evening", "heute früh": "morning", "heute morgen": "morning", "heute nachmittag": "afternoon",
    "heute nacht": "night", "heute mittag": "noon", "heute vormittag": "morning",
}  # fmt: skip
_AFTER_TOMORROW: dict[str, DayPart] = {
    "früh": "morning",
    "abend": "evening",
    "nachmittag": "afternoon",
    "mittag": "noon",
}
_BEFORE = {f"{form} um": part for form, part in {**_PARTS_READ, **_PARTS, **_AFTER_TOMORROW}.items()}
_NAMED = {"mittag": Clock(12, sure=True), "mitternacht": Clock(0), "zwölf uhr mittags": Clock(12, sure=True)}


def _dial() -> list[Part]:
    hour, any_hour = hours(_NUMBERS), all_hours(_NUMBERS)
    oclock = ("uhr",)
    exact = full(any_hour, oclock, _NUMBERS.minute_after_word)
    written = Chain(digital(), literal(*oclock), make=lambda clock, _: clock)
    quarter = Forms({"viertel": 15})
    some = minutes(_NUMBERS, ("minuten", "minute"))
    relative = [
        Chain(part, literal(word), any_hour, make=lambda m, _, h, how=how: how(h, m))
        for part in (quarter, some)
        for word, how in (("nach", past), ("vor", to))
    ]
    half = Chain(literal("halb"), hour, make=lambda _, h: to(h, 30))
    early = Chain(Forms({"viertel": 45, "dreiviertel": 15, "drei viertel": 15}), hour, make=lambda m, h: to(h, m))
    by_half = [
        Chain(
            some,
            literal(f"{word} halb"),
            hour,
            make=lambda m, _, h, sign=sign: to(h, 30 - sign * m) if m < 30 else None,
        )
        for word, sign in (("nach", 1), ("vor", -1))
    ]
    return [exact, half, bare(any_hour, _NUMBERS.minute), *relative, early, *by_half, written, digital()]


_TIME = times(_dial(), _PARTS, _BEFORE, _NAMED, _PARTS_READ)

# --- dates -------------------------------------------------------------------------------------

_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_MONTHS = (
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
    "dezember",
)  # fmt: skip
_WEEKS: dict[str, Week] = {
    "nächsten": "next", "nächster": "next", "nächste woche": "next", "kommenden": "coming", "diesen": "this",
    "letzten": "last", "vergangenen": "last",
}  # fmt: skip
_CALENDAR = Calendar(
    near={"heute": 0, "morgen": 1, "übermorgen": 2, "gestern": -1, "vorgestern": -2},
    near_read={"heute abend": 0, "nächste woche": 7, "letzte woche": -7, "überübermorgen": 3},
    months={**{name: n for n, name in enumerate(_MONTHS, 1)}, "jänner": 1},
    months_read={**{name[:3]: n for n, name in enumerate(_MONTHS, 1)}, "sept": 9, "juno": 6, "feber": 2, "mrz": 3},
    weekdays={**{name: n for n, name in enumerate(_WEEKDAYS)}, "sonnabend": 5},
    weekdays_read={name[:2]: n for n, name in enumerate(_WEEKDAYS)},
    weeks=_WEEKS,
    weeks_after={"in einer woche": "after", "nächster woche": "next"},
    ordinals={
        form: n for n in range(1, 32) for stem in [in_words(n, "de", ordinal=True)]
        for form in (f"{stem}n", stem, f"{stem}r")
    },
    on=("am", "den", "der", "dem", "am kommenden"),
    days=("tagen", "tage", "tag"),
    weeks_long=("wochen", "woche"),
    ahead=("in",),
    behind=("vor",),
    feasts={
        "weihnachten": (25, 12), "heiligabend": (24, 12), "heiliger abend": (24, 12), "silvester": (31, 12),
        "neujahr": (1, 1), "nikolaus": (6, 12), "der erste weihnachtstag": (25, 12), "valentinstag": (14, 2),
        "tag der deutschen einheit": (3, 10),
    },
)  # fmt: skip
_DATE = dates(_NUMBERS, _CALENDAR)

# --- saying ------------------------------------------------------------------------------------


def _nouns(one: str, one_masculine: str, day: str, days: str) -> tuple[Noun, ...]:
    names = (("Woche", "Wochen"), ("Tag", days), ("Stunde", "Stunden"), ("Minute", "Minuten"), ("Sekunde", "Sekunden"))
    made = [Noun(f"{one} {name}", {"one": name, "other": many}) for name, many in names]
    made[1] = Noun(f"{one_masculine} {day}", {"one": day, "other": days}, feminine=False)
    return tuple(made)


def _lengths(one: str, masculine: str, days: str, half: str) -> Lengths:
    return Lengths(
        nouns=_nouns(one, masculine, "Tag", days), half=half, one_and_half="anderthalb Stunden",
        and_half="{n}einhalb {hours}", zero="null Sekunden", brief="weniger als eine Sekunde",
    )  # fmt: skip


_CASES = {
    "": _lengths("eine", "ein", "Tage", "eine halbe Stunde"),
    "accusative": _lengths("eine", "einen", "Tage", "eine halbe Stunde"),
    "dative": _lengths("einer", "einem", "Tagen", "einer halben Stunde"),
}


def _word(number: int, _feminine: bool, _case: str) -> str:
    return in_words(number, "de")


def _say_time(time: TimeOfDay) -> Said:
    if time.minute == 0 and time.meridiem and time.hour in (0, 12):
        text = "12 Uhr mittags" if time.hour else "Mitternacht"
    else:
        text = f"{time.hour}:{time.minute:02} Uhr" if time.minute else f"{time.hour} Uhr"
    return Said(text, at=f"um {text}")


def _say_weekday(day: int, week: str, on: bool) -> str:
    name = weekday_name("de", day)
    if week == "after":
        return f"{'am ' if on else ''}{name} in einer Woche"
    lead = {"this": "diesen ", "next": "nächsten ", "last": "letzten "}.get(week)
    return f"{lead}{name}" if lead else f"am {name}" if on else name


def _say_day(day: int, month: int | None, year: int | None, on: bool) -> str:
    said = f"{day}." if month is None else f"{day}. {month_name('de', month)}"
    lead = "am " if on else "der " if month is None else ""
    return f"{lead}{said}{f' {year}' if year else ''}"


_SAY_DURATION = DurationSpeaker("de", _CASES, _word, "minus")
_NEAR = {0: "heute", 1: "morgen", 2: "übermorgen", -1: "gestern", -2: "vorgestern"}
_number = decimal("de")
_SAY = Say(
    code="de",
    duration=_SAY_DURATION,
    time=_say_time,
    date=DateSpeaker(
        "de", _NEAR, "in {length:dative}", "vor {length:dative}", _SAY_DURATION, _say_weekday, _say_day,
        "{weekday}, der {day}", "{weekday}, dem {day}",
    ),
    number=_number,
    percentage=lambda value: f"{_number(float(value))} Prozent",
)  # fmt: skip

LANGUAGE = described(
    "de",
    "Deutsch",
    slot_types(
        _NUMBERS, _DURATION, _TIME, _DATE,
        percentages(_NUMBERS, ("prozent",), {"die hälfte": 50, "halb": 50, "ein viertel": 25, "drei viertel": 75},
                    ("hundert", "einhundert")),
    ),
    _SAY,
    PHRASES,
)  # fmt: skip
