"""``assistant skill try``: a conversation with one skill, which is loaded again whenever its files are saved."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from assistant import paths
from assistant.app import Mind, open_mind, skill_settings
from assistant.commands import skill_places
from assistant.commands.answering import timed_answer
from assistant.commands.ask import edit_lines, read_line, said, written
from assistant.commands.skill_list import needs_of
from assistant.config import Loaded, load
from assistant.skill.check import check
from assistant.skill.files import shown
from assistant.skill.isolating import Isolating
from assistant.skill.loader import Loading, Problem, Skills
from assistant.skill.places import Place
from assistant.skill.watching import Watch

_GLANCE_S = 0.2
_SETTLED_S = 0.05
_MOST_HINTS = 3


def talk(
    name: Annotated[str, typer.Argument(help="A skill, or the path of one.", show_default=False)],
    language: Annotated[str | None, typer.Option(help="Talk to it in this language.")] = None,
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
) -> None:
    """Talk to one skill in the terminal; what you save is live at once."""
    loaded = load(config)
    if language is not None:
        loaded = Loaded(loaded.config.model_copy(update={"language": language}), loaded.origins)
    place = skill_places.places(loaded.config).get(name)
    interactive = skill_places.at_terminal()
    with skill_places.unlogged(), suppress(KeyboardInterrupt):
        asyncio.run(hold(place, loaded, Console(), lambda: read_line(interactive), interactive=interactive))


async def hold(
    place: Place, loaded: Loaded, console: Console, read: Callable[[], Awaitable[str]], *, interactive: bool = False
) -> None:
    """Hold the conversation.

    Args:
        read: gives the next line; empty at the end.
        interactive: there is somebody at the terminal.
    """
    language = loaded.config.language
    loading = Loading(language.partition("-")[0], {}, skill_settings(loaded.config), Isolating(paths.data_dir()))
    skills = Skills((), (), loading)
    async with open_mind(loaded, written(console, read, language), skills) as mind:
        mind.brain.paraphrases = True
        trial = Trial(mind, place, console, loaded)
        await trial.load()
        mind.house.spawn(trial.follow(), "session")
        if interactive:
            edit_lines(paths.data_dir() / "history")
            console.print("[dim]Type what you would say; an empty line or Ctrl-D ends it.[/dim]")
        while line := await read():
            await trial.refresh()
            await trial.answer(line)


class Trial:
    """One skill in a conversation.

    Args:
        mind: holds nothing yet.
        place: the skill.
        console: where to say what happens.
        loaded: the configuration.
    """

    def __init__(self, mind: Mind, place: Place, console: Console, loaded: Loaded) -> None:
        self._mind = mind
        self._place = place
        self._console = console
        self._config = loaded.config
        own = skill_places.own_folder(place.name)
        self._watch = Watch(place.found.path, own / "settings.yaml", own / "secrets.json")
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        """Load it, or say why that fails: it is tried again after the next save."""
        problem = await self._mind.add(self._place.found)
        if problem is not None:
            self._tell(f"It cannot be loaded yet. {_line(problem)}", "yellow")
        else:
            self._advise()

    async def follow(self) -> None:
        """Look for changes until cancelled."""
        while True:
            await asyncio.sleep(_GLANCE_S)
            await self.refresh()

    async def refresh(self) -> None:
        """Load it again if anything has changed; if that fails the last good version goes on."""
        async with self._lock:
            if not self._watch.changed():
                return
            while self._watch.changed():  # noqa: ASYNC110 - somebody is still writing
                await asyncio.sleep(_SETTLED_S)
            before = self._mind.skills.get(self._place.name)
            problem = await self._mind.add(self._place.found)
            if problem is None:
                self._tell("Your change is live.", "green")
                self._advise()
            else:
                kept = "The last good version goes on" if before is not None else "It cannot be loaded yet"
                self._tell(f"{kept}. {_line(problem)}", "yellow")

    async def answer(self, text: str) -> None:
        """Answer a line, with what was understood."""
        reply, _ = await timed_answer(self._mind, text)
        if reply.intent:
            slots = "".join(f" {name}={value}" for name, value in reply.slots.items())
            self._tell(f"{reply.intent}{slots}", "dim")
        if reply.failure is not None:
            self._tell(f"{reply.failure}{self._where(reply.failure.__cause__)}", "red")
        if reply.text:
            self._console.print(said(reply.text), highlight=False, soft_wrap=not self._console.is_terminal)

    def _where(self, error: BaseException | None) -> str:
        """The skill's own line that failed."""
        frames = traceback.extract_tb(error.__traceback__) if error is not None else []
        own = [frame for frame in frames if frame.filename.startswith(str(self._place.found.path))]
        return f" ({shown(Path(own[-1].filename))}:{own[-1].lineno})" if own else ""

    def _advise(self) -> None:
        """What keeps it from being understood, and what is odd about it."""
        skill = self._mind.skills.get(self._place.name)
        assert skill is not None
        if skill.missing:
            self._tell(f"needs: {needs_of(skill.manifest, self._config)}", "yellow")
        elif not skill.understood:
            language = self._mind.skills.loading.language
            self._tell(
                f"It has no sentences in {language}; it has: {', '.join(skill.languages)} (--language)", "yellow"
            )
        for problem in check(self._mind.skills)[:_MOST_HINTS]:
            self._tell(_line(problem), "yellow")

    def _tell(self, text: str, style: str) -> None:
        self._console.print(f"[{style}]{escape(text)}[/{style}]", highlight=False, soft_wrap=True)


def _line(problem: Problem) -> str:
    return f"{problem.place}: {problem.text}"
