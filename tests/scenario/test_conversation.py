"""Whole conversations: espeak-ng speaks, the real pipeline listens and answers."""

import textwrap

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from tests.scenario.harness import check_golden, lines, loudness, play, strip

pytestmark = pytest.mark.varies

FOUR = (
    "Hey Jarvis, what time is it?",
    "Hey Jarvis, set a pasta timer for nine minutes.",
    "Hey Jarvis, what is two plus two?",
    "Hey Jarvis, how long is left on the pasta timer?",
)


@pytest.fixture(scope="module")
def four():
    return lines(*FOUR, pause=5.0)


def test_four_turns(four, tmp_path, update_golden):
    run = play(four, tmp_path)
    check_golden("four_turns", run.events, update_golden)
    assert [event["intent"] for event in run.of("IntentMatched")] == [
        "clock.current_time",
        "timers.set_timer",
        "maths.calculate",
        "timers.timer_status",
    ]
    assert "4" in run.replies()[2]
    assert run.of("Partial")
    for turn, text in enumerate(run.texts(), 1):
        assert "jarvis" not in text, turn


def test_real_threads_give_the_same_events(four, tmp_path):
    run = play(four, tmp_path, inline=False)
    check_golden("four_turns", run.events, False)


def test_the_answer_is_on_the_inputs_time_line(four, tmp_path):
    run = play(four, tmp_path)
    first = run.of("SpeakingStarted")[0]["at"]
    done = run.of("SpeakingFinished")[0]["at"]
    assert loudness(run.output, first, done) > 500
    assert loudness(run.output, done + 0.1, run.of("WakeDetected")[1]["at"] - 0.1) < 5
    assert len(run.output) / RATE == pytest.approx(run.events[-1]["at"], abs=2.0)


def test_a_pause_after_the_wake_word(tmp_path):
    run = play(lines("Hey Jarvis.", "What time is it?", pause=1.2), tmp_path)
    assert run.texts() == ["what time is it"]
    assert run.outcomes() == ["answered"]


def test_nothing_is_said_after_the_wake_word(tmp_path, update_golden):
    run = play(lines("Hey Jarvis.", pause=8.0), tmp_path)
    assert run.outcomes() == ["no_speech"]
    check_golden("nothing_said", run.events, update_golden)


def test_speech_without_the_wake_word_is_none_of_its_business(tmp_path):
    run = play(lines("What time is it?", "Set a timer for five minutes."), tmp_path)
    assert [event["type"] for event in run.events] == ["Ready"]
    assert not np.any(run.output)


def test_without_a_wake_word_it_always_listens(tmp_path):
    run = play(lines("What time is it?", "Flip a coin.", pause=5.0), tmp_path, wake=False)
    assert run.texts() == ["what time is it", "flip a coin"]
    assert run.outcomes() == ["answered", "answered"]


def test_what_it_cannot_do_is_answered_honestly(tmp_path):
    run = play(
        lines("Hey Jarvis, the committee postponed every further discussion about agriculture.", pause=7.0), tmp_path
    )
    assert run.outcomes() == ["missed"]
    assert len(run.replies()) == 1


def test_the_wake_word_interrupts_and_listens(tmp_path):
    samples = lines("Hey Jarvis, what can you do?", pause=2.0)
    both = np.concatenate((samples, lines("Hey Jarvis, flip a coin.", pause=6.0)))
    run = play(both, tmp_path, settings={"audio__echo__cancel": "false"})  # nothing plays in that room
    finished = run.of("SpeakingFinished")
    assert finished[0]["interrupted"]
    assert 0 < len(finished[0]["spoken"]) < len(run.replies()[0])
    assert run.replies()[0].startswith(finished[0]["spoken"])
    assert run.outcomes() == ["cancelled", "answered"]
    assert run.texts()[1] == "flip a coin"


def test_follow_up_needs_no_wake_word(tmp_path):
    samples = np.concatenate((lines("Hey Jarvis, flip a coin.", pause=3.0), lines("Roll a die.", pause=9.0)))
    run = play(samples, tmp_path, settings={"session__follow_up": 4.0})
    assert run.texts() == ["flip a coin", "roll a die"]
    assert run.of("StateChanged")[-1]["new"] == "idle"


