"""What language models write beside prose, said in words: LaTeX formulas, code blocks, fractions, currencies' codes,
telephone numbers. One table of words per language; amounts of money are CLDR's (Babel)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial

from assistant.intent.lang.saying import locale
from assistant.tts.rewrite import Rule, rule


@dataclass(frozen=True, slots=True)
class _Words:
    """A language's words.

    Attributes:
        code: instead of a block of code.
        over: between a fraction's parts.
        root, power: before what is under the root, and before an exponent.
        large: the sum, the integral, the product.
        bounds: of, from, to, of: "the sum from 1 to n of".
        infinity: ∞.
        minus: the sign.
        fractions: half, third, quarter, two thirds, three quarters; "and" before them; "and a half".
    """

    code: str
    over: str
    root: str
    power: str
    large: tuple[str, str, str]
    bounds: tuple[str, str, str]
    infinity: str
    minus: str
    fractions: tuple[str, ...] = ()


_WORDS = {
    "en": _Words(
        "I leave out the code.", "over", "the square root of", "to the power of",
        ("the sum", "the integral", "the product"), ("from", "to", "of"), "infinity", "minus",
    ),
    "de": _Words(
        "Den Code lasse ich weg.", "durch", "Wurzel aus", "hoch", ("Summe", "Integral", "Produkt"),
        ("von", "bis", "über"), "unendlich", "minus",
        ("einhalb", "ein Drittel", "ein Viertel", "zwei Drittel", "drei Viertel", "und ", "einhalb"),
    ),
    "fr": _Words(
        "Je passe le code.", "sur", "racine de", "puissance", ("la somme", "l'intégrale", "le produit"),
        ("de", "à", "de"), "l'infini", "moins",
        ("un demi", "un tiers", "un quart", "deux tiers", "trois quarts", "et ", "et demi"),
    ),
    "es": _Words(
        "Omito el código.", "sobre", "raíz de", "elevado a", ("la suma", "la integral", "el producto"),
        ("de", "a", "de"), "infinito", "menos",
        ("medio", "un tercio", "un cuarto", "dos tercios", "tres cuartos", "y ", "y medio"),
    ),
    "ru": _Words(
        "Код я пропускаю.", "делить на", "корень из", "в степени", ("сумма", "интеграл", "произведение"),
        ("от", "до", "по"), "бесконечность", "минус",
        ("половина", "одна треть", "одна четверть", "две трети", "три четверти", "и ", "с половиной"),
    ),
    "bg": _Words(
        "Кода пропускам.", "върху", "корен от", "на степен", ("сумата", "интегралът", "произведението"),
        ("от", "до", "на"), "безкрайност", "минус",
        ("половин", "една трета", "една четвърт", "две трети", "три четвърти", "и ", "и половина"),
    ),
}  # fmt: skip

_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)  # fmt: skip
_GREEK_CYRILLIC = (
    "альфа", "бета", "гамма", "дельта", "эпсилон", "дзета", "эта", "тета", "йота", "каппа", "лямбда", "мю", "ню",
    "кси", "пи", "ро", "сигма", "тау", "ипсилон", "фи", "хи", "пси", "омега",
)  # fmt: skip
_SIGNS = {
    "times": "×", "cdot": "×", "ast": "×", "div": "÷", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
    "neq": "≠", "ne": "≠", "approx": "≈", "sim": "≈", "to": "→", "rightarrow": "→", "Rightarrow": "→", "lt": "<",
    "gt": ">", "%": "%", "$": "$", "&": "&", "#": "#", "_": " ", "{": " ", "}": " ",
}  # fmt: skip
_SILENT = (
    "left", "right", "displaystyle", "mathrm", "mathbf", "mathit", "mathbb", "text", "textbf", "textit",
    "operatorname", "quad", "qquad", "limits", "begin", "end", "big", "Big", "bigl", "bigr",
)  # fmt: skip
_LARGE = ("sum", "int", "prod")
_GROUP = r"\{([^{}]*)\}"
_FORMULA = (
    r"\$\$(?P<a>[^$]{1,500}?)\$\$|\\\[(?P<b>.{1,500}?)\\\]|\\\((?P<c>.{1,500}?)\\\)"
    r"|(?<![\w$\\])\$(?=[^\s$])(?P<d>[^$\n]{1,200}?)(?<=[^\s\\])\$(?![\w$])"
)
_IS_MATHS = re.compile(r"[\\^_=]|^\s*-?\w{1,2}\s*$")
_DEEPEST = 6
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹⁴⁵⁶⁷⁸⁹⁻", "01456789-")
_CURRENCIES = (
    "USD|EUR|GBP|JPY|CHF|CNY|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|RUB|UAH|TRY|INR|CAD|AUD|NZD|BRL|MXN|ARS|KRW|ILS|ZAR"
)
_AMOUNT = r"\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)*"


def code_rules(language: str) -> tuple[Rule, ...]:
    """Blocks of code, of which only that they are left out is said."""
    said = f"{_WORDS[language].code}\n" if language in _WORDS else ""
    return (
        rule(r"^[ \t]*(```|~~~)[^\n]*\n(?:(?!^[ \t]*\1)[^\n]*\n)*(?:[ \t]*\1[ \t]*$|[^\n]*\Z)", said),
        rule(r"```[^`]*```", said),
    )


def maths_rules(language: str) -> tuple[Rule, ...]:
    """Formulas, before markup is taken away; what follows makes words of the signs that are left."""
    words = _WORDS.get(language)
    formula: list[Rule] = []
    if words is not None:
        formula = [(re.compile(_FORMULA, re.DOTALL), partial(_formula, words=words, language=language))]
    return (
        *formula,
        rule(r"(?<=[^\W\d_])[₀-₉]+|[₀-₉]+", lambda match: match[0].translate(_SUBSCRIPTS)),
        rule(r"(?<=\w)[⁰¹⁴-⁹⁻]+", lambda match: f"^{match[0].translate(_SUPERSCRIPTS)}"),
    )


def number_rules(language: str) -> Iterator[Rule]:
    """Telephone numbers, amounts of a currency's code, and (but in English, which has its own) fractions."""
    yield rule(r"(?<![\w+])\+(\d[\d ()/\u00a0-]{6,20}\d)(?!\d)", _telephone)
    if language in _WORDS:
        code = rf"(?<![\w.,])({_AMOUNT})[ \u00a0]?({_CURRENCIES})(?!\w)"
        yield rule(code, lambda match: _money(match[1], match[2], language))
        code = rf"(?<!\w)({_CURRENCIES})[ \u00a0]?({_AMOUNT})(?![\w,.]\d)"
        yield rule(code, lambda match: _money(match[2], match[1], language))
        if _WORDS[language].fractions:
            yield from _fractions(_WORDS[language].fractions)


