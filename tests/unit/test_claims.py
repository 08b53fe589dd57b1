"""What a model says it has done, told from what it says of the world."""

import pytest

from assistant.session.claims import is_claim

CLAIMS = {
    "en": (
        "I've set a timer for ten minutes.", "I have turned on the kitchen light.", "Done!", "OK, done.",
        "All done, your list is empty.", "The light is now on.", "Your timer has been set.",
        "Timer set for ten minutes.",
        "I just added milk to your shopping list.", "Okay, I turned off the heating.", "The lights are now off.",
        "I’ve cancelled the alarm.", "Your alarm for seven is set.", "Sure, I have deleted it.",
    ),
    "de": (
        "Ich habe den Timer gestellt.", "Erledigt.", "Das Licht ist jetzt an.",
        "Jetzt habe ich das Licht eingeschaltet.",
        "Der Timer wurde gestartet.",
    ),
    "fr": ("J'ai mis le minuteur.", "C'est fait.", "La lumière est maintenant allumée."),
    "es": ("He puesto el temporizador.", "Hecho.", "La luz está encendida."),
    "ru": ("Я поставил таймер.", "Готово.", "Свет включён."),
    "bg": ("Включих лампата.", "Готово.", "Таймерът е пуснат."),
}  # fmt: skip
NONE = {
    "en": (
        "The Eiffel Tower was opened in 1889.", "Oxygen was discovered in 1774.", "Shall I set a timer?",
        "I can turn on the light if you like.", "Bread is made of flour.", "The moon is called Luna in Latin.",
        "Have I set the right timer?", "The light in the hall is on.", "A timer counts down.", "It was played in 1950.",
        "I would have added salt.", "The battle has been called a turning point.", "Hamlet was written by Shakespeare.",
        "There are two timers.", "You have ten minutes left.",
    ),
    "de": ("Der Eiffelturm wurde 1889 eröffnet.", "Soll ich das Licht einschalten?", "Das weiß ich nicht."),
    "fr": ("La tour Eiffel date de 1889.", "Dois-je allumer la lumière ?"),
    "es": ("La torre Eiffel se abrió en 1889.", "¿Enciendo la luz?"),
    "ru": ("Эйфелеву башню открыли в 1889 году.", "Включить свет?"),
    "bg": ("Айфеловата кула е от 1889 година.", "Да включа ли лампата?"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "sentence"), [(code, each) for code, all_ in CLAIMS.items() for each in all_])
def test_a_claim_is_known(language, sentence):
    assert is_claim(sentence, language)


@pytest.mark.parametrize(("language", "sentence"), [(code, each) for code, all_ in NONE.items() for each in all_])
def test_what_is_no_claim_is_spoken(language, sentence):
    assert not is_claim(sentence, language)
