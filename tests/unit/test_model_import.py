"""Models brought by hand: recognised, checked, copied; voices from the hub's folders; ZIP files from elsewhere."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import threading
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant import cli, fetch, models, paths
from assistant.audio.chunk import AudioChunk
from assistant.catalogue import CATALOGUE
from assistant.errors import ConfigError, DownloadError, InputError
from assistant.model_import import import_models
from assistant.wake import openwakeword
from tests.tiny import MODEL as TINY_WHISPER
from tests.unit.test_models import Server, git_sha1, quiet

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny-piper"
WEIGHTS = bytes(range(256)) * 4000
VOICE = CATALOGUE["piper-fr_FR-siwis-medium"]

cli.load_commands([])


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_HUB_CACHE", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


def names(folders: list[Path]) -> list[str]:
    assert all(folder.parent == paths.models_dir() for folder in folders)
    assert sorted(p.name for p in paths.models_dir().iterdir() if p.name.startswith(".unpacked")) == []
    return [folder.name for folder in folders]


def take(path: Path, name: str | None = None) -> list[str]:
    return names(import_models(path, name, quiet))


def wake_word(folder: Path, name: str) -> Path:
    """One of openWakeWord's own, as somebody's model."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(openwakeword.available()["alexa"], folder / f"{name}.onnx")
    return folder / f"{name}.onnx"


