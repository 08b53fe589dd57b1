"""Paraphrases and ambiguity in writing: ``assistant ask`` understands what no template says, or asks back."""

import json
from functools import partial

import pytest

from tests.scenario.process import ROOT

BESIDE = {"alarms", "clock", "help", "maths", "smalltalk", "stop", "timers", "volume"}
LIGHTS = '''"""Lights."""

from assistant import Context, skill

LAMPS = {"kitchen light": "kitchen", "living room light": "living room"}


@skill("(turn|switch) on [the] {lamp}", "(turn|switch) [the] {lamp} on", slots={"lamp": LAMPS},
       examples=["turn on the kitchen light", "switch the living room light on"])
def light_on(ctx: Context, lamp: str) -> str:
    """Turn a light on."""
    return f"{lamp} on."


@skill("(turn|switch) off [the] {lamp}", "(turn|switch) [the] {lamp} off", slots={"lamp": LAMPS},
       examples=["turn off the kitchen light", "switch the living room light off"])
def light_off(ctx: Context, lamp: str) -> str:
    """Turn a light off."""
    return f"{lamp} off."
'''


@pytest.fixture
def ask(command, tmp_path):
    """Runs ``assistant ask …`` with a skill for two lights."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "lights.py").write_text(LIGHTS)
    config = tmp_path / "config.yaml"
    others = sorted({path.stem for path in (ROOT / "skills").iterdir()} - BESIDE)  # they may have lights, too
    config.write_text(f"skills:\n  paths: [{folder}]\n  disabled: {json.dumps(others)}\n")
    return partial(command, "ask", "--config", config)


def replies(done):
    assert done.returncode == 0, done.stderr
    return [line.removeprefix("Assistant: ") for line in done.stdout.splitlines()]


def test_ambiguity_asks_back(ask):
    which = "The kitchen or the living room light?"
    done = ask(typed="\n".join([
        "please turn the light on", "the kitchen",
        "switch on that light", "the second one",
        "turn the light off", "never mind",
        "turn the light off", "turn on the kitchen light",
        "turn that kitchen light off", "kitchen light on", "what is photosynthesis",
    ]))  # fmt: skip
    said = replies(done)
    assert said[:4] == [which, "kitchen on.", which, "living room on."]
    assert said[4:8] == [which, "OK.", which, "kitchen on."], "dismissed, then overtaken by another command"
    assert said[8] == "kitchen off."
    assert said[9] == "kitchen on."
    assert said[10].startswith("I can't do that.")


def test_a_single_command_asks_back(ask):
    done = ask("turn the light on", typed="kitchen\n")
    assert replies(done) == ["kitchen on."]
    assert "The kitchen or the living room light?" in done.stderr


def test_a_paraphrase_says_what_it_was_taken_for(ask):
    found = json.loads(ask("turn on my kitchen light", "--json").stdout)
    assert (found["intent"], found["slots"]) == ("lights.light_on", {"lamp": "kitchen"})
    assert ask("is the kitchen light turned on", "--json").stdout.count("can't do that") == 1
