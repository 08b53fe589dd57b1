"""All tools of a language model, and which of them are offered with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from assistant.tools.base import Source, Tool
from assistant.tools.likely import Likely

_SURELY, _SCORE = 5, 1.65
"""What was offered before is given up for one of the so many likeliest tools if it has this score. Over CLINC150's
sentences, two of three not for any skill, that happens with every other one; with lower scores at nearly each."""


class Toolbox:
    """Tools from several sources; of two with one name the first is there, so that no server replaces a skill's.

    Args:
        sources: in order.
        most: tools offered at once.
    """

    def __init__(self, sources: Sequence[Source], most: int = 40) -> None:
        self._sources = tuple(sources)
        self._most = most
        self._likely: dict[str, tuple[list[Tool], Likely]] = {}
        self._learning = Lock()
        self._language = ""
        self._offered: dict[str, list[Tool]] = {}

    def tools(self, language: str) -> list[Tool]:
        """Every tool that is to be had now, in a stable order."""
        return [tool for tool, _ in self._all(language)]

    def _all(self, language: str) -> list[tuple[Tool, Source]]:
        found: dict[str, tuple[Tool, Source]] = {}
        for source in self._sources:
            for tool in source.tools(language):
                found.setdefault(tool.spec.name, (tool, source))
        return list(found.values())

    def offer(self, text: str, used: Sequence[str], language: str) -> list[Tool]:
        """The tools for a sentence: all of them if they are few, else those likely for it and those used before.

        What was offered last time is offered again as long as the likeliest are among it, in the same order: a server
        that keeps the beginning of the prompt has less to read.

        Args:
            text: what was said, or what the conversation is about.
            used: names of tools that the conversation has used.
            language: ISO 639-1 code of the conversation.
        """
        self._language = language
        every = self._all(language)
        if len(every) <= self._most:
            return [tool for tool, _ in every]
        always = [at for at, (_, source) in enumerate(every) if source.always]
        known = [at for at, (tool, _) in enumerate(every) if tool.name in used or tool.spec.name in used]
        scores = self._ranker(every, language).scores(text)
        likeliest = sorted(range(len(every)), key=lambda at: (-scores[at], at))
        always = always if len(always) <= self._most // 2 else []
        surely = [at for at in likeliest[: min(_SURELY, self._most)] if scores[at] >= _SCORE or self._most < _SURELY]
        needed = [every[at][0] for at in dict.fromkeys([*known, *always, *surely])]
        before, tools = self._offered.get(language, []), [tool for tool, _ in every]
        if before and all(tool in before for tool in needed) and all(tool in tools for tool in before):
            return list(before)
        chosen = list(dict.fromkeys([*known, *always, *likeliest]))[: self._most]
        self._offered[language] = [every[at][0] for at in sorted(chosen)]
        return list(self._offered[language])

    def _ranker(self, every: Sequence[tuple[Tool, Source]], language: str) -> Likely:
        tools = [tool for tool, _ in every]
        with self._learning:
            known = self._likely.get(language)
            if known is None or known[0] != tools:
                likely = Likely([list(source.likeness(tool, language)) for tool, source in every])
                known = self._likely[language] = tools, likely
            return known[1]

    def find(self, name: str, language: str = "") -> Tool | None:
        """A tool by its name, as users or as models write it.

        Args:
            language: ISO 639-1 code of the conversation; empty for the one that was last offered something.
        """
        every = self.tools(language or self._language)
        return next((tool for tool in every if name in (tool.spec.name, tool.name)), None)

    def warm(self, language: str) -> None:
        """Learn now what offering takes, a fraction of a second; from any thread."""
        self.offer("", (), language)

    def wait(self, seconds: float) -> None:
        """Wait until every source knows its tools, but only so long."""
        for source in self._sources:
            source.wait(seconds)

    async def close(self) -> None:
        """Close the sources."""
        for source in self._sources:
            await source.close()
