"""Two languages in one written conversation, and one chosen for a question."""

import json
import wave

import pytest


@pytest.fixture
def both(command):
    """Runs ``assistant ask …`` with English and German."""
    return lambda *words, **options: command("ask", *words, env={"ASSISTANT_LANGUAGES": "[en, de]"}, **options)


def replies(done):
    assert done.returncode == 0, done.stderr
    return [line.removeprefix("Assistant: ") for line in done.stdout.splitlines()]


def test_one_timer_in_two_languages(both):
    done = both(typed="\n".join([
        "set a pasta timer for five minutes",
        "nein, zehn Minuten",
        "wie viel Zeit ist noch übrig",
        "how long is left",
        "stell einen Timer", "vergiss es",
        "lösche alle meine Timer",
        "what timers are running",
    ]))  # fmt: skip
    said = replies(done)
    assert said[:2] == ["Pasta timer: five minutes from now.", "Pasta-Timer: zehn Minuten ab jetzt."]
    assert said[2].startswith("Dein Pasta-Timer läuft noch ")
    assert said[3].startswith("Your Pasta timer has ") and said[3].endswith(" left.")
    assert said[4:] == ["Wie lange?", "In Ordnung.", "Der Pasta-Timer ist gelöscht.", "No timer is running."]


def test_a_language_for_one_question(command):
    done = command("ask", "--language", "de", "--json", "stell einen Timer auf fünf Minuten")
    answer = json.loads(done.stdout)
    assert (answer["intent"], answer["reply"]) == ("timers.set_timer", "Fünf Minuten ab jetzt.")
    assert command("ask", "--language", "de", "set a timer for five minutes").stdout.startswith("Das kann ich nicht.")


def test_an_unknown_language_is_one_line(command):
    done = command("ask", "--language", "xx", "hello")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "assistant: Language 'xx' is not supported; choose one of: en, de, fr, es, ru, bg."
    ]


def test_listening_in_german_without_a_model_says_what_to_fetch(command, tmp_path):
    sound = tmp_path / "silence.wav"
    with wave.open(str(sound), "wb") as writer:
        writer.setparams((1, 2, 16_000, 0, "NONE", ""))
        writer.writeframes(bytes(32_000))
    env = {"ASSISTANT_LANGUAGE": "de", "ASSISTANT_ASR__ENGINE": "auto"}
    done = command("run", "--fast", "--no-wake", "--input", sound, env=env)
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("assistant: The model whisper-base (for language: de; PocketSphinx hears English only)")
    assert line.endswith("Fetch it with: assistant models pull whisper-base")
