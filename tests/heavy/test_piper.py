"""The real piper-tts on tiny voices whose sound tells what was said (tests/make_tiny_piper.py)."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import wave
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("piper", reason="piper-tts is not installed")

from assistant import cli, paths, registry
from assistant.audio.decode import decode
from assistant.audio.mixer import Mixer
from assistant.config import load
from assistant.errors import ConfigError, EngineError, MissingModel
from assistant.runtime.clock import VirtualLoop
from assistant.runtime.worker import InlineWorker
from assistant.session.speaker import Speaker
from assistant.tts import piper
from assistant.tts.base import Style, in_style
from assistant.tts.piper import Engine, Options, find_voice
from assistant.tts.piper_onnx import open_session, with_durations
from assistant.voicing import choose_tts
from tests.make_tiny_piper import HOP, SPEAKERS, phoneme_ids, tables
from tests.ttscontract import TtsContract, samples_of

pytestmark = pytest.mark.heavy

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny-piper"
ENGLISH, GERMAN = TINY / "en_US-tiny-medium.onnx", TINY / "de_DE-tiny-low.onnx"
LONG = (
    "A very long sentence begins here with a clause, and goes on for quite some time, until the end of it all comes, "
    "or so it seemed to those who were listening to it on that day."
)


@pytest.fixture(scope="module", params=[ENGLISH, GERMAN], ids=["durations", "no-durations"])
def engine(request) -> Engine:
    return Engine(Options(voice=str(request.param)))


class TestPiper(TtsContract):
    pass


@pytest.fixture(scope="module")
def english() -> Engine:
    return Engine(Options(voice=str(ENGLISH)))


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Path:
    """Both voices among the assistant's models."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for voice in (ENGLISH, GERMAN):
        folder = paths.models_dir() / f"piper-{voice.stem}"
        folder.mkdir(parents=True)
        for file in (voice, voice.with_name(f"{voice.name}.json")):
            shutil.copy(file, folder)
    return paths.models_dir()


def marked(engine: Engine, text: str) -> list[tuple[str, int]]:
    return [(text[mark.start : mark.end], mark.sample) for chunk in engine.speak(text) for mark in chunk.marks]


def pitch(samples: np.ndarray) -> int:
    """Cycles in a frame of the tone at the beginning."""
    spectrum = np.abs(np.fft.rfft(samples[:HOP].astype(float)))
    return int(spectrum[1:].argmax()) + 1


def test_each_word_begins_where_its_mark_is(english):
    """To the frame: at each mark there is the tone of the word's first phoneme, and silence before it."""
    text = "Hello, it is five o'clock."
    samples = samples_of(list(english.speak(text)))
    cycles = tables(phoneme_ids())[1]
    found = marked(english, text)
    assert [word for word, _ in found] == ["Hello", "it", "is", "five", "o'clock"]
    for (word, at), phoneme in zip(found, "hɪɪfə", strict=True):
        begin = at + np.flatnonzero(np.abs(samples[at : at + 3 * HOP].astype(int)) > 200)[0]
        assert begin - at <= 2 * HOP, f"{word}: a stress mark or nothing before it"
        if word != "o'clock":
            assert pitch(samples[begin - 1 :]) == cycles[phoneme_ids()[phoneme][0]]
        assert at == found[0][1] or not samples[at - HOP : at].any()


def test_words_that_are_run_together_share_the_mark_of_the_first(english):
    assert [word for word, _ in marked(english, "Two of the best.")] == ["Two", "of", "best"]


def test_a_word_that_is_read_as_several_has_one_mark(english):
    assert [word for word, _ in marked(english, "It took 45 km, then 3.5 more.")] == [
        "It", "took", "45", "km", "then", "3.5", "more",
    ]  # fmt: skip


