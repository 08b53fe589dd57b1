"""A change of ``tts:`` in the configuration is taken up while the assistant runs; part of the composition."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from assistant.config import Loaded
from assistant.errors import AssistantError
from assistant.intent.lang import conversation
from assistant.session.announcer import Announcer
from assistant.session.speaker import Speaker
from assistant.skill.watching import Watch
from assistant.tts.base import Synthesizer
from assistant.voicing import choose_tts, further_voices

_log = logging.getLogger(__name__)

_GLANCE_S = 2.0


async def follow_voices(
    loaded: Loaded, speaker: Speaker, announcer: Announcer, changed: Callable[[Loaded], None]
) -> None:
    """Look at the configuration's files again and again; other voices speak, and say so, once ``tts:`` is another.

    A mistake in the file, or a voice that is not there, is one line in the log, and everything stays as it is.

    Args:
        loaded: what is in force.
        speaker: gets the voices.
        announcer: lets the new one be heard.
        changed: called with the new configuration when other voices have been put in place.
    """
    watch, main = Watch(*loaded.files), loaded.config.spoken[0]
    while loaded.again is not None:
        await asyncio.sleep(_GLANCE_S)
        if not await asyncio.to_thread(watch.changed):
            continue
        try:
            fresh = await asyncio.to_thread(loaded.again)
            if fresh.config.tts == loaded.config.tts:
                continue
            voices = await asyncio.to_thread(_voices, fresh, main)
        except AssistantError as error:
            _log.error("%s The voice stays as it is.", error)
            continue
        await announcer.quiet.wait()
        speaker.voices, loaded = voices, fresh
        changed(fresh)
        await announcer.announce(conversation.said("voice_sample", main), "session")


def _voices(loaded: Loaded, main: str) -> dict[str, Synthesizer]:
    return {**further_voices(loaded), main: choose_tts(loaded)[1]}
