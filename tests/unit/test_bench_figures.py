"""From moments to figures, tables and a picture."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console

from assistant.bench import figures, report
from assistant.bench.compare import OURS
from assistant.bench.stand import Said
from assistant.bench.take import Take
from assistant.bench.trial import STAGES, Trial, between, from_events, stages_of
from assistant.bench.waterfall import waterfall
from assistant.events import (
    IntentMatched,
    ReplyDelta,
    SpeakingStarted,
    SpeechEnded,
    Transcribed,
    TurnEnded,
)
from assistant.intent.match import Match
from assistant.intent.progress import Progress

SILENCE = np.zeros(0, np.int16)


def said(start=1.0, end=3.0, text="what time is it", before=None):
    return Said(Take(text, "clock.current_time", SILENCE, before=before, pause=0.7), start, end)


def turn(ended, transcribed, replied, tts_ms=5.0, spoke=None):
    """The events of one answered utterance."""
    return [
        (ended, SpeechEnded(at=ended, until=ended - 0.2, reason="complete")),
        (transcribed, Transcribed(at=ended, text="what time is it", confidence=1.0)),
        (transcribed, IntentMatched(at=ended, intent="clock.current_time", slots={})),
        (replied, ReplyDelta(at=ended, text="Noon.")),
        (spoke or replied + 0.02, SpeakingStarted(at=ended, text="Noon.", tts_ms=tts_ms)),
        (replied + 1.0, TurnEnded(at=ended, outcome="answered", stages_ms={"asr": 40.0})),
    ]


def trial(latency=0.25, end=3.0, intent="clock.current_time", decided=(3.2,), slots=None):
    stages = between(end, (decided[0], None, None, None, None, end + latency))
    return Trial(said(end=end), decided, end + latency, intent, slots or {}, "what time is it", stages, {"asr": 40.0})


class Written:
    """A grammar of one sentence."""

    def route(self, text):
        return Match("clock.current_time", {}, {}, "", 4, 0) if text == "what time is it" else None

    def progress(self, text):
        return Progress(complete=text == "what time is it", prefix=text != "what time is it")


@pytest.mark.parametrize(
    "moments",
    [
        (3.2, 3.25, 3.26, 3.3, 3.31, 3.35),
        (3.2, None, None, None, None, 3.35),
        (3.2, 3.1, 3.5, 3.3, None, 3.35),
        (2.5, 2.5, 2.6, 2.6, 2.7, 3.35),
    ],
)
def test_stages_add_up(moments):
    stages = between(3.0, moments)
    assert tuple(stages) == STAGES
    assert sum(stages.values()) == pytest.approx(0.35)
    assert min(stages.values()) >= 0.0


def test_stages_in_sequence_are_told_apart():
    stages = stages_of(turn(3.2, 3.3, 3.4, tts_ms=30.0), 3.0, 3.46)
    assert stages == pytest.approx(
        {"endpoint": 0.2, "asr": 0.1, "intent": 0.0, "skill": 0.1, "tts": 0.03, "output": 0.03}
    )


def test_a_prepared_answer_costs_nothing_after_the_decision():
    stages = stages_of(turn(3.2, 3.2, 3.2, tts_ms=30.0), 3.0, 3.22)
    assert stages == pytest.approx(
        {"endpoint": 0.2, "asr": 0.0, "intent": 0.0, "skill": 0.0, "tts": 0.0, "output": 0.02}
    )


def test_events_belong_to_the_utterance_they_follow():
    utterances = [said(1.0, 3.0), said(6.0, 8.0)]
    events = turn(3.2, 3.2, 3.2) + turn(7.0, 7.0, 7.0)
    first, second = from_events(utterances, events, [3.25, 3.27, 7.1, 8.5])
    assert first.latency == pytest.approx(0.25)
    assert first.understood
    assert not first.cut_off
    assert first.endpoint_delay == pytest.approx(0.2)
    assert first.work_ms == {"asr": 40.0}
    assert second.cut_off
    assert second.latency is None
    assert second.endpoint_delay is None


def test_no_answer_is_no_latency():
    (only,) = from_events([said()], [], [])
    assert (only.latency, only.intent, only.understood, only.cut_off) == (None, "", False, False)


def test_percentiles():
    found = figures.spread([value / 1000 for value in range(1, 102)])
    assert found == {"mean": 51.0, "median": 51.0, "p90": 91.0, "p95": 96.0, "worst": 101.0}
    assert figures.spread([]) == {}
    trials = [trial(latency) for latency in (0.5, 0.2, 0.3)]
    assert [figures.at_rank(trials, share).latency for share in (0, 50, 100)] == pytest.approx([0.2, 0.3, 0.5])
    assert figures.at_rank([], 50) is None


def test_the_figures_of_a_system():
    found = figures.latency([trial(0.2), trial(0.4, intent="chance.roll_dice")], Written())
    assert found["commands"] == found["answered"] == 2
    assert found["understood"] == 0.5
    assert found["understood_exactly"] == 0.5
    assert figures.latency([trial(slots={"city": "Tokyo"})], Written())["understood_exactly"] == 0.0
    assert found["ms"]["median"] == pytest.approx(300.0)
    assert found["ms_by_kind"]["complete"]["commands"] == 2
    assert sum(stage["mean"] for stage in found["stages_ms"].values()) == pytest.approx(found["ms"]["mean"], abs=0.5)
    assert found["misunderstood"] == [{"said": "what time is it", "heard": "what time is it"}]
    slow = figures.latency([trial(0.6)], Written())
    assert figures.ratios(found, {"slow": slow})["slow"]["median"] == 2.0
    assert figures.ratios(figures.latency([], Written()), {"slow": slow}) == {"slow": {}}


def test_cut_offs_by_what_came_before_the_pause():
    cut = Trial(said(before="what"), (2.0, 3.3))
    whole = Trial(said(before="what time is it"), (3.3,))
    deaf = Trial(said(before="what"))
    found = figures.cut_offs([cut, whole, deaf], Written())
    assert found["rate"] == pytest.approx(1 / 3, abs=1e-3)
    assert found["by_kind"] == {
        "complete": {"commands": 1, "cut_off": 0},
        "prefix": {"commands": 2, "cut_off": 1},
    }
    assert found["undecided"] == 1
    assert [each["before"] for each in found["cut"]] == ["what"]


def test_endpoints_of_free_speech():
    found = figures.endpoints([Trial(said(), (1.5, 2.0, 3.4)), Trial(said(), (3.8,)), Trial(said())])
    assert found["delay_ms"]["median"] == pytest.approx(600.0)
    assert (found["cut_off"], found["cuts_inside"], found["undecided"], found["seconds"]) == (1, 2, 1, 6.0)


def test_everything_is_json_and_makes_tables():
    speed = figures.latency([trial(0.2), trial(0.4)], Written())
    none = figures.latency([Trial(said())], Written())
    found = {
        "systems": {OURS: speed, "other": none},
        "times_as_long": figures.ratios(speed, {"other": none}),
        "cut_offs": {OURS: figures.cut_offs([Trial(said(before="what"), (2.0,))], Written())},
        "free_speech": figures.endpoints([Trial(said(), (3.4,))]),
    }
    assert json.loads(json.dumps(found)) == found
    console = Console(width=140, record=True, file=None, quiet=True)
    with console.capture():
        for table in report.tables(found):
            console.print(table)
    for free in ({"skipped": "there are no recordings"}, found["free_speech"]):
        shown = list(report.tables({**found, "free_speech": free}))
        assert len(shown) == 6
    assert shown[-1].row_count == 1


def test_the_picture_is_an_svg_with_its_labels():
    drawn = waterfall({OURS: [trial(0.2), trial(0.25)], "0.6 s <of> silence": [trial(0.9)], "deaf": [Trial(said())]})
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    words = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    for label in (f"{OURS}, median", f"{OURS}, P95", "0.6 s <of> silence, median", "900 ms", "250 ms", "recognition"):
        assert label in words
    widths = [float(each.get("width")) for each in root.iter() if each.tag.endswith("rect")]
    assert min(widths) > 0
