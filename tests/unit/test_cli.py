"""Errors that come out of a session's task group."""

from assistant import cli
from assistant.errors import DeviceError


def test_an_error_of_ours_inside_a_group_is_one_line(monkeypatch, capsys):
    def broken(**_options):
        raise ExceptionGroup("tasks", [ExceptionGroup("inner", [DeviceError("The microphone is gone.")])])

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(cli, "load_commands", lambda _wanted: None)
    assert cli.run_command() == DeviceError.exit_code
    assert capsys.readouterr().err == "assistant: The microphone is gone.\n"
