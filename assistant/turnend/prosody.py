"""The turn-end model in the box: the class of the last word and how the end was spoken, in one logistic function.

Its weights are printed by ``python -m tests.turnend.fit``: fitted on 120 recordings of some fifty people (orders in a
coffee shop, LJ Speech, Harvard sentences and other single ones), the ends of turns against the pauses in them and
against silence put between their words. With one of the three corpora held out the area under the ROC curve is 0.87,
0.87 and 0.92; from the words alone it is 0.75, 0.72 and 0.86, from the sound alone 0.74, 0.78 and 0.72. It hardly
tells the natural pauses of a reader from an end (0.56 to 0.74, few of them): those lie where a sentence could end.
"""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict

from assistant.audio.chunk import Samples
from assistant.turnend import delivery, wording
from assistant.turnend.base import WINDOW, Thresholds

_SOUND = {"pitch": -0.608, "level": -1.252, "voiced": -0.484}
_WORDS = 1.202
_BIAS = -0.965


class Options(BaseModel):
    """Settings.

    Attributes:
        language: ISO 639-1 code; in any but English, only the sound counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = "en"


class Engine:
    """Probability that a turn is over, from its last word and the pitch, loudness and voicing of its end.

    About 6 ms of one core for 8 s of audio. Nothing is loaded.
    """

    thresholds = Thresholds(likely=0.28, sure=0.73)

    def __init__(self, options: Options | None = None) -> None:
        self._english = wording.is_english((options or Options()).language)

    def probability(self, audio: Samples, text: str) -> float:
        """See :meth:`assistant.turnend.base.TurnEndModel.probability`."""
        heard = delivery.features(audio[-WINDOW:])
        words = wording.score(text) if self._english else wording.UNKNOWN
        odds = _BIAS + _WORDS * words + sum(_SOUND[name] * value for name, value in heard.items())
        return 1.0 / (1.0 + math.exp(-odds))
