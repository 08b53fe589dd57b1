"""Arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from assistant import Context, SkillError, skill
from assistant.intent.numbers import written
from assistant.intent.slots import FLOAT
from assistant.intent.template import Alt, Node, Seq, SlotType, Word, one_of, optional, phrase, words_of

_SYMBOLS = {
    "raised to the power of": "^", "to the power of": "^", "^": "^",
    "plus": "+", "+": "+", "added to": "+", "minus": "-", "-": "-", "take away": "-",
    "times": "*", "multiplied by": "*", "x": "*", "*": "*", "×": "*",
    "divided by": "/", "over": "/", "/": "/", "÷": "/",
    "percent of": "%", "per cent of": "%", "% of": "%",
    "the square root of": "sqrt", "square root of": "sqrt", "√": "sqrt",
    "the cube root of": "cbrt", "cube root of": "cbrt",
    "squared": "²", "cubed": "³", "factorial": "!",
}  # fmt: skip
_SAID = {
    "+": "plus", "-": "minus", "*": "times", "/": "divided by", "^": "to the power of", "%": "percent of",
    "sqrt": "the square root of", "cbrt": "the cube root of", "²": "squared", "³": "cubed", "!": "factorial",
}  # fmt: skip
_IGNORED = {"$", "£", "€", "dollars", "euros"}
_LONGEST = max(len(words.split()) for words in _SYMBOLS)
_TOO_BIG = "That number is too big for me."

Term = Fraction | str


# --- reading -----------------------------------------------------------------------------------


def read(text: str) -> list[Term] | None:
    """The numbers and operators of an expression in words or signs, or None if a part is neither."""
    words = [word for word in words_of(text) if word not in _IGNORED]
    terms: list[Term] = []
    number: list[str] = []
    at = 0
    while at < len(words):
        size, symbol = _symbol(words, at)
        if size == 0:
            number.append(words[at])
        elif not _close(number, terms):
            return None
        elif symbol:
            terms.append(symbol)
        at += size or 1
    return terms if _close(number, terms) else None


def _symbol(words: Sequence[str], at: int) -> tuple[int, str]:
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        symbol = _SYMBOLS.get(" ".join(words[at : at + size]))
        if symbol:
            return size, symbol
    return 0, ""


def _close(number: list[str], terms: list[Term]) -> bool:
    """Turn the words gathered so far into a number; False if they are none."""
    if not number:
        return True
    value = math.pi if number == ["pi"] else FLOAT.parse(" ".join(number)) if FLOAT.parse else None
    number.clear()
    if value is None:
        return False
    terms.append(_exact(value))
    return True


def _exact(value: float) -> Fraction:
    return Fraction(repr(float(value)))


def _network() -> Node:
    money = optional(written("$", "£", "€"))
    number = Seq((money, Alt((FLOAT.node, Word("pi"))), optional(written("dollars", "euros"))))
    root = Seq((optional(Word("the")), one_of("square root of", "cube root of")))
    unary = Alt((Seq((Alt((root, written("√"))), number)), Seq((number, one_of("squared", "cubed", "factorial")))))
    power = Seq((optional(Word("raised")), phrase("to the power of")))
    spoken = one_of("plus", "minus", "times", "divided by", "multiplied by", "over", "take away")
    percent = Alt((phrase("percent of"), Seq((written("%"), Word("of"))), phrase("per cent of")))
    operator = Alt((spoken, power, percent, written("+", "-", "*", "x", "×", "/", "÷", "^")))
    term = Alt((number, unary))
    more = Seq((operator, term))
    tail: Node = Seq((more, more))
    for _ in range(3):
        tail = Seq((more, optional(tail)))
    return Alt((unary, Seq((term, tail))))


EXPRESSION = SlotType("expression", _network(), lambda text: text if read(text) else None)
"""Up to six numbers with operators between them; its value is the text, for :func:`read`."""


# --- evaluating --------------------------------------------------------------------------------


class _Calculation:
    """Recursive descent with the usual precedence; ``a percent of b`` binds like a product."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = list(terms)
        self._at = 0

    def run(self) -> Fraction:
        """The value.

        Raises:
            SkillError: division by zero and the like, or not an expression.
        """
        value = self._sum()
        if self._at < len(self._terms):
            raise SkillError("I can't work that out.")
        return value

    def _next(self, *symbols: str) -> str:
        if self._at < len(self._terms) and self._terms[self._at] in symbols:
            self._at += 1
            return str(self._terms[self._at - 1])
        return ""

    def _sum(self) -> Fraction:
        value = self._product()
        while sign := self._next("+", "-"):
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> Fraction:
        value = self._power()
        while sign := self._next("*", "/", "%"):
            other = self._power()
            if sign == "/" and not other:
                raise SkillError("Nothing can be divided by zero.")
            value = value / other if sign == "/" else value * other / (100 if sign == "%" else 1)
        return value

    def _power(self) -> Fraction:
        if self._next("-"):
            return -self._power()
        if root := self._next("sqrt", "cbrt"):
            return _root(self._power(), 2 if root == "sqrt" else 3)
        value = self._number()
        while sign := self._next("²", "³", "!"):
            value = _factorial(value) if sign == "!" else raised(value, Fraction(2 if sign == "²" else 3))
        return raised(value, self._power()) if self._next("^") else value

    def _number(self) -> Fraction:
        term = self._terms[self._at] if self._at < len(self._terms) else None
        if not isinstance(term, Fraction):
            raise SkillError("I can't work that out.")
        self._at += 1
        return term


