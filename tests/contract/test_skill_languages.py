"""Every skill that has sentences of its own, in every language: understood, and answered in that language.

Each folder in ``skills/`` with ``sentences/`` is found by itself. Its examples are said to it one after the other, with
empty memory, no network and nobody who answers its questions; what it says must come from its words in that language.
"""

from __future__ import annotations

import asyncio
import re
from functools import cache
from pathlib import Path

import httpx
import pytest

from assistant.intent.lang import CODES
from assistant.runtime.clock import VirtualLoop
from assistant.skill import phrases
from assistant.skill.check import check
from assistant.skill.loader import Skills, load_skills
from assistant.skill.making import LoadedSkill
from assistant.skill.responses import read_texts, texts_of
from assistant.skill.settings import SkillSettings
from assistant.skill.store import Stores
from tests.unit.skillkit import SKILLS, START, Talk

FOLDERS = sorted(path.parent.name for path in SKILLS.glob("*/sentences") if (path.parent / "__init__.py").exists())
SILENT = {"stop", "volume"}
"""Skills that may answer with silence."""
_LEAST_LETTERS = 2
SETTINGS = {"calendar": {"source": "~/calendar.ics"}, "news": {"feeds": ["https://feeds.example.org/news.xml"]}}
SETTINGS["weather"] = {"place": "Vienna"}
"""What skills need that are not listened for without; Home Assistant and music need a house and a collection."""

pytestmark = pytest.mark.skipif(not FOLDERS, reason="no skill has sentences of its own")


@cache
def every(language: str) -> Skills:
    return load_skills([SKILLS], language=language, settings=SkillSettings(SETTINGS))


@cache
def problems(language: str) -> tuple[tuple[str, str], ...]:
    skills = every(language)
    return tuple((problem.skill, str(problem)) for problem in (*skills.problems, *check(skills)))


def loaded(skill: str, language: str) -> LoadedSkill:
    found = every(language).get(skill)
    assert found is not None, [str(problem) for problem in every(language).problems]
    return found


@pytest.mark.parametrize("skill", FOLDERS)
def test_every_language_has_the_same_functions_and_words(skill: str) -> None:
    for part, least in (("sentences", set(CODES) - {"en"}), ("responses", set(CODES))):
        there = {path.stem for path in (SKILLS / skill / part).glob("*.yaml")}
        assert least <= there <= set(CODES), f"skills/{skill}/{part}"
    wanted = understood(skill, "en")
    assert wanted
    assert {language: understood(skill, language) for language in CODES} == dict.fromkeys(CODES, wanted)


def understood(skill: str, language: str) -> set[str]:
    """The functions that can be asked for; each has examples."""
    handlers = loaded(skill, language).handlers
    return {handler.intent for handler in handlers if handler.spec.templates and handler.spec.examples}


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("skill", FOLDERS)
def test_every_example_reaches_its_function_and_hits_a_template_that_no_other_does(skill: str, language: str) -> None:
    assert [text for name, text in problems(language) if name == skill] == []


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("skill", FOLDERS)
def test_every_example_is_answered_in_its_language(
    skill: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # the machine's own volume stays as it is
    if loaded(skill, language).missing:
        pytest.skip(f"{skill} needs settings first")
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(_strange_answers(skill, language, tmp_path)) == []


async def _strange_answers(skill: str, language: str, folder: Path) -> list[str]:
    """Say every example of a skill, of which alone the hooks are run: what is not answered in its own words."""
    skills, stores, strange = every(language), Stores(folder / "skills.db"), list[str]()
    talk = Talk(START, stores, folder, skills)
    talk.services(skill).transport = httpx.MockTransport(_no_network)
    await talk.contexts.start(skill)
    try:
        for example in loaded(skill, language).examples:
            said = await _all_said(talk, example)
            if not said and skill not in SILENT:
                strange.append(f"{example!r} is answered with silence")
            strange += [f"{example!r} is answered {text!r}" for text in said if not _is_known(text, skill, language)]
    finally:
        await talk.house.close()
        await talk.contexts.close()
        stores.close()
    return strange


def _no_network(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network", request=request)


async def _all_said(talk: Talk, example: str) -> list[str]:
    """What is said to a sentence: questions, what comes before the reply, the reply."""
    asked, said = len(talk.house.questions), len(talk.house.said)
    reply = await talk.brain.act(talk.brain.decide(example))
    assert reply.failure is None, (example, reply.failure)
    talk.house.stop()
    return [text for text in (*talk.house.questions[asked:], *talk.house.said[said:], reply.text) if text]


def _is_known(text: str, skill: str, language: str) -> bool:
    return any(pattern.search(text) for pattern in _patterns(skill, language))


@cache
def _patterns(skill: str, language: str) -> tuple[re.Pattern[str], ...]:
    """What the skill's words, and the assistant's own, look like in a language."""
    texts = [text for variants in read_texts(SKILLS / skill, language).values() for text in texts_of(variants)]
    texts += phrases._PHRASES[language].values()
    return tuple(re.compile(pattern, re.DOTALL) for text in texts if (pattern := _pattern(text)))


def _pattern(text: str) -> str:
    """The text with anything in the place of its placeholders; only numbers when it hardly has words of its own."""
    literal = [re.escape(part) for part in re.split(r"\{[^{}]*\}", text)]
    letters = sum(len(re.findall(r"[^\W\d_]", part)) for part in literal)
    return ".*".join(literal) if letters >= _LEAST_LETTERS else r"\A" + r"[\W\d]*".join(literal) + r"\Z"
