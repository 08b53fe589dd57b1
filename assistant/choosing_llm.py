"""Which language model answers: the configured one, or what is really there, and what takes over when it fails."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant import registry
from assistant.config import Loaded, engine_options
from assistant.config_base import engine_names
from assistant.config_model import Backup
from assistant.errors import ConfigError
from assistant.llm.base import LanguageModel
from assistant.llm.chain import Chain
from assistant.llm.servers import answering
from assistant.suggest import nearest

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that may answer.

    Attributes:
        name: the engine's.
        own: its own options; None for those of its section.
        path: where they stand in the configuration.
    """

    name: str
    own: Mapping[str, Any] | None
    path: str

    def build(self, loaded: Loaded) -> LanguageModel:
        """Load it.

        Raises:
            ConfigError, MissingDependency, MissingModel: as the engine says.
        """
        module = registry.load("llm", self.name)
        options = engine_options(loaded, "llm", self.name, module.Options, self.own, self.path)
        model: LanguageModel = module.Engine(options)
        return model


def choose_llm(loaded: Loaded) -> tuple[str, LanguageModel] | None:
    """The configured language model and its engine's name, None if there is none.

    ``auto`` takes the first server on this machine that answers and has a model, else a local model of transformers
    if both are here. With ``llm.fallback`` it is a chain.

    Raises:
        ConfigError: ``llm.fallback`` names no engine, or an option is wrong; the message names its dotted path.
        MissingDependency, MissingModel: of an engine that was named.
    """
    found = candidates(loaded)
    if not found:
        return None
    models = [each.build(loaded) for each in found]
    model = models[0] if len(models) == 1 else Chain(models, loaded.config.llm.patience)
    return found[0].name, model


def candidates(loaded: Loaded) -> list[Candidate]:
    """The engines in the order in which they are asked; none where ``llm.engine`` is ``none``.

    Raises:
        ConfigError: ``llm.fallback`` names no engine.
    """
    section = loaded.config.llm
    if section.engine == "none":
        return []
    backups = [_backup(number, each) for number, each in enumerate(section.fallback)]
    if section.engine != "auto":
        return [Candidate(section.engine, None, f"llm.{section.engine}"), *backups]
    first = _found(loaded)
    if first is None and not backups:
        _log.info("No language model: no server answers on this machine, and there is no local one")
    return backups if first is None else [first, *backups]


def _found(loaded: Loaded) -> Candidate | None:
    """What is really there; a server that has the configured model comes before others."""
    section = loaded.config.llm
    own = section.options("openai")
    if "base_url" in own:
        return Candidate("openai", own, "llm.openai")
    wanted = own.get("model", section.model)
    servers = [each for each in answering() if each.models and (wanted is None or wanted in each.models)]
    if servers:
        _log.info("The language model is %s", servers[0])
        return Candidate("openai", {"base_url": servers[0].base_url, **own}, "llm.openai")
    local = next((spec for spec in registry.specs("llm") if spec.name == "transformers"), None)
    if local is None or registry.obstacle(local, section.options("transformers").get("model", section.model)):
        return None
    return Candidate("transformers", None, "llm.transformers")


def _backup(number: int, entry: str | Backup) -> Candidate:
    path = f"llm.fallback.{number}"
    name = entry if isinstance(entry, str) else entry.engine
    known = engine_names("llm")
    if name not in known:
        where = path if isinstance(entry, str) else f"{path}.engine"
        raise ConfigError(f"{where}: there is no engine {name!r}{nearest(name, known)}")
    own = {} if isinstance(entry, str) else dict(entry.model_extra or {})
    return Candidate(name, {"model": None, **own}, path)  # the name of a model is one server's, not the next one's
