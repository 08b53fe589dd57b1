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
        "voice_sample": "This is how I sound. I tell the time, set timers, and answer your questions.",
        "voice_failed": "My usual voice has failed, so I speak with another one.",
        "voice_slow": "My usual voice is too slow here, so I speak with another one.",
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
        "voice_sample": "So klinge ich. Ich sage die Uhrzeit, stelle Timer und beantworte deine Fragen.",
        "voice_failed": "Meine gewohnte Stimme ist ausgefallen, deshalb spreche ich mit einer anderen.",
        "voice_slow": "Meine gewohnte Stimme ist hier zu langsam, deshalb spreche ich mit einer anderen.",
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
        "voice_sample": "Voici ma voix. Je donne l'heure, je règle des minuteurs et je réponds à tes questions.",
        "voice_failed": "Ma voix habituelle est en panne, je parle donc avec une autre.",
        "voice_slow": "Ma voix habituelle est trop lente ici, je parle donc avec une autre.",
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
        "voice_sample": "Así sueno yo. Digo la hora, pongo temporizadores y respondo a tus preguntas.",
        "voice_failed": "Mi voz habitual ha fallado, así que hablo con otra.",
        "voice_slow": "Mi voz habitual es demasiado lenta aquí, así que hablo con otra.",
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
        "voice_sample": "Вот так я звучу. Я говорю, который час, ставлю таймеры и отвечаю на вопросы.",
        "voice_failed": "Мой обычный голос отказал, поэтому я говорю другим.",
        "voice_slow": "Мой обычный голос здесь слишком медленный, поэтому я говорю другим.",
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
        "voice_sample": "Така звуча аз. Казвам колко е часът, настройвам таймери и отговарям на въпроси.",
        "voice_failed": "Обичайният ми глас отказа, затова говоря с друг.",
        "voice_slow": "Обичайният ми глас е твърде бавен тук, затова говоря с друг.",
    },
}


def said(key: str, language: str, **values: str) -> str:
    """The words for a key; English where the language is not known."""
    code = language.partition("-")[0]
    return _SAID.get(code, _SAID["en"])[key].format_map(values)


def fixed(language: str) -> list[str]:
    """Everything that is said in a language without a value in it."""
    texts = _SAID.get(language.partition("-")[0], _SAID["en"]).values()
    return [text for text in texts if "{" not in text]
