"""How far along a sentence is."""

from __future__ import annotations

import pytest

from assistant.intent.progress import COURTESIES, Foresight, Progress
from assistant.intent.slots import BUILT_IN
from assistant.intent.template import Grammar, Template, TemplateParser, words_of
from assistant.skill.api import COMMON_RULES
from tests.unit.skillkit import shipped


def foresight(*pairs: tuple[str, str], examples: dict[str, str] | None = None) -> Foresight:
    parser = TemplateParser(BUILT_IN, COMMON_RULES)
    made = tuple(Template(intent, text, parser.parse(text)) for intent, text in pairs)
    return Foresight(Grammar(made, examples or {}))


@pytest.fixture(scope="module")
def skills() -> Foresight:
    return Foresight(shipped().grammar)


@pytest.mark.parametrize(
    ("text", "complete", "prefix"),
    [
        ("", False, True),
        ("set", False, True),
        ("set a timer for", False, True),
        ("set a timer for five", False, True),
        ("set a timer for five minutes", True, True),
        ("set a timer for 5 min", True, True),
        ("stop", True, False),
        ("stop it", False, False),
        ("stop please", True, False),
        ("stop right", False, True),
        ("stop right now", True, False),
        ("banana", False, False),
        ("say something", True, True),
    ],
)
def test_progress(text: str, complete: bool, prefix: bool) -> None:
    found = foresight(("t.set", "set [a] timer for {duration}"), ("t.stop", "stop <thanks>"), ("t.say", "say {text}"))
    progress = found.progress(text)
    assert (progress.complete, progress.prefix) == (complete, prefix)
    assert progress.extensible == (complete and prefix)
    assert progress.final == (complete and not prefix)
    assert 0 <= progress.going_on <= 1
    assert (progress.going_on > 0) == prefix


def test_the_courtesies_are_those_that_skills_end_their_templates_with() -> None:
    assert set(words_of(COMMON_RULES["thanks"])) == COURTESIES


@pytest.mark.parametrize(
    "text",
    ["list my alarms", "do you have the time", "what's the date tomorrow", "what week is it", "roll two dice",
     "set the volume to forty percent", "wake me up at seven tomorrow morning"],
)  # fmt: skip
def test_a_command_that_only_courtesies_can_follow_is_final(skills: Foresight, text: str) -> None:
    assert skills.progress(text).final
    assert skills.progress(f"{text} please") in (Progress(True, False), Progress(False, False))


@pytest.mark.parametrize(
    ("likelier", "less"),
    [
        ("set a timer for five", "set a timer for five minutes"),
        ("set a timer", "set a timer for five minutes"),
        ("set an alarm", "wake me up at seven"),
        ("wake me up at seven", "turn the volume up"),
    ],
)
def test_a_rare_extension_is_told_from_a_likely_one(skills: Foresight, likelier: str, less: str) -> None:
    assert skills.progress(likelier).going_on > skills.progress(less).going_on + 0.1


def test_every_example_is_complete_at_its_end_and_alive_before(skills: Foresight) -> None:
    for example in shipped().grammar.examples:
        words = example.split()
        for size in range(1, len(words)):
            progress = skills.progress(" ".join(words[:size]))
            assert progress.prefix or set(words_of(" ".join(words[size:]))) <= COURTESIES
        assert skills.progress(example).complete, example
