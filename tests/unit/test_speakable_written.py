"""What language models write: formulas, code, tables, currencies' codes, telephone numbers, fractions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.tts.speakable import speakable, speakable_with_map

LANGUAGES = ("en", "de", "fr", "es", "ru", "bg")

FORMULAS = {
    r"The area is $A = \pi r^2$.": "The area is A equals pi r squared.",
    r"\(x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}\)": "x equals minus b plus or minus the square root of b squared "
    "minus 4ac over 2a",
    r"\[E = mc^2\]": "E equals mc squared",
    r"$$\sum_{i=1}^{n} i = \frac{n(n+1)}{2}$$": "the sum from i equals 1 to n of i equals n(n plus 1) over 2",
    r"$\int_0^\infty x$": "the integral from 0 to infinity of x",
    r"$\alpha \leq \beta$ and $n$": "alpha is at most beta and n",
    r"$x_1 \times 10^{-3}$": "x 1 times 10 to the power of minus 3",
    r"$\text{speed} \approx 3 \cdot 10^8$": "speed is about 3 times 10 to the power of 8",
    r"\( \left( \frac{1}{2} \right) \)": "(1 over 2)",
    "2^10 is 1024, H₂O, 10⁶": "2 to the power of 10 is 1024, H2O, 10 to the power of 6",
    "It costs $5 and $10 more.": "It costs 5 dollars and 10 dollars more.",
    "from $5 to 10$": "from 5 dollars to 10$",
    "The variables $HOME and $PATH": "The variables $HOME and $PATH",
}

SENTENCES = {
    "en": {
        "3x faster": "3 times faster",
        "5 CHF, 20 USD, EUR 3, 1 GBP": "5 Swiss francs, 20 US dollars, 3 euros, 1 British pound",
        "Call +49 30 123456.": "Call plus 4 9, 3 0, 1 2 3 4 5 6.",
        "Here:\n```python\nprint(1)\n```\nDone.": "Here: I leave out the code. Done.",
    },
    "de": {
        "1/2 l, 2 1/2 und ¾": "einhalb l, 2 einhalb und drei Viertel",
        "2 EL Öl, 1 TL Salz": "2 Esslöffel Öl, ein Teelöffel Salz",
        "5 CHF, 20 USD": "5 Schweizer Franken, 20 US-Dollar",
        "Ruf +49 30 123456 an.": "Ruf plus 4 9, 3 0, 1 2 3 4 5 6 an.",
        "am 12.05. um 8 Uhr": "am zwölften Mai um 8 Uhr",
        "Hauptstr. 5": "Hauptstraße 5",
        r"$\frac{1}{2} + x^3$": "1 durch 2 plus x hoch drei",
        "So:\n```\nx\n```": "So: Den Code lasse ich weg.",
    },
    "fr": {
        "2 1/2 et 3/4": "2 et demi et trois quarts",
        "20 USD, 3 EUR": "20 dollars des États-Unis, 3 euros",
        "52 av. J.-C.": "52 avant Jésus-Christ",
        r"$\sqrt{2} \neq 1$": "racine de 2 est différent de 1",
        "Voici :\n```\nx\n```": "Voici: Je passe le code.",
    },
    "es": {
        "1/2 taza, 1/2 litro, 2 1/2": "media taza, medio litro, 2 y medio",
        "20 USD, 1 EUR": "20 dólares estadounidenses, un euro",
        r"$10^{-3}$": "10 elevado a menos 3",
        "Así:\n```\nx\n```": "Así: Omito el código.",
    },
    "ru": {
        "1/2 стакана и 2 1/2": "половина стакана и 2 с половиной",
        "20 USD, 21 EUR": "20 долларов США, 21 евро",
        "прибл. 3 км": "приблизительно 3 километра",
        r"$\alpha^2$": "альфа в квадрате",
        "Вот:\n```\nx\n```": "Вот: Код я пропускаю.",
    },
    "bg": {
        "1/2 чаша и 2 1/2": "половин чаша и 2 и половина",
        "20 USD": "20 щатски долара",
        r"$\pi r^2$": "пи r на квадрат",
        "Ето:\n```\nx\n```": "Ето: Кода пропускам.",
    },
}

REPLY = """## Weather

Here is the **forecast** for *Berlin* 😀:

| Day | High |
|-----|-----:|
| Mon | 21°C |
| Tue | 18°C |

- First, `stir` it
- [x] Then see [the docs](https://example.com/a/b?c=d)

> 1. ~~One~~ <b>Two</b> &amp; \\*three\\*

---
The end[^1]."""


@pytest.mark.parametrize(("written", "spoken"), FORMULAS.items())
def test_a_formula_is_said(written, spoken):
    assert speakable(written) == spoken


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [(language, *pair) for language, pairs in SENTENCES.items() for pair in pairs.items()],
)
def test_what_is_written_is_said(language, written, spoken):
    assert speakable(written, language) == spoken


def test_a_reply_of_a_language_model_has_no_markup_left():
    assert speakable(REPLY) == (
        "Weather. Here is the forecast for Berlin: Day, High. Mon, 21 degrees Celsius. Tue, 18 degrees Celsius. "
        "First, stir it. Then see the docs. 1, One Two and three. The end."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_markup_is_left_in_any_language(language):
    said = speakable(REPLY, language)
    assert not set("#|`[]<>~😀") & set(said)
    assert "http" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=st.text(alphabet="$\\{}^_()[] frac12sqrt+-=x\n`~|3/4½€USD,.", max_size=80))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_it_and_every_word_has_an_origin(language, text):
    made = speakable_with_map(text, language)
    assert len(made.starts) == len(made.ends) == len(made.text)
    assert all(0 <= start <= end <= len(text) for start, end in zip(made.starts, made.ends, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_formulas_take_no_time(language):
    for text in ("$" * 5_000, r"\frac{" * 2_000, "\\(" * 2_000, "$x" * 2_000 + "^", "{" * 5_000, "+1 " * 3_000):
        assert isinstance(speakable(text[:10_000], language), str)
