"""A home of spoken commands: a grammar of ordinary templates, and sentences for espeak-ng to say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.intent.slots import BUILT_IN
from assistant.intent.template import Grammar, Template, list_type, parse_template
from tests.recordings import spoken

_SLOTS = dict(BUILT_IN) | {
    "room": list_type("room", ["kitchen", "living room", "bedroom", "bathroom", "hall", "garage", "office", "garden"]),
    "name": list_type("name", ["pasta", "pizza", "tea", "egg", "laundry", "oven", "workout"]),
    "city": list_type("city", ["london", "paris", "tokyo", "new york", "berlin", "sydney", "los angeles", "cairo"]),
    "colour": list_type("colour", ["red", "green", "blue", "white", "yellow", "purple", "warm white"]),
}

_TEMPLATES = {
    "timer.set": ["set [a|an] [{name}] timer for {duration}", "(start|set) [a|an] {duration} [{name}] timer"],
    "timer.query": ["how (much time|long) is left [on (the|my) [{name}] timer]"],
    "timer.cancel": ["(cancel|stop|delete) (the|my|all) [{name}] timer[s]"],
    "timer.pause": ["(pause|resume) (the|my) [{name}] timer"],
    "light.on": ["(turn|switch) on [all] the [{room}] light[s]", "(turn|switch) the [{room}] light[s] on"],
    "light.off": ["(turn|switch) off [all] the [{room}] light[s]", "(turn|switch) the [{room}] light[s] off"],
    "light.colour": ["(set|turn|make) the [{room}] light[s] [to] {colour}"],
    "light.dim": ["(dim|set) the [{room}] light[s] to {percentage}"],
    "volume.set": ["set [the] volume to {percentage}", "[set] [the] volume {percentage}"],
    "volume.up": ["(turn it up|louder|volume up)"],
    "volume.down": ["(turn it down|quieter|volume down)"],
    "volume.mute": ["(mute|unmute)"],
    "time": ["what time is it [in {city}]", "what's the time [in {city}]"],
    "date": ["what (day|date) is it [today]", "what's the date [today]"],
    "weather": ["what's the weather [like] [in {city}] [today|tomorrow]"],
    "alarm": ["(set an alarm|wake me [up]) (for|at) {time}"],
    "maths": ["what('s| is) {int:a} (plus|minus|times|divided by) {int:b}"],
    "heating": ["set the (heating|temperature) [in the {room}] to {int} degrees"],
    "repeat": ["(repeat that|say that again|what did you say)"],
    "stop": ["stop", "(cancel|never mind)"],
    "coin": ["(flip|toss) a coin", "roll (a die|the dice|two dice)"],
    "help": ["what can you do", "help"],
}

SENTENCES = """set a timer for ten minutes
set a pasta timer for nine minutes
start a twenty five minute timer
set an egg timer for three minutes and thirty seconds
set a timer for an hour and a half
set a laundry timer for two hours
how much time is left
how long is left on the pizza timer
cancel the timer
cancel all timers
delete my tea timer
pause the oven timer
resume my timer
turn on the kitchen lights
turn off the living room light
switch on all the lights
switch the bedroom light off
turn the garage lights on
make the office light blue
set the bathroom lights to warm white
dim the hall light to forty percent
set the volume to fifty percent
volume seventy
turn it up
quieter
mute
what time is it
what time is it in tokyo
what's the time in new york
what day is it today
what's the date
what's the weather like in berlin tomorrow
what's the weather today
set an alarm for half past six
wake me up at seven thirty
what's twelve plus thirty one
what is nine times eight
set the temperature in the bedroom to twenty one degrees
repeat that
never mind
flip a coin
roll two dice
what can you do""".splitlines()

VOICES = ("en-us", "en-gb", "en-us+f3", "en-gb-scotland")


def grammar() -> Grammar:
    """Twenty-odd intents of a usual home."""
    return Grammar(
        tuple(
            Template(intent, text, parse_template(text, _SLOTS))
            for intent, texts in _TEMPLATES.items()
            for text in texts
        )
    )


def say(text: str, voice: str = "en-us", speed: int = 160) -> NDArray[np.int16]:
    """espeak-ng's speech as recorded, int16 at 16 kHz, in faint noise: 0.3 s before and 0.6 s after."""
    return room(np.pad(spoken(text, voice, speed), (4_800, 10_400)))


def room(samples: NDArray[np.int16], level: float = 8.0) -> NDArray[np.int16]:
    """The samples in a quiet room: white noise of that RMS added, always the same."""
    noise = np.random.default_rng(7).normal(0.0, level, len(samples))
    return np.clip(samples + noise, -32_768, 32_767).astype(np.int16)
