"""Licences and imitated voices: asked once, kept, known by content."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from assistant.commands import voices_consent
from assistant.errors import ConfigError, InputError
from assistant.paths import data_dir
from assistant.tts import consent
from assistant.tts.consent import CPML, ConsentNeeded, agreed, agreement_on, require, speaker_of

app = typer.Typer()
app.command()(voices_consent.consent)


def run(*arguments: str, answer: str = ""):
    return CliRunner().invoke(app, list(arguments), input=answer)


@pytest.fixture
def clip(tmp_path):
    file = tmp_path / "my voice.wav"
    file.write_bytes(b"RIFF and so on")
    return file


def test_without_consent_the_message_holds_the_command(clip):
    with pytest.raises(ConsentNeeded) as caught:
        require(speaker_of(clip))
    assert isinstance(caught.value, ConfigError)
    assert str(caught.value).endswith(f"Agree once with: assistant voices consent '{clip}'")
    assert "\n" not in str(caught.value)


def test_the_command_keeps_it_and_it_is_not_asked_for_again(clip):
    assert run(str(clip), "--yes").exit_code == 0
    require(speaker_of(clip))
    assert agreed()[speaker_of(clip).key]["what"] == str(clip)


def test_a_copy_needs_no_second_consent_and_another_recording_does(clip, tmp_path):
    consent.agree(speaker_of(clip))
    copy = tmp_path / "copy.wav"
    copy.write_bytes(clip.read_bytes())
    require(speaker_of(copy))
    clip.write_bytes(b"RIFF of somebody else")
    with pytest.raises(ConsentNeeded):
        require(speaker_of(clip))


def test_it_can_be_withdrawn(clip):
    run("cpml", "--yes")
    run(str(clip), "-y")
    assert "my voice.wav" in run().output
    assert run("CPML", "--withdraw").output == "Withdrawn.\n"
    assert run("cpml", "--withdraw").output == "There was nothing to withdraw.\n"
    assert list(agreed()) == [speaker_of(clip).key]
    with pytest.raises(ConsentNeeded):
        require(CPML)


def test_where_nobody_can_be_asked_it_names_the_way():
    result = run("cpml")
    assert isinstance(result.exception, InputError)
    assert str(result.exception).endswith("assistant voices consent cpml --yes")
    assert run().output == "Nothing has been agreed to.\n"


def test_the_user_is_asked_once_at_first_use(monkeypatch):
    monkeypatch.setattr(voices_consent.sys, "stdin", type("Terminal", (), {"isatty": staticmethod(lambda: True)}))
    asked: list[str] = []

    def answer(text: str) -> bool:
        asked.append(text)
        return len(asked) > 1

    monkeypatch.setattr(voices_consent, "_question", answer)

    def make() -> str:
        require(CPML)
        return "voice"

    with pytest.raises(ConsentNeeded):
        voices_consent.asking(make)
    assert voices_consent.asking(make) == "voice"
    assert voices_consent.asking(make) == "voice"
    assert len(asked) == 2
    assert "non-commercial" in asked[0]


def test_where_nobody_is_there_the_first_use_fails(monkeypatch):
    monkeypatch.setattr(voices_consent.sys, "stdin", type("Pipe", (), {"isatty": staticmethod(lambda: False)}))
    with pytest.raises(ConsentNeeded):
        voices_consent.asking(lambda: require(CPML))


def test_files_that_cannot_be_read_are_one_line(tmp_path):
    with pytest.raises(InputError, match=r"gone\.wav cannot be read: No such file"):
        agreement_on(str(tmp_path / "gone.wav"))
    data_dir().mkdir(parents=True)
    (data_dir() / "consent.json").write_text("{broken")
    with pytest.raises(InputError, match=r"remove it to be asked again$"):
        require(CPML)
    (data_dir() / "consent.json").write_text(json.dumps([1]))
    with pytest.raises(InputError):
        require(CPML)
