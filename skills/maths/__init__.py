"""Arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant import Context, SkillError, skill

from .evaluating import Calculation, Unsolvable
from .reading import EXPRESSION, Term, exact, read
from .saying import echo, result

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
def calculate(ctx: Context, expression: str) -> str:
    """Work out an arithmetic expression of numbers, plus, minus, times, divided by, powers, roots and percent."""
    terms = read(expression, ctx.language)
    if not terms:
        raise SkillError(ctx.reply("cannot"))
    return _answer(ctx, terms)


def _answer(ctx: Context, terms: Sequence[Term]) -> str:
    try:
        value = result(ctx, Calculation(terms).run())
    except Unsolvable as error:
        raise SkillError(ctx.reply(str(error))) from error
    return ctx.reply("is", expression=echo(ctx, terms), result=value)


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
def combine(ctx: Context, operation: str, a: float, b: float, c: float | None = None, d: float | None = None) -> str:
    """Add (+), multiply (*), divide (/) or subtract (-) two to four numbers in a row."""
    terms: list[Term] = [exact(a)]
    for value in (b, c, d):
        if value is not None:
            terms += [operation, exact(value)]
    return _answer(ctx, terms)


@skill(
    "<please> (subtract|take [away]|deduct) {a} from {b} <thanks>",
    examples=["subtract 36 from fifty"],
    pure=True,
)
def subtract(ctx: Context, a: float, b: float) -> str:
    """Subtract a from b."""
    return _answer(ctx, [exact(b), "-", exact(a)])


@skill(
    "<ask> {percent} (percent|per cent|%) off [of] {price} [dollars|euros|pounds] <thanks>",
    examples=["what is 30 percent off 80"],
    rules=RULES,
    pure=True,
)
def discount(ctx: Context, percent: float, price: float) -> str:
    """Take a percentage off a price."""
    left = exact(price) * (100 - exact(percent)) / 100
    shown = [result(ctx, exact(each)) for each in (percent, price)]
    count = int(percent) if percent == int(percent) else percent
    return ctx.reply("leaves", n=count, percent=shown[0], price=shown[1], left=result(ctx, left))


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
def part_of(ctx: Context, share: str, number: float) -> str:
    """Tell a fraction of a number (1/2, 1/3, 3/4 …), or its double (2)."""
    return ctx.reply("thats", result=result(ctx, Fraction(share) * exact(number)))


@skill(
    "is {a} divisible by {b}",
    "(can|does) {b} (go into|divide) {a}",
    examples=["is 126 divisible by 8", "does seven go into 42"],
    pure=True,
)
def divisible(ctx: Context, a: float, b: float) -> str:
    """Say whether one whole number divides another."""
    if not b:
        raise SkillError(ctx.reply("by_zero"))
    times, rest = divmod(exact(a), exact(b))
    values = {"a": result(ctx, exact(a)), "b": result(ctx, exact(b))}
    if not rest:
        return ctx.reply("divisible", times=result(ctx, Fraction(times)), **values)
    return ctx.reply("indivisible", rest=result(ctx, rest), **values)


@skill(
    "([<please>] help me [to]|i need [your] (help|assistance) (to|with)) [(solve|do|with)] [(this|a|some|my)] math[s]"
    " [(problem|equation)]",
    "(can|could) you (do|solve) [(a|some)] math[s] [(problem|problems|equation)]",
    examples=["help me with some math", "can you help me solve this math problem", "can you do math"],
    pure=True,
)
def maths_help(ctx: Context) -> str:
    """Say what kind of sums can be asked."""
    return ctx.reply("say_the_sum")