def test_marks_without_durations_are_near_those_with(english, monkeypatch):
    text = "Set a timer for ten minutes please."
    exact = marked(english, text)
    estimating = Engine(Options(voice=str(ENGLISH)))
    monkeypatch.setattr(estimating._piper, "session", open_plain(ENGLISH))  # as a voice whose graph does not tell them
    guessed = marked(estimating, text)
    assert [word for word, _ in exact] == [word for word, _ in guessed]
    assert exact != guessed
    length = len(samples_of(list(english.speak(text))))
    assert max(abs(a - b) for (_, a), (_, b) in zip(exact, guessed, strict=True)) < 0.1 * length


def open_plain(file: Path):
    import onnxruntime

    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def test_durations_become_an_output_where_the_graph_has_them():
    assert [each.name for each in open_session(ENGLISH).get_outputs()] == ["output", "w_ceil"]
    assert [each.name for each in open_session(GERMAN).get_outputs()] == ["output"]
    twice = with_durations(with_durations(ENGLISH.read_bytes()))
    assert twice == with_durations(ENGLISH.read_bytes())
    for broken in (b"", b"not a model", ENGLISH.read_bytes()[:1000], b"\xff" * 100):
        assert with_durations(broken) == broken


def test_the_first_chunk_begins_with_sound_and_pauses_follow_the_punctuation(english):
    for text, pause in (("Hello there.", 0.2), ("Hello there,", 0.1), ("Hello there", 0.05), ("Really?", 0.2)):
        samples = samples_of(list(english.speak(text)))
        audible = np.flatnonzero(np.abs(samples.astype(int)) >= 100)
        assert audible[0] <= english.rate * 5 // 1000
        silence = (len(samples) - 1 - audible[-1]) / english.rate
        assert pause <= silence <= pause + 0.021
    longer = Engine(Options(voice=str(ENGLISH), sentence_silence=0.7))
    assert len(samples_of(list(longer.speak("Hello.")))) - len(samples_of(list(english.speak("Hello.")))) == round(
        0.5 * english.rate
    )


def test_rate_and_length_scale_change_the_length(english):
    def length(**options) -> int:
        return len(samples_of(list(Engine(Options(voice=str(ENGLISH), **options)).speak("The weather is fine today."))))

    usual = length()
    assert length(rate=2.0) < 0.7 * usual
    assert length(length_scale=2.0) > 1.6 * usual
    assert length(rate=2.0, length_scale=2.0) == usual
    faster = in_style(english, Style(rate=2.0))
    assert len(samples_of(list(faster.speak("The weather is fine today.")))) == length(rate=2.0)
    assert len(samples_of(list(english.speak("The weather is fine today.")))) == usual


def test_speakers_by_name_and_number():
    def tone(speaker) -> int:
        samples = samples_of(list(Engine(Options(voice=str(ENGLISH), speaker=speaker)).speak("Ah")))
        return pitch(samples[np.flatnonzero(np.abs(samples.astype(int)) > 200)[0] - 1 :])

    assert tone("high") == tone(2) == tone("2") == tone(None) + 12
    with pytest.raises(ConfigError, match=r"^tts\.speaker: the voice has no speaker 'hihg'; did you mean 'high'\?$"):
        Engine(Options(voice=str(ENGLISH), speaker="hihg"))
    with pytest.raises(ConfigError, match=r"has no speaker 3; known are: high, low, middle$"):
        Engine(Options(voice=str(ENGLISH), speaker=3))
    assert Engine(Options(voice=str(GERMAN), speaker=0)).rate == 16_000
    assert len(SPEAKERS) == 3


def test_long_sentences_begin_with_a_short_piece(english):
    chunks = list(english.speak(LONG))
    assert len(chunks) == 3
    assert chunks[0].seconds < 0.4 * sum(chunk.seconds for chunk in chunks)
    words = [LONG[mark.start : mark.end] for chunk in chunks for mark in chunk.marks]
    assert words[:8] == ["A", "very", "long", "sentence", "begins", "here", "with", "a"]
    assert words[-1] == "day"


