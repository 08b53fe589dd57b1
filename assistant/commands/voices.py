"""``assistant voices``: what is here and what can be had; play one, choose one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from assistant import paths, voice_list
from assistant.commands.engines import remedy
from assistant.commands.models import wide_console
from assistant.commands.voices_consent import consent
from assistant.config import Config, Loaded, load
from assistant.config_edit import change_user_config
from assistant.errors import InputError, MissingModel
from assistant.suggest import nearest
from assistant.voice_list import ENGINES, Voice

app = typer.Typer(help="Voices: what is here and what can be had; play one, choose one.", invoke_without_command=True)
app.command()(consent)

_ALL = "all"
Name = Annotated[str, typer.Argument(help="As 'assistant voices' shows it.", show_default=False)]
Language = Annotated[str | None, typer.Option(help="ISO 639-1: en, de, fr …", show_default=False)]


@app.callback()
def voices(
    context: typer.Context,
    language: Annotated[
        str | None, typer.Option(help="Only voices of one language, or all; else those of the configured ones.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="Only those of piper, coqui or espeak.")] = None,
    here: Annotated[bool, typer.Option("--here", help="Only those on this machine.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List voices: those on this machine, and those that can be had."""
    if context.invoked_subcommand is not None:
        return
    if engine is not None and engine not in ENGINES:
        raise InputError(f"There is no engine {engine!r} of voices{nearest(engine, ENGINES)}")
    loaded = load()
    found = [
        voice
        for voice in voice_list.all_voices()
        if engine in (None, voice.engine)
        and (voice.here or not here)
        and _speaks(voice, language, loaded.config.spoken)
    ]
    used = {named for named in voice_list.chosen(loaded).values() if named[1]}
    if as_json:
        rows = [asdict(voice) | {"chosen": (voice.engine, voice.name) in used} for voice in found]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    _show(found, used)
    if not found:
        typer.echo("There is none like that. All there are: assistant voices --language all")


def _speaks(voice: Voice, wanted: str | None, spoken: Sequence[str]) -> bool:
    if wanted == _ALL:
        return True
    if wanted is not None:
        return voice.language in (wanted.lower().partition("-")[0], "")
    return voice.language in (*spoken, "") or (voice.here and voice.engine != "espeak")


def _show(found: Sequence[Voice], used: set[tuple[str, str]]) -> None:
    table = Table(box=None, pad_edge=False)
    longest = max((len(voice.name) for voice in found), default=0)
    for title, width in (("voice", longest), ("engine", 6), ("language", 8), ("quality", 0), ("MB", 4), ("here", 6)):
        table.add_column(title, no_wrap=bool(width), min_width=width or None)  # names are for copying: never cut
    table.add_column("licence")
    for voice in found:
        state = "chosen" if (voice.engine, voice.name) in used else "yes" if voice.here else ""
        table.add_row(
            escape(voice.name),
            voice.engine,
            voice.language or "several",
            voice.quality + (f", {voice.speakers} speakers" if voice.speakers > 1 else ""),
            str(voice.megabytes or ""),
            f"[green]{state}[/green]",
            escape(voice.licence),
        )
    console = wide_console()
    console.print(table)
    for name in ENGINES:
        error = voice_list.lacking(name) if any(voice.engine == name for voice in found) else None
        if error is not None:
            console.print(f"[dim]For those of {name}: {escape(remedy(error) or str(error))}[/dim]")
    console.print("[dim]Fetch one: assistant models pull NAME; hear it: assistant voices play NAME[/dim]")


@app.command()
def play(
    name: Name,
    text: Annotated[
        str | None, typer.Argument(help="What to say, instead of a sample; - reads standard input.")
    ] = None,
    out: Annotated[str | None, typer.Option(help="A WAV file to write instead; - for standard output.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Of a voice with several: one's name or number.")] = None,
    language: Language = None,
) -> None:
    """Play a sample of a voice, or a text in it."""
    from assistant.commands.say import say
    from assistant.commands.voices_consent import asking
    from assistant.intent.lang.conversation import said

    voice = _usable(name)
    spoken = _language(voice, language, load().config)
    what = said("voice_sample", spoken) if text is None else text
    asking(
        lambda: say(what, out=out, engine=voice.engine, voice=voice.name, speaker=speaker, language=spoken),
    )


