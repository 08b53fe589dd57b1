"""The language model's part, put together: model, tools, prompt and memory → a thinker; part of the composition."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.config import Config, Loaded
from assistant.memory.conversations import Conversations
from assistant.memory.database import FILE
from assistant.memory.facts import Facts
from assistant.runtime.worker import Worker
from assistant.session.brain import Brain
from assistant.session.house import House
from assistant.session.mindset import Limits, Mindset
from assistant.session.prompt import Prompt
from assistant.session.thinker import Thinker
from assistant.skill.api import Context
from assistant.skill.contexts import Contexts
from assistant.skill.dialogue import Dialogue, speaking
from assistant.skill.loader import Skills
from assistant.skill.store import Stores
from assistant.tools.base import Source
from assistant.tools.skills import Setup, SkillTools
from assistant.tools.toolbox import Toolbox

MakeWorker = Callable[[str, str], Worker]


@dataclass(frozen=True, slots=True)
class Surrounded:
    """What the thinker shares with the skills."""

    skills: Skills
    contexts: Contexts
    brain: Brain
    house: House
    stores: Stores
    facts: Facts
    data: Path


async def make_thinker(loaded: Loaded, around: Surrounded, make_worker: MakeWorker) -> Thinker | None:
    """The configured language model with everything it needs; None for no model.

    Raises:
        ConfigError, MissingDependency, MissingModel: as the engine says.
    """
    if loaded.config.llm.engine == "none":
        return None
    from assistant.choosing_llm import choose_llm  # brings an HTTP library, which not everybody needs

    chosen = await asyncio.to_thread(choose_llm, loaded)
    if chosen is None:
        return None
    name, model = chosen
    config, main = loaded.config, around.skills.loading.language
    conversations = await asyncio.to_thread(_conversations, around.data, config)
    mind = Mindset(
        model=model,
        worker=make_worker("llm", name),
        toolbox=Toolbox(_sources(config, around), config.llm.tools.most),
        prompt=_prompt(config, around.skills),
        conversation=conversations.of(""),
        facts=around.facts,
        confirm=_confirming(around, main),
        now=around.house.now,
        language=main,
        limits=_limits(config),
    )
    return Thinker(mind, conversations.close)


def _sources(config: Config, around: Surrounded) -> list[Source]:
    sources: list[Source] = []
    tools = config.llm.tools
    if tools.skills:
        brain = around.brain
        setup = Setup(around.contexts, config.skills.timeout, tools.confirm, brain.is_command, brain.did)
        sources.append(SkillTools(around.skills, setup))
    if config.mcp.servers:
        from assistant.tools.mcp import McpTools, Server

        servers = [Server(name=name, **dict(server)) for name, server in config.mcp.servers.items()]
        sources.append(McpTools(servers, tools.confirm))
    return sources


def _prompt(config: Config, skills: Skills) -> Prompt:
    def titles() -> list[str]:
        return [skill.name.replace("_", " ") for skill in skills.skills if not skill.missing]

    place = config.location.name if config.location else ""
    return Prompt(config.llm.persona, config.name, place, titles, config.spoken)


def _conversations(data: Path, config: Config) -> Conversations:
    kept = config.llm.memory.keep_days
    conversations = Conversations(data / FILE if kept else None)
    if kept:
        conversations.expire(kept)
    return conversations


def _limits(config: Config) -> Limits:
    llm = config.llm
    return Limits(
        rounds=llm.tools.rounds,
        tokens=llm.tokens,
        seconds=llm.seconds,
        filler=llm.filler,
        patience=llm.patience,
        history=llm.memory.tokens,
        facts=llm.memory.facts,
    )


def _confirming(around: Surrounded, main: str) -> Callable[[str], Awaitable[bool]]:
    async def confirm(question: str) -> bool:
        language = speaking.get() or main
        dialogue = Dialogue(lambda text: around.brain.is_command(text, language))
        store = around.stores.open("assistant")
        return await Context("assistant", around.house, store, language, dialogue=dialogue).confirm(question)

    return confirm
