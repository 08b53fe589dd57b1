"""Another voice by the configuration, while the assistant runs."""

import asyncio

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from assistant.audio.mixer import Mixer
from assistant.bench.latency import on_loop
from assistant.config import load
from assistant.events import Announced
from assistant.revoicing import follow_voices
from assistant.runtime.worker import InlineWorker
from assistant.session.announcer import Announcer
from assistant.session.speaker import Speaker
from assistant.session.timeline import Timeline
from assistant.voicing import choose_tts

MAN, WOMAN = "{tts: {engine: espeak, espeak: {variant: m3}}}", "{tts: {engine: espeak, espeak: {variant: f3}}}"


class Running:
    """A session's voice, whose configuration is a file."""

    def __init__(self, tmp_path):
        self.file = tmp_path / "config.yaml"
        self.file.write_text(MAN)
        self.changes, self.events = [], []

    def write(self, text):
        self.file.write_text(text)

    def play(self, script):
        """Run a script beside what follows the configuration; returns what was heard."""
        heard = []

        async def main():
            loaded = load(self.file, env={}, user=False)
            timeline, worker, mixer = Timeline(), InlineWorker("tts"), Mixer(RATE)
            timeline.subscribe(self.events.append)
            self.speaker = Speaker(choose_tts(loaded)[1], worker, mixer, "en")
            announcer = Announcer(self.speaker, None, RATE, timeline.emit)
            following = asyncio.ensure_future(follow_voices(loaded, self.speaker, announcer, self.changes.append))

            async def output():
                while True:
                    heard.append(mixer.pull(RATE // 50))
                    await asyncio.sleep(0.02)

            playing = asyncio.ensure_future(output())
            await asyncio.sleep(1)
            await script()
            for task in (following, playing):
                task.cancel()
            worker.close()

        on_loop(main, virtual=True)
        return np.concatenate(heard)


@pytest.fixture
def running(tmp_path):
    return Running(tmp_path)


def announced(running):
    return [event.text for event in running.events if isinstance(event, Announced)]


def test_another_voice_speaks_and_is_heard_at_once(running):
    async def script():
        before = running.speaker.voices["en"]
        running.write(WOMAN)
        await asyncio.sleep(15)
        assert running.speaker.voices["en"] is not before

    heard = running.play(script)
    assert [change.config.tts.options("espeak") for change in running.changes] == [{"variant": "f3"}]
    assert announced(running) == ["This is how I sound. I tell the time, set timers, and answer your questions."]
    assert np.abs(heard.astype(int)).max() > 3_000


@pytest.mark.parametrize("wrong", ["{tts: {engine: espek}}", "tts: [", "{tts: {engine: espeak, voice: nobody}}"])
def test_a_mistake_leaves_everything_as_it_is_and_can_be_corrected(running, caplog, wrong):
    async def script():
        before = running.speaker.voices["en"]
        running.write(wrong)
        await asyncio.sleep(5)
        assert running.speaker.voices["en"] is before
        assert "The voice stays as it is." in caplog.text
        running.write(WOMAN)
        await asyncio.sleep(15)
        assert running.speaker.voices["en"] is not before

    running.play(script)
    assert len(running.changes) == 1


def test_other_settings_change_no_voice(running):
    async def script():
        running.write(f"{MAN[:-1]}, name: Max}}")
        await asyncio.sleep(5)

    running.play(script)
    assert running.changes == announced(running) == []
