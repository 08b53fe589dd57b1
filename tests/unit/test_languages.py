"""Several languages in one conversation: the same skills, each sentence understood and answered in its own."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.audio.chunk import RATE
from assistant.audio.mixer import Mixer
from assistant.runtime.worker import InlineWorker
from assistant.session.brain import Brain, Decision, Kind, Reply
from assistant.session.others import OtherSkills
from assistant.session.speaker import Speaker
from assistant.skill.dialogue import speaking
from assistant.skill.loader import Skills, load_skills
from assistant.skill.store import Stores
from assistant.tts.base import SpeechChunk
from tests.unit.skillkit import START, Talk
from tests.unit.test_ask import play

CODE = '''
"""Tea."""
from assistant import Context, Duration, skill
from assistant.skill.dialogue import speaking

starts = 0

async def on_start(ctx: Context) -> None:
    global starts
    starts += 1

@skill("brew tea for {time}", "brew tea")
async def brew(ctx: Context, time: Duration | None = None) -> str:
    """Brew tea."""
    time = time or await ctx.ask(ctx.reply("how_long"), Duration)
    cups = ctx.store.get("cups", 0) + 1
    ctx.store.put("cups", cups)
    ctx.undo(lambda: ctx.store.put("cups", cups - 1))
    return ctx.reply("brewing", time=time, n=cups)

@skill("break the pot")
def break_pot(ctx: Context) -> str:
    """Break it."""
    raise RuntimeError("crash")

@skill("which language")
def tongue(ctx: Context) -> str:
    """On a thread."""
    return f"{ctx.language} {speaking.get()}"

@skill("ring the bell")
async def bell(ctx: Context) -> str:
    """Ring later."""
    async def later():
        await ctx.sleep(5)
        await ctx.announce(ctx.reply("ding"))
    ctx.spawn(later())
    return ""

@skill("good morning")
async def morning(ctx: Context) -> str:
    """A routine."""
    return await ctx.skills.call("tea.brew", time=Duration(minutes=2))
'''
SENTENCES = """
language: de
intents:
  brew: {data: [{sentences: ["koch[e] tee [für {time}]"]}], examples: [koche tee für drei minuten]}
  break_pot: {data: [{sentences: [zerbrich die kanne]}], examples: [zerbrich die kanne]}
  bell: {data: [{sentences: [läute die glocke]}], examples: [läute die glocke]}
  tongue: {data: [{sentences: [welche sprache]}], examples: [welche sprache]}
  morning: {data: [{sentences: [guten morgen]}], examples: [guten morgen]}
"""
WORDS = {
    "en": "{how_long: 'How long?', brewing: 'Cup {n} in {time}.', ding: Ding.}",
    "de": "{how_long: 'Wie lange?', brewing: 'Tasse {n} in {time:dative}.', ding: Bimbam.}",
}
TEN_MINUTES = "Tasse 1 in zehn Minuten."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with that skill."""
    skill = tmp_path / "skills" / "tea"
    for part in ("sentences", "responses"):
        (skill / part).mkdir(parents=True)
    (skill / "__init__.py").write_text(textwrap.dedent(CODE), encoding="utf-8")
    (skill / "sentences" / "de.yaml").write_text(SENTENCES, encoding="utf-8")
    for code, words in WORDS.items():
        (skill / "responses" / f"{code}.yaml").write_text(f"language: {code}\nresponses: {words}\n", encoding="utf-8")
    return skill.parent


class Room:
    """A conversation in English and German; each sentence comes with the language that it was heard in."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.house = talk.house
        self.brain = Brain(talk.skills, talk.contexts, languages=("en", "de"))
        self.house.others = OtherSkills(self.brain, talk.skills, talk.contexts, 10.0)

    def decide(self, text: str, language: str | None = None) -> Decision:
        return self.brain.decide(text, follow_up=True, language=language)

    async def hear(self, text: str, language: str | None, *answers: str | None) -> Reply:
        self.house.answers = list(answers)
        return await self.brain.act(self.decide(text, language))

    async def say(self, text: str, language: str | None, *answers: str | None) -> str:
        return (await self.hear(text, language, *answers)).text


@pytest.fixture
def converse(folder: Path, tmp_path: Path) -> Callable[[Callable[[Room], Awaitable[None]]], None]:
    """Runs a scenario in such a room, on virtual time."""

    def run(scenario: Callable[[Room], Awaitable[None]]) -> None:
        async def whole() -> None:
            skills = load_skills([folder])
            assert not skills.problems
            stores = Stores(tmp_path / "memory.db")
            talk = Talk(START, stores, tmp_path, skills)
            await talk.start()
            try:
                await scenario(Room(talk))
            finally:
                await talk.house.close()
                await talk.contexts.close()
                stores.close()

        play(whole)

    return run


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No test leaves a language behind."""
    yield
    assert speaking.get() == ""


def tea(skills: Skills) -> dict[str, Any]:
    """The skill's module, by name → value."""
    found: dict[str, Any] = skills.handlers["tea.break_pot"].function.__globals__
    return found


