"""A skill in a process of its own does what it would do in the main one, if it was granted; and what it costs."""

from __future__ import annotations

import asyncio
import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.bench import boundary
from assistant.commands import doctor
from assistant.skill import secrets
from assistant.skill.api import Context
from assistant.skill.loader import load_skills
from assistant.skill.sandbox import launch
from assistant.skill.sandbox.grants import Grants, Refused
from assistant.skill.sandbox.isolate import Isolation
from assistant.skill.sandbox.launch import means
from assistant.skill.sandbox.web import Web, is_local_name, is_public
from assistant.skill.services import Services
from tests.sandboxkit import Stage, write_skill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="isolated skills need POSIX processes")

HEAD = """
from assistant.intent.template import SlotType
from assistant.intent.slots import open_list

SIZES = {"small": 1, "large": 2}
STARTED = []

async def on_start(ctx):
    STARTED.append(ctx.skill)
    ctx.store.put("starts", ctx.store.get("starts", 0) + 1)

async def on_stop(ctx):
    ctx.store.put("stopped", True)

async def on_due(ctx, name, payload):
    await ctx.announce(f"{name} is due with {payload}")

def words():
    return {"red": 1, "green": 2, **EXTRA}

EXTRA = {}

@skill("helper brew for {duration}", examples=["helper brew for five minutes"])
async def brew(ctx: Context, duration: Duration, size: int = 3) -> str:
    '''Brew tea.'''
    ctx.undo(lambda: ctx.store.put("undone", str(duration)))
    return f"{duration}, {size}"

@skill("helper colour {colour}", slots={"colour": words})
def colour(ctx: Context, colour: int) -> str:
    return str(colour)

@skill("helper size {size}", slots={"size": SIZES})
def size(ctx: Context, size: int) -> str:
    return str(size)

DIGITS = SlotType("digits", open_list("x", ["one two"]).node, len)

@skill("helper count {digits}", slots={"digits": DIGITS})
def count(ctx: Context, digits: int) -> str:
    return str(digits)
"""

FUNCTIONS = {
    "async ask": "return str(await ctx.ask('For how long?', Duration))",
    "async choose": "return str(await ctx.ask('Which?', {'tea': 1, 'coffee': 2}))",
    "async confirm": "return str(await ctx.confirm('Really?'))",
    "async announce": "await ctx.announce('Tea is ready.')",
    "async background": """
        async def later():
            await ctx.sleep(60)
            await ctx.announce('A minute has passed.')
        ctx.spawn(later())
        return 'Started.'
    """,
    "promise": "ctx.say_later(90, 'Look at the oven.'); return str(len(ctx.scheduled()))",
    "plan": "from datetime import timedelta; ctx.schedule('bins', ctx.now() + timedelta(hours=2), payload=[1, 2])",
    "remember": "ctx.store.put('a', {'b': [1, 2.5, None]}); return str(ctx.store.get('a')) + str(ctx.store.items('a'))",
    "database": "return str(ctx.database().execute('select 6 * 7').fetchone()[0])",
    "secret": "ctx.secrets.put('token', 'abc'); return str(ctx.secrets.get('token'))",
    "look_around": "return f'{ctx.language} {ctx.units} {ctx.time_zone} {ctx.now():%H:%M} {ctx.text}'",
    "apologise": "raise SkillError('I am sorry.')",
    "learn": "EXTRA['blue'] = 3; ctx.lists_changed(); return 'Learned.'",
    "list_files": "return open(GRANTED).read()",
    "write_files": "open(GRANTED + '2', 'w').write('x'); return 'Written.'",
    "async call_others": "return 'It said ' + await ctx.skills.call('other.hello')",
    "log": "ctx.log.warning('careful')",
    "both": "return asyncio.run(thrice(ctx))",
}
BOTH = "async def thrice(ctx):\n    return str([await asyncio.sleep(0, 3)])\n"


@pytest.fixture(scope="module")
def helper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("helper")
    granted = folder / "granted"
    granted.mkdir()
    (granted / "list").write_text("milk", encoding="utf-8")
    manifest = f"permissions: {{announce: true, background: true, files: ['{granted}'], skills: [other]}}\n"
    head = f"{HEAD}{BOTH}\nGRANTED = {str(granted / 'list')!r}\n"
    write_skill(folder / "skills", "helper", FUNCTIONS, manifest, head)
    stage = Stage(folder)
    yield stage
    stage.close()
    assert stage.stores.open("helper").get("stopped") is True
    stage.stores.close()


