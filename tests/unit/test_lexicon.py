from __future__ import annotations

import json
import time

import pytest

from assistant.asr import lexicon
from assistant.asr.lexicon import PHONES, Lexicon, non_rhotic, to_arpabet
from assistant.errors import EngineError, MissingDependency

DICTIONARY = """kate K EY T
kate(2) K EY T IH
rose R OW Z
tom T AA M
the DH AH
the(2) DH IY
"""


@pytest.fixture
def make(tmp_path):
    dictionary = tmp_path / "small.dict"
    dictionary.write_text(DICTIONARY)
    return lambda: Lexicon(dictionary, tmp_path / "cache" / "said.json")


def test_the_dictionary_is_asked_first(make):
    assert make().pronounce(["the", "tom"]) == {"the": ("DH AH", "DH IY"), "tom": ("T AA M",)}


def test_possessives_follow_their_noun(make):
    found = make().pronounce(["kate's", "rose's", "tom's"])
    assert found == {"kate's": ("K EY T S", "K EY T IH Z"), "rose's": ("R OW Z IH Z",), "tom's": ("T AA M Z",)}


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("unmute", "AH N M Y UW T"),
        ("jarvis", "JH AA R V IH S"),
        ("25", "T W EH N T IY F AY V"),
        ("%", "P ER S EH N T"),
        ("tv", "T IY V IY"),
        ("hvac", "EY CH V AE K"),
        ("schröder", "SH R ER D ER"),
        ("near", "N IH R"),
        ("fire", "F AY ER"),
        ("thought", "TH AO T"),
        ("vision", "V IH ZH AH N"),
    ],
)
def test_espeak_says_the_rest(make, word, phones):
    (heard,) = make().pronounce([word])[word]
    assert PHONES.issuperset(heard.split())
    if word != "hvac":
        assert heard == phones


def test_words_without_vowels_are_spelled(make):
    assert make().pronounce(["xml", "bbc"]) == {"xml": ("EH K S EH M EH L",), "bbc": ("B IY B IY S IY",)}


def test_one_call_for_all_words_and_none_the_second_time(make, monkeypatch):
    calls = []
    really = lexicon.subprocess.run
    monkeypatch.setattr(lexicon.subprocess, "run", lambda *a, **k: calls.append(a) or really(*a, **k))
    words = [f"zor{a}{b}ex" for a in "abdefgiklm" for b in "aeiouyrlns"]
    first = make().pronounce(words)
    assert len(first) == 100
    assert len(calls) == 1
    start = time.perf_counter()
    assert make().pronounce(words) == first
    assert len(calls) == 1
    assert time.perf_counter() - start < 1.0


@pytest.mark.parametrize("content", ["{", "[]", '{"unmute": 5}', '{"unmute": "NOT PHONES"}', "\x00"])
def test_a_broken_cache_is_made_anew(make, tmp_path, content):
    cache = tmp_path / "cache" / "said.json"
    cache.parent.mkdir()
    cache.write_text(content)
    assert make().pronounce(["unmute"]) == {"unmute": ("AH N M Y UW T",)}
    assert json.loads(cache.read_text())["unmute"] == "AH N M Y UW T"


def test_a_folder_that_cannot_be_written_costs_nothing_else(make, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert make().pronounce(["unmute"]) == {"unmute": ("AH N M Y UW T",)}


def test_no_espeak_is_said_with_its_install_line(make, monkeypatch):
    monkeypatch.setattr(lexicon.shutil, "which", lambda _: None)
    with pytest.raises(MissingDependency, match=r"'unmute'.*apt-get install espeak-ng"):
        make().pronounce(["unmute"])


def test_an_unpronounceable_word_is_named(make):
    with pytest.raises(EngineError, match="'…'"):
        make().pronounce(["…"])


def test_ipa_units_are_read_longest_first():
    assert to_arpabet("ˈaɪɚ_tʃ_ɑːɹ_əl") == "AY ER CH AA R AH L"
    assert to_arpabet("ʘ") == ""


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("T AY M ER", "T AY M AH"),
        ("T AY M ER Z", "T AY M AH Z"),
        ("G AA R D AH N", "G AA D AH N"),
        ("F AO R", "F AO"),
        ("N IH R", "N IH AH"),
        ("R EH D", "R EH D"),
        ("V EH R IY", "V EH R IY"),
        ("HH ER", "HH ER"),
    ],
)
def test_british_speakers_drop_their_r(american, british):
    assert non_rhotic(american) == british