def _root(value: Fraction, degree: int) -> Fraction:
    if value < 0:
        if degree == 2:
            raise SkillError("A negative number has no real square root.")
        return -_root(-value, degree)
    exact = [round(math.exp(math.log(part) / degree)) if part else 0 for part in value.as_integer_ratio()]
    if exact[1] and Fraction(exact[0] ** degree, exact[1] ** degree) == value:
        return Fraction(*exact)
    return _exact(_float(value) ** (1 / degree))


def raised(base: Fraction, exponent: Fraction) -> Fraction:
    """A power, exact where the exponent is whole.

    Raises:
        SkillError: not a real number, or too big.
    """
    if not base and exponent < 0:
        raise SkillError("Nothing can be divided by zero.")
    if base < 0 and exponent.denominator > 1:
        raise SkillError("That is not a real number.")
    if base and abs(exponent * Fraction(math.log10(abs(base)))) > 300:
        raise SkillError(_TOO_BIG)
    if exponent.denominator == 1 and abs(exponent) < 10_000:
        return Fraction(base**exponent.numerator)
    return _exact(_float(base) ** _float(exponent))


def _factorial(value: Fraction) -> Fraction:
    if value.denominator > 1 or value < 0:
        raise SkillError("Only whole numbers from zero up have a factorial.")
    if value > 170:
        raise SkillError(_TOO_BIG)
    return Fraction(math.factorial(value.numerator))


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise SkillError(_TOO_BIG) from error


# --- saying ------------------------------------------------------------------------------------


def say(value: Fraction) -> str:
    """``"84"``, ``"about 29.799"``, ``"about 1.268 times 10 to the power of 30"``."""
    if value < 0:
        shown = say(-value)
        return f"about minus {shown.removeprefix('about ')}" if shown.startswith("about") else f"minus {shown}"
    if value >= 10**15:
        digits, power = f"{_float(value):.3e}".split("e")
        shown = f"{float(digits):g} times 10 to the power of {int(power)}"
        return shown if Fraction(digits) * 10 ** int(power) == value else f"about {shown}"
    places = 3 if value >= 1 or not value else min(12, 3 - math.floor(math.log10(value)))
    rounded = round(value, places)
    shown = f"{float(rounded):.{places}f}".rstrip("0").rstrip(".") if rounded.denominator > 1 else str(rounded)
    return shown if rounded == value else f"about {shown}"


def _echo(terms: Sequence[Term]) -> str:
    words = [_SAID[term] if isinstance(term, str) else say(term).removeprefix("about ") for term in terms]
    text = " ".join("pi" if word == "3.142" else word for word in words)
    return text[0].upper() + text[1:]


def _answer(terms: Sequence[Term]) -> str:
    return f"{_echo(terms)} is {say(_Calculation(terms).run())}."


RULES = {
    "ask": "[(what's|whats|what is|what are|how much is|how much are|calculate|compute|work out|solve"
    "|[please] tell me what is|(can|could) you [please] tell me [what is])]",
}


