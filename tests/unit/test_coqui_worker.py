"""The Coqui worker's protocol, its restarts and the engine around it, with a worker that holds tones in place of torch.

The worker is a real process at real pipes; only its voice is made up. With the real library: tests/heavy.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ConfigError, EngineError, InputError, MissingDependency
from assistant.tts import coqui
from assistant.tts.base import SpeechChunk, Style
from assistant.tts.coqui import Engine, Options
from assistant.tts.coqui_client import Client, Restarts
from assistant.tts.coqui_link import ProcessLink
from assistant.tts.coqui_running import Refused
from assistant.tts.coqui_worker import frames, words
from tests.ttscontract import TtsContract, samples_of

ROOT = Path(__file__).resolve().parents[2]
FAKE = ROOT / "tests" / "fake_coqui.py"
ORDER = {"latents": "/nonexistent", "idle": 0}
SENTENCE = 5 * 4000


def fake(*arguments: str) -> list[str]:
    return [sys.executable, str(FAKE), str(ROOT), *arguments]


class Links:
    """Starts fake workers and keeps them at hand."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.all: list[ProcessLink] = []

    def __call__(self) -> ProcessLink:
        self.all.append(ProcessLink(fake(*self.arguments)))
        return self.all[-1]


@pytest.fixture
def links():
    return Links()


@pytest.fixture
def client(links):
    client = Client(links, dict(ORDER))
    yield client
    client.close()


def spoken(engine: Engine, text: str) -> tuple[np.ndarray, list[SpeechChunk]]:
    chunks = list(engine.speak(text))
    return samples_of(chunks), chunks


def said(client: Client, text: str) -> int:
    return sum(len(samples) for samples, _ in client.speak({"text": text}))


def test_frames_go_through_a_pipe_whole():
    stream = io.BytesIO()
    sent = [
        ({"is": "audio", "id": 3, "marks": [[0, 5, 12]]}, b"\x01\x02"),
        ({"do": "speak", "text": "Zürich ☕\n"}, b""),
    ]
    for header, payload in sent:
        frames.write(stream, header, payload)
    stream.seek(0)
    assert [frames.read(stream), frames.read(stream)] == sent
    assert frames.read(stream) is None


def test_a_frame_that_breaks_off_is_the_end():
    stream = io.BytesIO()
    frames.write(stream, {"is": "audio"}, b"1234")
    whole = stream.getvalue()
    assert all(frames.read(io.BytesIO(whole[:length])) is None for length in range(len(whole)))


@pytest.mark.parametrize(
    "junk", [b"Downloading 12 %|######", b"\x00\x00\x00\x02\x00\x00\x00\x00[]", b"\0\0\0\1\0\0\0\0{"]
)
def test_what_is_no_frame_is_refused(junk):
    with pytest.raises(ValueError):
        frames.read(io.BytesIO(junk))


def test_words_without_their_punctuation():
    text = "“Well,” it's 5 o'clock — 25 °C … (yes)!"
    assert [text[start:end] for start, end in words.spans(text)] == ["Well", "it's", "5", "o'clock", "25", "C", "yes"]


def test_words_are_set_at_their_own_groups_or_near():
    text = "two of the best"
    found = words.spans(text)
    assert words.align(text, [(0, 2), (400, 2), (600, 2), (800, 4)], 1200) == [0, 400, 600, 800]
    assert words.align(text, [(0, 2), (400, 4), (800, 4)], 1200) == [0, 400, 571, 800], "of the is one group"
    groups = [(0, 2), (100, 6), (300, 6), (500, 7), (700, 2), (800, 2)]
    assert words.align("in 2026 it is", groups, 1000) == [0, 100, 700, 800], "twenty twenty-six is three"
    assert words.align(text, [(80, 3)], 1580) == [80 + first for first in words.spread(found, 1500)]
    assert words.align(text, [], 1500) == words.spread(found, 1500) == [0, 375, 656, 1031]


def test_a_sentence_is_whole_and_the_next_one_too(client, links):
    ready = client.start()
    assert (ready.rate, ready.speakers, ready.device) == (8000, ("anna", "ben"), "cpu")
    assert [said(client, "one"), said(client, "print two")] == [SENTENCE, SENTENCE]
    assert len(links.all) == 1


