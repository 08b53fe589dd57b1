"""What the skills that answer say in other languages than English: numbers, plurals and cases as they are spoken."""

from __future__ import annotations

import pytest

from tests.unit.skillkit import START, Talk, ask, play, shipped

ANSWERS = {
    "de": {
        "was ist zwölf mal sieben": "12 mal 7 ist 84.",
        "was ist zehn geteilt durch drei": "10 geteilt durch 3 ist ungefähr 3,333.",
        "was ist zwei hoch hundert": "2 hoch 100 ist ungefähr 1,268 mal 10 hoch 30.",
        "die Wurzel aus minus vier": "Eine negative Zahl hat keine reelle Quadratwurzel.",
        "ziehe 36 von fünfzig ab": "50 minus 36 ist 14.",
        "ist 126 durch 8 teilbar": "Nein, 126 geteilt durch 8 lässt den Rest 6.",
        "rechne fünf Meilen in Kilometern um": "5 Meilen sind ungefähr 8,05 Kilometer.",
        "was sind minus 40 Grad Celsius in Fahrenheit": "Minus 40 Grad Celsius sind minus 40 Grad Fahrenheit.",
        "wie viel ist ein Liter in Pfund": "Ich kann Liter nicht in Pfund umrechnen: Das eine ist ein Volumen,"
        " das andere ein Gewicht.",
    },
    "fr": {
        "combien font douze fois sept": "12 fois 7 égale 84.",
        "quelle est la racine carrée de deux": "La racine carrée de 2 égale environ 1,414.",
        "factorielle de 5": "Factorielle de 5 égale 120.",
        "cinq moins neuf": "5 moins 9 égale moins 4.",
        "combien d'onces dans une livre": "1 livre fait 16 onces.",
        "convertis cinq pieds en mètres": "5 pieds font environ 1,52 mètre.",
        "le double de 21": "Cela fait 42.",
    },
    "es": {
        "cuánto es diez entre cuatro": "10 entre 4 es igual a 2,5.",
        "cuánto es el 15 por ciento de 80": "15 por ciento de 80 es igual a 12.",
        "dos elevado a diez": "2 elevado a 10 es igual a 1024.",
        "cuántos metros hay en una milla": "1 milla equivale a aproximadamente 1609 metros.",
        "diez dividido entre cero": "No se puede dividir por cero.",
    },
    "ru": {
        "сколько будет двенадцать умножить на семь": "12 умножить на 7 будет 84.",
        "два в десятой степени": "2 в степени 10 будет 1024.",
        "сколько будет 15 процентов от 80": "15 % от 80 будет 12.",
        "сколько метров в километре": "1 километр — это 1000 метров.",
        "сколько унций в фунте": "1 фунт — это 16 унций.",
        "сколько футов в ярде": "1 ярд — это 3 фута.",
        "переведи литры в килограммы": "Не могу перевести литры в килограммы: одно — объём, другое — вес.",
        "сколько будет 80 рублей минус 1 процент": "Если от 80 отнять 1 процент, останется 79,2.",
    },
    "bg": {
        "колко е дванайсет по седем": "12 по 7 е равно на 84.",
        "корен квадратен от 144": "Корен квадратен от 144 е равно на 12.",
        "колко метра има в една миля": "1 миля прави около 1609 метра.",
        "колко са десет инча в сантиметри": "10 инча правят 25,4 сантиметра.",
    },
}


@pytest.mark.parametrize("language", ANSWERS)
def test_arithmetic_and_units(language: str) -> None:
    skills = shipped(language)
    said = {text: ask(text, skills=skills) for text in ANSWERS[language]}
    assert said == ANSWERS[language]


@pytest.mark.parametrize(
    ("language", "louder", "half", "four", "most"),
    [
        ("de", "sprich lauter", "Lautstärke auf 50 Prozent", "Lautstärke vier", "volle Lautstärke"),
        ("fr", "parle plus fort", "mets le volume à 50 pour cent", "volume quatre", "mets le volume à fond"),
        ("es", "habla más alto", "pon el volumen al 50 por ciento", "volumen cuatro", "pon el volumen al máximo"),
        ("ru", "говори громче", "громкость 50 процентов", "громкость четыре", "громкость на максимум"),
        ("bg", "говори по-силно", "настрой звука на 50 процента", "звук четири", "максимален звук"),
    ],
)
def test_the_volume_is_a_percentage_a_step_or_the_most(
    language: str, louder: str, half: str, four: str, most: str
) -> None:
    async def scenario(talk: Talk) -> None:
        for text, level in ((half, 0.5), (louder, 0.6), (four, 0.4), (most, 1.0)):
            assert await talk.say(text)
            assert talk.house.volume == pytest.approx(level), text

    play(scenario, skills=shipped(language))


@pytest.mark.parametrize(
    ("language", "text", "hour", "reply"),
    [
        ("de", "hallo", 8, "Guten Morgen."),
        ("de", "gute Nacht", 22, "Gute Nacht."),
        ("fr", "salut", 21, "Bonsoir."),
        ("fr", "au revoir", 21, "Au revoir."),
        ("es", "hola", 15, "Buenas tardes."),
        ("ru", "спокойной ночи", 23, "Спокойной ночи."),
        ("ru", "до свидания", 23, "До свидания."),
        ("bg", "здравей", 8, "Добро утро."),
    ],
)
def test_greetings_follow_the_hour(language: str, text: str, hour: int, reply: str) -> None:
    assert ask(text, start=START.replace(hour=hour), skills=shipped(language)) == reply


@pytest.mark.parametrize(
    ("language", "text", "reply"),
    [
        ("de", "würfle mit einem Würfel mit einer Seite", "Einen Würfel mit 1 Seite habe ich nicht."),
        ("fr", "lance un dé à zéro faces", "Je n'ai pas de dé à 0 face."),
        ("es", "lanza un dado de una cara", "No tengo ningún dado de 1 cara."),
        ("ru", "брось кубик на ноль граней", "У меня нет кубика с 0 гранями."),
        ("bg", "хвърли зар с нула страни", "Нямам зар с 0 страни."),
    ],
)
def test_dice_that_are_none_are_refused(language: str, text: str, reply: str) -> None:
    assert ask(text, skills=shipped(language)) == reply
