"""What Whisper invents when nobody speaks, told from what was said.

The thresholds on no-speech probability, average log-probability and compression ratio are those of
Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", section 4.5; loops
and the phrases learned from subtitles are what users report since.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+(?:['’]\w+)*")

INVENTIONS = frozenset(
    {
        "",
        "you",
        "bye",
        "bye bye",
        "the end",
        "thank you",
        "thank you very much",
        "thank you so much",
        "thanks",
        "thank you for watching",
        "thanks for watching",
        "thanks for listening",
        "thank you for listening",
        "i'll see you next time",
        "see you next time",
        "see you in the next video",
        "please subscribe",
        "please subscribe to my channel",
        "like and subscribe",
        "don't forget to like and subscribe",
        "subtitles by the amara org community",
        "transcription by castingwords",
        "untertitel der amara org community",
        "untertitel im auftrag des zdf für funk 2017",
        "vielen dank",
        "vielen dank fürs zuschauen",
        "sous titres réalisés par la communauté d'amara org",
        "sous titrage société radio canada",
        "merci d'avoir regardé cette vidéo",
        "subtítulos realizados por la comunidad de amara org",
        "gracias por ver el video",
        "ご視聴ありがとうございました",
        "시청해주셔서 감사합니다",
        "字幕by索兰娅",
        "продолжение следует",
    }
)
"""Sentences that Whisper is known to write for silence, as :func:`words` writes them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a decoder knows about its own output.

    Attributes:
        text: the transcript.
        seconds: of speech that it was decoded from.
        no_speech: probability of the no-speech token, 0 to 1.
        logprob: average natural log-probability per token, at most 0.
    """

    text: str
    seconds: float
    no_speech: float
    logprob: float


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop believing.

    Attributes:
        no_speech, logprob: both passed means silence.
        silence: no-speech probability that means silence whatever the words: a decoder that may not
            end at once writes something, and finds it likely.
        doubtful: no-speech probability from which the known inventions are not believed.
        improbable: log-probability below which no text is believed.
        compression: zlib ratio of a text that repeats itself.
        words_per_second, letters_per_second: faster than anybody speaks.
        brief: seconds of speech below which a door, a dog or a cough is as likely as a word.
        certain: log-probability from which even a brief text is believed at once.
    """

    no_speech: float = 0.6
    logprob: float = -1.0
    silence: float = 0.9
    doubtful: float = 0.2
    improbable: float = -1.5
    compression: float = 2.4
    words_per_second: float = 7.0
    letters_per_second: float = 30.0
    brief: float = 0.7
    certain: float = -0.01


DEFAULT = Limits()


def objection(evidence: Evidence, limits: Limits = DEFAULT) -> str | None:
    """Why the text was hardly said, or None.

    Returns:
        ``silence``, ``improbable``, ``invention``, ``repetition`` or ``too fast``.
    """
    spoken = words(evidence.text)
    if _silent(evidence, limits):
        return "silence"
    if evidence.logprob < limits.improbable:
        return "improbable"
    if evidence.no_speech > limits.doubtful and " ".join(spoken) in INVENTIONS:
        return "invention"
    if compression_ratio(evidence.text) > limits.compression or loops(spoken):
        return "repetition"
    if len(spoken) >= 2 and _too_fast(spoken, evidence.seconds, limits):
        return "too fast"
    return None


def is_doubtful(evidence: Evidence, limits: Limits = DEFAULT) -> bool:
    """Whether so little was heard that a second look at it should give the same text."""
    return evidence.text != "" and evidence.seconds < limits.brief and evidence.logprob < limits.certain


def _too_fast(spoken: Sequence[str], seconds: float, limits: Limits) -> bool:
    letters = sum(map(len, spoken))
    return len(spoken) > limits.words_per_second * seconds or letters > limits.letters_per_second * seconds


def _silent(evidence: Evidence, limits: Limits) -> bool:
    unlikely = evidence.no_speech > limits.no_speech and evidence.logprob < limits.logprob
    return unlikely or evidence.no_speech > limits.silence


def words(text: str) -> list[str]:
    """The words of a text, lower case, without punctuation."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def compression_ratio(text: str) -> float:
    """Length of the text against its length compressed; above 2.4 it repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def loops(spoken: Sequence[str], times: int = 3, least: int = 6) -> bool:
    """Whether some run of words comes ``times`` in succession or more, over at least ``least`` words."""
    for size in range(1, len(spoken) // times + 1):
        alike = 0
        for at in range(size, len(spoken)):
            alike = alike + 1 if spoken[at] == spoken[at - size] else 0
            if alike >= max(size * (times - 1), least - size):
                return True
    return False
