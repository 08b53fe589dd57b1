"""What a language says it also understands; the words themselves, and their forms."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ConfigError
from assistant.intent.lang import CODES, Language, bulgarian, language
from assistant.intent.lang.words import in_words
from assistant.intent.template import words_of
from assistant.intent.values import Date, Duration, Percentage, TimeOfDay
from tests.unit.slotkit import understood

OTHERS = tuple(code for code in CODES if code != "en")
every_language = pytest.mark.parametrize("lang", [language(code) for code in OTHERS], ids=OTHERS)


@every_language
def test_every_minute_of_the_day(lang: Language) -> None:
    for minute in range(24 * 60):
        time = TimeOfDay(minute // 60, minute % 60, "pm" if minute >= 720 else "am")
        found = lang.slots["time"].parse(_words(lang.say.time(time)))  # type: ignore[misc]
        assert found is not None, lang.say.time(time)
        assert found.minute == time.minute, lang.say.time(time)
        assert time.hour in found.hours(), lang.say.time(time)


@every_language
@given(seconds=st.one_of(st.integers(1, 86_400), st.integers(1, 5_000_000)))
@settings(max_examples=60, deadline=None)
def test_durations(lang: Language, seconds: int) -> None:
    length = Duration(seconds=seconds)
    said = lang.say.duration(length)
    for form in (said, f"{said:accusative}", f"{said:dative}", f"{said:genitive}"):
        found = lang.slots["duration"].parse(_words(form))  # type: ignore[misc]
        if found is not None:  # more than three units, or a gap between them, are said but not listened for
            assert found == length, form
    if _plain(seconds):
        assert lang.slots["duration"].parse(_words(said)) == length, said  # type: ignore[misc]


def _plain(seconds: int) -> bool:
    """At most two units that are neighbours."""
    sizes = [604_800, 86_400, 3_600, 60, 1]
    used = [place for place, size in enumerate(sizes) if seconds % (sizes[place - 1] if place else 10**9) // size]
    return used[-1] - used[0] <= 1


@every_language
@given(number=st.one_of(st.integers(-2000, 2000), st.integers(-(10**8), 10**8)))
@settings(max_examples=60, deadline=None)
def test_whole_numbers(lang: Language, number: int) -> None:
    assert understood(lang.slots["int"], lang.say.number(number)) == number


@every_language
@given(hundredths=st.integers(-100_000, 100_000))
@settings(max_examples=60, deadline=None)
def test_decimals(lang: Language, hundredths: int) -> None:
    assert understood(lang.slots["float"], lang.say.number(hundredths / 100)) == hundredths / 100


@pytest.mark.parametrize("code", ["de", "es", "fr", "fr_BE", "fr_CH", "ru"])
def test_whole_numbers_in_the_words_of_num2words(code: str) -> None:
    parse = language(code).slots["int"].parse
    assert parse is not None
    for number in [*range(1100), *range(1100, 999_999, 7_919), 1_000_000, 2_300_000, 5_000_005]:
        if code in ("fr_BE", "fr_CH") and (number >= 1_000_000 or "8" in (str(number)[-2:-1], str(number)[-5:-4])):
            continue  # "un millions", "quatre-vingt et un": its slips
        said = in_words(number, code)
        assert parse(_words(said)) == number, said


def test_whole_numbers_in_bulgarian_words() -> None:
    parse = language("bg").slots["int"].parse
    assert parse is not None
    for number in [*range(2100), *range(2100, 999_999, 7_919)]:
        for gender in "mfn":
            assert parse(bulgarian.cardinal(number, gender)) == number, bulgarian.cardinal(number, gender)


@every_language
@given(tenths=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_percentages(lang: Language, tenths: int) -> None:
    assert understood(lang.slots["percentage"], lang.say.percentage(tenths / 10)) == tenths / 10


@every_language
def test_days_from_today(lang: Language) -> None:
    for days in range(-60, 61):
        said = lang.say.date(Date(offset=days))
        assert understood(lang.slots["date"], said) == Date(offset=days), said


@every_language
def test_weekdays(lang: Language) -> None:
    for weekday in range(7):
        for week in ("coming", "this", "next", "last"):
            said = lang.say.date(Date(weekday=weekday, week=week))
            for form in (said, f"{said:on}"):
                found = understood(lang.slots["date"], form)
                assert found == Date(weekday=weekday, week=week), form


@every_language
def test_every_day_of_a_year(lang: Language) -> None:
    for number in range(366):
        day = dt.date(2028, 1, 1) + dt.timedelta(number)
        for date in (Date(day=day.day, month=day.month), Date(day=day.day, month=day.month, year=2028)):
            said = lang.say.date(date)
            for form in (said, f"{said:on}"):
                assert lang.slots["date"].parse(_words(form)) == date, form  # type: ignore[misc]


@every_language
def test_a_day_of_the_month(lang: Language) -> None:
    for day in range(1, 32):
        said = lang.say.date(Date(day=day))
        assert understood(lang.slots["date"], f"{said:on}") == Date(day=day), f"{said:on}"


@every_language
def test_a_calendar_date_with_its_weekday(lang: Language) -> None:
    said = lang.say.date(dt.date(2026, 5, 3))
    for form in (said, f"{said:on}"):
        assert understood(lang.slots["date"], form) == Date(day=3, month=5, year=2026), form


def _words(text: str) -> str:
    return " ".join(words_of(text))


SAID = {
    "en": ("half an hour", "two minutes", "at 6:30 pm", "in three days", "on Friday", "25.5 percent", "a, b and c"),
    "de": ("eine halbe Stunde", "zwei Minuten", "um 18:30 Uhr", "in drei Tagen", "am Freitag", "25,5 Prozent",
           "a, b und c"),
    "fr": ("une demi-heure", "deux minutes", "à 18 heures 30", "dans trois jours", "vendredi", "25,5 pour cent",
           "a, b et c"),
    "es": ("media hora", "dos minutos", "a las seis y media de la tarde", "dentro de tres días", "el viernes",
           "25,5 por ciento", "a, b y c"),
    "ru": ("полчаса", "две минуты", "в 18:30", "через три дня", "в пятницу", "25,5 процента", "a, b и c"),
    "bg": ("половин час", "две минути", "в 18:30", "след три дни", "в петък", "25,5 процента", "a, b и c"),
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_what_is_said(code: str) -> None:
    say = language(code).say
    values = (
        say.duration(Duration(minutes=30)), say.duration(dt.timedelta(minutes=2)), f"{say.time(TimeOfDay(18, 30)):at}",
        say.date(Date(offset=3)), f"{say.date(Date(weekday=4)):on}", say.percentage(25.5), say.listed(["a", "b", "c"]),
    )  # fmt: skip
    assert values == SAID[code]


@pytest.mark.parametrize(
    ("code", "seconds", "form", "text"),
    [
        ("de", 86_400, "", "ein Tag"), ("de", 86_400, "accusative", "einen Tag"), ("de", 86_400, "dative", "einem Tag"),
        ("de", 172_800, "dative", "zwei Tagen"), ("de", 3_660, "dative", "einer Stunde und einer Minute"),
        ("de", 5_400, "", "anderthalb Stunden"), ("de", 1_800, "dative", "einer halben Stunde"),
        ("de", 0, "", "null Sekunden"),
        ("fr", 5_400, "dative", "une heure et demie"), ("fr", 90, "", "une minute et 30 secondes"),
        ("es", 9_000, "", "dos horas y media"), ("es", 60, "", "un minuto"), ("es", 3_600, "", "una hora"),
        ("ru", 60, "", "одна минута"), ("ru", 60, "accusative", "одну минуту"), ("ru", 120, "genitive", "двух минут"),
        ("ru", 300, "", "пять минут"), ("ru", 1_260, "", "21 минута"), ("ru", 1_260, "accusative", "21 минуту"),
        ("ru", 5_400, "", "полтора часа"), ("ru", 18_000, "", "пять часов"), ("ru", 9_000, "", "два с половиной часа"),
        ("ru", -60, "", "минус одна минута"), ("ru", 0.2, "", "меньше секунды"),
        ("bg", 60, "", "една минута"), ("bg", 7_200, "", "два часа"), ("bg", 5_400, "", "час и половина"),
        ("bg", 86_460, "", "един ден и една минута"), ("bg", 720, "", "дванайсет минути"),
    ],
)  # fmt: skip
def test_forms_of_a_duration(code: str, seconds: float, form: str, text: str) -> None:
    assert format(language(code).say.duration(Duration(seconds=seconds)), form) == text


@pytest.mark.parametrize(
    ("code", "time", "text"),
    [
        ("de", TimeOfDay(6), "um 6 Uhr"), ("de", TimeOfDay(12, 0, "pm"), "um 12 Uhr mittags"),
        ("de", TimeOfDay(0), "um Mitternacht"), ("fr", TimeOfDay(1), "à 1 heure"),
        ("fr", TimeOfDay(6, 5), "à 6 heures 05"),
        ("fr", TimeOfDay(12, 0, "pm"), "à midi"), ("es", TimeOfDay(1), "a la una"),
        ("es", TimeOfDay(6, 15, "am"), "a las seis y cuarto de la mañana"),
        ("es", TimeOfDay(2, 0, "am"), "a las dos de la madrugada"),
        ("es", TimeOfDay(22, 40), "a las diez y cuarenta de la noche"), ("es", TimeOfDay(12, 0, "pm"), "a mediodía"),
        ("ru", TimeOfDay(1), "в 1 час"), ("ru", TimeOfDay(22), "в 22 часа"), ("ru", TimeOfDay(12), "в 12 часов"),
        ("ru", TimeOfDay(0), "в полночь"), ("bg", TimeOfDay(1), "в един часа"), ("bg", TimeOfDay(0), "в полунощ"),
    ],
)  # fmt: skip
def test_a_time_with_its_preposition(code: str, time: TimeOfDay, text: str) -> None:
    assert format(language(code).say.time(time), "at") == text


@pytest.mark.parametrize(
    ("code", "day", "text"),
    [
        ("en", Date(day=3, month=5), "on the 3rd of May"), ("en", Date(offset=1), "tomorrow"),
        ("en", dt.date(2026, 5, 3), "on Sunday, the 3rd of May 2026"), ("de", Date(day=3, month=5), "am 3. Mai"),
        ("de", Date(offset=-7), "vor einer Woche"), ("de", Date(weekday=2, week="next"), "nächsten Mittwoch"),
        ("de", dt.date(2026, 5, 3), "am Sonntag, dem 3. Mai 2026"), ("fr", Date(day=1, month=5), "le 1er mai"),
        ("fr", dt.date(2026, 5, 3), "le dimanche 3 mai 2026"), ("fr", Date(weekday=0, week="after"), "lundi en huit"),
        ("es", Date(day=3, month=5, year=2026), "el 3 de mayo de 2026"),
        ("es", Date(weekday=6, week="last"), "el domingo pasado"),
        ("ru", Date(offset=7), "через неделю"), ("ru", Date(weekday=1), "во вторник"),
        ("ru", Date(weekday=2, week="next"), "в следующую среду"), ("ru", Date(day=3), "3 числа"),
        ("ru", dt.date(2026, 5, 3), "в воскресенье, 3 мая 2026 года"), ("bg", Date(day=3, month=5), "на 3 май"),
        ("bg", Date(weekday=1), "във вторник"), ("bg", Date(offset=-3), "преди три дни"),
    ],
)  # fmt: skip
def test_a_day_with_its_preposition(code: str, day: Date | dt.date, text: str) -> None:
    assert format(language(code).say.date(day), "on") == text


@pytest.mark.parametrize("code", CODES)
def test_any_value_in_words(code: str) -> None:
    say = language(code).say
    assert say.value("as it is") == "as it is"
    assert say.value(None) is None
    assert say.value(True) is True
    assert say.value(1234.5) == ("1234.5" if code == "en" else "1234,5")
    assert say.value(Percentage(50)) == say.percentage(50)
    assert say.value([Duration(minutes=2), 3]) == say.listed([say.duration(Duration(minutes=2)), "3"])
    moment = say.value(dt.datetime(2026, 5, 3, 18, 30))
    assert moment == f"{say.date(dt.date(2026, 5, 3))} {say.time(TimeOfDay(18, 30)):at}"
    assert f"{moment:on}".startswith(f"{say.date(dt.date(2026, 5, 3)):on}")


def test_a_language_by_its_code() -> None:
    assert language("de-AT").code == language("de_CH").code == "de"
    assert language("EN").code == "en"
    with pytest.raises(ConfigError, match=r"'xx' is not supported; choose one of: en, de"):
        language("xx")


@every_language
def test_a_language_is_complete(lang: Language) -> None:
    english = language("en")
    assert lang.slots.keys() == english.slots.keys()
    assert lang.rules.keys() == english.rules.keys()
    assert lang.answer_rules.keys() == english.answer_rules.keys()
    assert all(form == form.lower() for table in (lang.before, lang.after, lang.hesitations) for form in table)
