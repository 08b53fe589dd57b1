"""Places and their time zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from zoneinfo import available_timezones

from assistant.intent.forms import heard_and_read
from assistant.intent.template import SlotType, words_of

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


def place_slot() -> SlotType:
    """Every place; those that are seldom asked for in text only, so that a recogniser is not led astray."""
    heard = {form: name for form, (name, _) in _ZONES.items()}
    read = {}
    for name, zone in places().items():
        if name in _BIG or name != _city_of(zone):
            heard[f"[the] {name[4:]}" if name.startswith("the ") else name] = name
        else:
            read[name] = name
    return heard_and_read("city", heard, read)


_ARTICLES = frozenset(["the", "der", "die", "das", "den", "dem", "la", "le", "les", "l'", "los", "el", "las"])
_SMALL = 2
_VOWELS = "аяьйыие"
_ENDINGS = frozenset((
    "", "а", "е", "и", "у", "ы", "ю", "я", "ой", "ей", "ом", "ем", "ии", "ию", "ее", "ою", "ью", "ия", "ией", "ах",
    "их", "ых",
))  # fmt: skip
"""Of the Russian cases."""


@cache
def zones(language: str) -> Mapping[str, tuple[str, str]]:
    """Place → (time zone, name), by the words of a place's name in a language, in English besides.

    The names of cities and countries are CLDR's, by way of Babel, which is imported when it is first asked for one.
    """
    english = {**places(), **dict(_ZONES.values())}
    found = {_folded(name): (zone, name) for name, zone in english.items()}
    if language == "en":
        return found
    from babel import Locale, UnknownLocaleError

    try:
        local, countries = Locale.parse(language), Locale.parse("en").territories
    except UnknownLocaleError:
        return found
    for code, name in local.territories.items():
        if known := found.get(_folded(countries.get(code, ""))):
            found[_folded(name)] = (known[0], name)
    for zone, names in local.time_zones.items():
        if city := names.get("city"):
            found[_folded(city)] = (zone, city)
    return found


def find(place: str, language: str) -> tuple[str, str | None] | None:
    """A place's time zone, and its name if it was said in a case that is not for naming it; None if not known."""
    known, said = zones(language), _folded(place)
    if said in known:
        return known[said][0], None
    words = said.split() if language == "ru" else []
    return next((found for name, found in known.items() if words and _in_a_case(words, name.split())), None)


def with_capitals(name: str) -> str:
    """A name's words with capital letters, but for small words."""
    small = {word for word in name.split() if len(word) <= _SMALL or word in _ARTICLES}
    return " ".join(word if word in small else f"{word[0].upper()}{word[1:]}" for word in name.split())


def _folded(name: str) -> str:
    words = words_of(name)
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _in_a_case(said: Sequence[str], name: Sequence[str]) -> bool:
    """Whether words are a name in another case: Москве, Берлине, Новой Зеландии."""
    if len(said) != len(name):
        return False
    for word, other in zip(said, name, strict=True):
        stem = other.rstrip(_VOWELS)
        if word != other and not (len(stem) > 1 and word.startswith(stem) and word[len(stem) :] in _ENDINGS):
            return False
    return True
