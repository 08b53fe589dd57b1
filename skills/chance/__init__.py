"""Coins and dice."""

from __future__ import annotations

import random

from assistant import Context, SkillError, skill

_MOST_DICE = 20

RULES = {
    "flip": "(flip|toss|throw|spin|do)",
    "a": "[(a|the|that|this|those|me a|one|some|another)]",
    "coin": "[(fair|normal|virtual|two sided)] coin",
    "roll": "(roll|throw|toss)",
    "dice": "(die|dice)",
    "call": "(i (pick|choose|call|say|take|want|select)|i'll take|i will take|i'm calling|i am calling)",
    "tell": "[and (tell me|let me know) (the result|what it is|what number it is|what you get|what it lands on)]",
    "want": "[(i want|i need|i would like|i'd like|i wanna|how about)]",
    "after": "[(for me|please)] [([and] <call> {side}|<land>|heads or tails|so i can (decide|make a choice)|over|once"
    "|one time)]",
    "land": "and (tell me|let me know) (the result|what [side] it lands on|what you get|if it's heads or tails)",
}


def _dealer(ctx: Context) -> random.Random:
    """The system's randomness; the setting ``seed`` makes it repeatable."""
    seed = ctx.settings.get("seed")
    return random.SystemRandom() if seed is None else random.Random(seed)


@skill(
    "<please> <flip> <a> <coin> <after> <thanks>",
    "<please> <want> [(do|have|perform)] [(a|one)] [fair] (heads or tails|coin flip|coin toss) <after> <thanks>",
    "<please> <flip> (a|the) heads or tails coin <after>",
    "<call> {side} [(so|now|then)] <please> flip (a|the|that) coin",
    "i (call|choose|pick) {side} [and you call (heads|tails)] on this coin flip",
    "pick heads or tails",
    examples=[
        "flip a coin",
        "heads or tails",
        "flip a heads or tails coin i pick heads",
        "do a coin flip",
        "i choose heads now flip that coin",
        "i call tails on this coin flip",
        "pick heads or tails",
        "flip a coin and tell me what it lands on",
    ],
    slots={"side": ["heads", "tails"]},
    rules=RULES,
    pure=True,
)
async def flip_coin(ctx: Context, side: str | None = None) -> str:
    """Flip a coin; the user may have called heads or tails."""
    fell = _dealer(ctx).choice(("heads", "tails"))
    said = ctx.reply(fell)
    if side is None:
        return said
    return f"{said} {ctx.reply('win' if fell == side else 'lose')}"


@skill(
    "<please> <roll> <a> <dice> [now] <tell> <thanks>",
    "<please> <roll> [(a|an|the|this|that|one)] [fair] {sides} sided <dice> <tell> <thanks>",
    "<please> <roll> (a|the|one) <dice> (with|that has) {sides} sides <tell> <thanks>",
    "<please> <roll> (a|{count}) d {sides} <thanks>",
    "<please> <roll> {count} <dice> <thanks>",
    "<please> <roll> {count} {sides} sided <dice> <thanks>",
    "<please> (give|do|complete) [me] (a|the|one) [{sides} sided] (dice|die|roll) [(a roll|roll|on a {sides} sided"
    " <dice>)] <thanks>",
    "<please> <want> (a roll (on|of) [(a|the)] [{sides} sided] <dice>|a {sides} sided <dice> (roll|rolled)) <thanks>",
    "[{sides} sided] dice roll [please]",
    "i need to make a [quick] decision [so] roll a <dice>",
    examples=[
        "roll a die",
        "roll an eight sided dice",
        "roll a dice with six sides and tell me what it lands on",
        "roll a d 20",
        "roll two dice",
        "roll three six sided dice",
        "give a 6 sided dice a roll",
        "i need a roll on a 6 sided dice",
        "dice roll",
        "i need to make a quick decision so roll a dice",
    ],
    slots={"count": {"(a pair of|two|2|a couple of)": 2, "(three|3)": 3, "(four|4)": 4, "(five|5)": 5, "(six|6)": 6}},
    rules=RULES,
    pure=True,
)
async def roll_dice(ctx: Context, sides: int = 6, count: int = 1) -> str:
    """Roll one or more dice with so many sides, six unless told."""
    if not 2 <= sides <= 1_000_000:
        raise SkillError(ctx.reply("no_die", n=sides, sides=str(sides)))
    if not 1 <= count <= _MOST_DICE:
        raise SkillError(ctx.reply("too_many", most=_MOST_DICE))
    dealer = _dealer(ctx)
    rolls = [dealer.randint(1, sides) for _ in range(count)]
    if count == 1:
        return ctx.reply("rolled", article=_article(rolls[0]), number=str(rolls[0]))
    first = ", ".join(map(str, rolls[:-1]))
    return ctx.reply("rolled_all", first=first, last=str(rolls[-1]), sum=str(sum(rolls)))


def _article(number: int) -> str:
    """English."""
    return "an" if number in (8, 11, 18) or str(number).startswith("8") else "a"


@skill(
    "<please> (pick|give me|choose|generate|tell me|think of|say) (a|any) [random] number (between|from) {a}"
    " (and|to) {b} <thanks>",
    "[a] random number [(between|from) {a} (and|to) {b}] [please]",
    "<please> (pick|give me|choose|generate|tell me|think of|say) a random number <thanks>",
    examples=["pick a number between one and ten", "random number from 5 to 50", "give me a random number"],
    pure=True,
)
async def random_number(ctx: Context, a: int = 1, b: int = 100) -> str:
    """Pick a random whole number between two others, from 1 to 100 unless told."""
    return ctx.reply("number", number=str(_dealer(ctx).randint(min(a, b), max(a, b))))
