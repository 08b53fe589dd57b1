"""Timers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant import Context, Duration, SkillError, skill
from assistant.intent.answers import Expectation
from assistant.intent.slots import DURATION, open_list
from assistant.intent.values import counted
from assistant.skill.schedule import Entry, Schedule

_HINTS = (
    "pasta", "egg", "tea", "coffee", "pizza", "rice", "bread", "oven", "laundry", "nap", "workout", "chicken",
    "cake", "potato", "soup", "dishwasher", "kitchen", "break", "second", "washing machine",
)  # fmt: skip
SLOTS = {"name": open_list("name", _HINTS)}
RULES = {
    "set": "(set [up]|start|create|make|add|begin|run|put on|give me|get|i need|i want|i'd like|i would like)",
    "a": "[(a|an|the|my|another|one)] [new]",
    "the": "[(the|my|that|this)]",
    "cancel": "(cancel|stop|delete|remove|clear|turn off|end|kill)",
    "timer": "(timer|countdown)",
    "left": "(left|remaining|to go)",
}
_PLURALS = {"seconds", "minutes", "hours", "days", "weeks"}
_ARTICLES = {"a", "an", "the", "my", "another", "new", "some", "timer", "countdown"}


def _schedule(ctx: Context) -> Schedule:
    return Schedule(ctx, _wording)


async def on_start(ctx: Context) -> None:
    """Go on with the timers of before; ring late for those that ended meanwhile."""
    _schedule(ctx).wake_up()


# --- words -----------------------------------------------------------------------------------


def _label(entry: Entry) -> str:
    """``"pasta timer"``, ``"five minute timer"``."""
    return f"{entry.name} timer" if entry.name else f"{_adjective(entry.total)} timer"


def _adjective(seconds: float) -> str:
    """``"five minute"``, ``"90 minute"``, ``"two hour"``."""
    whole = round(seconds)
    if whole % 60 == 0 and whole <= 5400 and whole != 3600:
        return counted(whole // 60, "minute").removesuffix("s")
    words = str(Duration(seconds=whole)).replace(",", "").split()
    return " ".join(word[:-1] if word in _PLURALS else word for word in words)


def _span(seconds: float) -> Duration:
    """A length as people say it: whole seconds, from an hour on whole minutes."""
    step = 60 if seconds >= 3600 else 1
    return Duration(seconds=round(seconds / step) * step)


def _listed(parts: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _with_left(entry: Entry, now: datetime) -> str:
    """``"the pasta timer with three minutes left"``."""
    if entry.ringing:
        return f"the {_label(entry)}, which is ringing"
    paused = " paused" if entry.paused else ""
    return f"the {_label(entry)}{paused} with {_span(entry.remaining(now).total_seconds())} left"


def _wording(fresh: Sequence[Entry], late: Sequence[Entry], now: datetime) -> str:
    said = []
    if late:
        went = [f"your {_label(entry)} went off {_ago(now.timestamp() - entry.due)} ago" for entry in late]
        said.append(f"Sorry, {_listed(went)} while I was not running.")
    if fresh:
        names = _listed([f"your {_label(entry)}" for entry in fresh])
        said.append(f"{names[0].upper()}{names[1:]} {'is' if len(fresh) == 1 else 'are'} done.")
    return " ".join(said)


def _ago(seconds: float) -> Duration:
    step = next(size for size, least in ((86400, 2 * 86400), (3600, 7200), (60, 0)) if seconds >= least)
    return Duration(seconds=max(1, round(seconds / step)) * step)


# --- which one -------------------------------------------------------------------------------


def _named(name: str | None) -> str:
    """The name without articles and the word timer."""
    return " ".join(word for word in (name or "").lower().split() if word not in _ARTICLES)


def _matching(entries: Sequence[Entry], name: str | None, duration: Duration | None) -> list[Entry]:
    wanted = _named(name)
    if wanted:
        exact = [entry for entry in entries if entry.name == wanted]
        return exact or [entry for entry in entries if set(wanted.split()) & set(entry.name.split())]
    if duration is not None:
        return [entry for entry in entries if round(entry.total) == round(duration.total_seconds())]
    return list(entries)


async def _pick(ctx: Context, name: str | None, duration: Duration | None, entries: Sequence[Entry]) -> Entry:
    """The one that is meant; the user is asked which one when there are several.

    Raises:
        SkillError: there is none like that, or no answer.
    """
    found = _matching(entries, name, duration)
    if not (name or duration):
        found = [entry for entry in entries if entry.ringing] or found
    if len(found) == 1:
        return found[0]
    if found:
        now = ctx.now()
        chosen: Entry = await ctx.ask(
            f"Which one: {_listed([_with_left(entry, now) for entry in found], 'or')}?", _choice(found, now)
        )
        return chosen
    if not entries:
        raise SkillError("There is no timer.")
    kind = _named(name) or (_adjective(duration.total_seconds()) if duration else "such")
    have = _listed([f"the {_label(entry)}" for entry in entries])
    raise SkillError(f"There is no {kind} timer. I have {have}.")


def _choice(entries: Sequence[Entry], now: datetime) -> Expectation:
    """One of several timers by its name, its length, its place in the list, or in full."""

    def of_length(length: Duration) -> Entry | None:
        fits = [entry for entry in entries if round(entry.total) == round(length.total_seconds())]
        return fits[0] if len(fits) == 1 else None

    labels = [_label(entry) for entry in entries]
    forms = {
        label if labels.count(label) == 1 else _with_left(entry, now): entry
        for label, entry in zip(labels, entries, strict=True)
    }
    return Expectation(forms, (DURATION, of_length))


# --- what can be asked -----------------------------------------------------------------------


@skill(
    "<please> <set> <a> <timer> [(for me|set|going)] [(for|of|at|to|from|with)] {duration} <thanks>",
    "<please> <set> <a> <timer> [(for me|going)] [set|that is set] (to go off|to ring) (in|after) {duration} <thanks>",
    "<please> <set> <a> {duration} [{name}] <timer> <thanks>",
    "<please> <set> <a> {name} <timer> (for|of|with|to) {duration} <thanks>",
    "<please> <set> <a> <timer> (for|of) {duration} (called|named|for [(the|my|some)]) {name}",
    "<please> <set> <a> <timer> (called|named|for [(the|my|some)]) {name} [for|of|with|set to] {duration} <thanks>",
    "<please> <set> <a> {duration} <timer> (called|named|for [(the|my|some)]) {name}",
    "<please> set {duration} (for|on) [the] {name} <thanks>",
    "{duration} [{name}] <timer> <thanks>",
    "[{name}] <timer> [(for|of)] {duration} <thanks>",
    "<please> (count down|start counting down) [(for|from)] {duration} <thanks>",
    "<please> (time|alert me in|let me know in|tell me when) {duration} [(are|is) up|(have|has) passed] <thanks>",
    "<please> (<set>|help me set|i want to set|i need to set|i'd like to set) <a> [{name}] <timer> [set] <thanks>",
    examples=[
        "set a timer for five minutes",
        "please set a timer to go off in 45 minutes",
        "set a pasta timer for nine minutes",
        "set a timer for 5 minutes called tea",
        "start a timer for the eggs for six minutes",
        "set a ten minute pizza timer",
        "set a 20 minute timer for the laundry",
        "set sixty minutes for the oven",
        "10 minute timer",
        "tea timer four minutes",
        "count down from ten minutes",
        "let me know in 15 minutes",
        "i need a timer for twenty seconds",
        "set a timer",
    ],
    slots=SLOTS,
    rules=RULES,
)
async def set_timer(ctx: Context, duration: Duration | None = None, name: str | None = None) -> str:
    """Start a countdown timer, with a name if the user gives one; several can run at once."""
    called = _named(name)
    if duration is None:
        duration = await ctx.ask("For how long?", Duration)
    if duration.total_seconds() < 1:
        raise SkillError("A timer needs at least one second.")
    if duration > timedelta(days=365):
        raise SkillError("A timer can run for a year at most.")
    schedule = _schedule(ctx)
    entry = schedule.add(duration.total_seconds(), called)
    ctx.undo(lambda: schedule.cancel([entry]))
    return (
        f"{entry.name.capitalize()} timer: {duration} from now."
        if called
        else f"{str(duration).capitalize()} from now."
    )


@skill(
    "(how long|how much time|how much longer) (is|do i have|does|until|till|for|on|have i got) <the> [{name}] <timer>"
    " [(have|has)] [<left>]",
    "(how long|how much time|how much longer) [(is|do i have|have i got|is there)] [<left>]"
    " (on|for|until|till|in|before) <the> [({duration}|{name})] <timer> [(is done|ends|goes off|rings)]",
    "(how long|how much time|how much longer) [(is|do i have|have i got)] <left> [(on|for) [the] {name}]",
    "(when (will|does|is)) <the> [{name}] <timer> (go off|end|ring|over|done|finish|finished|up)",
    "(what's|what is) (the time left|left|the status) (on|of|for) <the> [{name}] <timer>",
    "[<please>] (check|show me|how is|how's) <the> [{name}] <timer> [doing] <thanks>",
    "[the] time (left|remaining) on <the> [{name}] <timer>",
    "(what|which|how many) timer[s] (are (running|set|on|active|there)|do i have|have i [set])"
    " [(running|set|going)] [right now]",
    "<please> (list|show me|read me|tell me|what are) [all] [(of my|my|the)] [(running|active)] timers <thanks>",
    "(is|are) (there|my|the|any) [(a|any)] timer[s] [still] (running|set|on|going)",
    examples=[
        "how long does the pasta timer have left",
        "how long is left on the pasta timer",
        "how much time is left",
        "when does the tea timer go off",
        "what's left on the timer",
        "how is the egg timer doing",
        "time left on the pizza timer",
        "what timers are running",
        "list my timers",
        "is the timer still running",
    ],
    slots=SLOTS,
    rules=RULES,
    pure=True,
)
async def timer_status(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Tell how much time is left on one timer, or on all of them."""
    entries = _schedule(ctx).entries()
    if not entries:
        return "No timer is running."
    found = _matching(entries, name, duration)
    if not found:
        found = [await _pick(ctx, name, duration, entries)]
    now = ctx.now()
    if len(found) > 1:
        return f"You have {len(found)} timers: {_listed([_with_left(entry, now) for entry in found])}."
    (entry,) = found
    if entry.ringing:
        return f"Your {_label(entry)} is ringing."
    paused = " It is paused." if entry.paused else ""
    left = entry.remaining(now)
    return f"Your {_label(entry)} has {_span(left.total_seconds())} left.{paused}"


