"""What the paraphrase classifier keeps of what it has learnt."""

import subprocess
import sys

import numpy as np
import pytest

from assistant.intent import learnt, paraphrase
from assistant.intent.paraphrase import Paraphrases

SENTENCES = [
    (f"{verb} the {thing} {more}".strip(), thing)
    for thing in ("lamp", "radio", "heater", "door", "blind", "fan")
    for verb in ("start", "please stop", "look at")
    for more in ("", "now", "in the hall")
]
NONE = ("tell me a story", "who was that", "what a day")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(learnt, "folder", lambda: tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def trained(monkeypatch):
    """How often something was learnt."""
    times = []
    real = paraphrase.train
    monkeypatch.setattr(paraphrase, "train", lambda *args: times.append(1) or real(*args))
    return times


def guess(sentences=SENTENCES):
    return Paraphrases(sentences, NONE).guesses("could you start the radio")


@pytest.mark.usefixtures("folder")
def test_the_same_sentences_are_learnt_once_and_mean_the_same(trained):
    first = guess()
    learning = len(trained)
    assert guess() == first
    assert len(trained) == learning
    assert first[0].intent == "radio"


@pytest.mark.usefixtures("folder")
def test_other_sentences_are_learnt_anew(trained):
    guess()
    learning = len(trained)
    guess([*SENTENCES, ("switch the lamp on", "lamp")])
    assert len(trained) > learning


def test_a_damaged_file_is_learnt_again(folder):
    first = guess()
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert guess() == first
    assert np.load(file)["weights"].ndim == 2


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(learnt, "folder", lambda: tmp_path / "file" / "kept")
    assert guess()[0].intent == "radio"


def test_only_the_newest_are_kept(folder, monkeypatch):
    monkeypatch.setattr(learnt, "_FILES", 2)
    for word in ("red", "green", "blue", "white"):
        guess([*SENTENCES, (f"make it {word}", "lamp")])
    assert len(list(folder.glob("*"))) == 2


def test_the_order_of_features_does_not_depend_on_the_process():
    script = (
        "from assistant.intent.features import Vectorizer\n"
        "print(Vectorizer(['set a timer', 'stop the music']).vector('set the music').at.tolist())"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}, check=True,
                       capture_output=True, text=True).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0] == runs[1]
