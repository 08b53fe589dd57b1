"""``assistant doctor``: run every part for real and name the fix of what fails."""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer
from rich.console import Console
from rich.markup import escape

from assistant import models, paths
from assistant.asr.base import Adaptable
from assistant.audio.chunk import RATE, AudioChunk
from assistant.catalogue import CATALOGUE
from assistant.commands.engines import remedy
from assistant.config import Config, Loaded, load
from assistant.errors import AssistantError, EngineError

_MODULES = (
    *("av", "faster_whisper", "hassil", "httpx", "numpy", "onnxruntime"),
    *("openwakeword", "pint", "platformdirs", "pocketsphinx", "pyaudio", "soxr"),
)
_LISTEN_S = 1.0
_PATIENCE_S = 6.0
_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; ``fix`` says what to do unless it is ``ok``."""

    status: Literal["ok", "warn", "fail"]
    what: str
    detail: str
    fix: str = ""


Check = Callable[[], Iterator[Finding]]


def doctor(
    config: Annotated[Path | None, typer.Option(help="A configuration file on top of your own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Check this machine; the exit code is 1 if anything fails (a warning is not a failure)."""
    console = Console(soft_wrap=True)
    findings = []
    for finding in examine(config):
        findings.append(finding)
        if not as_json:
            _print(console, finding)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    if any(finding.status == "fail" for finding in findings):
        raise typer.Exit(1)


def examine(path: Path | None = None) -> Iterator[Finding]:
    """All checks, in an order in which the cause comes before what it causes."""
    yield from check_python()
    yield from check_libraries()
    loaded, finding = check_config(path)
    yield finding
    yield from check_data_folder(paths.data_dir())
    yield from check_models()
    yield from check_engines(loaded)
    yield from check_llm(loaded)
    yield from check_isolation()
    yield from check_sound(loaded.config)


def check_python() -> Iterator[Finding]:
    """A supported version, 64 bits."""
    version = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        yield Finding("fail", "Python", version, "use Python 3.11, 3.12 or 3.13")
    elif struct.calcsize("P") != 8:
        yield Finding("fail", "Python", f"{version}, 32 bits", "install a 64-bit system")
    else:
        yield Finding("ok", "Python", version)


def check_libraries(modules: Sequence[str] = _MODULES) -> Iterator[Finding]:
    """Every library the assistant needs is installed."""
    lacking = [name for name in modules if find_spec(name) is None]
    if lacking:
        yield Finding("fail", "libraries", f"missing: {', '.join(lacking)}", "run scripts/run, or pip install . again")
    else:
        yield Finding("ok", "libraries", f"all {len(modules)} are installed")


def check_config(path: Path | None) -> tuple[Loaded, Finding]:
    """The configuration has no mistakes; the defaults stand in for one that has."""
    try:
        loaded = load(path)
    except AssistantError as error:
        return Loaded(Config(), {}), Finding("fail", "configuration", str(error), "correct it; defaults are used below")
    used = path or (paths.user_config() if paths.user_config().exists() else "the shipped one")
    return loaded, Finding("ok", "configuration", str(used))


