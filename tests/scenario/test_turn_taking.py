"""Who has the floor: pauses, interruptions, coughs, follow-ups. Real audio through the whole chain, golden logs."""

import textwrap

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from assistant.bench.corpus import trimmed
from tests.scenario.harness import check_golden, lines, loudness, play

TALK = {"session__barge_in": "speech", "audio__echo__cancel": "false"}  # there is no loudspeaker in the recording
SILENT_ROOM = {"audio__echo__cancel": "false"}
PATIENT = {"endpoint__risk": "0.002"}

SKILLS = '''
"""Made for these tests."""
from pathlib import Path
from assistant import Context, skill

CALLS = Path(__file__).with_suffix(".calls")

def note(word):
    with CALLS.open("a") as file:
        file.write(word + "\\n")

@skill("tell me a story", examples=["tell me a story"], pure=True)
def story(ctx: Context) -> str:
    """Tell a long story."""
    return " ".join(f"Then the little bear met friend number {n} in the deep dark wood." for n in range(1, 31))

@skill("open the window [in the kitchen]", examples=["open the window", "open the window in the kitchen"])
def window(ctx: Context) -> str:
    """Open a window."""
    note("opened")
    ctx.store.put("open", True)
    return "The window is open."

@skill("describe the garden [in the summer]", examples=["describe the garden", "describe the garden in the summer"],
       pure=True)
def garden(ctx: Context) -> str:
    """Tell about the garden."""
    note(ctx.text)
    return "There are roses in it."
'''


@pytest.fixture
def skills(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "made.py").write_text(textwrap.dedent(SKILLS))
    return folder


def calls(folder):
    file = folder / "made.calls"
    return file.read_text().splitlines() if file.exists() else []


def hush(seconds):
    """Room tone."""
    return np.random.default_rng(1).normal(0, 5, int(seconds * RATE)).astype(np.int16)


def said(text, pause, voice="en-us"):
    """A line that is followed by exactly so much silence."""
    return np.concatenate((trimmed(lines(text, pause=0.0, voice=voice)), hush(pause)))


def stream(*parts):
    return np.concatenate((hush(0.5), *parts))


def burst(seconds, loud=6000.0):
    """A bang: noise that dies away."""
    count = int(seconds * RATE)
    noise = np.random.default_rng(3).normal(0, loud, count) * np.exp(-np.arange(count) / (0.05 * RATE))
    return np.clip(noise, -32768, 32767).astype(np.int16)


def test_speech_resumes_after_a_soft_end(tmp_path, skills, update_golden):
    sound = stream(said("Hey Jarvis, open the window", 0.3), said("in the kitchen.", 4.0))
    run = play(sound, tmp_path, settings=PATIENT, skills=[skills])
    assert run.texts() == ["open the window in the kitchen"]
    assert calls(skills) == ["opened"]
    assert len(run.replies()) == 1
    check_golden("resumed_after_soft_end", run.events, update_golden)


def test_what_was_prepared_too_early_is_never_heard(tmp_path, skills):
    """A skill without side effects runs ahead, but its answer stays behind the gate."""
    sound = stream(said("Hey Jarvis, describe the garden", 0.3), said("in the summer.", 4.0))
    run = play(sound, tmp_path, settings=PATIENT, skills=[skills])
    assert run.texts() == ["describe the garden in the summer"]
    assert calls(skills)[-1] == "describe the garden in the summer"
    assert run.outcomes() == ["answered"]
    ended = run.of("SpeechEnded")[0]["at"]
    assert loudness(run.output, run.of("SpeechStarted")[0]["at"] + 0.3, ended - 0.02) < 5


def test_a_pause_inside_a_command(tmp_path, update_golden):
    sound = stream(said("Hey Jarvis, set a timer for", 0.9), said("five minutes.", 4.0))
    run = play(sound, tmp_path)
    assert run.texts() == ["set a timer for five minutes"]
    check_golden("pause_inside_command", run.events, update_golden)


def test_the_answer_comes_soon_after_a_complete_command(tmp_path):
    sound = stream(said("Hey Jarvis, how many days until Christmas?", 5.0))
    end = 0.5 + len(trimmed(lines("Hey Jarvis, how many days until Christmas?", pause=0.0))) / RATE
    run = play(sound, tmp_path, settings={"audio__earcons__listening": "false", "audio__earcons__done": "false"})
    first = np.flatnonzero(np.abs(run.output[int((end - 0.1) * RATE) :].astype(int)) > 200)[0] / RATE - 0.1
    assert 0.05 < first < 0.5


