"""The real coqui-tts on tiny voices in its own format (tests/make_tiny_vits.py): VITS, several speakers, XTTS."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("TTS.utils.synthesizer", reason="coqui-tts is not installed")

import torch

from assistant import cli, paths
from assistant.audio.decode import decode
from assistant.audio.mixer import Mixer
from assistant.errors import ConfigError, EngineError, InputError
from assistant.runtime.clock import VirtualLoop
from assistant.runtime.worker import InlineWorker
from assistant.session.speaker import Speaker
from assistant.tts import consent
from assistant.tts.base import SpeechChunk
from assistant.tts.coqui import Engine, Options
from assistant.tts.coqui_worker import loading, vits, words, xtts
from tests.make_tiny_vits import PHONEME_FRAMES, make
from tests.ttscontract import SENTENCE, TtsContract, samples_of

pytestmark = pytest.mark.heavy

KEPT = Path(__file__).resolve().parents[2] / ".cache" / "tiny-coqui"
LONG = "A very long sentence begins here with a clause, and goes on for quite some time, until the end of it comes."
HOP = 256

cli.load_commands([])


@pytest.fixture(scope="module", autouse=True)
def quietly():
    """What libraries warn of is not ours; one thread, since the machine may be busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        torch.set_num_threads(1)
        yield


@pytest.fixture(scope="module")
def tiny() -> Path:
    return make("vits", KEPT)


@pytest.fixture(scope="module")
def many() -> Path:
    return make("vits-many", KEPT)


@pytest.fixture(scope="module")
def vits_engine(tiny) -> Iterator[Engine]:
    """In a process of its own, as users have it."""
    engine = Engine(Options(voice=str(tiny), device="cpu"))
    yield engine
    engine.close()


def loaded(folder: Path) -> loading.Voice:
    checkpoint = folder if "xtts" in folder.name else folder / "model_file.pth"
    order = {"config": folder / "config.json", "checkpoint": checkpoint, "device": "cpu", "half": True, "latents": "/x"}
    return loading.load(order, lambda _text: None)


@pytest.fixture(scope="module")
def model(tiny) -> loading.Voice:
    return loaded(tiny)


def spoken(engine: Engine, text: str) -> tuple[np.ndarray, list[SpeechChunk]]:
    chunks = list(engine.speak(text))
    return samples_of(chunks), chunks


class TestVits(TtsContract):
    @pytest.fixture
    def engine(self, vits_engine):
        return vits_engine


