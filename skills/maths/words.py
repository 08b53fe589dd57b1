"""How arithmetic is spoken and written, language by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

_SIGNS = {"+": "+", "-": "-", "*": "*", "x": "*", "×": "*", "/": "/", "÷": "/", "^": "^", "√": "sqrt"}


@dataclass(frozen=True, kw_only=True)
class Words:
    """A language's words of arithmetic.

    Attributes:
        operators: between two numbers: phrase → sign; recognisers listen for these.
        also: the same, for who writes the expression, as a language model does.
        powers: "to the power of"; raised: what may come before.
        percents: "percent of"; of: what follows "%".
        before: in front of a number: phrase → sign; article: what may come before.
        after: behind a number: phrase → sign.
        pi: the number.
        money: currencies, which change nothing.
        said: sign → how it is said in an answer.
    """

    operators: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)
    powers: tuple[str, ...]
    raised: str = ""
    percents: tuple[str, ...]
    of: str
    before: Mapping[str, str]
    article: str = ""
    after: Mapping[str, str]
    pi: str = "pi"
    money: tuple[str, ...] = ("euro", "euros")
    said: Mapping[str, str]

    @cached_property
    def symbols(self) -> Mapping[str, str]:
        """Every phrase and its sign; ``^4`` is a power with its exponent."""
        found = {**_SIGNS, **self.operators, **self.also, **self.before, **self.after}
        if self.article:
            found |= {f"{self.article} {phrase}": sign for phrase, sign in self.before.items()}
        found |= dict.fromkeys((*self.percents, f"% {self.of}"), "%")
        found |= dict.fromkeys(self.powers, "^") | {f"{self.raised} {each}": "^" for each in self.powers if self.raised}
        return found

    @cached_property
    def longest(self) -> int:
        """Words in the longest phrase."""
        return max(len(phrase.split()) for phrase in self.symbols)


def _said(*words: str) -> dict[str, str]:
    return dict(zip(("+", "-", "*", "/", "^", "%", "sqrt", "cbrt", "²", "³", "!", "n!"), words, strict=False))


def _powers(pattern: str, ordinals: str) -> dict[str, str]:
    return {pattern.format(word): f"^{n}" for n, word in enumerate(ordinals.split(), 4)}


WORDS = {
    "en": Words(
        operators={
            "plus": "+", "minus": "-", "times": "*", "divided by": "/", "multiplied by": "*", "over": "/",
            "take away": "-",
        },
        also={"added to": "+"},
        powers=("to the power of",),
        raised="raised",
        percents=("percent of", "per cent of"),
        of="of",
        before={"square root of": "sqrt", "cube root of": "cbrt"},
        article="the",
        after={"squared": "²", "cubed": "³", "factorial": "!"},
        money=("dollars", "euros"),
        said=_said("plus", "minus", "times", "divided by", "to the power of", "percent of", "the square root of",
                   "the cube root of", "squared", "cubed", "factorial"),
    ),
    "de": Words(
        operators={
            "plus": "+", "minus": "-", "mal": "*", "geteilt durch": "/", "durch": "/", "multipliziert mit": "*",
            "dividiert durch": "/", "weniger": "-",
        },
        powers=("hoch",),
        percents=("prozent von", "prozent aus"),
        of="von",
        before={
            "wurzel aus": "sqrt", "quadratwurzel aus": "sqrt", "wurzel von": "sqrt", "quadratwurzel von": "sqrt",
            "dritte wurzel aus": "cbrt", "kubikwurzel aus": "cbrt",
        },
        article="die",
        after={"zum quadrat": "²", "quadrat": "²", "im quadrat": "²", "fakultät": "!"},
        money=("euro", "dollar"),
        said=_said("plus", "minus", "mal", "geteilt durch", "hoch", "Prozent von", "die Wurzel aus",
                   "die dritte Wurzel aus", "zum Quadrat", "hoch drei", "Fakultät"),
    ),
    "fr": Words(
        operators={
            "plus": "+", "moins": "-", "fois": "*", "divisé par": "/", "multiplié par": "*", "sur": "/",
            "divisée par": "/", "multipliés par": "*", "divisés par": "/",
        },
        powers=("puissance", "à la puissance", "exposant"),
        percents=("pour cent de", "pourcent de"),
        of="de",
        before={
            "racine carrée de": "sqrt", "racine de": "sqrt", "racine cubique de": "cbrt", "factorielle de": "n!",
            "factorielle": "n!",
        },
        article="la",
        after={"au carré": "²", "au cube": "³"},
        money=("euros", "euro", "dollars"),
        said=_said("plus", "moins", "fois", "divisé par", "puissance", "pour cent de", "la racine carrée de",
                   "la racine cubique de", "au carré", "au cube", "factorielle", "factorielle de"),
    ),
    "es": Words(
        operators={
            "más": "+", "menos": "-", "por": "*", "entre": "/", "dividido entre": "/", "dividido por": "/",
            "multiplicado por": "*", "partido por": "/", "mas": "+",
        },
        powers=("elevado a", "elevado a la", "a la potencia de"),
        percents=("por ciento de",),
        of="de",
        before={
            "raíz cuadrada de": "sqrt", "raíz de": "sqrt", "raíz cúbica de": "cbrt", "factorial de": "n!",
        },
        article="la",
        after={"al cuadrado": "²", "al cubo": "³", "factorial": "!"},
        money=("euros", "euro", "dólares", "pesos"),
        said=_said("más", "menos", "por", "entre", "elevado a", "por ciento de", "la raíz cuadrada de",
                   "la raíz cúbica de", "al cuadrado", "al cubo", "factorial", "el factorial de"),
    ),
    "ru": Words(
        operators={
            "плюс": "+", "минус": "-", "умножить на": "*", "разделить на": "/", "делить на": "/", "прибавить": "+",
            "отнять": "-", "умноженное на": "*", "поделить на": "/", "деленное на": "/", "помножить на": "*",
            "вычесть": "-", "х": "*", "сложить с": "+",
        },
        powers=("в степени", "в степень"),
        percents=("процентов от", "процента от", "процент от", "процентов из"),
        of="от",
        before={
            "корень из": "sqrt", "квадратный корень из": "sqrt", "корень квадратный из": "sqrt",
            "кубический корень из": "cbrt", "факториал": "n!", "факториал числа": "n!",
        },
        after={
            "в квадрате": "²", "в кубе": "³",
            **_powers("в {} степени", "четвертой пятой шестой седьмой восьмой девятой десятой"),
        },
        pi="пи",
        money=("евро", "рублей", "рубля", "рубль"),
        said=_said("плюс", "минус", "умножить на", "разделить на", "в степени", "% от",
                   "квадратный корень из", "кубический корень из", "в квадрате", "в кубе", "факториал",
                   "факториал числа"),
    ),
    "bg": Words(
        operators={
            "плюс": "+", "минус": "-", "по": "*", "делено на": "/", "умножено по": "*", "разделено на": "/",
            "пъти": "*", "х": "*",
        },
        powers=("на степен", "повдигнато на степен"),
        percents=("процента от", "процент от", "на сто от"),
        of="от",
        before={
            "корен квадратен от": "sqrt", "квадратен корен от": "sqrt", "корен от": "sqrt",
            "корен трети от": "cbrt", "кубичен корен от": "cbrt", "факториел от": "n!",
        },
        after={
            "на квадрат": "²", "на куб": "³", "факториел": "!", "на втора": "²", "на трета": "³",
            **_powers("на {}", "четвърта пета шеста седма осма девета десета"),
        },
        pi="пи",
        money=("евро", "лева", "лев"),
        said=_said("плюс", "минус", "по", "делено на", "на степен", "% от", "корен квадратен от",
                   "корен трети от", "на квадрат", "на куб", "факториел", "факториел от"),
    ),
}  # fmt: skip
"""By ISO 639-1 code."""


def words_of_language(code: str) -> Words:
    """A language's words; English ones where it has none."""
    return WORDS.get(code) or WORDS["en"]
