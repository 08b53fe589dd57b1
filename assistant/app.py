"""The composition root: configuration → engines → a session. The only file that knows everything."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from assistant import paths
from assistant.asr.base import Adaptable, Answerable
from assistant.asr.streaming import Streaming
from assistant.audio import earcon
from assistant.audio.chunk import RATE, Samples
from assistant.audio.echo import EchoCanceller
from assistant.audio.echo import Options as EchoOptions
from assistant.audio.ring import Ring
from assistant.audio.sink import Sink
from assistant.audio.source import Source
from assistant.choosing import build, choose_asr, choose_tts, choose_turn_end, further_voices, with_partials
from assistant.config import Config, Loaded
from assistant.errors import MissingDependency
from assistant.events import Partial
from assistant.intent.encoder import find_encoder
from assistant.intent.template import Grammar
from assistant.llm.base import LanguageModel
from assistant.memory.database import FILE
from assistant.memory.facts import Facts
from assistant.revoicing import follow_voices
from assistant.runtime.clock import VirtualLoop, WallClock
from assistant.runtime.worker import Worker
from assistant.session.announcer import Announcer
from assistant.session.brain import Brain
from assistant.session.ears import Ears
from assistant.session.endpointer import Endpointer, TurnEnd, Waits
from assistant.session.expecting import Expecting
from assistant.session.floor import Floor
from assistant.session.frequent import frequent_phrases
from assistant.session.house import House, Setup, Surroundings
from assistant.session.listener import Listener
from assistant.session.manners import Manners
from assistant.session.others import OtherSkills
from assistant.session.rehearsal import Rehearsal
from assistant.session.selfguard import OWN_THRESHOLD, SelfGuard
from assistant.session.selfhearing import SelfHearing
from assistant.session.session import Kit, Session, Settings
from assistant.session.speaker import Speaker
from assistant.session.stage import Stage
from assistant.session.switching import tell_of_switches
from assistant.session.thinker import Thinker
from assistant.session.timeline import Timeline
from assistant.session.turn import Parts
from assistant.session.turns import Turns
from assistant.skill.around import Location
from assistant.skill.contexts import Contexts, Frame
from assistant.skill.dialogue import speaking
from assistant.skill.installed import Installed
from assistant.skill.isolating import Isolating
from assistant.skill.loader import Found, Problem, Skills, load_skills
from assistant.skill.settings import SkillSettings
from assistant.skill.store import Stores
from assistant.spoken import Spoken
from assistant.thinking import MakeWorker, Surrounded, make_thinker
from assistant.vad.endpoint import Limits
from assistant.wake.base import Twinned

_log = logging.getLogger(__name__)

_RING_S = 30.0
_LISTS_S = 30.0
_FILE_SILENCE_S = 0.6
_NO_COMMAND = "so they say"


def find_skills(config: Config) -> Skills:
    """Load the shipped skills, the installed ones, the user's, and those of ``skills.paths``."""
    installed = Installed(paths.data_dir())
    return load_skills(
        [folder for folder in skill_folders(config) if folder.is_dir()],
        disabled={*config.skills.disabled, *installed.disabled()},
        language=config.language,
        settings=skill_settings(config),
        isolate=Isolating(paths.data_dir()),
        installed=installed.found(),
        packages=True,
    )


def skill_folders(config: Config) -> list[Path]:
    """Where skills lie; of two with one name the later one is taken."""
    return [paths.shipped("skills"), paths.user_skills(), *config.skills.paths]


def skill_settings(config: Config) -> SkillSettings:
    """What the user has set for the skills: in the configuration, and with ``assistant skill config``."""
    return SkillSettings(config.skills.settings, paths.data_dir(), config.location is not None)


def wake_phrases(config: Config) -> tuple[str, ...]:
    """The wake words as people say them: ``hey_jarvis`` → ``hey jarvis``."""
    return tuple(wake_name(word).replace("_", " ") for word in config.wake.words)


def wake_name(word: str) -> str:
    """What the detector calls a configured word: ``models/hey_jarvis_v0.1.onnx`` → ``hey_jarvis``."""
    return Path(word).stem.removesuffix("_v0.1") if word.endswith(".onnx") else word.removesuffix("_v0.1")


