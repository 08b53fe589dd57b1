"""Piper (https://github.com/OHF-Voice/piper1-gpl, GPL-3.0-or-later): VITS voices on onnxruntime, for a Raspberry Pi.

Text becomes phonemes with the espeak-ng inside Piper, and each sentence is one run of the network. A long sentence is
cut at its clauses, the first piece short, so that speech begins while the rest is being made; each further piece may
be longer, because by then there is sound to bridge the wait.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from assistant.audio.chunk import Samples, to_int16
from assistant.errors import EngineError, InputError, MissingDependency
from assistant.model_kinds import piper_settings
from assistant.tts.alignment import begin_of_words, groups_of, mark
from assistant.tts.base import Mark, SpeechChunk, Style
from assistant.tts.piper_onnx import open_session
from assistant.tts.piper_voices import find_voice, settings_of, speaker_number
from assistant.tts.sentences import SentenceStream

__all__ = ["Engine", "Options", "find_voice"]

_FIRST_PIECE = 60
"""Characters of the first piece of a long sentence; each further one may be twice as long as the one before it."""
_LONGEST_PIECE = 120  # a run cannot be broken off: on a Raspberry Pi 4 this one holds up the next reply for 3 s
_HARD_LIMIT = 240  # cut between words where there is no clause
_SHORTEST_PIECE = 12
_BLOCK = 4000  # characters that are cut into sentences at once
_CLAUSE = re.compile(r"(?:[,;:]|\s[–-]|—)[\"'”’»)]*\s+")

_PHONEMES = ("espeak", "text", "hebrew")
"""Kinds of phonemes for which Piper's wheel has everything; for others it would use the network."""
_AUDIBLE = 100  # int16 steps, −50 dBFS: VITS never falls quite silent
_BEFORE_MS, _AFTER_MS = 5, 20  # of sound kept before the first and after the last audible sample
_CLAUSE_PAUSE, _OTHER_PAUSE = 0.1, 0.05
# Control characters would be obeyed, surrogates have no UTF-8, and [[ ]] holds phonemes.
_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|\\[(?=\\[)|\\](?=\\])")