def test_slots_and_corrections_pass_the_boundary(helper: Stage) -> None:
    assert helper.say("helper brew for five minutes").text == "five minutes, 3"
    reply = helper.run(helper.brain.answer("no ten minutes", follow_up=True))
    assert reply.text == "ten minutes, 3"
    assert helper.contexts["helper"].store.get("undone") == "five minutes"


def test_lists_and_own_slot_types_pass_the_boundary(helper: Stage) -> None:
    assert helper.say("helper colour green").text == "2"
    assert helper.say("helper size large").text == "2"
    assert helper.say("helper count one two three").text == "13"
    assert helper.brain.decide("helper colour blue").match is None
    helper.contexts["helper"].relist = lambda: helper.skills.refresh_lists("helper")
    assert helper.say("helper learn").text == "Learned."
    assert helper.brain.decide("helper colour blue").match is not None
    assert helper.say("helper colour blue").text == "3"


@pytest.mark.parametrize(
    ("said", "answers", "reply"),
    [
        ("ask", ["five minutes"], "five minutes"),
        ("ask", ["never mind"], "OK."),
        ("ask", [], ""),
        ("ask", ["helper size small"], "1"),
        ("choose", ["coffee please"], "2"),
        ("choose", ["the first one"], "1"),
        ("confirm", ["yes"], "True"),
        ("confirm", [], "False"),
    ],
)
def test_questions_pass_the_boundary(said: str, answers: list[str], reply: str, helper: Stage) -> None:
    helper.house.answers = list(answers)
    assert helper.say(f"helper {said}").text == reply
    assert helper.house.answers == []


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("remember", "{'b': [1, 2.5, None]}[('a', {'b': [1, 2.5, None]})]"),
        ("look around", "en metric Europe/Berlin"),
        ("apologise", "I am sorry."),
        ("list files", "milk"),
        ("database", "42"),
        ("both", "[3]"),
    ],
)
def test_what_needs_no_permission_or_was_granted_works(said: str, reply: str, helper: Stage) -> None:
    assert helper.say(f"helper {said}").text.startswith(reply)


def test_reading_was_granted_and_writing_was_not(helper: Stage) -> None:
    assert "writing" in str(helper.say("helper write files").failure)


def test_it_speaks_unasked_and_later_when_that_was_granted(helper: Stage) -> None:
    helper.house.announced.clear()
    assert helper.say("helper announce").text == ""
    assert helper.say("helper background").text == "Started."
    assert helper.say("helper promise").text == "1"
    assert helper.say("helper plan").outcome == "answered"
    helper.run(asyncio.sleep(100))
    spoken = ["Tea is ready.", "A minute has passed.", "Look at the oven."]
    assert helper.house.announced == [f"helper: {text}" for text in spoken]
    helper.run(asyncio.sleep(7200))
    assert helper.house.announced[3:] == ["helper: bins is due with [1, 2]"]


