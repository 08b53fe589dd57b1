"""``assistant ask`` answered by the tiny chat model, with the real prompt, skills and tools."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from assistant import cli
from tests.tiny_chat.dialogues import FIXED
from tests.tiny_chat.model import MODEL

pytestmark = pytest.mark.heavy
pytest.importorskip("transformers")

cli.load_commands([])


def ask(tmp_path, text):
    config = tmp_path / "config.yaml"
    config.write_text(
        f"llm: {{engine: transformers, model: {MODEL}, patience: 60, filler: 0, transformers: {{threads: 1}}}}"
    )
    done = CliRunner().invoke(cli.app, ["ask", "--json", "--config", str(config), text])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_what_no_skill_does_the_model_answers(tmp_path):
    assert ask(tmp_path, "count to thirty")["reply"] == FIXED["Count to thirty."]


def test_the_model_starts_a_timer_and_the_skill_knows_of_it(tmp_path):
    started = ask(tmp_path, "the pasta water needs its timer")
    assert "pasta water" in started["reply"]
    left = ask(tmp_path, "how long is left on the pasta water timer")
    assert left["intent"].endswith("timer_status")
    assert left["reply"].startswith("Your pasta water timer has ")
