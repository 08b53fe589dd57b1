"""What the assistant says of itself, when no skill speaks: in each language."""

from __future__ import annotations

_SAID = {
    "en": {
        "ok": "OK.",
        "not_understood": "Sorry, I didn't understand that.",
        "broken": "Sorry, something went wrong.",
        "skill_broken": "Sorry, something went wrong in the {skill} skill.",
        "cannot": "I can't do that.",
        "say": "You can say, for example: '{example}'.",
        "ask": "Ask '{example}' to hear what I can.",
        "nothing": "I can't do that: no skills are loaded.",
        "not_set_up": "{skill} is not set up yet. Type: {command}",
    },
    "de": {
        "ok": "In Ordnung.",
        "not_understood": "Entschuldigung, das habe ich nicht verstanden.",
        "broken": "Entschuldigung, da ist etwas schiefgegangen.",
        "skill_broken": "Entschuldigung, in der Fähigkeit {skill} ist etwas schiefgegangen.",
        "cannot": "Das kann ich nicht.",
        "say": "Sag zum Beispiel: „{example}“.",
        "ask": "Frag „{example}“, dann sage ich, was ich kann.",
        "nothing": "Das kann ich nicht: Es sind keine Fähigkeiten geladen.",
        "not_set_up": "{skill} ist noch nicht eingerichtet. Tippe: {command}",
    },
    "fr": {
        "ok": "D'accord.",
        "not_understood": "Désolé, je n'ai pas compris.",
        "broken": "Désolé, quelque chose s'est mal passé.",
        "skill_broken": "Désolé, quelque chose s'est mal passé dans la compétence {skill}.",
        "cannot": "Je ne sais pas faire ça.",
        "say": "Tu peux dire, par exemple : « {example} ».",
        "ask": "Demande « {example} » pour savoir ce que je sais faire.",
        "nothing": "Je ne sais pas faire ça : aucune compétence n'est chargée.",
        "not_set_up": "{skill} n'est pas encore configuré. Tape : {command}",
    },
    "es": {
        "ok": "De acuerdo.",
        "not_understood": "Perdón, no lo he entendido.",
        "broken": "Perdón, algo ha salido mal.",
        "skill_broken": "Perdón, algo ha salido mal en la habilidad {skill}.",
        "cannot": "Eso no sé hacerlo.",
        "say": "Puedes decir, por ejemplo: «{example}».",
        "ask": "Pregunta «{example}» para saber lo que sé hacer.",
        "nothing": "Eso no sé hacerlo: no hay ninguna habilidad cargada.",
        "not_set_up": "{skill} aún no está configurado. Escribe: {command}",
    },
    "ru": {
        "ok": "Хорошо.",
        "not_understood": "Простите, я не понял.",
        "broken": "Простите, что-то пошло не так.",
        "skill_broken": "Простите, в навыке {skill} что-то пошло не так.",
        "cannot": "Этого я не умею.",
        "say": "Можно сказать, например: «{example}».",
        "ask": "Спросите «{example}», и я расскажу, что умею.",
        "nothing": "Этого я не умею: ни один навык не загружен.",
        "not_set_up": "Навык {skill} ещё не настроен. Наберите: {command}",
    },
    "bg": {
        "ok": "Добре.",
        "not_understood": "Съжалявам, не разбрах.",
        "broken": "Съжалявам, нещо се обърка.",
        "skill_broken": "Съжалявам, нещо се обърка в умението {skill}.",
        "cannot": "Това не мога.",
        "say": "Можеш да кажеш например: „{example}“.",
        "ask": "Попитай „{example}“, за да чуеш какво мога.",
        "nothing": "Това не мога: няма заредени умения.",
        "not_set_up": "Умението {skill} още не е настроено. Напиши: {command}",
    },
}


def said(key: str, language: str, **values: str) -> str:
    """The words for a key; English where the language is not known."""
    code = language.partition("-")[0]
    return _SAID.get(code, _SAID["en"])[key].format_map(values)
