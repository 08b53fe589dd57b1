"""Virtual time, workers and channels."""

import asyncio
import threading
import time
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from assistant.errors import EngineError, SkillError
from assistant.runtime.channel import Channel
from assistant.runtime.clock import VirtualLoop, WallClock
from assistant.runtime.worker import InlineWorker, Worker


def run(coroutine):
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(coroutine)


def test_an_hour_passes_at_once():
    async def main():
        loop = asyncio.get_running_loop()
        began = time.monotonic()
        await asyncio.sleep(3600)
        return loop.time(), time.monotonic() - began

    virtual, real = run(main())
    assert virtual == pytest.approx(3600)
    assert real < 5


def test_sleepers_wake_in_order_and_at_their_time():
    async def main():
        loop, woken = asyncio.get_running_loop(), []

        async def sleeper(seconds):
            await asyncio.sleep(seconds)
            woken.append((seconds, round(loop.time(), 6)))

        async with asyncio.TaskGroup() as group:
            for seconds in (3, 1, 2):
                group.create_task(sleeper(seconds))
        return woken

    assert run(main()) == [(1, 1.0), (2, 2.0), (3, 3.0)]


def test_time_stands_still_while_a_worker_works():
    async def main():
        loop = asyncio.get_running_loop()
        worker = Worker("asr")
        ticker = asyncio.create_task(asyncio.sleep(10))
        release = threading.Event()
        threading.Timer(0.05, release.set).start()
        await worker.call(release.wait, 5)
        at = loop.time()
        ticker.cancel()
        worker.close()
        return at

    assert run(main()) == 0.0


def test_the_wall_clock_follows_virtual_time_from_any_thread():
    async def main():
        clock = WallClock(asyncio.get_running_loop(), "Asia/Tokyo", datetime(2026, 3, 1, 12, tzinfo=UTC))
        await asyncio.sleep(90)
        return await asyncio.to_thread(clock.now)

    assert run(main()).isoformat() == "2026-03-01T21:01:30+09:00"


def test_a_vendors_exception_is_mapped_and_ours_passes():
    async def main(error, expected):
        worker = Worker("tts", "piper")

        def broken():
            raise error

        with pytest.raises(expected) as caught:
            await worker.call(broken)
        worker.close()
        return caught.value

    mapped = run(main(RuntimeError("no such voice"), EngineError))
    assert (mapped.stage, mapped.engine, mapped.code) == ("tts", "piper", "crashed")
    assert "no such voice" in str(mapped)
    assert str(run(main(SkillError("no luck"), SkillError))) == "no luck"


def test_a_stream_is_made_stepped_and_closed_on_the_workers_thread():
    threads = []

    def numbers():
        threads.append(threading.current_thread().name)
        try:
            yield from range(100)
        finally:
            threads.append(threading.current_thread().name)

    async def main():
        worker, seen = Worker("tts", "x"), []
        async with aclosing(worker.stream(numbers)) as items:
            async for item in items:
                seen.append(item)
                if item == 2:
                    break
        await worker.call(int)
        worker.close()
        return seen

    assert run(main()) == [0, 1, 2]
    assert len(threads) == 2
    assert all(name.startswith("tts-x") for name in threads)


def test_a_cancelled_stream_is_closed():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield 0
        finally:
            closed.set()

    async def main():
        worker = Worker("tts")

        async def draw():
            async with aclosing(worker.stream(endless)) as items:
                async for _ in items:
                    await asyncio.sleep(1)

        task = asyncio.create_task(draw())
        await asyncio.sleep(5)
        task.cancel()
        await asyncio.wait((task,))
        await worker.call(int)
        worker.close()

    run(main())
    assert closed.is_set()


def test_an_inline_worker_takes_its_scripted_time():
    async def main():
        worker = InlineWorker("asr", cost=0.25)
        assert await worker.call(lambda: 42) == 42
        return asyncio.get_running_loop().time()

    assert run(main()) == pytest.approx(0.25)


def test_a_full_channel_drops_the_oldest_and_counts():
    async def main():
        channel = Channel(3)
        for item in range(5):
            channel.put(item)
        channel.close()
        return [item async for item in channel], channel.take_dropped(), channel.take_dropped()

    assert run(main()) == ([2, 3, 4], 2, 0)
