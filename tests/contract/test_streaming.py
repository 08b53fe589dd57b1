"""Streaming on the committed tiny Whisper: the same words as the batch engine, early, on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from assistant.asr.base import Abandoned, Recognition, Transcript
from assistant.asr.faster_whisper import Engine, Options
from assistant.asr.streaming import BatchEngine, Pace, Streaming
from assistant.audio.chunk import RATE, AudioChunk, Samples
from assistant.audio.decode import decode
from assistant.bench.streaming import edits, stream
from assistant.errors import EngineError
from assistant.intent.template import Grammar, words_of
from assistant.vad.silero import Engine as Silero
from tests.shared import DATA, needs_data
from tests.tiny import MODEL, PHRASES, say, takes

CHUNK = 320
FEW = Pace(step=1.0)
PHRASE = "Set a pasta timer for nine minutes."


class Counted(Engine):
    """Remembers the length of each window that it decoded to the end, and what it gave up."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.windows: list[int] = []
        self.threads: set[str] = set()
        self.given_up = 0
        self.timed = True

    def decode(self, samples: Samples, *, word_timestamps: bool = False, **options: Any) -> Transcript:
        self.threads.add(threading.current_thread().name)
        try:
            found = super().decode(samples, word_timestamps=word_timestamps and self.timed, **options)
        except Abandoned:
            self.given_up += 1
            raise
        self.windows.append(len(samples))
        return found


