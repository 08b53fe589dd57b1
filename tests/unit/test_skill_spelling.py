"""Spelling: letter by letter, in every alphabet."""

from __future__ import annotations

import pytest

from tests.unit.fewskills import kept
from tests.unit.skillkit import ask, intent


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "how do you spell necessary", "necessary is spelled N, E, C, E, S, S, A, R, Y."),
        ("en", "spell the word don't for me", "don't is spelled D, O, N, T."),
        ("en", "how do you spell ice cream", "ice cream is spelled I, C, E; C, R, E, A, M."),
        ("de", "wie schreibt man Straße", "Straße schreibt man so: S, T, R, A, ß, E."),
        ("fr", "comment s'écrit Noël", "Noël s'écrit : N, O, Ë, L."),
        ("fr", "comment s'écrit aujourd'hui", "aujourd'hui s'écrit : A, U, J, O, U, R, D, H, U, I."),
        ("es", "cómo se deletrea pingüino", "pingüino se escribe así: P, I, N, G, Ü, I, N, O."),
        ("ru", "как пишется ёлка", "ёлка пишется так: Ё, Л, К, А."),
        ("bg", "как се пише щъркел", "щъркел се пише така: Щ, Ъ, Р, К, Е, Л."),
    ],
)
def test_words_are_spelt_letter_by_letter(language: str, text: str, answer: str) -> None:
    assert ask(text, skills=kept("spelling", language=language)) == answer


def test_what_has_no_letters_or_far_too_many_costs_one_sentence() -> None:
    skills = kept("spelling")
    assert ask("how do you spell " + "floccinaucinihilipilification " * 4, skills=skills).startswith("That's too long")
    assert ask("how do you spell €", skills=skills) == "There are no letters in that."


def test_other_skills_keep_their_sentences() -> None:
    assert intent("how do you spell time") == "spelling.spell"
    assert intent("spell the word timer") == "spelling.spell"
