"""The user is told when another voice has to speak: once, when nobody speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from assistant.intent.lang import conversation
from assistant.session.announcer import Announcer
from assistant.session.speaker import Speaker
from assistant.skill.dialogue import speaking
from assistant.tts.chain import Chain, Switch


def tell_of_switches(
    speaker: Speaker, announcer: Announcer, spawn: Callable[[Coroutine[Any, Any, None]], object]
) -> None:
    """Have every chain of voices announce that another of its voices speaks, in the chain's language.

    Args:
        speaker: whose voices.
        announcer: says it.
        spawn: starts a task on the running loop.
    """
    loop = asyncio.get_running_loop()

    async def announce(language: str, switch: Switch) -> None:
        speaking.set(language)
        await announcer.announce(conversation.said(f"voice_{switch.reason}", language), "session")

    def tell(language: str, switch: Switch) -> None:
        loop.call_soon_threadsafe(lambda: spawn(announce(language, switch)))

    for language, voice in speaker.voices.items():
        if isinstance(voice, Chain):
            voice.tell = partial(tell, language)