def test_secrets_are_kept_by_the_parent(helper: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_KEYRING", "1")
    monkeypatch.setattr(secrets, "_ring", [])
    helper.contexts["helper"].services = Services("helper", helper.data / "secrets-of-helper")
    assert helper.say("helper secret").text == "abc"
    assert (helper.data / "secrets-of-helper" / "secrets.json").exists()


def test_its_log_is_ours(helper: Stage, caplog: pytest.LogCaptureFixture) -> None:
    helper.say("helper log")
    assert ("skill.helper", 30, "careful") in caplog.record_tuples


def test_it_is_started_once_and_knows_its_place(helper: Stage) -> None:
    assert helper.contexts["helper"].store.get("starts") == 1
    handler = helper.skills.handlers["helper.brew"]
    assert handler.doc == "Brew tea." and "helper/__init__.py:" in handler.place
    assert handler.required == {"duration"}


@pytest.fixture
def page() -> Iterator[tuple[int, list[str]]]:
    """A host on this machine: /page answers, /away leads to another name for it."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            away = self.path == "/away"
            self.send_response(302 if away else 200)
            if away:
                self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/page")
            self.send_header("Content-Length", "0" if away else "5")
            self.end_headers()
            if not away:
                self.wfile.write(b"hello")

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1], seen
        server.shutdown()
        thread.join()


def test_granted_hosts_are_reached_through_the_parent_and_redirects_are_checked(
    tmp_path: Path, page: tuple[int, list[str]]
) -> None:
    port, seen = page
    functions = {
        "async read": f"return (await ctx.fetch('http://127.0.0.1:{port}/page', max_age=60)).text",
        "async away": f"return (await ctx.http.get('http://127.0.0.1:{port}/away')).text",
        "async other": "return (await ctx.http.get('http://example.com/')).text",
    }
    write_skill(tmp_path / "skills", "reader", functions, f"permissions: {{network: ['127.0.0.1:{port}']}}\n")
    stage = Stage(tmp_path, loop=asyncio.new_event_loop)
    assert [stage.say("reader read").text, stage.say("reader read").text] == ["hello", "hello"]
    assert seen == ["/page"], "the second is the skill's own copy"
    assert "'localhost' was not granted" in str(stage.say("reader away").failure)
    assert seen == ["/page", "/away"]
    assert "'example.com' was not granted" in str(stage.say("reader other").failure)
    assert "was not granted" in stage.reports("reader")
    stage.close()


@pytest.mark.parametrize(
    ("granted", "host"), [("stranger.example", "stranger.example"), ("*", "router"), ("*", "127.0.0.1")]
)
def test_neither_a_strangers_name_nor_a_pattern_leads_into_the_own_network(
    granted: str, host: str, monkeypatch: pytest.MonkeyPatch, page: tuple[int, list[str]]
) -> None:
    port, seen = page

    async def request() -> None:
        async def lookup(*_: object, **__: object) -> list[object]:
            return [(2, 1, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
        web = Web(Grants(network=(granted,)))
        try:
            await web.request("GET", f"http://{host}:{port}/page", [], b"", 5.0)
        finally:
            await web.close()

    with pytest.raises(Refused, match="an address of the own network"):
        asyncio.run(request())
    assert seen == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.215.14", True), ("2606:2800::1", True), ("10.0.0.1", False), ("169.254.169.254", False), ("::1", False),
     ("fe80::1%eth0", False), ("::ffff:192.168.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False)],
)  # fmt: skip
def test_addresses_of_the_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("host", "local"),
    [("nas", True), ("nas.local", True), ("192.168.1.5", True), ("::1", True), ("api.example.com", False)],
)
def test_names_that_say_that_they_are_local(host: str, local: bool) -> None:
    assert is_local_name(host) is local


def test_a_skill_that_cannot_be_imported_is_a_problem_with_its_place(tmp_path: Path) -> None:
    for name, source in (("broken", "def"), ("leaver", "import os; os._exit(0)"), ("empty", "")):
        path = tmp_path / "skills" / name
        path.mkdir(parents=True)
        (path / "__init__.py").write_text(source, encoding="utf-8")
        (path / "skill.yaml").write_text(f"name: {name}\nisolated: true\n", encoding="utf-8")
    skills = load_skills([tmp_path / "skills"], isolate=Isolation(tmp_path / "data"))
    assert skills.skills == ()
    broken, empty, leaver = sorted(map(str, skills.problems))
    assert "broken/__init__.py:1: SyntaxError" in broken
    assert "no function in it is marked with @skill" in empty
    assert "its process ended itself while it was imported" in leaver


def test_it_lives_in_one_loop_after_another(tmp_path: Path) -> None:
    write_skill(tmp_path / "skills", "again", {"hello": "return 'Hello!'"})
    stage = Stage(tmp_path)
    isolated = stage.isolation.skills["again"]
    stage.close()

    async def another() -> object:
        try:
            return await isolated.call("hello", Context("again", None, None), {})  # type: ignore[arg-type]
        finally:
            isolated.close()

    assert asyncio.run(another()) == "Hello!"


def test_the_means_of_this_machine_are_named() -> None:
    on, off = means()
    assert "checks in the interpreter" in on
    assert all(": " in each for each in off), "each with a reason"


def test_doctor_names_the_means_and_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = doctor.check_isolation()
    assert found.what == "isolated skills" and "checks in the interpreter" in found.detail
    lacking = "seccomp: the system's libseccomp is not there; install it with: sudo apt install libseccomp2"
    monkeypatch.setattr(launch, "means", lambda: (["Landlock (ABI 7)"], [lacking]))
    (found,) = doctor.check_isolation()
    assert found.status == "warn" and "apt install libseccomp2" in found.fix


def test_what_a_call_costs_is_measured() -> None:
    found = boundary.measure(calls=10)
    assert len(found.costs) == 4 and all(0 < cost.median <= cost.p95 for cost in found.costs.values())
    assert found.means and found.start_s > 0
