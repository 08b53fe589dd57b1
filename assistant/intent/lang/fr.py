"""French."""

from __future__ import annotations

from assistant.intent.lang.build import described, percentages, slot_types
from assistant.intent.lang.calendar import Calendar, Week, dates
from assistant.intent.lang.clocks import Clock, DayPart, all_hours, bare, digital, full, minutes, past, times, to
from assistant.intent.lang.numerals import NumberParts, Numerals
from assistant.intent.lang.parts import Chain, Digits, Either, Forms, Part, literal
from assistant.intent.lang.phrases.fr import PHRASES
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

_STANDARD = {in_words(n, "fr"): n for n in range(1, 100)}
_SWISS = {in_words(n, "fr_CH"): n for n in range(70, 100)}
_BELGIAN = {in_words(n, "fr_BE"): n for n in range(70, 100) if n // 10 != 8}
_FEMININE = {f"{form}e": n for form, n in _STANDARD.items() if n % 10 == 1 and form.endswith("un")}
_HUNDREDS = {
    f"{in_words(n, 'fr')} {word}": n * 100 for n in range(2, 10) for word in ("cents", "cent")
}  # fmt: skip

_NUMERALS = Numerals(
    zero=("zéro",),
    small={**_STANDARD, **_FEMININE, "quatre-vingt": 80, "septante": 70, "huitante": 80, "nonante": 90},
    also={**_SWISS, **_BELGIAN, "octante": 80},
    hundreds={"cent": 100, **_HUNDREDS},
    thousand=("mille",),
    thousands=("mille",),
    millions=("millions", "million"),
    minus=("moins",),
    point=("virgule", "point"),
    fractions={
        "un demi": 0.5, "une demie": 0.5, "la moitié": 0.5, "un quart": 0.25, "trois quarts": 0.75,
        "un tiers": 1 / 3, "deux tiers": 2 / 3,
    },
    with_fraction={"et demi": 0.5, "et demie": 0.5, "et quart": 0.25, "un quart": 0.25, "et un quart": 0.25,
                   "trois quarts": 0.75, "et trois quarts": 0.75},
    dozens={"une douzaine": 12, "une demi-douzaine": 6, "une dizaine": 10, "une vingtaine": 20, "une quinzaine": 15},
)  # fmt: skip
_NUMBERS = NumberParts(_NUMERALS)

# --- durations ---------------------------------------------------------------------------------

_HALF_HOURS = {
    **dict.fromkeys(("une demi-heure", "demi-heure"), 0.5),
    **dict.fromkeys(("un quart d'heure", "quart d'heure"), 0.25),
    **dict.fromkeys(("trois quarts d'heure", "les trois quarts d'heure"), 0.75),
}
_UNITS = (
    Unit(604_800, ("semaines", "semaine")),
    Unit(86_400, ("jours", "jour"), parts={"une demi-journée": 0.5}),
    Unit(3_600, ("heures", "heure"), ("h",), parts=_HALF_HOURS),
    Unit(60, ("minutes", "minute"), ("min", "mn", "m"), parts={"une demi-minute": 0.5}),
    Unit(1, ("secondes", "seconde"), ("s", "sec")),
)
_DURATION = durations(_NUMBERS, _UNITS, "et")

# --- times of day ------------------------------------------------------------------------------

_PARTS: dict[str, DayPart] = {
    "du matin": "morning", "du soir": "evening", "de l'après-midi": "afternoon", "cet après-midi": "afternoon",
    "ce soir": "evening", "ce matin": "morning",
}  # fmt: skip
_PARTS_READ: dict[str, DayPart] = {"de la nuit": "night", "cette nuit": "night", "de l'aprèm": "afternoon"}
_TODAY: dict[str, DayPart] = {
    "ce soir": "evening", "ce matin": "morning", "cet après-midi": "afternoon", "cette nuit": "night",
    "le matin": "morning", "le soir": "evening", "l'après-midi": "afternoon", "matin": "morning", "soir": "evening",
    "après-midi": "afternoon",
}  # fmt: skip
_BEFORE = {f"{form} à": part for form, part in _TODAY.items()}
_NAMED = {"midi": Clock(12, sure=True), "minuit": Clock(0), "douze heures": Clock(12)}


def _dial() -> list[Part]:
    hour = all_hours(_NUMBERS)
    oclock = ("heures", "heure")
    named = Forms({"midi": 12, "minuit": 24})
    shown = Chain(hour, Either(literal(*oclock), literal(read=("h",))), make=lambda h, _: h)
    exact = full(hour, oclock, _NUMBERS.minute_after_word, ("minutes", "minute"))
    brief = Chain(
        Digits(r"\d|[01]\d|2[0-4]"), literal(read=("h",)), _NUMBERS.minute_after_word, make=lambda h, _, m: Clock(h, m)
    )
    short = Chain(Digits(r"\d|[01]\d|2[0-4]"), literal(read=("h",)), make=lambda h, _: Clock(h))
    after = Forms({"et demie": 30, "et demi": 30, "et quart": 15, "un quart": 15, "et un quart": 15,
                   "trois quarts": 45})  # fmt: skip
    before = Forms({"moins le quart": 15, "moins quart": 15, "moins un quart": 15})
    some = minutes(_NUMBERS, ("minutes", "minute"))
    less = Chain(literal("moins"), some, make=lambda _, m: m)
    earlier = Either(before, less)
    return [
        exact, Chain(shown, after, make=past), Chain(shown, earlier, make=to), Chain(named, after, make=_past_noon),
        Chain(named, earlier, make=_to_noon), Chain(named, some, make=_past_noon), brief, short, digital(),
        bare(Digits(r"\d|[01]\d|2[0-4]"), _NUMBERS.minute),
    ]  # fmt: skip


def _past_noon(hour: int, minute: int) -> Clock:
    return Clock(hour % 24, minute, sure=True)


def _to_noon(hour: int, minute: int) -> Clock:
    return Clock(hour - 1, 60 - minute, sure=True)


_TIME = times(_dial(), _PARTS, _BEFORE, _NAMED, _PARTS_READ)

# --- dates -------------------------------------------------------------------------------------

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_AFTER: dict[str, Week] = {
    "prochain": "next", "qui vient": "coming", "dernier": "last", "passé": "last", "en huit": "after",
    "de la semaine prochaine": "next",
}  # fmt: skip
_CALENDAR = Calendar(
    near={"aujourd'hui": 0, "demain": 1, "après-demain": 2, "hier": -1, "avant-hier": -2},
    near_read={"ce soir": 0, "cette nuit": 0, "la semaine prochaine": 7, "la semaine dernière": -7},
    months={name: n for n, name in enumerate(_MONTHS, 1)},
    months_read={"janv": 1, "févr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "déc": 12},
    weekdays={name: n for n, name in enumerate(_WEEKDAYS)},
    weekdays_read={name[:3]: n for n, name in enumerate(_WEEKDAYS)},
    weeks={"ce": "this", "le prochain": "coming"},
    weeks_after=_AFTER,
    ordinals={**{form: n for form, n in _STANDARD.items() if 1 < n < 32}, "premier": 1},
    endings=("er", "e", "ème"),
    on=("le", "au"),
    days=("jours", "jour"),
    weeks_long=("semaines", "semaine"),
    ahead=("dans", "d'ici"),
    behind=("il y a",),
    feasts={
        "noël": (25, 12), "jour de noël": (25, 12), "la veille de noël": (24, 12), "jour de l'an": (1, 1),
        "nouvel an": (1, 1), "le réveillon": (31, 12), "la saint-sylvestre": (31, 12), "la saint-valentin": (14, 2),
        "quatorze juillet": (14, 7), "toussaint": (1, 11), "la toussaint": (1, 11),
    },
)  # fmt: skip
_DATE = dates(_NUMBERS, _CALENDAR)

# --- saying ------------------------------------------------------------------------------------

_UNIT_NAMES = (("semaine", True), ("jour", False), ("heure", True), ("minute", True), ("seconde", True))
_LENGTHS = Lengths(
    nouns=tuple(
        Noun(f"{'une' if feminine else 'un'} {name}", {"one": name, "other": f"{name}s"}, feminine)
        for name, feminine in _UNIT_NAMES
    ),
    half="une demi-heure", one_and_half="une heure et demie", and_half="{n} {hours} et demie",
    zero="zéro seconde", brief="moins d'une seconde",
)  # fmt: skip


def _word(number: int, _feminine: bool, _case: str) -> str:
    return in_words(number, "fr")


def _say_time(time: TimeOfDay) -> Said:
    if time.minute == 0 and time.meridiem and time.hour in (0, 12):
        text = "midi" if time.hour else "minuit"
    else:
        noun = "heure" if time.hour in (0, 1) else "heures"
        text = f"{time.hour} {noun} {time.minute:02}" if time.minute else f"{time.hour} {noun}"
    return Said(text, at=f"à {text}")


def _say_weekday(day: int, week: str, _on: bool) -> str:
    name = weekday_name("fr", day)
    behind = {"next": " prochain", "last": " dernier", "after": " en huit"}.get(week, "")
    return f"{'ce ' if week == 'this' else ''}{name}{behind}"


def _say_day(day: int, month: int | None, year: int | None, on: bool) -> str:
    number = "1er" if day == 1 else str(day)
    said = number + (f" {month_name('fr', month)}" if month else "") + (f" {year}" if year else "")
    return f"le {said}" if on or month is None else said


_SAY_DURATION = DurationSpeaker("fr", {"": _LENGTHS}, _word, "moins")
_NEAR = {0: "aujourd'hui", 1: "demain", 2: "après-demain", -1: "hier", -2: "avant-hier"}
_number = decimal("fr")
_SAY = Say(
    code="fr",
    duration=_SAY_DURATION,
    time=_say_time,
    date=DateSpeaker(
        "fr", _NEAR, "dans {length}", "il y a {length}", _SAY_DURATION, _say_weekday, _say_day,
        "{weekday} {day}", "le {weekday} {day}",
    ),
    number=_number,
    percentage=lambda value: f"{_number(float(value))} pour cent",
)  # fmt: skip

LANGUAGE = described(
    "fr",
    "Français",
    slot_types(
        _NUMBERS, _DURATION, _TIME, _DATE,
        percentages(_NUMBERS, ("pour cent", "pourcent", "pourcents"),
                    {"la moitié": 50, "un quart": 25, "trois quarts": 75, "les trois quarts": 75}, ("cent",)),
    ),
    _SAY,
    PHRASES,
)  # fmt: skip