class Held(Counted):
    """Waits at its first decode until it is let go, or nobody waits for the result any more."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.calls = 0
        self.begun, self.go = threading.Event(), threading.Event()

    def decode(self, samples: Samples, **options: Any) -> Transcript:
        self.calls += 1
        self.begun.set()
        while self.calls == 1 and not self.go.wait(0.01) and not options["abandoned"]():
            pass
        return super().decode(samples, **options)


@pytest.fixture(scope="module")
def loaded() -> Counted:
    return Counted(Options(model=str(MODEL)))


@pytest.fixture
def engine(loaded: Counted) -> Counted:
    loaded.windows.clear()
    loaded.timed = True
    return loaded


@pytest.fixture(scope="module")
def voice() -> Silero:
    return Silero()


@pytest.fixture
def held(voice: Silero) -> Iterator[tuple[Held, Streaming]]:
    engine = Held(Options(model=str(MODEL)))
    streaming = Streaming(engine, voice)
    yield engine, streaming
    engine.go.set()
    streaming.close()


def feed(utterance: Recognition, samples: Samples) -> list[str]:
    """The partials that 20 ms chunks brought."""
    found = []
    for start in range(0, len(samples), CHUNK):
        partial = utterance.feed(AudioChunk(samples[start : start + CHUNK], start=start))
        if partial is not None:
            found.append(partial)
    return found


def hear(streaming: Streaming, samples: Samples) -> tuple[Transcript, list[str]]:
    utterance = streaming.open()
    partials = feed(utterance, samples)
    return utterance.finish(), partials


# --- the same words as the batch engine ------------------------------------------------------------


def test_streamed_and_batch_transcripts_differ_in_at_most_one_word_of_a_hundred(loaded: Counted, voice: Silero) -> None:
    report = stream("whisper", loaded, voice, takes(66, every=2), FEW)
    print(report.summary())
    assert report.utterances == 66
    assert report.words > 250
    assert report.differences <= 0.01 * report.words


def test_a_soft_end_gives_the_batch_transcript_of_the_whole_utterance(engine: Counted, voice: Silero) -> None:
    """A session asks for the transcript after 0.15 s of silence; the batch engine hears all of it."""
    streaming = Streaming(engine, voice, FEW, background=False)
    words = different = 0
    for samples in takes(12, every=11):
        soft = samples[: -int(0.45 * RATE)]
        batch = words_of(engine.transcribe(samples).text)
        words += len(batch)
        different += edits(batch, words_of(hear(streaming, soft)[0].text))
    assert different <= 0.01 * words


def test_word_times_of_a_streamed_transcript_are_those_of_the_batch(engine: Counted, voice: Silero) -> None:
    samples = say(PHRASE)
    streamed = hear(Streaming(engine, voice, background=False), samples)[0]
    batch = engine.transcribe(samples)
    assert [word.text for word in streamed.words] == [word.text for word in batch.words] == PHRASE.split()
    ends = [(a.end, b.end) for a, b in zip(streamed.words, batch.words, strict=True)]
    assert all(a == pytest.approx(b, abs=0.25) for a, b in ends)


@pytest.mark.parametrize("timed", [True, False], ids=["by word times", "by agreement"])
def test_partials_grow_to_the_transcript(engine: Counted, voice: Silero, timed: bool) -> None:
    engine.timed = timed
    found, partials = hear(Streaming(engine, voice, background=False), say(PHRASE))
    assert found.text == PHRASE
    assert len(partials) >= 3
    assert PHRASE.startswith(partials[0].rstrip(".,?"))
    assert partials[-1] == PHRASE
    assert all(len(a.split()) <= len(b.split()) + 1 for a, b in pairwise(partials))


def test_long_audio_is_trimmed_at_word_ends(engine: Counted, voice: Silero) -> None:
    """The tiny model knows one phrase a window; with settled phrases cut off, it hears all of them."""
    said = ["Cancel the alarm.", "Roll two dice.", "What can you do?", "Say that again.", "Pause the timer."]
    samples = np.concatenate([say(phrase, before=0.1, after=1.0) for phrase in said])
    streaming = Streaming(engine, voice, Pace(step=0.5, window=1.75), background=False)
    found, partials = hear(streaming, samples)
    wanted = words_of(" ".join(said))
    assert edits(wanted, words_of(found.text)) <= 0.2 * len(wanted), found.text
    assert max(engine.windows) < 5 * RATE < len(samples)
    assert [word.text for word in found.words] == found.text.split()
    assert all(a.end <= b.start + 0.3 for a, b in pairwise(found.words))
    assert found.words[-1].end == pytest.approx(len(samples) / RATE - 1.0, abs=0.4)
    assert partials[-1] == found.text


def test_the_wake_phrase_is_in_no_partial(engine: Counted, voice: Silero) -> None:
    engine.adapt(Grammar(()), ("hey jarvis",))
    found, partials = hear(Streaming(engine, voice, background=False), say("Hey Jarvis, what time is it?"))
    engine.adapt(Grammar(()), ())
    assert found.text == "What time is it?"
    assert not any("Jarvis" in partial for partial in partials), partials


# --- no more work than needed ----------------------------------------------------------------------


def test_silence_after_the_last_word_is_not_decoded(engine: Counted, voice: Silero) -> None:
    streaming = Streaming(engine, voice, background=False)
    utterance = streaming.open()
    feed(utterance, say(PHRASE, after=0.3))
    before = len(engine.windows)
    feed(utterance, np.zeros(3 * RATE, np.int16))
    assert utterance.finish().text == PHRASE
    assert len(engine.windows) <= before + 1  # at most one after the last sound
    assert max(engine.windows) < len(say(PHRASE, after=0.6))


def test_an_utterance_fed_again_at_once_is_one_decode(engine: Counted, voice: Silero) -> None:
    streaming = Streaming(engine, voice, background=False)
    hear(streaming, say(PHRASE, after=0.2))
    engine.windows.clear()
    utterance = streaming.open()
    utterance.feed(AudioChunk(say(PHRASE)))
    assert utterance.finish().text == PHRASE
    assert len(engine.windows) == 1


def test_nobody_speaking_is_no_decode(engine: Counted, voice: Silero) -> None:
    found, partials = hear(Streaming(engine, voice, background=False), np.zeros(3 * RATE, np.int16))
    assert (found.text, partials, engine.windows) == ("", [], [])


# --- in the background -----------------------------------------------------------------------------


def test_a_slow_decode_never_holds_feed_up_and_never_queues(held: tuple[Held, Streaming]) -> None:
    engine, streaming = held
    utterance = streaming.open()
    utterance.feed(AudioChunk(say(PHRASE)[:RATE]))
    assert engine.begun.wait(300)
    assert feed(utterance, say(PHRASE)[RATE:]) == []  # returned although no decode has
    assert engine.calls == 1
    utterance.close()


def test_a_decode_that_newer_audio_made_stale_is_given_up_at_the_end(held: tuple[Held, Streaming]) -> None:
    engine, streaming = held
    utterance = streaming.open()
    samples = say(PHRASE)
    utterance.feed(AudioChunk(samples[:RATE]))
    assert engine.begun.wait(300)
    feed(utterance, samples[RATE:])
    assert utterance.finish().text == PHRASE
    assert engine.given_up == 1
    assert engine.windows == [len(samples)]


def test_a_decode_that_heard_all_speech_is_used_at_the_end(held: tuple[Held, Streaming]) -> None:
    engine, streaming = held
    utterance = streaming.open()
    utterance.feed(AudioChunk(say(PHRASE, after=0.3)))
    assert engine.begun.wait(300)
    feed(utterance, np.zeros(RATE // 2, np.int16))
    engine.go.set()
    assert utterance.finish().text == PHRASE
    assert (len(engine.windows), engine.given_up) == (1, 0)


def test_a_closed_utterance_leaves_nothing_to_the_next(held: tuple[Held, Streaming]) -> None:
    engine, streaming = held
    first = streaming.open()
    first.feed(AudioChunk(say("Turn it up.")))
    assert engine.begun.wait(300)
    first.close()
    second = streaming.open()
    assert second.feed(AudioChunk(say(PHRASE))) is None
    assert second.finish().text == PHRASE
    assert engine.given_up == 1
    assert first.feed(AudioChunk(say(PHRASE))) is None
    assert first.finish() == Transcript("", 0.0)


def test_every_decode_runs_on_one_thread_of_its_own(held: tuple[Held, Streaming]) -> None:
    engine, streaming = held
    engine.go.set()
    streaming.adapt(Grammar(()), ())
    for phrase in PHRASES[:3]:
        hear(streaming, say(phrase))
    assert len(engine.threads) == 1
    assert next(iter(engine.threads)).startswith("asr-decode")


def test_what_a_decode_raises_reaches_the_caller(held: tuple[Held, Streaming], monkeypatch: pytest.MonkeyPatch) -> None:
    engine, streaming = held
    engine.go.set()

    def broken(_: Any) -> Any:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(engine._whisper, "encode", broken)
    utterance = streaming.open()
    utterance.feed(AudioChunk(say(PHRASE)))
    with pytest.raises(RuntimeError, match="out of memory"):
        utterance.finish()
    monkeypatch.undo()
    assert hear(streaming, say(PHRASE))[0].text == PHRASE


# --- contract --------------------------------------------------------------------------------------


def test_whisper_is_a_batch_engine(engine: Counted) -> None:
    assert isinstance(engine, BatchEngine)


def test_audio_at_another_rate_is_refused(engine: Counted) -> None:
    with pytest.raises(EngineError, match="resample it to 16000 Hz"):
        Streaming(engine).open().feed(AudioChunk(np.zeros(100, np.int16), rate=44_100))


@needs_data
@pytest.mark.data
def test_noise_gives_neither_transcript_nor_partial(engine: Counted, voice: Silero) -> None:
    streaming = Streaming(engine, voice, background=False)
    clips = sorted(path for path in (DATA / "noise").rglob("*") if path.suffix in (".wav", ".flac", ".ogg"))
    assert len(clips) > 60
    found = {path.name: hear(streaming, decode(path)) for path in clips}
    assert {name: final.text for name, (final, _) in found.items() if final.text} == {}
    assert sum(bool(partials) for _, partials in found.values()) <= 3
