"""README.md, "Write a skill": its files are written, its commands run, and its dialogues held, in the page's order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.skillcli import runner

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w+)[ ]?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    kind: str
    file: str
    text: str


def chapter() -> list[Block]:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    text = page.partition("\n## Write a skill\n")[2].partition("\n## ")[0]
    return [Block(*found) for found in _FENCE.findall(text)]


def steps(blocks: list[Block]) -> Iterator[tuple[Block, list[str], list[str]]]:
    """Each block but dialogues, with what a dialogue after it types and expects."""
    for block, after in zip(blocks, [*blocks[1:], Block("", "", "")], strict=True):
        lines = after.text.splitlines() if after.kind == "text" else []
        if block.kind != "text":
            yield (
                block,
                [line.removeprefix("You: ") for line in lines if line.startswith("You: ")],
                [line for line in lines if line.startswith("Assistant: ")],
            )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new user's, in which the page's paths are as they are written."""
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ASSISTANT_ASR__ENGINE", "pocketsphinx")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "home"


def test_the_chapter_does_what_it_shows(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run, said = runner(monkeypatch, capsys, tmp_path), list[str]()
    for block, typed, expected in steps(chapter()):
        if block.kind != "sh":
            path = Path(block.file.replace("~", str(home), 1))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
            continue
        answers = list[str]()
        for line in block.text.splitlines():
            first, *words = shlex.split(line)
            if first == "assistant":
                done = run(*words, typed="".join(f"{each}\n" for each in typed))
            else:
                done = subprocess.run(["bash", "-c", line], check=False, capture_output=True, encoding="utf-8")
            assert (done.returncode, done.stderr) == (0, ""), (line, done.stdout, done.stderr)
            answers += done.stdout.splitlines()
        assert [line for line in answers if line.startswith("Assistant: ")] == expected, block.text
        said += answers
    for line in ("coffee 1.0.0 is installed.", "  It may not read ~/Coffee.", "cups is 3 now.", "coffee is on."):
        assert line in said
    assert any(line.startswith("OK: 1 skill, 4 examples; no problems; tests of coffee: 2 passed") for line in said)


def test_the_chapter_is_whole() -> None:
    """A block that the test above would pass over has lost its file's name."""
    blocks = chapter()
    assert {block.kind for block in blocks} == {"python", "yaml", "sh", "text"}
    assert all(
        block.file.startswith("~/.config/assistant/skills/") for block in blocks if block.kind in ("python", "yaml")
    )