def test_a_closed_sentence_is_stopped_inside(client, tmp_path):
    """The worker waits for a file before its second piece; when it goes on, the sentence has been cancelled."""
    gate = tmp_path / "gate"
    client._order["latents"] = str(gate)
    speech = client.speak({"text": "slow"})
    samples, marks = next(speech)
    assert (len(samples), marks) == (4000, [[0, 1, 0]])
    speech.close()
    gate.touch()
    assert said(client, "next") == SENTENCE


def test_sentences_from_two_threads_do_not_mix(client):
    heights: dict[str, set[int]] = {}

    def speak(speaker: str) -> None:
        parts = [samples for _ in range(4) for samples, _ in client.speak({"text": "x", "speaker": speaker})]
        heights[speaker] = {int(np.count_nonzero(np.diff(np.signbit(part)))) for part in parts}

    threads = [threading.Thread(target=speak, args=(name,)) for name in ("anna", "ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heights == {"anna": {127}, "ben": {254}}


def test_killed_in_mid_sentence_is_one_error_and_the_next_sentence_is_spoken(client, links, tmp_path):
    client._order["latents"] = str(tmp_path / "never")
    speech = client.speak({"text": "slow"})
    next(speech)
    links.all[0].process.send_signal(signal.SIGKILL)
    with pytest.raises(EngineError, match=r"the worker died \(signal 9\); it is started again$") as caught:
        list(speech)
    assert caught.value.code == "crashed"
    assert said(client, "next") == SENTENCE
    assert len(links.all) == 2


def test_a_worker_that_dies_says_its_last_words(client):
    with pytest.raises(EngineError, match=r"exit code 9: Segmentation fault, nearly"):
        said(client, "die")


def test_a_worker_that_always_dies_is_given_up_for_a_while(links):
    now = [0.0]
    client = Client(links, dict(ORDER), Restarts(most=2, seconds=60, clock=lambda: now[0]))
    for _ in range(2):
        with pytest.raises(EngineError, match="exit code 9"):
            said(client, "die")
    with pytest.raises(EngineError, match=r"died 2 times within 60 s \(exit code 9: Segmentation fault, nearly\)"):
        said(client, "one")
    assert len(links.all) == 2
    now[0] = 61.0
    assert said(client, "one") == SENTENCE
    client.close()


def test_a_sentence_that_fails_leaves_the_worker_at_work(client, links):
    with pytest.raises(EngineError, match=r"RuntimeError: the tensors do not fit$") as caught:
        said(client, "fail")
    assert caught.value.code == "failed"
    assert said(client, "next") == SENTENCE
    assert len(links.all) == 1


def test_idle_it_ends_and_is_started_when_it_is_needed(links):
    client = Client(links, {**ORDER, "idle": 0.05})
    assert said(client, "one") == SENTENCE
    assert links.all[0].process.wait(30) == 0
    assert said(client, "two") == SENTENCE
    assert len(links.all) == 2
    client.close()


def test_it_ends_with_its_parent():
    link = ProcessLink(fake())
    frames.write(link.sink, {"do": "load", **ORDER})
    header = frames.read(link.source)
    assert header is not None
    link.sink.close()
    assert link.process.wait(30) == 0
    link.source.close()


def test_closing_ends_the_process_and_every_thread(links):
    before = set(threading.enumerate())
    client = Client(links, dict(ORDER))
    assert said(client, "one") == SENTENCE
    speech = client.speak({"text": "one"})
    next(speech)
    client.close()
    links.all[0].process.wait(30)
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
        assert not thread.is_alive()
    with pytest.raises(EngineError, match="the voice was closed"):
        said(client, "two")


def test_what_it_cannot_load_it_says():
    client = Client(Links("espeak: no espeak backend"), dict(ORDER))
    with pytest.raises(Refused) as caught:
        client.start()
    assert (caught.value.code, str(caught.value)) == ("espeak", "no espeak backend")
    client = Client(Links("exit"), dict(ORDER))
    with pytest.raises(EngineError, match=r"died while it loaded \(exit code 3"):
        client.start()


@pytest.fixture
def voice(tmp_path):
    folder = tmp_path / "voice"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model": "vits", "languages": ["en"]}))
    (folder / "model_file.pth").write_bytes(b"weights")
    return folder


@pytest.fixture
def engine(voice, monkeypatch):
    monkeypatch.setattr(coqui, "command", lambda _python: fake())
    made = []

    def make(**options):
        made.append(Engine(Options(voice=str(voice), python=sys.executable, **options)))
        return made[-1]

    yield make
    for each in made:
        each.close()


class TestContract(TtsContract):
    @pytest.fixture
    def engine(self, engine):
        return engine()


def test_speakers_have_names_and_numbers(engine):
    assert [engine(speaker=wanted)._speaker for wanted in (None, "Ben", 1, "1", 0)] == [
        "anna",
        "ben",
        "ben",
        "ben",
        "anna",
    ]
    with pytest.raises(ConfigError, match=r"tts\.speaker: this voice has no 'bem'; did you mean 'ben'\?"):
        engine(speaker="bem")
    with pytest.raises(ConfigError, match=r"tts\.speaker: this voice has no 2"):
        engine(speaker=2)


def test_a_long_text_is_spoken_in_pieces_with_marks_at_their_words(engine):
    text = "  This sentence has about forty letters.  " * 5
    samples, chunks = spoken(engine(), text)
    assert len(samples) == 5 * SENTENCE
    marks = [mark for chunk in chunks for mark in chunk.marks]
    assert [text[mark.start] for mark in marks] == ["T"] * 5
    assert [mark.sample for mark in marks] == [index * SENTENCE for index in range(5)]


def test_another_manner_is_another_speed_from_the_same_worker(engine):
    first = engine()
    faster = first.styled(Style(rate=2.0))
    assert len(spoken(faster, "one")[0]) == SENTENCE // 2
    assert len(spoken(first, "one")[0]) == SENTENCE
    assert faster._client is first._client


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ("missing", MissingDependency, r"-m pip install coqui-tts torch torchaudio$"),
        ("espeak", MissingDependency, r"sudo apt-get install espeak-ng$"),
        ("no_cuda", ConfigError, r"tts\.coqui\.device: cuda cannot be used here \(why\); set it to auto$"),
        ("bad_model", EngineError, r"model_file\.pth cannot be loaded \(why\); fetch it again$"),
    ],
)
def test_what_the_worker_refuses_is_one_line_that_says_what_to_do(voice, monkeypatch, code, kind, message):
    monkeypatch.setattr(coqui, "command", lambda _python: fake(f"{code}: why"))
    with pytest.raises(kind, match=message) as caught:
        Engine(Options(voice=str(voice), python=sys.executable))
    assert "\n" not in str(caught.value)


