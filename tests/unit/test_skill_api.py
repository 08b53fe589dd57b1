"""What skills are written with: the names that must not change, and what they do."""

from __future__ import annotations

import inspect
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest

import assistant
from assistant import Card, Context, Location, NetworkError, SkillError
from assistant.skill import fetching, secrets
from assistant.skill.check import check
from assistant.skill.loader import Skills, load_skills
from tests.unit.skillkit import Talk, play

PUBLIC = [
    "Cancelled", "Card", "Context", "Date", "Duration", "Fetched", "Location", "NetworkError", "NoAnswer", "Percentage",
    "Recurrence", "SkillError", "SlotType", "TimeOfDay", "skill",
]  # fmt: skip
CONTEXT = [
    "announce", "ask", "confirm", "database", "dialogue", "due", "facts", "fetch", "house", "http", "language",
    "lists_changed", "location", "log", "memory", "now", "on_due", "play", "playing", "relist", "replies", "reply",
    "ring", "run_background", "satellite", "say", "say_later", "schedule", "scheduled", "secrets", "services",
    "settings", "show", "skill", "skills", "sleep", "spawn", "stop_playing", "store", "text", "time_zone", "undo",
    "units", "unschedule",
]  # fmt: skip


def test_names_that_skills_rely_on() -> None:
    assert sorted(assistant.__all__) == PUBLIC
    assert [name for name in dir(Context) if not name.startswith("_")] == CONTEXT
    taken = ["templates", "examples", "slots", "rules", "pure", "dangerous"]
    assert list(inspect.signature(assistant.skill).parameters) == taken


def test_every_public_name_is_documented() -> None:
    for name in PUBLIC:
        assert inspect.getdoc(getattr(assistant, name)), name
        assert name in (assistant.__doc__ or ""), name
    documented = inspect.getdoc(Context) or ""
    for name in CONTEXT:
        member = inspect.getattr_static(Context, name)
        assert name in documented or inspect.getdoc(member), name