@skill(
    "<please> <cancel> <the> [({duration}|{name})] <timer> <thanks>",
    "<please> <cancel> <the> <timer> (for|called|named) <the> [({duration}|{name})] <thanks>",
    "<please> (turn|shut|switch) <the> [{name}] <timer> off <thanks>",
    "(never mind|forget) (the|my) [{name}] <timer>",
    examples=[
        "cancel the pasta timer",
        "stop the ten minute timer",
        "cancel my timer for the pizza",
        "turn the timer off",
        "never mind the timer",
    ],
    slots=SLOTS,
    rules=RULES,
)
async def cancel_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Cancel one timer, chosen by its name or its length when there are several, or silence it when it rings."""
    schedule = _schedule(ctx)
    chosen = await _pick(ctx, name, duration, schedule.entries())
    schedule.cancel([chosen])
    return f"The {_label(chosen)} is {'off' if chosen.ringing else 'cancelled'}."


@skill(
    "<please> <cancel> (all|every|all of|both) [(the|my|of my|of the)] [{name}] timer[s] <thanks>",
    "<please> <cancel> <the> timers <thanks>",
    examples=["cancel all timers", "clear my timers"],
    slots=SLOTS,
    rules=RULES,
)
async def cancel_all_timers(ctx: Context, name: str | None = None) -> str:
    """Cancel every timer, or every timer of one name."""
    schedule = _schedule(ctx)
    entries = schedule.entries()
    found = _matching(entries, name, None)
    if not found:
        return "There is no timer." if not entries else f"There is no {_named(name)} timer."
    schedule.cancel(found)
    return f"The {_label(found[0])} is cancelled." if len(found) == 1 else f"All {len(found)} timers are cancelled."


@skill(
    "<please> (pause|hold|freeze|halt) <the> [({duration}|{name})] <timer> <thanks>",
    "<please> put <the> [{name}] <timer> on hold <thanks>",
    examples=["pause the pasta timer", "put the timer on hold"],
    slots=SLOTS,
    rules=RULES,
)
async def pause_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Pause a running timer."""
    schedule = _schedule(ctx)
    entries = schedule.entries()
    running = [entry for entry in entries if not entry.paused]
    if entries and not running:
        raise SkillError("Every timer is paused already.")
    chosen = await _pick(ctx, name, duration, running)
    if chosen.ringing:
        raise SkillError(f"The {_label(chosen)} is ringing already.")
    left = _span(chosen.remaining(ctx.now()).total_seconds())
    schedule.pause(chosen)
    return f"The {_label(chosen)} is paused with {left} left."


