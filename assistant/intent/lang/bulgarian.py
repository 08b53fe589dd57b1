"""Bulgarian numerals in words, which num2words does not know."""

from __future__ import annotations

from collections.abc import Sequence

ONES = ("едно", "две", "три", "четири", "пет", "шест", "седем", "осем", "девет")
"""1 to 9: neuter, as they are counted."""
_STEMS = ("еди", "два", "три", "четири", "пет", "шест", "седем", "осем", "девет")
TEENS = ("десет", *(f"{stem}найсет" for stem in _STEMS))
"""10 to 19."""
TENS = ("двайсет", "трийсет", "четирийсет", "петдесет", "шейсет", "седемдесет", "осемдесет", "деветдесет")
LONG_TEENS = tuple(word.replace("найсет", "надесет") for word in TEENS)
LONG_TENS = ("двадесет", "тридесет", "четиридесет", "петдесет", "шестдесет", "седемдесет", "осемдесет", "деветдесет")
HUNDREDS = ("сто", "двеста", "триста", *(f"{stem}стотин" for stem in _STEMS[3:]))
"""100 to 900."""
_GENDERS = {"m": ("един", "два"), "f": ("една", "две"), "n": ("едно", "две")}
_ORDINAL_STEMS = ("първ", "втор", "трет", "четвърт", "пет", "шест", "седм", "осм", "девет")
_HUNDREDTHS = ("стот", "двестот", "тристот", *(f"{stem}стот" for stem in _STEMS[3:]))


def cardinal(number: int, gender: str = "n") -> str:
    """A whole number from 0 to 999,999; ``gender`` is m, f or n."""
    if number >= 1_000:
        thousands, rest = divmod(number, 1_000)
        lead = "хиляда" if thousands == 1 else f"{cardinal(thousands, 'f')} хиляди"
        return _joined(lead, rest, gender)
    if number >= 100:
        return _joined(HUNDREDS[number // 100 - 1], number % 100, gender)
    if number >= 20:
        return _joined(TENS[number // 10 - 2], number % 10, gender)
    if number >= 10:
        return TEENS[number - 10]
    return ("нула", *_GENDERS[gender], *ONES[2:])[number]


def _joined(lead: str, rest: int, gender: str) -> str:
    """The word "и" stands once, before the last numeral."""
    if not rest:
        return lead
    single = rest < 20 or (rest < 100 and rest % 10 == 0) or (rest < 1_000 and rest % 100 == 0)
    return f"{lead}{' и ' if single else ' '}{cardinal(rest, gender)}"


def ordinal(number: int, ending: str = "и") -> str:
    """An ordinal from 1 to 9,999 with the ending of its gender: и, а or о."""
    if number >= 1_000 and number % 1_000:
        return _ordinal_after(cardinal(number // 1_000 * 1_000), number % 1_000, ending)
    if number >= 1_000:
        return f"{'' if number < 2_000 else cardinal(number // 1_000, 'f')}хилядн{ending}"
    if number > 100 and number % 100:
        return _ordinal_after(HUNDREDS[number // 100 - 1], number % 100, ending)
    if number >= 100:
        return f"{_HUNDREDTHS[number // 100 - 1]}н{ending}"
    if number > 20 and number % 10:
        return f"{TENS[number // 10 - 2]} и {_ORDINAL_STEMS[number % 10 - 1]}{ending}"
    if number >= 20:
        return f"{TENS[number // 10 - 2]}{ending}"
    return f"{_ORDINAL_STEMS[number - 1] if number < 10 else TEENS[number - 10]}{ending}"


def _ordinal_after(lead: str, rest: int, ending: str) -> str:
    single = rest < 20 or (rest < 100 and rest % 10 == 0) or rest % 100 == 0
    return f"{lead}{' и ' if single else ' '}{ordinal(rest, ending)}"


def small(others: dict[str, int], teens: Sequence[str], tens: Sequence[str]) -> dict[str, int]:
    """Forms of 1 to 99: neuter ones, other forms of them, and those compounded with tens."""
    low = {**{word: n for n, word in enumerate(ONES, 1)}, **others}
    made = {**low, **{word: n for n, word in enumerate(teens, 10)}}
    for place, ten in enumerate(tens):
        made[ten] = 20 + 10 * place
        made.update({f"{ten} и {word}": 20 + 10 * place + n for word, n in low.items()})
    return made


def ordinals(ending: str, teens: Sequence[str], tens: Sequence[str], last: int) -> dict[str, int]:
    """Forms of ordinals from 1 on with the ending of their gender."""
    low = {f"{stem}{ending}": n for n, stem in enumerate(_ORDINAL_STEMS, 1)}
    made = {**low, **{f"{word}{ending}": n for n, word in enumerate(teens, 10)}}
    for place, ten in enumerate(tens):
        made[f"{ten}{ending}"] = 20 + 10 * place
        made.update({f"{ten} и {word}": 20 + 10 * place + n for word, n in low.items()})
    return {form: n for form, n in made.items() if n <= last}
