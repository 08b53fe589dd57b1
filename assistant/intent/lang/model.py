"""What the assistant says of its language model, and of what that does: in each language."""

from __future__ import annotations

FILLERS = ("let_me_see", "slow")
"""What is said after some silence, and after more."""

_SAID = {
    "en": {
        "let_me_see": "Let me see.",
        "slow": "My language model is slow just now. One moment.",
        "unreachable": "I can't reach my language model. Is its server running?",
        "timeout": "My language model took too long, so I gave up.",
        "rate_limited": "My language model has too many requests just now. Try again in a minute.",
        "unauthorised": "My language model does not accept its key.",
        "no_model": "The language model I was told to use is not there.",
        "too_long": "That was too long for my language model.",
        "server": "My language model's server has an error.",
        "garbled": "I couldn't make sense of what my language model answered.",
        "cut_off": "My language model broke off in the middle.",
        "crashed": "Sorry, something went wrong in my language model.",
        "nothing": "I have no answer to that.",
        "stop_here": "I'll stop here.",
        "not_done": "I haven't done anything.",
        "shall_i": "Shall I do this: {action}?",
        "declined": "All right, I won't.",
        "done": "Done: {action}.",
        "did_not_work": "That did not work: {why}",
    },
    "de": {
        "let_me_see": "Mal sehen.",
        "slow": "Mein Sprachmodell ist gerade langsam. Einen Moment.",
        "unreachable": "Ich erreiche mein Sprachmodell nicht. Läuft sein Server?",
        "timeout": "Mein Sprachmodell hat zu lange gebraucht, ich habe aufgegeben.",
        "rate_limited": "Mein Sprachmodell hat gerade zu viele Anfragen. Versuch es in einer Minute noch einmal.",
        "unauthorised": "Mein Sprachmodell nimmt seinen Schlüssel nicht an.",
        "no_model": "Das Sprachmodell, das ich verwenden soll, gibt es dort nicht.",
        "too_long": "Das war zu lang für mein Sprachmodell.",
        "server": "Der Server meines Sprachmodells hat einen Fehler.",
        "garbled": "Ich verstehe nicht, was mein Sprachmodell geantwortet hat.",
        "cut_off": "Mein Sprachmodell hat mittendrin abgebrochen.",
        "crashed": "Entschuldigung, in meinem Sprachmodell ist etwas schiefgegangen.",
        "nothing": "Darauf habe ich keine Antwort.",
        "stop_here": "Hier höre ich auf.",
        "not_done": "Ich habe nichts getan.",
        "shall_i": "Soll ich das tun: {action}?",
        "declined": "Gut, dann nicht.",
        "done": "Erledigt: {action}.",
        "did_not_work": "Das hat nicht geklappt: {why}",
    },
    "fr": {
        "let_me_see": "Voyons voir.",
        "slow": "Mon modèle de langage est lent en ce moment. Un instant.",
        "unreachable": "Je n'arrive pas à joindre mon modèle de langage. Son serveur est-il lancé ?",
        "timeout": "Mon modèle de langage a mis trop de temps, j'ai renoncé.",
        "rate_limited": "Mon modèle de langage reçoit trop de demandes. Réessaie dans une minute.",
        "unauthorised": "Mon modèle de langage refuse sa clé.",
        "no_model": "Le modèle de langage que je dois utiliser n'existe pas là-bas.",
        "too_long": "C'était trop long pour mon modèle de langage.",
        "server": "Le serveur de mon modèle de langage a une erreur.",
        "garbled": "Je ne comprends pas ce que mon modèle de langage a répondu.",
        "cut_off": "Mon modèle de langage s'est interrompu au milieu.",
        "crashed": "Désolé, quelque chose s'est mal passé dans mon modèle de langage.",
        "nothing": "Je n'ai pas de réponse à cela.",
        "stop_here": "Je m'arrête là.",
        "not_done": "Je n'ai rien fait.",
        "shall_i": "Dois-je faire ceci : {action} ?",
        "declined": "D'accord, je ne le fais pas.",
        "done": "C'est fait : {action}.",
        "did_not_work": "Cela n'a pas marché : {why}",
    },
    "es": {
        "let_me_see": "A ver.",
        "slow": "Mi modelo de lenguaje va lento ahora mismo. Un momento.",
        "unreachable": "No puedo conectar con mi modelo de lenguaje. ¿Está en marcha su servidor?",
        "timeout": "Mi modelo de lenguaje tardó demasiado y lo he dejado.",
        "rate_limited": "Mi modelo de lenguaje tiene demasiadas peticiones. Inténtalo dentro de un minuto.",
        "unauthorised": "Mi modelo de lenguaje no acepta su clave.",
        "no_model": "El modelo de lenguaje que debo usar no está ahí.",
        "too_long": "Eso era demasiado largo para mi modelo de lenguaje.",
        "server": "El servidor de mi modelo de lenguaje tiene un error.",
        "garbled": "No entiendo lo que ha contestado mi modelo de lenguaje.",
        "cut_off": "Mi modelo de lenguaje se ha cortado a la mitad.",
        "crashed": "Perdón, algo ha salido mal en mi modelo de lenguaje.",
        "nothing": "No tengo respuesta para eso.",
        "stop_here": "Lo dejo aquí.",
        "not_done": "No he hecho nada.",
        "shall_i": "¿Hago esto: {action}?",
        "declined": "De acuerdo, no lo hago.",
        "done": "Hecho: {action}.",
        "did_not_work": "Eso no ha funcionado: {why}",
    },
    "ru": {
        "let_me_see": "Сейчас посмотрю.",
        "slow": "Моя языковая модель сейчас работает медленно. Минутку.",
        "unreachable": "Не могу связаться с языковой моделью. Её сервер запущен?",
        "timeout": "Языковая модель думала слишком долго, я перестал ждать.",
        "rate_limited": "У языковой модели сейчас слишком много запросов. Попробуйте через минуту.",
        "unauthorised": "Языковая модель не принимает свой ключ.",
        "no_model": "Языковой модели, которая мне указана, там нет.",
        "too_long": "Для языковой модели это слишком длинно.",
        "server": "На сервере языковой модели ошибка.",
        "garbled": "Я не понял, что ответила языковая модель.",
        "cut_off": "Языковая модель оборвала ответ на середине.",
        "crashed": "Простите, в языковой модели что-то пошло не так.",
        "nothing": "На это у меня нет ответа.",
        "stop_here": "На этом остановлюсь.",
        "not_done": "Я ничего не сделал.",
        "shall_i": "Сделать это: {action}?",
        "declined": "Хорошо, не буду.",
        "done": "Готово: {action}.",
        "did_not_work": "Не получилось: {why}",
    },
    "bg": {
        "let_me_see": "Да видим.",
        "slow": "Езиковият ми модел е бавен в момента. Един момент.",
        "unreachable": "Не мога да се свържа с езиковия си модел. Работи ли сървърът му?",
        "timeout": "Езиковият ми модел се забави твърде много и се отказах.",
        "rate_limited": "Езиковият ми модел има твърде много заявки. Опитай пак след минута.",
        "unauthorised": "Езиковият ми модел не приема ключа си.",
        "no_model": "Езиковият модел, който трябва да използвам, го няма там.",
        "too_long": "Това беше твърде дълго за езиковия ми модел.",
        "server": "Сървърът на езиковия ми модел има грешка.",
        "garbled": "Не разбрах какво отговори езиковият ми модел.",
        "cut_off": "Езиковият ми модел прекъсна по средата.",
        "crashed": "Съжалявам, нещо се обърка в езиковия ми модел.",
        "nothing": "Нямам отговор на това.",
        "stop_here": "Спирам дотук.",
        "not_done": "Не съм направил нищо.",
        "shall_i": "Да направя ли това: {action}?",
        "declined": "Добре, няма.",
        "done": "Готово: {action}.",
        "did_not_work": "Това не стана: {why}",
    },
}


def said(key: str, language: str, **values: str) -> str:
    """The words for a key; English where the language is not known."""
    code = language.partition("-")[0]
    return _SAID.get(code, _SAID["en"])[key].format_map(values)


def failure(code: str, language: str) -> str:
    """The one sentence that tells what went wrong, by the code of an ``EngineError`` of stage ``llm``."""
    return said(code if code in _SAID["en"] else "crashed", language)


def without_fillers(text: str) -> str:
    """What was said without "let me see" before it, in whatever language."""
    for words in _SAID.values():
        for key in FILLERS:
            text = text.removeprefix(words[key]).lstrip()
    return text
