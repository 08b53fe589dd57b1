"""The time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from assistant import Context, Duration, SkillError, skill
from assistant.intent.forms import heard_and_read
from assistant.intent.template import SlotType

_REGIONS = {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
_NOT_SAID = {
    "ACT", "Acre", "BajaNorte", "BajaSur", "Choibalsan", "ComodRivadavia", "Coral Harbour", "DeNoronha", "Dacca",
    "DumontDUrville", "East", "Ensenada", "Faeroe", "General", "Kashgar", "Katmandu", "Knox IN", "LHI", "Louisville",
    "Macao", "NSW", "North", "Porto Acre", "Queensland", "Rangoon", "South", "Tasmania", "Ujung Pandang",
    "Ulan Bator", "Victoria", "West", "Yancowinna", "Central", "Marengo", "Vevay", "Winamac", "Knox", "Center",
    "Beulah", "New Salem", "Petersburg", "Vincennes", "Tell City", "Godthab", "Atka", "Shiprock",
}  # fmt: skip
_MORE = """
America/New_York: Boston, Philadelphia, Washington, Atlanta, Miami, Orlando, Brooklyn, Manhattan, Pittsburgh, Baltimore,
 Florida, Georgia, Virginia, North Carolina, South Carolina, Ohio, Michigan, Pennsylvania, Massachusetts, Connecticut,
 New Jersey, Maine, Vermont, Quebec, Ottawa, Charlotte, Cleveland, Cincinnati
America/Chicago: Houston, Dallas, Austin, San Antonio, Texas, New Orleans, Minneapolis, Saint Louis, Milwaukee,
 St Louis, Nashville, Memphis, Kansas City, Oklahoma, Illinois, Wisconsin, Minnesota, Iowa, Missouri, Louisiana,
 Alabama, Arkansas
America/Denver: Salt Lake City, Colorado, Utah, Montana, Wyoming, New Mexico, Albuquerque
America/Edmonton: Calgary, Alberta
America/Phoenix: Arizona
America/Los_Angeles: San Francisco, San Diego, Seattle, Las Vegas, California, Nevada, Oregon, Hollywood, Sacramento,
 San Jose, Portland, Silicon Valley
America/Anchorage: Alaska
Pacific/Honolulu: Hawaii
America/Vancouver: British Columbia
America/Sao_Paulo: Rio de Janeiro, Rio, Brasilia, Brazil
America/Argentina/Buenos_Aires: Argentina
America/Santiago: Chile
America/Bogota: Colombia
America/Lima: Peru
America/Caracas: Venezuela
Europe/London: England, Scotland, Wales, Britain, the United Kingdom, the U.K., Edinburgh, Glasgow, Manchester,
 Liverpool, Birmingham, Cardiff, Bristol, Leeds, Oxford, Cambridge, Northern Ireland