class Options(BaseModel):
    """``tts:`` in the configuration, for ``engine: piper``.

    Attributes:
        language: ISO 639-1; chooses the voice when none is given.
        voice: a name (``en_US-lessac-medium``), a file or a folder.
        speaker: of a voice with several, one's name or number.
        rate: speed against the voice's normal one.
        length_scale: duration of the phonemes before ``rate``; null for the voice's own.
        noise_scale: how much the sound varies; null for the voice's own.
        noise_w: how much the durations vary; null for the voice's own.
        sentence_silence: seconds after a sentence.
        volume: factor; above 1 it may clip.
        threads: null for what suits the machine: three on a Raspberry Pi 4.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str = "en"
    voice: str | None = None
    speaker: str | int | None = None
    rate: float = Field(default=1.0, ge=0.3, le=3)
    length_scale: float | None = Field(default=None, gt=0.1, le=5)
    noise_scale: float | None = Field(default=None, ge=0, le=2)
    noise_w: float | None = Field(default=None, ge=0, le=2)
    sentence_silence: float = Field(default=0.2, ge=0, le=5)
    volume: float = Field(default=1.0, ge=0, le=3)
    threads: int | None = Field(default=None, ge=1, le=64)


class Engine:
    """A Piper voice, loaded and run once. Any threads may speak with it; each run of the network is one step.

    Attributes:
        rate: Hz of the audio, the voice's own (22 050 for most, 16 000 for those of low quality).
        identity: changes when the voice's file does.

    Raises:
        MissingDependency: piper-tts is not installed.
        MissingModel: the voice is not here; the message has the command that fetches it.
        ConfigError: there is no such voice, or it has no such speaker.
        EngineError: its files are damaged, or are no Piper voice.
    """

    def __init__(self, options: Options | None = None) -> None:
        options = options or Options()
        file = find_voice(options.voice, options.language)
        about = file.stat()
        self.identity = f"{file.name} {about.st_size} {about.st_mtime_ns}"
        try:
            settings = piper_settings(settings_of(file))
        except InputError as error:
            raise _unusable(error) from None
        speaker = speaker_number(settings, options.speaker)
        self._piper, self._how = _load(file, settings, options, speaker)
        self.rate: int = self._piper.config.sample_rate
        self._pauses = {
            **dict.fromkeys(".!?…", options.sentence_silence),
            **dict.fromkeys(",;:–—", _CLAUSE_PAUSE),
        }
        try:
            self._sound([next(iter(self._piper.config.phoneme_id_map))])  # the first run is slow, and shows if it runs
        except EngineError as error:
            raise _unusable(f"{file} is not a Piper voice that works ({error.message})") from None

    def styled(self, style: Style) -> Self:
        """The same voice, faster or slower; see :meth:`assistant.tts.base.Expressive.styled`. It has one pitch."""
        if style.rate == 1.0:
            return self
        twin = copy.copy(self)
        twin._how = replace(self._how, length_scale=self._how.length_scale / style.rate)
        return twin

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Speak a text of any length; a chunk is a whole sentence, or some clauses of a long one.

        The first chunk begins with the first audible sample, and after each the pause is what its punctuation asks
        for: ``sentence_silence``, 100 ms after a clause, else 50 ms. A mark covers a word without the punctuation
        around it; words that are run together ("of the") share the mark of the first. Marks are exact to a frame
        (12 ms) where the network tells its durations (see :mod:`assistant.tts.piper_onnx`); where it does not,
        every phoneme is taken to be of the same length. Text that holds nothing to say gives no chunk.

        Raises:
            EngineError: the network failed.
        """
        sayable = _UNSAYABLE.sub(" ", text)
        position = 0
        for start, end in _pieces(sayable):
            piece = sayable[start:end]
            sentences = [sentence for sentence in self._phonemes(piece) if any(map(str.isalnum, sentence))]
            words = begin_of_words(piece, groups_of(sentences), self._phonemes_of_word)
            for number, sentence in enumerate(sentences):
                begins = [(mark(span, start, 0), group.first) for span, group in words if group.sentence == number]
                chunk = self._chunk(sentence, begins, position)
                if len(chunk.samples):
                    yield chunk
                position = chunk.end

    def _chunk(self, sentence: Sequence[str], begins: Sequence[tuple[Mark, int]], position: int) -> SpeechChunk:
        """One sentence's sound, from its first audible sample, with a pause at its end.

        Args:
            sentence: phonemes.
            begins: for each word a mark whose sample is yet to be set, and the index of its first phoneme.
            position: index of the chunk's first sample.
        """
        sound, starts = self._sound(sentence)
        audible = np.flatnonzero(np.abs(sound.astype(np.int32)) >= _AUDIBLE)
        if not len(audible):
            return SpeechChunk(sound[:0], self.rate, position)
        first = max(0, int(audible[0]) - self.rate * _BEFORE_MS // 1000)
        last = min(len(sound), int(audible[-1]) + self.rate * _AFTER_MS // 1000)
        seconds = self._pauses.get("".join(sentence).rstrip()[-1:], _OTHER_PAUSE)
        pause = np.zeros(round(self.rate * seconds), np.int16)
        marks = tuple(
            Mark(each.start, each.end, position + min(max(0, int(starts[index]) - first), last - first - 1))
            for each, index in begins
        )
        return SpeechChunk(np.concatenate([sound[first:last], pause]), self.rate, position, marks)

    def _sound(self, sentence: Sequence[str]) -> tuple[Samples, NDArray[np.int64]]:
        """A sentence's samples, and the sample at which each of its phonemes begins, shape (phonemes + 1,)."""
        try:
            ids = self._piper.phonemes_to_ids(sentence)
            audio, lengths = self._piper.phoneme_ids_to_audio(ids, self._how, include_alignments=True)
        except Exception as error:  # onnxruntime raises bare ones
            raise EngineError("tts", "piper", "crashed", str(error).partition("\n")[0][:200]) from error
        samples = to_int16(np.nan_to_num(np.atleast_1d(audio)) * self._how.volume)
        if lengths is None or lengths.shape != (len(ids),) or not 0 < lengths.sum() <= len(samples):
            lengths = np.full(len(ids), len(samples) / len(ids))
        return samples, self._starts(sentence, lengths)

    def _starts(self, sentence: Sequence[str], lengths: NDArray[Any]) -> NDArray[np.int64]:
        """Samples per phoneme id, padding between the phonemes included → where each phoneme begins."""
        ids = self._piper.config.phoneme_id_map
        padding = len(ids["_"])
        counts = [len(ids["^"]) + padding, *(len(ids[each]) + padding for each in sentence)]
        ends = np.concatenate([[0], np.cumsum(lengths)])
        found: NDArray[np.int64] = ends[np.minimum(np.cumsum(counts), len(lengths))].astype(np.int64)
        return found

    def _phonemes(self, text: str) -> list[list[str]]:
        """Phonemes that the voice knows, sentence by sentence."""
        known = self._piper.config.phoneme_id_map
        return [[each for each in sentence if each in known] for sentence in self._piper.phonemize(text)]

    def _phonemes_of_word(self, word: str) -> str:
        return "".join("".join(sentence) for sentence in self._phonemes(word))


def _load(file: Path, settings: dict[str, Any], options: Options, speaker: int | None) -> tuple[Any, Any]:
    """Piper's voice and how it is to speak."""
    try:
        from piper.config import PiperConfig, SynthesisConfig
        from piper.voice import PiperVoice
    except ImportError:
        raise MissingDependency("piper-tts", "pip install piper-tts") from None
    try:
        config = PiperConfig.from_dict(settings)
    except (ValueError, KeyError, TypeError) as error:
        raise _unusable(f"{settings_of(file)} does not hold a Piper voice's settings ({error})") from None
    if config.phoneme_type.value not in _PHONEMES:
        raise _unusable(f"{file} reads by {config.phoneme_type.value}, for which Piper alone is not enough")
    try:
        session = open_session(file, options.threads)
    except Exception as error:  # onnxruntime raises bare ones
        raise _unusable(f"{file} cannot be loaded; fetch it again ({str(error).partition(chr(10))[0][:120]})") from None
    how = SynthesisConfig(
        speaker_id=speaker,
        length_scale=(options.length_scale or config.length_scale) / options.rate,
        noise_scale=options.noise_scale,
        noise_w_scale=options.noise_w,
        normalize_audio=False,  # by each sentence's peak, it would make short ones louder
        volume=options.volume,
    )
    return PiperVoice(session=session, config=config), how


def _unusable(why: object) -> EngineError:
    return EngineError("tts", "piper", "bad_voice", str(why))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, the long ones cut at clauses into pieces that may double in length from one to the next."""
    for first, end in _sentences(text):
        start, limit = first, _FIRST_PIECE
        while end - start > limit:
            cut = _clause_end(text, start, start + limit, end)
            if cut is None and limit >= _LONGEST_PIECE:
                if end - start <= _HARD_LIMIT:
                    break
                cut = text.rfind(" ", start, start + _HARD_LIMIT) + 1 or start + _HARD_LIMIT
            if cut is not None:
                yield start, cut
                start = cut
            limit = min(2 * limit, _LONGEST_PIECE)
        if text[start:end].strip():
            yield start, end


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences as they are asked for: speech does not wait until a book has been looked through."""
    stream = SentenceStream(first_clause=None)
    start = 0
    for block in range(0, len(text) + 1, _BLOCK):
        last = block + _BLOCK > len(text)
        for piece in [*stream.feed(text[block : block + _BLOCK]), *(stream.flush() if last else ())]:
            yield start, start + len(piece)
            start += len(piece)


def _clause_end(text: str, start: int, before: int, end: int) -> int | None:
    """The end of the last clause that is neither very short nor longer than allowed, nor leaves a crumb."""
    ends = [match.end() for match in _CLAUSE.finditer(text, start + _SHORTEST_PIECE, before)]
    return ends[-1] if ends and end - ends[-1] >= _SHORTEST_PIECE else None
