"""Dates."""

from __future__ import annotations

from datetime import date, timedelta

from assistant import Context, Date, SkillError, skill
from assistant.intent.values import counted, ordinal

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RULES = {"will": "(will it be|is it|is it going to be|would it be)"}


def _full(day: date) -> str:
    return f"{day:%A}, {day:%B} {ordinal(day.day)}"


def _day(ctx: Context, when: Date) -> date:
    try:
        return when.resolve(ctx.now().date())
    except (ValueError, OverflowError) as error:
        raise SkillError("There is no such day.") from error


@skill(
    "<whats> (the|today's) [(current|full|exact)] date [(today|of today|for today)] <thanks>",
    "(what|which) (day|date) [(of the (week|month))] (is it|is today|are we on) [today] <thanks>",
    "<tell> what (day|date) it is [today] <thanks>",
    "<tell> what (day today|today's date|the [current] date|today) is [today] <thanks>",
    "<whats> [the] (day [today]|day of the week|today)",
    "[the] (current|today's) date <thanks>",
    "(today's date is what|today is (what|which) (day|date)) [exactly]",
    "[i'd like to|i would like to|i want to|can you|could you] (get|have|share|show me) (today's|the) date <thanks>",
    examples=[
        "what's the date",
        "what day is it",
        "tell me what date it is",
        "let me know what today's date is",
        "what's today",
        "today's date",
        "today is what day",
        "i would like to get today's date",
    ],
    rules=RULES,
    pure=True,
)
async def current_date(ctx: Context) -> str:
    """Tell today's date and day of the week."""
    return f"It's {_full(ctx.now().date())}."


@skill(
    "what [(day|date|weekday)] [of the (week|month)] <will> [on] {day}",
    "what (day|date|weekday) [of the week] (is|was|will) {day} [(be|fall on)]",
    "what (day|weekday) [of the week] (does|did|will|is) {day} (fall on|on|be)",
    "(what's|what is|what will|what was|what would) [be] the (date|day) [be] [(on|for)] {day} <thanks>",
    "(which|what) day <will> [on] {day}",
    "<tell> what (day|date|the date) it (will be|is) {day} <thanks>",
    "<tell> [what] the date [(is|will be|it will be)] [(for|on)] {day} [is] <thanks>",
    "<whats> {possessive} date <thanks>",
    "{day} (what|which) (date|day) <will>",
    "(when|what) <will> {day}",
    examples=[
        "what date will it be in three days",
        "what day of the week is the 4th of July",
        "what day does the 24th of December fall on",
        "what's the date tomorrow",
        "which day will it be on Friday",
        "let me know what date it will be in three days",
        "tell me the date it will be five days from now",
        "in four days what date will it be",
        "when is it next Friday",
        "tell me tomorrow's date",
        "would you let me know what date it will be in 3 days",
    ],
    slots={"possessive": {"tomorrow's": 1, "yesterday's": -1}},
    rules=RULES,
    pure=True,
)
async def date_of(ctx: Context, day: Date | None = None, possessive: int = 0) -> str:
    """Tell the full date and the day of the week of another day."""
    day = day or Date(offset=possessive)
    found, today = _day(ctx, day), ctx.now().date()
    name, year = str(day), f" {found.year}" if found.year != today.year else ""
    begin = f"{name[0].upper()}{name[1:]} {'was' if found < today else 'is'}"
    if day.month is not None:
        return f"{begin} a {found:%A}."
    if day.weekday is not None:
        return f"{begin} {found:%B} {ordinal(found.day)}{year}."
    if name.startswith("in "):
        begin = f"{name.capitalize()} it will be"
    return f"{begin} {_full(found)}{year}."


@skill(
    "(how many days|how long|how much longer) [(is it|are there|are left|left|is there)]"
    " (until|till|to|before) {day} <thanks>",
    "how many days (away|off) is {day}",
    "how (far|long) away is {day}",
    "how many days (since|is it since|has it been since|ago was) {day}",
    "how many sleeps [left] (until|till|to) {day}",
    "(days|countdown) (until|till|to) {day}",
    examples=[
        "how many days until the 24th of December",
        "how many days away is Friday",
        "how far away is the first of May",
        "how many days since the first of January",
        "how many sleeps until Friday",
        "days until the 1st of June",
    ],
    rules=RULES,
    pure=True,
)
async def days_until(ctx: Context, day: Date) -> str:
    """Tell how many days it is until a day, or since it."""
    back = "since" in ctx.text or "ago" in ctx.text
    found = _latest(ctx, day) if back else _day(ctx, day)
    days = (found - ctx.now().date()).days
    if days == 0:
        return "That's today."
    if days < 0:
        return f"{_full(found)} was {counted(-days, 'day')} ago."
    return f"{counted(days, 'day').capitalize()}: it's on {_full(found)}."


def _latest(ctx: Context, day: Date) -> date:
    """The latest such day that is not in the future, where the year was not said."""
    today = ctx.now().date()
    found = _day(ctx, day)
    if found > today and day.month is not None and day.year is None:
        return _day(ctx, Date(day=day.day, month=day.month, year=today.year - (found.year == today.year)))
    return found - timedelta(7) if found > today and day.weekday is not None else found


@skill(
    "(is|isn't) (it|today) [a] {weekday} [today]",
    examples=["is today Monday"],
    slots={"weekday": WEEKDAYS},
    pure=True,
)
async def is_weekday(ctx: Context, weekday: str) -> str:
    """Say whether today is a certain day of the week."""
    today = ctx.now().date()
    return f"{'Yes' if f'{today:%A}' == weekday else 'No'}, it's {_full(today)}."


@skill(
    "(what|which) week [number] (is it|is this|are we in|of the year is it) [now]",
    "<whats> [the] ([(current|calendar)] week|week number)",
    examples=["what week is it", "what is the current week", "tell me the week number"],
    pure=True,
)
async def week_number(ctx: Context) -> str:
    """Tell the number of the calendar week (ISO 8601: weeks begin on Monday)."""
    return f"It's week {ctx.now().isocalendar().week}."


@skill(
    "(what|which) (month|year) (is it|are we in|is this) [now]",
    "<whats> the [current] (month|year)",
    examples=["what year is it", "what's the month"],
    pure=True,
)
async def month_and_year(ctx: Context) -> str:
    """Tell the month and the year."""
    return f"It's {ctx.now():%B %Y}."
