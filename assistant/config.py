"""The whole configuration: every key, its default and its range; and how it is put together.

Later sources win: the defaults below ← the shipped ``config.yaml`` ← the user's ``config.yaml`` ←
``--config FILE`` ← environment variables (``ASSISTANT_ASR__ENGINE=whisper``). Mappings are merged,
everything else is replaced. All times are seconds of audio.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Literal, TypeGuard, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, field_validator

from assistant import paths
from assistant.config_base import (
    Code,
    Codes,
    Device,
    EngineSection,
    Folders,
    Names,
    NotNegative,
    Positive,
    Score,
    Section,
    Share,
    engine_names,
)
from assistant.config_explain import explain, in_order, unknown
from assistant.config_model import Llm, Mcp
from assistant.config_source import Origin, Source, from_environment, merge, read_yaml
from assistant.config_speech import Tts
from assistant.errors import ConfigError
from assistant.registry import section_path

DEFAULTS = Origin("default")

_Options = TypeVar("_Options", bound=BaseModel)


class Earcons(Section):
    """Which short sounds are played."""

    listening: bool = True
    done: bool = True
    error: bool = True
    timer: bool = True


class Echo(Section):
    """What is done about the loudspeaker being heard by the microphone; at work only while something is played.

    Attributes:
        cancel: take the assistant's own sound out of what is heard.
        noise_suppression, gain_control: WebRTC's, along with it.
    """

    cancel: bool = True
    noise_suppression: bool = False
    gain_control: bool = False


class Audio(Section):
    """Sound in and out.

    Attributes:
        input, output: part of a device's name, its number, or null for the system's default;
            ``output: none`` plays nothing.
        volume: the assistant's own loudness, 0 to 1.
        earcon_volume: loudness of the short sounds against the voice, 0 to 1.
    """

    input: Device = None
    output: Device = None
    volume: Share = 0.8
    earcons: Earcons = Earcons()
    earcon_volume: Share = 0.5
    echo: Echo = Echo()


class WakeWord(Section):
    """One wake word's own settings; null means the section's."""

    threshold: Score | None = None
    cooldown: NotNegative | None = None


class Wake(EngineSection):
    """Wake words.

    Attributes:
        words: the engine's names of them; any of them wakes the assistant.
        threshold: score from which a word counts as heard, between 0 and 1.
        cooldown: seconds after a detection in which there is no second one.
        per_word: word → settings that differ from the above.
        preroll: seconds before the detection that still belong to the command.
    """

    kind = "wake"

    engine: str = "openwakeword"
    words: Annotated[Names, Field(min_length=1)] = ("hey_jarvis",)
    threshold: Score = 0.5
    cooldown: NotNegative = 2.0
    per_word: dict[str, WakeWord] = Field(default_factory=dict)
    preroll: NotNegative = 1.0

    def word(self, name: str) -> tuple[float, float]:
        """Threshold and cool-down of one word."""
        own = self.per_word.get(name, WakeWord())
        return (
            self.threshold if own.threshold is None else own.threshold,
            self.cooldown if own.cooldown is None else own.cooldown,
        )

    @field_validator("per_word")
    @classmethod
    def _of_a_word(cls, value: dict[str, WakeWord], info: Any) -> dict[str, WakeWord]:
        words = info.data.get("words")
        strange = [name for name in value if words is not None and name not in words]
        if strange:
            raise ValueError(f"{strange[0]!r} is not one of wake.words ({', '.join(words)})")
        return value


class Vad(EngineSection):
    """Voice detection; ``threshold`` is the probability from which a frame counts as speech."""

    kind = "vad"

    engine: str = "silero"
    threshold: Score = 0.5


class TurnEnd(EngineSection):
    """Whether the speaker has finished or only pauses, in free speech.

    Attributes:
        engine: ``auto`` takes Smart Turn when its model is there, else the prosody baseline; ``none`` asks no model.
        shortest: seconds without voice that end a turn that is surely over.
        longest: likewise one that surely goes on.
    """

    kind = "turnend"
    special = ("auto", "none")

    engine: str = "auto"
    shortest: Annotated[float, Field(ge=0.15, le=2)] = 0.5
    longest: Annotated[float, Field(ge=0.5, le=5)] = 2.0


class Endpoint(Section):
    """When an utterance begins and ends.

    Attributes:
        start_frames: voiced frames (32 ms each) in a row that begin an utterance.
        soft: seconds without voice that end a complete command.
        most: likewise a complete command that could go on; how much of it depends on the speaker's pauses.
        risk: how often a complete command may be cut off where its speaker only paused.
        prefix: seconds without voice that end what must go on ("set a timer for").
        silence: seconds without voice that end anything, instead of all these; null for not.
        no_speech: seconds to wait for the user to say anything.
        cap: longest utterance in seconds.
        turn_end: what tells the end of free speech from a pause in it.
    """

    start_frames: Annotated[int, Field(ge=1, le=50)] = 3
    soft: Annotated[float, Field(ge=0.1, le=2)] = 0.15
    most: Annotated[float, Field(ge=0.1, le=5)] = 1.6
    risk: Annotated[float, Field(gt=0, lt=0.5)] = 0.008
    prefix: Annotated[float, Field(ge=0.3, le=5)] = 2.0
    silence: Annotated[float, Field(ge=0.1, le=5)] | None = None
    no_speech: Annotated[float, Field(ge=0.5, le=60)] = 5.0
    cap: Annotated[float, Field(ge=1, le=120)] = 20.0
    turn_end: TurnEnd = TurnEnd()


class Asr(EngineSection):
    """Speech recognition; ``auto`` takes Whisper when a model of it is there, else PocketSphinx."""

    kind = "asr"
    special = ("auto",)

    engine: str = "auto"


class Skills(Section):
    """Skills.

    Attributes:
        paths: further folders with skills; relative ones count from the file that names them.
        disabled: names of skills that are not loaded.
        timeout: seconds after which a skill's answer is given up.
        settings: skill → its own settings, as the skill documents them.
    """

    paths: Folders = ()
    disabled: Names = ()
    timeout: Positive = 10.0
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict)


def _off_is_a_word(value: Any) -> Any:
    """YAML reads a bare ``off`` as false."""
    return "off" if value is False else value


class Place(Section):
    """Where the user lives: degrees, north and east positive, and what it is called."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    name: str = ""


