"""Skills that say something before their reply, show a card, and play music; through the whole chain."""

import textwrap

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from assistant.audio.wav import write_wav
from tests.scenario.harness import lines, loudness, play

pytestmark = pytest.mark.varies

SKILL = '''
"""Made for this test."""
from pathlib import Path
from assistant import Card, Context, skill

@skill("play some music", examples=["play some music"])
async def music(ctx: Context) -> str:
    """Play a tune."""
    await ctx.say("Let me look for it.")
    ctx.show(Card("A tune", "by nobody", b"picture"))
    await ctx.play(Path(__file__).with_name("tune.wav"))
    return "Here it comes."
'''


def test_music_is_heard_below_the_reply_and_stopped_by_voice(tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "made.py").write_text(textwrap.dedent(SKILL))
    tone = np.sin(np.arange(30 * 22_050) * (440 * 2 * np.pi / 22_050)) * 8_000
    write_wav(folder / "tune.wav", tone.astype(np.int16), 22_050)
    said = lines("Hey Jarvis, play some music.", pause=9.0), lines("Hey Jarvis, stop.", pause=4.0)
    run = play(np.concatenate(said), tmp_path, skills=[folder], settings={"audio__echo__cancel": "false"})
    assert [event["spoken"] for event in run.of("SpeakingFinished")][:2] == ["Let me look for it.", "Here it comes."]
    [card] = run.of("CardShown")
    assert (card["skill"], card["title"], card["text"], card["image"]) == (
        "made",
        "A tune",
        "by nobody",
        "cGljdHVyZQ==",
    )
    assert card["turn"] == 1
    first, second = (event["at"] for event in run.of("SpeakingFinished")[:2])
    tune = loudness(run.output, second + 0.5, second + 2.0)
    assert tune == pytest.approx(8_000 / 2**0.5 * 0.8, rel=0.2), "at the assistant's own volume"
    assert loudness(run.output, first - 1.5, first) > 200
    stopped = run.of("WakeDetected")[1]["at"]
    assert run.texts()[-1] == "stop"
    ended = run.of("TurnEnded")[1]["at"]
    assert stopped < ended
    assert loudness(run.output, ended + 0.5, len(run.output) / RATE) < 5
    assert run.outcomes() == ["answered", "answered"]