def test_barge_in_by_the_wake_word(tmp_path, skills, update_golden):
    sound = stream(said("Hey Jarvis, tell me a story.", 6.0), said("Hey Jarvis, what is two plus two?", 5.0))
    run = play(sound, tmp_path, settings=SILENT_ROOM, skills=[skills])
    assert run.texts() == ["tell me a story", "what is two plus two"]
    assert run.outcomes() == ["cancelled", "answered"]
    check_golden("barge_in_wake", run.events, update_golden)


def test_barge_in_by_speech(tmp_path, skills, update_golden):
    sound = stream(said("Hey Jarvis, tell me a story.", 6.0), said("What is two plus two?", 5.0))
    run = play(sound, tmp_path, settings=TALK, skills=[skills])
    assert run.texts() == ["tell me a story", "what is two plus two"]
    assert run.outcomes() == ["cancelled", "answered"]
    check_golden("barge_in_speech", run.events, update_golden)


def test_speech_does_not_interrupt_unless_wanted(tmp_path, skills):
    sound = stream(said("Hey Jarvis, describe the garden.", 1.0), said("What is two plus two?", 5.0))
    run = play(sound, tmp_path, skills=[skills])
    assert run.texts() == ["describe the garden"]
    assert not run.of("SpeakingFinished")[0]["interrupted"]


def test_nothing_interrupts_when_it_is_off(tmp_path, skills):
    sound = stream(said("Hey Jarvis, describe the garden.", 0.6), said("Hey Jarvis.", 5.0))
    run = play(sound, tmp_path, settings={"session__barge_in": "off"}, skills=[skills])
    assert not run.of("SpeakingFinished")[0]["interrupted"]
    assert run.outcomes() == ["answered"]


@pytest.mark.parametrize(
    ("name", "sound"), [("back_channel", said("Yeah.", 4.0)), ("cough", np.concatenate((burst(0.35), hush(4.0))))]
)
def test_a_cough_or_a_yeah_stops_nothing(tmp_path, skills, update_golden, name, sound):
    run = play(stream(said("Hey Jarvis, describe the garden.", 0.9), sound), tmp_path, settings=TALK, skills=[skills])
    assert run.of("SpeakingFinished")[0]["spoken"] == "There are roses in it."
    assert not run.of("SpeakingFinished")[0]["interrupted"]
    assert run.outcomes() == ["answered"]
    check_golden(name, run.events, update_golden)


def test_after_a_yeah_the_reply_goes_on_where_it_stopped(tmp_path, skills):
    plain, over = (tmp_path / name for name in ("plain", "over"))
    plain.mkdir(), over.mkdir()
    command = said("Hey Jarvis, describe the garden.", 0.9)
    alone = play(stream(command, hush(4.0)), plain, settings=TALK, skills=[skills])
    held = play(stream(command, said("Yeah.", 4.0)), over, settings=TALK, skills=[skills])
    before, after = (run.of("SpeakingFinished")[0]["at"] for run in (alone, held))
    assert 0.2 < after - before < 2.0
    started = held.of("SpeakingStarted")[0]["at"]
    quiet = [loudness(held.output, at, at + 0.1) < 5 for at in np.arange(started + 0.2, after - 0.3, 0.05)]
    assert sum(quiet) >= 4
    energy = [np.sum(run.output[int(started * RATE) :].astype(float) ** 2) for run in (alone, held)]
    assert energy[1] == pytest.approx(energy[0], rel=0.1)


def test_two_talkers_in_a_row(tmp_path, update_golden):
    sound = stream(
        said("Hey Jarvis, what time is it?", 2.6), said("Hey Jarvis, what is two plus two?", 5.0, voice="en-gb")
    )
    run = play(sound, tmp_path)
    assert run.texts() == ["what time is it", "what is two plus two"]
    assert len({event["turn"] for event in run.of("TurnEnded")}) == len(run.of("TurnEnded")) == 2
    check_golden("two_talkers", run.events, update_golden)


