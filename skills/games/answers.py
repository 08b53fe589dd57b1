"""What may be answered in a game besides its answers."""

from __future__ import annotations

from assistant import Context, SlotType
from assistant.intent.lang import language
from assistant.intent.template import Alt, Seq, one_of, optional

GIVEN_UP = -1


def giving_up(ctx: Context) -> SlotType:
    """What people say who want to hear the solution; its value is :data:`GIVEN_UP`."""
    return SlotType("giving up", one_of(*_words(ctx, "give_up")), lambda _text: GIVEN_UP)


def number_or_giving_up(ctx: Context) -> SlotType:
    """A whole number ("is it forty"), or :data:`GIVEN_UP`."""
    numbers, words, leads = language(ctx.language).slots["int"], _words(ctx, "give_up"), _words(ctx, "is_it")

    def parse(text: str) -> int | None:
        if text in words:
            return GIVEN_UP
        lead = max((each for each in leads if text.startswith(f"{each} ")), key=len, default="")
        return numbers.parse(text.removeprefix(lead).strip()) if numbers.parse else None

    guess = Seq((optional(one_of(*leads)), numbers.node))
    return SlotType("number", Alt((guess, one_of(*words))), parse)


def _words(ctx: Context, key: str) -> list[str]:
    return [each.strip() for each in ctx.reply(key).split("|")]