@dataclass(slots=True)
class Mind:
    """Skills and what they live in; shared by spoken and written conversations."""

    config: Config
    skills: Skills
    brain: Brain
    house: House
    contexts: Contexts
    thinker: Thinker | None = None

    async def reload(self, name: str) -> Problem | None:
        """Load a skill again from its files and start it anew; if that fails its last good version goes on."""
        skill = self.skills.get(name)
        if skill is None or skill.found is None:
            return Problem(name, name, "there is no such skill", skipped=True)
        return await self.add(skill.found)

    async def add(self, found: Found) -> Problem | None:
        """Load a skill and start it, in the place of the one of its name; if that fails everything stays as it was."""
        made = await asyncio.to_thread(self.skills.prepare, found)
        if isinstance(made, Problem):
            return made
        await self._end(found.name)
        self.skills.put(made)
        await self.contexts.start(found.name)
        return None

    async def remove(self, name: str) -> None:
        """Stop a skill and do without it."""
        await self._end(name)
        self.skills.remove(name)

    async def _end(self, name: str) -> None:
        if self.skills.get(name) is not None:
            await self.contexts.stop(name)
            await self.house.end(name)
            await self.contexts.close(name)


@asynccontextmanager
async def open_mind(
    loaded: Loaded,
    surroundings: Surroundings,
    skills: Skills,
    data: Path | None = None,
    now: datetime | None = None,
    make_worker: MakeWorker = Worker,
) -> AsyncIterator[Mind]:
    """Give the skills their stores and contexts and start them, and the language model; stop them at the end.

    Args:
        data: folder of the database; None for the user's.
        now: the time of day to begin at; None for the present.
        make_worker: makes the language model's thread.
    """
    config = loaded.config
    data = data or paths.data_dir()
    stores = Stores(data / "assistant.db")
    clock = WallClock(asyncio.get_running_loop(), config.time_zone, now)
    language, place = skills.loading.language, _location(config)

    def examples() -> Mapping[str, Sequence[str]]:
        return skills.spoken(speaking.get() or language).examples()

    house = House(Setup(clock, stores.open("assistant"), examples, config.audio.volume), surroundings)
    facts = Facts(data / FILE, find_encoder)
    contexts = Contexts(skills, Frame(house, stores, data, language, config.units, place, facts))
    brain = Brain(skills, contexts, config.skills.timeout, config.spoken)
    house.others = OtherSkills(brain, skills, contexts, config.skills.timeout)
    thinker = None
    try:
        thinker = await make_thinker(
            loaded, Surrounded(skills, contexts, brain, house, stores, facts, data), make_worker
        )
        await contexts.start()
        await asyncio.to_thread(skills.refresh_lists)  # names that a skill has kept on disk
        yield Mind(config, skills, brain, house, contexts, thinker)
    finally:
        if thinker is not None:
            await thinker.close()
        await contexts.stop()
        await house.close()
        await contexts.close()
        facts.close()
        stores.close()


def _location(config: Config) -> Location | None:
    place = config.location
    return None if place is None else Location(place.latitude, place.longitude, place.name)


@dataclass(frozen=True, slots=True)
class Engines:
    """Loaded engines, with the names of those that were chosen, and the voices of the further languages."""

    wake: Any
    vad: Any
    asr: Any
    tts: Any
    turn_end: TurnEnd | None
    names: dict[str, str]
    voices: Mapping[str, Any] = field(default_factory=dict)


async def load_engines(loaded: Loaded, skills: Skills, *, wake: bool = True) -> Engines:
    """Load every engine at once, each on a thread of its own."""
    config = loaded.config

    def listening_wake() -> Any:
        return build(loaded, "wake", config.wake.engine) if wake else None

    def recognizer() -> tuple[str, Any]:
        name, engine = choose_asr(loaded)
        if isinstance(engine, Adaptable):
            engine.adapt(skills.grammar, wake_phrases(config) if wake else ())
        return name, engine

    found = await asyncio.gather(
        asyncio.to_thread(listening_wake),
        asyncio.to_thread(build, loaded, "vad", config.vad.engine),
        asyncio.to_thread(recognizer),
        asyncio.to_thread(choose_tts, loaded),
        asyncio.to_thread(choose_turn_end, loaded),
        asyncio.to_thread(further_voices, loaded),
    )
    wake_engine, vad, (asr_name, asr), (tts_name, tts), turn_end, voices = found
    names = {"wake": config.wake.engine if wake else "none", "vad": config.vad.engine, "asr": asr_name, "tts": tts_name}
    return Engines(wake_engine, vad, asr, tts, turn_end, names, voices)


class Alter(Protocol):
    """What a measurement puts in the place of what is configured."""

    def engines(self, loaded: Engines) -> Engines:
        """For ears and mouth."""

    def model(self, loaded: LanguageModel) -> LanguageModel:
        """For the language model."""


