"""Sentences out of a token stream."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.tts.sentences import LONGEST, SentenceStream, split


def pieces(text, first_clause=None):
    return [text[span.start : span.end].strip() for span in split(text, first_clause)]


@pytest.mark.parametrize(
    "cut",
    [
        "It is five o'clock. |The sun is out.",
        "Dr. Who met Mr. and Mrs. Smith on St. John's Road. |They talked.",
        "Take fruit, e.g. apples. |Or pears, i.e. fruit.",
        "Pi is 3.14 or so. |Version 2.5.1 is out.",
        "We meet at 3 p.m. today. |Be there.",
        "We meet at 3 p.m. |Then we eat.",
        "We meet at 3 p.m.\n|then we eat.",
        "At 9 a.m. 5 people came.",
        "Bread, milk, etc. are there. |Fine.",
        "Bread, milk, etc. |Then we left.",
        "Well... maybe not. |Yes.",
        "Well… |Maybe not.",
        "Really?! |Yes! |No?",
        '"Stop!" he said. |"Why?" she asked.',
        'He said "Stop." |Then he left.',
        "(It is late.) |Go home.",
        "**Bold one.** |Next.",
        "See No. 5 on the list. |No. |That is wrong.",
        "See fig. 3 and pp. 10 to 12. |Done.",
        "J. R. R. Tolkien wrote it. |So did I. |He agreed.",
        "Go to example.org now. |Or not.",
        "The U.S. is big. |It is.",
        "Here it is:\n|- milk\n|- eggs\n|Done.",
        "1. Milk\n|2. Eggs\n|3. Bread",
        "First line\n|\nSecond line",
        "It is 5. |Then 6.",
        "Use this:\n|```\nx = 1. \ny = 2!\n```\n|Good.",
        "Ça va? |Très bien. |Ünlü.",
        "no capital. |here either.",
        "One. | Two.\t|Three.",
        "Hello 😀! |How are you?",
        "",
        "no end",
        "...",
    ],
)
def test_split(cut):
    text = cut.replace("|", "")
    assert [text[span.start : span.end] for span in split(text)] == [piece for piece in cut.split("|") if piece]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In that case, we should go, and soon.", ["In that case,", "we should go, and soon."]),
        ("Well, in that case, we go.", ["Well, in that case,", "we go."]),
        ("On May 13, 2027 it rains, they say.", ["On May 13, 2027 it rains,", "they say."]),
        ("There is one – the other left.", ["There is one –", "the other left."]),
        ("There is one thing—the other left.", ["There is one thing—", "the other left."]),
        ("Sure. One, two, three, four, five, six.", ["Sure.", "One, two, three, four, five, six."]),
        ("It costs 1,000,000 dollars, all told.", ["It costs 1,000,000 dollars,", "all told."]),
        ("It is well-known that it works; yes.", ["It is well-known that it works;", "yes."]),
    ],
)
def test_first_piece_may_end_at_a_clause(text, expected):
    assert pieces(text, 12) == expected


@pytest.mark.parametrize("text", ['He said "well, then" and', "It is **well known, though** and", "It costs 1,"])
def test_a_comma_that_may_belong_to_something_waits(text):
    stream = SentenceStream(8)
    assert stream.feed(text[: text.index(",") + 1]) == []


def test_first_clause_length_is_a_parameter():
    assert pieces("Well, in that case, we go.", 4) == ["Well,", "in that case, we go."]
    assert pieces("Well, in that case, we go.", 40) == ["Well, in that case, we go."]


def test_pieces_come_as_soon_as_they_are_certain():
    stream = SentenceStream(12)
    assert stream.feed("It is raining in ") == []
    assert stream.feed("Zürich,") == ["It is raining in Zürich,"]
    assert stream.feed(" so ") == []
    assert stream.feed("take a coat. ") == [" so take a coat. "]
    assert stream.feed("We meet at 3 p.m. ") == []
    assert stream.feed("B") == ["We meet at 3 p.m. "]
    assert stream.feed("ye") == []
    assert stream.flush() == ["Bye"]
    assert stream.flush() == []


def test_a_fenced_block_stays_whole_however_long():
    code = "```python\n" + "x = 1. \n" * 200 + "```\n"
    assert pieces("Look: \n" + code + "Done.") == ["Look:", code.strip(), "Done."]


def test_an_endless_sentence_is_cut_at_clauses_and_words():
    found = pieces("word " * 300 + ", and " * 100 + "x" * 1000)
    assert max(len(piece) for piece in found) <= LONGEST
    assert "".join(found).count("x") == 1000
    assert not any(piece.endswith("wor") for piece in found)


TEXTS = st.text(
    st.one_of(st.sampled_from(list(".!?…,;:—–-\"'”)(*_`\n\t  0123abcDrEP")), st.characters(codec="utf-8")), max_size=300
) | st.lists(
    st.sampled_from(
        [
            *("Dr. ", "e.g. ", "p.m. ", "etc. ", "No. ", "5", "3.5 ", "Hello", " he said", ". ", "! ", "...", '." '),
            *("\n", "```\n", ", ", "—", "1. ", "J. ", "word " * 90, " ", "Yes", "x" * 410),
        ]
    ),
    max_size=25,
).map("".join)


@settings(deadline=None, database=None)
@given(TEXTS, st.sampled_from([None, 1, 12]))
def test_pieces_joined_are_the_text(text, first_clause):
    spans = split(text, first_clause)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(span.end > span.start for span in spans)
    assert all(text[span.start : span.end].strip() for span in spans[:-1])


@settings(deadline=None, database=None)
@given(TEXTS, st.sampled_from([None, 1, 12]), st.lists(st.integers(1, 40), max_size=60))
def test_chunking_changes_nothing(text, first_clause, sizes):
    stream = SentenceStream(first_clause)
    found = []
    rest = text
    for size in sizes:
        found += stream.feed(rest[:size])
        rest = rest[size:]
    for letter in rest:
        found += stream.feed(letter)
    found += stream.flush()
    assert found == [text[span.start : span.end] for span in split(text, first_clause)]


def test_a_megabyte_is_quick():
    text = "A sentence of no great length. " * 33_000
    assert len(split(text)) == 33_000