@app.command()
def use(
    name: Name,
    language: Language = None,
    speaker: Annotated[str | None, typer.Option(help="Of a voice with several: one's name or number.")] = None,
) -> None:
    """Make a voice the default of its language, in your config.yaml; comments and order stay."""
    voice = _usable(name)
    if voice.engine == "piper" and speaker is not None:
        _check_speaker(voice, speaker)
    loaded = load()
    spoken = _language(voice, language, loaded.config)
    changes = change_user_config(_settings(loaded, voice, spoken, _number(speaker)))
    file = paths.user_config()
    typer.echo(f"{file}:" if changes else f"{file} says so already.")
    for change in changes:
        typer.echo(f"  {change}")
    _warn(voice, spoken)


def _settings(loaded: Loaded, voice: Voice, language: str, speaker: str | int | None) -> dict[str, Any]:
    """Dotted path → value: the voice as that of the main language, or under ``tts.voices``."""
    main = loaded.config.spoken[0]
    keyed = next((code for code in loaded.config.tts.voices if code.partition("-")[0] == language), None)
    if language != main or keyed is not None:
        own: dict[str, Any] = {"engine": voice.engine, "voice": voice.name}
        return {f"tts.voices.{keyed or language}": own | ({} if speaker is None else {"speaker": speaker})}
    found: dict[str, Any] = {"tts.engine": voice.engine, "tts.voice": voice.name}
    if speaker is not None or loaded.config.tts.speaker is not None:
        found["tts.speaker"] = speaker
    if loaded.config.tts.options(voice.engine).get("voice") is not None:
        found[f"tts.{voice.engine}.voice"] = voice.name  # it comes before tts.voice
    return found


def _check_speaker(voice: Voice, speaker: str) -> None:
    from assistant.model_kinds import piper_settings
    from assistant.tts.piper_voices import find_voice, settings_of, speaker_number

    speaker_number(piper_settings(settings_of(find_voice(voice.name))), speaker)


def _number(speaker: str | None) -> str | int | None:
    return int(speaker) if speaker is not None and speaker.isdecimal() else speaker


def _usable(name: str) -> Voice:
    """The voice of that name, if it is here and its engine is.

    Raises:
        InputError, MissingModel, MissingDependency: no such voice, or what it lacks.
    """
    voice = voice_list.find(name)
    if not voice.here:
        raise MissingModel(voice.fetch.rpartition(" ")[2], voice.fetch)
    if (error := voice_list.lacking(voice.engine)) is not None:
        raise error
    return voice


def _language(voice: Voice, wanted: str | None, config: Config) -> str:
    """The language it is to speak: the one asked for, its own, or the conversation's."""
    code = (wanted or voice.language or config.spoken[0]).lower().partition("-")[0]
    if voice.language and code != voice.language:
        raise InputError(f"{voice.name} speaks {voice.language}, not {code}; see: assistant voices --language {code}")
    return code


def _warn(voice: Voice, language: str) -> None:
    """What else takes part: a variable of the environment, or a language that is not spoken."""
    loaded = load()
    if language not in loaded.config.spoken:
        spoken = ", ".join(loaded.config.spoken)
        typer.echo(f"It is for {language}, which 'languages' does not have yet (now: {spoken}).")
    elif voice_list.chosen(loaded).get(language) != (voice.engine, voice.name):
        origin = next(
            (str(loaded.origins[key]) for key in ("tts.voice", "tts.engine") if key in loaded.origins), "another file"
        )
        typer.echo(f"It is not used yet: {origin} comes first.")
