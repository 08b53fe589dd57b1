"""``assistant bench``: what it costs, how fast it answers and how well it listens, on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assistant import paths
from assistant.bench import bargein as bargein_bench
from assistant.bench import boundary as boundary_bench
from assistant.bench import compare, freespeech, llm_figures, process, report, waterfall
from assistant.bench import echo as echo_bench
from assistant.bench import llm as llm_bench
from assistant.bench import routing as routing_bench
from assistant.bench import streaming as streaming_bench
from assistant.bench.compare import Plan
from assistant.bench.corpus import CORPUS
from assistant.bench.scene import responses, synthetic_room
from assistant.choosing import choose_tts
from assistant.commands.bench_terminal import errors, load_average, machine, steps
from assistant.commands.bench_tts import tts
from assistant.config import Loaded, load
from assistant.errors import InputError

app = typer.Typer(help="Measure this assistant on this machine.", invoke_without_command=True)
app.command()(tts)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A configuration file on top of your own.")]
Recogniser = Annotated[str | None, typer.Option("--engine", help="A recogniser: pocketsphinx, whisper …")]
Data = Annotated[Path | None, typer.Option(help="A folder with recordings: rir/, wake/alexa/.")]

TARGETS = {"start_s": 3.0, "rss_mb": 400.0, "cpu_share": 0.15, "reply_median_s": 1.0,
           "in a process of its own: median ms": 2.0}  # fmt: skip
_QUICK = 15


@app.callback()
def everything(context: typer.Context, as_json: AsJson = False) -> None:
    """Without a part's name: start-up, memory, CPU and a quick look at the answers."""
    if context.invoked_subcommand is None:
        _print({**_start(), **_idle(), **_reply()}, as_json=as_json)


@app.command()
def start(as_json: AsJson = False) -> None:
    """Seconds from the start of the process to "listening"."""
    _print(_start(), as_json=as_json)


@app.command()
def idle(as_json: AsJson = False) -> None:
    """Memory and CPU while listening to room noise."""
    _print(_idle(), as_json=as_json)


@app.command()
def reply(as_json: AsJson = False) -> None:
    """End of speech to the first audible sample of the answer, a quick look."""
    _print(_reply(), as_json=as_json)


@app.command()
def latency(
    config: ConfigFile = None,
    engine: Recogniser = None,
    commands: Annotated[int, typer.Option(min=1, max=len(CORPUS), help="How many commands.")] = len(CORPUS),
    free: Annotated[int, typer.Option(min=0, help="How many recordings of free speech.")] = 30,
    recordings: Annotated[Path | None, typer.Option(help="A folder of them; FLAC or WAV.")] = None,
    picture: Annotated[Path, typer.Option(help="Where the waterfall goes, an SVG.")] = Path("latency.svg"),
    as_json: AsJson = False,
) -> None:
    """How fast it answers and how often it cuts people off, beside two usual loops; takes some minutes."""
    loaded = quiet(config, engine)
    if not picture.absolute().parent.is_dir():
        raise InputError(f"There is no folder {picture.absolute().parent} for the picture")
    busy = load_average()
    with steps() as step:
        plan = Plan(commands, recordings or freespeech.folder(), free)
        outcome = compare.measure(loaded, plan, step)
    picture.write_text(waterfall.waterfall(outcome.trials), encoding="utf-8")
    found = {"machine": machine(), "load": busy, "picture": str(picture), **outcome.figures}
    if as_json:
        typer.echo(json.dumps(found))
        return
    console = Console() if Console().is_terminal else Console(width=140)
    console.print(f"{found['machine']}, load {found['load']}", highlight=False)
    for table in report.tables(outcome.figures):
        console.print(table)
    console.print(f"Where the time goes: {picture}", highlight=False)