def test_windows_of_the_vocoder_are_the_whole(model):
    synthesizer = model._model
    torch.manual_seed(3)
    whole = synthesizer.synthesize(LONG)["wav"]
    torch.manual_seed(3)
    windows = [samples for samples, _ in vits.speak(synthesizer, LONG, None, None, 1.0)]
    assert [len(window) // HOP for window in windows[:3]] == [vits.FIRST_FRAMES, 64, 128]
    assert len(np.concatenate(windows)) == len(whole)
    np.testing.assert_allclose(np.concatenate(windows), whole, atol=1e-4)


def test_half_precision_changes_little(model):
    """As a GPU has it; the CPU can do it, too, only slower."""

    def windows(half: bool) -> np.ndarray:
        torch.manual_seed(3)
        return np.concatenate(
            [samples for samples, _ in vits.speak(model._model, SENTENCE, None, None, 1.0, half=half)]
        )

    exact, half = windows(False), windows(True)
    assert 0 < np.abs(half - exact).max() < 0.05 * np.abs(exact).max()


def test_a_closed_sentence_is_not_decoded_to_its_end(model):
    decoded = []
    hook = model._model.waveform_decoder.register_forward_hook(lambda *_: decoded.append(1))
    speech = model.speak(LONG * 3, None, None, 1.0)
    next(speech)
    speech.close()
    hook.remove()
    assert len(decoded) == 2, "one frame for the model's own sake, one window"


def test_marks_are_where_the_phonemes_begin(model, vits_engine):
    text = "Hello there, it is five."
    made = model._model.synthesize(text)
    symbols = [model._model.tokenizer.characters.id_to_char(number) for number in made["text_inputs"][0].tolist()]
    ends = np.cumsum(made["outputs"]["durations"].reshape(-1).numpy())
    after_spaces = [int(ends[index + 1]) * HOP for index, symbol in enumerate(symbols) if symbol == " "]
    marks = [mark for chunk in spoken(vits_engine, text)[1] for mark in chunk.marks]
    assert [text[mark.start : mark.end] for mark in marks] == ["Hello", "there", "it", "is", "five"]
    assert [mark.sample for mark in marks[1:]] == pytest.approx(after_spaces, abs=HOP)
    assert marks[0].sample <= PHONEME_FRAMES * 2 * HOP


def test_rate_is_the_length_scale(vits_engine, tiny):
    fast = Engine(Options(voice=str(tiny), rate=2.0, worker="inline", device="cpu"))
    # Every symbol is at least one frame, and the frames of each are rounded up.
    assert len(spoken(fast, SENTENCE)[0]) < 0.7 * len(spoken(vits_engine, SENTENCE)[0])
    fast.close()


def test_speakers_and_languages(many):
    engines = [Engine(Options(voice=str(many), speaker=who, worker="inline", device="cpu")) for who in ("anna", 1)]
    assert [engine._speaker for engine in engines] == ["anna", "ben"]
    first, second = (spoken(engine, "hello there")[0] for engine in engines)
    length = min(len(first), len(second))
    assert np.corrcoef(first[:length], second[:length])[0, 1] < 0.9
    german = Engine(Options(voice=str(many), language="de", worker="inline", device="cpu"))
    assert german._language == "de"
    assert len(spoken(german, "hallo")[0]) > 0
    with pytest.raises(ConfigError, match=r"tts\.language: this voice does not speak 'fr'"):
        Engine(Options(voice=str(many), language="fr", worker="inline", device="cpu"))
    with pytest.raises(ConfigError, match=r"no 'anja'; did you mean 'anna'\?"):
        Engine(Options(voice=str(many), speaker="anja", worker="inline", device="cpu"))
    for engine in (*engines, german):
        engine.close()


def test_a_voice_that_was_moved_is_found_with_its_files(many, tmp_path):
    """Its configuration names files where it was made; as it is fetched from elsewhere, they are not there."""
    moved = tmp_path / "moved"
    shutil.copytree(many, moved)
    config = moved / "config.json"
    config.write_text(config.read_text().replace(str(many), "/home/somebody/training"))
    before = config.read_bytes()
    engine = Engine(Options(voice=str(moved), speaker="ben", worker="inline", device="cpu"))
    assert len(spoken(engine, "hello")[0]) > 0
    assert config.read_bytes() == before, "the voice's files are left as they are"
    engine.close()


@pytest.mark.parametrize("text", ["😀 🎉", "… — !?", "«»", "你好"])
def test_nothing_that_the_voice_could_say_is_silence(many, text):
    engine = Engine(Options(voice=str(many), worker="inline", device="cpu"))
    assert list(engine.speak(text)) == []
    engine.close()


def test_killed_in_mid_sentence_the_next_sentence_is_spoken(vits_engine):
    speech = vits_engine.speak(LONG * 20)
    next(speech)
    os.kill(vits_engine._client._running._link.process.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match=r"the worker died \(signal 9"):
        list(speech)
    assert len(spoken(vits_engine, SENTENCE)[0]) > 0


def test_idle_it_is_unloaded_and_then_loaded_again(tiny):
    engine = Engine(Options(voice=str(tiny), worker="inline", idle_unload=0.05, device="cpu"))
    first = engine._client._running
    first._link._thread.join(60)
    assert not first._link._thread.is_alive()
    assert len(spoken(engine, SENTENCE)[0]) > 0
    assert engine._client._running is not first
    engine.close()


def test_files_that_cannot_be_read_are_one_line(tiny, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(tiny, broken)
    (broken / "model_file.pth").write_bytes(b"no checkpoint" * 100)
    with pytest.raises(EngineError, match=r"model_file\.pth cannot be loaded \(.*\); fetch it again$") as caught:
        Engine(Options(voice=str(broken), worker="inline", device="cpu"))
    assert caught.value.code == "bad_model"
    assert "\n" not in str(caught.value)
    (broken / "config.json").write_text("{")
    with pytest.raises(InputError, match=r"config\.json cannot be read"):
        Engine(Options(voice=str(broken), worker="inline", device="cpu"))


def configured(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "c.yaml"
    file.write_text(text)
    return file


def test_say_writes_the_whole_chain_into_a_file_as_configured(tmp_path, tiny, many):
    """The same command, another voice each time by the configuration alone."""
    rates = {}
    for name, section in {
        "espeak": "engine: espeak",
        "vits": f"engine: coqui, voice: {tiny}, coqui: {{device: cpu, worker: inline}}",
        "many": f"engine: coqui, voice: {many}, speaker: ben, coqui: {{device: cpu, worker: inline}}",
    }.items():
        out = tmp_path / f"{name}.wav"
        file = configured(tmp_path, f"tts: {{{section}}}")
        text = "It is 5 o'clock. And this is the second sentence, at 20 °C."
        result = CliRunner().invoke(cli.app, ["say", text, "--out", str(out), "--config", str(file)])
        assert result.exception is None, result.output
        with wave.open(str(out)) as reader:
            rates[name] = (reader.getframerate(), reader.getnchannels())
        assert len(decode(out)) / 16_000 > 2.0
        assert np.abs(decode(out).astype(int)).max() > 1000
    assert rates == dict.fromkeys(rates, (22_050, 1))


def test_an_interruption_keeps_the_words_that_were_heard(vits_engine):
    """On virtual time, through the speaker and the mixer: what sounded to its end, to the word."""
    marks = [mark for chunk in spoken(vits_engine, LONG)[1] for mark in chunk.marks]

    async def interrupt(after: float) -> str:
        mixer = Mixer(vits_engine.rate)
        speech = Speaker(vits_engine, InlineWorker("tts"), mixer, "en").begin()

        async def sentences():
            yield LONG

        saying = asyncio.create_task(speech.say(sentences()))
        for _ in range(round(after * 100)):
            await asyncio.sleep(0.01)
            mixer.pull(vits_engine.rate // 100)
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)
        return speech.heard()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        heard = runner.run(interrupt(marks[7].sample / vits_engine.rate + 0.05))
    assert heard == LONG[: marks[7].start].strip()
    assert len(spoken(vits_engine, SENTENCE)[0]) > 0


@pytest.fixture(scope="module")
def xtts_folder() -> Path:
    return make("xtts", KEPT)


@pytest.fixture
def clip(tmp_path) -> Path:
    """Two seconds of something like a voice."""
    time = np.arange(2 * 22_050) / 22_050
    samples = sum(np.sin(2 * np.pi * 120 * harmonic * time) / harmonic for harmonic in range(1, 20))
    file = tmp_path / "somebody.wav"
    with wave.open(str(file), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(22_050)
        writer.writeframes((samples * 5000).astype(np.int16).tobytes())
    return file


def test_xtts_streams_and_imitates_a_voice(xtts_folder, clip):
    """Its own streaming inference, with consent, and with latents that are computed once."""
    options = Options(voice=str(xtts_folder), reference=clip, worker="inline", device="cpu")
    for agreement in (consent.CPML, consent.speaker_of(clip)):
        with pytest.raises(consent.ConsentNeeded):
            Engine(options)
        consent.agree(agreement)
    engine = Engine(options)
    text = "Hello there, it is five o'clock."
    _, chunks = spoken(engine, text)
    assert (engine.rate, engine._language) == (24_000, "en")
    assert 0.9 < chunks[-1].end / engine.rate < 1.5
    assert [chunk.start for chunk in chunks[1:]] == [chunk.end for chunk in chunks[:-1]]
    marks = [mark for chunk in chunks for mark in chunk.marks]
    assert [text[mark.start : mark.end] for mark in marks] == [text[start:end] for start, end in words.spans(text)]
    engine.close()
    (kept,) = (paths.data_dir() / "imitated").iterdir()
    assert kept.parent.stat().st_mode & 0o077 == 0, "somebody's voice is nobody else's business"


def test_xtts_gives_its_first_chunk_before_the_rest_and_keeps_latents(xtts_folder, clip, tmp_path, monkeypatch):
    voice = loaded(xtts_folder)
    decoded = []
    decoder = voice._model.hifigan_decoder
    hook = decoder.register_forward_hook(lambda *_: decoded.append(1))
    speech = voice.speak("hello there", "Ana Tiny", "en", 1.0)
    first, _ = next(speech)
    assert len(decoded) == 1
    assert len(first) > 10_000
    speech.close()
    hook.remove()
    made = xtts.latents_of(voice._model, clip, tmp_path / "kept")
    monkeypatch.setattr(xtts, "_latents", lambda *_: pytest.fail("computed again"))
    again = xtts.latents_of(voice._model, clip, tmp_path / "kept")
    assert {name: tensor.shape for name, tensor in made.items()} == {
        "gpt_conditioning_latents": (1, 32, 64),
        "speaker_embedding": (1, 512, 1),
    }
    assert all(torch.equal(made[name], again[name]) for name in made)


def test_a_reference_that_is_no_sound_is_one_line(xtts_folder, tmp_path):
    noise = tmp_path / "text.wav"
    noise.write_text("not a sound")
    voice = loaded(xtts_folder)
    with pytest.raises(loading.LoadFailed) as caught:
        voice._imitate(noise, tmp_path)
    assert caught.value.code == "reference"
    assert "\n" not in str(caught.value)
