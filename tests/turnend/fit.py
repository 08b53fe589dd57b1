"""Fit the weights of the turn-end models and say how well they do on speech they were not fitted on.

Usage: ``python -m tests.turnend.fit [--libri] [--smart-turn FILE]``; about three minutes, ``--libri`` five more.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.turnend import delivery, wording
from assistant.turnend.base import Thresholds
from assistant.turnend.patience import Patience
from assistant.turnend.smart_turn import Engine, Options
from assistant.vad.silero import Engine as Silero
from tests.turnend import clips, sentences
from tests.turnend.examples import Example, examples
from tests.turnend.logistic import Array, auc, fit, logit, predict
from tests.turnend.measure import table, waits

HELD_OUT = ("coffee", "lj", "short")


def fit_words() -> dict[str, float]:
    """Weights of the last word's classes, and the AUC on each corpus left out."""
    data = {name: sentences.design(texts) for name, texts in sentences.corpora().items()}
    for out in data:
        x, y = (np.concatenate(parts) for parts in zip(*(data[name] for name in data if name != out), strict=True))
        print(f"words, {out} held out: AUC {auc(predict(data[out][0], fit(x, y)), data[out][1]):.3f}")
    x, y = (np.concatenate(parts) for parts in zip(*data.values(), strict=True))
    print(f"words: {int(y.sum())} sentences")
    return dict(zip((*sentences.COLUMNS, "bias"), fit(x, y).round(2).tolist(), strict=True))


def word_scores(found: Sequence[Example], weights: dict[str, float]) -> Array:
    """Log odds from the words, shape (examples,)."""
    scores = []
    for each in found:
        features = wording.features(each.text) or {"content": 1.0}
        scores.append(weights["bias"] + sum(weights[name] * value for name, value in features.items()))
    return np.array(scores)


def cross_validate(name: str, found: Sequence[Example], x: Array) -> Array:
    """Leave one corpus out at a time.

    Returns:
        Every example's wait in seconds, by weights and thresholds that never saw its corpus.
    """
    y = np.array([each.over for each in found], float)
    corpus = np.array([each.corpus for each in found])
    natural = np.array([each.kind != "cut" for each in found])
    known = np.isin(corpus, HELD_OUT)
    weights = fit(x[known], y[known])
    probabilities, waited = predict(x, weights), np.zeros(len(found))
    for out in HELD_OUT:
        train, test = known & (corpus != out), corpus == out
        elsewhere = fit(x[train], y[train])
        probabilities[test] = predict(x[test], elsewhere)
        patience = Patience(operating_points(predict(x[train], elsewhere)[y[train] == 1]))
        waited[test] = waits(patience, probabilities[test])
        whole, only = auc(probabilities[test], y[test]), auc(probabilities[test & natural], y[test & natural])
        print(f"{name}, {out} held out: AUC {whole:.3f}; against natural pauses only {only:.3f}")
    thresholds = operating_points(probabilities[y == 1])
    waited[~known] = waits(Patience(thresholds), probabilities[~known])
    print(f"{name}: weights on everything {weights.round(3).tolist()}, {thresholds}")
    return waited


def operating_points(ends: Array) -> Thresholds:
    """What 98 of 100 and 50 of 100 ends reach."""
    likely, sure = np.quantile(ends, (0.02, 0.5)).round(2).tolist()
    return Thresholds(likely, sure)


def smart_turn(found: Sequence[Example], file: str) -> Array:
    """Smart Turn's own probabilities, from the sound alone."""
    engine = Engine(Options(model=file))
    began = time.perf_counter()
    heard = np.array([engine.from_sound(each.audio) for each in found])
    print(f"smart_turn: {(time.perf_counter() - began) / len(found) * 1000:.0f} ms a call")
    return heard


def gather(libri: bool) -> list[Example]:
    """Every example of every corpus."""
    voice = Silero()
    with tempfile.TemporaryDirectory() as folder:
        spoken = [*clips.lj(Path(folder)), *clips.short(Path(folder)), *clips.coffee_orders()]
    return list(examples(spoken + (list(clips.libri()) if libri else []), voice))


def report(found: list[Example], model: str | None) -> None:
    """Fit everything and print it."""
    weights = fit_words()
    print("words:", weights)
    words = word_scores(found, weights)
    began = time.perf_counter()
    heard = [delivery.features(each.audio) for each in found]
    print(f"delivery: {(time.perf_counter() - began) / len(found) * 1000:.1f} ms a call")
    sound = np.array([[each[name] for name in delivery.NAMES] for each in heard])
    candidates = {"prosody": np.column_stack((sound, words)), "sound only": sound, "words only": words[:, None]}
    if model is not None:
        own = smart_turn(found, model)
        candidates |= {"smart_turn": np.column_stack((logit(own), words)), "smart_turn alone": logit(own)[:, None]}
    rows = {name: cross_validate(name, found, x) for name, x in candidates.items()}
    print(*(f"{kind}: {sum(each.kind == kind for each in found)}" for kind in ("end", "pause", "cut")))
    for corpora in (HELD_OUT, ("libri",)):
        chosen = [at for at, each in enumerate(found) if each.over or each.corpus in corpora]
        if corpora == HELD_OUT or any(not found[at].over for at in chosen):
            part = {name: waited[chosen] for name, waited in rows.items()}
            print(f"pauses of {', '.join(corpora)}:", *table([found[at] for at in chosen], part), sep="\n  ")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--libri", action="store_true", help="LibriSpeech's pauses, too")
    parser.add_argument("--smart-turn", help="the ONNX file of Smart Turn v3")
    arguments = parser.parse_args()
    report(gather(arguments.libri), arguments.smart_turn)