def test_each_sentence_is_answered_in_its_language_by_one_skill_with_one_memory(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        assert await room.say("brew tea for five minutes", "en") == "Cup 1 in five minutes."
        assert await room.say("koche Tee für eine Minute", "de") == "Tasse 2 in einer Minute."
        assert await room.say("brew tea for one hour", "en") == "Cup 3 in one hour."
        german = room.talk.skills.spoken("de")
        assert german is room.talk.skills.spoken("de")
        assert tea(german) is tea(room.talk.skills)
        assert tea(german)["starts"] == 1

    converse(scenario)


def test_the_detected_language_decides_and_an_unknown_one_is_the_main_one(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        assert room.decide("koche tee für drei minuten", "en").kind is Kind.NOBODY
        assert room.decide("brew tea for three minutes", "de").kind is Kind.NOBODY
        assert room.decide("koche tee für drei minuten", "de-AT").language == "de"
        assert room.decide("brew tea for three minutes", "fr").language == "en"

    converse(scenario)


def test_a_written_sentence_is_in_the_language_that_understands_it(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        assert (await room.hear("brew tea for three minutes", None)).language == "en"
        german = await room.hear("koche tee für drei minuten", None)
        assert (german.text, german.language) == ("Tasse 2 in drei Minuten.", "de")
        assert (await room.hear("fly to the moon", None)).language == "en"

    converse(scenario)


def test_questions_dismissals_and_corrections_are_in_that_language(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        assert await room.say("koche Tee", "de", "äh", "zehn Minuten") == TEN_MINUTES
        assert room.house.questions == ["Wie lange?", "Entschuldigung, das habe ich nicht verstanden. Wie lange?"]
        assert await room.say("nein, zwei Minuten", "de") == "Tasse 1 in zwei Minuten."
        assert await room.say("no, three minutes", "en") == "Cup 1 in three minutes."
        assert await room.say("koche Tee", "de", "vergiss es") == "In Ordnung."
        assert await room.say("vergiss es", "de") == "In Ordnung."
        assert room.decide("vergiss es", "en").kind is Kind.NOBODY

    converse(scenario)


def test_another_command_instead_of_an_answer_may_be_in_another_language(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        reply = await room.hear("koche Tee", "de", "brew tea for one minute")
        assert (reply.text, reply.language) == ("Cup 1 in one minute.", "en")

    converse(scenario)


def test_what_cannot_be_done_and_what_goes_wrong_is_said_in_that_language(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        missed = await room.hear("flieg zum Mond", "de")
        assert (missed.outcome, missed.language) == ("missed", "de")
        assert missed.text == "Das kann ich nicht. Sag zum Beispiel: „koche tee für drei minuten“."
        failed = await room.hear("zerbrich die Kanne", "de")
        assert failed.text == "Entschuldigung, in der Fähigkeit tea ist etwas schiefgegangen."
        assert await room.say("break the pot", "en") == "Sorry, something went wrong in the tea skill."

    converse(scenario)


def test_what_a_conversation_leaves_behind_or_calls_goes_on_in_its_language(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        heard: list[str] = []
        announce = room.house.announce

        async def note(text: str, skill: str) -> None:
            heard.append(speaking.get())
            await announce(text, skill)

        room.house.announce = note  # type: ignore[method-assign]
        await room.say("läute die Glocke", "de")
        await room.say("ring the bell", "en")
        await asyncio.sleep(6)
        assert (room.house.announced, heard) == (["tea: Bimbam.", "tea: Ding."], ["de", "en"])
        assert (await room.say("welche Sprache", "de"), await room.say("which language", "en")) == ("de de", "en en")
        assert await room.say("guten Morgen", "de") == "Tasse 1 in zwei Minuten."

    converse(scenario)


def test_a_partial_is_followed_in_every_language(converse: Any) -> None:
    async def scenario(room: Room) -> None:
        assert room.brain.progress("koche tee für drei minuten").complete
        assert room.brain.progress("brew tea").extensible
        assert room.brain.progress("guten").prefix
        assert not room.brain.progress("flieg").prefix

    converse(scenario)


def test_a_changed_skill_is_changed_in_every_language(folder: Path) -> None:
    skills = load_skills([folder])
    german = skills.spoken("de")
    assert [template.source for template in german.grammar.templates if template.intent == "tea.morning"]
    words = folder / "tea" / "sentences" / "de.yaml"
    words.write_text(SENTENCES.replace("[guten morgen]", "[moin]"), encoding="utf-8")
    assert skills.reload("tea") is None
    assert [each.source for each in german.grammar.templates if each.intent == "tea.morning"] == ["moin"]
    assert tea(german) is tea(skills)
    skills.remove("tea")
    assert german.grammar.templates == ()


def test_a_mistake_in_one_language_leaves_the_others(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "tea" / "sentences" / "de.yaml").write_text("language: de\nintents: 1\n", encoding="utf-8")
    skills = load_skills([folder])
    german = skills.spoken("de")
    assert german.grammar.templates == () and skills.grammar.templates
    assert [problem.skill for problem in german.problems] == ["tea"]
    assert "de.yaml" in caplog.text


class Named:
    """A voice that notes what it says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        self.said.append(text)
        yield SpeechChunk(np.zeros(RATE // 20, np.int16), RATE, 0)


def test_each_language_has_its_voice_and_says_symbols_its_way() -> None:
    english, german, mixer = Named(), Named(), Mixer(RATE)
    speaker = Speaker(english, InlineWorker("tts"), mixer, "en", {"de": german})

    async def text() -> Any:
        yield "50 %"

    async def whole() -> None:
        for code in ("", "de", "fr", "en"):
            token = speaking.set(code)
            saying = asyncio.ensure_future(speaker.begin().say(text()))
            while not saying.done():
                mixer.pull(RATE // 100)
                await asyncio.sleep(0.01)
            speaking.reset(token)

    play(whole)
    assert english.said in (["50 percent"] * 3, ["fifty percent"] * 3)
    assert len(german.said) == 1 and "Prozent" in german.said[0]
