"""What the words so far say about whether more will follow: the class of the last one, above all. English.

The weights are log odds, fitted by ``python -m tests.turnend.fit`` on 25,846 sentences that people said or wrote to
assistants (CLINC150, HWU64, SLURP), each whole against a beginning of itself that stops between two words. With one
of the three held out the area under the ROC curve is 0.83 to 0.85.
"""

from __future__ import annotations

import re
from enum import Enum


class Last(Enum):
    """Classes of a last word, the most telling first."""

    FILLER = "filler"
    DETERMINER = "determiner"
    CONJUNCTION = "conjunction"
    PREPOSITION = "preposition"
    PARTICLE = "particle"
    AUXILIARY = "auxiliary"
    SUBJECT = "subject"
    WH = "wh"
    NUMBER = "number"
    QUANTIFIER = "quantifier"
    DEGREE = "degree"
    VERB = "verb"
    OBJECT = "object"
    ADVERB = "adverb"
    CLOSING = "closing"
    CONTENT = "content"
    NONE = "none"


_CLASSES = {
    Last.FILLER: "um uh uhm er erm hmm",
    Last.DETERMINER: "a an the my your our their his its this these those every each another",
    Last.CONJUNCTION: "and or but because if when while that than as though although unless until whether nor plus",
    Last.PREPOSITION: "of to for from with at by into onto about between during through against without within via per"
    " under toward towards among upon since titled called named",
    Last.PARTICLE: "in on off up out over down around after before along across behind",
    Last.AUXILIARY: "is are was were am be been being do does did has have had can could will would shall should may"
    " might must i'm i'd i'll i've you're we're they're it's that's there's what's who's where's how's let's not"
    " don't doesn't didn't isn't can't won't wouldn't want wants need needs going gonna wanna like",
    Last.SUBJECT: "i he she we they who",
    Last.WH: "what which whose where why how whom",
    Last.NUMBER: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand"
    " half quarter point",
    Last.QUANTIFIER: "some any more most all no many much other few several both next last new same",
    Last.DEGREE: "very really so too quite rather just only even also exactly still almost",
    Last.VERB: "set make give get tell show play find add turn put remind start create send call open read check say"
    " ask take know let use bring keep think said says told gives makes takes tells",
    Last.OBJECT: "it me you him her us them that one",
    Last.ADVERB: "here there then again first yet away back already ever always never soon together",
    Last.CLOSING: "please thanks thank now today tonight tomorrow yesterday instead right though",
}  # fmt: skip

_CLASS_OF = {word: kind for kind, words in reversed(list(_CLASSES.items())) for word in words.split()}
WEIGHTS = {
    "determiner": -2.89, "conjunction": -0.35, "preposition": -1.24, "particle": 0.15, "auxiliary": -0.35,
    "subject": -2.4, "wh": -0.57, "number": 1.38, "quantifier": -0.33, "degree": -0.28, "verb": -0.36, "object": 0.88,
    "adverb": 1.9, "closing": 2.87, "content": 1.6, "brevity": -2.25, "question": -0.16, "bias": -0.41,
    "filler": -3.0,  # not fitted: transcripts leave "um" out
}  # fmt: skip
_UNFINISHED = -3.0  # not fitted either: a comma or a dash at the end
UNKNOWN = WEIGHTS["content"] + WEIGHTS["bias"]
"""The score where there are no words, or none of this language: as for a noun, so that the sound decides."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HANGING_MARK = re.compile(r"(?:,|-|–|—|…|\.\.\.|:|;)\s*$")
_QUESTION_STARTS = (
    "what what's who who's whose where where's when why which how how's is are am was were do does did can could will"
    " would should may have has"
)
_QUESTION_START = frozenset(_QUESTION_STARTS.split())
_LONG = 3


def words_of(text: str) -> list[str]:
    """The words in lower case, without punctuation."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def last_word(words: list[str]) -> Last:
    """The class of the last word; ``three a m`` is a time, not a verb."""
    if not words:
        return Last.NONE
    word = words[-1]
    before = words[-2] if len(words) > 1 else ""
    if word.isdigit():
        return Last.NUMBER
    if word == "am" and (before.isdigit() or _CLASS_OF.get(before) is Last.NUMBER):
        return Last.CONTENT
    return _CLASS_OF.get(word, Last.CONTENT)


def hangs(text: str) -> bool:
    """Whether the recogniser wrote a mark after which a sentence goes on: a comma, a dash, an ellipsis."""
    return bool(_HANGING_MARK.search(text))


def asks(words: list[str], text: str) -> bool:
    """Whether it is a question: by its mark, or by its first word."""
    return text.rstrip().endswith("?") or (bool(words) and words[0] in _QUESTION_START)


def features(text: str) -> dict[str, float]:
    """Named features of the words so far; all zero for no words, and a full stop counts for nothing.

    Whisper ends nearly every hypothesis with a full stop, finished or not.
    """
    words = words_of(text)
    if not words:
        return {}
    found = {last_word(words).value: 1.0, "brevity": float(max(0, _LONG - len(words)))}
    if asks(words, text):
        found["question"] = 1.0
    return found


def score(text: str) -> float:
    """Log odds, from the words alone, that a sentence ends here rather than between two of its words."""
    found = features(text)
    if not found:
        return UNKNOWN
    odds = WEIGHTS["bias"] + sum(WEIGHTS[name] * value for name, value in found.items())
    return odds + (_UNFINISHED if hangs(text) else 0.0)


def is_english(language: str) -> bool:
    """Whether these classes hold for an ISO 639-1 code, with or without a country."""
    return language.partition("-")[0] == "en"
