"""Written English to spoken English, sentence by sentence, and back to where it came from."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import MissingDependency
from assistant.tts.speakable import speakable, speakable_with_map

MEASURES = {
    "It is 3 °C.": "It is 3 degrees Celsius.",
    "It is 1 °C or 34°F.": "It is 1 degree Celsius or 34 degrees Fahrenheit.",
    "It is -5°C outside": "It is minus 5 degrees Celsius outside",
    "-5": "minus 5",
    "−5 and +3": "minus 5 and plus 3",
    "90 km/h": "90 kilometres per hour",
    "Speed in km/h": "Speed in kilometres per hour",
    "20 m² and 3 m³": "20 square metres and 3 cubic metres",
    "1 kg, 1.5 kg, 200 g": "1 kilogram, 1.5 kilograms, 200 grams",
    "50%": "50 percent",
    "Humidity is 100%.": "Humidity is 100 percent.",
    "10 Mbit/s": "10 megabits per second",
    "16 GB at 3.2 GHz": "16 gigabytes at 3.2 gigahertz",
    "1h 30min": "1 hour 30 minutes",
    "the 90s": "the 90s",
    "Room 5m12": "Room 5m12",
    "1,234,567 people": "1234567 people",
    "1,234.56": "1234.56",
    "1,2,3": "1,2,3",
    "version 2.5.1": "version 2.5.1",
    ".5 is half": ".5 is half",
}

TIMES = {
    "14:05": "2 oh 5 PM",
    "14:00": "2 PM",
    "9:00": "9 o'clock",
    "9:05 am": "9 oh 5 AM",
    "0:30": "12 30 AM",
    "12:00": "12 o'clock",
    "at 6:30 p.m. today": "at 6 30 PM today",
    "at 6:30 p.m. Then": "at 6 30 PM. Then",
    "It rings at 3 p.m.": "It rings at 3 PM.",
    "12:30:15": "12 30 and 15 seconds",
    "2027-05-03": "May 3rd, 2027",
    "On 1984-11-12 it rained": "On November 12th, 19 84 it rained",
    "2027-05-03T14:05": "May 3rd, 2027 at 2 oh 5 PM",
    "2027-13-45": "2027-13-45",
    "in 1905": "in 19 oh 5",
    "since 1900": "since 19 hundred",
    "in 2027": "in 2027",
    "Jan. 5 and 6 Feb.": "January 5 and 6 February",
    "25:99": "25:99",
}

MONEY = {
    "£5.20": "5 pounds 20",
    "£5.05": "5 pounds oh 5",
    "$1": "1 dollar",
    "$1,000,000": "1000000 dollars",
    "$1.5 million": "1.5 million dollars",
    "$5k": "5 thousand dollars",
    "$0.99": "99 cents",
    "£0.01": "1 penny",
    "-$5": "minus 5 dollars",
    "5 €": "5 euros",
    "€3.00.": "3 euros.",
}

NUMBERS = {
    "3–5": "3 to 5",
    "3-5 minutes": "3 to 5 minutes",
    "3–5 °C": "3 to 5 degrees Celsius",
    "5%–10%": "5 percent to 10 percent",
    "Mon–Fri": "Mon to Fri",
    "5 - 3 = 2": "5 minus 3 equals 2",
    "2 + 2 = 4": "2 plus 2 equals 4",
    "3 * 4, 2*3, 2 × 3, 8 ÷ 2": "3 times 4, 2 times 3, 2 times 3, 8 divided by 2",
    "x² + y³": "x squared plus y cubed",
    "5 < 6 and b > a": "5 is less than 6 and b is greater than a",
    "a ≤ b ≠ c": "a is at most b is not equal to c",
    "1/2": "one half",
    "3/4 and 7/9": "3 quarters and 7 over 9",
    "2 1/2 cups, 2½ cups": "2 and a half cups, 2 and a half cups",
    "1st, 2nd and 21st": "1st, 2nd and 21st",
    "24/7": "24 7",
    "call 555-1234": "call 555 1234",
    "#5, ~20": "number 5, about 20",
}

WORDS = {
    "Dr. Who met Mr. Bean and Ms. Ray.": "Doctor Who met Mister Bean and Miz Ray.",
    "St. John lives on Baker St. now.": "Saint John lives on Baker Street now.",
    "fruit, e.g. apples, i.e. food": "fruit, for example apples, that is food",
    "milk, etc. are there, etc.": "milk, et cetera are there, et cetera.",
    "No. 5 is fig. 3. No. That is p. 7.": "number 5 is figure 3. No. That is page 7.",
    "cats vs. dogs": "cats versus dogs",
    "fish & chips": "fish and chips",
    "A &amp; B &lt;c&gt;": "A and B c",
    "he/she and/or it": "he or she and or it",
    "NASA, the BBC and TCP/IP": "NASA, the BBC and TCP IP",
    "The ETA of the LED": "The E.T.A of the L.E.D",
    "Mail jo.doe@example.org now.": "Mail jo dot doe at example dot org now.",
    "See https://www.example.org/a?b=c.": "See a link to example.org.",
    "(www.example.org/x)": "(a link to example.org)",
    "<https://example.org:8080/>": "a link to example.org",
    "a → b": "a to b",
}

MARKUP = {
    "Some **bold**, *it*, __bold__, _it_, ~~no~~ text": "Some bold, it, bold, it, no text",
    "**Cut off": "Cut off",
    "# Title\nText": "Title. Text",
    "## Closed ##\nText.": "Closed. Text.",
    "- milk\n- eggs\n- 2 l of juice": "milk. eggs. 2 litres of juice",
    "* [x] done\n* [ ] open": "done. open",
    "1. Milk\n2. Eggs": "1, Milk. 2, Eggs",
    "Line one\nLine two.\n\nLine three": "Line one. Line two. Line three",
    "You need:\n- salt": "You need: salt",
    "[the docs](https://example.org/x_(y)) say": "the docs say",
    "![a cat](cat.png) sits": "a cat sits",
    "a claim[^1].": "a claim.",
    "`code` here": "code here",
    "Look:\n```python\nx = 1\n```\nDone": "Look: I leave out the code. Done",
    "Look:\n```\nnever closed": "Look: I leave out the code.",
    "| a | b |\n|---|:-:|\n| 1 | 2 |": "a, b. 1, 2",
    "> quoted\n\n---\n\nplain": "quoted. plain",
    "line<br>break <b>bold</b>": "line break bold",
    "<speak>hi": "speak hi",
    r"\*stars\*": "stars",
    "snake_case": "snake case",
    "Great 😀!": "Great!",
    "😀, hi 👩‍👩‍👧": "hi",
    "😀": "grinning face",
    "👍🏽": "thumbs up sign",
    "": "",
    " \n\t ": "",
    "**": "",
    "...": "",
    "nul\x00 and \ud800 lone": "nul and lone",
}


@pytest.mark.parametrize(
    ("written", "spoken"),
    [pair for table in (MEASURES, TIMES, MONEY, NUMBERS, WORDS, MARKUP) for pair in table.items()],
)
def test_speakable(written, spoken):
    assert speakable(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [("**Sono 3 °C** & 5 €", "Sono 3 °C & 5 €"), ("- Latte\n- [Uova](x)", "Latte. Uova"), ("Bene 😀.", "Bene.")],
)
def test_other_languages_lose_only_their_markup(written, spoken):
    assert speakable(written, "it-IT") == spoken


def test_language_codes_may_have_a_region():
    assert speakable("3 °C", "en-GB") == "3 degrees Celsius"


def test_plain_text_stays_as_it_is():
    for text in ("It is five o'clock.", "Well, it's a well-known fact: I do!", "Café Zürich, naïve – why?", "PM or AM"):
        assert speakable(text) == text


@pytest.mark.parametrize(
    ("written", "word", "source"),
    [
        ("It is 3 °C, and windy.", "Celsius", "3 °C"),
        ("It is 3 °C, and windy.", "windy", "windy"),
        ("**Bold** at 14:05 😀 ok", "oh", "14:05"),
        ("**Bold** at 14:05 😀 ok", "Bold", "Bold"),
        ("**Bold** at 14:05 😀 ok", "ok", "ok"),
        ("See [the docs](https://example.org) now", "docs", "docs"),
        ("Pay £5.20 to Dr. Who", "20", "£5.20"),
        ("Pay £5.20 to Dr. Who", "Doctor", "Dr."),
        ("10-20%", "percent", "20%"),
    ],
)
def test_a_spoken_word_leads_back_to_what_was_written(written, word, source):
    spoken = speakable_with_map(written)
    at = spoken.text.index(word)
    start, end = spoken.source(at, at + len(word))
    assert written[start:end] == source


def test_what_was_heard_in_terms_of_the_original():
    written = "**It** is 3 °C & [windy](http://x.org) today. 😀"
    spoken = speakable_with_map(written)
    assert spoken.text == "It is 3 degrees Celsius and windy today."
    heard = [written[: spoken.heard(spoken.text.index(word) + len(word))] for word in ("It", "Celsius", "windy")]
    assert heard == ["**It", "**It** is 3 °C", "**It** is 3 °C & [windy"]
    assert spoken.heard(0) == 0
    assert spoken.heard(len(spoken.text)) == len(written)


def test_marks_of_the_engine_lead_back_too():
    from assistant.tts.espeak import Engine

    try:
        engine = Engine()
    except MissingDependency as error:
        pytest.skip(str(error))
    written = "Dr. Müller says **3 °C** at 14:05."
    spoken = speakable_with_map(written)
    marks = [mark for chunk in engine.speak(spoken.text) for mark in chunk.marks]
    sources = [written[slice(*spoken.source(mark.start, mark.end))] for mark in marks]
    assert list(dict.fromkeys(sources)) == ["Dr.", "Müller", "says", "3 °C", "at", "14:05"]


PARTS = [*MEASURES, *TIMES, *MONEY, *NUMBERS, *WORDS, *MARKUP, "\n", " ", "*", "`", "[", "]("]


@settings(deadline=None, database=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PARTS), max_size=6).map(" ".join)))
def test_the_map_is_whole_and_in_order(text):
    spoken = speakable_with_map(text)
    assert len(spoken.starts) == len(spoken.ends) == len(spoken.text)
    assert list(spoken.starts) == sorted(spoken.starts)
    assert list(spoken.ends) == sorted(spoken.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(spoken.starts, spoken.ends, strict=True))
    assert spoken.text == spoken.text.strip()
    assert "\n" not in spoken.text


@pytest.mark.parametrize(
    "unit",
    ["1", " ", "**", "*a ", "# ", "[", "`", "1.", "1,000", "a@", "|", "- ", "😀", "\n", "&", "-", "<b", "1/2 ", "(x"],
)
def test_hostile_repetition_takes_linear_time(unit):
    began = time.process_time()
    speakable(unit * (40_000 // len(unit)))
    assert time.process_time() - began < 4
