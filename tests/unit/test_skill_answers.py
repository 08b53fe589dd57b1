"""Skills that answer: time, dates, arithmetic, units, chance, help, small talk."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tests.unit.skillkit import START, Talk, ask, module, play, shipped


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("what time is it", "It's 2:05 pm."),
        ("tell me what time it is please", "It's 2:05 pm."),
        ("what time is it in Tokyo", "It's 10:05 pm in Tokyo."),
        ("what's the time in San Francisco right now", "It's 5:05 am in San Francisco."),
        ("what time is it in Auckland", "It's 2:05 am tomorrow in Auckland."),
        ("what time is it in the pacific time zone", "It's 5:05 am pacific time."),
        ("what time is it in Munich", "It's 2:05 pm in Munich."),
        ("what timezone is Mumbai in", "Mumbai is four and a half hours ahead of you, and five and a half hours"
         " ahead of universal time."),
        ("what's the time difference to New York", "New York is six hours behind you, and five hours behind"
         " universal time."),
        ("what day is it", "It's Wednesday, March 4th."),
        ("what is today's date", "It's Wednesday, March 4th."),
        ("in 4 days what date will it be", "In four days it will be Sunday, March 8th."),
        ("what's the date tomorrow", "Tomorrow is Thursday, March 5th."),
        ("what day of the week is the 4th of July", "The 4th of July is a Saturday."),
        ("what's the date next friday", "Next Friday is March 13th."),
        ("how many days until the 24th of December", "295 days: it's on Thursday, December 24th."),
        ("how many days until tomorrow", "One day: it's on Thursday, March 5th."),
        ("how many days since the first of January", "Thursday, January 1st was 62 days ago."),
        ("what day is the 29th of February", "The 29th of February is a Tuesday."),
        ("what week is it", "It's week 10."),
        ("what year is it", "It's March 2026."),
        ("is today Monday", "No, it's Wednesday, March 4th."),
        ("is it Wednesday", "Yes, it's Wednesday, March 4th."),
    ],
)  # fmt: skip
def test_time_and_dates(text: str, reply: str) -> None:
    assert ask(text) == reply


def test_yesterday_in_a_city() -> None:
    early = datetime(2026, 3, 4, 3, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert ask("what time is it in Los Angeles", start=early) == "It's 6:00 pm yesterday in Los Angeles."


def test_every_place_has_a_time_zone_that_exists() -> None:
    clock = module("clock")
    places = clock.places()
    assert len(places) > 300
    assert set(places.values()) <= available_timezones()


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("what is twelve times seven", "12 times 7 is 84."),
        ("what's 15 percent of 80", "15 percent of 80 is 12."),
        ("what is 15% of 80", "15 percent of 80 is 12."),
        ("square root of 144", "The square root of 144 is 12."),
        ("what is the square root of 888", "The square root of 888 is about 29.799."),
        ("two to the power of ten", "2 to the power of 10 is 1024."),
        ("three plus four times five", "3 plus 4 times 5 is 23."),
        ("what's 20 minus 4 divided by 2 minus 1", "20 minus 4 divided by 2 minus 1 is 17."),
        ("2+2", "2 plus 2 is 4."),
        ("what is 7 - 3", "7 minus 3 is 4."),
        ("7-3", "7 minus 3 is 4."),
        ("what is 7 x 6", "7 times 6 is 42."),
        ("what is point one plus point two", "0.1 plus 0.2 is 0.3."),
        ("what is ten divided by three", "10 divided by 3 is about 3.333."),
        ("five minus nine", "5 minus 9 is minus 4."),
        ("what is ten divided by zero", "Nothing can be divided by zero."),
        ("what is the square root of minus four", "A negative number has no real square root."),
        ("nine to the power of nine to the power of nine", "That number is too big for me."),
        ("what is 2 to the power of 100", "2 to the power of 100 is about 1.268 times 10 to the power of 30."),
        ("what is 5 factorial", "5 factorial is 120."),
        ("what is four squared plus three squared", "4 squared plus 3 squared is 25."),
        ("the cube root of 27", "The cube root of 27 is 3."),
        ("can you add 5 and 89", "5 plus 89 is 94."),
        ("subtract 36 from fifty", "50 minus 36 is 14."),
        ("what is the sum of 3, 7, 9, and 24", "3 plus 7 plus 9 plus 24 is 43."),
        ("divide ten by zero", "Nothing can be divided by zero."),
        ("what is 30 percent off 80", "30 percent off 80 leaves 56."),
        ("what's a third of ninety", "That's 30."),
        ("is 126 divisible by 8", "No, 126 divided by 8 leaves 6."),
        ("is 128 divisible by 8", "Yes, 128 is 16 times 8."),
        ("is 8 divisible by zero", "Nothing can be divided by zero."),
    ],
)
def test_arithmetic(text: str, reply: str) -> None:
    assert ask(text) == reply


def test_arithmetic_agrees_with_python() -> None:
    maths = module("maths")
    for text in ("1+2*3-4/5", "2*3+4*5-6", "100/8/2", "2^3^2", "7-3-2"):
        terms = maths.read(text)
        expected = eval(
            "".join(f"Fraction({t})" if isinstance(t, Fraction) else "**" if t == "^" else t for t in terms)
        )
        assert maths.Calculation(terms).run() == expected


@pytest.mark.parametrize("text", ["", "banana", "3 plus", "times 4", "3 4 5 bananas"])
def test_what_is_no_expression_is_refused_in_words(text: str) -> None:
    maths = module("maths")

    async def scenario(talk: Talk) -> None:
        with pytest.raises(maths.SkillError, match="can't work that out"):
            maths.calculate(talk.context("maths"), text)

    play(scenario)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("how many cups in a litre", "1 litre is about 4.23 cups."),
        ("how many cups are there in a liter", "1 litre is about 4.23 cups."),
        ("convert five miles to kilometres", "5 miles is about 8.05 kilometres."),
        ("what is 20 celsius in fahrenheit", "20 degrees Celsius is 68 degrees Fahrenheit."),
        ("72 fahrenheit in celsius", "72 degrees Fahrenheit is about 22.2 degrees Celsius."),
        ("what is 32°F in °C", "32 degrees Fahrenheit is 0 degrees Celsius."),
        ("what is 20 degrees in fahrenheit", "20 degrees Celsius is 68 degrees Fahrenheit."),
        ("10kg in pounds", "10 kilograms is about 22.05 pounds."),
        ("how many ounces in a pound", "1 pound is 16 ounces."),
        ("how many ounces in a cup", "1 cup is 8 fluid ounces."),
        ("how many tablespoons in half a cup", "0.5 cups is 8 tablespoons."),
        ("how many metres in a mile", "1 mile is about 1609 metres."),
        ("how many inches in a foot", "1 foot is 12 inches."),
        ("convert 100 mph to km/h", "100 miles per hour is about 160.9 kilometres per hour."),
        ("how many miles in six feet", "6 feet is about 0.00114 miles."),
        ("what's the equivalent of 1 cup to pounds",
         "I can't convert cups to pounds: one is a volume, the other a weight."),
        ("what is 20 degrees in kilometres", "I can't convert degrees to kilometres."),
    ],
)  # fmt: skip
def test_units(text: str, reply: str) -> None:
    assert ask(text) == reply


def test_every_unit_is_known_to_pint() -> None:
    units = module("units")
    for unit, (singular, plural) in units.english.names().items():
        assert units._convert(1.0, singular, plural)[0] == pytest.approx(1.0), unit


def test_pint_is_not_imported_until_it_is_needed() -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.skill.loader import load_skills;"
        "assert load_skills([Path('skills')]).handlers; sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_coins_and_dice_with_a_seed_are_repeatable_and_fair_without() -> None:
    async def scenario(talk: Talk) -> None:
        said = [await talk.say("flip a coin") for _ in range(40)]
        assert set(said) == {"It's heads.", "It's tails."}
        rolls = [await talk.say("roll an eight sided die") for _ in range(60)]
        numbers = {int(roll.split()[-1].rstrip(".")) for roll in rolls}
        assert numbers <= set(range(1, 9)) and len(numbers) > 4

    play(scenario)
    first, second = (ask("roll two dice", settings={"seed": 7}) for _ in range(2))
    assert first == second == "3 and 2: 5 in all."


def test_a_called_coin_is_won_or_lost() -> None:
    for seed in range(5):
        fell = ask("flip a coin", settings={"seed": seed})
        called = ask("flip a coin i call heads", settings={"seed": seed})
        assert called == fell + (" You win." if "heads" in fell else " You lose.")


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("roll a one sided die", "I have no die with 1 side."),
        ("roll a zero sided die", "I have no die with 0 sides."),
        ("roll a d 20", None),
        ("pick a number between five and five", "5."),
    ],
)
def test_dice(text: str, reply: str | None) -> None:
    said = ask(text)
    assert said == reply if reply else 1 <= int(said.split()[-1].rstrip(".")) <= 20


@pytest.mark.parametrize("low_high", [("one", "ten"), ("10", "1")])
def test_random_numbers_stay_in_range(low_high: tuple[str, str]) -> None:
    async def scenario(talk: Talk) -> None:
        for _ in range(30):
            assert 1 <= int((await talk.say("pick a number between {} and {}".format(*low_high))).rstrip(".")) <= 10

    play(scenario)


def test_help_gives_three_examples_at_a_time_and_then_others() -> None:
    async def scenario(talk: Talk) -> None:
        seen: list[str] = []
        for text in ("what can you do", "more examples", "what else can you do"):
            said = (await talk.say(text)).split('"')[1::2]
            assert len(said) == 3 and not set(said) & set(seen)
            seen += said
        topic = (await talk.say("help with timers")).split('"')[1::2]
        assert len(topic) == 3 and all("timer" in each for each in topic)
        assert not set((await talk.say("more examples")).split('"')[1::2]) & set(topic)

    play(scenario)


def test_every_example_that_help_gives_is_understood() -> None:
    async def scenario(talk: Talk) -> None:
        text = "what can you do"
        for _ in range(4):
            for example in (await talk.say(text)).split('"')[1::2]:
                assert shipped().grammar.examples[example]
            text = "more examples"

    play(scenario)


@pytest.mark.parametrize(
    ("text", "hour", "reply"),
    [
        ("good morning", 8, "Good morning."),
        ("hello there", 15, "Good afternoon."),
        ("good evening", 21, "Good evening."),
        ("thank you", 8, "You're welcome."),
        ("thanks for your help", 8, "You're welcome."),
        ("good night", 22, "Good night."),
        ("goodbye", 22, "Goodbye."),
    ],
)
def test_small_talk(text: str, hour: int, reply: str) -> None:
    assert ask(text, start=START.replace(hour=hour)) == reply


def test_repeat_says_the_last_reply_again() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("say that again") == "I haven't said anything yet."
        talk.house.last_reply = ""
        await talk.say("what is two plus two")
        assert await talk.say("what did you say") == "2 plus 2 is 4."
        assert await talk.say("i didn't catch that please repeat it") == "2 plus 2 is 4."

    play(scenario)


def test_stop_is_silent_when_it_stops_something() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("never mind") == "OK."
        talk.house.speaking = True
        assert await talk.say("be quiet") == ""
        assert await talk.say("stop") == "OK."

    play(scenario)
