"""Music for tests: tagged files, a radio station, an mpd server, a player on a session bus of its own."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.asyncio import open_dbus_connection

SONGS = (  # artist, album, title
    ("The Ferrymen", "On the Water", "Yellow River"),
    ("The Ferrymen", "On the Water", "Green Bridge (Remastered)"),
    ("Anna Quay", "Ashore", "Yellow River"),
)
_RATE = 8_000


def make_song(path: Path, seconds: float = 2.0, hertz: float = 440.0, **tags: str) -> Path:
    """A tone as a FLAC file with tags."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = np.sin(np.arange(round(seconds * _RATE)) * (hertz * 2 * np.pi / _RATE)) * 8_000
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        stream = container.add_stream("flac", rate=_RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone.astype(np.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = _RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def make_folder(folder: Path) -> Path:
    """The songs, and a playlist of two of them."""
    paths = [
        make_song(folder / f"{number:02} {title[:6]}.flac", title=title, artist=artist, album=album)
        for number, (artist, album, title) in enumerate(SONGS, 1)
    ]
    (folder / "Sunday.m3u").write_text(f"#EXTM3U\n{paths[2].name}\n{paths[0].name}\nnot there.flac\n")
    return folder


@asynccontextmanager
async def station(body: bytes) -> AsyncIterator[str]:
    """A radio station on loopback that sends a file; its URL."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: audio/flac\r\nicy-name: Harbour\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/live"


@contextmanager
def mpd_server(folder: Path, music: Path, port: int) -> Iterator[str]:
    """An mpd without a loudspeaker; its address. The database is read before it answers."""
    (folder / "lists").mkdir(parents=True, exist_ok=True)
    (folder / "lists" / "Sunday.m3u").write_text("03 Yellow.flac\n01 Yellow.flac\n")
    config = folder / "mpd.conf"
    config.write_text(
        f'music_directory "{music}"\ndb_file "{folder}/db"\nplaylist_directory "{folder}/lists"\n'
        f'bind_to_address "127.0.0.1"\nport "{port}"\naudio_output {{\n type "null"\n name "null"\n}}\n'
    )
    server = subprocess.Popen(
        [shutil.which("mpd") or "mpd", "--no-daemon", "--stderr", str(config)], stderr=subprocess.DEVNULL
    )
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def session_bus() -> Iterator[str]:
    """A session bus of its own; its address."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
    finally:
        daemon.kill()
        daemon.wait()
        daemon.stdout.close()


class FakePlayer:
    """A player as the MPRIS specification has it.

    Attributes:
        state: its PlaybackStatus.
        shuffled: its Shuffle.
    """

    def __init__(self, title: str, state: str = "Playing") -> None:
        self.titles = [title, "Another One"]
        self.at = 0
        self.state = state
        self.shuffled = False

    async def serve(self, address: str, name: str, ready: asyncio.Event) -> None:
        """Answer until cancelled."""
        connection = await open_dbus_connection(address)
        async with connection:
            await connection.send(message_bus.RequestName(f"org.mpris.MediaPlayer2.{name}"))
            while True:
                message = await connection.receive()
                if message.header.message_type is MessageType.method_return:
                    ready.set()
                elif message.header.message_type is MessageType.method_call:
                    await connection.send(self._answer(message))

    def _answer(self, message: Any) -> Any:
        member, body = message.header.fields[HeaderFields.member], message.body
        if member == "Get":
            return new_method_return(message, "v", (self._property(body[1]),))
        if member == "Set" and body[1] == "Shuffle":
            self.shuffled = body[2][1]
        elif member in ("Play", "Pause", "Stop"):
            self.state = {"Play": "Playing", "Pause": "Paused", "Stop": "Stopped"}[member]
        elif member in ("Next", "Previous"):
            self.at += 1 if member == "Next" else -1
        else:
            return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")
        return new_method_return(message)

    def _property(self, name: str) -> Any:
        if name == "Metadata":
            title, artists = ("s", self.titles[self.at]), ("as", ["Somebody"])
            return ("a{sv}", {"xesam:title": title, "xesam:artist": artists})
        if name == "PlaybackStatus":
            return ("s", self.state)
        return ("b", self.at == 0 if name == "CanGoNext" else self.at > 0)


@asynccontextmanager
async def player(address: str, fake: FakePlayer, name: str = "test") -> AsyncIterator[None]:
    """Have a player on a bus."""
    ready = asyncio.Event()
    task = asyncio.get_running_loop().create_task(fake.serve(address, name, ready))
    await asyncio.wait_for(ready.wait(), 10)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def installed(program: str) -> bool:
    """Whether a program is there."""
    return shutil.which(program) is not None