def check_data_folder(folder: Path) -> Iterator[Finding]:
    """Timers, volume and models can be kept."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Finding(
            "fail", "data folder", f"{folder}: {error.strerror}", f"make it writable: sudo chown $USER {folder}"
        )
    else:
        yield Finding("ok", "data folder", str(folder))


def check_models() -> Iterator[Finding]:
    """Models that were fetched have not been damaged in an obvious way."""
    here = models.installed()
    for name in here:
        entry = CATALOGUE.get(name)
        gone = models.lacking(models.find_model(name), entry) if entry is not None else []
        if gone:
            yield Finding(
                "fail",
                f"model {name}",
                f"incomplete: {', '.join(gone)}",
                f"assistant models remove {name}, then pull it",
            )
    yield Finding("ok", "models", ", ".join(here) or "none fetched (none is needed)")


def check_engines(loaded: Loaded) -> Iterator[Finding]:
    """Every chosen engine is loaded and does a little work."""
    from assistant.app import find_skills
    from assistant.choosing import build, choose_asr, choose_tts

    def recognizer() -> tuple[str, Any]:
        name, engine = choose_asr(loaded)
        if isinstance(engine, Adaptable):
            engine.adapt(find_skills(loaded.config).grammar)
        return name, engine

    config = loaded.config
    steps: list[tuple[str, Callable[[], tuple[str, Any]], Callable[[Any], object]]] = [
        ("wake", lambda: (config.wake.engine, build(loaded, "wake", config.wake.engine)), _try_wake),
        ("vad", lambda: (config.vad.engine, build(loaded, "vad", config.vad.engine)), _try_vad),
        ("asr", recognizer, _try_asr),
        ("tts", partial(choose_tts, loaded), _try_voice),
    ]
    for stage, load_engine, work in steps:
        began = time.perf_counter()
        try:
            name, engine = load_engine()
            work(engine)
        except AssistantError as error:
            yield Finding("fail", stage, str(error), remedy(error))
        except Exception as error:
            yield Finding("fail", stage, f"{type(error).__name__}: {error}", "please report it with this line")
        else:
            yield Finding("ok", stage, f"{name}, loaded and run in {time.perf_counter() - began:.1f} s")


def _try_asr(engine: Any) -> object:
    recognition = engine.open()
    try:
        recognition.feed(AudioChunk(np.zeros(RATE, np.int16)))
        return recognition.finish()
    finally:
        recognition.close()


def _try_voice(engine: Any) -> object:
    """Raises EngineError where another voice had to speak."""
    from assistant.tts.chain import Chain, Switch

    switches: list[Switch] = []
    if isinstance(engine, Chain):
        engine.tell = switches.append
    spoken = sum(len(part.samples) for part in engine.speak("One."))
    for switch in switches:
        raise EngineError("tts", switch.old, switch.reason, f"{switch.detail}; until it works, {switch.new} speaks")
    return spoken


def _try_wake(engine: Any) -> object:
    return engine.process(AudioChunk(np.zeros(RATE, np.int16)))


def _try_vad(engine: Any) -> object:
    return engine.probability(np.zeros(512, np.int16))


def check_llm(loaded: Loaded) -> Iterator[Finding]:
    """Every configured language model answers a question."""
    from assistant.choosing_llm import candidates
    from assistant.commands.llm import NOTHING_FOUND, try_candidate

    if loaded.config.llm.engine == "none":
        yield Finding("ok", "llm", "none is configured (none is needed)")
        return
    try:
        found = candidates(loaded)
    except AssistantError as error:
        yield Finding("fail", "llm", str(error), "correct the configuration")
        return
    if not found:
        yield Finding("warn", "llm", *NOTHING_FOUND)
    for each in found:
        try:
            yield Finding("ok", "llm", f"{each.name}: {try_candidate(loaded, each)}")
        except AssistantError as error:
            yield Finding("fail", "llm", str(error), remedy(error) or "see: assistant llm check, assistant llm models")


def check_isolation() -> Iterator[Finding]:
    """Which of the system's means confine the skills of strangers."""
    from assistant.skill.sandbox.launch import means

    on, off = means()
    lacking = [each for each in off if each.startswith(("Landlock", "seccomp"))]
    text = ", ".join(on) + (f"; not: {'; '.join(off)}" if off else "")
    if lacking or not on:
        yield Finding("warn", "isolated skills", text, "; ".join(["install only skills that you trust", *lacking]))
    else:
        yield Finding("ok", "isolated skills", text)


def check_sound(config: Config) -> Iterator[Finding]:
    """Devices are there, the configured ones among them, and the microphone is alive."""
    from assistant.audio.device import find, list_devices

    try:
        devices = list_devices()
    except AssistantError as error:
        yield Finding("fail", "sound", str(error), remedy(error))
        return
    for direction, want in (("input", config.audio.input), ("output", config.audio.output)):
        usable = [device for device in devices if device.channels(direction)]  # type: ignore[arg-type]
        if want == "none":
            yield Finding("ok", f"sound {direction}", "switched off (none)")
            continue
        try:
            chosen = find(want, direction, devices)  # type: ignore[arg-type]
        except AssistantError as error:
            unfit = "fail" if usable else "warn"
            fix = f"choose one with audio.{direction}" if usable else "without one, write to it: assistant ask"
            yield Finding(unfit, f"sound {direction}", str(error), fix)  # type: ignore[arg-type]
            continue
        yield Finding("ok", f"sound {direction}", f"{chosen.name}, {chosen.rate} Hz")
        for device in usable:
            if device is not chosen:
                yield Finding("ok", f"sound {direction}", f"(not used) {device.index}: {device.name}")
        if direction == "input":
            yield asyncio.run(check_microphone(want))


async def check_microphone(device: str | int | None) -> Finding:
    """Listen for a second: a live microphone has noise, a muted or dead one gives zeros."""
    from assistant.audio.microphone import DeviceSource

    fix = "unmute it in the system's sound settings, check its switch and cable, or choose another with audio.input"
    source = None
    loudest, heard = 0, 0
    try:
        source = DeviceSource(device)
        async with asyncio.timeout(_PATIENCE_S):
            async for chunk in source.chunks():
                loudest = max(loudest, int(np.abs(chunk.samples.astype(np.int32)).max(initial=0)))
                heard += len(chunk.samples)
                if heard >= _LISTEN_S * RATE:
                    break
    except TimeoutError:
        return Finding("fail", "microphone", "it opens but gives no sound", fix)
    except AssistantError as error:
        return Finding("fail", "microphone", str(error), fix)
    finally:
        if source is not None:
            await source.close()
    if loudest == 0:
        return Finding(
            "fail", "microphone", "only zeros in a second: it is muted or dead, not just in a quiet room", fix
        )
    return Finding("ok", "microphone", f"alive, loudest sample {loudest / 32768:.1%} of full scale in a second")


def _print(console: Console, finding: Finding) -> None:
    colour = _COLOURS[finding.status]
    console.print(
        f"[{colour}]{finding.status:4}[/{colour}]  [bold]{escape(finding.what)}[/bold]: {escape(finding.detail)}",
        highlight=False,
    )
    if finding.fix:
        console.print(f"      → {escape(finding.fix)}", highlight=False)
