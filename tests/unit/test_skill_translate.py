"""Translation: phrases in every direction, and an honest word where there is no model."""

from __future__ import annotations

import csv
import importlib.machinery
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.intent.lang import CODES
from tests.unit.fewskills import kept
from tests.unit.skillkit import SKILLS, ask, intent


def rows() -> list[dict[str, str]]:
    with (SKILLS / "translate" / "phrases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "how do you say thank you in German", "thank you in German is: danke."),
        ("en", "how would you say good morning in French", "good morning in French is: bonjour."),
        ("en", "what is the Bulgarian word for butterfly", "butterfly in Bulgarian is: пеперуда."),
        ("en", "translate where's the station into Russian", "where's the station in Russian is: где вокзал."),
        ("en", "how do you say the bill please in spanish", "the bill please in Spanish is: la cuenta, por favor."),
        ("en", "how do you say hello in English", "That is hello, just as you said it."),
        ("de", "wie sagt man gute Nacht auf Englisch", "gute Nacht heißt auf Englisch: good night."),
        ("de", "übersetze ich liebe dich ins Französische", "ich liebe dich heißt auf Französisch: je t'aime."),
        ("fr", "comment dit-on l'addition s'il vous plaît en anglais", "the bill please."),
        ("es", "cómo se dice cuánto cuesta en alemán", "cuánto cuesta en alemán se dice: wie viel kostet das."),
        ("ru", "как будет самолёт по-английски", "по-английски: plane."),
        ("ru", "переведи большое спасибо на болгарский", "по-болгарски: много благодаря."),
        ("bg", "как се казва котка на испански", "котка на испански е: el gato."),
    ],
)
def test_phrases_are_translated_from_what_the_user_speaks(language: str, text: str, answer: str) -> None:
    assert ask(text, skills=kept("translate", language=language)).endswith(answer)


def test_what_is_not_in_the_book_is_not_made_up() -> None:
    assert ask("how do you say photosynthesis is complicated in German", skills=kept("translate")) == (
        "I can only translate common phrases without a translation model, "
        "and photosynthesis is complicated is not among them."
    )


class Argos:
    """As ``argostranslate.translate`` is used; no model fits into a test."""

    def __init__(self, *pairs: str, broken: bool = False) -> None:
        self.pairs = pairs
        self.broken = broken

    def get_installed_languages(self) -> list[Any]:
        if self.broken:
            raise RuntimeError("model file is cut off")
        return [
            SimpleNamespace(code=code, get_translation=lambda other, code=code: self._way(code, other.code))
            for code in CODES
        ]

    def _way(self, source: str, target: str) -> Any:
        if f"{source}-{target}" not in self.pairs:
            return None
        return SimpleNamespace(translate=lambda text: f"<{text}>")


@pytest.mark.parametrize(
    ("engine", "answer"),
    [
        (Argos("en-de"), "it may rain in German is: <it may rain>."),
        (Argos("de-en"), "I have no model that translates it may rain into German."),
        (Argos(broken=True), "I have no model that translates it may rain into German."),
    ],
)
def test_a_model_translates_the_rest_where_there_is_one(
    engine: Argos, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = SimpleNamespace(__spec__=importlib.machinery.ModuleSpec("argostranslate", None), __path__=[])
    monkeypatch.setitem(sys.modules, "argostranslate", package)
    monkeypatch.setitem(sys.modules, "argostranslate.translate", engine)
    assert ask("how do you say it may rain in German", skills=kept("translate")) == answer
    assert ask("how do you say yes in German", skills=kept("translate")) == "yes in German is: ja."


def test_the_book_is_whole_and_names_no_phrase_twice() -> None:
    found = rows()
    assert len(found) >= 200
    for row in found:
        assert set(row) == set(CODES), row
        assert all(text and all(form.strip() == form and form for form in text.split("/")) for text in row.values()), (
            row
        )
    spoken = [form.lower() for row in found for form in row["en"].split("/")]
    assert sorted(spoken) == sorted(set(spoken))


@pytest.mark.parametrize("language", ["ru", "bg"])
def test_cyrillic_columns_hold_cyrillic_letters_only(language: str) -> None:
    texts = "".join(row[language] for row in rows())
    assert not [letter for letter in texts if letter.isalpha() and not "\u0400" <= letter <= "\u04ff"]


@pytest.mark.parametrize("text", ["what is the time in Berlin", "what is ten miles in kilometers", "what time is it"])
def test_other_skills_keep_their_sentences(text: str) -> None:
    assert intent(text) not in (None, "translate.translate")
