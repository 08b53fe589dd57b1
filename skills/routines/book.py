"""Which routines there are, and how one is read from a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant import Context, SkillError
from assistant.intent.template import NOTHING, Node, Pattern, Seq, SlotType, optional, tokenize, words_of

_PREFIX = "routine/"
_LONGEST_DEFINITION = 60
_LONGEST_NAME = 5
"""Words of the longest name that is looked for at the front of commands."""


class Book:
    """The routines of the settings and those that the user has told; the latter win.

    Args:
        ctx: the skill's context.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def all(self) -> Mapping[str, Sequence[str]]:
        """Name → commands, by name."""
        told = {key.removeprefix(_PREFIX): tuple(value) for key, value in self._ctx.store.items(_PREFIX)}
        return dict(sorted({**self.settled(), **told}.items()))

    def settled(self) -> dict[str, tuple[str, ...]]:
        """Those of the settings: "good morning: what time is it; list my alarms".

        Raises:
            SkillError: one of them is not written like that.
        """
        found = {}
        for line in self._ctx.settings.get("routines") or ():
            name, colon, rest = str(line).partition(":")
            commands = tuple(each.strip() for each in rest.split(";") if each.strip())
            if not colon or not words_of(name) or not commands:
                raise SkillError(self._ctx.reply("bad_setting", text=str(line)))
            found[plain(name)] = commands
        return found

    def put(self, name: str, commands: Sequence[str]) -> None:
        """Keep one."""
        self._ctx.store.put(_PREFIX + plain(name), list(commands))

    def delete(self, name: str) -> None:
        """Forget one that the user has told."""
        self._ctx.store.delete(_PREFIX + plain(name))


def plain(name: str) -> str:
    """A name as it is matched: words in lower case."""
    return " ".join(words_of(name))


Known = Callable[[str], bool]
"""Whether a sentence is a command."""


def _any_words() -> Node:
    """A few dozen words of any kind; unlike free text they do not yield to commands within them."""
    word = Pattern(re.compile(r".+"))
    node: Node = NOTHING
    for _ in range(_LONGEST_DEFINITION):
        node = optional(Seq((word, node)))
    return Seq((word, node))


DEFINITION = SlotType("definition", _any_words(), lambda text: text)
"""What follows "when I say": a name and commands."""


def name_and_commands(text: str, is_command: Known, joints: Sequence[str]) -> tuple[str, list[str]]:
    """The parts of "bedtime, turn the volume down and stop": a name, and the commands after it.

    The name ends at a comma or colon, or else where commands begin. Without commands all of it is the name.

    Args:
        text: what follows "when I say".
        is_command: whether a sentence is a command.
        joints: words between commands: "and then", "and".
    """
    head, mark, rest = re.match(r"([^,:;]*)([,:;]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if mark and words_of(head) and words_of(rest):
        return head.strip(), commands_of(rest, is_command, joints)
    tokens = tokenize(text)
    for size in range(1, min(_LONGEST_NAME, len(tokens) - 1) + 1):
        if found := commands_of(text[tokens[size].start :], is_command, joints):
            return text[: tokens[size - 1].end].strip(), found
    return text.strip(), []


def commands_of(text: str, is_command: Known, joints: Sequence[str]) -> list[str]:
    """The commands that a sentence is made of, in their order; none if any part of it is none.

    Several are looked for first: free text in one command may swallow another.
    """
    text = text.strip(" ,;.")
    for left, right in _splits(text, joints):
        if left and is_command(left) and (rest := commands_of(right, is_command, joints)):
            return [left, *rest]
    return [text] if text and is_command(text) else []


def _splits(text: str, joints: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every way to part a text at a comma or joint, which is dropped."""
    words = "|".join(re.escape(joint) for joint in sorted(joints, key=len, reverse=True))
    for match in re.finditer(rf"[,;.]\s*(?:(?:{words})\b)?|\b(?:{words})\b", text, re.IGNORECASE):
        yield text[: match.start()].strip(), text[match.end() :].strip()
