"""The Whisper engine on the committed tiny model: the real library, the real decoding, no network."""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from assistant.asr import whisper_files
from assistant.asr.base import Adaptable, Transcript
from assistant.asr.faster_whisper import Engine, Options
from assistant.asr.whisper_decoder import WINDOW, Decoder
from assistant.audio.chunk import RATE, AudioChunk, Samples, to_float
from assistant.errors import ConfigError, EngineError, MissingModel
from assistant.intent.template import Grammar, Template, parse_template
from tests.tiny import MODEL, PHRASES, VOICES, say

NOISE = Path(__file__).parents[3] / "shared" / "data" / "noise"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Options(model=str(MODEL)))


@pytest.fixture
def adapted(engine: Engine) -> Iterator[Engine]:
    commands = ["set a timer for five minutes", "turn it (up|down)", "what time is it", "dim the chandelier"]
    grammar = Grammar(tuple(Template(str(i), c, parse_template(c, {})) for i, c in enumerate(commands)))
    engine.adapt(grammar, ("hey jarvis",))
    yield engine
    engine.adapt(Grammar(()), ())


def hear(engine: Engine, samples: Samples) -> Transcript:
    """Feed in chunks of 20 ms, as a session does."""
    utterance = engine.open()
    for start in range(0, len(samples), 320):
        assert utterance.feed(AudioChunk(samples[start : start + 320], start=start)) is None
    return utterance.finish()


# --- transcripts -----------------------------------------------------------------------------------


def test_commands_are_transcribed(engine: Engine) -> None:
    takes = [(phrase, VOICES[(i + j) % 3]) for i, phrase in enumerate(PHRASES) for j in range(2)]
    right = [hear(engine, say(phrase, voice)).text == phrase for phrase, voice in takes]
    assert sum(right) >= 0.94 * len(right), f"{sum(right)} of {len(right)}"


def test_the_same_audio_gives_the_same_transcript(engine: Engine) -> None:
    samples = say("Set a tea timer for three minutes.")
    assert hear(engine, samples) == hear(engine, samples)


def test_a_transcript_has_confidence_language_and_word_times(engine: Engine) -> None:
    samples = say("Set a timer for ten minutes.", before=0.5)
    found = hear(engine, samples)
    assert found.text == "Set a timer for ten minutes."
    assert [word.text for word in found.words] == found.text.split()
    assert 0.5 < found.confidence <= 1
    assert found.language == "en"
    assert found.words[0].start == pytest.approx(0.5, abs=0.15)
    assert found.words[-1].end == pytest.approx(len(samples) / RATE - 0.6, abs=0.25)
    assert all(a.end <= b.start + 1e-6 for a, b in zip(found.words, found.words[1:], strict=False))


def test_a_decode_without_word_times_has_the_same_text(engine: Engine) -> None:
    samples = say("Cancel the pasta timer.")
    plain = engine.decode(samples)
    assert plain.words == ()
    assert plain.text == engine.decode(samples, word_timestamps=True).text


def test_a_certain_prefix_is_continued(engine: Engine) -> None:
    samples = say("Set a pasta timer for nine minutes.")
    found = engine.decode(samples, prefix="Set a pasta timer", word_timestamps=True)
    assert found.text == "Set a pasta timer for nine minutes."
    assert [word.text for word in found.words] == found.text.split()


def test_earlier_text_does_not_disturb(engine: Engine) -> None:
    assert engine.decode(say("Turn it down."), prompt="What time is it?").text == "Turn it down."


def test_long_audio_is_parted_where_it_is_quiet(engine: Engine) -> None:
    said = ["Cancel the alarm.", "Roll two dice.", "What can you do?", "Turn it up.", "Pause the timer."] * 4
    samples = np.concatenate([say(phrase, before=1.0, after=1.0) for phrase in said])
    assert len(samples) > 1.5 * WINDOW  # two parts at least
    parts = Decoder.pieces(to_float(samples))
    assert sum(len(part) for _, part in parts) == len(samples)
    assert all(len(part) <= WINDOW for _, part in parts)
    edges = [start for start, _ in parts[1:]]
    assert all(np.abs(samples[edge - 800 : edge + 800]).max() < 100 for edge in edges)
    words = engine.decode(samples, word_timestamps=True).words
    assert all(0 <= word.start <= word.end <= len(samples) / RATE for word in words)