def test_a_long_reply_is_interrupted(tmp_path, skills, update_golden):
    history = []
    sound = stream(said("Hey Jarvis, tell me a story.", 66.0), said("Hey Jarvis, stop.", 4.0))
    run = play(
        sound,
        tmp_path,
        settings=SILENT_ROOM,
        skills=[skills],
        before=lambda session, _: history.append(session.history),
    )
    heard = run.of("SpeakingFinished")[0]
    assert heard["interrupted"]
    assert heard["spoken"].startswith("Then the little bear met friend number 1 in")
    assert 10 <= heard["spoken"].count("bear") < 29
    first = next(iter(history[0]))
    assert (first.user, first.assistant, first.interrupted) == ("tell me a story", heard["spoken"], True)
    woken = run.of("WakeDetected")[1]["at"]
    assert loudness(run.output, woken + 0.3, woken + 0.5) < 5
    check_golden("long_reply_interrupted", run.events, update_golden)


def test_an_engine_fails_in_mid_turn(tmp_path, skills, monkeypatch, update_golden):
    from assistant.tts import espeak

    real = espeak.Engine.speak

    def breaks_at_the_second_sentence(self, text):
        if "number 2 " in text.replace("two", "2"):
            raise RuntimeError("the voice is gone")
        return real(self, text)

    sound = stream(said("Hey Jarvis, tell me a story.", 6.0), said("Hey Jarvis, what is two plus two?", 5.0))
    monkeypatch.setattr(espeak.Engine, "speak", breaks_at_the_second_sentence)
    run = play(sound, tmp_path, settings=SILENT_ROOM, skills=[skills])
    assert [event["stage"] for event in run.of("Failed")] == ["tts"]
    assert run.outcomes() == ["failed", "answered"]
    check_golden("engine_fails", run.events, update_golden)


def test_a_recogniser_that_fails_costs_one_apology(tmp_path, monkeypatch):
    from assistant.asr import pocketsphinx

    real, tries = pocketsphinx.Recognition.finish, []

    def broken_once(self):
        tries.append(self)
        if len(tries) == 1:
            self.close()
            raise RuntimeError("lost the thread")
        return real(self)

    monkeypatch.setattr(pocketsphinx.Recognition, "finish", broken_once)
    sound = stream(said("Hey Jarvis, what time is it?", 5.0), said("Hey Jarvis, what is two plus two?", 5.0))
    run = play(sound, tmp_path)
    assert run.outcomes() == ["failed", "answered"]
    assert run.of("Failed")[0]["stage"] == "asr"
    assert "went wrong" in run.replies()[0]


def test_follow_up_leaves_alone_what_is_not_for_it(tmp_path):
    sound = stream(
        said("Hey Jarvis, what is two plus two?", 3.0),
        said("The committee postponed every further discussion about agriculture.", 1.5),
        said("What time is it?", 4.0),
        hush(10.0),
    )
    run = play(sound, tmp_path, settings={"session__follow_up": 10.0})
    assert run.texts()[::2] == ["what is two plus two", "what time is it"]
    assert run.outcomes() == ["answered", "not_for_me", "answered"]
    assert len(run.replies()) == 2
    assert run.of("StateChanged")[-1]["new"] == "idle"


def test_a_skill_asks_and_is_answered(tmp_path, update_golden):
    sound = stream(said("Hey Jarvis, set a timer.", 3.5), said("Ten minutes.", 5.0))
    run = play(sound, tmp_path)
    assert run.texts() == ["set a timer", "ten minutes"]
    assert run.outcomes() == ["answered"]
    assert "how long" in run.replies()[0].lower()
    assert "Ten minutes" in run.replies()[1]
    check_golden("asked", run.events, update_golden)


def test_a_question_without_an_answer_ends_quietly(tmp_path):
    run = play(stream(said("Hey Jarvis, set a timer.", 14.0)), tmp_path)
    assert len(run.replies()) == 1
    assert run.of("StateChanged")[-1]["new"] == "idle"


def test_a_question_is_dismissed(tmp_path):
    run = play(stream(said("Hey Jarvis, set a timer.", 3.5), said("Never mind.", 5.0)), tmp_path)
    assert run.replies()[1:] == ["OK."]
    assert len(run.of("TurnEnded")) == 1


def test_a_correction(tmp_path, update_golden):
    sound = stream(said("Hey Jarvis, set a timer for five minutes.", 3.0), said("No, ten minutes.", 9.0))
    late = stream(said("Hey Jarvis, how long is left on the timer?", 6.0))
    run = play(np.concatenate((sound, late)), tmp_path, settings={"session__follow_up": 6.0})
    assert run.texts()[:2] == ["set a timer for five minutes", "no ten minutes"]
    assert "nine minutes" in run.replies()[-1]
    check_golden("correction", run.events, update_golden)
