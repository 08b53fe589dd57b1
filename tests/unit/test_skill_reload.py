"""Skills that change while the assistant runs, and those of installed packages."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from textwrap import dedent

import pytest

from assistant.app import Mind, open_mind
from assistant.config import load
from assistant.intent.match import Matcher
from assistant.runtime.clock import VirtualLoop
from assistant.skill.around import Card, Playing, Sound
from assistant.skill.importing import Found
from assistant.skill.loader import Problem, Skills, load_skills

LAMP = """
    from assistant import Context, skill
    from .words import WORD
    EVENTS = []
    async def on_start(ctx):
        EVENTS.append("start")
        ctx.spawn(tick(ctx))
        ctx.store.put("starts", ctx.store.get("starts", 0) + 1)
    async def tick(ctx):
        try:
            await ctx.sleep(1e6)
        finally:
            EVENTS.append("task over")
    async def on_stop(ctx):
        EVENTS.append("stop")
    async def on_due(ctx, name, payload):
        await ctx.announce(f"{WORD} {name}")
    @skill("lamp on", examples=["lamp on"])
    def on(ctx: Context) -> str:
        return f"{WORD} {ctx.store.get('starts')}"
"""


def put(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "skills/lamp/__init__.py", LAMP)
    put(tmp_path, "skills/lamp/words.py", "WORD = 'one'\n")
    put(tmp_path, "skills/door.py", "from assistant import skill\n@skill('door')\ndef f(ctx):\n    return 'door'\n")
    return tmp_path / "skills"


class Silence:
    """Surroundings that keep what is announced."""

    ringing = playing = None

    def __init__(self) -> None:
        self.announced: list[str] = []

    async def announce(self, text: str, skill: str) -> None:
        assert skill
        self.announced.append(text)

    async def ring(self, text: str, skill: str, seconds: float) -> bool:
        return bool(text and skill and seconds < 0)

    async def ask(self, question: str, kind: object) -> str | None:
        raise AssertionError(question, kind)

    async def say(self, text: str) -> None:
        raise AssertionError(text)

    async def play(self, sound: Sound, title: str) -> Playing:
        raise AssertionError(sound, title)

    def stop(self) -> bool:
        return False

    def stop_playing(self) -> bool:
        return False

    def show(self, card: Card, skill: str) -> None:
        raise AssertionError(card, skill)

    def apply_volume(self, level: float) -> None:
        assert 0 <= level <= 1


def run(folder: Path, scenario: Callable[[Mind, Silence], Awaitable[None]]) -> Skills:
    skills = load_skills([folder])

    async def whole() -> None:
        around = Silence()
        async with open_mind(load(env={}, user=False), around, skills, folder.parent / "data") as mind:
            await scenario(mind, around)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole())
    return skills


async def reply(mind: Mind, text: str) -> str:
    return (await mind.brain.answer(text)).text


def events(mind: Mind) -> list[str]:
    hook = mind.skills.handlers["lamp.on"].function
    found: list[str] = hook.__globals__["EVENTS"]
    return found


def test_a_saved_change_is_live_and_the_old_version_ends(folder: Path) -> None:
    async def scenario(mind: Mind, around: Silence) -> None:
        assert await reply(mind, "lamp on") == "one 1"
        old, grammar = events(mind), mind.skills.grammar
        mind.contexts["lamp"].schedule("later", mind.house.now().replace(year=2200))
        put(folder, "lamp/words.py", "WORD = 'two'\n")
        put(folder, "lamp/__init__.py", LAMP.replace('"lamp on"', '"light on"'))
        assert await mind.reload("lamp") is None
        assert mind.skills.grammar is not grammar
        assert old == ["start", "stop", "task over"]
        assert (await reply(mind, "light on"), events(mind)) == ("two 2", ["start"])
        assert not Matcher(mind.skills.grammar).match("lamp on")
        assert await reply(mind, "door") == "door"
        assert [each.name for each in mind.contexts["lamp"].scheduled()] == ["later"]
        mind.contexts["lamp"].schedule("now", mind.house.now())
        await asyncio.sleep(1)
        assert around.announced == ["two now"], "it is the new version that does what is due"

    run(folder, scenario)


def test_a_change_of_the_same_length_within_a_second_is_seen(folder: Path) -> None:
    async def scenario(mind: Mind, _: Silence) -> None:
        for word in ("two", "six", "ten", "one"):
            put(folder, "lamp/words.py", f"WORD = '{word}'\n")
            assert await mind.reload("lamp") is None
            assert (await reply(mind, "lamp on")).startswith(word)

    run(folder, scenario)


BROKEN = {
    "lamp/__init__.py": ("def f(:\n", "SyntaxError"),
    "lamp/words.py": ("WORD = 1 / 0\n", "ZeroDivisionError: division by zero"),
    "lamp/skill.yaml": ("name: door\n", "name must be lamp"),
    "lamp/sentences/en.yaml": ("language: en\nlists: 5\n", "lists must be a mapping"),
    "lamp/responses/en.yaml": ("language: en\n", "responses must be set"),
}


@pytest.mark.parametrize("file", BROKEN)
def test_a_broken_save_keeps_the_last_good_version_and_says_why(folder: Path, file: str) -> None:
    async def scenario(mind: Mind, _: Silence) -> None:
        grammar = mind.skills.grammar
        put(folder, file, BROKEN[file][0])
        problem = await mind.reload("lamp")
        assert problem is not None
        assert BROKEN[file][1] in problem.text
        assert file.removeprefix("lamp/") in problem.place
        assert mind.skills.grammar is grammar
        assert (await reply(mind, "lamp on"), events(mind)) == ("one 1", ["start"])
        assert "_assistant_skill_lamp.words" in sys.modules, "a late import of the old version still works"

    run(folder, scenario)


def test_skills_come_and_go(folder: Path) -> None:
    async def scenario(mind: Mind, _: Silence) -> None:
        put(folder, "bell.py", "from assistant import skill\n@skill('ring the bell')\ndef f(ctx):\n    return 'ding'\n")
        assert await mind.add(Found("bell", folder / "bell.py")) is None
        assert await reply(mind, "ring the bell") == "ding"
        old = events(mind)
        await mind.remove("lamp")
        assert old == ["start", "stop", "task over"]
        assert [skill.name for skill in mind.skills.skills] == ["door", "bell"]
        assert "lamp.on" not in mind.skills.handlers
        problem = await mind.reload("lamp")
        assert isinstance(problem, Problem)
        assert problem.text == "there is no such skill"

    run(folder, scenario)


def test_without_a_mind(folder: Path) -> None:
    skills = load_skills([folder])
    put(folder, "lamp/words.py", "WORD = 'new'\n")
    assert skills.reload("lamp") is None
    assert skills.handlers["lamp.on"].function.__globals__["WORD"] == "new"
    assert skills.reload("nothing") is not None


# --- packages ----------------------------------------------------------------------------------------


def package(folder: Path, name: str, module: str, code: str) -> None:
    """What pip leaves behind."""
    put(folder, f"{module}/__init__.py", code)
    put(folder, f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    put(folder, f"{name}-1.0.dist-info/entry_points.txt", f"[assistant.skills]\n{name} = {module}\n")


def test_skills_of_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        '"""Of a package."""\nfrom assistant import skill\n@skill("hello")\ndef f(ctx):\n    return ctx.reply("hi")\n'
    )
    package(tmp_path, "packed", "packed_module", code)
    package(tmp_path, "off", "off_module", "raise RuntimeError('imported')\n")
    package(tmp_path, "bad", "bad_module", "raise RuntimeError('broken')\n")
    package(tmp_path, "gone", "gone_module", "")
    (tmp_path / "gone_module" / "__init__.py").unlink()
    (tmp_path / "gone_module").rmdir()
    put(tmp_path, "packed_module/responses/en.yaml", "language: en\nresponses: {hi: Hello.}\n")
    put(tmp_path, "packed_module/skill.yaml", "name: packed\nversion: 3.1\ntitle: Packed\n")
    monkeypatch.syspath_prepend(tmp_path)
    skills = load_skills([], disabled=["off"], packages=True)
    [skill] = skills.skills
    assert (skill.name, skill.title, skill.replies.say("hi", {})) == ("packed", "Packed", "Hello.")
    assert skill.manifest is not None
    assert skill.manifest.version == "3.1"
    assert sorted(problem.text for problem in skills.problems) == [
        "RuntimeError: broken",
        "there is no module gone_module",
    ]
    assert "off_module" not in sys.modules
    put(tmp_path, "packed_module/__init__.py", code.replace("hello", "good day"))
    assert skills.reload("packed") is None
    assert Matcher(skills.grammar).match("good day")
    assert load_skills([]).skills == (), "packages are looked for only when they are asked for"
    sys.modules.pop("packed_module")
