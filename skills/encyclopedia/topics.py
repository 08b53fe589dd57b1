"""What an encyclopedia may be asked for."""

from __future__ import annotations

from assistant import SlotType
from assistant.intent.template import Wild, words_of

_OTHERS = frozenset(
    words_of(
        "i me my we our ours you your yours yourself he she it they this that these those here there now today "
        "ich mein meine meinen wir uns unser unsere du dich dir dein deine deinen deiner es hier jetzt heute "
        "je moi mon ma mes nous notre nos tu toi tes vous votre vos lui elle ici maintenant yo mi mis nosotros nuestro "
        "nuestra tú tus su usted aquí ahora hoy я меня мой моя моё мы нас нам наш наша ты тебя тебе твой твоя твоё вы "
        "вас вам ваш ваша он она оно здесь сейчас сегодня аз мен моят моята ние ти теб твоят твоята вие той тя тук сега"
    )
)
"""Words of questions about those who talk, and about here and now: in no encyclopedia."""
_JUDGED = frozenset(
    words_of(
        "fun fact facts person one way good best better nearest cheapest gute guter gutes beste bester bestes bon "
        "bonne meilleur meilleure buen buena mejor хороший хорошая лучший лучшая добър добра найдобър"
    )
)
"""Beginnings of questions about what is best, and of talk: not in it either."""
_ARTICLES = frozenset(words_of("a an the der die das ein eine le la les un une el los las una"))


def _topic(text: str) -> str | None:
    words = words_of(text)
    first = next((word for word in words if word not in _ARTICLES), "")
    return text if first and first not in _JUDGED and _OTHERS.isdisjoint(words) else None


TOPIC = SlotType("topic", Wild(), _topic)
"""Any words but those of a question that no encyclopedia answers, which other skills or a language model may."""