def test_pieces_cover_any_text():
    for text in (LONG, LONG * 20, "word " * 500, "na" * 2000, "a, " * 300, "Yes. No, or: yes; maybe!", ",,,, " * 99):
        pieces = list(piper._pieces(text))
        assert "".join(text[start:end] for start, end in pieces).strip() == text.strip()
        assert max(end - start for start, end in pieces) <= 240


def test_voices_are_found_by_name_path_and_language(installed):
    named = installed / "piper-de_DE-tiny-low" / "de_DE-tiny-low.onnx"
    for voice in ("de_DE-tiny-low", "piper-de_DE-tiny-low", str(named), str(named.parent)):
        assert find_voice(voice) == named
    assert find_voice(None, "de") == named
    assert find_voice(None, "en").stem == "en_US-tiny-medium"
    assert find_voice() == named, "the first by name, as neither is in the catalogue"
    with pytest.raises(MissingModel, match=r"Fetch it with: assistant models pull piper-fr_FR-siwis-medium$"):
        find_voice(None, "fr")
    with pytest.raises(MissingModel, match=r"Fetch it with: assistant models pull piper-en_US-lessac-medium$"):
        find_voice("en_US-lessac-medium")
    with pytest.raises(ConfigError, match=r"no Piper voice 'de_DE-tiny-lwo'; did you mean 'de_DE-tiny-low'\?$"):
        find_voice("de_DE-tiny-lwo")
    with pytest.raises(ConfigError, match=r"^tts\.voice: There is no Piper voice at /nowhere/x\.onnx$"):
        find_voice("/nowhere/x.onnx")
    assert registry.obstacle(registry.find("tts", "piper")) is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.onnx", b"", "x.onnx cannot be loaded; fetch it again"),
        ("x.onnx", b"no network", "x.onnx cannot be loaded; fetch it again"),
        ("x.onnx", ENGLISH.read_bytes()[:2000], "x.onnx cannot be loaded; fetch it again"),
        ("x.onnx.json", b"{", "x.onnx.json cannot be read"),
        ("x.onnx.json", b"[]", "x.onnx.json does not hold settings"),
        ("x.onnx.json", b"{}", "x.onnx.json does not hold a Piper voice's settings"),
        ("x.onnx.json", {"audio": {"sample_rate": 100}}, "x.onnx.json: a sample rate of 100 Hz cannot be played"),
        ("x.onnx.json", {"phoneme_type": "klingon"}, "does not hold a Piper voice's settings"),
        ("x.onnx.json", {"phoneme_type": "pinyin"}, "for which Piper alone is not enough"),
        ("x.onnx.json", {"num_speakers": 1}, "x.onnx is not a Piper voice that works"),
    ],
)
def test_a_damaged_voice_is_one_clear_line(tmp_path, name, content, said):
    shutil.copy(ENGLISH, tmp_path / "x.onnx")
    shutil.copy(f"{ENGLISH}.json", tmp_path / "x.onnx.json")
    if isinstance(content, dict):
        content = json.dumps(json.loads((tmp_path / "x.onnx.json").read_text()) | content).encode()
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EngineError) as caught:
        Engine(Options(voice=str(tmp_path / "x.onnx")))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_many_threads_speak_alike(english):
    texts = ["One two three.", "Guten Tag.", LONG, "Is it five?"]
    alone = [samples_of(list(english.speak(text))) for text in texts]
    together: dict[int, np.ndarray] = {}

    def work(index: int) -> None:
        together[index] = samples_of(list(english.speak(texts[index])))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(together[index], alone[index]) for index in range(len(texts)))


