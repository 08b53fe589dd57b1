"""``assistant bench routing`` on small sets of sentences."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console
from typer.testing import CliRunner

from assistant.bench import routing, scaling, sentences
from assistant.bench.curve import Line, curve
from assistant.commands.bench import app
from assistant.errors import InputError
from tests.unit.test_paraphrase import SENTENCES, STRANGE


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sets in the form that they have beside the project, in miniature."""
    monkeypatch.setattr(scaling, "TITLES", 300)
    strange = [(text, "oos") for text in STRANGE]
    parts = {"train": SENTENCES, "val": SENTENCES[::3], "oos_train": strange[:3], "oos_val": strange[3:]}
    (tmp_path / "clinc150_train_val.json").write_text(json.dumps(parts))
    rows = ["intent\ttext\tannotation\tanswerid", *(f"{intent}\t{text}\t\t0" for text, intent in SENTENCES)]
    (tmp_path / "hwu64_train.tsv").write_text("\n".join(rows))
    return tmp_path


def test_its_figures_have_their_shape(sets: Path) -> None:
    picture = sets / "curve.svg"
    command = ["routing", "--data", str(sets), "--most", "100", "--picture", str(picture), "--json"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert set(found) == {"machine", "load", "picture", "clinc150", "hwu64", "scaling", "memory_mb"}
    clinc = found["clinc150"]
    assert set(clinc) == {
        "intents", "train", "train_s", "ms_per_sentence", "accuracy", "points", "hassil",
    }  # fmt: skip
    assert list(clinc["points"]) == ["oos_60", "certainty_0.1", "certainty_0.2", "certainty_0.5"]
    assert all(set(point) == {"threshold", "in_scope", "oos_recall"} for point in clinc["points"].values())
    assert clinc["points"]["oos_60"]["oos_recall"] >= 0.6
    assert clinc["points"]["oos_60"]["in_scope"] <= clinc["accuracy"] == 1.0
    assert clinc["hassil"] | {"ms_per_sentence": 0.0} == {
        "tested": 16, "in_scope": 1.0, "oos_recall": 1.0, "ms_per_sentence": 0.0,
    }  # fmt: skip
    assert len(found["hwu64"]["folds"]) == 5
    assert found["hwu64"]["sentences"] == len(SENTENCES)
    row = found["scaling"][0]
    assert row["templates"] == len(SENTENCES) + 5
    spread = {"median_ms", "p95_ms", "known_median_ms", "strange_median_ms"}
    assert set(row["ours"]) == {"build_s", "learn_s"} | spread
    assert set(row["hassil"]) == {"build_s"} | spread
    assert 0 <= found["memory_mb"]["templates"] <= found["memory_mb"]["whole"]
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")


def test_both_find_what_is_asked() -> None:
    """What is measured is routing that works: every sentence of the templates is found by both."""
    from hassil import recognize

    from assistant.bench.understanding import as_intents
    from assistant.intent.router import Router

    titles = scaling.titles_of(SENTENCES, 300)
    work = scaling.load(SENTENCES, STRANGE, titles, 30)
    assert len(set(titles)) == 300
    assert len(work.templates) == 30
    router = Router(scaling.skillset(work.templates, titles))
    intents = as_intents(work.templates, scaling.hassil_lists(titles))
    for text in work.known:
        found, theirs = router.route(text), recognize(text, intents)
        assert found is not None
        assert theirs is not None
        assert found.intent == f"bench.{theirs.intent.name}"
    assert all(router.route(text) is None for text in work.strange)


def test_tables_name_the_figures(sets: Path) -> None:
    found = routing.measure(sets, [20], lambda _name, _count: lambda _begun: None)
    console = Console(width=140, record=True, file=io.StringIO())
    for table in routing.tables(found):
        console.print(table)
    text = console.export_text()
    assert "hassil alone" in text
    assert "five folds" in text


def test_without_the_sets_it_says_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"clinc150_train_val\.json cannot be read .*--data"):
        routing.measure(tmp_path, [20], lambda _name, _count: lambda _begun: None)
    (tmp_path / "hwu64_train.tsv").write_text("something\telse\n1\t2\n")
    with pytest.raises(InputError, match="KeyError"):
        sentences.hwu(tmp_path)


def test_folds_part_every_intent() -> None:
    parts = list(sentences.folds(SENTENCES, 4))
    assert sorted(each for _, test in parts for each in test) == sorted(SENTENCES)
    for train, test in parts:
        assert {intent for _, intent in test} == {intent for _, intent in train}
        assert not set(train) & set(test)
    assert parts == list(sentences.folds(SENTENCES, 4))


def test_curves_keep_to_their_frame() -> None:
    drawn = ElementTree.fromstring(
        curve(
            "A <title>", "x", "y", [Line("one", "#111111", [(10, 0.5), (1000, 40)]), Line("two", "#222222", [(10, 3)])]
        )
    )
    width, height = float(drawn.get("width", "0")), float(drawn.get("height", "0"))
    dots = [each for each in drawn.iter() if each.tag.endswith("circle")]
    assert len(dots) == 3
    assert all(0 < float(dot.get("cx", "0")) < width and 0 < float(dot.get("cy", "0")) < height for dot in dots)
