"""``assistant skill test``: what a skill's author wants to know before a user does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated

import typer

from assistant.commands import skill_places
from assistant.commands.skill_places import Progress
from assistant.commands.skill_spoken import Heard, examples_of, hear
from assistant.config import Config, Loaded, load
from assistant.errors import AssistantError
from assistant.skill.binding import Problem
from assistant.skill.check import check
from assistant.skill.check_languages import check_languages
from assistant.skill.loader import LoadedSkill, Skills
from assistant.skill.own_tests import Outcome, missing_pytest, run_tests
from assistant.skill.places import Place


@dataclass(slots=True)
class Report:
    """What was found.

    Attributes:
        skills: names of those that were tested.
        problems: what is wrong, a line each.
        notes: what was not done, and why.
        tests: skill → how its own tests ended.
        heard: what was said and heard.
    """

    skills: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tests: dict[str, Outcome] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Nothing is wrong; what was misheard does not count, for it is the recogniser's doing as well."""
        return not self.problems and all(outcome.passed for outcome in self.tests.values())


def test(
    name: Annotated[str | None, typer.Argument(help="A skill, or the path of one; without it, every skill.")] = None,
    spoken: Annotated[
        bool, typer.Option("--spoken", help="Say the examples with espeak-ng and recognise them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Check templates, examples and languages, and run the skill's own tests; the exit code is 1 if anything fails."""
    loaded = load()
    known = skill_places.places(loaded.config)
    places = list(known.known.values()) if name is None else [known.get(name)]
    report = Report([place.name for place in places])
    with skill_places.unlogged(), skill_places.progress() as progress:
        everything = _check(places, loaded.config, report, progress)
        _run_own_tests(places, report, progress, shown=not as_json)
        if spoken:
            _listen(places, loaded, everything, report, progress)
    if as_json:
        typer.echo(json.dumps({"passed": report.passed, **asdict(report)}, indent=2, ensure_ascii=False))
    else:
        _print(report, everything)
    if not report.passed:
        raise typer.Exit(1)


def _check(places: Sequence[Place], config: Config, report: Report, progress: Progress) -> Skills:
    """Load the skills for every language that one of them has; those of the configured language are returned."""
    names = [place.name for place in places]
    own = config.language.partition("-")[0]
    loaded: dict[str, dict[str, LoadedSkill]] = {name: {} for name in names}
    languages = list(dict.fromkeys([own, *(code for place in places for code in place.languages)]))
    found = dict[str, Skills]()
    for code in languages:
        progress(f"Checking what is understood in {code}")
        found[code] = skills = _load(places, config, code)
        for skill in skills.skills:
            if skill.name in names and code in skill.languages:
                loaded[skill.name][code] = skill
        _note(report.problems, [each for each in (*skills.problems, *check(skills)) if _concerns(each, names)])
    for name in names:
        _note(report.problems, list(check_languages(loaded[name])))
    needing = {name: missing for name, missing in found[own].needing.items() if name in names}
    for name, missing in needing.items():
        report.notes.append(f"{name}: its sentences were not checked, it needs settings first: {', '.join(missing)}")
    return found[own]


def _load(places: Sequence[Place], config: Config, language: str) -> Skills:
    """Every skill, for what they have in common; and those that lie elsewhere."""
    skills = skill_places.load_all(config.model_copy(update={"language": language}))
    for place in places:
        here = skills.get(place.name)
        if (here is None or here.path != place.found.path) and not _failed(skills, place):
            made = skills.prepare(place.found)
            if isinstance(made, Problem):
                skills.problems.append(made)
            else:
                skills.put(made)
    return skills


def _failed(skills: Skills, place: Place) -> bool:
    return any(problem.skill == place.name and problem.skipped for problem in skills.problems)


def _concerns(problem: Problem, names: Sequence[str]) -> bool:
    """It is one of the skills', or another skill's with one of them."""
    return problem.skill in names or any(f" {name}." in problem.text for name in names)


def _note(problems: list[str], found: Sequence[Problem]) -> None:
    """Add what is not known from another language."""
    for problem in found:
        text = f"{problem.skill}: {problem.place}: {problem.text}"
        if text not in problems:
            problems.append(text)


def _run_own_tests(places: Sequence[Place], report: Report, progress: Progress, *, shown: bool) -> None:
    for place in places:
        folder = place.found.folder
        if folder is None or not (folder / "tests").is_dir() or place.origin == "shipped":
            continue
        if place.origin == "installed":
            report.notes.append(f"{place.name}: its tests were not run: they are a stranger's code, and not confined")
            continue
        if why := missing_pytest():
            report.notes.append(f"{place.name}: its tests were not run: {why}")
            continue
        progress(f"Running the tests of {place.name}")
        outcome = report.tests[place.name] = run_tests(folder)
        if shown and not outcome.passed:
            progress("")
            typer.echo(outcome.output)


def _listen(places: Sequence[Place], loaded: Loaded, skills: Skills, report: Report, progress: Progress) -> None:
    examples = examples_of(skills, [place.name for place in places])
    try:
        for number, heard in enumerate(hear(loaded, skills, examples), 1):
            progress(f"Saying and hearing: {number} of {len(examples)}")
            report.heard.append(heard)
    except AssistantError as error:
        report.notes.append(f"nothing was said: {error}")


def _print(report: Report, skills: Skills) -> None:
    for text in report.problems:
        typer.echo(text)
    for heard in report.heard:
        if not heard.understood:
            typer.echo(f'{heard.skill}: misheard: "{heard.example}" as "{heard.text or "(nothing)"}"')
    for text in report.notes:
        typer.echo(text)
    names = report.skills
    count = sum(len(skill.examples) for skill in skills.skills if skill.name in names)
    parts = [f"{_many(len(names), 'skill')}, {_many(count, 'example')}", _many(len(report.problems), "problem")]
    parts += [f"tests of {name}: {outcome.summary}" for name, outcome in report.tests.items()]
    if report.heard:
        right = sum(heard.understood for heard in report.heard)
        parts.append(f"{right} of {len(report.heard)} understood when spoken")
    typer.echo(f"{'OK' if report.passed else 'Not OK'}: {'; '.join(parts)}.")


def _many(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