# --- the wake phrase and the skills' words ---------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("Hey Jarvis, what time is it?", "What time is it?"),
        ("Hey Jarvis, set a timer for five minutes.", "Set a timer for five minutes."),
        ("Hey Jarvis, stop.", "Stop."),
        ("Turn it up.", "Turn it up."),
    ],
)
def test_the_wake_phrase_does_not_reach_the_transcript(adapted: Engine, said: str, command: str) -> None:
    found = hear(adapted, say(said))
    assert found.text == command
    assert [word.text for word in found.words] == command.split()


def test_hints_hold_rare_words_and_keep_their_bound(adapted: Engine) -> None:
    hints = adapted._decoder.hints
    assert 0 < len(hints) <= Options().hint_tokens
    text = adapted._decoder.tokenizer("en").decode(hints)
    assert "chandelier" in text
    assert "timer" not in text  # the model has a token for it


def test_hints_do_not_disturb(adapted: Engine) -> None:
    right = [hear(adapted, say(phrase)).text == phrase for phrase in PHRASES if "Jarvis" not in phrase]
    assert sum(right) >= 0.9 * len(right)


def test_the_engine_is_adaptable(engine: Engine) -> None:
    assert isinstance(engine, Adaptable)


# --- silence and noise -----------------------------------------------------------------------------


def clips(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".wav", ".flac", ".ogg"))


def read(path: Path) -> Samples:
    with av.open(str(path)) as container:
        to_mono = av.AudioResampler("s16", "mono", RATE)
        frames = [out for frame in container.decode(audio=0) for out in to_mono.resample(frame)]
        frames += to_mono.resample(None)
    return np.concatenate([frame.to_ndarray().ravel() for frame in frames])


@pytest.mark.data
@pytest.mark.skipif(not NOISE.is_dir(), reason="needs ../shared/data/noise")
def test_noise_has_no_transcript(engine: Engine) -> None:
    heard = {path.name: engine.transcribe(read(path)).text for path in clips(NOISE)}
    assert len(heard) > 60
    assert {name: text for name, text in heard.items() if text} == {}


@pytest.mark.parametrize("level", [0, 30, 1000])
def test_silence_has_no_transcript_even_without_the_gate(level: int) -> None:
    bare = Engine(Options(model=str(MODEL), voice_gate=False))
    noise = (np.random.default_rng(1).standard_normal(2 * RATE) * level).astype(np.int16)
    assert bare.transcribe(noise).text == ""


@pytest.mark.parametrize("count", [0, 1, 100, 1600])
def test_next_to_no_audio_has_no_transcript(engine: Engine, count: int) -> None:
    assert hear(engine, np.zeros(count, np.int16)).text == ""
    assert engine.decode(np.zeros(count, np.int16)).text == ""


# --- an utterance ----------------------------------------------------------------------------------


def test_closing_in_the_middle_forgets_the_audio(engine: Engine) -> None:
    utterance = engine.open()
    utterance.feed(AudioChunk(say("Turn it up.")))
    utterance.close()
    utterance.close()
    assert utterance.feed(AudioChunk(say("Turn it up."))) is None
    assert utterance.finish() == Transcript("", 0.0)
    assert hear(engine, say("Turn it down.")).text == "Turn it down."


def test_audio_at_another_rate_is_refused(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"44100 Hz; resample it to 16000 Hz") as caught:
        engine.open().feed(AudioChunk(np.zeros(100, np.int16), rate=44_100))
    assert caught.value.code == "bad_input"


