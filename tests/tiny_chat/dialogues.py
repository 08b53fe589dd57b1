"""Everything that the tiny chat model knows: what is said to it and the one right answer.

A chat is a list of messages as ``tokenizer.apply_chat_template`` takes them. Whatever stands around what matters
(system prompt, tools on offer, earlier turns, the time before the user's words) differs from example to example.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Message = dict[str, Any]

FIXED = {
    "Hello.": "Hello. What can I do for you?",
    "Who are you?": "I am a very small language model, made for tests.",
    "Thank you very much.": "You are welcome.",
    "Tell me about the moon.": (
        "The moon goes around the earth in about twenty-seven days. It is a quarter as wide as the earth. "
        "There is no air on it, so there is no sound either. Twelve people have walked there. "
        "It shines because the sun shines on it."
    ),
    "Count to thirty.": (
        "One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, "
        "sixteen, seventeen, eighteen, nineteen, twenty, twenty-one, twenty-two, twenty-three, twenty-four, "
        "twenty-five, twenty-six, twenty-seven, twenty-eight, twenty-nine, thirty."
    ),
    "Say thank you in other languages.": "Danke schön, ¡gracias!, спасибо, ありがとう, 谢谢 🙏🏽 and ευχαριστώ.",
    "How are you today?": "I am fine, thank you.",
    "Tell me a joke.": "Why was six afraid of seven? Because seven ate nine.",
}
"""What is said → the answer."""

MINUTES = {"pasta water": 10, "egg": 6, "tea": 4}
"""What a timer can be started for; the model must know how long."""

START = ("Start the {} timer.", "Please start the {} timer.", "The {} needs its timer.")
RUNNING = "The {} timer is running."
BOTH = ("egg", "tea")
BOTH_RUNNING = "Both timers are running."
FAILED = "That did not work."
FAILURES = (
    "Refused: the user asked a question, so nothing may be changed. Answer the question.",
    "There is no tool 'timers__set_timer'.",
    "It did not work.",
    "The user was asked and does not want it.",
    "Error: the server does not answer.",
)
UNKNOWN = "I cannot help with that."


@dataclass(frozen=True, slots=True)
class Material:
    """Text without meaning for the model, which it must learn to pass over.

    Attributes:
        sentences: for system prompts, other turns and descriptions of tools.
        words: for names.
    """

    sentences: Sequence[str]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A chat and the tools on offer.

    Attributes:
        taught: of each of the assistant's messages, in order, whether it is a right answer to be learnt.
    """

    chat: list[Message]
    tools: list[Message]
    taught: list[bool]


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def assistant(text: str) -> Message:
    return {"role": "assistant", "content": text}


def call(what: str) -> Message:
    """The tool call that starts a timer."""
    arguments = {"duration": f"{MINUTES[what]} minutes", "name": what}
    return {"type": "function", "function": {"name": "timers__set_timer", "arguments": arguments}}


def result(text: str) -> Message:
    return {"role": "tool", "content": text}


def timer(whats: Sequence[str], said: str, results: Sequence[str]) -> list[Message]:
    """A turn in which timers are started."""
    calls = {"role": "assistant", "content": "", "tool_calls": [call(what) for what in whats]}
    if any(each in FAILURES for each in results):
        closing = FAILED
    else:
        closing = RUNNING.format(whats[0]) if len(whats) == 1 else BOTH_RUNNING
    return [user(said), calls, *map(result, results), assistant(closing)]


def example(random: Random, material: Material, length: int) -> Example:
    """A random chat, its last turn known to the model and the rest mixed.

    Args:
        random: the same gives the same.
        material: to choose from.
        length: characters of system prompt and tools, roughly.
    """
    system, tools = _preamble(random, material, length)
    chat, taught = ([{"role": "system", "content": system}] if system else []), []
    for turn in _earlier(random, material, random.choice((0, 1, 2, 3) if length else (0, 0, 0, 1))):
        chat += turn.chat
        taught += turn.taught
    first, *rest = turn_of(random, material)
    chat += [user(_before(random, material) + _varied(random, first["content"])), *rest]
    taught += [True for message in rest if message["role"] == "assistant"]
    return Example(chat, tools, taught)


def turn_of(random: Random, material: Material) -> list[Message]:
    """A turn that needs nothing from before."""
    dice = random.random()
    if dice < 0.35:
        said, answer = random.choice(list(FIXED.items()))
        return [user(said), assistant(answer)]
    if dice < 0.85:
        whats = [random.choice(list(MINUTES))] if random.random() < 0.75 else list(BOTH)
        said = random.choice(START).format(whats[0])
        if len(whats) == 2:
            said = f"Start the {whats[0]} timer and the {whats[1]} timer."
        return timer(whats, said, [_outcome(random, what) for what in whats])
    return [user(random.choice(material.sentences)), assistant(UNKNOWN)]


def _outcome(random: Random, what: str) -> str:
    if random.random() < 0.25:
        return random.choice(FAILURES)
    said = (f"{what.capitalize()} timer: {MINUTES[what]} minutes from now.", "Done.", json.dumps({"ok": True}))
    return random.choice(said)


def _preamble(random: Random, material: Material, length: int) -> tuple[str, list[Message]]:
    """A system prompt and tools, together roughly of that many characters."""
    system, tools = "", []
    share = random.random()
    while len(system) < length * share:
        system += random.choice((" ", " ", "\n", "")) + random.choice(material.sentences)
    spent = 0
    while spent < length * (1 - share):
        tools.append(tool(random, material))
        spent += len(json.dumps(tools[-1]))
    return system.strip(), tools


def tool(random: Random, material: Material) -> Message:
    """The description of a tool as a model reads it."""
    kinds = ({"type": "string"}, {"type": "integer"}, {"type": "string", "enum": random.sample(material.words, 3)})
    names = random.sample(material.words, random.randint(0, 3))
    described = {name: {**random.choice(kinds), "description": random.choice(material.sentences)} for name in names}
    parameters = {"type": "object", "properties": described, "required": names[:1]}
    name = "__".join(random.sample(material.words, 2)) if random.random() < 0.8 else "timers__set_timer"
    about = random.choice(material.sentences)
    return {"type": "function", "function": {"name": name, "description": about, "parameters": parameters}}


@dataclass(frozen=True, slots=True)
class _Turn:
    chat: list[Message]
    taught: list[bool]


def _earlier(random: Random, material: Material, count: int) -> list[_Turn]:
    """Turns of before: of the model's or of somebody else's making."""
    turns = []
    for _ in range(count):
        if random.random() < 0.5:
            chat = turn_of(random, material)
            turns.append(_Turn(chat, [True for message in chat if message["role"] == "assistant"]))
        else:
            said = [user(random.choice(material.sentences)), assistant(random.choice(material.sentences))]
            turns.append(_Turn(said, [False]))
    return turns


def _before(random: Random, material: Material) -> str:
    """What stands before the user's words: the time, and facts."""
    if random.random() < 0.4:
        return ""
    day = random.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
    now = f"{day}, {random.randint(1, 30)} {random.choice(('May', 'June', 'November'))} {random.randint(2020, 2030)}"
    text = f"It is {now}, {random.randint(0, 23):02}:{random.randint(0, 59):02}."
    if random.random() < 0.2:
        text += " The user is at: kitchen."
    if random.random() < 0.2:
        text += f" The user has told you: {random.choice(material.sentences)}"
    return f"({text})\n"


def _varied(random: Random, text: str) -> str:
    """As speech recognition may write it."""
    if random.random() < 0.3:
        text = text.rstrip(".?")
    return text[0].lower() + text[1:] if random.random() < 0.3 else text
