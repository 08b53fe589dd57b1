"""Spoken commands whose end of speech is known from the samples themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from typing import Any

from assistant import registry
from assistant.bench.take import Take, speak, trimmed, with_pause

__all__ = ["COMMANDS", "CORPUS", "VOICES", "WAKE", "takes", "texts", "trimmed"]

VOICES: tuple[tuple[str, str | None], ...] = (
    ("en-us", None),
    ("en-gb", None),
    ("en-us", "f3"),
    ("en-gb-scotland", None),
    ("en-us", "m3"),
)
"""espeak-ng's name of a voice, and a timbre of it."""

COMMANDS = (
    "what time is it",
    "what's the date today",
    "set a timer for five minutes",
    "set a pasta timer for nine minutes",
    "how long is left on the pasta timer",
    "cancel the pasta timer",
    "what is twelve times seven",
    "what is fifteen percent of eighty",
    "flip a coin",
    "roll a die",
    "convert five miles to kilometers",
    "what time is it in tokyo",
    "set the volume to forty percent",
    "thank you",
    "what can you do",
)
"""A short list, for quick looks."""

CORPUS: tuple[tuple[str, str], ...] = (
    ("what time is it", "clock.current_time"),
    ("set a timer for fifteen minutes", "timers.set_timer"),
    ("what is twelve times seven", "maths.calculate"),
    ("what's the date", "dates.current_date"),
    ("convert five miles to kilometers", "units.convert"),
    ("make the volume four", "volume.set_volume"),
    ("flip a coin", "chance.flip_coin"),
    ("how are you", "smalltalk.how_are_you"),
    ("set a pasta timer for twenty minutes", "timers.set_timer"),
    ("what time is it in tokyo", "clock.time_in"),
    ("help with timers", "help.help_with"),
    ("how long is left on the pasta timer", "timers.timer_status"),
    ("what is fifteen percent of eighty", "maths.calculate"),
    ("how many days until christmas", "dates.days_until"),
    ("turn the volume up", "volume.louder"),
    ("add two minutes to the pasta timer", "timers.add_time"),
    ("roll a die", "chance.roll_dice"),
    ("how many cups are in a litre", "units.convert"),
    ("wake me up at seven tomorrow morning", "alarms.set_alarm"),
    ("what year is it", "dates.month_and_year"),
    ("thank you", "smalltalk.thanks"),
    ("pause the pasta timer", "timers.pause_timer"),
    ("square root of one hundred forty four", "maths.calculate"),
    ("what's the time in new york right now", "clock.time_in"),
    ("heads or tails", "chance.flip_coin"),
    ("resume the pasta timer", "timers.resume_timer"),
    ("set an alarm for nine pm", "alarms.set_alarm"),
    ("how many feet are in a mile", "units.convert"),
    ("what week is it", "dates.week_number"),
    ("cancel the pasta timer", "timers.cancel_timer"),
    ("three plus four times five", "maths.calculate"),
    ("start a timer for one hour and thirty minutes", "timers.set_timer"),
    ("hello", "smalltalk.greet"),
    ("what timezone is chicago in", "clock.time_zone"),
    ("turn the volume down", "volume.quieter"),
    ("what alarms are set", "alarms.alarm_status"),
    ("what is thirty percent off eighty", "maths.discount"),
    ("say that again", "repeat.repeat"),
    ("what date will it be in three days", "dates.date_of"),
    ("pick a number between one and ten", "chance.random_number"),
    ("set a timer for forty five minutes", "timers.set_timer"),
    ("how many grams are in three pounds", "units.convert"),
    ("is today monday", "dates.is_weekday"),
    ("what's half of seventeen", "maths.part_of"),
    ("what can i say about volume", "help.help_with"),
    ("extend the timer by ten minutes", "timers.add_time"),
    ("tell me what time it is", "clock.current_time"),
    ("good morning", "smalltalk.greet"),
    ("set an alarm for six thirty", "alarms.set_alarm"),
    ("what is twenty degrees in fahrenheit", "units.convert_degrees"),
    ("roll two dice", "chance.roll_dice"),
    ("cancel all timers", "timers.cancel_all_timers"),
    ("subtract thirty six from fifty", "maths.subtract"),
    ("how many days away is friday", "dates.days_until"),
    ("how loud are you", "volume.volume_level"),
    ("set an egg timer for sixteen minutes", "timers.set_timer"),
    ("does seven go into forty two", "maths.divisible"),
    ("what's the time", "clock.current_time"),
    ("cancel all my alarms", "alarms.cancel_all_alarms"),
    ("how many liters are in five gallons", "units.convert"),
    ("two to the power of ten", "maths.calculate"),
    ("what day is it", "dates.current_date"),
    ("more examples", "help.more_examples"),
    ("goodbye", "smalltalk.goodbye"),
)
"""What is said, and the intent it should reach; in the order of a day, so that there is a timer to ask about.

Nothing here rings while the run lasts, or is likely to be misheard as a command for the machine's own mixer."""

WAKE = "hey jarvis, "
_WORDS_PER_MINUTE = (165, 150, 180)
_LONG_BREATHS_S = (0.4, 0.8, 1.2)
_BREATH_EVERY = 6


def takes(commands: Sequence[tuple[str, str]] = CORPUS, wake: str = WAKE) -> Iterator[Take]:
    """Every command by the next of several espeak-ng voices at the next of several speeds.

    Most follow the wake phrase in the same breath, every sixth after a longer one.
    """
    breaths = cycle(_LONG_BREATHS_S)
    speeds = cycle(speed for speed in _WORDS_PER_MINUTE for _ in VOICES)
    for number, ((text, intent), (voice, variant), speed) in enumerate(
        zip(commands, cycle(VOICES), speeds, strict=False)
    ):
        take = speak(text, intent, _voice(voice, variant, speed), wake)
        first = next((sample for characters, sample in take.words if characters >= 0), None)
        if wake and first is not None and number % _BREATH_EVERY == _BREATH_EVERY - 1:
            take = with_pause(take, first, next(breaths))
        yield take


def _voice(voice: str, variant: str | None, words_per_minute: int) -> Any:
    module = registry.load("tts", "espeak")
    return module.Engine(module.Options(voice=voice, variant=variant, rate_wpm=words_per_minute))


def texts(commands: Iterable[tuple[str, str]]) -> list[str]:
    """What is said, without the intents."""
    return [text for text, _ in commands]
