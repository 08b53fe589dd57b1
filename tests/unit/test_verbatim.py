"""Free text keeps the capitals and commas that the user wrote."""

from __future__ import annotations

import pytest

from assistant.intent.answers import Expectation
from assistant.intent.verbatim import as_written


@pytest.mark.parametrize(
    ("words", "sentence", "written"),
    [
        ("milk eggs and bread", "Add Milk, eggs and Bread to my list", "Milk, eggs and Bread"),
        ("mama anzurufen", "Erinnere mich daran, Mama anzurufen!", "Mama anzurufen"),
        ("ann", "tell Ann that Ann is late", "Ann"),
        ("d' appeler maman", "rappelle-moi d'appeler Maman", "d'appeler Maman"),
        ("tea", "nothing of the kind", "tea"),
        ("", "anything", ""),
    ],
)
def test_the_part_of_a_sentence_with_some_words(words: str, sentence: str, written: str) -> None:
    assert as_written(words, sentence) == written


def test_an_answer_in_any_words_is_as_it_was_written() -> None:
    assert Expectation(str).read("Call Ann, then Bob.") == ("Call Ann, then Bob",)
