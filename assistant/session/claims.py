"""Sentences in which a language model says that something has been done.

Small models say "Done, the light is on" without having called a tool. What was done is told from the tools' results
alone, so such a sentence is never spoken: after a tool has acted it would be said twice, else it is a lie.
"""

from __future__ import annotations

import re
from functools import cache

_DID = (
    "set|turned|switched|started|stopped|cancel(?:l)?ed|added|removed|deleted|cleared|created|scheduled|paused|resumed"
    "|saved|stored|noted|written|put|sent|called|played|opened|closed|locked|unlocked|dimmed|changed|updated|booked"
    "|ordered|reminded|marked|made|moved|raised|lowered|increased|decreased|muted|unmuted|remembered|forgotten"
)
_DONE = (
    "set|turned|switched|started|stopped|cancel(?:l)?ed|added|removed|deleted|cleared|scheduled|paused|resumed|saved"
    "|locked|unlocked|dimmed|booked|muted|unmuted"
)
_THING = "timer|alarm|reminder|light|lamp|note|list|item|event|appointment|music|volume|door|heating|blind|message"
_PATTERNS = {
    "en": (
        rf"\bi(?:'ve| have)(?: just| now| already| successfully)* (?:{_DID})\b",
        rf"^(?:ok(?:ay)?[,.!]? |sure[,.!]? |all right[,.!]? )?i(?: just| now)? (?:{_DID})\b",
        r"^(?:ok(?:ay)?[,.!]? |sure[,.!]? )?(?:all )?(?:done|finished|completed)\b",
        rf"\b(?:has|have|'s) (?:now |just |successfully )?been (?:now |just |successfully )?(?:{_DONE})\b",
        rf"\b(?:is|are) now (?:{_DONE}|on|off|open|closed|running|playing|ringing)\b",
        rf"^(?:your |the )?(?:\w+ ){{0,3}}(?:{_THING})s?(?: for [\w ]+)?(?: is| are)? (?:{_DONE})\b",
    ),
    "de": (
        r"\bich habe\b.*\b\w*ge\w+(?:t|en)\b",
        r"\bhabe ich\b.*\b\w*ge\w+(?:t|en)\b",
        r"^(?:ok(?:ay)?[,.!]? )?(?:erledigt|fertig|gemacht)\b",
        r"\b(?:ist|sind|wurde|wurden) (?:jetzt |nun )?(?:gestellt|gestartet|gestoppt|gelöscht|hinzugefügt|eingeschaltet"
        r"|ausgeschaltet|gespeichert|gesetzt|notiert|abgebrochen|an|aus)\b",
    ),
    "fr": (
        r"\bj'ai (?:bien |déjà )?(?:mis|réglé|lancé|démarré|arrêté|annulé|ajouté|supprimé|effacé|allumé|éteint|noté"
        r"|enregistré|ouvert|fermé|envoyé|programmé|créé|changé)\b",
        r"^(?:d'accord[,.!]? )?(?:c'est fait|voilà|fait|terminé)\b",
        r"\b(?:est|sont) (?:maintenant |bien )?(?:allumée?s?|éteinte?s?|réglée?s?|lancée?s?|ajoutée?s?|supprimée?s?"
        r"|annulée?s?|enregistrée?s?)\b",
    ),
    "es": (
        r"\bhe (?:puesto|encendido|apagado|añadido|borrado|eliminado|cancelado|guardado|anotado|abierto|cerrado|enviado"
        r"|programado|creado|cambiado|iniciado|parado)\b",
        r"^(?:vale[,.!]? |de acuerdo[,.!]? )?(?:hecho|listo|ya está)\b",
        r"\b(?:está|están|ha sido|queda) (?:ahora |ya )?(?:encendid|apagad|puest|añadid|borrad|cancelad|guardad)\w+",
    ),
    "ru": (
        r"\bя (?:уже |только что )?(?:поставил|включил|выключил|добавил|удалил|отменил|сохранил|записал|запустил"
        r"|остановил|открыл|закрыл|отправил|создал|изменил|сделал)\w*",
        r"^(?:хорошо[,.!]? )?(?:готово|сделано|выполнено)\b",
        r"\b(?:включ[её]н|выключ[её]н|установлен|поставлен|добавлен|удал[её]н|отмен[её]н|сохран[её]н|запущен)[аоы]?\b",
    ),
    "bg": (
        r"\b(?:пуснах|включих|изключих|добавих|изтрих|отмених|запазих|записах|спрях|отворих|затворих|изпратих|създадох"
        r"|промених|направих|сложих)\b",
        r"^(?:добре[,.!]? )?(?:готово|направено)\b",
        r"\b(?:е|са) (?:вече )?(?:включен|изключен|добавен|изтрит|отменен|запазен|пуснат|спрян)\w*",
    ),
}  # fmt: skip


def is_claim(sentence: str, language: str = "en") -> bool:
    """Whether a sentence says that the assistant has done something.

    Args:
        sentence: one, of the model's reply; a question is no claim.
        language: ISO 639-1 code; English where it is none of the six.
    """
    text = " ".join(sentence.replace("’", "'").split()).lower().lstrip("\"'«„“ ")
    return not text.endswith("?") and any(each.search(text) for each in _compiled(language.partition("-")[0]))


@cache
def _compiled(language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _PATTERNS.get(language, _PATTERNS["en"]))
