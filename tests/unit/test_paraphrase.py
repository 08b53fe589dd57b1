"""The few-shot classifier: what it learns, how sure it is, and when it knows that it is none of these."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.intent.certainty import Certainty
from assistant.intent.features import Vectorizer, piece_features, plain_words, word_features
from assistant.intent.paraphrase import Paraphrases
from assistant.intent.svm import NO_CLASS, Vector, scores, train

KNOWN = {
    "timer": ["set a timer for ten minutes", "start a timer", "count down from twenty minutes", "i need a timer",
              "begin a countdown of five minutes", "timer for one hour", "time me for three minutes", "new timer"],
    "weather": ["will it rain tomorrow", "what is the weather like", "how warm is it outside", "do i need an umbrella",
                "is it going to snow", "weather forecast for monday", "how cold will it be tonight", "is it sunny out"],
    "music": ["play some jazz", "put on a song", "i want to hear music", "play my favourite album", "start a playlist",
              "play something quiet", "let me hear that song again", "music please"],
    "lights": ["turn on the lamp", "switch the light off", "make it brighter in here", "dim the lights", "lights out",
               "turn the bedroom lamp on", "it is too dark", "brighten the lamp"],
    "alarm": ["wake me at seven", "set an alarm for six", "get me up at eight", "alarm tomorrow morning",
              "i have to wake up at five", "wake me up early", "put an alarm on nine", "alarm for monday at seven"],
    "joke": ["tell me a joke", "make me laugh", "say something funny", "do you know any jokes", "another joke",
             "i want to hear a joke", "be funny", "joke please"],
}  # fmt: skip
SENTENCES = [(text, intent) for intent, texts in KNOWN.items() for text in texts]
STRANGE = ["the treaty was signed in vienna", "my cousin breeds horses", "seventeen is a prime", "photosynthesis",
           "who painted the ceiling of that chapel", "their economy shrank last quarter"]  # fmt: skip


@pytest.fixture(scope="module")
def learnt() -> Paraphrases:
    return Paraphrases(SENTENCES)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("could you start a countdown timer of eight minutes", "timer"),
        ("is it going to rain on monday", "weather"),
        ("play that album again", "music"),
        ("switch on the bedroom light", "lights"),
        ("wake me up tomorrow at nine", "alarm"),
        ("do you know a funny joke", "joke"),
    ],
)
def test_it_understands_what_it_was_not_told(learnt: Paraphrases, text: str, intent: str) -> None:
    guess = learnt.guesses(text)[0]
    assert guess.intent == intent
    assert guess.certainty > 0.5


def test_strange_sentences_are_none_of_these(learnt: Paraphrases) -> None:
    assert [text for text in STRANGE if (found := learnt.guesses(text)) and found[0].certainty > 0.4] == []


def test_what_it_knows_is_surer_than_what_it_does_not(learnt: Paraphrases) -> None:
    own = [learnt.guesses(text)[0].certainty for text, _ in SENTENCES]
    other = [found[0].certainty if (found := learnt.guesses(text)) else 0.0 for text in STRANGE]
    assert min(own) > max(other)


def test_words_that_nobody_knows_mean_nothing(learnt: Paraphrases) -> None:
    assert learnt.guesses("xyzzy plugh") == []
    assert learnt.guesses("") == []


def test_guesses_fall_off(learnt: Paraphrases) -> None:
    found = learnt.guesses("play some jazz", 4)
    assert len(found) == 4
    assert [guess.certainty for guess in found] == sorted((guess.certainty for guess in found), reverse=True)
    assert len({guess.intent for guess in found}) == 4


def test_the_same_sentences_teach_the_same(learnt: Paraphrases) -> None:
    again = Paraphrases(SENTENCES)
    for text in (*STRANGE, "play the timer", "is it dark outside"):
        assert again.guesses(text, 6) == learnt.guesses(text, 6)


def test_sentences_that_mean_nothing_can_be_named() -> None:
    text = "play chess with my cousin"
    before = Paraphrases(SENTENCES).guesses(text)[0].certainty
    none = ["play chess with me", "a game of chess with my cousin", "chess with somebody", "we play chess", *STRANGE]
    found = Paraphrases(SENTENCES, none).guesses(text)
    assert not found or found[0].certainty < before


@pytest.mark.parametrize("few", [[], SENTENCES[:1], SENTENCES[:16], SENTENCES[::9]])
def test_with_too_little_to_learn_from_it_is_never_sure(few: list[tuple[str, str]]) -> None:
    found = Paraphrases(few).guesses("set a timer for ten minutes")
    assert not found or found[0].certainty < 0.5


class Colours:
    """An encoder of a kind: each word is a direction of its own, but colours are all the same one."""

    size = 32

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = []
        for text in texts:
            row = np.zeros(self.size, np.float32)
            for word in text.split():
                colour = word in ("red", "crimson", "scarlet", "blue", "azure", "teal")
                row[0 if colour else 1 + hashlib.md5(word.encode()).digest()[0] % (self.size - 1)] += 1
            rows.append(row / max(float(np.linalg.norm(row)), 1e-6))
        return np.stack(rows)


def test_embeddings_tell_what_letters_do_not() -> None:
    paint = [("red", "paint"), ("crimson", "paint"), ("scarlet", "paint"), ("blue", "paint")]
    plain, helped = Paraphrases([*SENTENCES, *paint]), Paraphrases([*SENTENCES, *paint], encoder=Colours())
    assert plain.guesses("azure") == []
    assert helped.guesses("azure please")[0].intent == "paint"


# --- its parts -----------------------------------------------------------------------------------


def test_numbers_are_alike_and_words_have_edges() -> None:
    assert plain_words("Set 5 timers for twenty Minutes!") == ["set", "#", "timers", "for", "#", "minutes"]
    assert list(word_features(["a", "b"])) == ["a", "b", "^ a", "a b", "b $"]
    assert list(piece_features(["of"])) == ["~_of", "~of_", "~_of_"]
    assert "~lar" in piece_features(["alarm"])


def test_vectors_have_two_halves_of_unit_length_and_a_constant() -> None:
    vectorizer = Vectorizer(["play some jazz", "play a song"])
    vector = vectorizer.vector("play some jazz")
    assert vector.values @ vector.values == pytest.approx(3.0)
    assert len(set(vector.at.tolist())) == len(vector.at)
    assert vector.at.max() == vectorizer.size - 1
    nothing = vectorizer.vector("")
    assert nothing.at.tolist() == [vectorizer.size - 1]
    assert vectorizer.known("play some jazz") == 1.0
    assert 0.0 < vectorizer.known("play some blues") < 1.0
    assert vectorizer.known("") == 0.0


def row(*values: float) -> Vector:
    return Vector(np.arange(len(values)), np.array(values, np.float32))


def test_machines_separate_what_can_be_separated() -> None:
    rows = [row(1, 0, 1), row(0.9, 0.1, 1), row(0, 1, 1), row(0.1, 0.9, 1), row(-1, -1, 1)]
    weights = train(rows, [0, 0, 1, 1, NO_CLASS], 3, cost=10, epochs=200)
    found = np.stack([scores(weights, each) for each in rows])
    assert weights.shape == (3, 2)
    assert (found.argmax(1)[:4] == [0, 0, 1, 1]).all()
    assert (found[4] < 0).all()


def test_machines_reach_the_optimum() -> None:
    """At the optimum the gradient of the primal, 1/2 |w|^2 + C sum max(0, 1 - ys)^2, is nought."""
    dice = np.random.default_rng(3)
    matrix = dice.normal(size=(30, 4)).astype(np.float32)
    classes = dice.integers(0, 3, 30)
    weights = train([row(*each) for each in matrix], classes.tolist(), 4, cost=0.7, epochs=300)
    signs = np.where(classes[:, None] == np.arange(3), 1.0, -1.0)
    slack = np.maximum(0, 1 - signs * (matrix @ weights))
    gradient = weights - 2 * 0.7 * matrix.T @ (signs * slack)
    assert np.abs(gradient).max() < 1e-3


def test_certainty_is_a_probability_that_follows_the_signs() -> None:
    dice = np.random.default_rng(5)
    right = dice.random(600) < 0.3
    signs = np.stack([right + dice.normal(0, 0.6, 600), dice.normal(size=600)], 1)
    certainty = Certainty.learn(signs.tolist(), right.tolist())
    chances = np.array([certainty.of(each) for each in signs])
    assert chances[right].mean() > 0.6
    assert chances[~right].mean() < 0.4
    assert certainty.of([3.0, 0.0]) > 0.95
    assert certainty.of([-3.0, 0.0]) < 0.05
    assert abs(certainty.weights[1]) < 0.5 < certainty.weights[0]
