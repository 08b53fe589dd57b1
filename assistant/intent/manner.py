"""How something is said: as a question, a statement, with a "not" — what a bag of words does not tell.

"Is the timer running?" must not start one, nor "don't set a timer", nor "I set a timer yesterday".
"""

from __future__ import annotations

from enum import StrEnum

from assistant.intent.template import words_of

_ASKING = {
    "en": "is are was were am does did has had have_i have_you have_we have_they how what what's whats when when's "
    "where where's why who who's which whose isn't aren't wasn't didn't doesn't haven't should may",
    "de": "ist sind war waren hat haben habe hatte gibt wie was wann wo warum wieso wer welche welcher welches wieviel",
    "fr": "est sont était ont as avez ai combien comment quand où pourquoi qui quel quelle quels quelles y",
    "es": "es está están son hay tengo tiene cuánto cuánta cuántos cuántas cómo cuándo dónde qué quién cuál cuáles",
    "ru": "как что где когда почему кто какой какая какие сколько есть идет работает",
    "bg": "как какво къде кога защо кой коя кои колко има ли работи",
}
_WISHES = {
    "en": "need want would i'd like wanna gotta must require wish have",
    "de": "brauche möchte will hätte muss",
    "fr": "veux voudrais aimerais souhaite besoin faut",
    "es": "quiero quisiera necesito me",
    "ru": "хочу нужно надо нужен",
    "bg": "искам трябва нужен",
}
_SELF = {
    "en": "i we he she they it it's that's", "de": "ich wir er sie es", "fr": "j' je il elle nous ils elles",
    "es": "yo él ella", "ru": "я мы он она они", "bg": "аз ние той тя те",
}  # fmt: skip
_NOT = {
    "en": "not don't never didn't won't can't couldn't shouldn't wouldn't isn't", "de": "nicht kein keine keinen nie",
    "fr": "ne n' pas jamais", "es": "no nunca", "ru": "не никогда", "bg": "не недей никога",
}  # fmt: skip

_DO_NOT = {
    "en": "don't dont never", "de": "nicht", "fr": "ne n'", "es": "no nunca", "ru": "не", "bg": "не недей",
}  # fmt: skip


class Manner(StrEnum):
    """The form of a sentence."""

    REQUEST = "request"
    QUESTION = "question"
    STATEMENT = "statement"
    REFUSAL = "refusal"
    """Something is not to be done, or is not so."""


def manner(text: str, language: str = "en") -> Manner:
    """The form of a sentence by its first words; a request when nothing speaks against it.

    "Can you …" and "could you …" are requests in the manner of questions.

    Args:
        language: ISO 639-1 code; English where it is none of the six.
    """
    words = words_of(text)
    asking, wishes, own, no = (
        frozenset(table.get(language, table["en"]).split()) for table in (_ASKING, _WISHES, _SELF, _NOT)
    )
    first = words[0] if words else ""
    if first in asking or "_".join(words[:2]) in asking:
        return Manner.QUESTION
    if no.intersection(words):
        return Manner.REFUSAL
    if first in own and not wishes.intersection(words[1:4]):
        return Manner.STATEMENT
    return Manner.REQUEST


def forbids(text: str, language: str = "en") -> bool:
    """Whether a sentence begins by saying that something is not to be done."""
    words = words_of(text)
    return words[:2] == ["do", "not"] or (bool(words) and words[0] in _DO_NOT.get(language, _DO_NOT["en"]).split())
