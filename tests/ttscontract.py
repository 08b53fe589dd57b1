"""What every voice must do, whatever its engine: a class of a test module inherits from :class:`TtsContract`.

The module has a fixture ``engine``, of module scope if the engine is slow to load.
"""

from __future__ import annotations

import threading
import tracemalloc

import numpy as np
import pytest

from assistant.tts.base import SpeechChunk, Synthesizer

SENTENCE = "Hello, it is five o'clock."
LONG = "A sentence of no great length, said again. " * 24_000
"""A megabyte."""
_SPOKEN_OF_LONG = 30.0  # seconds
_MOST_MEMORY = 48e6  # bytes


def samples_of(chunks: list[SpeechChunk]) -> np.ndarray:
    return np.concatenate([chunk.samples for chunk in chunks]) if chunks else np.zeros(0, np.int16)


class TtsContract:
    """Tests of a :class:`assistant.tts.base.Synthesizer`.

    Attributes:
        seconds: how long :data:`SENTENCE` may last.
    """

    seconds = (0.5, 6.0)

    def test_speech_is_contiguous_int16_mono_at_the_engines_rate(self, engine: Synthesizer):
        chunks = list(engine.speak(SENTENCE))
        assert 8000 <= engine.rate <= 48_000
        position = 0
        for chunk in chunks:
            assert (chunk.samples.dtype, chunk.samples.ndim, chunk.rate) == (np.int16, 1, engine.rate)
            assert len(chunk.samples) > 0
            assert chunk.start == position
            position = chunk.end
        assert self.seconds[0] < position / engine.rate < self.seconds[1]
        assert np.abs(samples_of(chunks).astype(int)).max() > 1000, "it can be heard"

    def test_marks_name_words_of_the_text_in_order_within_the_sound(self, engine: Synthesizer):
        chunks = list(engine.speak(SENTENCE))
        marks = [(chunk, mark) for chunk in chunks for mark in chunk.marks]
        assert all(0 <= mark.start < mark.end <= len(SENTENCE) for _, mark in marks)
        assert [mark.start for _, mark in marks] == sorted({mark.start for _, mark in marks})
        assert [mark.sample for _, mark in marks] == sorted(mark.sample for _, mark in marks)
        assert all(chunk.start <= mark.sample < chunks[-1].end for chunk, mark in marks)

    @pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x01", "…", "\ud800"])
    def test_nothing_to_say_is_silence(self, engine: Synthesizer, text: str):
        assert list(engine.speak(text)) == []

    @pytest.mark.parametrize("text", ["😀", "👩‍👩‍👧 🏳️‍🌈", "a\x00b \ud800 [[c]] <d> \x01450S", "你好 Привет שלום"])
    def test_strange_text_does_not_fail(self, engine: Synthesizer, text: str):
        list(engine.speak(text))
        assert list(engine.speak(SENTENCE)), "and the next one is spoken"

    def test_closing_early_leaves_it_ready_and_no_thread_behind(self, engine: Synthesizer):
        list(engine.speak(SENTENCE))
        before = threading.active_count()
        for _ in range(3):
            speech = engine.speak(LONG)
            next(speech)
            speech.close()  # type: ignore[attr-defined]
        assert threading.active_count() <= before
        assert len(samples_of(list(engine.speak(SENTENCE)))) > self.seconds[0] * engine.rate

    def test_an_abandoned_speech_does_not_block_the_next(self, engine: Synthesizer):
        left = engine.speak(LONG)
        next(left)
        assert list(engine.speak(SENTENCE))
        assert next(left).start > 0

    def test_a_megabyte_is_spoken_in_bounded_memory(self, engine: Synthesizer):
        tracemalloc.start()
        try:
            speech = engine.speak(LONG)
            seconds = 0.0
            while seconds < _SPOKEN_OF_LONG:
                seconds += next(speech).seconds
            speech.close()  # type: ignore[attr-defined]
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < _MOST_MEMORY

    def test_a_long_word_is_spoken_piece_by_piece(self, engine: Synthesizer):
        speech = engine.speak("na" * 50_000)
        assert 0 < next(speech).seconds < 120
        speech.close()  # type: ignore[attr-defined]