def coqui(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{ // made by hand\n "model": "vits", "audio": {"sample_rate": 22050} }')
    (folder / "model_file.pth").write_bytes(b"PK\x03\x04 weights")
    return folder


def test_a_folder_of_many_models_is_imported_whole(tmp_path):
    usb = tmp_path / "usb"
    shutil.copytree(TINY, usb / "voices")
    shutil.copytree(TINY_WHISPER, usb / "faster-whisper-base")
    wake_word(usb / "wake", "computer")
    coqui(usb / "tts_models--de--thorsten--vits")
    (usb / "holiday.jpg").write_bytes(b"\xff\xd8")
    assert take(usb) == [
        "coqui-de-thorsten-vits", "piper-de_DE-tiny-low", "piper-en_US-tiny-medium", "wake-computer", "whisper-base",
    ]  # fmt: skip
    assert models.verify("piper-de_DE-tiny-low") == 2
    assert models.installed("wake") == ["wake-computer"]
    assert models.find_model("base") == paths.models_dir() / "whisper-base"
    assert json.loads((paths.models_dir() / "wake-computer" / models.MANIFEST).read_text())["origin"] == str(usb)


def test_what_is_here_already_is_said_and_the_rest_comes():
    assert take(TINY / "de_DE-tiny-low.onnx") == ["piper-de_DE-tiny-low"]
    assert take(TINY) == ["piper-en_US-tiny-medium"]
    with pytest.raises(InputError, match=r"already here; first: assistant models remove piper-de_DE-tiny-low$"):
        take(TINY)


def test_one_voice_may_be_named_by_either_file_and_renamed():
    assert take(TINY / "de_DE-tiny-low.onnx.json", "robot") == ["piper-robot"]
    folder = paths.models_dir() / "piper-robot"
    assert {file.name for file in folder.iterdir()} == {"robot.onnx", "robot.onnx.json", models.MANIFEST}
    assert models.remove("piper-robot") == folder
    for wrong in ("../x", "a b", "", "whisper-x"):
        with pytest.raises(InputError):
            take(TINY / "de_DE-tiny-low.onnx", wrong)
    with pytest.raises(InputError, match="holds 2 models"):
        take(TINY, "robot")


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar"])
def test_archives_are_unpacked(tmp_path, kind):
    archive = tmp_path / f"download.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as out:
            for file in TINY.iterdir():
                out.write(file, f"inner/{file.name}")
    else:
        with tarfile.open(archive, "w:gz" if kind == "tar.gz" else "w") as out:
            out.add(TINY, "inner")
    archive = archive.rename(tmp_path / "download")  # whatever it is called
    assert take(archive) == ["piper-de_DE-tiny-low", "piper-en_US-tiny-medium"]


def test_archives_that_reach_outside_or_are_broken(tmp_path):
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as out:
        about = tarfile.TarInfo("../../outside.onnx")
        out.addfile(about, io.BytesIO())
    with pytest.raises(InputError, match=r"evil\.tar cannot be unpacked \(.*outside"):
        take(evil)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("x.onnx", bytes(range(256)) * 100)
    damaged = bytearray(whole.getvalue())
    damaged[60:90] = bytes(30)
    (tmp_path / "bad.zip").write_bytes(damaged)
    with pytest.raises(InputError, match=r"bad\.zip cannot be unpacked \(.*\); copy it again$"):
        take(tmp_path / "bad.zip")
    assert not any(paths.models_dir().glob("*"))
    assert not any(tmp_path.rglob("outside.onnx"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("de_DE-tiny-low.onnx", b"", r"de_DE-tiny-low\.onnx cannot be loaded; copy it again"),
        ("de_DE-tiny-low.onnx", b"version https://git-lfs.github.com/spec/v1\n", "only a pointer of git LFS"),
        ("de_DE-tiny-low.onnx.json", b"{}", "does not hold a Piper voice's settings"),
        ("de_DE-tiny-low.onnx.json", None, r"is a Piper voice without its settings; put de_DE-tiny-low\.onnx\.json"),
    ],
)
def test_a_damaged_voice_is_refused_by_name(tmp_path, name, content, said):
    shutil.copytree(TINY, tmp_path / "in")
    if content is None:
        (tmp_path / "in" / name).unlink()
    else:
        (tmp_path / "in" / name).write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        take(tmp_path / "in")
    assert "\n" not in str(caught.value)
    assert models.installed() == []


def test_a_changed_file_is_seen_by_the_sums_that_came_along(tmp_path):
    take(TINY / "de_DE-tiny-low.onnx")
    carried = (paths.models_dir() / "piper-de_DE-tiny-low").rename(tmp_path / "usb")
    settings = carried / "de_DE-tiny-low.onnx.json"
    settings.write_text(settings.read_text() + " ")
    with pytest.raises(InputError, match=r"onnx\.json is damaged: its SHA-256 is not"):
        take(carried)
    assert models.installed() == []


def test_nothing_usable_is_said(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "song.mp3").write_bytes(b"ID3")
    for path in (tmp_path / "in", tmp_path / "in" / "song.mp3"):
        with pytest.raises(InputError, match="holds no model that is known here"):
            take(path)
    with pytest.raises(InputError, match="There is no file or folder"):
        take(tmp_path / "nowhere")


def test_an_imported_wake_word_is_one_like_the_others(tmp_path):
    take(wake_word(tmp_path, "computer"))
    engine = openwakeword.Engine(openwakeword.Options(words=("hey_jarvis", "computer")))
    assert engine.words == ["hey_jarvis", "computer"]
    assert engine.process(AudioChunk(np.zeros(16_000, np.int16))) is None
    with pytest.raises(ConfigError, match="did you mean 'computer'"):
        openwakeword.Engine(openwakeword.Options(words=("compter",)))


def test_the_commands(tmp_path):
    def run(*arguments: str):
        return CliRunner().invoke(cli.app, ["models", *arguments])

    done = run("import", str(TINY / "de_DE-tiny-low.onnx"))
    folder = paths.models_dir() / "piper-de_DE-tiny-low"
    assert done.stdout == f"piper-de_DE-tiny-low is here: {folder}\nUse it with: assistant voices use de_DE-tiny-low\n"
    done = run("import", str(wake_word(tmp_path, "computer")))
    assert "Use it with: 'wake: {words: [computer]}' in your config.yaml" in done.stdout
    rows = {row["name"]: row for row in json.loads(run("list", "--kind", "tts", "--json").stdout)}
    assert rows["piper-de_DE-tiny-low"]["about"] == "your own"
    assert {row["kind"] for row in rows.values()} == {"tts"}
    assert "wake-computer" in run("list", "--kind", "wake").stdout
    assert str(run("list", "--kind", "tst").exception) == "There is no kind of model 'tst'; did you mean 'tts'?"
    assert run("path", "de_DE-tiny-low").stdout.strip() == str(folder), "a voice's name does"
    assert run("remove", "de_DE-tiny-low").exit_code == 0
    assert not folder.exists()
    assert str(run("remove", "qqqq").exception) == "There is no model 'qqqq'; see: assistant models list"


@pytest.fixture
def hub():
    """A model hub with a repository of voices in folders."""
    server = Server()
    voice = {f"{VOICE.folder}/{name}": f"{name}".encode() * 50 for name in (*VOICE.required, "MODEL_CARD")}
    server.files = {name.rpartition("/")[2]: data for name, data in voice.items()}
    server.listed = voice | {"fr/fr_FR/siwis/low/fr_FR-siwis-medium.onnx": b"another", "README.md": b"x"}
    listing = {
        "sha": "abc123",
        "siblings": [
            {"rfilename": name, "size": len(data), "blobId": git_sha1(data)} for name, data in server.listed.items()
        ],
    }

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            path = self.path.split("?")[0]
            server.asked.append((path, None))
            if path == f"/api/models/{VOICE.repository}":
                self._send(json.dumps(listing).encode())
            else:
                self._send(server.listed[path.partition("/resolve/abc123/")[2]])

        def _send(self, data):
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_voice_is_fetched_from_its_folder_of_the_repository(hub):
    with fetch.Hub(hub.url) as at:
        folder = fetch.pull(VOICE, at, quiet)
    assert folder == paths.models_dir() / VOICE.name
    assert {file.name for file in folder.iterdir()} == {*VOICE.required, "MODEL_CARD", models.MANIFEST}
    assert models.verify(VOICE.name) == 3
    assert [path for path, _ in hub.asked][1:] == [
        f"/{VOICE.repository}/resolve/abc123/{VOICE.folder}/{name}" for name in (*VOICE.required, "MODEL_CARD")
    ]


def test_pulling_a_voice_tells_its_licence_and_how_to_use_it(hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    done = CliRunner().invoke(cli.app, ["models", "pull", "fr_FR-siwis-medium"])
    assert done.stdout.splitlines()[1:] == [
        "Its licence: CC BY 4.0",
        "Use it with: assistant voices use fr_FR-siwis-medium",
    ]


def test_a_voice_in_the_hubs_cache_is_found(tmp_path):
    snapshot = tmp_path / "hf" / "hub" / "models--rhasspy--piper-voices" / "snapshots" / "abc" / VOICE.folder
    snapshot.mkdir(parents=True)
    for name in VOICE.required:
        (snapshot / name).write_bytes(b"x")
    assert models.find_model("fr_FR-siwis-medium") == snapshot
    assert models.installed() == [VOICE.name]


class Zipped(ThreadingHTTPServer):
    """Gives one file, in parts if asked to."""

    def __init__(self, data: bytes, *, sized: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), ZipHandler)
        self.data, self.sized, self.breaks = data, sized, []
        self.ranges: list[str | None] = []


class ZipHandler(BaseHTTPRequestHandler):
    server: Zipped

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.send_response(200)
        if self.server.sized:
            self.send_header("Content-Length", str(len(self.server.data)))
        self.end_headers()

    def do_GET(self):
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(self.server.data) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(self.server.data) - 1}/{len(self.server.data)}")
        self.end_headers()
        end = self.server.breaks.pop(0) if self.server.breaks else None
        self.wfile.write(self.server.data[start:end])
        self.close_connection = True


@pytest.fixture
def zipped():
    """A server with a Coqui voice as its makers released it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as out:
        out.writestr("tts_models--de--thorsten--vits/config.json", '{"model": "vits"}')
        out.writestr("tts_models--de--thorsten--vits/model_file.pth", WEIGHTS)
    server = Zipped(content.getvalue())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def entry_at(server: Zipped):
    url = f"http://127.0.0.1:{server.server_address[1]}/tts_models--de--thorsten--vits.zip"
    return replace(CATALOGUE["coqui-de-thorsten-vits"], archive=url)


def test_a_released_zip_is_fetched_gone_on_with_and_unpacked(zipped):
    zipped.breaks = [600_000]
    with fetch.Hub(pause=lambda _: None) as hub:
        folder = fetch.pull(entry_at(zipped), hub, quiet)
    assert zipped.ranges[0] is None
    assert zipped.ranges[1] is not None
    assert {file.name for file in folder.iterdir()} == {"config.json", "model_file.pth", models.MANIFEST}
    assert models.read_manifest(folder)["model_file.pth"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert models.find_model("coqui-de-thorsten-vits") == folder


def test_a_damaged_zip_is_not_kept(zipped):
    zipped.data = zipped.data[:300] + bytes(100) + zipped.data[400:]
    with fetch.Hub(pause=lambda _: None) as hub, pytest.raises(DownloadError, match=r"came damaged\. Run again: "):
        fetch.pull(entry_at(zipped), hub, quiet)
    assert models.installed() == []
    assert not any(paths.models_dir().rglob("*.part/*"))


def test_a_zip_whose_size_nobody_tells_is_to_be_fetched_by_hand(zipped):
    zipped.sized = False
    with fetch.Hub() as hub, pytest.raises(DownloadError, match=r"assistant models import FILE --name coqui-de-thorst"):
        fetch.pull(entry_at(zipped), hub, quiet)


def test_without_a_network_the_address_is_named():
    entry = replace(CATALOGUE["coqui-de-thorsten-vits"], archive="http://127.0.0.1:9/x.zip")
    with fetch.Hub() as hub, pytest.raises(DownloadError, match=r"^http://127\.0\.0\.1:9/x\.zip cannot be reached"):
        fetch.pull(entry, hub, quiet)
