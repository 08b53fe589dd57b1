"""Speech made ahead: frequent phrases while nobody speaks, and the time of day once in a minute."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from functools import partial

from assistant.errors import AssistantError
from assistant.runtime.worker import Worker
from assistant.skill.dialogue import speaking
from assistant.tts.base import Keeping, Synthesizer, is_instant
from assistant.tts.sentences import split
from assistant.tts.speakable import speakable

_log = logging.getLogger(__name__)

_MINUTE_S = 60.0


class Rehearsal:
    """Has voices say what will be needed, and keep it. Only voices that keep what they say and take their time for it.

    Args:
        voices: language → voice.
        worker: their thread.
        quiet: set while nobody speaks; what is being made when that ends is given up, and begun anew later.
    """

    def __init__(self, voices: Mapping[str, Synthesizer], worker: Worker, quiet: asyncio.Event) -> None:
        self._voices = {
            code: voice for code, voice in voices.items() if isinstance(voice, Keeping) and not is_instant(voice)
        }
        self._worker = worker
        self._quiet = quiet
        self._over = False

    def stop(self) -> None:
        """Other voices speak from now on: the tasks end by themselves, soon."""
        self._over = True

    async def phrases(self, of: Callable[[str], Iterable[str]]) -> None:
        """Every phrase of every language, once; a voice that fails is left alone."""
        for language in self._voices:
            try:
                for phrase in await asyncio.to_thread(lambda code: list(of(code)), language):
                    await self.prepare(phrase, language)
            except AssistantError as error:
                _log.warning("Phrases are not made ahead: %s", error)

    async def each_minute(self, ask: Callable[[], Awaitable[str]], now: Callable[[], float]) -> None:
        """What ``ask`` answers, in each language, made anew as each minute begins, for as long as it answers.

        Args:
            ask: gives the reply in the language that is being spoken.
            now: seconds; a multiple of 60 begins a minute.
        """
        while self._voices and not self._over:
            for language in self._voices:
                token = speaking.set(language)
                try:
                    await self.prepare(await ask(), language)
                except AssistantError as error:
                    _log.debug("The time is not said ahead: %s", error)
                    return
                finally:
                    speaking.reset(token)
            await asyncio.sleep(_MINUTE_S - now() % _MINUTE_S)

    async def prepare(self, text: str, language: str) -> None:
        """Have one text made, sentence by sentence, in quiet moments."""
        for span in split(text):
            said = speakable(text[span.start : span.end], language)
            while said.strip() and not self._over and not await self._made(self._voices[language], said):
                await self._quiet.wait()

    async def _made(self, voice: Synthesizer, said: str) -> bool:
        await self._quiet.wait()
        assert isinstance(voice, Keeping)
        async with aclosing(self._worker.stream(partial(voice.keep, said))) as steps:
            async for _ in steps:
                if not self._quiet.is_set():
                    return False
        return True
