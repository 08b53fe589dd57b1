"""Every voice equally loud: a constant gain, so that a stream stays a stream."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np

from assistant.audio.chunk import Samples, to_float
from assistant.audio.resample import pcm16
from assistant.tts.base import Keeping, SpeechChunk, Style, Synthesizer, in_style, is_instant, prepare
from assistant.tts.loudness import CEILING_DB, Levels, measure
from assistant.tts.seams import faded

_log = logging.getLogger(__name__)

_CEILING = 10 ** (CEILING_DB / 20)
_KNEE = 0.7


class Levelled:
    """A voice brought to a loudness.

    What is louder than the calibration was is bent smoothly below −1 dBFS, sample by sample. Each speech begins and
    ends with a fade of 5 ms.

    Args:
        voice: the voice.
        gain: linear.
    """

    def __init__(self, voice: Synthesizer, gain: float) -> None:
        self._voice = voice
        self.gain = gain

    @property
    def rate(self) -> int:
        """Hz."""
        return self._voice.rate

    @property
    def instant(self) -> bool:
        """See :func:`assistant.tts.base.is_instant`."""
        return is_instant(self._voice)

    def styled(self, style: Style) -> Synthesizer:
        """The voice in another manner, with the same gain."""
        voice = in_style(self._voice, style)
        return self if voice is self._voice else Levelled(voice, self.gain)

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Speak; what the voice raises passes through."""
        chunks = faded(self._voice.speak(text))
        with closing(chunks):  # type: ignore[type-var]
            for chunk in chunks:
                yield replace(chunk, samples=amplified(chunk.samples, self.gain))

    def prepare(self) -> None:
        """See :class:`assistant.tts.base.Resting`."""
        prepare(self._voice)

    def keep(self, text: str) -> Iterator[None]:
        """Have a text made, if the voice keeps what it says; see :class:`assistant.tts.base.Keeping`."""
        if isinstance(self._voice, Keeping):
            yield from self._voice.keep(text)


def amplified(samples: Samples, gain: float) -> Samples:
    """Samples with a linear gain; above 0.7 of full scale they approach −1 dBFS and never pass it.

    Args:
        samples: int16, shape (n,).
    """
    if gain == 1.0:
        return samples
    scaled = to_float(samples) * np.float32(gain)
    loud = np.abs(scaled) > _KNEE
    if loud.any():
        room = _CEILING - _KNEE
        over = scaled[loud]
        scaled[loud] = np.sign(over) * (_KNEE + room * np.tanh((np.abs(over) - _KNEE) / room))
    return pcm16(scaled)


def calibrated(voice: Synthesizer, identity: str, target: float | None, levels: Levels, sample: str) -> Levelled:
    """A voice brought to ``target`` LUFS; it says a sentence in silence if it has never been measured.

    Args:
        voice: the voice.
        identity: names it among ``levels``.
        target: LUFS; None leaves the voice as loud as it is.
        levels: what is known.
        sample: the sentence, a few seconds of speech in the voice's language. A voice that fails in saying it is left
            as loud as it is; what its failure means is for who speaks with it.
    """
    if target is None:
        return Levelled(voice, 1.0)
    known = levels.get(identity)
    if known is None:
        try:
            said = [chunk.samples for chunk in voice.speak(sample)]
            known = measure(np.concatenate(said), voice.rate) if said else None
        except Exception as error:
            _log.warning("How loud a voice is could not be measured: %s", error)
        if known is None:
            return Levelled(voice, 1.0)
        levels.put(identity, known)
    return Levelled(voice, known.gain(target))
