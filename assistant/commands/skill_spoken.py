"""``assistant skill test --spoken``: the examples, said by espeak-ng and heard by the configured recogniser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.app import wake_phrases
from assistant.asr.base import Adaptable, Recognizer
from assistant.asr.streaming import BatchEngine
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.resample import resample
from assistant.choosing import build, choose_asr
from assistant.config import Loaded
from assistant.intent.match import Match
from assistant.intent.router import Router
from assistant.skill.loader import Skills
from assistant.tts.speakable import speakable

_AROUND_S = 0.3
_FEED = RATE // 10
_ROOM = 8.0


@dataclass(frozen=True, slots=True)
class Heard:
    """An example, and what was heard.

    Attributes:
        text: what the recogniser wrote; empty when it understood nothing.
        understood: it reaches the same function with the same values.
    """

    skill: str
    example: str
    text: str
    understood: bool


def examples_of(skills: Skills, names: Sequence[str]) -> list[tuple[str, str]]:
    """(skill, example) of some skills."""
    return [(skill.name, each) for skill in skills.skills if skill.name in names for each in skill.examples]


def hear(loaded: Loaded, skills: Skills, examples: Sequence[tuple[str, str]]) -> Iterator[Heard]:
    """Say and recognise examples, one by one.

    Args:
        skills: everything that the recogniser listens for.
        examples: (skill, sentence).

    Raises:
        ConfigError, MissingDependency, MissingModel: as the engines say.
    """
    voice = build(loaded, "tts", "espeak")
    _, recognizer = choose_asr(loaded)
    if isinstance(recognizer, Adaptable):
        recognizer.adapt(skills.grammar, wake_phrases(loaded.config))
    router = Router(skills)
    for skill, example in examples:
        spoken = [chunk.samples for chunk in voice.speak(speakable(example, loaded.config.language))]
        text = _recognised(recognizer, _in_a_room(np.concatenate(spoken), voice.rate))
        yield Heard(skill, example, text, _same(router.route(example), router.route(text) if text else None))


def _same(wanted: Match | None, found: Match | None) -> bool:
    if wanted is None or found is None:
        return False
    return (wanted.intent, dict(wanted.slots)) == (found.intent, dict(found.slots))


def _in_a_room(samples: Samples, rate: int) -> Samples:
    """At the recogniser's rate, with a little silence around it and the faint noise of any room, always the same."""
    edge = np.zeros(round(_AROUND_S * RATE), np.int16)
    whole = np.concatenate([edge, resample(samples, rate, RATE), edge])
    noise = np.random.default_rng(7).normal(0.0, _ROOM, len(whole))
    return np.clip(whole + noise, -32_768, 32_767).astype(np.int16)


def _recognised(recognizer: Recognizer, samples: Samples) -> str:
    if isinstance(recognizer, BatchEngine):
        return recognizer.decode(samples).text
    recognition = recognizer.open()
    for start in range(0, len(samples), _FEED):
        recognition.feed(AudioChunk(samples[start : start + _FEED], RATE, start))
    return recognition.finish().text
