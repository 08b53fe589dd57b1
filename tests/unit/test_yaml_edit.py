"""One value changed in a YAML file, everything else left alone; any file, any place."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ConfigError
from assistant.yaml_edit import set_value

MINE = """\
# My settings
language: de      # at home

tts:              # how it speaks
  # engine: coqui
  engine: auto    # whatever is here
  rate: 1.2

wake: {words: [hey_jarvis],  threshold: 0.6}   # loud room
skills:
    paths:
      - ~/skills  # mine
"""


@pytest.mark.parametrize(
    ("text", "keys", "value", "expected"),
    [
        (MINE, "tts.engine", "piper", MINE.replace("engine: auto ", "engine: piper ")),
        (MINE, "tts.voice", "de_DE-x", MINE.replace("  engine: auto", "  voice: de_DE-x\n  engine: auto")),
        (MINE, "tts.voices.en", {"engine": "piper", "voice": "a"},
         MINE.replace("  engine: auto", "  voices:\n    en: {engine: piper, voice: a}\n  engine: auto")),
        (MINE, "wake.threshold", 0.5, MINE.replace("0.6", "0.5")),
        (MINE, "wake.cooldown", 1.0, MINE.replace("{words", "{cooldown: 1.0, words")),
        (MINE, "asr.engine", "whisper", MINE + "asr:\n  engine: whisper\n"),
        (MINE, "skills.paths", None, MINE.replace("paths:\n      - ~/skills  # mine", "paths: null  # mine")),
        ("", "tts.voice", "x", "tts:\n  voice: x\n"),
        ("# nothing yet", "tts.voice", "x", "# nothing yet\ntts:\n  voice: x\n"),
        ("tts:\n  # voice: y\n", "tts.voice", "x", "tts:\n  voice: x\n  # voice: y\n"),
        ("tts:  # all defaults\nwake: {}\n", "tts.voice", "x", "tts:  # all defaults\n  voice: x\nwake: {}\n"),
        ("tts: null\n", "tts.voice", "x", "tts: {voice: x}\n"),
        ("tts: {}\n", "tts.voice", "x", "tts: {voice: x}\n"),
        ("{tts: {engine: auto}}", "tts.voice", "x", "{tts: {voice: x, engine: auto}}"),
        ("tts:\n  voice:\n  rate: 1\n", "tts.voice", "x", "tts:\n  voice: x\n  rate: 1\n"),
        ("tts:\n  voice: 'an old one' # why\n", "tts.voice", "no", "tts:\n  voice: 'no' # why\n"),
        ("tts:\r\n  engine: auto\r\n", "tts.engine", "piper", "tts:\r\n  engine: piper\r\n"),
        ("tts: {voices: {de: {voice: a}}}", "tts.voices.de", {"voice": "b"}, "tts: {voices: {de: {voice: b}}}"),
        ("tts:\n  voices:\n    de:\n      voice: a\n      engine: piper\n  rate: 1\n", "tts.voices.de", {"voice": "b"},
         "tts:\n  voices:\n    de: {voice: b}\n  rate: 1\n"),
        ('"tts": {"voice": "ä"}', "tts.voice", "ö: #", '"tts": {"voice": \'ö: #\'}'),
    ],
)  # fmt: skip
def test_only_that_value_changes(text, keys, value, expected):
    after = set_value(text, keys.split("."), value)
    assert after == expected
    assert set_value(after, keys.split("."), value) == after, "again, it changes nothing"


@pytest.mark.parametrize("text", ["a: [", "- a\n- b\n", "just text", "tts: &x {engine: auto}\nother: *x\n"])
def test_what_cannot_be_changed_is_said(text):
    with pytest.raises(ConfigError):
        set_value(text, ["other", "engine"] if "other" in text else ["tts"], "piper")


NAMES = st.sampled_from(["tts", "voice", "voices", "de", "engine", "a b", "no", "1"])
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab: #'\"{}[],&*!|>%@-é\n", max_size=6)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    data=st.dictionaries(NAMES, VALUES, max_size=4),
    flow=st.sampled_from([None, False, True]),
    indent=st.integers(2, 4),
    keys=st.lists(NAMES, min_size=1, max_size=3),
    value=SCALARS | st.dictionaries(NAMES, SCALARS, max_size=2),
)
def test_any_file_holds_afterwards_what_it_held_and_the_value(data, flow, indent, keys, value):
    """That it does is checked by the function itself; here, that it nearly always succeeds, and keeps every comment."""
    lines = yaml.safe_dump(data, default_flow_style=flow, indent=indent, allow_unicode=True).splitlines()
    text = "# first\n" + "\n".join(lines) + "\n# last\n"
    after = set_value(text, keys, value)
    assert after.startswith("# first\n")
    assert "# last\n" in after
    found = yaml.safe_load(after)
    for key in keys:
        found = found[key]
    assert found == value
