"""A fact about the user, turned round to be said to the user: "my cat" is "your cat", "I am" is "you are".

By tables of words. What they are not enough for is not turned at all: half of it turned would be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ELIDED = re.compile(r"\b([jm])['’](?=\w)", re.IGNORECASE)


def _pairs(text: str) -> dict[str, str]:
    """Word → what it is turned into, of ``word>other`` pairs."""
    return {word: other for word, _, other in (pair.partition(">") for pair in text.split())}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class _Turning:
    """A language's tables.

    Attributes:
        words: pronouns of the first person.
        verbs: forms of the first person; many of them are forms of the third as well.
        subjects: pronouns that have such a verb.
        others: words about the assistant, or about several people.
        drops: whether a verb can do without its pronoun.
        front: among how many first words there must be a pronoun when no verb of the first person is.
    """

    words: dict[str, str]
    verbs: dict[str, str]
    subjects: frozenset[str]
    others: frozenset[str]
    drops: bool = False
    front: int = 1


_ENGLISH = _pairs(
    "my>your mine>yours me>you myself>yourself our>your ours>yours us>you i>you we>you i'm>you're we're>you're"
    " i've>you've we've>you've i'd>you'd we'd>you'd i'll>you'll we'll>you'll am>are"
)
_TURNINGS = {
    "en": _Turning(_ENGLISH, {}, frozenset(), _set("you your yours yourself you're you've")),
    "de": _Turning(
        _pairs(
            "mein>dein meine>deine meinem>deinem meinen>deinen meiner>deiner meines>deines mir>dir mich>dich ich>du"
        ),
        _pairs(
            "bin>bist habe>hast hab>hast hatte>hattest war>warst heiße>heißt wohne>wohnst lebe>lebst liebe>liebst"
            " mag>magst arbeite>arbeitest hasse>hasst esse>isst trinke>trinkst brauche>brauchst kann>kannst will>willst"
            " muss>musst spiele>spielst spreche>sprichst fahre>fährst gehe>gehst komme>kommst schlafe>schläfst"
            " wurde>wurdest möchte>möchtest darf>darfst trage>trägst studiere>studierst lerne>lernst vertrage>verträgst"
        ),
        frozenset({"ich"}),
        _set("du dein deine deinen deinem deiner dir dich wir uns unser unsere unseren unserem unserer"),
    ),
    "es": _Turning(
        _pairs("mi>tu mis>tus mío>tuyo mía>tuya míos>tuyos mías>tuyas me>te yo>tú mí>ti conmigo>contigo"),
        _pairs(
            "soy>eres estoy>estás tengo>tienes vivo>vives trabajo>trabajas prefiero>prefieres nací>naciste llamo>llamas"
            " puedo>puedes quiero>quieres odio>odias bebo>bebes juego>juegas hablo>hablas estudio>estudias"
        ),
        frozenset({"yo"}),
        _set("tú tu tus te ti nosotros nos nuestro nuestra nuestros nuestras"),
        drops=True,
    ),
    "fr": _Turning(
        _pairs("mon>votre ma>votre mes>vos moi>vous me>vous je>vous"),
        _pairs(
            "suis>êtes ai>avez habite>habitez appelle>appelez aime>aimez déteste>détestez travaille>travaillez"
            " vis>vivez préfère>préférez mange>mangez bois>buvez joue>jouez parle>parlez étudie>étudiez"
            " peux>pouvez veux>voulez"
        ),
        frozenset({"je"}),
        _set("tu ton ta tes toi te vous votre vos nous notre nos"),
    ),
    "ru": _Turning(
        _pairs(
            "мой>ваш моя>ваша моё>ваше мое>ваше мои>ваши моего>вашего моей>вашей моему>вашему моим>вашим моём>вашем"
            " моем>вашем мою>вашу моих>ваших моими>вашими меня>вас мне>вам мной>вами я>вы"
        ),
        _pairs(
            "живу>живёте люблю>любите работаю>работаете родился>родились родилась>родились ем>едите пью>пьёте"
            " играю>играете учусь>учитесь говорю>говорите хочу>хотите могу>можете ненавижу>ненавидите"
        ),
        frozenset({"я"}),
        _set("ты твой твоя твоё твои тебя тебе вы вас вам ваш ваша мы нас нам наш наша наше наши нашу"),
        drops=True,
        front=2,
    ),
    "bg": _Turning(
        _pairs(
            "мой>твой моя>твоя моят>твоят моята>твоята моето>твоето моите>твоите мое>твое мои>твои ми>ти ме>те мен>теб"
            " аз>ти"
        ),
        _pairs(
            "съм>си имам>имаш живея>живееш обичам>обичаш казвам>казваш работя>работиш мразя>мразиш уча>учиш мога>можеш"
            " искам>искаш пия>пиеш ям>ядеш играя>играеш говоря>говориш предпочитам>предпочиташ"
        ),
        frozenset({"аз"}),
        _set("ти твой твоя твоята твоят теб те вие ние нас ни наш наша нашата нашият"),
        drops=True,
        front=2,
    ),
}


def turned(text: str, language: str) -> str | None:
    """What the user said about themselves, said to them; None if that takes more than the tables.

    Args:
        text: without the conjunction, but with "dass" in German.
        language: ISO 639-1.
    """
    turning = _TURNINGS.get(language)
    if turning is None:
        return None
    if language == "fr":
        text = _ELIDED.sub(lambda found: found[1] + "e ", text)
    words = [_key(word) for word in _WORD.findall(text)]
    if turning.others.intersection(words):
        return None
    if language == "en":
        return _replaced(re.sub(r"\b([Ii]|[Ww]e) was\b", r"\1 were", text), _ENGLISH)
    body = words[1:] if words[:1] == ["dass"] else words
    how = _how(turning, body)
    return None if how is None else _replaced(text, how)


def _how(turning: _Turning, words: Sequence[str]) -> dict[str, str] | None:
    """What to put for which words; None if that is not clear."""
    subjects = sum(word in turning.subjects for word in words)
    verbs = sum(word in turning.verbs for word in words)
    front = {*words[: turning.front]}
    begins = subjects == 1 and words[0] in turning.subjects
    if verbs == 1 and (begins or (turning.drops and not subjects and any(word in turning.verbs for word in words[:2]))):
        return {**turning.words, **turning.verbs}
    if not subjects and front & turning.words.keys() and not (turning.drops and verbs):
        return turning.words
    if not turning.drops and not subjects and not turning.words.keys() & {*words}:
        return {}
    return None


def _replaced(text: str, table: dict[str, str]) -> str:
    return _WORD.sub(lambda found: table.get(_key(found[0]), found[0]), text)


def _key(word: str) -> str:
    return word.lower().replace("’", "'")
