"""The voice, put together: engine, what is kept of it, its loudness, and who speaks when it cannot."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant import paths, registry
from assistant.config import Loaded, engine_options
from assistant.config_speech import Tts, Voice
from assistant.errors import AssistantError, ConfigError, EngineError, InputError, MissingDependency, MissingModel
from assistant.intent.lang import conversation
from assistant.tts.base import Synthesizer, is_instant
from assistant.tts.cached import Cached, SpeechStore
from assistant.tts.chain import Chain
from assistant.tts.consent import ConsentNeeded
from assistant.tts.levelled import calibrated
from assistant.tts.loudness import Levels

_log = logging.getLogger(__name__)

PREFERRED = ("piper", "coqui", "espeak")
"""The engines of ``auto``, the best first; the last one is always there."""

_OF_ONE_VOICE = ("voice", "speaker", "language")


def choose_tts(loaded: Loaded) -> tuple[str, Synthesizer]:
    """The voice for the main language, and the name of its engine.

    ``auto`` takes the first of Piper, Coqui and espeak-ng that is installed and has a voice for the language. Others
    follow it in a :class:`Chain`, loaded when they are needed. A voice that is there but damaged is a warning, and the
    next engine speaks with its own.

    Raises:
        ConfigError, MissingDependency, MissingModel, InputError: as the configured engine says.
    """
    tts = in_language(loaded, loaded.config.spoken[0]).config.tts
    names = engine_order(tts)
    owner = None if tts.engine == "auto" else tts.engine
    lacking: AssistantError | None = None
    for position, name in enumerate(names):
        try:
            voice = make_voice(loaded, name, chosen=owner)
        except (MissingDependency, MissingModel, ConfigError, InputError) as error:
            if _ends_it(error, name, tts):
                raise
            lacking = lacking or (error if _is_wanted(error, tts.voice) else None)
            if name == names[-1]:
                raise (lacking or error) from None
            _log.debug("%s is passed over: %s", name, error)
        except EngineError as error:
            if name == names[-1]:
                raise
            _log.warning("%s", error)
            owner = owner or name
        else:
            others = [(other, partial(make_voice, loaded, other, chosen=name)) for other in names[position + 1 :]]
            return name, Chain([(name, voice), *others]) if others else voice
    raise ConfigError("tts.fallback: there is no engine left that could speak")


def _ends_it(error: AssistantError, engine: str, tts: Tts) -> bool:
    """Whether no other engine is to be tried: the one that was chosen is lacking, or its settings are wrong."""
    wrong = isinstance(error, ConfigError) and not isinstance(error, ConsentNeeded)
    return engine == tts.engine or (wrong and not tts.voice)


def _is_wanted(error: AssistantError, voice: str | None) -> bool:
    """Whether an error is of the voice that was asked for by a name that only lacks its model, or by its file."""
    return voice is not None and (isinstance(error, MissingModel) or voice.startswith(("/", "~", ".")))


def further_voices(loaded: Loaded) -> dict[str, Synthesizer]:
    """A voice for each language but the main one: what ``tts.voices`` says, else the best that is here."""
    return {code: choose_tts(in_language(loaded, code))[1] for code in loaded.config.spoken[1:]}


def engine_order(tts: Tts) -> list[str]:
    """The engines that may speak, in order: the chosen one, then the others; espeak-ng last.

    Raises:
        ConfigError: ``tts.fallback`` names one that does not exist.
    """
    others = [registry.find("tts", name).name for name in tts.fallback or ()]
    if tts.fallback is None:
        others = [name for name in PREFERRED if name in {spec.name for spec in registry.specs("tts")}]
    if tts.engine == "espeak" and tts.fallback is None:
        return ["espeak"]
    chosen = [] if tts.engine == "auto" else [tts.engine]
    behind = [name for name in (*others, PREFERRED[-1]) if name not in chosen]
    return [*chosen, *sorted(dict.fromkeys(behind), key=lambda name: name == PREFERRED[-1])]


def expected_engine(loaded: Loaded) -> str:
    """The engine that would speak the main language, found without loading one; the last where none is there."""
    config = in_language(loaded, loaded.config.spoken[0]).config
    names = engine_order(config.tts)
    return next((name for name in names if _is_there(name, config.tts.voice, config.language)), names[-1])


def _is_there(name: str, voice: str | None, language: str) -> bool:
    spec = registry.find("tts", name)
    if registry.obstacle(spec, voice) is not None:
        return False
    if not spec.finder:
        return True
    try:
        getattr(import_module(spec.module), spec.finder)(voice, language)
    except AssistantError:
        return False
    return True


def make_voice(loaded: Loaded, name: str, chosen: str | None = None) -> Synthesizer:
    """One engine's voice for the main language, kept on disk and brought to the configured loudness.

    Args:
        loaded: the configuration.
        name: the engine.
        chosen: the engine that ``tts.voice`` is a name of; None for this one.

    Raises:
        ConfigError, MissingDependency, MissingModel, EngineError: as the engine says.
    """
    config = in_language(loaded, loaded.config.spoken[0]).config
    tts = config.tts
    if chosen not in (None, name):
        tts = tts.model_copy(update={"voice": None, "speaker": None})
    module = registry.load("tts", name)
    options = engine_options(
        Loaded(config.model_copy(update={"tts": tts}), loaded.origins), "tts", name, module.Options
    )
    engine: Synthesizer = module.Engine(options)
    identity = " ".join((name, options.model_dump_json(), str(getattr(engine, "identity", ""))))
    folder = paths.cache_dir() / "speech"
    voice = engine
    if tts.cache.megabytes and not is_instant(engine):
        voice = Cached(engine, _store(folder, tts.cache.megabytes * 1_000_000), identity)
    sample = conversation.said("voice_sample", config.language)
    return calibrated(voice, identity, tts.loudness, _levels(folder / "levels.json"), sample)


@cache
def _store(folder: Path, most: int) -> SpeechStore:
    """One for the process, so that all voices count together."""
    return SpeechStore(folder, most)


@cache
def _levels(path: Path) -> Levels:
    """One for the process: voices are loaded on several threads."""
    return Levels(path)


def in_language(loaded: Loaded, code: str) -> Loaded:
    """The configuration with one language only, and that language's voice as the one to be used.

    What is configured for the main one's voice is of no use in others.
    """
    config, tts = loaded.config, loaded.config.tts
    own = next((voice for key, voice in tts.voices.items() if key.partition("-")[0] == code), None)
    if code != config.spoken[0] or own is not None:
        tts = Tts.model_validate(_without_voice(tts) | (_of(own) if own is not None else {}))
    language = config.language if code == config.spoken[0] else code
    return Loaded(config.model_copy(update={"language": language, "languages": (), "tts": tts}), loaded.origins)


def _without_voice(tts: Tts) -> dict[str, Any]:
    """The settings but for those of one voice; the engine is only the first that is asked."""
    kept = {key: getattr(tts, key) for key in ("rate", "loudness", "cache")}
    others = PREFERRED if tts.fallback is None else tts.fallback
    order = {} if tts.engine == "auto" and tts.fallback is None else {"fallback": tuple(_first(tts.engine, others))}
    engines = {
        name: {key: value for key, value in tts.options(name).items() if key not in _OF_ONE_VOICE}
        for name in tts.model_extra or {}
    }
    return {"engine": "espeak" if tts.engine == "espeak" else "auto", **kept, **order, **engines}


def _first(engine: str, others: tuple[str, ...]) -> Iterator[str]:
    if engine != "auto":
        yield engine
    yield from (name for name in others if name != engine)


def _of(voice: Voice) -> dict[str, Any]:
    return {"engine": voice.engine, "voice": voice.voice, "speaker": voice.speaker}