def _formula(match: re.Match[str], words: _Words, language: str) -> str:
    inner = next(group for group in match.groups() if group is not None)
    if match["d"] is not None and not _IS_MATHS.search(inner):
        return match[0]
    return f" {_said(inner, words, language)} "


def _said(tex: str, words: _Words, language: str) -> str:
    """A formula with words for what has no sign; "²", "=", "×" and the like stay for the rules that follow."""
    start, end, of = words.bounds
    for name, large in zip(_LARGE, words.large, strict=True):
        bounds = rf"\\{name}(?![a-zA-Z])\s*_(?:{_GROUP}|(\w))\s*\^(?:{_GROUP}|(\\?\w+))"
        tex = re.sub(bounds, rf" {large} {start} \1\2 {end} \3\4 {of} ", tex)
        tex = re.sub(rf"\\{name}(?![a-zA-Z])", f" {large} ", tex)
    for _ in range(_DEEPEST):
        before = tex
        tex = re.sub(rf"\\[dt]?frac\s*{_GROUP}\s*{_GROUP}", rf" \1 {words.over} \2 ", tex)
        tex = re.sub(rf"\\sqrt\s*{_GROUP}", rf" {words.root} \1 ", tex)
        tex = re.sub(rf"\\(?:{'|'.join(_SILENT)})\s*{_GROUP}", r" \1 ", tex)
        tex = re.sub(r"\^\{([23])\}", r"^\1", tex)
        tex = re.sub(rf"\^{_GROUP}", rf" {words.power} \1 ", tex)
        tex = re.sub(rf"_{_GROUP}", r" \1 ", tex)
        if tex == before:
            break
    tex = re.sub(r"[-−]", f" {words.minus} ", tex)
    tex = tex.replace(r"\infty", f" {words.infinity} ")
    tex = re.sub(r"\\([a-zA-Z]+|[%$&#_{}])", lambda match: _command(match[1], language), tex)
    tex = re.sub(r"\s+", " ", re.sub(r"\\[,;:!> \\]|[{}_&]", " ", tex)).strip()
    return re.sub(r"(?<=[(\[]) | (?=[)\]^])", "", tex)


def _command(name: str, language: str) -> str:
    if name in _SILENT:
        return " "
    if name in _SIGNS:
        return f" {_SIGNS[name]} "
    lower = name.removeprefix("var").lower()
    if lower in _GREEK and language in ("ru", "bg"):
        return f" {_GREEK_CYRILLIC[_GREEK.index(lower)]} "
    return f" {lower if lower in _GREEK else name} "


def _telephone(match: re.Match[str]) -> str:
    """Digit by digit, in groups; a sum of two numbers is none."""
    groups = re.findall(r"\d+", match[1])
    if len(groups) < 3 or sum(map(len, groups)) < 8:
        return match[0]
    return "+" + ", ".join(" ".join(group) for group in groups)


def _money(number: str, code: str, language: str) -> str:
    """The currency's name for a number, by CLDR; the number stays as it is."""
    from babel.numbers import get_currency_name  # most speech has no use for it, and it takes its time

    plain = re.sub(r"[\u00a0\u202f ]", "", number)
    decimal = re.search(r"[.,](\d{1,2})$", plain)
    whole = re.sub(r"[.,]", "", plain[: decimal.start()] if decimal else plain)
    try:
        value = Decimal(f"{whole}.{decimal[1]}" if decimal else whole)
    except InvalidOperation:
        return f"{number} {code}"
    name = get_currency_name(code, value, locale=locale(language))
    return f"{number} {name}"


def _fractions(names: tuple[str, ...]) -> Iterator[Rule]:
    *parts, joint, and_half = names
    for sign, written, said in zip("½⅓¼⅔¾", ("1/2", "1/3", "1/4", "2/3", "3/4"), parts, strict=True):
        mixed = and_half if sign == "½" else joint + said
        yield rule(rf"(?<![\d/.,])(\d+) ?(?:{sign}|(?<= ){written}(?![\d/]|[.,]\d))", rf"\1 {mixed}")
        yield rule(rf"{sign}|(?<![\w/.,-]){written}(?![\w/]|[.,]\d)", said)
    if parts[0] == "medio":  # the only one of these that agrees with its noun
        yield rule(r"\bmedio(?= [a-zñáéíóú]+a\b)", "media")
