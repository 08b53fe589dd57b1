"""Which engines there are: configuration → engines, the best that is really there where it says ``auto``."""

from __future__ import annotations

import logging
from typing import Any

from assistant import registry
from assistant.asr.streaming import BatchEngine, Streaming
from assistant.config import Loaded, engine_options
from assistant.errors import EngineError, MissingDependency, MissingModel
from assistant.session.endpointer import TurnEnd
from assistant.turnend.patience import Patience
from assistant.voicing import choose_tts, further_voices, in_language

__all__ = [
    "build", "choose_asr", "choose_tts", "choose_turn_end", "further_voices", "in_language", "with_partials",
]  # fmt: skip

_log = logging.getLogger(__name__)


def build(loaded: Loaded, kind: str, name: str) -> Any:
    """Load one engine.

    Raises:
        ConfigError, MissingDependency, MissingModel: as the engine says.
    """
    module = registry.load(kind, name)
    return module.Engine(engine_options(loaded, kind, name, module.Options))


def choose_asr(loaded: Loaded) -> tuple[str, Any]:
    """The configured recogniser; ``auto`` takes Whisper if a model of it is there, else PocketSphinx for English.

    Raises:
        MissingModel: the conversation is in another language, and there is no model that knows it.
    """
    name, spoken = loaded.config.asr.engine, loaded.config.spoken
    if name not in ("auto", "pocketsphinx"):
        return name, build(loaded, "asr", name)
    if name == "auto":
        try:
            return "whisper", build(loaded, "asr", "whisper")
        except MissingModel as error:
            if spoken[0] != "en":
                why = f"(for language: {spoken[0]}; PocketSphinx hears English only)"
                raise MissingModel(f"{error.what} {why}", error.fetch) from error
        except MissingDependency:
            if spoken[0] != "en":
                raise
        except EngineError as error:
            if spoken[0] != "en":
                raise
            _log.warning("%s; going on with pocketsphinx", error)
    engine = build(loaded, "asr", "pocketsphinx")
    if len(spoken) > 1:
        others = ", ".join(spoken[1:])
        _log.warning("PocketSphinx hears English only; to hear %s, run: assistant models pull whisper-base", others)
    return "pocketsphinx", engine


def with_partials(loaded: Loaded, recognizer: Any, *, background: bool) -> Any:
    """A recogniser that streams: a batch engine is lifted, others are returned as they are.

    Args:
        background: decode on a thread of its own, as real time demands; in virtual time it would be left to chance
            which audio a decode finds.
    """
    if not isinstance(recognizer, BatchEngine):
        return recognizer
    voice = build(loaded, "vad", loaded.config.vad.engine)
    return Streaming(recognizer, voice, background=background)


def choose_turn_end(loaded: Loaded) -> TurnEnd | None:
    """What tells the end of free speech: the configured model; ``auto`` takes Smart Turn if it is there."""
    section = loaded.config.endpoint.turn_end
    if section.engine == "none":
        return None
    try:
        model = build(loaded, "turnend", "smart_turn" if section.engine == "auto" else section.engine)
    except (MissingModel, MissingDependency):
        if section.engine != "auto":
            raise
        model = build(loaded, "turnend", "prosody")
    patience = Patience(model.thresholds, section.shortest, section.longest)
    return lambda audio, text: patience.seconds(model.probability(audio, text))
