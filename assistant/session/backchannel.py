"""Sounds by which a listener says "go on": they must not stop a reply.

After V. Yngve, *On getting a word in edgewise*, 1970, who named the back-channel.
"""

from __future__ import annotations

from assistant.intent.template import words_of

_WORDS = frozenset(
    words_of(
        "ah aha aye cool exactly fine good great hm hmm huh indeed mhm mm mmhm mmm nice oh ok okay really right sure"
        " true uh uhuh um wow yeah yep yes yup alright"
    )
)
_PHRASES = frozenset({"i see", "go on", "uh huh", "mm hmm", "all right", "got it", "of course", "i know"})


def is_backchannel(text: str) -> bool:
    """Whether a text is nothing but such sounds: "yeah", "mm-hmm", "oh, I see"."""
    words = words_of(text)
    at = 0
    while at < len(words):
        if words[at] in _WORDS:
            at += 1
        elif " ".join(words[at : at + 2]) in _PHRASES:
            at += 2
        else:
            return False
    return bool(words)
