"""Makes text sayable: no markup, no symbols, units and times in words.

A text passes through an ordered table of rewriting rules: first those for markup, which hold in every language, then
a language's own (:mod:`assistant.tts.spoken_english`, :mod:`assistant.tts.spoken`). Every character of the result
remembers which part of the original it stands for, so that "heard until here" can be told in terms of the original.
What a speech engine reads well by itself (plain numbers, most initialisms) is left alone.
"""

from __future__ import annotations

import html
import importlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from assistant.tts import spoken_english
from assistant.tts.rewrite import Rewritten, Rule, rule
from assistant.tts.spoken_maths import code_rules, maths_rules, number_rules

_LANGUAGES = {"de": "german", "fr": "french", "es": "spanish", "ru": "russian", "bg": "bulgarian"}

_EMOJI = (
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\u23e9-\u23fa\u231a\u231b"
    "\ufe0f\u200d\u20e3\U000e0020-\U000e007f]"  # joiners and the tags of flags
)
_GERMAN_MONTH = r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sept|Okt|Nov|Dez)\w*\b"
"""After "3." it is a date, no item of a list."""
_ONLY_EMOJI = re.compile(rf"\s*(?:{_EMOJI}\s*)+\Z")


def _table_row(match: re.Match[str]) -> str:
    cells = [cell.strip() for cell in match[1].strip("|").split("|")]
    return ", ".join(cell for cell in cells if cell)


_CONTROLS: tuple[Rule, ...] = (
    rule(r"\r\n?|[\u2028\u2029\x0b\x0c]", "\n"),
    rule(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ud800-\udfff]", " "),
    rule(r"[ \t]{2,}", " "),
)
_MARKUP: tuple[Rule, ...] = (
    rule(r"</?(?:br|b|i|em|strong|u|p|div|span|sub|sup|ul|ol|li|hr|h[1-6])\b[^<>\n]{0,100}>", " "),
    rule(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});", lambda match: html.unescape(match[0])),
    rule(r"^[ \t]*\|?[ \t]*:?-[ \t|:-]*\|[ \t|:-]*$", ""),
    rule(r"^[ \t]*(\|[^\n]*\|)[ \t]*$", _table_row),
    rule(r"^[ \t]*([-*_])[ \t]*\1[ \t]*\1[-*_ \t]*$", ""),
    rule(r"^[ \t]{0,3}#{1,6}[ \t]+|[ \t]#{1,6}[ \t]*$", ""),
    rule(r"^[ \t]*(?:>[ \t]?)+", ""),
    rule(r"^[ \t]*[-*+•‣◦▪–][ \t]+(?:\[[ xX]\][ \t]+)?", ""),
    rule(rf"^[ \t]*(\d{{1,3}})[.)][ \t]+(?=\S)(?!{_GERMAN_MONTH})", r"\1, "),
    rule(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t]+\"[^\"\n]*\")?\)", r"\1"),
    rule(r"\[\^[^\[\]\n]{1,30}\]", ""),
    rule(r"\\([\\`*_{}\[\]()#+.!|<>~-])", r"\1"),
    rule(r"(\*\*|__)(?=\S)([^\n]{1,400}?)(?<=\S)\1", r"\2"),
    rule(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1"),
    rule(r"(?<!\w)_(?=[^\s_])([^_\n]+?)(?<=\S)_(?!\w)", r"\1"),
    rule(r"\*\*+|__+|~~+|`+", ""),
)


def _emoji_names(match: re.Match[str]) -> str:
    """The names of up to three different emoji, for a reply that consists of nothing else."""
    names = dict.fromkeys(unicodedata.name(letter, "").lower() for letter in match[0])
    said = [
        name for name in names if name and not re.match(r"variation selector|zero width|tag |space|emoji mod", name)
    ]
    return ", ".join(said[:3])


_EMOJI_NAMES: tuple[Rule, ...] = ((_ONLY_EMOJI, _emoji_names),)
_EMOJI_RULES: tuple[Rule, ...] = (rule(rf"[ \t]?{_EMOJI}+", ""),)

_LAYOUT: tuple[Rule, ...] = (
    rule(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+", " "),
    rule(r" ?\n[ \n]*", "\n"),
    rule(r"\A(?:[\s,;:]|\.(?!\d))+|\s+\Z", ""),
    rule(r"(?<=[.!?…:;,])\n", " "),
    rule(r"(?<=[.!?…:;,][\"'”’»)])\n", " "),
    rule(r"\n", ". "),
    rule(r" +(?=[.,;:!?])", ""),
)


def speakable(text: str, language: str = "en") -> str:
    """Text as it should be said; empty when there is nothing to say.

    Args:
        text: what was written: a sentence, or a whole reply with its markup.
        language: two letters, or a code such as ``en-GB``. English, German, French, Spanish, Russian and Bulgarian
            have words for dates, units, times, money and symbols; for others markup and emoji are taken care of.
    """
    return speakable_with_map(text, language).text


def speakable_with_map(text: str, language: str = "en") -> Rewritten:
    """Like :func:`speakable`, with the origin of every character.

    ``.text`` is what to say; ``.heard(mark.end)`` tells how much of the original was heard up to a word's end.
    """
    emoji = _EMOJI_NAMES if _ONLY_EMOJI.match(text) else _EMOJI_RULES
    written, words = _words(language.lower()[:2])
    return Rewritten.of(text).apply((*_CONTROLS, *written, *_MARKUP, *emoji, *words, *_LAYOUT))


@lru_cache
def _words(language: str) -> tuple[Sequence[Rule], Sequence[Rule]]:
    """A language's own rules, those before markup is taken away and those after; made when it is first spoken."""
    before = (*code_rules(language), *maths_rules(language))
    if language == "en":
        return before, (*number_rules(language), *spoken_english.RULES)
    if language not in _LANGUAGES:
        return before, tuple(number_rules(language))
    rules: Sequence[Rule] = importlib.import_module(f"assistant.tts.spoken_{_LANGUAGES[language]}").SPOKEN.rules()
    return before, (*number_rules(language), *rules)
