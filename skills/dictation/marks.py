"""Punctuation as it is said while dictating, and the text that comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "comma": ",", "full stop": ".", "period": ".", "question mark": "?", "exclamation mark": "!",
        "exclamation point": "!", "colon": ":", "semicolon": ";", "dash": " –", "hyphen": "-", "open bracket": "(",
        "close bracket": ")", "open quote": "“", "close quote": "”", "new line": "\n", "new paragraph": "\n\n",
    },
    "de": {
        "komma": ",", "punkt": ".", "fragezeichen": "?", "ausrufezeichen": "!", "ausrufungszeichen": "!",
        "doppelpunkt": ":", "semikolon": ";", "strichpunkt": ";", "gedankenstrich": " –", "bindestrich": "-",
        "klammer auf": "(", "klammer zu": ")", "anführungszeichen auf": "„", "anführungszeichen zu": "“",
        "neue zeile": "\n", "neuer absatz": "\n\n", "absatz": "\n\n",
    },
    "fr": {
        "virgule": ",", "point d'interrogation": " ?", "point d'exclamation": " !", "point virgule": " ;",
        "point-virgule": " ;", "deux points": " :", "deux-points": " :", "point": ".", "tiret": " –",
        "trait d'union": "-", "ouvrir la parenthèse": "(", "fermer la parenthèse": ")", "ouvrez les guillemets": "« ",
        "fermez les guillemets": " »", "à la ligne": "\n", "nouvelle ligne": "\n", "nouveau paragraphe": "\n\n",
    },
    "es": {
        "coma": ",", "punto y coma": ";", "punto y aparte": ".\n\n", "punto y seguido": ".", "dos puntos": ":",
        "punto": ".", "abrir interrogación": "¿", "cerrar interrogación": "?", "signo de interrogación": "?",
        "abrir exclamación": "¡", "cerrar exclamación": "!", "signo de exclamación": "!", "guion": "-", "raya": " –",
        "abrir paréntesis": "(", "cerrar paréntesis": ")", "abrir comillas": "«", "cerrar comillas": "»",
        "nueva línea": "\n", "nuevo párrafo": "\n\n",
    },
    "ru": {
        "запятая": ",", "точка с запятой": ";", "точка": ".", "вопросительный знак": "?", "восклицательный знак": "!",
        "двоеточие": ":", "тире": " –", "дефис": "-", "открыть скобку": "(", "закрыть скобку": ")",
        "открыть кавычки": "«", "закрыть кавычки": "»", "новая строка": "\n", "с новой строки": "\n",
        "новый абзац": "\n\n", "абзац": "\n\n",
    },
    "bg": {
        "запетая": ",", "точка и запетая": ";", "точка": ".", "въпросителен знак": "?", "въпросителна": "?",
        "удивителен знак": "!", "удивителна": "!", "двоеточие": ":", "тире": " –", "дефис": "-",
        "отвори скоба": "(", "затвори скоба": ")", "отвори кавички": "„", "затвори кавички": "“",
        "нов ред": "\n", "нов абзац": "\n\n",
    },
}  # fmt: skip
_OPENING = "(“„«¿¡"
_ENDING = re.compile(r"(^|[.!?…][”“»)]*\s+|\n\s*)([“„«(¿¡ ]*)(\w)")


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = sorted(_WORDS.get(language, _WORDS["en"]), key=len, reverse=True)
    return re.compile(rf"\s*[,.]?\s*\b({'|'.join(map(re.escape, words))})\b[,.]?", re.IGNORECASE)


def marked(utterance: str, language: str) -> str:
    """What was said with its punctuation words written: "dear Ann comma" → "dear Ann,".

    Marks that a recogniser has put around such a word itself go with it.
    """
    words = _WORDS.get(language, _WORDS["en"])
    return (
        _pattern(language).sub(lambda match: _spaced(words[match[1].lower()]), utterance.replace("’", "'")).strip(" ")
    )


def _spaced(mark: str) -> str:
    if mark.strip() and mark.strip() in _OPENING:
        return f" {mark}\0"
    return f"{mark}\0" if mark == "-" else mark


def composed(utterances: Iterable[str], language: str) -> str:
    """The text of some utterances: spaces as they belong around marks, capitals where sentences begin."""
    text = " ".join(marked(each, language) for each in utterances)
    text = re.sub(r"\0\s*", "", text)
    text = re.sub(r" +([,.;:?!)”»\n])" if language != "fr" else r" +([,.)\n])", r"\1", text)
    text = re.sub(r"\n +", "\n", re.sub(r"[ \t]{2,}", " ", text))
    return _ENDING.sub(lambda match: match[1] + match[2] + match[3].upper(), text).strip(" ")