def test_a_reference_needs_consent(voice, tmp_path):
    clip = tmp_path / "me.wav"
    clip.write_bytes(b"RIFF")
    with pytest.raises(ConfigError, match=rf"Agree once with: assistant voices consent {clip}$"):
        Engine(Options(voice=str(voice), python=sys.executable, reference=clip))


def test_xtts_needs_its_licence(tmp_path):
    folder = tmp_path / "x"
    folder.mkdir()
    for name in ("model.pth", "vocab.json"):
        (folder / name).touch()
    (folder / "config.json").write_text('{"model": "xtts"}')
    with pytest.raises(ConfigError, match=r"non-commercial use only\. Agree once with: assistant voices consent cpml$"):
        Engine(Options(voice=str(folder), python=sys.executable))


def test_the_other_interpreter_must_be_there(voice):
    with pytest.raises(ConfigError, match=r"tts\.coqui\.python: there is no interpreter /nowhere/python"):
        Engine(Options(voice=str(voice), python="/nowhere/python"))


def test_errors_of_files_come_before_the_worker():
    with pytest.raises(InputError, match="There is no voice folder /nowhere/at/all"):
        Engine(Options(voice="/nowhere/at/all", python=sys.executable))


def test_the_command_holds_nothing_of_this_environment(monkeypatch):
    """Another environment must not be given this one's packages."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    link = ProcessLink(
        [sys.executable, "-c", "import os; print(os.environ.get('PYTHONPATH'), os.getpgid(0) == os.getpid())"]
    )
    assert link.source.read().split() == [b"None", b"True"]
    link.process.wait(30)
    link.sink.close()
    link.source.close()
    assert os.environ["PYTHONPATH"] == str(ROOT)