def test_starting_takes_no_library_that_only_some_skills_need(tmp_path: Path) -> None:
    made(tmp_path, sale=ASKING)
    heavy = ["httpx", "babel", "dateutil", "keyring", "num2words", "av", "anyio"]
    program = (
        "import sys; from pathlib import Path; from assistant.skill.loader import load_skills;"
        "assert load_skills([Path(sys.argv[1])]).handlers;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "made"], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


# --- what a context does -------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_key_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_ring", [None])


def made(tmp_path: Path, **files: str) -> Skills:
    """Skills by name → code."""
    folder = tmp_path / "made"
    folder.mkdir(exist_ok=True)
    for name, code in files.items():
        (folder / f"{name}.py").write_text("from assistant import *\n" + dedent(code))
    skills = load_skills([folder])
    assert not skills.problems, [str(problem) for problem in skills.problems]
    return skills


ASKING = """
    @skill("sell the house", examples=["sell the house"])
    async def sell(ctx):
        await ctx.say("Let me think.")
        if await ctx.confirm("Really?"):
            ctx.show(Card("Sold", "to somebody"))
            return "Sold."
        return "Kept."
"""


def test_say_and_confirm(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        for answer, reply in (("yes", "Sold."), ("no", "Kept."), ("never mind", "Kept."), (None, "Kept.")):
            assert await talk.say("sell the house", answer) == reply
        assert talk.house.said == ["Let me think."] * 4
        assert talk.house.cards == [Card("Sold", "to somebody")]
        await talk.context("sale").say("It rains.")
        assert talk.house.announced == ["sale: It rains."], "outside a conversation it waits until nobody speaks"

    play(scenario, skills=made(tmp_path, sale=ASKING))


def test_time_and_place(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        ctx = talk.context("sale")
        assert ctx.time_zone == "Europe/Berlin"
        assert ctx.location == Location(52.5, 13.4, "Berlin")
        assert (ctx.language, ctx.units, ctx.satellite, ctx.due) == ("en", "metric", "", None)
        assert ctx.log is logging.getLogger("skill.sale")

    play(scenario, skills=made(tmp_path, sale=ASKING), location=Location(52.5, 13.4, "Berlin"))


CALLING = """
    @skill("good morning", examples=["good morning"])
    async def morning(ctx):
        said = [await ctx.skills.call("sale.sell"), await ctx.skills.answer("what is left")]
        return " ".join(said)
    @skill("go round", examples=["go round"])
    async def round(ctx):
        return await ctx.skills.answer("go round")
    @skill("fail {what:how}", slots={"what": ["badly", "unknown", "without", "lost"]}, examples=["fail badly"])
    async def fail(ctx, how: str):
        if how == "unknown":
            return await ctx.skills.call("sale.buy")
        if how == "without":
            return await ctx.skills.call("sale.left")
        if how == "lost":
            return await ctx.skills.answer("pigs fly")
        return await ctx.skills.call("sale.crash")
"""
CALLED = """
    @skill("sell")
    async def sell(ctx):
        await ctx.say("Selling.")
        return "Sold."
    @skill("what is {left}", slots={"left": ["left"]})
    def left(ctx, left: str):
        return f"Nothing is {left}."
    @skill("crash")
    def crash(ctx):
        1 / 0
"""


def test_skills_call_each_other(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        assert await talk.say("good morning") == "Sold. Nothing is left."
        assert talk.house.said == ["Selling."]
        assert await talk.say("go round") == "The day skill calls itself again and again."
        assert await talk.say("fail unknown") == "The day skill needs sale.buy, which I can't find."
        assert await talk.say("fail without") == "The day skill called sale.left without left."
        assert await talk.say("fail lost") == "I don't understand 'pigs fly'."
        assert await talk.say("fail badly") == "Sorry, something went wrong in the sale skill."

    play(scenario, skills=made(tmp_path, day=CALLING, sale=CALLED))


def test_a_database_of_its_own(tmp_path: Path) -> None:
    async def scenario(talk: Talk) -> None:
        database = talk.context("sale").database()
        assert database is talk.context("sale").database()
        with database:
            database.execute("CREATE TABLE house (name TEXT)")
            database.execute("INSERT INTO house VALUES ('home')")
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        await talk.contexts.close()
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            database.execute("SELECT 1")
        assert talk.context("sale").database().execute("SELECT name FROM house").fetchall() == [("home",)]

    play(scenario, skills=made(tmp_path, sale=ASKING))


def test_a_skill_without_a_folder_says_so() -> None:
    ctx = Context("x", None, None)  # type: ignore[arg-type]
    with pytest.raises(SkillError, match="has no folder of its own"):
        ctx.database()


# --- the network -----------------------------------------------------------------------------------


class Server:
    """Answers what it is told, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: httpx.Response | Exception = httpx.Response(200, json={"degrees": 21})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if isinstance(self.answer, Exception):
            raise self.answer
        return httpx.Response(self.answer.status_code, content=self.answer.content, headers=self.answer.headers)


def with_server(tmp_path: Path, scenario: Callable[[Talk, Context, Server], Any], language: str = "en") -> None:
    server = Server()

    async def whole(talk: Talk) -> None:
        talk.services("sale").transport = httpx.MockTransport(server)
        await scenario(talk, talk.context("sale"), server)

    folder = tmp_path / "made"
    folder.mkdir(exist_ok=True)
    (folder / "sale.py").write_text("from assistant import *\n" + dedent(ASKING))
    play(whole, skills=load_skills([folder], language=language))


def test_what_was_read_is_kept(tmp_path: Path) -> None:
    async def scenario(talk: Talk, ctx: Context, server: Server) -> None:
        url, params = "https://example.org/now", {"city": "Lisbon"}
        first = await ctx.fetch(url, params=params, max_age=600)
        assert (first.json(), first.age_seconds) == ({"degrees": 21}, 0.0)
        await talk.later(300)
        again = await ctx.fetch(url, params=params, max_age=600)
        assert (again.json(), again.age_seconds) == ({"degrees": 21}, 300.0)
        assert server.asked == ["https://example.org/now?city=Lisbon"]
        await talk.later(400)
        server.answer = httpx.Response(200, content=b"caf\xe9", headers={"content-type": "text/plain; charset=latin-1"})
        assert (await ctx.fetch(url, params=params, max_age=600)).text == "café"
        assert (await ctx.fetch(url, params=params, max_age=600)).text == "café"
        await ctx.fetch(url, params={"city": "Porto"}, max_age=600)
        await ctx.fetch(url, params=params)
        assert len(server.asked) == 4

    with_server(tmp_path, scenario)


def test_without_a_network_there_is_the_copy_or_one_honest_sentence(tmp_path: Path) -> None:
    async def scenario(talk: Talk, ctx: Context, server: Server) -> None:
        await ctx.fetch("https://example.org/a")
        server.answer = httpx.ConnectError("no route")
        await talk.later(7200)
        assert (await ctx.fetch("https://example.org/a", max_age=60)).age_seconds == 7200.0
        with pytest.raises(NetworkError) as caught:
            await ctx.fetch("https://example.org/b")
        assert str(caught.value) == "I can't reach the network at the moment."
        server.answer = httpx.Response(500)
        assert (await ctx.fetch("https://example.org/a")).age_seconds == 7200.0
        with pytest.raises(NetworkError, match=r"^example\.org doesn't answer as it should\.$"):
            await ctx.fetch("https://example.org/b")

    with_server(tmp_path, scenario)


def test_the_sentence_is_in_the_users_language(tmp_path: Path) -> None:
    async def scenario(_: Talk, ctx: Context, server: Server) -> None:
        server.answer = httpx.ReadTimeout("slow")
        with pytest.raises(NetworkError, match="Ich komme gerade nicht ins Netz"):
            await ctx.fetch("https://example.org/b")

    with_server(tmp_path, scenario, "de")


def test_too_much_and_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_LARGEST", 1000)
    monkeypatch.setattr(fetching, "_KEPT", 3)

    async def scenario(talk: Talk, ctx: Context, server: Server) -> None:
        for number in range(6):
            await ctx.fetch(f"https://example.org/{number}")
        cache = talk.contexts.frame.data / "skills" / "sale" / "cache"
        assert len(list(cache.iterdir())) == 3
        server.answer = httpx.Response(200, content=b"x" * 1001)
        with pytest.raises(NetworkError, match="doesn't answer as it should"):
            await ctx.fetch("https://example.org/large")

    with_server(tmp_path, scenario)


def test_the_client(tmp_path: Path) -> None:
    async def scenario(talk: Talk, ctx: Context, server: Server) -> None:
        client = ctx.http
        assert (await client.get("https://example.org")).json() == {"degrees": 21}
        assert client.timeout.connect == 5.0
        assert "assistant" in client.headers["User-Agent"]
        await talk.contexts.close()
        assert client.is_closed
        assert server.asked == ["https://example.org"]

    with_server(tmp_path, scenario)


# --- secrets -----------------------------------------------------------------------------------------


def test_secrets_are_kept_in_a_file_that_only_the_user_can_read(tmp_path: Path) -> None:
    kept = secrets.Secrets("tea", tmp_path / "tea")
    assert kept.get("token") is None
    kept.put("token", "geheim")
    kept.put("other", "auch")
    file = tmp_path / "tea" / "secrets.json"
    assert file.stat().st_mode & 0o777 == 0o600
    again = secrets.Secrets("tea", tmp_path / "tea", {"given": "plain"})
    assert (again.get("token"), again.get("given")) == ("geheim", "plain")
    assert "geheim" not in repr(again) + str(vars(again))
    kept.put("token", None)
    assert (again.get("token"), again.get("other")) == (None, "auch")
    file.write_text("broken")
    with pytest.raises(SkillError, match="can't read the file"):
        again.get("token")


class Ring:
    """A key ring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def test_secrets_go_to_the_key_ring_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = secrets.Secrets("tea", tmp_path)
    kept.put("token", "old")
    ring = Ring()
    monkeypatch.setattr(secrets, "_ring", [ring])
    assert kept.get("token") == "old", "the file is still read"
    kept.put("token", "geheim")
    assert ring.kept == {("assistant", "tea/token"): "geheim"}
    assert "old" not in (tmp_path / "secrets.json").read_text()
    assert kept.get("token") == "geheim"
    kept.put("token", None)
    assert ring.kept == {}
    kept.put("token", None)


def test_a_key_ring_that_does_not_work_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_ring", [])
    monkeypatch.setenv("NO_KEYRING", "1")
    assert secrets.key_ring() is None


def test_no_secret_reaches_a_log_or_an_event(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = """
        @skill("pay", examples=["pay"])
        async def pay(ctx):
            ctx.secrets.put("pin", "4711")
            assert ctx.secrets.get("pin") == "4711"
            ctx.log.info("with %s in %r", ctx.secrets, ctx)
            raise ValueError
    """
    replies: list[Mapping[str, Any]] = []

    async def scenario(talk: Talk) -> None:
        reply = await talk.brain.answer("pay")
        replies.append({"text": reply.text, "failure": repr(reply.failure)})

    play(scenario, skills=made(tmp_path, bank=code))
    assert "Secrets('bank')" in caplog.text
    assert "4711" not in caplog.text + str(replies)


def test_a_skill_that_uses_all_of_it_passes_the_check(tmp_path: Path) -> None:
    assert (
        check(made(tmp_path, sale=ASKING, day=CALLING.replace('examples=["fail badly"]', 'examples=["fail lost"]')))
        == []
    )
