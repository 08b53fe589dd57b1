"""A conversation with a skill that is being written: what is saved is live, and what is broken is not."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from assistant.commands import skill_places
from assistant.commands.skill_try import hold
from assistant.config import load
from assistant.runtime.clock import VirtualLoop
from assistant.skill.watching import Watch
from assistant.testing import Conversation
from tests.unit.skillcli import MANIFEST, TEA, Run, folder, runner


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    return runner(monkeypatch, capsys, tmp_path)


Step = tuple[str, Callable[[], object]]


def dialogue(place: Path, *steps: Step) -> str:
    """What is printed when before each line something is done, as an editor would."""
    out = io.StringIO()
    rest = iter(steps)

    async def read() -> str:
        for line, do in rest:
            do()
            return line
        return ""

    loaded = load(env={})
    where = skill_places.places(loaded.config).get(str(place))
    with skill_places.unlogged():
        asyncio.run(hold(where, loaded, Console(file=out, width=200), read))
    return out.getvalue()


def nothing() -> None:
    pass


def test_a_saved_change_is_live_and_a_broken_one_is_not(tmp_path: Path) -> None:
    place = folder(tmp_path / "tea")
    code = place / "__init__.py"
    said = dialogue(
        place,
        ("make me a strong tea", nothing),
        ("make me a strong tea", lambda: code.write_text(TEA.replace("number", "cup"))),
        ("make me a strong tea", lambda: code.write_text(TEA.replace("return", "retrn"))),
        ("brew", lambda: code.write_text(TEA.replace("make me a strong tea", "brew"))),
        ("make me a strong tea", nothing),
    ).splitlines()
    assert said[:5] == [
        "tea.tea",
        "Assistant: plain tea, number 1.",
        "Your change is live.",
        "tea.tea",
        "Assistant: plain tea, cup 2.",
    ]
    assert said[5].startswith("The last good version goes on. ")
    assert "__init__.py:10: SyntaxError: invalid syntax" in said[5]
    assert said[6:11] == [
        "tea.tea",
        "Assistant: plain tea, cup 3.",
        "Your change is live.",
        "tea.tea",
        "Assistant: plain tea, number 4.",
    ]
    assert "I can't do that" in said[11]


def test_changes_are_noticed_without_being_asked_for(tmp_path: Path) -> None:
    """Nothing is typed: the conversation itself sees the save, within a second."""
    place, out = folder(tmp_path / "tea"), io.StringIO()
    lines = iter(["make me a strong tea"])

    async def read() -> str:
        line = next(lines, "")
        if line:
            (place / "__init__.py").write_text(TEA.replace("number", "mug"))
            await asyncio.sleep(1.0)
            assert out.getvalue() == "Your change is live.\n"
        return line

    loaded = load(env={})
    where = skill_places.places(loaded.config).get(str(place))
    with asyncio.Runner(loop_factory=VirtualLoop) as loop:
        loop.run(hold(where, loaded, Console(file=out, width=200), read))
    assert "Assistant: plain tea, mug 1." in out.getvalue()


def test_a_skill_that_is_broken_from_the_start_comes_to_life(tmp_path: Path) -> None:
    place = folder(tmp_path / "tea", code="x = \n")
    said = dialogue(
        place,
        ("make me a strong tea", nothing),
        ("make me a strong tea", lambda: (place / "__init__.py").write_text(TEA)),
    )
    assert said.startswith("It cannot be loaded yet. ")
    assert "Assistant: plain tea, number 1." in said


def test_words_settings_and_crashes_while_trying(tmp_path: Path) -> None:
    place = folder(tmp_path / "tea", MANIFEST + "settings: {kind: {required: true}}\n")
    settings = skill_places.own_folder("tea") / "settings.yaml"
    settings.parent.mkdir(parents=True)
    broken = TEA.replace("ctx.store.get('made')", "1/0")
    said = dialogue(
        place,
        ("make me a strong tea", lambda: settings.write_text("kind: herbal\n")),
        ("make me a strong tea", lambda: (place / "__init__.py").write_text(broken)),
    )
    assert "needs: assistant skill config tea kind=…" in said
    assert "Assistant: herbal tea, number 1." in said
    assert "ZeroDivisionError" in said
    assert "__init__.py:10)" in said


def test_try_reads_a_pipe(run: Run, tmp_path: Path) -> None:
    done = run("skill", "try", folder(tmp_path / "tea"), typed="make me a strong tea\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tea.tea\nAssistant: plain tea, number 1.\n"


def test_a_watch_sees_what_is_saved_replaced_added_and_removed(tmp_path: Path) -> None:
    place = folder(tmp_path / "tea")
    watch = Watch(place, tmp_path / "absent.yaml")
    assert not watch.changed()
    for change in (
        lambda: (place / "__init__.py").write_text(TEA + "\n"),
        lambda: (place / "more.py").write_text(""),
        lambda: (place / "more.py").rename(place / "other.py"),
        (place / "other.py").unlink,
        lambda: (tmp_path / "absent.yaml").write_text(""),
    ):
        change()
        assert watch.changed()
        assert not watch.changed()
    stat = (place / "__init__.py").stat()
    (tmp_path / "new").write_text(TEA + "#")
    os.utime(tmp_path / "new", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (tmp_path / "new").replace(place / "__init__.py")  # as old and as long
    assert watch.changed()
    (place / "__pycache__").mkdir()
    (place / "__pycache__" / "x.pyc").write_text("")
    assert not watch.changed()


# --- assistant.testing ---------------------------------------------------------------------------

DIALOGUE = '''"""Tea."""

from assistant import Context, Duration, skill


@skill("make tea", examples=["make tea"])
async def tea(ctx: Context) -> str:
    """Make tea."""
    kind = await ctx.ask("Green or black?", ["green", "black"])
    duration = await ctx.ask("For how long?", Duration)
    ctx.say_later(duration.total_seconds(), "Your tea is ready.")
    return f"{kind} tea in {duration}."
'''


def test_a_conversation_asks_and_lets_time_pass(tmp_path: Path) -> None:
    with Conversation(folder(tmp_path / "tea", code=DIALOGUE)) as talk:
        assert talk.say("make tea", "green", "three minutes") == "green tea in three minutes."
        assert talk.asked == ["Green or black?", "For how long?"]
        began = talk.now
        talk.later(179)
        assert talk.announced == []
        talk.later(2)
        assert talk.announced == ["Your tea is ready."]
        assert (talk.now - began).total_seconds() == pytest.approx(181)
        with pytest.raises(AssertionError, match="no template matches 'make coffee'"):
            talk.say("make coffee")
        with pytest.raises(AssertionError, match="did not ask for"):
            talk.say("make tea", "green", "three minutes", "yes")
