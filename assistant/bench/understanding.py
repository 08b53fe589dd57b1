"""How well sentences are understood that nobody wrote a template for, and what hassil alone makes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from hassil import Intents, recognize
from numpy.typing import NDArray

from assistant.bench.sentences import Clinc, Labelled, folds
from assistant.intent.paraphrase import Paraphrases
from assistant.intent.template import words_of

Advance = Callable[[int], None]
"""Called with the number of parts that have begun."""

_OOS_RECALL = 0.6
_FOLDS = 5
_CERTAIN = (0.1, 0.2, 0.5)


def on_clinc(data: Clinc, beside: int, advance: Advance) -> dict[str, Any]:
    """Train on the training part, test on the validation part.

    A sentence in scope counts when its intent is guessed right and surely enough; one out of scope when it is not
    taken for anything. Shown at the threshold that refuses 60 % of the latter, and at fixed ones.

    Args:
        beside: how many of the validation sentences hassil is given, with the training sentences as its templates.
    """
    began = time.thread_time()
    learnt = Paraphrases(data.train, data.oos_train)
    took = time.thread_time() - began
    advance(2)
    began = time.thread_time()
    certain, right = _guess(learnt, data.val)
    each = (time.thread_time() - began) / max(len(data.val), 1)
    outside, _ = _guess(learnt, [(text, "") for text in data.oos_val])
    advance(3)
    points = {"oos_60": float(np.quantile(outside, _OOS_RECALL, method="higher"))}
    points |= {f"certainty_{least:g}": least for least in _CERTAIN}
    found = {
        "intents": len(learnt.intents),
        "train": len(data.train),
        "train_s": round(took, 1),
        "ms_per_sentence": round(each * 1000, 2),
        "accuracy": _share(right),
        "points": {name: _point(least, certain, right, outside) for name, least in points.items()},
        "hassil": _hassil(data.train, data.val[:: max(1, len(data.val) // beside)], data.oos_val),
    }
    advance(4)
    return found


def _point(least: float, certain: NDArray[Any], right: NDArray[Any], outside: NDArray[Any]) -> dict[str, float]:
    return {
        "threshold": round(least, 3),
        "in_scope": _share(right & (certain > least)),
        "oos_recall": _share(outside <= least),
    }


def on_hwu(labelled: Sequence[Labelled], advance: Advance) -> dict[str, Any]:
    """Accuracy of the first guess in five folds, nothing refused."""
    shares = []
    for train, test in folds(labelled, _FOLDS):
        _, right = _guess(Paraphrases(train), test)
        shares.append(_share(right))
        advance(len(shares) + 1)
    return {
        "intents": len({intent for _, intent in labelled}),
        "sentences": len(labelled),
        "folds": shares,
        "accuracy": round(float(np.mean(shares)), 4),
    }


def _guess(learnt: Paraphrases, labelled: Sequence[Labelled]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """How certain each first guess is, and whether it is right."""
    firsts = [(learnt.guesses(text, 1), intent) for text, intent in labelled]
    certain = np.array([found[0].certainty if found else 0.0 for found, _ in firsts])
    return certain, np.array([bool(found) and found[0].intent == intent for found, intent in firsts])


def _hassil(train: Sequence[Labelled], tested: Sequence[Labelled], outside: Sequence[str]) -> Mapping[str, Any]:
    intents = as_intents(train)
    right, refused = [], []
    began = time.thread_time()
    for text, intent in tested:
        found = recognize(" ".join(words_of(text)), intents)
        right.append(found is not None and found.intent.name == intent)
    each = (time.thread_time() - began) / max(len(tested), 1)
    refused = [recognize(" ".join(words_of(text)), intents) is None for text in outside]
    return {
        "tested": len(tested),
        "in_scope": _share(right),
        "oos_recall": _share(refused),
        "ms_per_sentence": round(each * 1000, 2),
    }


def as_intents(templates: Sequence[Labelled], lists: Mapping[str, Any] | None = None) -> Intents:
    """Templates as hassil has them."""
    own: dict[str, list[str]] = {}
    for text, intent in templates:
        own.setdefault(intent, []).append(text)
    data = {intent: {"data": [{"sentences": texts}]} for intent, texts in own.items()}
    return Intents.from_dict({"language": "en", "intents": data, "lists": dict(lists or {})})


def _share(truths: Any) -> float:
    return round(float(np.mean(truths)), 4) if len(truths) else 0.0
