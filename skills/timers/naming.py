"""What a timer is called: from what was said to its name, and from its name to how it is spoken of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant import Context, Duration
from assistant.intent.lang import language
from assistant.intent.values import counted
from assistant.intent.verbatim import as_written
from assistant.skill.schedule import Entry

_PLURALS = frozenset({"seconds", "minutes", "hours", "days", "weeks"})
_LONG = 3
"""Letters from which on words with different endings may be the same."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A language as names need it.

    Attributes:
        idle: words that say nothing of which timer it is.
        before: words that a name may begin with: "für die Nudeln".
        inflected: whether names have endings.
        capital: whether names are nouns with capital letters.
        elided: what is written otherwise where two words meet.
    """

    idle: frozenset[str]
    before: frozenset[str] = frozenset()
    inflected: bool = True
    capital: bool = False
    elided: Mapping[str, str] = field(default_factory=dict)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = Naming(_words("a an the my another new some timer countdown"), inflected=False)
_NAMINGS = {
    "en": _ENGLISH,
    "de": Naming(
        _words("ein eine einen einem der die das den dem mein meine meinen neuen timer countdown bitte mal"),
        _words("für zum zur namens"), capital=True,
    ),
    "fr": Naming(
        _words("un une le la les l' de des du d' mon ma mes nouveau minuteur timer minuterie s'il te plaît"),
        _words("pour"), elided={"de un ": "d'un ", "de une ": "d'une "},
    ),
    "es": Naming(
        _words("un una el la los las de del mi mis nuevo temporizador timer cuenta atrás por favor"), _words("para"),
    ),
    "ru": Naming(_words("мой еще один новый таймер таймера пожалуйста"), _words("для на под")),
    "bg": Naming(_words("един мой моя нов таймер таймера таймерът моля"), _words("за")),
}  # fmt: skip


def naming(ctx: Context) -> Naming:
    """Of the language of the conversation."""
    return _NAMINGS.get(ctx.language, _ENGLISH)


def name_of(ctx: Context, said: str | None) -> str:
    """The name without articles and the word for a timer; one that begins with "for" keeps it where that is usual."""
    rules = naming(ctx)
    words = (said or "").lower().split()
    if not words or words[0] not in rules.before:
        words = [word for word in words if word not in rules.idle]
    name = " ".join(words)
    if not rules.capital or not name:
        return name
    written = as_written(name, ctx.text)
    return written if words[0] in rules.before else "-".join(f"{word[0].upper()}{word[1:]}" for word in written.split())


def alike(ctx: Context, entries: Sequence[Entry], name: str) -> list[Entry]:
    """The timers of a name; those that share a word with it if none has it."""
    rules, wanted = naming(ctx), _telling(ctx, name)
    exact = [entry for entry in entries if _telling(ctx, entry.name) == wanted]
    return exact or [
        entry
        for entry in entries
        if any(_same(one, other, rules.inflected) for one in wanted for other in _telling(ctx, entry.name))
    ]


def spoken_forms(ctx: Context, entry: Entry) -> str:
    """How a timer may be named in an answer, as a template: in full, or "the one for the pasta"."""
    rules, full = naming(ctx), label(ctx, entry)
    if not (entry.name and rules.before):
        return full
    small = f"[({'|'.join(sorted(rules.idle | rules.before))})]"
    return f"({full}|{small} {small} {small} {' '.join(_telling(ctx, entry.name))})"


def length_in(ctx: Context, name: str) -> Duration | None:
    """The length that a name is: "the timer for ten minutes" is not one for something called ten minutes."""
    parse = language(ctx.language).slots["duration"].parse
    found = parse(" ".join(_telling(ctx, name))) if parse and naming(ctx).before else None
    return Duration.of(found) if found is not None else None


def _telling(ctx: Context, name: str) -> list[str]:
    """The words of a name that tell it from others."""
    rules = naming(ctx)
    words = name.lower().replace("-", " ").split()
    return [word for word in words if word not in rules.idle | rules.before]


def _same(one: str, other: str, inflected: bool) -> bool:
    """Whether two words are the same but for their endings."""
    if one == other or not inflected:
        return one == other
    stem = max(_LONG, min(len(one), len(other)) - 2)
    return one[:stem] == other[:stem] and abs(len(one) - len(other)) <= _LONG


def label(ctx: Context, entry: Entry) -> str:
    """``"pasta timer"``, ``"five minute timer"``."""
    return label_of(ctx, entry.name, entry.total)


def label_of(ctx: Context, name: str, seconds: float) -> str:
    """The same for a timer that there may not be."""
    if not name:
        text = ctx.reply("of_length", time=_length(ctx, seconds))
        for apart, together in naming(ctx).elided.items():
            text = text.replace(apart, together)
        return text
    key = "for_name" if name.split(maxsplit=1)[0] in naming(ctx).before else "of_name"
    return ctx.reply(key, name=name)


def _length(ctx: Context, seconds: float) -> Duration | str:
    """A timer's length beside its noun; in English it is an adjective: ``"90 minute"``, ``"two hour"``."""
    whole = round(seconds)
    if ctx.replies.language != "en":
        return Duration(seconds=whole)
    if whole % 60 == 0 and whole <= 5400 and whole != 3600:
        return counted(whole // 60, "minute").removesuffix("s")
    words = str(Duration(seconds=whole)).replace(",", "").split()
    return " ".join(word[:-1] if word in _PLURALS else word for word in words)
