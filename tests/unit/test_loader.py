"""Finding, importing and checking skills."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from pathlib import Path
from textwrap import dedent
from typing import Any, cast

import pytest

from assistant.errors import ConfigError
from assistant.intent.match import Matcher
from assistant.intent.slots import Duration
from assistant.skill.api import Context
from assistant.skill.check import check
from assistant.skill.loader import Skills, load_skills

GREET = '''
"""Greetings. They are friendly."""
from assistant import Context, skill

@skill("hello [{name}]", "good (morning|evening)", examples=["hello bob", "good morning"])
def greet(ctx: Context, name: str | None = None) -> str:
    """Say hello.

    More about it.
    """
    return f"Hello {name or 'you'}."
'''


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip("\n"))
    return path


def one(folder: Path, text: str) -> Skills:
    put(folder, "x.py", "from __future__ import annotations\nfrom typing import Literal\n" + dedent(text))
    return load_skills([folder])


def test_a_file_and_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "greet.py", GREET)
    put(tmp_path, "big/__init__.py", '"""Big."""\nfrom .words import answer\n')
    put(tmp_path, "big/words.py", 'from assistant import skill\n@skill("big")\ndef answer(ctx):\n    return "big"\n')
    put(tmp_path, "_phrases.py", "raise RuntimeError")
    put(tmp_path, ".hidden.py", "raise RuntimeError")
    put(tmp_path, "no_skill/readme.txt", "nothing")
    put(tmp_path, "notes.txt", "nothing")
    skills = load_skills([tmp_path / "absent", tmp_path])
    assert skills.problems == []
    assert [(skill.name, skill.title) for skill in skills.skills] == [
        ("big", "Big"),
        ("greet", "Greetings. They are friendly"),
    ]
    assert list(skills.handlers) == ["big.answer", "greet.greet"]
    handler = skills.handlers["greet.greet"]
    assert (handler.skill, handler.doc, handler.required) == ("greet", "Say hello.", frozenset())
    assert handler.function(cast(Context, None), name="Bob") == "Hello Bob."
    assert skills.examples() == {"Greetings. They are friendly": ("hello bob", "good morning")}
    assert skills.grammar.examples == {"hello bob": "greet.greet", "good morning": "greet.greet"}
    assert not any(name in sys.modules for name in ("greet", "big"))


def test_disabled_and_replaced_skills(tmp_path: Path) -> None:
    put(tmp_path, "shipped/greet.py", GREET)
    put(tmp_path, "shipped/other.py", GREET)
    put(tmp_path, "mine/greet.py", GREET.replace("Say hello", "Say hi"))
    skills = load_skills([tmp_path / "shipped", tmp_path / "mine"], disabled=["other"])
    assert list(skills.handlers) == ["greet.greet"]
    assert skills.handlers["greet.greet"].doc == "Say hi."


def test_slot_types_by_annotation_and_by_declaration(tmp_path: Path) -> None:
    skills = one(
        tmp_path,
        """
        from assistant import Context, Date, Duration, Percentage, TimeOfDay, skill
        CITIES = {"[the] big apple": "New York", "paris": "Paris"}
        @skill("a {n} {f} {d}", "b {t} {on}", "c {p} {mode}", "d {int:n} times", "e {city:here} to {city:there}",
               slots={"city": CITIES})
        def go(ctx: Context, n: int | None = None, f: float = 0, d: Duration | None = None, t: TimeOfDay = None,
               on: Date = None, p: Percentage = 0, mode: Literal["slow", "fast"] = "slow", here: str = "",
               there: str = ""): ...
        """,
    )
    assert skills.problems == []
    matcher = Matcher(skills.grammar)
    first = matcher.match("a five two point five ten minutes")[0].slots
    assert first == {"n": 5, "f": 2.5, "d": Duration(minutes=10)}
    assert {
        name: type(value).__name__ for name, value in matcher.match("b half past six tomorrow")[0].slots.items()
    } == {
        "t": "TimeOfDay",
        "on": "Date",
    }
    assert matcher.match("c fifty percent fast")[0].slots == {"p": 50.0, "mode": "fast"}
    assert matcher.match("d 3 times")[0].slots == {"n": 3}
    assert matcher.match("e the big apple to paris")[0].slots == {"here": "New York", "there": "Paris"}


BROKEN = {
    "def f(:\n": ("SyntaxError", 1),
    "import nothing_like_that\n": ("ModuleNotFoundError: No module named 'nothing_like_that'", 1),
    "x = 1\n\n\nraise ValueError('two\\nlines')\n": ("ValueError: two lines", 4),
    "import sys\nsys.exit(3)\n": ("SystemExit: 3", 2),
    "x = 1\n": ("no function in it is marked with @skill", 1),
    "from assistant import skill\n@skill('go {there}')\ndef f(ctx): ...\n": ("unknown slot {there}", 2),
    "from assistant import skill\n@skill('go {int}')\ndef f(ctx): ...\n": ("no parameter 'int'", 2),
    "from assistant import skill\n@skill('go (')\ndef f(ctx): ...\n": ("Template 'go ('", 2),
    "from assistant import skill\n@skill('go')\ndef f(): ...\n": ("needs a first parameter, the context", 2),
    "from assistant import skill\n@skill('go')\ndef f(ctx, n: int): ...\n": ("can match without {n}", 2),
    "from assistant import skill\n@skill('go [{n}]')\ndef f(ctx, n: int): ...\n": ("can match without {n}", 2),
    "from assistant import skill\n@skill('go {n}')\ndef f(ctx, n: dict): ...\n": ("no slot type for dict", 2),
    "from assistant import skill\n@skill('go {n}')\ndef f(ctx, n: 'Nope'): ...\n": ("name 'Nope' is not defined", 2),
    "from assistant import skill\n@skill('go {n}', slots={'n': 'abc'})\ndef f(ctx, n): ...\n": ("{n} needs a list", 2),
    "from assistant import skill\n@skill('go {n}', slots={'n': [1]})\ndef f(ctx, n): ...\n": ("cannot be said: 1", 2),
    "from assistant import skill\n@skill('go <x>', rules={'x': '<x>'})\ndef f(ctx): ...\n": ("<x> refers to itself", 2),
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_skill_is_skipped_with_one_line(tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    put(tmp_path, "a_good.py", GREET)
    path = put(tmp_path, "broken.py", text)
    put(tmp_path, "z_good.py", GREET.replace("hello", "hi"))
    with caplog.at_level(logging.WARNING):
        skills = load_skills([tmp_path])
    assert [skill.name for skill in skills.skills] == ["a_good", "z_good"]
    message, line = BROKEN[text]
    [problem] = map(str, skills.problems)
    assert problem.startswith(f"skill broken skipped: {path}:{line}: "), problem
    assert message in problem
    assert "\n" not in problem
    assert problem in caplog.messages


def test_an_error_in_a_helper_names_the_skills_own_line(tmp_path: Path) -> None:
    put(tmp_path, "x.py", "import json\n\njson.loads('{')\n")
    [problem] = load_skills([tmp_path]).problems
    assert problem.place == f"{tmp_path / 'x.py'}:3"


def test_optional_slots_and_both_branches(tmp_path: Path) -> None:
    skills = one(
        tmp_path,
        """
        from assistant import Context, skill
        @skill("wake me (at {n}|in {n} minutes)", "(set;alarm;{n})", "<r> now", rules={"r": "go {n}"})
        def f(ctx: Context, n: int): ...
        """,
    )
    assert skills.problems == []


def test_lists_from_functions_are_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "rooms.txt"
    path.write_text("kitchen")
    skills = one(
        tmp_path,
        f"""
        from pathlib import Path
        from assistant import Context, skill
        def rooms():
            return Path({str(path)!r}).read_text().split()
        @skill("light {{room}}", slots={{"room": rooms}}, examples=["light kitchen"])
        def f(ctx: Context, room: str): ...
        """,
    )
    before = skills.grammar
    assert Matcher(before).match("light kitchen")
    assert not Matcher(before).match("light garage")
    assert not skills.refresh_lists()
    assert skills.grammar is before
    path.write_text("garage")
    assert skills.refresh_lists()
    assert skills.grammar is not before
    assert Matcher(skills.grammar).match("light garage")
    assert not Matcher(skills.grammar).match("light kitchen")
    path.unlink()
    assert not skills.refresh_lists()
    assert Matcher(skills.grammar).match("light garage")


def test_a_list_function_that_fails_at_first_leaves_an_empty_list(tmp_path: Path) -> None:
    skills = one(
        tmp_path,
        """
        from assistant import Context, skill
        state = {"tries": 0}
        def rooms():
            state["tries"] += 1
            return {1: ["kitchen"][state["tries"] * 5]} if state["tries"] == 1 else {"kitchen": 7}
        @skill("light {room}", "dark", slots={"room": rooms}, examples=["dark"])
        def f(ctx: Context, room: int = 0): ...
        """,
    )
    assert [str(problem).split(": ", 2)[2] for problem in skills.problems] == [
        "the function that lists {room} failed: IndexError: list index out of range"
    ]
    assert Matcher(skills.grammar).match("dark")
    assert check(skills) == []
    assert skills.refresh_lists()
    assert Matcher(skills.grammar).match("light kitchen")[0].slots == {"room": 7}


def test_lists_from_the_configuration(tmp_path: Path) -> None:
    put(
        tmp_path,
        "x.py",
        """
        from assistant import Context, skill
        @skill("light {room}", "from {room:source} to {room}", "call {person}", slots={"person": ["bob"]})
        def f(ctx: Context, room: str = "", source: str = "", person: str = ""): ...
        """,
    )
    skills = load_skills([tmp_path], lists={"room": {"[the] kitchen": "k", "hall": "h"}, "person": ["anna"]})
    matcher = Matcher(skills.grammar)
    assert matcher.match("light the kitchen")[0].slots == {"room": "k"}
    assert matcher.match("from hall to kitchen")[0].slots == {"source": "h", "room": "k"}
    assert matcher.match("call bob")
    assert not matcher.match("call anna")
    with pytest.raises(ConfigError, match=r"\{room\} needs a list"):
        load_skills([tmp_path], lists=cast(Any, {"room": 5}))


def test_a_blocking_call_in_an_async_function_is_named(tmp_path: Path) -> None:
    skills = one(
        tmp_path,
        """
        import subprocess, time
        from assistant import Context, skill
        @skill("a", examples=["a"])
        async def f(ctx: Context):
            time.sleep(5)
        @skill("b", examples=["b"])
        async def g(ctx: Context):
            await ctx.sleep(time.time())
        @skill("c", examples=["c"])
        def h(ctx: Context):
            time.sleep(5)
        """,
    )
    assert [problem.text.split(" blocks")[0] for problem in check(skills)] == ["time.sleep"]


def test_hooks_run_in_order_and_one_that_fails_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    hooks = "def on_start(ctx):\n    ctx.append('{0}')\nasync def on_stop(ctx):\n    ctx.append('{0} ends')\n"
    put(tmp_path, "a.py", GREET + hooks.format("a"))
    put(tmp_path, "b.py", GREET + "async def on_start(ctx):\n    raise SystemExit\n" + "def on_stop(ctx):\n    1 / 0\n")
    put(tmp_path, "c.py", GREET + hooks.format("c"))
    skills = load_skills([tmp_path])
    seen: list[str] = []
    contexts = cast(Any, dict.fromkeys("abc", seen))

    async def run() -> None:
        await skills.start(contexts)
        await skills.stop(contexts)

    asyncio.run(run())
    assert seen == ["a", "c", "c ends", "a ends"]
    assert [message.split(":")[0] for message in caplog.messages] == ["skill b", "skill b"]


def test_what_an_author_should_know(tmp_path: Path) -> None:
    one(
        tmp_path,
        """
        from assistant import Context, skill
        @skill("stop", "halt", "never {nothing}", slots={"nothing": []}, examples=["stop", "please", "hello you"])
        def f(ctx: Context, nothing: str = ""): ...
        """,
    )
    put(tmp_path, "y.py", GREET.replace('"hello bob"', '"stop", "hello bob"').replace("good (", "(stop|halt|good) ("))
    put(tmp_path, "z.py", GREET.replace('"hello [{name}]", ', "").replace('"hello bob", ', ""))
    found = [str(problem).split(": ", 2)[::2] for problem in check(load_skills([tmp_path]))]
    assert found == [
        ["skill x", "example 'please' matches no template"],
        ["skill x", "example 'hello you' reaches y.greet, by its template 'hello [{name}]'"],
        ["skill x", "template 'halt' is hit by no example"],
        ["skill x", "template 'never {nothing}' can match nothing"],
        ["skill y", "example 'stop' is claimed by x.f as well"],
        ["skill y", "example 'good morning' is matched as well by z.greet, by its template 'good (morning|evening)'"],
        ["skill z", "example 'good morning' is claimed by y.greet as well"],
    ]


def test_ten_skills_load_in_a_moment(tmp_path: Path) -> None:
    text = '''
        """Kitchen timers, set {0}."""
        from assistant import Context, Duration, skill
        RULES = {{"set": "(set [up]|start|create|make|add|begin)", "a": "[(a|an|my)] [new]",
                  "timer": "(timer|countdown)"}}
        @skill("<set> <a> <timer> {0} [(for|of)] {{duration}}", "<set> <a> {{duration}} [{{name}}] <timer> {0}",
               "<set> <a> {{name}} <timer> {0} for {{duration}}", "{0} {{duration}} [{{name}}] <timer>",
               rules=RULES, examples=["set a timer {0} for five minutes"])
        def f(ctx: Context, duration: Duration, name: str | None = None): ...
        @skill("cancel <a> {0} [{{name}}] <timer>", "how long [is left] on <a> {0} <timer>", rules=RULES)
        def g(ctx: Context, name: str | None = None): ...
    '''
    for number in range(10):
        put(tmp_path, f"s{number}.py", dedent(text).format(f"zone{number}"))
    began = time.process_time()
    skills = load_skills([tmp_path])
    assert time.process_time() - began < 0.3
    assert len(skills.skills) == 10