@asynccontextmanager
async def open_session(
    loaded: Loaded,
    io: tuple[Source, Sink],
    timeline: Timeline,
    *,
    wake: bool = True,
    greet: bool = False,
    data: Path | None = None,
    now: datetime | None = None,
    make_worker: MakeWorker = Worker,
    alter: Alter | None = None,
) -> AsyncIterator[Session]:
    """Everything loaded and connected, ready to :meth:`Session.run`.

    Args:
        alter: puts other engines in the place of the configured ones; for measurements.
    """
    config = loaded.config
    source, sink = io
    skills = await asyncio.to_thread(find_skills, config)
    engines, canceller = await asyncio.gather(
        load_engines(loaded, skills, wake=wake), asyncio.to_thread(_canceller, config, sink.latency)
    )
    engines = alter.engines(engines) if alter is not None else engines
    listened_for = skills.grammar
    workers = {stage: make_worker(stage, engines.names.get(stage, stage)) for stage in ("ears", "asr", "tts")}
    ring = Ring(_RING_S)
    virtual = isinstance(asyncio.get_running_loop(), VirtualLoop)
    recognizer = await asyncio.to_thread(with_partials, loaded, engines.asr, background=not virtual)
    listener = Listener(
        recognizer,
        workers["asr"],
        ring,
        limits_of(config),
        lambda text: timeline.for_turn(timeline.turn)(Partial(at=-1, text=text)),
    )
    speaker = Speaker(engines.tts, workers["tts"], sink.mixer, config.language, engines.voices)
    sounds = _earcons(config)
    announcer = Announcer(speaker, sounds.pop("timer", None), RATE, timeline.emit)
    around = Spoken(announcer, sink, timeline)
    async with open_mind(loaded, around, skills, data, now, make_worker) as mind:
        stage = Stage(timeline, sink.mixer, announcer, sounds)
        turns = Turns(stage, Parts(mind.brain, speaker, mind.thinker), mind.house, live=source.live)
        endpointer = Endpointer(mind.brain.progress, waits_of(config), engines.turn_end)
        expecting = _expecting(recognizer, mind, live=source.live)
        mind.brain.on_done = expecting.correction
        mind.brain.closed = isinstance(recognizer, Answerable)
        mind.brain.paraphrases = not mind.brain.closed
        eager = mind.thinker is not None and not mind.brain.closed
        manners = _manners(config, wake=wake, latency=sink.latency, eager=eager)
        floor = Floor(stage, listener, endpointer, turns, announcer, manners, expecting)
        around.floor, around.turns = floor, turns
        kit = Kit(
            source=source,
            sink=sink,
            ears=_ears(config, engines, canceller, speaker),
            ears_worker=workers["ears"],
            ring=ring,
            stage=stage,
            floor=floor,
            turns=turns,
            announcer=announcer,
            house=mind.house,
        )
        phrases = wake_phrases(config) if wake else ()
        session = Session(kit, Settings(phrases, _greeting(phrases) if greet else "", engines.names))
        mind.house.spawn(_look_ahead(mind.brain, live=source.live), "session")
        _attend_to_voices(mind, loaded, speaker, announcer, workers["tts"] if source.live else None)
        _attend_to_model(mind, engines, alter, live=source.live)
        if isinstance(recognizer, Adaptable):

            async def adapt() -> None:
                await workers["asr"].call(recognizer.adapt, skills.grammar, phrases)
                expecting.ready()

            expecting.ready()
            mind.house.spawn(_follow_lists(skills, listened_for, announcer, adapt), "session")
        try:
            yield session
        finally:
            for worker in workers.values():
                worker.close()
            if isinstance(recognizer, Streaming):
                recognizer.close()


def _expecting(recognizer: Any, mind: Mind, *, live: bool) -> Expecting:
    """What may be answered; compiled while the question is being said, if time passes by itself."""
    if not isinstance(recognizer, Answerable):
        return Expecting()

    def prepare() -> None:
        if live:
            mind.house.spawn(asyncio.to_thread(recognizer.prepare_answers), "session")

    return Expecting(recognizer, mind.brain.correctable, prepare)


def _canceller(config: Config, latency: float) -> EchoCanceller | None:
    """The echo canceller, if it is wanted and can be had; without it the assistant may hear itself."""
    echo = config.audio.echo
    if not echo.cancel:
        return None
    suppress, gain = echo.noise_suppression, echo.gain_control
    options = EchoOptions(latency=min(latency, 1.0), noise_suppression=suppress, gain_control=gain)
    try:
        return EchoCanceller(options)
    except MissingDependency as error:
        _log.warning("%s Until then I may hear myself; use headphones, or set audio.echo.cancel: false.", error)
        return None