@app.command()
def routing(
    data: Annotated[Path | None, typer.Option(help="The folder of the sentence sets.")] = None,
    most: Annotated[int, typer.Option(min=100, help="Templates to scale up to.")] = routing_bench.SIZES[-1],
    limit: Annotated[int | None, typer.Option(min=100, help="Sentences of each set, for a quick look.")] = None,
    picture: Annotated[Path, typer.Option(help="Where the scaling curve goes, an SVG.")] = Path("docs/routing.svg"),
    as_json: AsJson = False,
) -> None:
    """How well and how fast sentences find their skill, with hassil alone beside it; takes about three minutes."""
    if not picture.absolute().parent.is_dir():
        raise InputError(f"There is no folder {picture.absolute().parent} for the picture; name one with --picture")
    sizes = [size for size in routing_bench.SIZES if size <= most]
    with steps() as step:
        found = routing_bench.measure(data or routing_bench.folder(), sizes, step, limit)
    picture.write_text(routing_bench.picture(found["scaling"]), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps({"machine": machine(), "load": load_average(), "picture": str(picture), **found}))
        return
    console = Console() if Console().is_terminal else Console(width=140)
    console.print(machine(), highlight=False)
    for table in routing_bench.tables(found):
        console.print(table)
    console.print(f"The scaling curve: {picture}", highlight=False)


@app.command()
def boundary(
    calls: Annotated[int, typer.Option(min=10, help="Calls of each kind.")] = 1000, as_json: AsJson = False
) -> None:
    """What a call of a skill costs in the main process and in a process of its own."""
    with errors.status("Calling skills …"):
        found = boundary_bench.measure(calls)
    figures: dict[str, Any] = {}
    for kind, cost in found.costs.items():
        figures[f"{kind}: median ms"] = cost.median
        figures[f"{kind}: P95 ms"] = cost.p95
    figures["start of the process, s"] = round(found.start_s, 2)
    figures["confined by"] = ", ".join(found.means)
    figures["not to be had here"] = "; ".join(found.lacking) or "nothing"
    _print(figures, as_json=as_json)


@app.command()
def streaming(config: ConfigFile = None, engine: Recogniser = None, as_json: AsJson = False) -> None:
    """How far partial transcripts lag behind the speech."""
    with errors.status("Streaming commands to the recogniser …"):
        _print(streaming_bench.measure(quiet(config, engine)).summary(), as_json=as_json)


