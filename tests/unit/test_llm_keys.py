"""Keys of language-model servers."""

from __future__ import annotations

import pickle
import stat

import pytest

from assistant import paths
from assistant.errors import InputError
from assistant.llm import keys
from assistant.llm.keys import Secret, find_key, hide, host_of, keep_key, near
from assistant.skill import secrets

CLOUD, HERE, LAN = "https://api.example.org/v1", "http://localhost:11434/v1", "http://192.168.1.7:8000/v1"
KEY = "sk-0123456789"


class Ring(dict[tuple[str, str], str]):
    """A key ring in memory."""

    def get_password(self, service: str, name: str) -> str | None:
        return self.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self[service, name]


@pytest.fixture(autouse=True)
def no_ring(monkeypatch):
    monkeypatch.setattr(secrets, "_ring", [None])
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def test_without_a_key_ring_a_key_is_in_a_file_for_the_user_alone():
    assert find_key(CLOUD, env={}) is None
    keep_key(CLOUD, f" {KEY}\n")
    file = paths.data_dir() / "llm" / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = find_key(CLOUD, env={})
    assert found is not None
    assert (found.secret.reveal(), found.place) == (KEY, f"the file {file}")
    assert find_key(HERE, env={}) is None, "each server has its own"
    keep_key(CLOUD, None)
    assert find_key(CLOUD, env={}) is None


def test_the_key_ring_comes_before_a_file(monkeypatch):
    ring = Ring()
    monkeypatch.setattr(secrets, "_ring", [ring])
    keep_key(CLOUD, KEY)
    assert dict(ring) == {("assistant", "llm/api.example.org"): KEY}
    assert not (paths.data_dir() / "llm").exists()
    found = find_key(CLOUD, env={})
    assert found is not None
    assert found.place == "the key ring"


def test_the_environment_comes_first():
    keep_key(CLOUD, KEY)
    found = find_key(CLOUD, "MY_KEY", {"MY_KEY": "mine-12345", "OPENAI_API_KEY": "other"})
    assert found is not None
    assert (found.secret.reveal(), found.place) == ("mine-12345", "the environment variable MY_KEY")


def test_the_usual_variable_is_not_sent_in_clear_text_to_other_machines():
    env = {"OPENAI_API_KEY": KEY}
    assert find_key(CLOUD, env=env)
    assert find_key(HERE, env=env)
    assert find_key(LAN, env=env) is None
    assert find_key(LAN, "OPENAI_API_KEY", env), "unless it is named"


def test_a_secret_does_not_show_itself():
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize("value", ["", "  ", "sk 123", "sk-é", "sk-1\nX: y"])
def test_what_cannot_be_a_key_is_refused(value):
    with pytest.raises(InputError) as caught:
        keep_key(CLOUD, value)
    assert "set it again" in str(caught.value)


def test_texts_lose_keys_and_what_looks_like_one():
    assert hide(f"wrong key {KEY}!", Secret(KEY)) == "wrong key …!"
    assert hide("got sk-abc***xyz9 and Bearer abc.def", None) == "got … and …"
    assert hide("a key-value store in hf-hub", None) == "a key-value store in hf-hub"


@pytest.mark.parametrize(
    ("address", "host", "is_near"),
    [
        (CLOUD, "api.example.org", False), (HERE, "localhost:11434", True), (LAN, "192.168.1.7:8000", True),
        ("http://[::1]:80/v1", "[::1]:80", True), ("http://nas.local/v1", "nas.local", True),
        ("http://nas:8000/v1", "nas:8000", True), ("http://8.8.8.8/v1", "8.8.8.8", False),
    ],
)  # fmt: skip
def test_where_a_server_is(address, host, is_near):
    assert (host_of(address), near(address)) == (host, is_near)
    assert keys.on_this_machine(address) == (host.startswith(("localhost", "[::1]")))