class SessionSettings(Section):
    """The conversation.

    Attributes:
        follow_up: seconds to listen after any reply without a wake word, from its last sample; 0 for not.
        answer: likewise after a reply that asks something.
        barge_in: what interrupts a reply: the wake word, any speech, or nothing.
    """

    follow_up: Annotated[float, Field(ge=0, le=60)] = 0.0
    answer: Annotated[float, Field(ge=1, le=60)] = 6.0
    barge_in: Annotated[Literal["wake", "speech", "off"], BeforeValidator(_off_is_a_word)] = "wake"


class Config(Section):
    """The root.

    Attributes:
        name: what the assistant calls itself.
        language: ISO 639-1 code; what is spoken when nothing is known.
        languages: of all that is spoken, if it is more than one: which, is detected with each utterance.
        units: what it answers in when the question does not say.
        time_zone: as in ``Europe/Paris``; null for the machine's.
        location: where the user lives, for the weather and the like; null to tell no skill.
    """

    name: str = "Jarvis"
    language: Code = "en"
    languages: Codes = ()
    units: Literal["metric", "imperial"] = "metric"
    time_zone: str | None = None
    location: Place | None = None
    audio: Audio = Audio()
    wake: Wake = Wake()
    vad: Vad = Vad()
    endpoint: Endpoint = Endpoint()
    asr: Asr = Asr()
    tts: Tts = Tts()
    llm: Llm = Llm()
    mcp: Mcp = Mcp()
    skills: Skills = Skills()
    session: SessionSettings = SessionSettings()

    @property
    def spoken(self) -> tuple[str, ...]:
        """ISO 639-1 codes of what is spoken, without regions, the main language first."""
        return tuple(dict.fromkeys(code.partition("-")[0] for code in (self.language, *self.languages)))

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ZoneInfo(value).key
        except (OSError, ValueError, KeyError):
            raise ValueError(f"there is no time zone {value!r}; they are written like 'Europe/Paris'") from None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration and where each of its values came from.

    Attributes:
        origins: dotted path of a value → where it came from; a path that is absent is a default.
        files: what to look at for a change; the user's own file is among them even before it exists.
        again: loads it anew; None for one that was put together otherwise.
    """

    config: Config
    origins: Mapping[str, Origin]
    files: tuple[Path, ...] = ()
    again: Callable[[], Loaded] | None = None

    def origin(self, path: str) -> Origin:
        """Where the value at a dotted path came from."""
        return self.origins.get(path, DEFAULTS)


def load(
    path: Path | None = None, env: Mapping[str, str] | None = None, *, user: bool = True, shipped: bool = True
) -> Loaded:
    """Put the configuration together.

    Args:
        path: the file of ``--config``.
        env: environment variables; None for this process's.
        user: whether the user's own file takes part.
        shipped: whether the shipped file takes part.

    Raises:
        ConfigError: something is wrong; the message has a line for each mistake.
    """
    files = [paths.shipped("config.yaml")] if shipped else []
    if user and paths.user_config().exists():
        files.append(paths.user_config())
    if path is not None:
        files.append(path.expanduser())
    merged = Source()
    for file in files:
        merged = merge(merged, _absolute(read_yaml(file), file.resolve().parent))
    merged = merge(merged, _absolute(from_environment(os.environ if env is None else env), Path.cwd()))
    watched = tuple(dict.fromkeys([*files, *([paths.user_config()] if user else [])]))
    again = partial(load, path, env, user=user, shipped=shipped)
    return replace(_validate(merged), files=watched, again=again)


def engine_section(config: Config, kind: str) -> EngineSection:
    """The section in which the engine of a kind is chosen."""
    section: EngineSection = attrgetter(section_path(kind))(config)
    return section


def engine_options(
    loaded: Loaded | Config,
    kind: str,
    name: str,
    options: type[_Options],
    own: Mapping[str, Any] | None = None,
    path: str = "",
) -> _Options:
    """The checked options of one engine.

    Args:
        own: what stands beside the engine's name; None for the section's mapping of that name.
        path: dotted path of ``own``; empty for that of the section's mapping.

    Settings of the section itself (``tts.voice``, ``tts.rate``, ``vad.threshold`` …) that the engine's
    options also have, and the configuration's ``language`` and ``languages``, are passed on unless the engine's own
    mapping says otherwise.

    Raises:
        ConfigError: an option is unknown or wrong; the message names its dotted path.
    """
    config = loaded.config if isinstance(loaded, Loaded) else loaded
    origins = loaded.origins if isinstance(loaded, Loaded) else {}
    section = engine_section(config, kind)
    languages = config.spoken if len(config.spoken) > 1 else ()
    shared: dict[str, Any] = {"language": config.language, "languages": languages}
    shared |= {key: getattr(section, key) for key in type(section).model_fields}
    own = section.options(name) if own is None else own
    given = {key: value for key, value in shared.items() if key in options.model_fields and value is not None}
    given |= own
    try:
        return options.model_validate(given)
    except ValidationError as error:
        above = f"{path or f'{section_path(kind)}.{name}'}."
        known = [above + key for key in options.model_fields]
        raise ConfigError(in_order(explain(error, given, above, origins, known), origins)) from None


def _validate(source: Source) -> Loaded:
    known = known_paths(Config)
    data, strange = _sift(Config, source.data, "")
    wrong = {path: unknown(path, source.origins.get(path), known) for path in strange}
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        wrong |= explain(error, data, "", source.origins, known)
    if wrong:
        raise ConfigError(in_order(wrong, source.origins))
    return Loaded(config, source.origins)


def known_paths(model: type[BaseModel], above: str = "") -> list[str]:
    """The dotted path of every setting and section of a model."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        found.append(above + name)
        if _is_section(field.annotation):
            found += known_paths(field.annotation, f"{above}{name}.")
    if issubclass(model, EngineSection):
        found += [above + name for name in engine_names(model.kind)]
    return found


