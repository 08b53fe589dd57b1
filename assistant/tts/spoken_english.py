"""English words for what is written in symbols: an ordered table of rules for :mod:`assistant.tts.speakable`."""

from __future__ import annotations

import re
from datetime import date

from assistant.tts.rewrite import Rule, rule

_UNITS = {
    "°C": ("degree Celsius", "degrees Celsius"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "km/h": ("kilometre per hour", "kilometres per hour"),
    "kph": ("kilometre per hour", "kilometres per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "m/s": ("metre per second", "metres per second"),
    "km²": ("square kilometre", "square kilometres"),
    "cm²": ("square centimetre", "square centimetres"),
    "m²": ("square metre", "square metres"),
    "m³": ("cubic metre", "cubic metres"),
    "km": ("kilometre", "kilometres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "m": ("metre", "metres"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ml": ("millilitre", "millilitres"),
    "mL": ("millilitre", "millilitres"),
    "dl": ("decilitre", "decilitres"),
    "l": ("litre", "litres"),
    "L": ("litre", "litres"),
    "tbsp": ("tablespoon", "tablespoons"),
    "tsp": ("teaspoon", "teaspoons"),
    "ms": ("millisecond", "milliseconds"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "kW": ("kilowatt", "kilowatts"),
    "MW": ("megawatt", "megawatts"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "mA": ("milliampere", "milliamperes"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "kB": ("kilobyte", "kilobytes"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "Mbit/s": ("megabit per second", "megabits per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "hPa": ("hectopascal", "hectopascals"),
    "mbar": ("millibar", "millibars"),
    "dB": ("decibel", "decibels"),
    "kcal": ("kilocalorie", "kilocalories"),
    "kJ": ("kilojoule", "kilojoules"),
    "%": ("percent", "percent"),
    "‰": ("per mille", "per mille"),
}
_ALONE = ("°C", "°F", "km/h", "m/s", "km²", "cm²", "m²", "m³", "kWh", "%", "°")
_NEEDS_SPACE = ("s", "m", "g", "l", "L", "W", "V")  # "the 90s" is a decade, "5g" a network

_MONEY = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
}
_SCALES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion"}

_ABBREVIATIONS = {
    r"Dr\.(?= ?[A-Z])": "Doctor",
    r"Mr\.": "Mister",
    r"Mrs\.": "Missis",
    r"Ms\.?(?= [A-Z])": "Miz",
    r"Prof\.": "Professor",
    r"(?<=[a-z] )St\.(?! [A-Z])": "Street",
    r"St\.(?= [A-Z])": "Saint",
    r"e\.\s?g\.,?": "for example",
    r"i\.\s?e\.,?": "that is",
    r"etc\.(?= [a-z])|etc": "et cetera",
    r"vs\.?": "versus",
    r"approx\.": "approximately",
    r"cf\.": "compare",
    r"[Nn]os?\.(?= ?\d)": "number",
    r"[Ff]ig\.(?= ?\d)": "figure",
    r"pp\.(?= ?\d)": "pages",
    r"p\.(?= ?\d)": "page",
    r"[Vv]ol\.(?= ?\d)": "volume",
    r"Ave\.": "Avenue",
    r"Jr\.": "Junior",
    r"Sr\.": "Senior",
    r"dept\.": "department",
    r"w/o(?= )": "without",
    r"w/(?= )": "with",
}
_WORDS_IN_CAPITALS = {"LED": "L.E.D", "ETA": "E.T.A", "FAQ": "F.A.Q", "ASAP": "as soon as possible"}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_FRACTIONS = {
    "½": "a half",
    "¼": "a quarter",
    "¾": "3 quarters",
    "⅓": "a third",
    "⅔": "2 thirds",
    "⅛": "an eighth",
    "⅜": "3 eighths",
    "⅝": "5 eighths",
    "⅞": "7 eighths",
}
_DENOMINATORS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}

_SYMBOLS = (
    (r"(?<=\d) ?[×*] ?(?=\d)", " times "),
    (r"(?<=\d)[x×](?=[ .,!?]|\Z)", " times"),
    (r"(?<=\d) ?÷ ?(?=\d)|(?<=\d) / (?=\d)", " divided by "),
    (r"(?<=[\w)]) - (?=\d)", " minus "),
    (r"(?<=[\w²³]) ?\+ ?(?=\d)|(?<=[\w²³]) \+ (?=\w)", " plus "),
    (r"(?<![\w.])\+(?=\d)", "plus "),
    (r" ?(?:≠|!=) ?", " is not equal to "),
    (r" ?(?:≤|<=) ?", " is at most "),
    (r" ?(?:≥|>=) ?", " is at least "),
    (r" ?(?:→|->|=>|⇒) ?", " to "),
    (r" ?≈ ?", " is about "),
    (r" ?=+ ?", " equals "),
    (r" ?± ?", " plus or minus "),
    (r"(?<=\d) ?< ?(?=\d)|(?<=\w) < (?=\w)", " is less than "),
    (r"(?<=\d) ?> ?(?=\d)|(?<=\w) > (?=\w)", " is greater than "),
    (r"(?<![\w~])~ ?(?=\d)", "about "),
    (r"#(?=\d)", "number "),
    (r" ?& ?", " and "),
    (r"[™®©]", ""),
    (r"(?<=\w)²|(?<=\w)\^2(?!\d)", " squared"),
    (r"(?<=\w)³|(?<=\w)\^3(?!\d)", " cubed"),
    (r"(?<=\w)\^(?=\w)", " to the power of "),
    (r"\band/or\b", "and or"),
    (r"(?<=[a-z]{2})/(?=[a-z]{2})", " or "),
    (r"(?<=[A-Z])/(?=[A-Z])|(?<=\d)/(?=\d)", " "),
    (r"(?<=\w)–(?=\w)", " to "),
    (r"[*_|\\^<>{}]+", " "),
)


def _address(match: re.Match[str]) -> str:
    return match[0].replace("@", " at ").replace(".", " dot ").replace("_", " underscore ").replace("-", " dash ")


def _link(match: re.Match[str]) -> str:
    return f"a link to {match[1].removeprefix('www.').partition(':')[0]}"


def _year(year: int) -> str:
    """In two halves, as years before 2000 are said: 1984 → "19 84"."""
    if not 1100 <= year < 2000:
        return str(year)
    century, rest = divmod(year, 100)
    return f"{century} {'hundred' if rest == 0 else f'oh {rest}' if rest < 10 else rest}"


def _year_after(match: re.Match[str]) -> str:
    return f"{match[1]} {_year(int(match[2]))}"


def _ordinal(number: int) -> str:
    ending = "th" if number // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _date(match: re.Match[str]) -> str:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return match[0]
    said = f"{_MONTH_NAMES[day.month - 1]} {_ordinal(day.day)}, {_year(day.year)}"
    return f"{said} at " if match[4] else said


def _month(match: re.Match[str]) -> str:
    return _MONTH_NAMES[_MONTHS.index(match[1][:3])]


def _time(match: re.Match[str]) -> str:
    """On the 12-hour clock; AM or PM is added where the 24-hour clock says which."""
    hour, minute, second, half = int(match[1]), int(match[2]), match[3], match[4]
    if half:
        half = f"{half[0].upper()}M"
    elif hour == 0 or hour > 12:
        half = "AM" if hour == 0 else "PM"
    past = f" oh {minute}" if 0 < minute < 10 else f" {minute}" if minute else "" if half else " o'clock"
    said = f"{hour % 12 or 12}{past}{f' {half}' if half else ''}"
    return f"{said} and {int(second)} seconds" if second and int(second) else said


def _half_of_day(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2].upper()}M"


def _money(match: re.Match[str]) -> str:
    one, many, cent, cents = _MONEY[match[1]]
    whole, part, scale = match[2].replace(",", ""), match[3], match[4]
    if scale:
        return f"{whole}{f'.{part}' if part else ''} {_SCALES.get(scale.lower(), scale)} {many}"
    if not part or len(part) != 2:
        number = f"{whole}.{part}" if part else whole
        return f"{number} {one if number == '1' else many}"
    if int(whole) == 0 and int(part):
        return f"{int(part)} {cent if int(part) == 1 else cents}"
    return f"{whole} {one if whole == '1' else many}{_cents(int(part))}"


def _cents(part: int) -> str:
    return "" if part == 0 else f" oh {part}" if part < 10 else f" {part}"


def _money_behind(match: re.Match[str]) -> str:
    one, many, _, _ = _MONEY[match[2]]
    return f"{match[1]} {one if match[1] == '1' else many}"


def _unit(match: re.Match[str]) -> str:
    one, many = _UNITS[match[2]]
    return f"{match[1]} {one if match[1] == '1' else many}"


def _unit_alone(match: re.Match[str]) -> str:
    return f" {_UNITS[match[1]][1]}"


def _fraction(match: re.Match[str]) -> str:
    top, bottom = int(match[2]), int(match[3])
    lead = f"{match[1].strip()} and " if match[1] else ""
    if bottom not in _DENOMINATORS or not 0 < top < bottom:
        return match[0] if match[1] else f"{top} over {bottom}"
    if top == 1:
        article = "an" if bottom == 8 else "a"
        return f"{lead}{article if lead else 'one'} {_DENOMINATORS[bottom]}"
    return f"{lead}{top} {_DENOMINATORS[bottom]}s"


def _written_fraction(match: re.Match[str]) -> str:
    return f"{match[1]} and {_FRACTIONS[match[2]]}" if match[1] else _FRACTIONS[match[2]]


def _any_of(words: tuple[str, ...] | dict[str, tuple[str, str]]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CLOSE_UNITS = tuple(unit for unit in _UNITS if unit not in _NEEDS_SPACE)
_HALF = r"([AaPp])\.?[Mm]\b(?:\.(?! [A-Z]|\s*\Z))?"  # a final stop that ends the sentence stays
_MONTH = "|".join(_MONTHS)

RULES: tuple[Rule, ...] = (
    rule(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\b", _address),
    rule(r"<?\b(?:https?|ftp)://([^\s/?#<>\"')]+)(?:[/?#][^\s<>\"]*[^\s<>\"'.,;:!?)])?/?>?", _link),
    rule(r"\b(www\.[\w-]+(?:\.[\w-]+)+)(?:/[^\s<>\"]*[^\s<>\"'.,;:!?)])?", _link),
    *(rule(rf"(?<![\w.])(?:{short})(?!\w)", word) for short, word in _ABBREVIATIONS.items()),
    rule(rf"\b({_MONTH})t?\.(?= ?\d)", _month),
    rule(rf"(?<=\d )({_MONTH})t?\b\.?(?![a-z])", _month),
    rule(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?:([T ])(?=\d\d:\d\d)|(?![\d-]))", _date),
    rule(rf"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?: ?{_HALF})?(?![\d:])", _time),
    rule(rf"\b(\d{{1,2}}) ?{_HALF}", _half_of_day),
    rule(r"([$£€¥]) ?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(?: ?(million|billion|trillion|bn|[kmMb])\b)?", _money),
    rule(r"(?<![\d.,])(\d+(?:[.,]\d+)*) ?([£€¥])", _money_behind),
    rule(
        r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,]|\.\d{3},)",
        lambda match: match[0].replace(",", ""),
    ),
    rule(r"\b((?i:in|since|until|from|by|year|before|after)) (1[1-9]\d\d)\b(?![.,:]\d| ?[%°])", _year_after),
    rule(r"(?<=\d)([%°]?) ?[–—] ?(?=[-−]?\d)", r"\1 to "),
    rule(r"(?<![\d-])(\d{3})-(\d{4})(?![\d-])", r"\1 \2"),
    rule(r"(?<![\d-])(\d{1,4})-(?=\d{1,4}(?![\d-]))", r"\1 to "),
    rule(r"(?<![\w.)])[-−–](?=[.\d])|−(?=\d)", "minus "),
    rule(rf"(?<![\w.])(\d+(?:\.\d+)?)[ \u00a0\u202f]?({_any_of(_CLOSE_UNITS)})(?![\w/²³])", _unit),
    rule(rf"(?<![\w.])(\d+(?:\.\d+)?)[ \u00a0\u202f]({_any_of(_NEEDS_SPACE)})(?![\w/²³'’])", _unit),
    rule(rf"(?:(?<=[\s(\d])|\A)[ \u00a0]?({_any_of(_ALONE)})(?![\w²³])", _unit_alone),
    rule(r"(?:(?<!\d)(\d{1,6}) ?)?([½¼¾⅓⅔⅛⅜⅝⅞])", _written_fraction),
    rule(r"\b24/7\b", "24 7"),
    rule(r"(?<![\w/.,])(\d+ )?(\d{1,3})/(\d{1,3})(?![\w/])(?![.,]\d)", _fraction),
    *(rule(rf"\b{word}\b", said) for word, said in _WORDS_IN_CAPITALS.items()),
    *(rule(pattern, word) for pattern, word in _SYMBOLS),
)
