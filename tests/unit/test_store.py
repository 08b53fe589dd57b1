"""The skills' durable memory."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SkillError
from assistant.skill.store import Stores

ROOT = Path(__file__).parents[2]


def test_values_survive_a_restart_and_skills_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "not yet there" / "assistant.db"
    stores = Stores(path)
    values: list[Any] = [None, True, 5, 2.5, "grüß 🙂", [1, {"a": None}], {"due": 1.5, "name": "pasta"}]
    for number, value in enumerate(values):
        stores.open("timers").put(f"k{number}", value)
    stores.open("alarms").put("k0", "mine")
    stores.close()
    again = Stores(path)
    assert [value for _, value in again.open("timers").items()] == values
    assert again.open("alarms").items() == [("k0", "mine")]
    assert again.open("other").get("k0", "nothing") == "nothing"
    again.close()


def test_put_replaces_delete_forgets_and_items_filter(tmp_path: Path) -> None:
    stores = Stores(tmp_path / "a.db")
    store = stores.open("x")
    for key in ("b/2", "a/1", "b/1", "b%", "B/3"):
        store.put(key, key)
    store.put("b/1", "new")
    assert store.items("b/") == [("b/1", "new"), ("b/2", "b/2")]
    assert [key for key, _ in store.items()] == sorted(["b/2", "a/1", "b/1", "b%", "B/3"])
    store.delete("b/1")
    store.delete("never there")
    assert store.get("b/1") is None
    stores.close()


def test_what_is_no_json_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    stores = Stores(tmp_path / "a.db")
    store = stores.open("x")
    store.put("k", 1)
    with pytest.raises(TypeError):
        store.put("k", object())
    assert store.get("k") == 1
    stores.close()


def test_many_threads_at_once(tmp_path: Path) -> None:
    stores = Stores(tmp_path / "a.db")

    def work(name: int) -> None:
        store = stores.open(f"skill{name % 3}")
        for number in range(20):
            store.put(f"{name}/{number}", number)
            assert store.get(f"{name}/{number}") == number

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(stores.open(f"skill{name}").items()) for name in range(3)) == 8 * 20
    stores.close()


WRITER = """
import sys
from pathlib import Path
from assistant.skill.store import Stores
store = Stores(Path(sys.argv[1])).open("counter")
for number in range(10**9):
    store.put(f"n{number}", number)
    print(number, flush=True)
"""


def test_killed_while_it_writes_it_loses_nothing_that_it_promised(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    for round_ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(20 + 17 * round_)]
        os.kill(process.pid, signal.SIGKILL)
        lines += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        promised = [int(line) for line in lines if line.endswith("\n")]
        stores = Stores(path)
        kept = {value for _, value in stores.open("counter").items()}
        assert set(promised) <= kept
        assert not stores.notice
        stores.close()


@pytest.mark.parametrize("content", [b"this is no database", b"SQLite format 3\x00" + b"\xff" * 4096, b"\x00" * 5000])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "assistant.db"
    path.write_bytes(content)
    stores = Stores(path)
    with caplog.at_level(logging.WARNING):
        stores.open("x").put("k", 1)
    assert stores.open("x").get("k") == 1
    kept = [
        file for file in tmp_path.iterdir() if ".damaged-" in file.name and not file.name.endswith(("-wal", "-shm"))
    ]
    assert [file.read_bytes() for file in kept] == [content]
    assert str(path) in stores.notice
    assert kept[0].name in stores.notice
    assert "\n" not in stores.notice
    assert stores.notice in caplog.messages
    stores.close()


def test_a_page_damaged_in_the_middle_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "assistant.db"
    stores = Stores(path)
    for number in range(200):
        stores.open("x").put(f"k{number}", "value " * 20)
    stores.close()
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xa5" * 4096
    path.write_bytes(bytes(data))
    again = Stores(path)
    again.open("x").put("new", 1)
    assert again.open("x").items() == [("new", 1)]
    assert again.notice
    again.close()


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "assistant.db"
    stores = Stores(path)
    store = stores.open("x")
    store.put("k", "small")
    stores.run(lambda db: db.execute("PRAGMA max_page_count = 4"))
    with pytest.raises(SkillError, match="the disk is full") as error:
        store.put("k", "big" * 50_000)
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)
    assert store.get("k") == "small"
    stores.close()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "a.db", Path("/proc/assistant.db")):
        with pytest.raises(SkillError, match="I can't use my memory") as error:
            Stores(path).open("x").put("k", 1)
        assert "\n" not in str(error.value)


def test_a_read_only_file_is_one_line(tmp_path: Path) -> None:
    stores = Stores(tmp_path / "a.db")
    stores.open("x").put("k", 1)
    stores.run(lambda db: db.execute("PRAGMA query_only = 1"))
    with pytest.raises(SkillError, match="it may not be written to"):
        stores.open("x").put("k", 2)
    assert stores.open("x").get("k") == 1
    stores.close()


def test_another_program_that_holds_the_file(tmp_path: Path) -> None:
    stores = Stores(tmp_path / "a.db", patience=0.05)
    stores.open("x").put("k", 1)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SkillError, match="another program holds it"):
        stores.open("x").put("k", 2)
    other.execute("ROLLBACK")
    other.close()
    stores.open("x").put("k", 3)
    assert stores.open("x").get("k") == 3
    stores.close()
