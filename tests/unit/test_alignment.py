"""Which phonemes belong to which word, where the counts agree and where words are joined or taken apart."""

from __future__ import annotations

import pytest

from assistant.tts.alignment import begin_of_words, groups_of, word_spans
from assistant.tts.piper_onnx import _usual_threads, with_durations

ALONE = {
    "Two": "tˈuː", "of": "ˈʌv", "the": "ðˈə", "best": "bˈɛst", "It": "ˈɪt", "took": "tˈʊk", "45": "fˈɔːɹɾi fˈaɪv",
    "km": "kˈɪləmˌiːɾɚz", "then": "ðˈɛn", "*": "", "I": "ˈaɪ", "would": "wˈʊd", "have": "hˈæv", "been": "bˈɪn",
}  # fmt: skip


def aligned(text: str, *sentences: str) -> list[tuple[str, str]]:
    groups = groups_of([list(each) for each in sentences])
    return [(text[a:b], group.phonemes) for (a, b), group in begin_of_words(text, groups, ALONE.__getitem__)]


def test_words_are_without_the_punctuation_around_them():
    text = "“Hello,” it's (nearly) five o'clock — or 5:30… * !"
    assert [text[a:b] for a, b in word_spans(text)] == ["Hello", "it's", "nearly", "five", "o'clock", "or", "5:30"]
    assert word_spans(" \n ") == []


def test_groups_know_their_sentence_and_place():
    found = groups_of([list("tˈuː , bˈɛst."), list(" ɪt")])
    assert [(each.phonemes, each.sentence, each.first) for each in found] == [
        ("tˈuː", 0, 0), ("bˈɛst.", 0, 7), ("ɪt", 1, 1),
    ]  # fmt: skip
    assert groups_of([[], list(".")]) == []


@pytest.mark.parametrize(
    ("text", "sentences", "expected"),
    [
        ("It took.", ["ɪt tˈʊk."], [("It", "ɪt"), ("took", "tˈʊk.")]),
        ("Two of the best.", ["tˈuː ʌvðə bˈɛst."], [("Two", "tˈuː"), ("of", "ʌvðə"), ("best", "bˈɛst.")]),
        ("It took 45 km.", ["ɪt tˈʊk fˈɔːɹɾi fˈaɪv kˈɪləmˌiːɾɚz."],
         [("It", "ɪt"), ("took", "tˈʊk"), ("45", "fˈɔːɹɾi"), ("km", "kˈɪləmˌiːɾɚz.")]),
        ("I would have been.", ["aɪ wʊdhɐv bˈɪn."], [("I", "aɪ"), ("would", "wʊdhɐv"), ("been", "bˈɪn.")]),
        ("It took. Two of the best.", ["ɪt tˈʊk.", "tˈuː ʌvðə bˈɛst."],
         [("It", "ɪt"), ("took", "tˈʊk."), ("Two", "tˈuː"), ("of", "ʌvðə"), ("best", "bˈɛst.")]),
        ("It took * then", ["ɪt tˈʊk ðˈɛn"], [("It", "ɪt"), ("took", "tˈʊk"), ("then", "ðˈɛn")]),
        ("Two", [], []),
    ],
)  # fmt: skip
def test_each_word_begins_with_its_phonemes(text, sentences, expected):
    assert aligned(text, *sentences) == expected


def test_what_is_no_network_is_left_alone():
    for data in (b"", b"\x00", b"PK\x03\x04", b"\xff" * 1000, bytes(range(256))):
        assert with_durations(data) == data


def test_one_core_of_many_stays_free():
    assert [_usual_threads(cores) for cores in (1, 2, 4, 8, 64)] == [1, 2, 3, 4, 4]
