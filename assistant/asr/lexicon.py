"""How English words are pronounced, in the 39 ARPAbet phones of PocketSphinx's en-us model.

The CMU dictionary of the model is asked first; the rest is transcribed by espeak-ng in one call, mapped
from IPA, and kept in a file so that the next start asks nobody.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.errors import EngineError, MissingDependency

Pronunciations = dict[str, tuple[str, ...]]

_VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
_CONSONANTS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"
VOWELS = frozenset(_VOWELS.split())
PHONES = frozenset(f"{_VOWELS} {_CONSONANTS}".split())
_GLIDE_TO_SCHWA = frozenset(("IH", "IY", "AY", "AW", "UH"))  # near, fire, hour, tour
_MORE_WAYS: dict[str, tuple[str, ...]] = {
    "half": ("HH AA F",), "minute": ("M IH N IH T",), "minutes": ("M IH N IH T S",),
}  # fmt: skip
"""Other forms of words that short answers are made of. Broad A in "last" and "past" would be heard for "plus"."""
_ENDINGS: tuple[list[str], ...] = ([], ["Z"], ["S"], ["D"])

_SIGNS = {
    "%": "percent", "°": "degrees", "€": "euros", "$": "dollars", "£": "pounds", "+": "plus", "-": "minus",
    "*": "times", "×": "times", "/": "over", "÷": "divided by", "=": "equals", "^": "to the power of", "√": "root",
}  # fmt: skip

_IPA = {
    "ɑːɹ": "AA R", "ɔːɹ": "AO R", "oːɹ": "AO R", "ɑː": "AA", "ɔː": "AO", "oː": "AO", "iː": "IY", "uː": "UW",
    "ɜː": "ER", "eɪ": "EY", "aɪ": "AY", "aʊ": "AW", "ɔɪ": "OY", "oʊ": "OW", "əʊ": "OW", "tʃ": "CH", "dʒ": "JH",
    "aɪɚ": "AY ER", "aɪə": "AY AH", "iə": "IY AH", "ɪɹ": "IH R", "ɛɹ": "EH R", "ʊɹ": "UH R", "əl": "AH L",
    "n̩": "AH N", "l̩": "AH L", "m̩": "AH M", "a": "AE", "æ": "AE", "ɐ": "AH", "ʌ": "AH", "ə": "AH", "ɚ": "ER",
    "ᵻ": "IH", "ɪ": "IH", "i": "IY", "ɛ": "EH", "e": "EH", "ɔ": "AO", "o": "OW", "ɒ": "AA", "ɑ": "AA", "ʊ": "UH",
    "u": "UW", "ɜ": "ER", "y": "UW", "ø": "ER", "b": "B", "d": "D", "ð": "DH", "f": "F", "ɡ": "G", "g": "G",
    "h": "HH", "x": "K", "ç": "HH", "j": "Y", "k": "K", "l": "L", "ɫ": "L", "ɬ": "L", "m": "M", "n": "N", "ɲ": "N Y",
    "ŋ": "NG", "p": "P", "r": "R", "ɹ": "R", "ɾ": "T", "s": "S", "ʃ": "SH", "t": "T", "θ": "TH", "v": "V", "w": "W",
    "z": "Z", "ʒ": "ZH", "ʔ": "T", "ɣ": "G", "β": "V", "ʁ": "R",
}  # fmt: skip
_UNIT = re.compile("|".join(sorted(map(re.escape, _IPA), key=len, reverse=True)))
_VOWEL_LETTER = re.compile(r"[aeiouyà-öø-ÿ]")


def to_arpabet(ipa: str) -> str:
    """ARPAbet phones, parted by spaces, of one espeak-ng transcription; unknown signs are left out."""
    return " ".join(_IPA[unit] for unit in _UNIT.findall(re.sub("[ˈˌ_ ]", "", ipa)))


class Lexicon:
    """Looks words up.

    Args:
        dictionary: a CMU dictionary file (``word PHONE PHONE``, further pronunciations ``word(2)``).
        cache: JSON file for what espeak-ng said; made when needed, ignored when unreadable.
    """

    def __init__(self, dictionary: Path, cache: Path) -> None:
        self._dictionary = dictionary
        self._cache = cache

    def pronounce(self, words: Iterable[str]) -> Pronunciations:
        """Every pronunciation of every word, the usual one first.

        Raises:
            MissingDependency: a word is in no dictionary and espeak-ng is not installed.
            EngineError: espeak-ng failed.
        """
        wanted = set(words)
        found = self._read(wanted)
        for word in sorted(wanted - found.keys()):
            base = word.removesuffix("'s")
            stems = found.get(base) or (self._read({base}).get(base) if base != word else None)
            if base != word and stems:
                found[word] = tuple(_possessive(stem) for stem in stems)
        missing = sorted(wanted - found.keys())
        return found | self._transcribe(missing) if missing else found

    def _read(self, wanted: set[str]) -> Pronunciations:
        found: dict[str, list[str]] = {}
        with self._dictionary.open(encoding="utf-8") as lines:
            for line in lines:
                word, _, phones = line.partition(" ")
                if word[-1:] == ")":
                    word = word[: word.rindex("(")]
                if word in wanted:
                    found.setdefault(word, []).append(phones.strip())
        return {word: tuple(phones) for word, phones in found.items()}

    def _transcribe(self, words: list[str]) -> Pronunciations:
        known = self._load()
        new = [word for word in words if word not in known]
        if new:
            known.update(zip(new, transcribe(new), strict=True))
            self._save(known)
        return {word: (known[word],) for word in words}

    def _load(self) -> dict[str, str]:
        try:
            stored = json.loads(self._cache.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        usable = isinstance(stored, dict)
        return {k: v for k, v in stored.items() if isinstance(v, str) and _is_spoken(v)} if usable else {}

    def _save(self, known: Mapping[str, str]) -> None:
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            draft = self._cache.with_suffix(".new")
            draft.write_text(json.dumps(known, ensure_ascii=False, sort_keys=True), encoding="utf-8")
            draft.replace(self._cache)
        except OSError:
            return  # a read-only home costs one espeak-ng call at each start, nothing else


def non_rhotic(phones: str) -> str:
    """How a speaker from southern England or Australia says it: no R but before a vowel."""
    heard = phones.split()
    made: list[str] = []
    for at, phone in enumerate(heard):
        before = heard[at - 1] if at else ""
        is_followed = at + 1 < len(heard) and heard[at + 1] in VOWELS
        if phone == "R" and before in VOWELS and not is_followed:
            made += ["AH"] if before in _GLIDE_TO_SCHWA else []
        elif phone == "ER" and len(heard) > 2 and heard[at + 1 :] in _ENDINGS:
            made.append("AH")
        else:
            made.append(phone)
    return " ".join(made)


def ways_to_say(word: str, phones: Iterable[str]) -> tuple[str, ...]:
    """The dictionary's pronunciations of a word and those of other speakers, the dictionary's first."""
    known = tuple(phones)
    several = (*known, *_MORE_WAYS.get(word, ())) if known else known
    return tuple(dict.fromkeys([*several, *map(non_rhotic, several)]))


def _is_spoken(phones: str) -> bool:
    return bool(phones) and PHONES.issuperset(phones.split())


def _possessive(phones: str) -> str:
    last = phones.rsplit(maxsplit=1)[-1]
    if last in {"S", "Z", "SH", "ZH", "CH", "JH"}:
        return f"{phones} IH Z"
    return f"{phones} S" if last in {"P", "T", "K", "F", "TH"} else f"{phones} Z"


def transcribe(words: list[str]) -> list[str]:
    """ARPAbet of words in no dictionary, by one call of espeak-ng; names without vowels are spelled.

    Raises:
        MissingDependency: espeak-ng is not installed.
        EngineError: espeak-ng failed.
    """
    program = shutil.which("espeak-ng")
    if program is None:
        raise MissingDependency(
            f"espeak-ng, which says how {words[0]!r} is pronounced,", "sudo apt-get install espeak-ng"
        )
    command = [program, "-q", "--ipa=1", "--sep=_", "-v", "en-us", "--stdin"]
    text = "\n\n".join(_SIGNS.get(word) or _speakable(word) for word in words)
    done = subprocess.run(command, input=text + "\n", capture_output=True, encoding="utf-8", timeout=60, check=False)
    lines = [to_arpabet(line) for line in done.stdout.splitlines() if line.strip()]
    if done.returncode or len(lines) != len(words):
        return [_alone(command, word) for word in words]
    return [phones or _alone(command, word) for phones, word in zip(lines, words, strict=True)]


def _alone(command: list[str], word: str) -> str:
    spoken = _SIGNS.get(word) or _speakable(word)
    done = subprocess.run(command, input=spoken, capture_output=True, encoding="utf-8", timeout=60, check=False)
    phones = to_arpabet(done.stdout)
    if done.returncode or not phones:
        message = f"espeak-ng cannot pronounce {word!r}; write it as it is spoken"
        raise EngineError("asr", "pocketsphinx", "no_pronunciation", message)
    return phones


def _speakable(word: str) -> str:
    spelled = word.isalpha() and not _VOWEL_LETTER.search(word) and word.isascii()
    return " ".join(word) if spelled else word
