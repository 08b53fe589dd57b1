"""Facts: kept, found by words and by meaning, forgotten; on disk, from threads and beside other processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import StorageError
from assistant.memory.facts import LONGEST, Facts

START = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)

TOLD = (
    "my cat is called Tom", "Anna's birthday is on the third of May", "I live in Vienna", "I am allergic to peanuts",
    "the code of the garage door is 4711", "my favourite colour is green", "my sister works at the hospital",
    "the plumber is Mr Novak, his number is 555 0123", "I take my pills at nine in the evening", "I was born in 1980",
    "my car is parked on level three", "we have a piano lesson on Tuesdays",
    "dass meine Katze Mimi heißt", "mein Hausarzt heißt Doktor Berger", "ich fahre jeden Montag nach Graz",
    "mi perro se llama Bruno", "mi hija nació en junio", "soy vegetariano",
    "mon chat s'appelle Minou", "l'anniversaire de Paul est le deux mars", "ma couleur préférée est le bleu",
    "мою собаку зовут Шарик", "у Ани аллергия на орехи", "я живу в Москве",
    "кучето ми се казва Рекс", "живея в София", "рожденият ден на Мария е през юли",
)  # fmt: skip
ASKED = {
    "what is my cat called": "my cat is called Tom",
    "What's my cat's name?": "my cat is called Tom",
    "when is Anna's birthday": "Anna's birthday is on the third of May",
    "when was Anna born?": "Anna's birthday is on the third of May",
    "where do I live": "I live in Vienna",
    "what am I allergic to": "I am allergic to peanuts",
    "do I have any allergies?": "I am allergic to peanuts",
    "what's the garage code": "the code of the garage door is 4711",
    "which colour do I like most? my favourite": "my favourite colour is green",
    "where does my sister work": "my sister works at the hospital",
    "what is the plumber's number": "the plumber is Mr Novak, his number is 555 0123",
    "when do I take my pills": "I take my pills at nine in the evening",
    "where did I park the car": "my car is parked on level three",
    "when are the piano lessons": "we have a piano lesson on Tuesdays",
    "Wie heißt meine Katze?": "dass meine Katze Mimi heißt",
    "wie heißt mein Hausarzt": "mein Hausarzt heißt Doktor Berger",
    "wann fahre ich nach Graz": "ich fahre jeden Montag nach Graz",
    "¿cómo se llama mi perro?": "mi perro se llama Bruno",
    "cuándo nació mi hija": "mi hija nació en junio",
    "comment s'appelle mon chat": "mon chat s'appelle Minou",
    "quand est l'anniversaire de Paul ?": "l'anniversaire de Paul est le deux mars",
    "quelle est ma couleur préférée": "ma couleur préférée est le bleu",
    "как зовут мою собаку": "мою собаку зовут Шарик",
    "на что у Ани аллергия": "у Ани аллергия на орехи",
    "где я живу": "я живу в Москве",
    "как се казва кучето ми": "кучето ми се казва Рекс",
    "къде живея": "живея в София",
    "кога е рожденият ден на Мария": "рожденият ден на Мария е през юли",
}
UNRELATED = (
    "what's the weather like tomorrow", "how do I call a taxi", "set a timer for ten minutes", "tell me a joke",
    "how far is the moon", "what is the capital of France", "who wrote Hamlet", "turn on the light in the kitchen",
    "how many grams are in an ounce", "why is the sky dark at night", "what should I cook tonight", "what is your name",
    "how are you", "what time is it", "can you hear me",
    "wie wird das Wetter morgen", "erzähl mir einen Witz", "wie spät ist es", "was ist die Hauptstadt von Italien",
    "qué hora es", "cuéntame un chiste", "cuál es la capital de Perú", "cómo estás",
    "quelle heure est-il", "raconte-moi une blague", "qui a écrit Les Misérables", "comment vas-tu",
    "который час", "какая завтра погода", "кто написал Войну и мир", "как дела",
    "колко е часът", "какво ще е времето утре", "кой е написал Под игото",
)  # fmt: skip


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    made = Facts(tmp_path / "data" / "memory.db")
    yield made
    made.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    made = Facts(tmp_path_factory.mktemp("many") / "memory.db")
    for number, text in enumerate(TOLD):
        made.remember(text, at=START + timedelta(minutes=number))
    yield made
    made.close()


@pytest.mark.parametrize("question", ASKED)
def test_a_question_finds_what_answers_it(many: Facts, question: str) -> None:
    found = many.find(question, 5)
    assert found and found[0].text == ASKED[question]


@pytest.mark.parametrize("question", UNRELATED)
def test_an_unrelated_question_finds_nothing(many: Facts, question: str) -> None:
    assert many.find(question, 5) == []


def test_what_is_my_name_does_not_mean_the_cat(many: Facts, facts: Facts) -> None:
    for text in ("my cat is called Tom", "my name is Peter", "my wife's phone number is 555 9876"):
        facts.remember(text)
    assert [fact.text for fact in facts.find("What is my name?", 1)] == ["my name is Peter"]
    assert many.find("what are you called", 5) == []


def test_a_fact_keeps_its_words_and_its_date(facts: Facts) -> None:
    fact = facts.remember("  Anna's   birthday is\non the third of May ", at=START)
    assert (fact.text, fact.who, fact.at) == ("Anna's birthday is on the third of May", "", START)
    assert facts.all() == [fact]


def test_a_fact_told_twice_is_kept_once_and_is_the_newest(facts: Facts) -> None:
    first = facts.remember("My cat is called Tom.", at=START)
    facts.remember("my cat is called Tim", at=START + timedelta(days=1))
    again = facts.remember("my cat is called Tom", at=START + timedelta(days=2))
    assert again.id == first.id
    assert [fact.text for fact in facts.all()] == ["my cat is called Tom", "my cat is called Tim"]


def test_of_two_facts_that_contradict_each_other_the_newer_comes_first(facts: Facts) -> None:
    facts.remember("my cat is called Tom", at=START)
    facts.remember("my cat is called Tim", at=START + timedelta(days=1))
    found = facts.find("what is my cat called", 5)
    assert [(fact.text, fact.at.day) for fact in found] == [("my cat is called Tim", 5), ("my cat is called Tom", 4)]
    assert len(facts.find("what is my cat called", 1)) == 1
    assert facts.find("what is my cat called", 0) == []


def test_facts_of_different_people_are_apart(facts: Facts) -> None:
    anna, ben = facts.remember("I like tea", "anna"), facts.remember("I like tea", "ben")
    assert anna.id != ben.id
    assert facts.all("anna") == [anna] == facts.find("who likes tea", 5, "anna")
    assert len(facts.find("who likes tea", 5)) == 2
    assert facts.clear("anna") == 1
    assert facts.all() == [ben]


def test_what_is_forgotten_is_found_no_more_and_its_number_is_not_used_again(facts: Facts) -> None:
    fact = facts.remember("my cat is called Tom")
    assert facts.forget([fact.id, 999]) == 1
    assert facts.forget([fact.id]) == 0 == facts.forget([])
    assert facts.all() == [] == facts.find("what is my cat called", 5)
    assert facts.remember("my cat is called Tom").id > fact.id


def test_what_is_forgotten_is_not_in_the_file_any_more(facts: Facts, tmp_path: Path) -> None:
    kept, secret = facts.remember("the sky is blue"), facts.remember("the safe opens with xylophone42")
    facts.forget([secret.id])
    on_disk = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())
    assert b"sky" in on_disk
    assert b"xylophone42" not in on_disk
    assert facts.all() == [kept]


def test_only_the_user_can_read_the_file(facts: Facts, tmp_path: Path) -> None:
    facts.remember("I like tea")
    assert (tmp_path / "data" / "memory.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "   ", "?!", "…"])
def test_a_fact_without_words_is_refused(facts: Facts, text: str) -> None:
    with pytest.raises(ValueError, match="words"):
        facts.remember(text)
    assert facts.all() == []


@pytest.mark.parametrize("query", ["", "?", '" OR 1', "cat*", "NEAR(cat tom)", "a " * 5_000, "x" * 100_000, "😀", "\0"])
def test_any_question_is_harmless(facts: Facts, query: str) -> None:
    facts.remember("my cat is called Tom")
    assert len(facts.find(query, 5)) <= 1


def test_a_very_long_fact_is_cut_off(facts: Facts) -> None:
    assert len(facts.remember("word " * 10_000).text) == LONGEST


def test_facts_are_there_after_a_restart(tmp_path: Path) -> None:
    for text in ("I like tea", "I like trains"):
        facts = Facts(tmp_path / "memory.db")
        facts.remember(text)
        facts.close()
    again = Facts(tmp_path / "memory.db")
    assert {fact.text for fact in again.all()} == {"I like tea", "I like trains"}
    again.close()


def test_any_thread_may_use_them(facts: Facts) -> None:
    def work(number: int) -> int:
        facts.remember(f"box {number} holds apples")
        return len(facts.find(f"what is in box {number}", 1))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(40))) == [1] * 40
    assert len(facts.all()) == 40


def test_two_processes_use_one_file(facts: Facts, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from assistant.memory.facts import Facts\n"
        "facts = Facts(Path(sys.argv[1]))\n"
        "for number in range(20): facts.remember(f'shelf {number} is full')\n"
        "facts.forget([fact.id for fact in facts.all() if fact.text == 'I like tea'])"
    )
    facts.remember("I like tea")
    other = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "data" / "memory.db")])
    for number in range(20):
        facts.remember(f"box {number} is empty")
    assert other.wait() == 0
    assert len(facts.all()) == 40
    assert len(facts.find("which shelf is full", 50)) == 20


def damaged(file: Path) -> None:
    file.write_bytes(b"this is no database, but a text of some length" * 100)


def cut_off(file: Path) -> None:
    facts = Facts(file)
    for number in range(60):
        facts.remember(f"shelf {number} is full of old books" * 20)
    facts.close()
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def a_folder(file: Path) -> None:
    file.mkdir()


def newer(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


@pytest.mark.parametrize(
    ("break_it", "why"),
    [(damaged, "is damaged"), (cut_off, "is damaged"), (a_folder, "cannot be"), (newer, "newer version")],
)
def test_a_file_that_cannot_be_used_is_one_readable_line_and_is_left_alone(
    tmp_path: Path, break_it: Callable[[Path], None], why: str
) -> None:
    file = tmp_path / "memory.db"
    break_it(file)
    before = file.read_bytes() if file.is_file() else b""
    facts = Facts(file)
    for use in (facts.all, lambda: facts.remember("I like tea"), lambda: facts.find("tea", 1), facts.clear):
        with pytest.raises(StorageError) as caught:
            use()
        assert why in str(caught.value)
        assert str(file) in str(caught.value)
        assert "\n" not in str(caught.value)
    facts.close()
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"cannot be used"):
        Facts(tmp_path / "file" / "memory.db").all()


class Encoder:
    """Knows a few words, each with a topic; texts are near each other when their topics are."""

    TOPICS = ("cat pet kitten tom", "job work nurse profession", "home live vienna city", "weather rain sun time music")

    def __init__(self, noise: int = 0) -> None:
        self.size = 32
        self.encoded: list[str] = []
        self._noise = noise

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> NDArray[np.float32]:
        seed = sum(map(ord, text)) + self._noise
        vector = np.random.default_rng(seed).normal(scale=0.1, size=self.size)
        for place, words in enumerate(self.TOPICS):
            vector[place] += sum(word in text.lower().split() for word in words.split())
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def test_with_an_encoder_facts_are_found_by_meaning(tmp_path: Path) -> None:
    encoder = Encoder()
    facts = Facts(tmp_path / "memory.db", encoder)
    facts.remember("I am a nurse", at=START)
    facts.remember("I live in Vienna", at=START)
    facts.remember("Tom is a kitten", at=START)
    assert [fact.text for fact in facts.find("what is my profession", 5)] == ["I am a nurse"]
    assert [fact.text for fact in facts.find("which city", 5)] == ["I live in Vienna"]
    assert facts.find("how was the football match", 5) == []
    assert [fact.text for fact in facts.find("kitten", 5)] == ["Tom is a kitten"]
    assert encoder.encoded.count("I am a nurse") == 1
    assert facts.find("what is my profession", 5, "somebody else") == []
    facts.close()


def test_an_encoder_is_looked_for_once_and_not_before_there_are_facts(tmp_path: Path) -> None:
    found: list[Encoder] = []

    def find() -> Encoder:
        found.append(Encoder())
        return found[-1]

    facts = Facts(tmp_path / "memory.db", find)
    assert facts.find("what is my profession", 5) == []
    assert found == []
    facts.remember("I am a nurse")
    for _ in range(2):
        assert [fact.text for fact in facts.find("what is my profession", 5)] == ["I am a nurse"]
    assert len(found) == 1
    facts.close()
    without = Facts(tmp_path / "memory.db", lambda: None)
    assert without.find("what is my profession", 5) == []
    assert len(without.find("a nurse", 5)) == 1
    without.close()


def test_whoever_can_do_without_gets_nothing_and_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    facts = Facts(tmp_path / "memory.db")
    facts.remember("I like tea")
    assert [fact.text for fact in facts.known("who likes tea", 5)] == ["I like tea"]
    facts.close()
    damaged(tmp_path / "memory.db")
    assert facts.known("who likes tea", 5) == [] == facts.known("who likes tea", 5)
    (record,) = caplog.records
    assert "is damaged" in record.getMessage()


def test_another_encoder_makes_its_own_vectors(tmp_path: Path) -> None:
    for noise in (0, 0, 1):
        encoder = Encoder(noise)
        facts = Facts(tmp_path / "memory.db", encoder)
        first = not facts.all()
        facts.remember("I am a nurse")
        assert [fact.text for fact in facts.find("what is my profession", 5)] == ["I am a nurse"]
        assert ("I am a nurse" in encoder.encoded) == (first or noise == 1)
        facts.forget([fact.id for fact in facts.all() if fact.text == "nothing"])
        facts.close()
    with sqlite3.connect(tmp_path / "memory.db") as database:
        assert database.execute("SELECT count(*) FROM vectors").fetchone() == (1,)
    database.close()


def test_a_forgotten_fact_has_no_vector_any_more(tmp_path: Path) -> None:
    facts = Facts(tmp_path / "memory.db", Encoder())
    facts.remember("I am a nurse")
    facts.find("what is my profession", 5)
    facts.clear()
    assert facts.find("what is my profession", 5) == []
    facts.close()
    with sqlite3.connect(tmp_path / "memory.db") as database:
        assert database.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
    database.close()
