"""Running skills: whatever one does wrong, the session hears one error in time."""

# ruff: noqa: ARG001  (a skill's signature is what is tested)
from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.errors import EngineError, SkillError
from assistant.runtime.clock import VirtualLoop
from assistant.skill.api import Context, skill
from assistant.skill.binding import bind
from assistant.skill.invoke import call

CTX = Context("kitchen", cast(Any, None), cast(Any, None))


def in_virtual_time(coroutine: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(coroutine)


LOOPS = pytest.mark.parametrize("run", [asyncio.run, in_virtual_time], ids=["real", "virtual"])
Run = Callable[[Coroutine[Any, Any, Any]], Any]


def ask(function: Callable[..., Any], seconds: float = 10.0, **slots: Any) -> Coroutine[Any, Any, str]:
    return call(bind("kitchen", "Kitchen", skill("x")(function)), CTX, slots, seconds)


def fails(run: Run, function: Callable[..., Any], seconds: float = 10.0) -> EngineError:
    with pytest.raises(EngineError) as caught:
        run(ask(function, seconds))
    error = caught.value
    assert (error.stage, error.engine) == ("skill", "kitchen")
    assert "\n" not in str(error)
    return error


@LOOPS
def test_replies(run: Run) -> None:
    def plain(ctx: Context, n: int, times: int = 2) -> str:
        return f"{n * times} on {threading.current_thread() is threading.main_thread()}"

    async def quick(ctx: Context, n: int) -> str:
        await asyncio.sleep(0)
        return f"{n} on {threading.current_thread() is threading.main_thread()}"

    def late(ctx: Context, n: int) -> Coroutine[Any, Any, str]:
        return quick(ctx, n)

    def silent(ctx: Context) -> None:
        return None

    assert run(ask(plain, n=4)) == "8 on False"
    assert run(ask(plain, n=4, times=3, unknown=1)) == "12 on False"
    assert run(ask(quick, n=4)) == "4 on True"
    assert run(ask(late, n=4)) == "4 on True"
    assert run(ask(silent)) == ""


BAD: list[tuple[BaseException, str, str]] = [
    (ValueError("two\nlines"), "crashed", "ValueError: two lines"),
    (KeyError(), "crashed", "KeyError"),
    (TimeoutError("the socket"), "crashed", "TimeoutError: the socket"),
    (StopIteration(), "crashed", "StopIteration"),
    (asyncio.CancelledError(), "crashed", "CancelledError"),
    (GeneratorExit(), "crashed", "GeneratorExit"),
    (SystemExit(3), "exit", "tried to end the program (SystemExit)"),
    (KeyboardInterrupt(), "exit", "tried to end the program (KeyboardInterrupt)"),
    (EngineError("asr", "x", "crashed", "oh"), "crashed", "EngineError: x (asr): oh"),
]


@LOOPS
@pytest.mark.parametrize(("error", "code", "text"), BAD, ids=lambda value: type(value).__name__)
def test_whatever_it_raises(run: Run, error: BaseException, code: str, text: str) -> None:
    def plain(ctx: Context) -> str:
        raise error

    async def quick(ctx: Context) -> str:
        raise error

    async def later(ctx: Context) -> str:
        await asyncio.sleep(0.01)
        raise error

    for function in (plain, quick, later):
        found = fails(run, function)
        assert found.code == code
        if not isinstance(error, StopIteration):  # Python itself turns it into a RuntimeError in a coroutine
            assert found.message == f"kitchen.{function.__name__} {text}"


@LOOPS
def test_what_a_skill_says_is_wrong_passes(run: Run) -> None:
    def plain(ctx: Context) -> str:
        raise SkillError("There is no timer.")

    async def quick(ctx: Context) -> str:
        raise SkillError("There is no timer.")

    for function in (plain, quick):
        with pytest.raises(SkillError, match="There is no timer"):
            run(ask(function))


@LOOPS
@pytest.mark.parametrize("value", [5, b"x", ["a"], object()])
def test_what_is_no_reply(run: Run, value: object) -> None:
    def plain(ctx: Context) -> Any:
        return value

    async def quick(ctx: Context) -> Any:
        return value

    for function in (plain, quick):
        found = fails(run, function)
        assert found.code == "bad_reply"
        assert type(value).__name__ in found.message


@LOOPS
def test_a_blocked_thread_is_left_behind_and_the_next_call_works(run: Run) -> None:
    release = threading.Event()

    def blocked(ctx: Context) -> str:
        release.wait(60)
        return "late"

    def quick(ctx: Context) -> str:
        return "here"

    async def both() -> str:
        for _ in range(3):
            with pytest.raises(EngineError, match=r"gave no answer within 0\.05 seconds") as caught:
                await ask(blocked, 0.05)
            assert caught.value.code == "timeout"
        return await ask(quick)

    began = time.perf_counter()
    assert run(both()) == "here"
    assert time.perf_counter() - began < 5
    release.set()


def test_an_async_skill_that_takes_too_long_costs_loop_time_only() -> None:
    ended: list[str] = []

    async def slow(ctx: Context) -> str:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("tidied up")
        return "late"

    async def measure() -> float:
        loop = asyncio.get_running_loop()
        before = loop.time()
        with pytest.raises(EngineError) as caught:
            await ask(slow)
        assert caught.value.code == "timeout"
        return loop.time() - before

    assert in_virtual_time(measure()) == pytest.approx(10, abs=0.2)
    assert ended == ["tidied up"]


def test_an_async_skill_that_ignores_its_cancellation_is_left_behind() -> None:
    async def stubborn(ctx: Context) -> str:
        for _ in range(100):
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                continue
        return "late"

    async def measure() -> float:
        loop = asyncio.get_running_loop()
        before = loop.time()
        with pytest.raises(EngineError):
            await ask(stubborn, 5)
        return loop.time() - before

    assert in_virtual_time(measure()) == pytest.approx(5, abs=0.2)


@LOOPS
def test_an_interrupted_turn_cancels_the_skill(run: Run) -> None:
    seen: list[str] = []

    async def slow(ctx: Context) -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        return ""

    async def interrupt() -> None:
        task = asyncio.ensure_future(ask(slow))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(interrupt())
    assert seen == ["cancelled"]


@LOOPS
def test_an_interrupted_turn_does_not_wait_for_a_blocked_thread(run: Run) -> None:
    release, begun = threading.Event(), threading.Event()

    def blocked(ctx: Context) -> str:
        begun.set()
        release.wait(60)
        return "late"

    async def interrupt() -> None:
        task = asyncio.ensure_future(ask(blocked))
        await asyncio.get_running_loop().run_in_executor(None, begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    began = time.perf_counter()
    run(interrupt())
    assert time.perf_counter() - began < 5
    release.set()


def test_a_blocked_skill_does_not_keep_the_process_alive(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio, time\n"
        "from assistant.skill.api import Context, skill\n"
        "from assistant.skill.binding import bind\n"
        "from assistant.skill.invoke import call\n"
        "@skill('x')\n"
        "def blocked(ctx):\n"
        "    time.sleep(60)\n"
        "try:\n"
        "    asyncio.run(call(bind('k', 'K', blocked), Context('k', None, None), {}, 0.1))\n"
        "except Exception as error:\n"
        "    print(error.code)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(program)],
        cwd=root,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("Traceback")) == (0, "timeout\n", 0)
