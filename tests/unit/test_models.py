"""Models: fetched from a real HTTP server on this machine, interrupted, damaged, copied, verified."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from assistant import fetch, models, paths, staging
from assistant.catalogue import CATALOGUE
from assistant.commands.models import app
from assistant.errors import DownloadError, InputError, MissingModel
from assistant.model_import import copy_from

BASE = CATALOGUE["whisper-base"]
WEIGHTS = struct.pack("<IH", 6, 12) + b"WhisperSpec\0" + bytes(range(256)) * 12_000  # 3 MB
FILES = {
    "config.json": b'{"a": 1}',
    "model.bin": WEIGHTS,
    "tokenizer.json": b'{"b": 2}' * 1000,
    "vocabulary.txt": b"the\n",
    "README.md": b"not needed",
}


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Server(ThreadingHTTPServer):
    """Answers as the model hub does, with faults to order."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = dict(FILES)
        self.listed = dict(FILES)
        self.revision = "abc123"
        self.asked: list[tuple[str, str | None]] = []
        self.break_after: list[int] = []
        self.ranges = True
        self.status: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0]
        self.server.asked.append((path, self.headers.get("Range")))
        if self.server.status:
            self.send_error(self.server.status.pop(0))
        elif path == f"/api/models/{BASE.repository}":
            self._send(200, json.dumps(self._listing()).encode())
        elif path.startswith(f"/{BASE.repository}/resolve/{self.server.revision}/"):
            # As at the hub, large files are elsewhere.
            self.send_response(302)
            self.send_header("Location", f"/store/{path.rpartition('/')[2]}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path.startswith("/store/"):
            self._file(self.server.files[path.rpartition("/")[2]])
        else:
            self.send_error(404)

    def _listing(self):
        siblings = []
        for name, data in self.server.listed.items():
            one = {"rfilename": name, "size": len(data), "blobId": git_sha1(data)}
            if name == "model.bin":
                one["lfs"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            siblings.append(one)
        return {"sha": self.server.revision, "siblings": siblings}

    def _file(self, data):
        asked = re.match(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if asked and self.server.ranges:
            start = int(asked[1])
            header = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
            self._send(206, data[start:], header)
        else:
            self._send(200, data)

    def _send(self, status, data, header=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (header or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if len(data) > 100_000 and self.server.break_after:
            self.wfile.write(data[: self.server.break_after.pop(0)])
            self.close_connection = True
        else:
            self.wfile.write(data)


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    return tmp_path


def quiet(_name: str, done: int, total: int) -> None:
    assert 0 <= done <= total


def pull(server: Server, pauses: list[float] | None = None) -> Path:
    waited = pauses if pauses is not None else []
    with fetch.Hub(server.url, waited.append) as hub:
        return fetch.pull(BASE, hub, quiet)


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != models.MANIFEST}


NEEDED = {name: data for name, data in FILES.items() if name != "README.md"}


def test_a_model_is_fetched_whole_and_found_by_both_names(server):
    with pytest.raises(MissingModel, match=r"Fetch it with: assistant models pull whisper-base$"):
        models.find_model("base")
    folder = pull(server)
    assert content(folder) == NEEDED
    assert (
        folder == paths.models_dir() / "whisper-base" == models.find_model("base") == models.find_model("whisper-base")
    )
    assert models.installed("whisper") == ["whisper-base"]
    assert models.verify("whisper-base") == 4
    assert sorted(p.name for p in folder.parent.iterdir()) == [".whisper-base.lock", "whisper-base"]


def test_a_broken_connection_is_gone_on_with(server):
    server.break_after = [1_000_000, 700_000]
    pauses: list[float] = []
    assert content(pull(server, pauses)) == NEEDED
    ranges = [asked for path, asked in server.asked if path == "/store/model.bin"]
    assert ranges[0] is None
    first, second = (int(each.removeprefix("bytes=").rstrip("-")) for each in ranges[1:])
    assert 0 < first <= 1_000_000 < second <= 1_700_000
    assert pauses == [2.0, 4.0]


def test_an_interrupted_fetch_is_gone_on_with_by_the_next_run(server):
    server.break_after = [600_000] * 5
    server.break_after[1:] = [0] * 4
    with pytest.raises(DownloadError) as caught:
        pull(server)
    assert re.match(
        r"model\.bin broke off at 0\.\d of 3\.1 MB \(.*\)\. What has come is kept; go on with: ", str(caught.value)
    )
    assert str(caught.value).endswith("assistant models pull whisper-base")
    with pytest.raises(MissingModel):
        models.find_model("base")
    server.asked.clear()
    assert content(pull(server)) == NEEDED
    asked = dict(server.asked)
    assert asked["/store/model.bin"] not in (None, "bytes=0-")
    assert "/store/config.json" not in asked, "what was complete is not fetched again"


def test_a_server_without_ranges_is_begun_anew(server):
    server.ranges = False
    server.break_after = [500_000]
    assert content(pull(server)) == NEEDED


def test_another_revision_is_not_mixed_with_the_first(server):
    server.break_after = [500_000] + [0] * 4
    with pytest.raises(DownloadError):
        pull(server)
    changed = NEEDED | {"model.bin": WEIGHTS[:-5] + b"other", "config.json": b'{"a": 2}'}
    server.files = server.listed = changed
    server.revision = "def456"
    assert content(pull(server)) == changed


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_a_wrong_checksum_is_refused_and_named(server, name):
    good = server.files[name]
    server.files[name] = good[:-1] + bytes([good[-1] ^ 1])
    with pytest.raises(DownloadError, match=rf"^{re.escape(name)} of whisper-base came damaged \(wrong checksum\)"):
        pull(server)
    with pytest.raises(MissingModel):
        models.find_model("base")
    server.files[name] = good
    assert content(pull(server)) == NEEDED


@pytest.mark.parametrize(
    ("status", "said"), [(404, "it is not there"), (401, "it needs a login"), (503, "Service Unavail")]
)
def test_a_refusal_is_one_line(server, status, said):
    server.status = [status]
    with pytest.raises(DownloadError, match=rf"refused Systran/faster-whisper-base: {said}.*HTTP {status}"):
        pull(server)


def test_a_busy_server_is_asked_again(server):
    pauses: list[float] = []
    with fetch.Hub(server.url, pauses.append) as hub:
        file = hub.files(BASE).files[0]
        server.status = [503, 502]
        part = paths.models_dir() / "x.part"
        part.parent.mkdir(parents=True)
        hub.download(BASE, server.revision, file, part, quiet)
    assert part.read_bytes() == FILES[file.name]
    assert pauses == [2.0, 4.0]


def test_no_network_says_what_to_do():
    with fetch.Hub("http://127.0.0.1:9") as hub, pytest.raises(DownloadError) as caught:
        fetch.pull(BASE, hub, quiet)
    said = str(caught.value)
    assert said.startswith("The model hub http://127.0.0.1:9 cannot be reached (")
    assert said.endswith("assistant models pull whisper-base --from FOLDER")
    assert "\n" not in said


def test_something_else_that_answers(server):
    server.listed = {"README.md": b"x"}
    with pytest.raises(DownloadError, match="did not answer as the model hub does; is HF_ENDPOINT right"):
        pull(server)


def test_no_room(server, monkeypatch):
    monkeypatch.setattr(staging.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(DownloadError, match=r"There is no room in .*models: it takes 2 MB, 0 MB are free"):
        pull(server)


def test_two_at_once(server):
    with staging.staging(BASE.name), pytest.raises(DownloadError, match="already being fetched by another process"):
        pull(server)


def flat(folder: Path, files: dict[str, bytes] = FILES) -> Path:
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def hub_cache(folder: Path, damage: bool = False) -> Path:
    """The layout of the hub's own cache: links to blobs named by their checksums."""
    repository = folder / "models--Systran--faster-whisper-base"
    for part in ("blobs", "refs", "snapshots/abc", "snapshots/old"):
        (repository / part).mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc")
    for name, data in NEEDED.items():
        blob = hashlib.sha256(data).hexdigest() if name == "model.bin" else git_sha1(data)
        (repository / "blobs" / blob).write_bytes(data[:-1] + b"?" if damage and name == "model.bin" else data)
        (repository / "snapshots" / "abc" / name).symlink_to(f"../../blobs/{blob}")
    return repository


def test_from_a_flat_folder(home):
    folder = copy_from(BASE, flat(home / "usb"), quiet)
    assert content(folder) == NEEDED
    assert models.verify("base") == 4


@pytest.mark.parametrize("inside", [".", "models--Systran--faster-whisper-base", "../hf-home"])
def test_from_a_cache_of_the_hub(home, inside):
    hub_cache(home / "hf-home" / "hub")
    source = home / "hf-home" / "hub" / inside if inside != "../hf-home" else home / "hf-home"
    folder = copy_from(BASE, source, quiet)
    assert content(folder) == NEEDED
    assert not any(file.is_symlink() for file in folder.iterdir())


def test_what_other_programs_fetched_is_found(home):
    snapshot = hub_cache(home / "hf" / "hub") / "snapshots" / "abc"
    assert models.find_model("base") == snapshot
    assert models.installed() == ["whisper-base"]


def test_a_damaged_blob_is_refused_and_named(home):
    repository = hub_cache(home / "hub", damage=True)
    with pytest.raises(InputError, match=r"model\.bin is damaged: its checksum is not [0-9a-f]{64}"):
        copy_from(BASE, repository, quiet)


def test_a_folder_that_was_fetched_elsewhere_is_checked_against_its_own_sums(server, home):
    carried = pull(server).rename(home / "usb")
    (carried / "tokenizer.json").write_bytes(b"{}")
    with pytest.raises(InputError, match=r"tokenizer\.json is damaged: its SHA-256"):
        copy_from(BASE, carried, quiet)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"config.json": b"{}"},
            r"does not hold whisper-base: there is no model\.bin and no tokenizer\.json and no voc",
        ),
        ({**FILES, "model.bin": b"version https://git-lfs.github.com/spec/v1\n"}, r"only a pointer of git LFS"),
        ({**FILES, "model.bin": b"PK\x03\x04" * 50}, r"not a CTranslate2 Whisper model; take the files of Systran/"),
        ({**FILES, "model.bin": b""}, r"not a CTranslate2 Whisper model"),
    ],
)
def test_from_a_folder_that_is_not_the_model(home, files, said):
    with pytest.raises(InputError, match=said):
        copy_from(BASE, flat(home / "x", files), quiet)
    assert not (paths.models_dir() / "whisper-base").exists()


def test_from_a_folder_that_is_not_there(home):
    with pytest.raises(InputError, match=r"There is no folder .*nowhere"):
        copy_from(BASE, home / "nowhere", quiet)


def test_a_path_is_taken_as_it_is(home, monkeypatch):
    folder = flat(home / "mine")
    assert models.find_model(folder) == models.find_model(str(folder)) == folder
    monkeypatch.setenv("HOME", str(home))
    assert models.find_model("~/mine") == folder
    with pytest.raises(InputError, match=r"There is no model folder .*/nothing"):
        models.find_model(home / "nothing")


@pytest.mark.parametrize("name", ["whisper-bse", "../etc", "", "."])
def test_an_unknown_name_never_leaves_the_folder(name):
    (paths.models_dir()).mkdir(parents=True)
    (paths.data_dir() / "etc").mkdir()
    with pytest.raises((InputError, MissingModel)):
        models.own_folder(name)
    with pytest.raises(InputError):
        models.remove(name)
    assert (paths.data_dir() / "etc").is_dir()


def test_the_nearest_name_is_offered():
    with pytest.raises(InputError, match=r"There is no model 'whisper-bse'; did you mean 'whisper-base'\?"):
        models.find_model("whisper-bse")


def test_verify_names_what_has_changed(server):
    folder = pull(server)
    (folder / "vocabulary.txt").write_bytes(b"teh\n")
    with pytest.raises(
        InputError, match=r"vocabulary\.txt has changed: .* fetch it again with: assistant models remove"
    ):
        models.verify("whisper-base")
    (folder / "vocabulary.txt").unlink()
    with pytest.raises(InputError, match=r"vocabulary\.txt is gone"):
        models.verify("whisper-base")
    (folder / models.MANIFEST).write_text("[]")
    with pytest.raises(InputError, match="cannot be read"):
        models.verify("whisper-base")
    (folder / models.MANIFEST).unlink()
    with pytest.raises(InputError, match="nothing to compare with"):
        models.verify("whisper-base")


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_the_commands(server, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    assert isinstance(run("path", "base").exception, MissingModel)
    assert isinstance(run("remove", "base").exception, MissingModel)
    folder = paths.models_dir() / "whisper-base"
    assert run("pull", "base").stdout == f"whisper-base is here: {folder}\n"
    assert "already here" in run("pull", "whisper-base").stdout
    assert run("path", "base").stdout == f"{folder}\n"
    assert run("verify", "base").stdout == "base: 4 files are as they came.\n"
    rows = {row["name"]: row for row in json.loads(run("list", "--json").stdout)}
    assert rows["whisper-base"] == {
        "name": "whisper-base",
        "kind": "asr",
        "installed": True,
        "megabytes": 3,
        "path": str(folder),
        "about": BASE.about,
        "licence": "MIT",
    }
    assert rows["whisper-tiny"]["installed"] is False
    assert re.search(r"whisper-base +asr +yes +3 ", run("list").stdout)
    assert run("remove", "base").stdout == f"Removed {folder}\n"
    assert not folder.exists()
