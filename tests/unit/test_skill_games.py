"""Games: a number that is found by halving, and a quiz that keeps its score."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.intent.lang import CODES
from tests.unit import skillkit
from tests.unit.fewskills import few, kept
from tests.unit.skillkit import SKILLS, Scenario, Talk

FOLDER = SKILLS / "games" / "questions"


def play(scenario: Scenario, path: Path | None = None, language: str = "en") -> None:
    skillkit.play(scenario, path, skills=kept("games", "stop", language=language))


def lines(language: str) -> list[list[Any]]:
    found: list[list[Any]] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.randint", lambda _low, _high: 42)


@pytest.mark.usefixtures("secret")
def test_a_number_is_found_by_what_is_said_of_each_guess() -> None:
    async def scenario(talk: Talk) -> None:
        said = await talk.say("let's play guess the number", "50", "is it forty", "it's 200", "forty two")
        assert said == "Right, it's 42! You needed 3 tries."
        first, high, low, outside = talk.house.questions
        assert first == "I'm thinking of a number from 1 to 100. What's your guess?"
        assert high in ("No, it's smaller than 50.", "50 is too high.")
        assert low in ("No, it's larger than 40.", "40 is too low.")
        assert outside == "It's a number from 1 to 100. What's your guess?"
        assert await talk.say("think of a number", "42") == "Right at once: it's 42! That's your best game so far."
        assert await talk.say("think of a number", "41", "42") == "Right, it's 42! You needed 2 tries."

    play(scenario)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize(
    ("answers"), [("50", "i give up"), ("what is it",), ("never mind",), (None,), ("blah", "blah")]
)
def test_who_gives_up_hears_the_number(answers: tuple[str | None, ...]) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("let's play guess the number", *answers) == "It was 42. Another time!"

    play(scenario)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize(
    ("language", "text", "guesses", "answer"),
    [
        ("de", "lass uns Zahlenraten spielen", ("fünfzig", "zweiundvierzig"), "Richtig, es ist die 42!"),
        ("fr", "pense à un nombre", ("cinquante", "quarante-deux"), "Bravo, c'est 42 !"),
        ("es", "piensa un número y lo adivino", ("cincuenta", "cuarenta y dos"), "¡Correcto, es el 42!"),
        ("ru", "загадай число, а я угадаю", ("пятьдесят", "сорок два"), "Верно, это 42! Понадобилось 2 попытки."),
        ("bg", "намисли си число", ("петдесет", "четиридесет и две"), "Позна, числото е 42!"),
        ("de", "denk dir eine Zahl aus", ("ich gebe auf",), "Es war die 42."),
        ("fr", "pense à un nombre", ("je donne ma langue au chat",), "C'était 42."),
        ("es", "piensa un número y lo adivino", ("me rindo",), "Era el 42."),
        ("ru", "загадай число, а я угадаю", ("сдаюсь",), "Это было число 42."),
        ("bg", "намисли си число", ("предавам се",), "Числото беше 42."),
    ],
)
def test_numbers_are_guessed_in_every_language(language: str, text: str, guesses: tuple[str, ...], answer: str) -> None:
    async def scenario(talk: Talk) -> None:
        assert (await talk.say(text, *guesses)).startswith(answer)

    play(scenario, language=language)


def solved(talk: Talk, language: str = "en", *, right: bool = True) -> Callable[[], Awaitable[str]]:
    """What somebody answers who knows everything, or who knows better."""

    async def answer() -> str:
        question = talk.house.questions[-1]
        (line,) = [line for line in lines(language) if f" {line[1]} " in question]
        return str(line[2 if right else 3])

    return answer


def test_the_quiz_goes_from_easy_to_hard_and_keeps_the_score(tmp_path: Path) -> None:
    path = tmp_path / "skills.db"

    async def first(talk: Talk) -> None:
        assert await talk.say("what's my quiz score") == "You haven't played the quiz yet. Say: let's play a quiz."
        knowing: Any = solved(talk)
        wrong: Any = solved(talk, right=False)
        said = await talk.say("let's play a quiz", knowing, knowing, wrong, "I don't know", knowing)
        assert said.endswith("You got 3 of 5 right.")
        assert re.match(r"(Right!|That's right!|Correct!) ", said)
        asked = [next(line for line in lines("en") if f" {line[1]} " in text) for text in talk.house.questions]
        assert [line[0] for line in asked] == [1, 1, 2, 2, 3]
        assert [re.search(r"Question (\d)", text)[1] for text in talk.house.questions] == list("12345")  # type: ignore[index]
        assert talk.house.questions[3].startswith(f"The answer is: {asked[2][2]}. Question 4")

    async def second(talk: Talk) -> None:
        assert await talk.say("what's my quiz score") == "So far you have answered 3 of 5 questions right."
        assert await talk.say("reset my quiz score") == "Your quiz score begins anew."
        assert "haven't played" in await talk.say("what's my quiz score")

    play(first, path)
    play(second, path)


def test_no_question_comes_twice_before_all_of_its_level_were_asked(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        knowing: Any = solved(talk)
        for _game in range(7):
            await talk.say("give me a quiz", *[knowing] * 5)
        easy = [line[1] for line in lines("en") if line[0] == 1]
        asked = [text for text in easy for question in talk.house.questions if f" {text} " in question]
        assert sorted(asked) == sorted(easy)

    play(scenario, tmp_path / "skills.db")


def test_the_quiz_ends_when_nobody_answers_or_has_had_enough() -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("let's play a quiz", "never mind") == "All right, another time."
        said = await talk.say("let's play a quiz", solved(talk), None, None)  # type: ignore[arg-type]
        assert said == "You got 1 of 2 right."
        said = await talk.say("let's play a quiz", solved(talk), "never mind")  # type: ignore[arg-type]
        assert said == "You got 1 of 1 right."
        assert await talk.say("what's my quiz score") == "So far you have answered 2 of 3 questions right."

    play(scenario)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "starte ein Quiz"),
        ("fr", "faisons un quiz"),
        ("es", "juguemos a las preguntas"),
        ("ru", "начни викторину"),
        ("bg", "започни викторина"),
    ],
)
def test_the_quiz_is_played_in_every_language(language: str, text: str) -> None:
    """With answers by their words, and by their places."""

    async def scenario(talk: Talk) -> None:
        knowing: Any = solved(talk, language)
        said = await talk.say(text, *[knowing] * 12)
        assert said.count("12") == 2, said

    skillkit.play(scenario, skills=few("games", language=language, games={"questions": 12}))


@pytest.mark.parametrize("language", CODES)
def test_the_questions_are_the_same_in_every_language_and_can_be_answered(language: str) -> None:
    there = lines(language)
    assert [line[0] for line in there] == [line[0] for line in lines("en")]
    assert len(there) >= 40
    assert len({line[1] for line in there}) == len(there)
    for level, question, *answers in there:
        assert level in (1, 2, 3)
        assert question.endswith("?")
        assert len(answers) == 3
        assert all(isinstance(answer, str) and answer for answer in answers)
        assert len({answer.casefold() for answer in answers}) == 3
