"""Voices are measured with the real speaker and mixer; a gap is what the output lacked, to the sample."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant.audio.chunk import RATE, AudioChunk
from assistant.audio.mixer import Mixer
from assistant.bench import tts as tts_bench
from assistant.bench import tts_figures
from assistant.bench.tts import Outcome, Said
from assistant.bench.tts_output import Heard, Output, Slowed, Whole
from assistant.bench.tts_texts import REPLIES
from assistant.commands.bench import app
from assistant.errors import AssistantError
from assistant.tts.base import SpeechChunk
from assistant.tts.sentences import split

BLOCK = RATE // 100


def test_ten_replies_are_three_sentences_each():
    assert len(REPLIES) == 10
    for reply in REPLIES:
        text = " ".join(reply)
        assert [text[span.start : span.end].strip() for span in split(text)] == list(reply)
    lengths = [len(sentence) for reply in REPLIES for sentence in reply]
    assert min(lengths) < 12
    assert max(lengths) > 90


def test_a_gap_is_what_the_output_lacked_between_two_sounds():
    mixer = Mixer(RATE)
    voice = mixer.play("speech")
    output = Output(mixer, voice, to_the_end=True)
    sound, pause = np.full(10 * BLOCK, 3_000, np.int16), np.zeros(20 * BLOCK, np.int16)

    def pull(blocks):
        for _ in range(blocks):
            output.pull(BLOCK)

    pull(5)
    assert (output.gaps, output.first) == ([], None), "nothing has begun"
    voice.write(AudioChunk(np.concatenate([sound, pause]), RATE))
    pull(30)
    assert output.gaps == [], "a pause of the voice's own is none"
    assert output.first is not None
    pull(7)
    voice.write(AudioChunk(sound[: BLOCK // 2], RATE))
    pull(1)
    voice.write(AudioChunk(sound, RATE))
    pull(10)
    pull(2)
    voice.write(AudioChunk(sound, RATE))
    voice.end()
    pull(20)
    assert output.gaps == [7 * BLOCK + BLOCK // 2, 2 * BLOCK]


@pytest.mark.parametrize("other", [Whole, lambda voice: Slowed(voice, 0.0)])
def test_nothing_is_handed_on_before_all_of_it_is_made(other):
    made = []

    class Two:
        rate = RATE

        def speak(self, text):
            for word in text.split():
                made.append(word)
                yield SpeechChunk(np.full(BLOCK, len(made), np.int16), RATE, len(made) * BLOCK)

    chunks = other(Two()).speak("good night")
    assert int(next(chunks).samples[0]) == 1
    assert made == ["good", "night"]
    assert [int(chunk.samples[0]) for chunk in chunks] == [2]


def test_the_command_measures_espeak(monkeypatch):
    monkeypatch.setattr(tts_bench, "REPLIES", (("Yes.", "No.", "Go."),) * 2)
    result = CliRunner().invoke(app, ["tts", "--voice", "espeak", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["left_out"] == {}
    espeak = found["voices"]["espeak"]
    assert (espeak["sentences"], espeak["replies"], espeak["played_to_the_end"]) == (6, 2, 1)
    assert 0.6 < espeak["speech_s"] < 12
    for name in ("first_ms", "whole_sentence_ms", "cached_ms", "reply_streamed_ms", "reply_whole_ms"):
        assert espeak[name]["median"] > 0, name


def test_without_names_it_takes_what_is_there_and_says_what_is_not(monkeypatch):
    monkeypatch.setattr(tts_bench, "PREFERRED", ("coqui", "espeak"))
    monkeypatch.setenv("ASSISTANT_TTS__COQUI__PYTHON", "/nowhere/python")
    monkeypatch.setattr(tts_bench, "_say", lambda _contestant, _reply, **_: None)
    result = CliRunner().invoke(app, ["tts", "--replies", "1", "--json"])
    found = json.loads(result.stdout)
    assert list(found["voices"]) == ["espeak"]
    assert list(found["left_out"]) == ["coqui"]


@pytest.mark.parametrize("name", ["piper:/nowhere/voice.onnx", "nonsense", "espeak:nonsense"])
def test_a_voice_that_is_named_must_be_there(name):
    result = CliRunner().invoke(app, ["tts", "--voice", name])
    assert isinstance(result.exception, AssistantError)
    assert "\n" not in str(result.exception)


def test_figures_are_json_and_make_tables():
    said = [Said(0.05, 0.5, 2.0), Said(0.15, 2.5, 1.0)]
    outcome = Outcome(1.0, said, [Said(0.002, 0.003, 2.0)], [Heard(0.1, None), Heard(0.3, (0.025, 0.5))],
                      [Heard(1.0, ()), Heard(1.0, ())])  # fmt: skip
    voices = tts_figures.figures({"slow": outcome, "mute": Outcome(0.1)})
    slow = json.loads(json.dumps(voices))["slow"]
    assert slow["first_ms"]["median"] == 100
    assert slow["real_time_factor"]["all"] == 1.0
    assert slow["streamed_to_whole"] == 0.2
    assert (slow["gaps"], slow["longest_gap_ms"]) == (2, 500.0)
    slow["real_time_factor"]["all"] = 1.2
    shown = list(tts_figures.tables({"voices": {**voices, "slow": slow}, "left_out": {"piper": "it is not there"}}))
    assert [table.row_count for table in shown[:2]] == [3, 3]
    assert "gaps: slow" in shown[2]
    assert shown[3] == "piper is left out: it is not there"
