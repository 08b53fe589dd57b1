"""The latency benchmark on virtual time: the same systems, two commands."""

import os

import pytest

from assistant.bench import baselines
from assistant.bench.compare import FIXED, OURS, SYSTEMS, TUTORIAL, Plan, measure
from assistant.bench.latency import on_loop
from assistant.bench.stand import Manner
from assistant.bench.take import speak, with_pause
from assistant.commands.bench import quiet
from assistant.tts.espeak import Engine, Options


@pytest.mark.varies
def test_three_systems_are_compared(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    seen = []

    def step(name, count):
        seen.append((name.partition(":")[0], count))
        return lambda _begun: None

    plan = Plan(commands=2, recordings=tmp_path, pauses=False, real_time=False)
    outcome = measure(quiet(engine="pocketsphinx"), plan, step)
    assert seen == [(name, 2) for name in SYSTEMS]
    for name in SYSTEMS:
        for trial in outcome.trials[name]:
            assert trial.latency is not None, (name, trial.said.take.text)
            assert sum(trial.stages.values()) == pytest.approx(trial.latency)
            assert trial.decided[-1] > trial.said.end
    medians = {name: outcome.figures["systems"][name]["ms"]["median"] for name in SYSTEMS}
    assert medians[OURS] < medians[FIXED] < medians[TUTORIAL]
    assert medians[FIXED] >= 500
    assert "recordings" in outcome.figures["free_speech"]["skipped"]


def test_a_fixed_silence_cuts_off_who_pauses():
    take = speak("set a timer for fifteen minutes", "timers.set_timer", Engine(Options()), "hey jarvis, ")
    place = next(sample for characters, sample in take.words if characters == len("set a timer "))
    paused = with_pause(take, place, 1.3)
    loaded = quiet(engine="pocketsphinx")
    rule = baselines.fixed_silence(loaded)
    trials = on_loop(lambda: baselines.converse(loaded, rule, [take, paused], Manner(), answers=False), virtual=True)
    assert [trial.cut_off for trial in trials] == [False, True]


def test_earcons_do_not_count_as_answers():
    assert not any(quiet().config.audio.earcons.model_dump()[name] for name in ("listening", "done", "error"))
    assert "ASSISTANT_AUDIO__EARCONS__DONE" not in os.environ