@app.command()
def llm(
    config: ConfigFile = None,
    engine: Recogniser = None,
    tokens: Annotated[list[int] | None, typer.Option(min=1, help="Milliseconds a token; 20, 50 and 100.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="For each of them, in each way.")] = 2,
    stops: Annotated[int, typer.Option(min=0, help="Interruptions.")] = 10,
    silence: Annotated[float, typer.Option(min=0.3, help="Seconds that end a question.")] = 0.6,
    recognition: Annotated[float, typer.Option(min=0, help="Seconds to recognise one, without Whisper.")] = 0.2,
    as_json: AsJson = False,
) -> None:
    """How soon a language model's answer is heard, with and without speculation and streaming, and how it stops."""
    latencies = tuple(ms / 1000 for ms in tokens or (20, 50, 100))
    busy = load_average()
    with steps() as step:
        plan = llm_bench.Plan(latencies, questions, stops, silence, recognition)
        found = {"machine": machine(), "load": busy, **llm_bench.measure(quiet(config, engine), plan, step)}
    if as_json:
        typer.echo(json.dumps(found))
        return
    console = Console() if Console().is_terminal else Console(width=140)
    console.print(f"{found['machine']}, load {found['load']}", highlight=False)
    for table in llm_figures.tables(found):
        console.print(table, highlight=False)


@app.command()
def bargein(
    config: ConfigFile = None,
    engine: Recogniser = None,
    times: Annotated[int, typer.Option(min=1, help="Interruptions in each mode.")] = 12,
    minutes: Annotated[float, typer.Option(min=0.5, help="Of its own speech without anybody.")] = 5.0,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """How soon it is silent when interrupted, what it remembers, and what does not stop it."""
    loaded = quiet(config, engine)
    folder = _recordings(data) / "rir"
    rooms = list(responses(folder).values()) if folder.is_dir() else [synthetic_room(rt60) for rt60 in (0.3, 0.6)]
    with errors.status("Talking over it …") as status:
        found = bargein_bench.measure(
            loaded, rooms, choose_tts(loaded)[1], times, minutes, lambda what: status.update(f"{what} …")
        )
    figures: dict[str, Any] = {}
    for mode, cuts in found.cuts.items():
        median, longest = found.silence_ms(mode)
        figures[f"{mode}: silent after, median ms"] = round(median, 1)
        figures[f"{mode}: silent after, longest ms"] = round(longest, 1)
        figures[f"{mode}: history exact"] = f"{found.exact(mode)} of {len(cuts)}"
        figures[f"{mode}: missed"] = found.missed[mode]
    figures["resumed after coughs and back-channels"] = f"{found.resumed} of {found.disturbed}"
    figures["self-triggers"] = f"{found.self_triggers} in {found.minutes:g} minutes"
    figures["output device's buffer, ms"] = "no device" if found.device_s is None else round(found.device_s * 1000, 1)
    _print(figures, as_json=as_json)


@app.command()
def echo(
    minutes: Annotated[float, typer.Option(min=0.5, help="Of its own speech at each level.")] = 30.0,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Whether it hears itself: echo cancellation, self-triggers and missed wake words in simulated rooms."""
    from assistant.audio.decode import decode

    folder = _recordings(data)
    rooms, people = folder / "rir", folder / "wake" / "alexa"
    if not (rooms.is_dir() and people.is_dir()):
        raise InputError(f"There are no recordings at {rooms} and {people}; name their folder with --data")
    with errors.status(f"Listening to {minutes:g} minutes of its own speech at each level …"):
        clips = [decode(path) for path in sorted(people.iterdir())]
        found = echo_bench.measure(responses(rooms), clips, minutes)
    _print(asdict(found), as_json=as_json)


def quiet(config: Path | None = None, engine: str | None = None) -> Loaded:
    """The configuration without earcons, which would count as answers.

    Args:
        engine: a recogniser instead of the configured one.
    """
    env = {f"ASSISTANT_AUDIO__EARCONS__{name}": "false" for name in ("LISTENING", "DONE", "ERROR")}
    if engine is not None:
        env["ASSISTANT_ASR__ENGINE"] = engine
    return load(config, env={**os.environ, **env})


def _recordings(data: Path | None) -> Path:
    return data or paths.shipped("skills").parent.parent / "shared" / "data"


def _start() -> dict[str, float]:
    with errors.status("Starting the assistant three times …"):
        return {"start_s": round(process.startup(), 2)}


def _idle() -> dict[str, float]:
    with errors.status("Listening to room noise for 20 seconds …"):
        found = process.idle()
    return {"rss_mb": round(found.rss_mb), "cpu_share": round(found.cpu_share, 3), "false_wakes": found.woken}


def _reply() -> dict[str, float]:
    with errors.status(f"Saying {_QUICK} commands in real time …"):
        plan = Plan(_QUICK, free=0, pauses=False, others=False)
        found = compare.measure(quiet(), plan, lambda _name, _count: lambda _begun: None)
    figures = found.figures["systems"][compare.OURS]
    return {
        **{f"reply_{name}_s": round(figures["ms"][name] / 1000, 3) for name in ("median", "p90", "worst")},
        "unanswered": figures["commands"] - figures["answered"],
        **{f"{stage}_median_ms": spread["median"] for stage, spread in figures["stages_ms"].items()},
    }


def _print(figures: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"machine": machine(), **figures}))
        return
    table = Table("figure", "measured", "expected", title=machine())
    for name, value in figures.items():
        limit = TARGETS.get(name)
        shown = _shown(value)
        table.add_row(
            name,
            shown if limit is None or value <= limit else f"[red]{shown}[/red]",
            "" if limit is None else f"< {limit:g}",
        )
    Console().print(table)


def _shown(value: Any) -> str:
    match value:
        case Mapping():
            return ", ".join(f"{key}: {_shown(each)}" for key, each in value.items())
        case float() | int():
            return f"{value:g}"
    return str(value)
