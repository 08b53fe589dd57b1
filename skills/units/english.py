"""Units in English: their names, and what else people say and write."""

from __future__ import annotations

from functools import cache

from assistant.intent.forms import heard_and_read
from assistant.intent.template import SlotType

# unit: its singular and plural in a reply; what a recogniser listens for (= the same); what is understood in text
_TABLE = """
millimeter: millimetre, millimetres; millimeter, millimeters; mm
centimeter: centimetre, centimetres; centimeter, centimeters; cm
meter: metre, metres; meter, meters; m
kilometer: kilometre, kilometres; kilometer, kilometers; km, kms
inch: inch, inches; =; in
foot: foot, feet; =; ft
yard: yard, yards; =; yd
mile: mile, miles; =; mi
nautical_mile: nautical mile, nautical miles
light_year: light year, light years
milligram: milligram, milligrams; ; mg
gram: gram, grams; =; g, gramme, grammes
kilogram: kilogram, kilograms; kilogram, kilograms, kilo, kilos; kg, kgs
metric_ton: tonne, tonnes; ; metric ton, metric tons
ton: ton, tons; =
ounce: ounce, ounces; =; oz
pound: pound, pounds; =; lb, lbs
stone: stone, stones; stone
milliliter: millilitre, millilitres; milliliter, milliliters; ml, mls, ml's
centiliter: centilitre, centilitres; ; centiliter, centiliters, cl
deciliter: decilitre, decilitres; ; deciliter, deciliters, dl
liter: litre, litres; liter, liters; l
teaspoon: teaspoon, teaspoons; =; tsp
tablespoon: tablespoon, tablespoons; =; tbsp
fluid_ounce: fluid ounce, fluid ounces; =; fl oz
cup: cup, cups; =
pint: pint, pints; =
quart: quart, quarts; =
gallon: gallon, gallons; =
meter ** 3: cubic metre, cubic metres; ; cubic meter, cubic meters
foot ** 3: cubic foot, cubic feet
meter ** 2: square metre, square metres; ; square meter, square meters
kilometer ** 2: square kilometre, square kilometres; ; square kilometer, square kilometers
foot ** 2: square foot, square feet
mile ** 2: square mile, square miles
acre: acre, acres; =
hectare: hectare, hectares
degree_Celsius: degree Celsius, degrees Celsius; Celsius, degrees Celsius; centigrade, c, ° c, celcius
degree_Fahrenheit: degree Fahrenheit, degrees Fahrenheit; Fahrenheit, degrees Fahrenheit; f, ° f, farenheit, degrees f
kelvin: kelvin, kelvin
millisecond: millisecond, milliseconds; ; ms
second: second, seconds; =
minute: minute, minutes; =
hour: hour, hours; =
day: day, days; =
week: week, weeks; =
month: month, months
year: year, years; =
kilometer / hour: kilometre per hour, kilometres per hour; kilometers per hour; kilometers an hour, km / h, kph, kmh
mile / hour: mile per hour, miles per hour; miles per hour; miles an hour, mph
meter / second: metre per second, metres per second; ; meters per second, m / s
knot: knot, knots
byte: byte, bytes
kilobyte: kilobyte, kilobytes; ; kb
megabyte: megabyte, megabytes; ; mb
gigabyte: gigabyte, gigabytes; ; gb
terabyte: terabyte, terabytes; ; tb
joule: joule, joules
kilojoule: kilojoule, kilojoules; ; kj
kilocalorie: calorie, calories; ; kilocalorie, kilocalories, kcal
kilowatt_hour: kilowatt hour, kilowatt hours; ; kwh
watt: watt, watts
kilowatt: kilowatt, kilowatts; ; kw
horsepower: horsepower, horsepower
bar: bar, bars
psi: pound per square inch, pounds per square inch; ; psi
pascal: pascal, pascals
"""


@cache
def names() -> dict[str, tuple[str, str]]:
    """Unit → its singular and plural."""
    found = {}
    for line in _TABLE.strip().splitlines():
        unit, forms = line.split(": ", 1)
        singular, plural = forms.split(";")[0].split(", ")[:2]
        found[unit] = (singular, plural)
    return found


def slot() -> SlotType:
    """Every form of every unit; the rare and the short ones in text only."""
    heard, read = dict[str, str](), dict[str, str]()
    for line in _TABLE.strip().splitlines():
        unit, forms = line.split(": ", 1)
        said, spoken, short = (each.strip() for each in (*forms.split(";"), "", "")[:3])
        heard |= dict.fromkeys(_split(said if spoken == "=" else spoken), unit)
        read |= dict.fromkeys(_split(said) + _split(short), unit)
    return heard_and_read("unit", heard, {form: unit for form, unit in read.items() if form not in heard})


def _split(forms: str) -> list[str]:
    return [form.strip() for form in forms.split(",") if form.strip()]
