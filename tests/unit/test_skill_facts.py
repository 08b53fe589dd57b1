"""What the user wants remembered: told, asked for and forgotten by voice, in six languages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assistant.errors import SkillError
from assistant.skill.api import Context
from tests.unit import skillkit
from tests.unit.fewskills import kept
from tests.unit.skillkit import START, Talk, module


def play(scenario: skillkit.Scenario, path: Path | None = None, language: str = "en") -> None:
    skillkit.play(scenario, path, skills=kept("facts", "stop", language=language))


def turned(text: str, language: str) -> str | None:
    found: str | None = module("facts").turned(text, language)
    return found


def told(talk: Talk) -> list[str]:
    return [fact.text for fact in talk.facts.all()]


def test_a_fact_is_remembered_and_told_again() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("what do you know about me") == "You haven't asked me to remember anything yet."
        assert "that your cat is called Tom." in await talk.say("Remember that my cat is called Tom.")
        assert "that Anna is allergic to nuts." in await talk.say("please don't forget that Anna is allergic to nuts")
        assert told(talk) == ["Anna is allergic to nuts", "my cat is called Tom"]
        assert talk.facts.all()[0].at == START
        reply = await talk.say("what do you know about me")
        assert reply == "I know 2 things. Anna is allergic to nuts. Your cat is called Tom."
        assert await talk.say("do you remember what my cat is called?") == "You told me: Your cat is called Tom."
        assert await talk.say("what did I tell you about Anna") == "You told me: Anna is allergic to nuts."
        assert "anything about that: Bob." in await talk.say("what do you remember about Bob")

    play(scenario)


def test_facts_are_there_after_a_restart(tmp_path: Path) -> None:
    async def before(talk: Talk) -> None:
        await talk.say("remember that I live in Vienna")

    async def after(talk: Talk) -> None:
        assert await talk.say("what do you know about me") == "I know one thing. You live in Vienna."

    play(before, tmp_path / "skills.db")
    play(after, tmp_path / "skills.db")


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("remember my birthday is on the third of May", "my birthday is on the third of May"),
        ("Remember I'm allergic to nuts.", "I'm allergic to nuts"),
        ("remember that the Wi-Fi password is Blue-Fish 42!", "the Wi-Fi password is Blue-Fish 42"),
        ("could you please remember that that man is my uncle", "that man is my uncle"),
        ("keep in mind that our dog bites", "our dog bites"),
        ("Okay, remember that I like my tea with milk", "I like my tea with milk"),
    ],
)
def test_a_fact_is_kept_as_it_was_said(said: str, fact: str) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say(said)
        assert told(talk) == [fact]

    play(scenario)


def test_what_to_remember_is_asked_for() -> None:
    async def scenario(talk: Talk) -> None:
        assert "the door code is 4711" in await talk.say("remember that", "That the door code is 4711.")
        assert told(talk) == ["the door code is 4711"]
        with pytest.raises(SkillError, match="nothing to remember"):
            await talk.house.call("facts.remember", {"text": "?!"}, "routines")
        assert len(told(talk)) == 1

    play(scenario)


def test_a_newer_fact_comes_first() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remember that my cat is called Tom")
        await talk.later(60)
        await talk.say("remember that my cat is called Tim")
        reply = await talk.say("do you remember what my cat is called")
        assert reply == "You told me: Your cat is called Tim. Your cat is called Tom."
        await talk.later(60)
        await talk.say("remember that my cat is called Tom")
        assert told(talk) == ["my cat is called Tom", "my cat is called Tim"]

    play(scenario)


def test_forget_that_forgets_the_last_one_once_and_only_soon_after() -> None:
    async def scenario(talk: Talk) -> None:
        await talk.say("remember that I like tea")
        await talk.say("remember that I like trains")
        assert await talk.say("forget that") == "I've forgotten it: you like trains."
        assert "haven't been told anything just now" in await talk.say("forget that")
        assert told(talk) == ["I like tea"]
        await talk.say("remember that I like boats")
        await talk.later(timedelta(minutes=10).total_seconds())
        assert "haven't been told anything just now" in await talk.say("forget that")
        assert len(told(talk)) == 2

    play(scenario)


def test_a_fact_is_forgotten_by_what_it_says_or_is_about() -> None:
    async def scenario(talk: Talk) -> None:
        for fact in ("my cat is called Tom", "my cat likes fish", "Anna lives in Graz"):
            await talk.say(f"remember that {fact}")
        assert await talk.say("forget that my cat is called Tom") == "I've forgotten it: your cat is called Tom."
        assert told(talk) == ["Anna lives in Graz", "my cat likes fish"]
        assert await talk.say("forget what I told you about Anna") == "I've forgotten it: Anna lives in Graz."
        assert "haven't told me anything about that" in await talk.say("forget about the dog")
        assert told(talk) == ["my cat likes fish"]

    play(scenario)


def test_several_facts_and_everything_are_forgotten_after_a_yes_only() -> None:
    async def scenario(talk: Talk) -> None:
        for fact in ("my cat is called Tom", "my cat likes fish", "Anna lives in Graz"):
            await talk.say(f"remember that {fact}")
        assert "keep it in mind" in await talk.say("forget about my cat", "no")
        assert "keep it in mind" in await talk.say("forget everything about me", None)
        assert len(told(talk)) == 3
        assert await talk.say("forget about my cat", "yes") == "I've forgotten 2 things."
        assert told(talk) == ["Anna lives in Graz"]
        assert "everything you asked" in await talk.say("forget everything you know about me", "yes")
        assert told(talk) == []
        assert "haven't asked me to remember" in await talk.say("forget everything about me")

    play(scenario)


def test_many_facts_are_shown_and_the_newest_are_told() -> None:
    async def scenario(talk: Talk) -> None:
        for number in range(8):
            await talk.say(f"remember that shelf {number} is full")
        reply = await talk.say("what do you know about me")
        assert reply.startswith("I know 8 things. Shelf 7 is full.")
        assert reply.endswith("Shelf 3 is full. And 3 things more.")
        assert len(talk.house.cards[-1].text.splitlines()) == 8

    play(scenario)


LANGUAGES = {
    "de": ("Merk dir, dass meine Katze Tom heißt.", "Weißt du noch, wie meine Katze heißt?",
           "dass deine Katze Tom heißt", "vergiss das wieder", "was weißt du über mich",
           "vergiss alles über mich", "ja"),
    "es": ("Recuerda que mi gato se llama Tom.", "¿Recuerdas cómo se llama mi gato?",
           "tu gato se llama Tom", "olvida esto", "qué sabes de mí", "olvida todo sobre mí", "sí"),
    "fr": ("Retiens que mon chat s'appelle Tom.", "Te souviens-tu comment s'appelle mon chat ?",
           "votre chat s'appelle Tom", "oublie cela", "que sais-tu de moi", "oublie tout sur moi", "oui"),
    "ru": ("Запомни, что мою кошку зовут Том.", "Ты помнишь, как зовут мою кошку?",
           "вашу кошку зовут Том", "забудь это", "что ты знаешь обо мне", "забудь всё обо мне", "да"),
    "bg": ("Запомни, че котката ми се казва Том.", "Помниш ли как се казва котката ми?",
           "котката ти се казва Том", "забрави това", "какво знаеш за мен", "забрави всичко за мен", "да"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_in_every_language(language: str) -> None:
    remember, ask, fact, forget, everything, clear, yes = LANGUAGES[language]

    async def scenario(talk: Talk) -> None:
        assert fact in await talk.say(remember)
        assert fact.lower() in (await talk.say(ask)).lower()
        assert fact.lower() in (await talk.say(everything)).lower()
        assert fact in await talk.say(forget)
        assert told(talk) == []
        await talk.say(remember)
        await talk.say(clear, yes)
        assert told(talk) == []

    play(scenario, language=language)


@pytest.mark.parametrize(
    ("language", "said", "back"),
    [
        ("en", "I was born in 1980 and I'm a nurse", "you were born in 1980 and you're a nurse"),
        ("en", "Anna told me that the key is mine", "Anna told you that the key is yours"),
        ("en", "our flat is ours, I've bought it myself", "your flat is yours, you've bought it yourself"),
        ("en", "your name is Bob and I am Ann", None),
        ("de", "dass ich in Berlin wohne", "dass du in Berlin wohnst"),
        ("de", "ich heiße Peter", "du heißt Peter"),
        ("de", "meine Katze mag Fisch", "deine Katze mag Fisch"),
        ("de", "mir schmeckt Fisch", "dir schmeckt Fisch"),
        ("de", "ich jogge gern", None),
        ("de", "dass meine Frau und ich gern wandern", None),
        ("de", "dass Anna Nüsse nicht verträgt", "dass Anna Nüsse nicht verträgt"),
        ("es", "vivo en Madrid", "vives en Madrid"),
        ("es", "me llamo Ana", "te llamas Ana"),
        ("es", "detesto a mi vecino", None),
        ("es", "me gusta el jazz", "te gusta el jazz"),
        ("fr", "j'habite à Lyon", "vous habitez à Lyon"),
        ("fr", "je m'appelle Pierre", "vous vous appelez Pierre"),
        ("fr", "mon frère habite à Nice", "votre frère habite à Nice"),
        ("fr", "je jardine", None),
        ("ru", "меня зовут Пётр", "вас зовут Пётр"),
        ("ru", "я живу в Москве", "вы живёте в Москве"),
        ("ru", "ношу очки", None),
        ("bg", "живея в София", "живееш в София"),
        ("bg", "кучето ми се казва Рекс", "кучето ти се казва Рекс"),
        ("bg", "нося очила", None),
        ("pl", "mam kota", None),
    ],
)
def test_what_is_said_about_oneself_is_turned_round_or_left_alone(language: str, said: str, back: str | None) -> None:
    assert turned(said, language) == back


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("remember that result", "memory.remember_result"),
        ("remember the number", "memory.remember_result"),
        ("remind me to buy milk tomorrow at nine", "reminders.remind"),
        ("don't let me forget to check the steak", "reminders.remind"),
        ("note down that the boiler was serviced", "notes.take_note"),
        ("forget it", "stop.stop"),
        ("forget my bedtime routine", "routines.delete"),
        ("what did i ask you to remember", "reminders.read_reminders"),
        ("what do you know about me", "facts.recall_all"),
        ("forget that", "facts.forget_last"),
    ],
)
def test_nobody_elses_sentences_are_taken(text: str, intent: str) -> None:
    found = skillkit.intent(text)
    assert found is not None
    assert found.partition(".")[0] == intent.partition(".")[0]


def test_a_memory_that_cannot_be_used_is_told_in_the_users_words(tmp_path: Path) -> None:
    (tmp_path / "memory.db").write_bytes(b"this is no database" * 500)

    async def scenario(talk: Talk) -> None:
        assert await talk.say("remember that I like tea") == "I can't get at my memory. See the log."
        assert await talk.say("what do you know about me") == "I can't get at my memory. See the log."

    play(scenario, tmp_path / "skills.db")


def test_a_skill_without_the_memory_is_told_so() -> None:
    with pytest.raises(SkillError, match="tea skill may not see what I was told"):
        Context("tea", None, None).facts  # type: ignore[arg-type]  # noqa: B018
