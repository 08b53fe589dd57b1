"""Which timer is meant."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import Context, Duration, SkillError
from assistant.intent.answers import Expectation
from assistant.intent.lang import language
from assistant.skill.schedule import Entry

from .naming import alike, label, label_of, length_in, name_of, spoken_forms
from .words import listed, with_article, with_left


def matching(ctx: Context, entries: Sequence[Entry], name: str | None, duration: Duration | None) -> list[Entry]:
    """Those of a name or a length; all of them when neither was said."""
    wanted = name_of(ctx, name)
    if wanted and (named := alike(ctx, entries, wanted)):
        return named
    duration = duration or length_in(ctx, wanted)
    if duration is not None:
        return _of_length(entries, duration)
    return [] if wanted else list(entries)


async def pick(ctx: Context, name: str | None, duration: Duration | None, entries: Sequence[Entry]) -> Entry:
    """The one that is meant; the user is asked which one when there are several.

    Raises:
        SkillError: there is none like that, or no answer.
    """
    found = matching(ctx, entries, name, duration)
    if not (name or duration):
        found = [entry for entry in entries if entry.ringing] or found
    if len(found) == 1:
        return found[0]
    if found:
        timers = listed(ctx, [with_left(ctx, entry) for entry in found], "or")
        chosen: Entry = await ctx.ask(ctx.reply("which", timers=timers), _choice(ctx, found))
        return chosen
    if not entries:
        raise SkillError(ctx.reply("none"))
    have, wanted = with_article(ctx, entries), name_of(ctx, name)
    if not (wanted or duration):
        raise SkillError(ctx.reply("no_such", timers=have))
    missing = label_of(ctx, wanted, duration.total_seconds() if duration else 0.0)
    raise SkillError(ctx.reply("no_such_one", timer=missing, timers=have))


def _choice(ctx: Context, entries: Sequence[Entry]) -> Expectation:
    """One of several timers by its name, its length, its place in the list, or in full."""

    def of_length(length: Duration) -> Entry | None:
        fits = _of_length(entries, length)
        return fits[0] if len(fits) == 1 else None

    labels = [label(ctx, entry) for entry in entries]
    forms = {
        spoken_forms(ctx, entry) if labels.count(name) == 1 else with_left(ctx, entry): entry
        for name, entry in zip(labels, entries, strict=True)
    }
    return Expectation(forms, (language(ctx.language).slots["duration"], of_length), language=ctx.language)


def _of_length(entries: Sequence[Entry], length: Duration) -> list[Entry]:
    return [entry for entry in entries if round(entry.total) == round(length.total_seconds())]
