"""What the assistant itself says for its skills, in each language."""

from __future__ import annotations

from typing import Any

from assistant.skill.wording import worded

_PHRASES = {
    "en": {
        "offline": "I can't reach the network at the moment.",
        "refused": "{host} doesn't answer as it should.",
        "late": "Sorry, I should have told you this {time} ago: {text}",
        "no_sound": "I can't play sound here.",
        "not_understood": "Sorry, I didn't get that.",
    },
    "de": {
        "offline": "Ich komme gerade nicht ins Netz.",
        "refused": "{host} antwortet nicht wie erwartet.",
        "late": "Entschuldigung, das hätte ich vor {time:dative} sagen sollen: {text}",
        "no_sound": "Hier kann ich nichts abspielen.",
        "not_understood": "Entschuldigung, das habe ich nicht verstanden.",
    },
    "fr": {
        "offline": "Je n'ai pas accès au réseau pour le moment.",
        "refused": "{host} ne répond pas comme il faut.",
        "late": "Désolé, j'aurais dû le dire il y a {time} : {text}",
        "no_sound": "Je ne peux rien faire entendre ici.",
        "not_understood": "Désolé, je n'ai pas compris.",
    },
    "es": {
        "offline": "No tengo acceso a la red en este momento.",
        "refused": "{host} no responde como debería.",
        "late": "Perdón, debería haberlo dicho hace {time}: {text}",
        "no_sound": "Aquí no puedo reproducir sonido.",
        "not_understood": "Perdón, no lo he entendido.",
    },
    "ru": {
        "offline": "Сейчас у меня нет доступа к сети.",
        "refused": "{host} отвечает не так, как нужно.",
        "late": "Простите, это надо было сказать раньше, опоздание {time}: {text}",
        "no_sound": "Здесь я не могу воспроизводить звук.",
        "not_understood": "Простите, я не понял.",
    },
    "bg": {
        "offline": "В момента нямам достъп до мрежата.",
        "refused": "{host} не отговаря както трябва.",
        "late": "Съжалявам, трябваше да го кажа преди {time}: {text}",
        "no_sound": "Тук не мога да пускам звук.",
        "not_understood": "Съжалявам, не разбрах.",
    },
}


def phrase(key: str, language: str, **values: Any) -> str:
    """What is said for a key, in English where the language is not known."""
    code = language if language in _PHRASES else "en"
    return _PHRASES[code][key].format_map({name: worded(value, code) for name, value in values.items()})