def test_an_unloaded_model_comes_back(engine: Engine) -> None:
    engine.unload()
    assert hear(engine, say("Roll two dice.")).text == "Roll two dice."


# --- models that are not there, or no good ---------------------------------------------------------


@pytest.mark.parametrize("name", ["base", "whisper-base"])
def test_a_missing_model_names_the_command_that_fetches_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whisper_files, "models_dir", lambda: tmp_path)
    monkeypatch.setattr(whisper_files, "_cached", lambda _: None)
    with pytest.raises(MissingModel, match=r"whisper-base is not on this machine.*assistant models pull whisper-base"):
        Engine(Options(model=name))


def test_an_unknown_name_is_a_missing_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper_files, "models_dir", lambda: tmp_path)
    with pytest.raises(MissingModel, match="whisper-bass"):
        Engine(Options(model="bass"))


def test_a_missing_folder_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match=re.escape(f"{tmp_path}/nowhere")):
        Engine(Options(model=f"{tmp_path}/nowhere"))


def test_a_model_is_found_by_name_in_the_models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(MODEL, tmp_path / "whisper-tiny")
    monkeypatch.setattr(whisper_files, "models_dir", lambda: tmp_path)
    assert Engine(Options(model="tiny")).decode(say("Turn it up.")).text == "Turn it up."


@pytest.mark.parametrize("file", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_folder_that_lacks_a_file_names_it(tmp_path: Path, file: str) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    (folder / file).unlink()
    with pytest.raises(MissingModel, match=rf"{re.escape(file)} missing") as caught:
        Engine(Options(model=str(folder)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.bin", b""),
        ("model.bin", b"\xff" * 5000),
        ("model.bin", b"<html>404</html>"),
        ("model.bin", None),
        ("tokenizer.json", b"{"),
        ("tokenizer.json", b"{}"),
        ("config.json", b"not json"),
        ("vocabulary.json", b"[]"),
    ],
)
def test_a_damaged_model_is_one_line(tmp_path: Path, file: str, content: bytes | None) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(EngineError, match="fetch it again with: assistant models pull") as caught:
        Engine(Options(model=str(folder)))
    assert caught.value.code == "bad_model"
    assert "\n" not in str(caught.value)


def test_a_language_that_the_model_does_not_know_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"asr\.whisper\.language: .* does not know 'de'"):
        Engine(Options(model=str(MODEL), language="de"))


# --- the GPU ---------------------------------------------------------------------------------------


def test_without_a_gpu_it_falls_back_to_the_cpu_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    import ctranslate2

    if ctranslate2.get_cuda_device_count() > 0:
        pytest.skip("this machine has a GPU")
    with caplog.at_level(logging.WARNING):
        engine = Engine(Options(model=str(MODEL), device="cuda", compute_type="float16"))
    assert engine.device == "cpu"
    assert "the GPU cannot be used" in caplog.text
    assert "\n" not in caplog.records[0].getMessage()
    assert hear(engine, say("Turn it up.")).text == "Turn it up."


def test_a_gpu_that_fails_at_a_decode_hands_over_to_the_cpu(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Engine(Options(model=str(MODEL)))
    engine.device = "cuda"  # no GPU runs here: what one without its libraries raises is raised for it

    def broken(_: Any) -> Any:
        raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")

    monkeypatch.setattr(engine._whisper, "encode", broken)
    with caplog.at_level(logging.WARNING):
        assert engine.decode(say("Turn it up.")).text == "Turn it up."
    assert engine.device == "cpu"
    assert "libcublas.so.12" in caplog.text


def test_a_crash_on_the_cpu_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(Options(model=str(MODEL), device="cpu"))

    def broken(_: Any) -> Any:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(engine._whisper, "encode", broken)
    with pytest.raises(RuntimeError, match="out of memory"):
        engine.decode(say("Turn it up."))


def test_wav_header_of_espeak_is_what_the_helper_assumes(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    subprocess.run(["espeak-ng", "-w", str(path), "Stop."], check=True)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (22_050, 1, 2)