Europe/Dublin: Ireland, Cork
Europe/Berlin: Germany, Munich, Hamburg, Frankfurt, Cologne, Stuttgart, Dresden, Leipzig
Europe/Paris: France, Lyon, Marseille, Nice, Toulouse, Bordeaux
Europe/Madrid: Spain, Barcelona, Seville, Valencia
Europe/Rome: Italy, Milan, Venice, Naples, Florence, Turin
Europe/Zurich: Switzerland, Geneva, Basel
Europe/Lisbon: Portugal, Porto
Europe/Athens: Greece
Europe/Vienna: Austria, Salzburg
Europe/Amsterdam: the Netherlands, Holland, Rotterdam
Europe/Brussels: Belgium, Antwerp
Europe/Warsaw: Poland, Krakow
Europe/Prague: the Czech Republic
Europe/Budapest: Hungary
Europe/Copenhagen: Denmark
Europe/Stockholm: Sweden, Gothenburg
Europe/Oslo: Norway, Bergen
Europe/Helsinki: Finland
Europe/Moscow: Saint Petersburg
Europe/Istanbul: Turkey, Ankara
Europe/Kiev: Ukraine, Kyiv
Europe/Bucharest: Romania
Asia/Tokyo: Japan, Osaka, Kyoto
Asia/Shanghai: China, Beijing, Shenzhen, Guangzhou
Asia/Seoul: South Korea, Korea
Asia/Pyongyang: North Korea
Asia/Kolkata: India, Mumbai, Delhi, New Delhi, Bangalore, Chennai, Hyderabad, Bombay
Asia/Dubai: Abu Dhabi
Asia/Riyadh: Saudi Arabia
Asia/Jerusalem: Israel
Asia/Bangkok: Thailand
Asia/Ho_Chi_Minh: Vietnam, Hanoi
Asia/Manila: the Philippines
Asia/Karachi: Pakistan, Lahore
Asia/Tehran: Iran
Asia/Kathmandu: Nepal
Africa/Cairo: Egypt
Africa/Johannesburg: South Africa, Cape Town
Africa/Nairobi: Kenya
Africa/Lagos: Nigeria
Africa/Casablanca: Morocco, Marrakesh
Australia/Sydney: Canberra
Pacific/Auckland: New Zealand, Wellington
Atlantic/Reykjavik: Iceland
"""
_BIG = {
    "Adelaide", "Amsterdam", "Anchorage", "Athens", "Auckland", "Baghdad", "Bangkok", "Berlin", "Bogota",
    "Brisbane", "Brussels", "Bucharest", "Budapest", "Buenos Aires", "Cairo", "Casablanca", "Chicago", "Copenhagen",
    "Costa Rica", "Denver", "Detroit", "Dubai", "Dublin", "Halifax", "Havana", "Helsinki", "Hong Kong", "Honolulu",
    "Istanbul", "Jakarta", "Jamaica", "Jerusalem", "Johannesburg", "Kabul", "Karachi", "Kiev", "Kuala Lumpur",
    "Lagos", "Lima", "Lisbon", "London", "Los Angeles", "Luxembourg", "Madrid", "Malta", "Manila", "Melbourne",
    "Mexico City", "Montreal", "Moscow", "Nairobi", "New York", "Oslo", "Paris", "Perth", "Phoenix", "Prague",
    "Puerto Rico", "Rome", "Sao Paulo", "Seoul", "Shanghai", "Singapore", "Sofia", "Stockholm", "Sydney", "Taipei",
    "Tehran", "Tel Aviv", "Tokyo", "Toronto", "Vancouver", "Vienna", "Warsaw", "Winnipeg", "Zurich",
}  # fmt: skip
"""Of the cities that time zones are named after, those that are asked for by voice."""
_ZONES = {
    f"({name} [standard] (time|time zone|timezone)|{short})": (f"{name} time", zone)
    for name, short, zone in (
        ("eastern", "e.s.t.|est", "America/New_York"),
        ("central", "c.s.t.|cst", "America/Chicago"),
        ("mountain", "m.s.t.|mst", "America/Denver"),
        ("pacific", "p.s.t.|pst", "America/Los_Angeles"),
        ("universal", "u.t.c.|utc|g.m.t.|gmt|greenwich mean time", "Etc/UTC"),
        ("central european", "c.e.t.|cet", "Europe/Berlin"),
    )
}
"""What is said → (a name for it, its time zone)."""


def _city_of(zone: str) -> str:
    """The city that a zone is named after."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


@cache
def places() -> Mapping[str, str]:
    """Place → time zone: the cities that zones are named after, then more cities, countries and states."""
    found: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        city = _city_of(zone)
        if zone.split("/")[0] in _REGIONS and city not in _NOT_SAID:
            found[city] = zone
    for line in _MORE.replace(",\n", ",").strip().splitlines():
        zone, names = line.split(": ", 1)
        found.update({name.strip(): zone for name in names.split(",")})
    return found


def _place_slot() -> SlotType:
    """Every place; those that are seldom asked for in text only, so that a recogniser is not led astray."""
    heard = {form: name for form, (name, _) in _ZONES.items()}
    read = {}
    for name, zone in places().items():
        if name in _BIG or name != _city_of(zone):
            heard[f"[the] {name[4:]}" if name.startswith("the ") else name] = name
        else:
            read[name] = name
    return heard_and_read("city", heard, read)


def _there(ctx: Context, city: str) -> datetime:
    """The time in a place.

    Raises:
        SkillError: the place is not known, or this machine has no time zone data.
    """
    known = {name.casefold(): zone for name, zone in [*places().items(), *_ZONES.values()]}
    try:
        return ctx.now().astimezone(ZoneInfo(known[city.casefold().strip()]))
    except KeyError as error:  # ZoneInfoNotFoundError is one, too
        raise SkillError(f"I don't know what time it is in {city}.") from error