@skill(
    "<please> (resume|continue|unpause|go on with) <the> [({duration}|{name})] <timer> <thanks>",
    examples=["resume the pasta timer"],
    slots=SLOTS,
    rules=RULES,
)
async def resume_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Let a paused timer run on."""
    schedule = _schedule(ctx)
    entries = schedule.entries()
    paused = [entry for entry in entries if entry.paused]
    if entries and not paused:
        raise SkillError("No timer is paused.")
    chosen = await _pick(ctx, name, duration, paused)
    schedule.resume(chosen)
    return f"The {_label(chosen)} runs again: {_span(chosen.remaining(ctx.now()).total_seconds())} left."


@skill(
    "<please> (restart|reset|start over) <the> [({duration}|{name})] <timer> <thanks>",
    "<please> start <the> [{name}] <timer> (over|again|from the beginning) <thanks>",
    examples=["restart the egg timer", "start the timer over"],
    slots=SLOTS,
    rules=RULES,
)
async def restart_timer(ctx: Context, name: str | None = None, duration: Duration | None = None) -> str:
    """Start a timer again from its full length."""
    schedule = _schedule(ctx)
    chosen = await _pick(ctx, name, duration, schedule.entries())
    schedule.restart(chosen, chosen.total)
    return f"The {_label(chosen)} starts over."


@skill(
    "<please> (add|put) [another] {duration} [more] (to|on|onto) <the> [{name}] <timer> <thanks>",
    "<please> (add|give me) [another] {duration} [more] <thanks>",
    "<please> (add|give me) {minutes} more minutes [(to|on) <the> [{name}] <timer>] <thanks>",
    "<please> (extend|increase|prolong|lengthen) <the> [{name}] <timer> by {duration} <thanks>",
    "<please> give <the> [{name}] <timer> [another] {duration} [more] <thanks>",
    "{duration} more (on|for|to) <the> [{name}] <timer>",
    examples=[
        "add two minutes to the pasta timer",
        "add another five minutes",
        "add five more minutes to the egg timer",
        "extend the timer by ten minutes",
        "give the egg timer another two minutes",
        "two minutes more on the tea timer",
    ],
    slots=SLOTS,
    rules=RULES,
)
async def add_time(ctx: Context, duration: Duration | None = None, name: str | None = None, minutes: int = 0) -> str:
    """Give a timer more time, as a duration or a number of minutes."""
    return await _shift(ctx, name, duration.total_seconds() if duration else 60.0 * minutes)


@skill(
    "<please> (take|remove|subtract) {duration} (off|from|off of) <the> [{name}] <timer> <thanks>",
    "<please> (shorten|reduce|decrease) <the> [{name}] <timer> by {duration} <thanks>",
    examples=["take two minutes off the pasta timer", "shorten the timer by one minute"],
    slots=SLOTS,
    rules=RULES,
)
async def take_time(ctx: Context, duration: Duration, name: str | None = None) -> str:
    """Make a timer end earlier."""
    return await _shift(ctx, name, -duration.total_seconds())


async def _shift(ctx: Context, name: str | None, seconds: float) -> str:
    schedule = _schedule(ctx)
    chosen = await _pick(ctx, name, None, schedule.entries())
    if chosen.remaining(ctx.now()).total_seconds() + seconds <= 0:
        raise SkillError(f"The {_label(chosen)} has only {chosen.remaining(ctx.now())} left. You can cancel it.")
    moved = schedule.extend(chosen, seconds)
    ctx.undo(lambda: _take_back(schedule, moved, seconds))
    left = moved.remaining(ctx.now())
    return f"The {_label(chosen)} now has {_span(left.total_seconds())} left."


def _take_back(schedule: Schedule, entry: Entry, seconds: float) -> None:
    if entry in schedule.entries():
        schedule.extend(entry, -seconds)
