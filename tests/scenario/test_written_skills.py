"""What skills can do in a written conversation: say things on the way, show cards, answer in another language."""

import textwrap

import pytest

SKILL = '''
"""Made for this test."""
from assistant import Card, Context, skill

@skill("show the picture", examples=["show the picture"])
async def picture(ctx: Context) -> str:
    """Show a picture."""
    await ctx.say("Here it is.")
    ctx.show(Card("A tune [bold]", "by nobody", b"12345"))
    await ctx.play("tune.wav")
    return "never said"

@skill()
def count(ctx: Context, n: int) -> str:
    """Count."""
    return ctx.reply("counted", n=n)
'''


@pytest.fixture
def folder(tmp_path):
    """A folder with one skill."""
    skill = tmp_path / "more" / "made"
    (skill / "sentences").mkdir(parents=True)
    (skill / "responses").mkdir()
    (skill / "__init__.py").write_text(textwrap.dedent(SKILL))
    (skill / "sentences" / "de.yaml").write_text(
        "language: de\nintents:\n  count:\n    data: [{sentences: ['zähle bis {n}']}]\n    examples: [zähle bis drei]\n"
    )
    (skill / "responses" / "en.yaml").write_text("language: en\nresponses: {counted: '{n}'}\n")
    (skill / "responses" / "de.yaml").write_text(
        "language: de\nresponses: {counted: {one: 'Eins.', other: 'Von eins bis {n}.'}}\n"
    )
    return tmp_path / "more"


@pytest.fixture
def ask(command, folder, monkeypatch):
    """Runs ``assistant ask`` with that skill."""
    monkeypatch.setenv("ASSISTANT_SKILLS__PATHS", f"['{folder}']")
    return lambda *words, **options: command("ask", *words, **options)


def test_said_on_the_way_shown_and_not_played(ask):
    done = ask("show the picture")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "I can't play sound here.\n"
    shown = done.stderr
    assert "Assistant: Here it is." in shown
    assert "A tune [bold]" in shown and "by nobody" in shown and "[picture, 5 bytes]" in shown


def test_in_german(ask, monkeypatch):
    monkeypatch.setenv("ASSISTANT_LANGUAGE", "de")
    done = ask("Zähle bis drei!")
    assert (done.returncode, done.stdout) == (0, "Von eins bis 3.\n"), done.stderr