def _clock(moment: datetime) -> str:
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {'pm' if moment.hour >= 12 else 'am'}"


RULES = {
    "time": "([(current|exact)] time|hour)",
    "now": "[(now|right now|currently|at the moment|there|please|exactly)]",
    "in": "(in|for|over in|at)",
    "zone": "(time zone|timezone)",
}
CITY = {"city": _place_slot()}


@skill(
    "[<please>] what time is it <now> [<thanks>]",
    "[now] <whats> the <time> <now> <thanks>",
    "<tell> what (time|hour) it is <now> <thanks>",
    "[the] [current] time <thanks>",
    "(what hour|what time of day) is it <now>",
    "(do you have|have you [got]|can i have|could i have|would you mind telling me) the time <thanks>",
    "(how late is it|what does the clock say|what's the clock say) <now>",
    examples=[
        "what time is it",
        "what's the time",
        "tell me what time it is",
        "the time please",
        "what time of day is it",
        "do you have the time",
        "how late is it",
    ],
    rules=RULES,
    pure=True,
)
async def current_time(ctx: Context) -> str:
    """Tell the time of day here."""
    return f"It's {_clock(ctx.now())}."


@skill(
    "what (time|hour|time of day) (is it|would it be) <now> <in> [the] {city} <now>",
    "what time [is it] <now> [in] {city}",
    "<whats> the <time> <now> <in> [the] {city} <now>",
    "<tell> what time it is <now> <in> [the] {city} <now>",
    "in [the] {city} (what time is it|what's the time|what is the time) <now>",
    "[look up] [the] (time|how late is it) <now> in {city} <now>",
    "<whats> the [current] {city} time",
    examples=[
        "what time is it in Tokyo",
        "what time is it pacific time",
        "what's the time in New York right now",
        "tell me what time it is in San Francisco",
        "in Paris what time is it",
        "time in Mumbai",
        "what's the London time",
    ],
    slots=CITY,
    rules=RULES,
    pure=True,
)
async def time_in(ctx: Context, city: str) -> str:
    """Tell the time of day in a city, country or state."""
    there, here = _there(ctx, city), ctx.now()
    days = (there.date() - here.date()).days
    day = {0: "", 1: " tomorrow", -1: " yesterday"}[days]
    where = f"in {city}" if not city.lower().endswith(" time") else city
    return f"It's {_clock(there)}{day} {where}."


@skill(
    "(what|which) <zone> (is|are) {city} [in]",
    "in (what|which) <zone> is {city} [located]",
    "<whats> the [current] <zone> (in|of|for|at) {city} <thanks>",
    "(what|which) <zone> (does|do) {city} (use|have)",
    "{city} is in (what|which) <zone>",
    "<tell> (what|which) <zone> {city} is in",
    "[<whats>] [the] <zone> (in|of|for) {city}",
    "<whats> the time difference (to|with|in|for) {city}",
    "<whats> the time difference between (here|us) and {city}",
    "how (far|many hours) (ahead|behind) is {city}",
    examples=[
        "what timezone is Chicago in",
        "in what time zone is Atlanta located",
        "what is the time zone of China",
        "which timezone does Portugal use",
        "Nigeria is in which time zone",
        "tell me what timezone Japan is in",
        "time zone in Miami",
        "what's the time difference to Tokyo",
        "what is the time difference between here and New York",
        "how far ahead is Sydney",
    ],
    slots=CITY,
    rules=RULES,
    pure=True,
)
async def time_zone(ctx: Context, city: str) -> str:
    """Tell a place's time zone as its difference from here and from universal time."""
    there = _there(ctx, city)
    offset = there.utcoffset() or timedelta()
    ahead = offset - (ctx.now().utcoffset() or timedelta())
    here = f"{_difference(ahead)} you" if ahead else "at the same time as you"
    return f"{city[0].upper()}{city[1:]} is {here}, and {_difference(offset) if offset else 'on'} universal time."


def _difference(delta: timedelta) -> str:
    return f"{Duration.of(abs(delta))} {'ahead of' if delta > timedelta() else 'behind'}"