@pytest.mark.usefixtures("installed")
def test_say_writes_the_whole_chain_into_a_file(tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text("tts: {engine: piper, voice: en_US-tiny-medium, loudness: null}")
    cli.load_commands([])
    done = CliRunner().invoke(
        cli.app, ["say", "It is five. Set a timer!", "--out", str(tmp_path / "o.wav"), "--config", str(file)]
    )
    assert done.exit_code == 0, done.output
    samples = decode(tmp_path / "o.wav")
    assert 1.5 < len(samples) / 16_000 < 5
    assert np.abs(samples.astype(int)).max() > 3000


@pytest.mark.usefixtures("installed")
def test_the_voice_is_swapped_by_the_command_that_chooses_one(tmp_path):
    cli.load_commands([])

    def said() -> int:
        out = tmp_path / "o.wav"
        done = CliRunner().invoke(cli.app, ["say", "It is five.", "--out", str(out)])
        assert done.exit_code == 0, done.output
        with wave.open(str(out)) as opened:
            return opened.getframerate()

    def use(*arguments: str) -> str:
        done = CliRunner().invoke(cli.app, ["voices", "use", *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert "tts.voice: (not set) → en_US-tiny-medium\n" in use("en_US-tiny-medium", "--speaker", "high")
    assert said() == 22_050
    paths.user_config().write_text("language: de\n" + paths.user_config().read_text())
    assert "tts.voice: en_US-tiny-medium → de_DE-tiny-low\n  tts.speaker: high → (not set)\n" in use("de_DE-tiny-low")
    assert said() == 16_000


def test_a_voice_that_is_damaged_does_not_silence_the_assistant(installed, tmp_path, caplog):
    for file in installed.glob("*/*.onnx"):
        file.write_bytes(file.read_bytes()[:1000])
    cli.load_commands([])
    for engine in ("auto", "piper"):
        paths.config_dir().mkdir(parents=True, exist_ok=True)
        paths.user_config().write_text(f"tts: {{engine: {engine}}}")
        out = tmp_path / f"{engine}.wav"
        done = CliRunner().invoke(cli.app, ["say", "It is five.", "--out", str(out)])
        assert done.exit_code == 0, done.output
        assert len(decode(out)) > 8_000
        assert "cannot be loaded; fetch it again" in caplog.text
        caplog.clear()


@pytest.mark.usefixtures("installed")
def test_a_sample_of_a_voice_is_played_into_a_file(tmp_path):
    cli.load_commands([])
    done = CliRunner().invoke(cli.app, ["voices", "play", "de_DE-tiny-low", "--out", str(tmp_path / "o.wav")])
    assert done.exit_code == 0, done.output
    assert len(decode(tmp_path / "o.wav")) > 3 * 16_000


@pytest.mark.usefixtures("installed")
def test_auto_takes_piper_and_each_language_its_own_voice():
    loaded = load(env={"ASSISTANT_TTS__LOUDNESS": "null"}, user=False)
    name, voice = choose_tts(loaded)
    assert (name, voice.rate) == ("piper", 22_050)
    german = load(env={"ASSISTANT_LANGUAGE": "de", "ASSISTANT_TTS__LOUDNESS": "null"}, user=False)
    name, voice = choose_tts(german)
    assert (name, voice.rate) == ("piper", 16_000)


def test_an_interruption_keeps_the_words_that_were_heard(english):
    """On virtual time, through the speaker and the mixer: what sounded to its end, to the word."""
    text = "Set a timer for ten minutes please."
    marks = marked(english, text)
    rate = english.rate
    heard = {}

    async def interrupt(after: float) -> str:
        mixer = Mixer(rate)
        speech = Speaker(english, InlineWorker("tts"), mixer, "en").begin()

        async def sentences():
            yield text

        saying = asyncio.create_task(speech.say(sentences()))
        block = rate // 100
        for _ in range(round(after * 100)):
            await asyncio.sleep(0.01)
            mixer.pull(block)
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)
        return speech.heard()

    for index in (2, 4, 6):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            heard[index] = runner.run(interrupt(marks[index][1] / rate + 0.05))
    assert heard == {2: "Set a", 4: "Set a timer for", 6: "Set a timer for ten minutes"}