def _ears(config: Config, engines: Engines, canceller: EchoCanceller | None, speaker: Speaker) -> Ears:
    if canceller is None:
        return Ears(engines.vad, engines.wake)
    speaker.mixer.on_pulled = canceller.reference
    if not isinstance(engines.wake, Twinned):
        return Ears(engines.vad, engines.wake, SelfHearing(canceller, None, speaker.saying))
    names = [wake_name(word) for word in config.wake.words]
    phrases = dict(zip(names, wake_phrases(config), strict=True))
    cooldowns = {name: config.wake.word(word)[1] for name, word in zip(names, config.wake.words, strict=True)}
    guard = SelfGuard(engines.wake.another(OWN_THRESHOLD), phrases, cooldowns)
    return Ears(engines.vad, engines.wake.another(), SelfHearing(canceller, guard, speaker.saying))


def _attend_to_voices(
    mind: Mind, loaded: Loaded, speaker: Speaker, announcer: Announcer, worker: Worker | None
) -> None:
    """The user is told of a voice that fails; others are taken up as configured; frequent phrases are made ahead.

    Args:
        worker: of the voices, where time passes by itself; else nothing is made ahead.
    """
    rehearsals: list[Rehearsal] = []

    def attend(loaded: Loaded) -> None:
        tell_of_switches(speaker, announcer, partial(mind.house.spawn, skill="session"))
        for each in rehearsals:
            each.stop()
        if loaded.config.tts.cache.ahead and worker is not None:
            rehearsals[:] = [_rehearse(mind, Rehearsal(speaker.voices, worker, announcer.quiet))]

    attend(loaded)
    mind.house.spawn(follow_voices(loaded, speaker, announcer, attend), "session")


def _rehearse(mind: Mind, rehearsal: Rehearsal) -> Rehearsal:
    """Begin to make frequent phrases and the time of day ahead."""
    mind.house.spawn(rehearsal.phrases(partial(frequent_phrases, mind.skills)), "session")
    the_time = partial(mind.house.call, "clock.current_time", {}, "session")
    mind.house.spawn(rehearsal.each_minute(the_time, time.time), "session")
    return rehearsal


def _attend_to_model(mind: Mind, engines: Engines, alter: Alter | None, *, live: bool) -> None:
    """It is named, exchanged if that is wanted, and warmed up where time passes by itself."""
    thinker = mind.thinker
    if thinker is None:
        return
    engines.names["llm"] = thinker.mind.worker.engine
    if alter is not None:
        thinker.mind = replace(thinker.mind, model=alter.model(thinker.mind.model))
    if live:
        mind.house.spawn(thinker.warm(), "session")


async def _look_ahead(brain: Brain, *, live: bool) -> None:
    """Index how sentences go on, and learn to tell paraphrases, before the first one is heard."""
    await asyncio.to_thread(brain.progress, "", answering=True)
    if live:
        await asyncio.to_thread(brain.decide, _NO_COMMAND)


async def _follow_lists(
    skills: Skills, known: Grammar, announcer: Announcer, adapt: Callable[[], Awaitable[None]]
) -> None:
    """Tell the recogniser when a list of a skill has changed from what it knows, in a quiet moment."""
    while True:
        if skills.grammar is not known:
            known = skills.grammar
            await announcer.quiet.wait()
            await adapt()
        await asyncio.sleep(_LISTS_S)
        await asyncio.to_thread(skills.refresh_lists)


def limits_of(config: Config) -> Limits:
    """When speech begins and ends."""
    end = config.endpoint
    return Limits(
        threshold=config.vad.threshold,
        start_frames=end.start_frames,
        silence=end.silence or _FILE_SILENCE_S,
        no_speech=end.no_speech,
        cap=end.cap,
    )


def waits_of(config: Config) -> Waits:
    """How long a silence ends an utterance."""
    end = config.endpoint
    return Waits(end.soft, max(end.soft, end.most), end.prefix, end.risk, end.silence)


def _manners(config: Config, *, wake: bool, latency: float, eager: bool) -> Manners:
    talk = config.session
    barge_in = "speech" if talk.barge_in == "wake" and not wake else talk.barge_in
    manners = Manners(not wake, config.wake.preroll, talk.follow_up, talk.answer, barge_in, latency)
    return replace(manners, prepare=config.endpoint.soft) if eager else manners


def _earcons(config: Config) -> dict[str, Samples]:
    wanted = config.audio.earcons.model_dump()
    render = partial(earcon.render, rate=RATE, volume=config.audio.earcon_volume)
    return {name: render(name) for name, on in wanted.items() if on}


def _greeting(phrases: tuple[str, ...]) -> str:
    return f"I'm listening. Say {' or '.join(phrases)}." if phrases else "I'm listening."
