"""The languages of a conversation: one router for each, over the same skills."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from assistant.intent.match import Match
from assistant.intent.paraphrasing import Ambiguous
from assistant.intent.progress import Progress
from assistant.intent.router import Router
from assistant.skill.binding import Handler
from assistant.skill.loader import Skills


class Languages:
    """Routes sentences in the language that they are in, or in whichever understands them.

    Args:
        skills: what is loaded, in the main language.
        codes: ISO 639-1 codes of all languages; the main one need not be among them.

    Attributes:
        main: the language that is spoken when nothing is known.
    """

    def __init__(self, skills: Skills, codes: Sequence[str] = ()) -> None:
        self.main = skills.loading.language
        self._skills = skills
        self._codes = tuple(dict.fromkeys((self.main, *codes)))
        self._routers = {self.main: Router(skills, self.main)}
        self._making = Lock()

    def of(self, language: str | None) -> tuple[str, ...]:
        """Where to look for a sentence: in its language if that is one of ours.

        Args:
            language: what the recogniser has detected; None for a written sentence, which may be in any of them.
        """
        if language is None:
            return self._codes
        code = language.partition("-")[0]
        return (code,) if code in self._codes else (self.main,)

    def skills(self, language: str) -> Skills:
        """The skills as they are asked for and answer in a language."""
        return self._skills.spoken(language)

    def router(self, language: str) -> Router:
        """The router of a language, made when it is first needed."""
        with self._making:
            if language not in self._routers:
                self._routers[language] = Router(self.skills(language), language)
            return self._routers[language]

    def handler(self, match: Match | None, language: str) -> Handler | None:
        """Who answers a match."""
        return self.skills(language).handlers[match.intent] if match else None

    def route(self, text: str, language: str | None = None) -> tuple[Match | None, str]:
        """The best match and its language: the first with one, or with one that is not all free text.

        Without a match, the language in which that is to be said.
        """
        codes = self.of(language)
        found = [(self.router(codes[0]).route(text), codes[0])]
        for code in codes[1:]:
            if found[-1][0] is not None and not found[-1][0].wild:
                break
            found.append((self.router(code).route(text), code))
        matches = [(match, code) for match, code in found if match is not None]
        return min(matches, key=lambda each: each[0].wild > 0, default=found[0])

    def paraphrase(self, text: str, language: str | None = None) -> tuple[Match | Ambiguous | None, str]:
        """What a sentence means that no template matches; see :meth:`Router.paraphrase`."""
        codes = self.of(language)
        for code in codes:
            if (found := self.router(code).paraphrase(text)) is not None:
                return found, code
        return None, codes[0]

    def progress(self, text: str, *, answering: bool, closed: bool) -> Progress:
        """How far along a sentence is, in the language in which it is furthest."""
        found = [self.router(code).progress(text, answering=answering, closed=closed) for code in self._codes]
        return max(found, key=lambda each: (each.complete, each.prefix))
