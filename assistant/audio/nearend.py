"""Whether somebody other than the loudspeaker is speaking, from what an echo canceller makes of a block."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from assistant.audio.chunk import RATE
from assistant.audio.kalman import BLOCK, Floats

_SLOPE_DB = 1.5
_ABOVE_USUAL_DB = 8.0
_LIMITS_DB = (-15.0, -3.0)
_ADAPT = 0.02
_ADAPT_DB = (-6.0, 2.0)
_FALL = 0.7  # of the echo's power within a block, as after 0.8 s of reverberation time
LEARN_S = 3.0
_FLOOR = 400.0  # power of the quietest sound that counts as speech: 20 int16 steps
_RELEASE = 0.85  # per block of 20 ms: half in 85 ms
_UNDER_ECHO_DB = -18.0
_LEVEL_BLOCKS = 10
_MEMORY_BLOCKS = 100
_LONGEST_WAY_BLOCKS = 50
_NO_ECHO = 2.5e-4  # −36 dB
_LOUD = 1e6


class NearEnd:
    """Judges block after block.

    More comes through the suppressor, against the echo and its reverberation, than usually does of them: then there is
    more than echo. But reverberation that is longer than what is modelled comes through as well, so it must also be
    loud: over 0.2 s within 18 dB of the loudest 0.2 s of echo in the last 2 s (what is left of an echo is 23 dB or more
    below it in the rooms of ``assistant bench echo``, people who speak as loudly as it are 13 dB or less).

    Attributes:
        passing: probability that the block holds more than echo, 0 to 1, however faint.
        probability: that somebody speaks.
        no_echo: nothing of what is played arrives: the user wears headphones.
        learnt: seconds of sound played since the beginning, or since :meth:`forget`.
    """

    def __init__(self) -> None:
        self.forget()
        self.begin()
        self.rest()

    @property
    def knows(self) -> bool:
        """Whether it can tell: after 3 s of sound, before which echo and speech look alike; or without any echo."""
        return self._resting or self.learnt >= LEARN_S or self.no_echo

    def forget(self) -> None:
        """The way of the echo has changed."""
        self.learnt = 0.0
        self._usual_db = 0.0
        self.no_echo = False

    def begin(self) -> None:
        """The loudspeaker begins to play after a rest."""
        self.passing = self.probability = 0.0
        self._loud = 0.0
        self._left: deque[float] = deque(maxlen=_LEVEL_BLOCKS)
        self._echo: deque[float] = deque(maxlen=_LEVEL_BLOCKS)
        self._echoes: deque[float] = deque(maxlen=_MEMORY_BLOCKS)
        self._heard: deque[float] = deque(maxlen=_MEMORY_BLOCKS)
        self._played: deque[float] = deque(maxlen=_MEMORY_BLOCKS)

    def rest(self) -> None:
        """Nothing is played: whatever is heard is somebody else's."""
        self.passing = self.probability = 1.0
        self._resting = True

    def take(self, played: Floats, heard: Floats, left: Floats, suppressed: Floats) -> None:
        """Judge a block: the reference, the microphone, and the outputs of both stages; float32 int16 steps, (320,)."""
        self._resting = False
        before, after, echo = mean_square(heard), mean_square(suppressed), mean_square(heard - left)
        loudspeaker = mean_square(played)
        self.learnt += BLOCK / RATE if loudspeaker > _FLOOR else 0.0
        self._heard.append(before)
        self._played.append(loudspeaker)
        self._echo.append(echo)
        self.no_echo = self.no_echo or self._nothing_arrives()
        self._left.append(mean_square(left) if self.no_echo else min(mean_square(left), after))
        self._echoes.append(_mean(self._echo))
        self._loud = max(echo, self._loud * _FALL)
        evidence = self._evidence(before, after)
        if before > 4 * _FLOOR and echo > _FLOOR:
            passed_db = _db(after, max(before, self._loud))
            self._usual_db += _ADAPT * float(np.clip(passed_db - self._usual_db, *_ADAPT_DB))
        self.passing = 1.0 if self.no_echo else max(evidence, self.passing * _RELEASE)
        level_db = _db(_mean(self._left), max(self._echoes))
        self.probability = max(evidence * _above(level_db, _UNDER_ECHO_DB), self.probability * _RELEASE)

    def _evidence(self, before: float, after: float) -> float:
        if self.no_echo:
            return float(before > _FLOOR)  # the suppressor, which has never met an echo, lets nobody through
        if after <= _FLOOR or self.learnt < LEARN_S:
            return 0.0
        limit_db = float(np.clip(self._usual_db + _ABOVE_USUAL_DB, *_LIMITS_DB))
        return _above(_db(after, max(before, self._loud)), limit_db)

    def _nothing_arrives(self) -> bool:
        """Whether nothing was heard of what was loud a second and more ago: the user wears headphones."""
        played = list(self._played)[:-_LONGEST_WAY_BLOCKS]
        return bool(played) and max(played) > max(_LOUD, max(self._heard) / _NO_ECHO)


def mean_square(samples: Floats) -> float:
    """Power."""
    return float(np.mean(samples * samples))


def _mean(values: Sequence[float] | deque[float]) -> float:
    return sum(values) / len(values)


def _db(power: float, against: float) -> float:
    return float(10 * np.log10((power + 1) / (against + 1)))


def _above(value_db: float, limit_db: float) -> float:
    """Smooth step in [0, 1]."""
    return float(1 / (1 + np.exp((limit_db - value_db) / _SLOPE_DB)))
