"""Dialogues in writing: ``assistant ask`` asks back, takes the answer and corrections from standard input."""

import json
from functools import partial

import pytest


@pytest.fixture
def ask(command):
    """Runs ``assistant ask …`` with lines typed into it."""
    return partial(command, "ask")


def replies(done):
    assert done.returncode == 0, done.stderr
    return [line.removeprefix("Assistant: ") for line in done.stdout.splitlines()]


def test_questions_corrections_and_never_mind(ask):
    done = ask(typed="\n".join([
        "set a timer", "for ten minutes please",
        "no, I meant twelve minutes",
        "set a pasta timer", "never mind",
        "set a timer", "how many timers are there",
        "set a tea timer for five minutes",
        "cancel the timer", "the second one",
        "what timers are running",
    ]))  # fmt: skip
    said = replies(done)
    assert said[:5] == ["For how long?", "Ten minutes from now.", "Twelve minutes from now.", "For how long?", "OK."]
    assert said[5] == "For how long?"
    assert said[6].startswith("Your twelve minute timer has ")
    assert said[7] == "Tea timer: five minutes from now."
    assert said[8].startswith("Which one: the tea timer with ") and said[8].endswith(" left?")
    assert said[9] == "The twelve minute timer is cancelled."
    assert said[10].startswith("Your tea timer has ")
    assert len(said) == 11


def test_the_end_of_the_input_ends_a_question_quietly(ask):
    assert replies(ask(typed="set a timer\n")) == ["For how long?"]


def test_a_single_command_takes_its_answer_from_standard_input(ask):
    done = ask("set a timer", typed="ten minutes\n")
    assert replies(done) == ["Ten minutes from now."]
    assert "For how long?" in done.stderr
    answer = json.loads(ask("wake me up", "--json", typed="at 6:30 am\n").stdout)
    assert answer["intent"] == "alarms.set_alarm"
    assert answer["reply"] == "Your alarm is set for 6:30 am tomorrow." or answer["reply"].endswith("today.")


def test_a_single_command_without_an_answer_ends(ask):
    done = ask("set a timer")
    assert replies(done) == [""]
    assert "For how long?" in done.stderr
