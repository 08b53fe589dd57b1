"""Written to spoken German, French, Spanish, Russian and Bulgarian, sentence by sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.intent.lang import language
from assistant.intent.values import TimeOfDay
from assistant.tts.speakable import speakable, speakable_with_map

GERMAN = {
    "Es sind 3 °C.": "Es sind 3 Grad Celsius.",
    "Es sind -5 °C, heute bis 12,5 °C.": "Es sind minus 5 Grad Celsius, heute bis 12,5 Grad Celsius.",
    "1 km, 5 km und 90 km/h": "ein Kilometer, 5 Kilometer und 90 Kilometer pro Stunde",
    "20 m², 1,5 kg und 200 g": "20 Quadratmeter, 1,5 Kilogramm und 200 Gramm",
    "Die Luftfeuchtigkeit ist 50 %.": "Die Luftfeuchtigkeit ist 50 Prozent.",
    "noch 1 Minute": "noch eine Minute",
    "noch 1 Tag und 1 Stunde": "noch ein Tag und eine Stunde",
    "1.234.567 Menschen": "1234567 Menschen",
    "3,14": "3,14",
    "um 18:30 Uhr": "um 18 Uhr 30",
    "um 6:05": "um 6 Uhr 5",
    "um 18.30 Uhr": "um 18 Uhr 30",
    "um 1:00 Uhr": "um ein Uhr",
    "am 3. Mai": "am dritten Mai",
    "der 3. Mai": "der dritte Mai",
    "Heute ist Sonntag, der 21. Dezember 2026.": "Heute ist Sonntag, der einundzwanzigste Dezember 2026.",
    "Sonntag, dem 3. Mai 1984": "Sonntag, dem dritten Mai neunzehnhundertvierundachtzig",
    "3. Mai 2026": "dritter Mai 2026",
    "am 03.05.2026 und am 2026-05-03": "am dritten Mai 2026 und am dritten Mai 2026",
    "am 3. um 18 Uhr": "am dritten um 18 Uhr",
    "am 24. und 25. Dezember": "am vierundzwanzigsten und fünfundzwanzigsten Dezember",
    "Kapitel 1 Anfang, 1 Stunde": "Kapitel 1 Anfang, eine Stunde",
    "100 Mbit/s": "100 Megabit pro Sekunde",
    "im Jahr 1905": "im Jahr neunzehnhundertfünf",
    "5 €, 5,20 € und 0,99 €": "5 Euro, 5 Euro und 20 Cent und 99 Cent",
    "$5": "5 Dollar",
    "z. B. heute, d. h. bald, usw.": "zum Beispiel heute, das heißt bald, und so weiter.",
    "Dr. Müller wohnt in der Nr. 5": "Doktor Müller wohnt in der Nummer 5",
    "3–5 Minuten": "3 bis 5 Minuten",
    "2 + 2 = 4": "2 plus 2 gleich 4",
    "3 × 4 und 8 ÷ 2": "3 mal 4 und 8 geteilt durch 2",
    "Katzen & Hunde": "Katzen und Hunde",
    "Siehe https://www.example.org/a?b=c.": "Siehe ein Link zu example.org.",
    "jo@example.org": "jo ät example Punkt org",
    "**Fett** und `Code`": "Fett und Code",
}
FRENCH = {
    "Il fait 3 °C.": "Il fait 3 degrés Celsius.",
    "Il fait -5 °C.": "Il fait moins 5 degrés Celsius.",
    "1 km, 5 km et 90 km/h": "1 kilomètre, 5 kilomètres et 90 kilomètres par heure",
    "1,5 kg et 200 g": "1,5 kilogramme et 200 grammes",
    "L'humidité est de 50 %.": "L'humidité est de 50 pour cent.",
    "encore 1 minute": "encore une minute",
    "21 minutes et 31 secondes": "vingt et une minutes et trente et une secondes",
    "11 minutes": "11 minutes",
    "1 234 567 personnes": "1234567 personnes",
    "à 18 h 30": "à 18 heures 30",
    "à 18h30": "à 18 heures 30",
    "à 18:30": "à 18 heures 30",
    "à 6 heures 05": "à 6 heures 05",
    "à 8h": "à 8 heures",
    "à 1:00": "à une heure",
    "le 1er mai": "le premier mai",
    "le 3 mai 2026": "le 3 mai 2026",
    "le 01/05/2026": "le premier mai 2026",
    "le 2026-05-03": "le 3 mai 2026",
    "la 2e fois et le 3ème jour": "la deuxième fois et le troisième jour",
    "5 €, 1 € et 5,20 €": "5 euros, 1 euro et 5 euros et 20 centimes",
    "M. Dupont et Mme Martin": "Monsieur Dupont et Madame Martin",
    "p. ex. demain, etc.": "par exemple demain, et cetera.",
    "n° 5": "numéro 5",
    "3–5 minutes": "3 à 5 minutes",
    "2 + 2 = 4": "2 plus 2 égale 4",
    "chats & chiens": "chats et chiens",
    "Voir https://www.example.org/a.": "Voir un lien vers example.org.",
    "16 Go": "16 gigaoctets",
    "25 °": "25 degrés",
}
SPANISH = {
    "Hace 3 °C.": "Hace 3 grados Celsius.",
    "Hace -5 °C.": "Hace menos 5 grados Celsius.",
    "1 km, 5 km y 90 km/h": "un kilómetro, 5 kilómetros y 90 kilómetros por hora",
    "1,5 kg y 200 g": "1,5 kilogramos y 200 gramos",
    "La humedad es del 50 %.": "La humedad es del 50 por ciento.",
    "queda 1 minuto": "queda un minuto",
    "21 minutos y 31 horas": "veintiún minutos y treinta y una horas",
    "1 hora y 1 día": "una hora y un día",
    "200 páginas": "doscientas páginas",
    "11 minutos": "11 minutos",
    "1.234.567 personas": "1234567 personas",
    "a las 18:30": "a las 18 y 30",
    "a la 1:15": "a la una y 15",
    "a las 18:00": "a las 18 horas",
    "a las 18:30 horas": "a las 18 y 30",
    "el 1 de mayo de 2026": "el uno de mayo de 2026",
    "el 03/05/2026": "el 3 de mayo de 2026",
    "el 2026-05-03": "el 3 de mayo de 2026",
    "la 2ª vez, el 3.º día y el 3º": "la segunda vez, el tercer día y el tercero",
    "5 €, 1 € y 5,20 €": "5 euros, un euro y 5 euros y 20 céntimos",
    "El Sr. López y la Sra. Ruiz": "El señor López y la señora Ruiz",
    "p. ej. mañana, etc.": "por ejemplo mañana, etcétera.",
    "EE. UU.": "Estados Unidos",
    "3–5 minutos": "3 a 5 minutos",
    "2 + 2 = 4": "2 más 2 igual a 4",
    "gatos & perros": "gatos y perros",
    "Mira https://www.example.org/a.": "Mira un enlace a example.org.",
    "16 GB": "16 gigabytes",
}
RUSSIAN = {
    "Сейчас 3 °C.": "Сейчас 3 градуса Цельсия.",
    "Сейчас -5 °C.": "Сейчас минус 5 градусов Цельсия.",
    "1 км, 2 км и 90 км/ч": "1 километр, 2 километра и 90 километров в час",
    "1,5 кг": "одна целая пять десятых килограмма",
    "Влажность 50 %, было 21 %": "Влажность 50 процентов, было 21 процент",
    "осталась 1 минута": "осталась одна минута",
    "через 1 минуту": "через одну минуту",
    "21 минута и 32 секунды": "двадцать одна минута и тридцать две секунды",
    "через 2 часа": "через 2 часа",
    "через 2 минуты": "через две минуты",
    "у вас 2 или 3 заметки": "у вас 2 или 3 заметки",
    "1 234 567 человек": "1234567 человек",
    "в 18:30": "в 18 30",
    "в 6:05": "в 6 ноль 5",
    "в 18:00": "в 18 часов",
    "в 21:00": "в 21 час",
    "3 мая": "третьего мая",
    "3 мая 2026 года": "третьего мая две тысячи двадцать шестого года",
    "21 мая 2026 г.": "двадцать первого мая две тысячи двадцать шестого года",
    "03.05.2026": "третьего мая две тысячи двадцать шестого года",
    "2026-05-03": "третьего мая две тысячи двадцать шестого года",
    "Сегодня 3-е мая": "Сегодня третье мая",
    "3 числа": "третьего числа",
    "2 и 3 мая": "второго и третьего мая",
    "1 января и 22 декабря": "первого января и двадцать второго декабря",
    "в 2026 году": "в две тысячи двадцать шестом году",
    "2026 год": "две тысячи двадцать шестой год",
    "5 ₽, 1 ₽ и 22 ₽": "5 рублей, 1 рубль и 22 рубля",
    "5,20 €": "5 евро и 20 центов",
    "т. е. завтра и т. д.": "то есть завтра и так далее",
    "ул. Ленина, д. 5": "улица Ленина, дом 5",
    "3–5 минут": "3 до 5 минут",
    "2 + 2 = 4": "2 плюс 2 равно 4",
    "кошки & собаки": "кошки и собаки",
    "См. https://www.example.org/a.": "См. ссылка на example.org.",
}
BULGARIAN = {
    "Сега е 3 °C.": "Сега е 3 градуса Целзий.",
    "Сега е -5 °C.": "Сега е минус 5 градуса Целзий.",
    "1 км, 2 км и 90 км/ч": "един километър, два километра и 90 километра в час",
    "1,5 кг": "1,5 килограма",
    "Влажността е 50 %, 1 %": "Влажността е 50 процента, един процент",
    "остава 1 минута": "остава една минута",
    "21 минути и 2 часа": "двайсет и една минути и два часа",
    "2 минути": "две минути",
    "2 дни": "два дни",
    "1 съобщение": "едно съобщение",
    "2 от 5": "2 от 5",
    "1 234 567 души": "1234567 души",
    "в 18:30": "в 18 и 30",
    "в 18:30 часа": "в 18 и 30",
    "в 21:00": "в двайсет и един часа",
    "в 2:15": "в два и 15",
    "3 май": "трети май",
    "на 3 май 2026 г.": "на трети май две хиляди двайсет и шеста година",
    "21 май 1984 година": "двайсет и първи май хиляда деветстотин осемдесет и четвърта година",
    "03.05.2026": "трети май две хиляди двайсет и шеста година",
    "2 и 3 май": "втори и трети май",
    "през 2026 г.": "през две хиляди двайсет и шеста година",
    "5 лв. и 1 лв.": "5 лева и един лев",
    "5,20 лв.": "5 лева и 20 стотинки",
    "напр. утре и т.н.": "например утре и така нататък",
    "ул. Шипка № 5": "улица Шипка номер 5",
    "3–5 минути": "3 до 5 минути",
    "2 + 2 = 4": "2 плюс 2 равно на 4",
    "Виж https://www.example.org/a.": "Виж връзка към example.org.",
}
TABLES = {"de": GERMAN, "fr": FRENCH, "es": SPANISH, "ru": RUSSIAN, "bg": BULGARIAN}


@pytest.mark.parametrize("code", TABLES)
def test_written_to_spoken(code: str) -> None:
    assert {written: speakable(written, code) for written in TABLES[code]} == TABLES[code]


@pytest.mark.parametrize("code", TABLES)
def test_saying_it_again_changes_nothing(code: str) -> None:
    for spoken in TABLES[code].values():
        assert speakable(spoken, code) == spoken


@pytest.mark.parametrize("code", TABLES)
@given(text=st.text("aя 12.,:-–/%°€$kmчг\n#*", max_size=24))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_said(code: str, text: str) -> None:
    made = speakable_with_map(text, code)
    assert 0 <= made.heard(len(made.text)) <= len(text)


@pytest.mark.parametrize("code", TABLES)
def test_what_the_language_says_can_be_spoken(code: str) -> None:
    """The assistant's own values: no sign is left that a voice could stumble over."""
    say = language(code).say
    day = dt.date(2026, 5, 1)
    for text in (
        *(f"{say.time(TimeOfDay(hour, minute)):at}" for hour in (1, 6, 13, 21) for minute in (0, 5, 30)),
        f"{say.date(day):on}", say.percentage(25.5), say.duration(dt.timedelta(hours=21, minutes=31)),
    ):  # fmt: skip
        spoken = speakable(text, code)
        assert spoken
        assert not set(spoken) & set(":%€°/"), spoken
