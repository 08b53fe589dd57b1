"""Numbers, in words and digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.intent.numbers import parse_float, parse_int
from assistant.intent.slots import FLOAT, INT, PERCENTAGE, Percentage
from tests.unit.slotkit import understood
from tests.unit.spoken import words

BIG = st.one_of(st.integers(0, 2_000), st.integers(0, 999_999_999))


@given(BIG, st.booleans())
def test_whole_numbers_in_words(number: int, conjunction: bool) -> None:
    assert understood(INT, words(number, conjunction)) == number
    assert understood(FLOAT, words(number, conjunction)) == number


@given(BIG)
def test_whole_numbers_in_digits(number: int) -> None:
    assert understood(INT, str(number)) == number
    assert understood(INT, f"{number:,}") == number


@given(st.integers(1, 999_999))
def test_negative_numbers(number: int) -> None:
    assert understood(INT, f"minus {words(number)}") == -number
    assert understood(INT, f"negative {words(number)}") == -number
    assert understood(INT, f"-{number}") == -number


@given(st.integers(0, 999), st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_decimals(whole: int, places: list[int]) -> None:
    digits = "".join(map(str, places))
    value = float(f"{whole}.{digits}")
    assert understood(FLOAT, f"{words(whole)} point {' '.join(map(words, places))}") == value
    assert understood(FLOAT, f"{whole}.{digits}") == value


@given(st.integers(1100, 2099).filter(lambda year: year % 100 > 0))
def test_years_said_in_two_halves(year: int) -> None:
    high, low = divmod(year, 100)
    said = f"{words(high)} {'oh ' if low < 10 else ''}{words(low)}"
    assert understood(INT, said) == year


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a hundred", 100),
        ("a hundred and one", 101),
        ("a thousand", 1_000),
        ("twelve hundred", 1_200),
        ("two thousand and five", 2_005),
        ("a million", 1_000_000),
        ("2 million", 2_000_000),
        ("5 hundred", 500),
        ("twenty-five", 25),
        ("a dozen", 12),
        ("half a dozen", 6),
        ("two dozen", 24),
    ],
)
def test_other_ways_to_say_whole_numbers(text: str, value: int) -> None:
    assert understood(INT, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half", 0.5),
        ("a half", 0.5),
        ("a quarter", 0.25),
        ("three quarters", 0.75),
        ("two and a half", 2.5),
        ("2 and a half", 2.5),
        ("minus two and a quarter", -2.25),
        ("point five", 0.5),
        ("one third", 1 / 3),
        ("two point oh five", 2.05),
        ("three point fourteen", 3.14),
        ("minus 3.5", -3.5),
        ("two point five million", 2_500_000),
        ("1.5 million", 1_500_000),
    ],
)
def test_fractions(text: str, value: float) -> None:
    assert understood(FLOAT, text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["", "and", "hundred", "five five", "twenty eleven hundred", "two hundred and", "hundred five", "a", "minus",
     "five hundred six hundred", "thirty twenty", "six million million", "zero hundred", "point", "three point",
     "one and two", "minus minus one", "dozen", "nineteen five", "five thousand million"],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert parse_int(text) is None
    assert parse_float(text) is None
    assert understood(INT, text) is None


@given(st.integers(0, 100))
def test_percentages(number: int) -> None:
    for text in (f"{number}%", f"{number} %", f"{words(number)} percent", f"{words(number)} per cent", words(number)):
        found = understood(PERCENTAGE, text)
        assert found == number
        assert isinstance(found, Percentage)


def test_percentage_values() -> None:
    assert understood(PERCENTAGE, "a hundred percent") == 100
    assert understood(PERCENTAGE, "half") == 50
    assert understood(PERCENTAGE, "12.5%") == 12.5
    assert understood(PERCENTAGE, "twelve and a half percent") == 12.5
    assert understood(PERCENTAGE, "101%") is None
    assert understood(PERCENTAGE, "two hundred percent") is None
    assert str(Percentage(25)) == "25 percent"
    assert Percentage(25).fraction == 0.25