def test_a_timer_rings_until_it_is_stopped_by_voice(tmp_path):
    samples = np.concatenate(
        (lines("Hey Jarvis, set a timer for five seconds.", pause=11.0), lines("Hey Jarvis, stop.", pause=6.0))
    )
    run = play(samples, tmp_path)
    rung = run.of("Announced")
    assert len(rung) == 1
    assert run.texts()[-1] == "stop"
    set_at = run.of("ToolCalled")[0]["at"]
    assert rung[0]["at"] == pytest.approx(set_at + 5.0, abs=0.3)
    stopped = run.of("WakeDetected")[1]["at"]
    assert loudness(run.output, rung[0]["at"] + 0.2, rung[0]["at"] + 2.0) > 100
    assert loudness(run.output, stopped + 2.5, stopped + 4.5) < 5


BAD_SKILL = '''
"""Misbehaves."""
import sys, time
from assistant import Context, skill

@skill("tell me a story", examples=["tell me a story"])
def raises(ctx: Context) -> str:
    """Raise."""
    raise RuntimeError("boom")

@skill("play some music", examples=["play some music"])
async def hangs(ctx: Context) -> str:
    """Block for a minute."""
    await ctx.sleep(60)
    return "done"

@skill("open the garage", examples=["open the garage"])
def leaves(ctx: Context) -> str:
    """Try to end the process."""
    sys.exit(3)
'''


def test_a_skill_that_misbehaves_costs_one_apology(tmp_path):
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "bad.py").write_text(textwrap.dedent(BAD_SKILL))
    said = lines(
        "Hey Jarvis, tell me a story.",
        "Hey Jarvis, open the garage.",
        "Hey Jarvis, flip a coin.",
        pause=5.0,
    )
    run = play(np.concatenate((lines("Hey Jarvis, play some music.", pause=17.0), said)), tmp_path, skills=[folder])
    assert run.outcomes() == ["failed", "failed", "failed", "answered"]
    assert [event["code"] for event in run.of("Failed")] == ["timeout", "crashed", "exit"]
    assert all("Sorry" in reply for reply in run.replies()[:3])


def test_an_engine_that_fails_costs_one_turn(tmp_path, monkeypatch):
    from assistant.tts import espeak

    said = lines("Hey Jarvis, flip a coin.", "Hey Jarvis, what is two plus two?", pause=5.0)
    real, calls = espeak.Engine.speak, []

    def broken_once(self, text):
        calls.append(text)
        if len(calls) == 2:  # the first is how its loudness is measured
            raise RuntimeError("the voice is gone")
        return real(self, text)

    monkeypatch.setattr(espeak.Engine, "speak", broken_once)
    run = play(said, tmp_path)
    assert run.outcomes() == ["failed", "answered"]
    assert run.of("Failed")[0]["stage"] == "tts"


def test_fast_and_real_time_give_the_same_events(tmp_path):
    said = lines("Hey Jarvis, flip a coin.", pause=3.5)
    fast = play(said, tmp_path, inline=False)
    live = play(said, tmp_path, inline=False, virtual=False)
    important = ("WakeDetected", "SpeechStarted", "SpeechEnded", "Transcribed", "IntentMatched", "TurnEnded")

    def kept(run):
        return [strip(event) for event in run.events if event["type"] in important]

    assert kept(fast) == kept(live)


PLANTS = '''
"""Plants."""
from pathlib import Path
from assistant import Context, skill

def names() -> list[str]:
    return Path(__file__).with_name("plants.txt").read_text().split()

@skill("water the {plant}", examples=["water the cactus"], slots={"plant": names})
def water(ctx: Context, plant: str) -> str:
    """Water a plant."""
    return f"The {plant} is watered."
'''


def test_a_list_that_changes_while_it_runs_is_heard(tmp_path):
    folder = tmp_path / "plants"
    folder.mkdir()
    (folder / "plants.py").write_text(PLANTS)
    (folder / "plants.txt").write_text("cactus")
    said = (lines("Hey Jarvis, water the cactus.", pause=40.0), lines("Hey Jarvis, water the banana.", pause=6.0))

    def buy_a_banana(_session, timeline):
        def bought(event):
            if type(event).__name__ == "TurnEnded":
                (folder / "plants.txt").write_text("cactus banana")

        timeline.subscribe(bought)

    run = play(np.concatenate(said), tmp_path, skills=[folder], before=buy_a_banana)
    assert run.texts() == ["water the cactus", "water the banana"]
    assert run.replies()[1] == "The banana is watered."