@skill(
    "<ask> {expression} [equals] <thanks>",
    examples=[
        "what is twelve times seven",
        "what's 15 percent of 80",
        "square root of 144",
        "two to the power of ten",
        "three plus four times five",
        "2 + 2",
    ],
    slots={"expression": EXPRESSION},
    rules=RULES,
    pure=True,
)
def calculate(_ctx: Context, expression: str) -> str:
    """Work out an arithmetic expression of numbers, plus, minus, times, divided by, powers, roots and percent."""
    terms = read(expression)
    if not terms:
        raise SkillError("I can't work that out.")
    return _answer(terms)


_VERBS = {"add [up]": "+", "multiply": "*", "divide": "/", "(sum|add) up": "+"}
_NOUNS = {"sum": "+", "total": "+", "product": "*", "difference": "-", "quotient": "/"}


@skill(
    "<please> {verb:operation} {a} (and|by|with|to|times|plus) {b} [and {c}] <thanks>",
    "<ask> the {noun:operation} (of|between) {a} and {b} [and {c}] <thanks>",
    "<ask> the {noun:operation} of {a} {b} [{c}] and {d} <thanks>",
    examples=[
        "can you multiply 45 by 23",
        "add five and eighty nine",
        "what is the sum of three and four and five",
        "what is the sum of 3, 7, 9 and 24",
        "what's the difference between twenty and seven",
    ],
    slots={"verb": _VERBS, "noun": _NOUNS, "operation": _NOUNS},
    rules=RULES,
    pure=True,
)
def combine(_ctx: Context, operation: str, a: float, b: float, c: float | None = None, d: float | None = None) -> str:
    """Add (+), multiply (*), divide (/) or subtract (-) two to four numbers in a row."""
    terms: list[Term] = [_exact(a)]
    for value in (b, c, d):
        if value is not None:
            terms += [operation, _exact(value)]
    return _answer(terms)


@skill(
    "<please> (subtract|take [away]|deduct) {a} from {b} <thanks>",
    examples=["subtract 36 from fifty"],
    pure=True,
)
def subtract(_ctx: Context, a: float, b: float) -> str:
    """Subtract a from b."""
    return _answer([_exact(b), "-", _exact(a)])


@skill(
    "<ask> {percent} (percent|per cent|%) off [of] {price} [dollars|euros|pounds] <thanks>",
    examples=["what is 30 percent off 80"],
    rules=RULES,
    pure=True,
)
def discount(_ctx: Context, percent: float, price: float) -> str:
    """Take a percentage off a price."""
    left = _exact(price) * (100 - _exact(percent)) / 100
    return f"{say(_exact(percent))} percent off {say(_exact(price))} leaves {say(left)}."


_SHARES = {
    "[a] half": "1/2", "(a|one) third": "1/3", "two thirds": "2/3", "(a|one) quarter": "1/4", "twice": "2",
    "three quarters": "3/4", "(a|one) fifth": "1/5", "(a|one) tenth": "1/10", "double": "2",
}  # fmt: skip


@skill(
    "<ask> {share} [of] {number} <thanks>",
    examples=["what's a third of ninety", "half of 17", "what is twice 21"],
    slots={"share": _SHARES},
    rules=RULES,
    pure=True,
)
def part_of(_ctx: Context, share: str, number: float) -> str:
    """Tell a fraction of a number (1/2, 1/3, 3/4 …), or its double (2)."""
    result = say(Fraction(share) * _exact(number))
    return f"That's {result}."


@skill(
    "is {a} divisible by {b}",
    "(can|does) {b} (go into|divide) {a}",
    examples=["is 126 divisible by 8", "does seven go into 42"],
    pure=True,
)
def divisible(_ctx: Context, a: float, b: float) -> str:
    """Say whether one whole number divides another."""
    if not b:
        raise SkillError("Nothing can be divided by zero.")
    times, rest = divmod(_exact(a), _exact(b))
    if not rest:
        return f"Yes, {say(_exact(a))} is {say(Fraction(times))} times {say(_exact(b))}."
    return f"No, {say(_exact(a))} divided by {say(_exact(b))} leaves {say(rest)}."


@skill(
    "([<please>] help me [to]|i need [your] (help|assistance) (to|with)) [(solve|do|with)] [(this|a|some|my)] math[s]"
    " [(problem|equation)]",
    "(can|could) you (do|solve) [(a|some)] math[s] [(problem|problems|equation)]",
    examples=["help me with some math", "can you help me solve this math problem", "can you do math"],
    pure=True,
)
def maths_help(_ctx: Context) -> str:
    """Say what kind of sums can be asked."""
    return "Just say the sum, for example: what is twelve times seven, or the square root of 144."