def _is_section(annotation: Any) -> TypeGuard[type[Section]]:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _sift(model: type[Section], data: Mapping[str, Any], above: str) -> tuple[dict[str, Any], list[str]]:
    """The data without unknown keys, and their dotted paths: all of them, where pydantic would stop at a section."""
    kept: dict[str, Any] = {}
    strange: list[str] = []
    engines = engine_names(model.kind) if issubclass(model, EngineSection) else []
    for key, value in data.items():
        field = model.model_fields.get(key)
        if field is None and key not in engines:
            strange.append(above + key)
        elif field is not None and _is_section(field.annotation) and isinstance(value, Mapping):
            kept[key], below = _sift(field.annotation, value, f"{above}{key}.")
            strange += below
        elif value is not None or field is None or not _is_section(field.annotation):
            kept[key] = value
    return kept, strange


def _absolute(source: Source, folder: Path) -> Source:
    """Make the relative folders of ``skills.paths`` count from the file that names them."""
    skills = source.data.get("skills")
    listed = skills.get("paths") if isinstance(skills, Mapping) else None
    if isinstance(skills, dict) and isinstance(listed, list | str):
        entries = [listed] if isinstance(listed, str) else listed
        skills["paths"] = [folder / Path(each).expanduser() if isinstance(each, str) else each for each in entries]
    return source
