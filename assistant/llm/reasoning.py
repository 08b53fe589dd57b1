"""What a model thinks before it answers is not for the user: ``<think>…</think>`` is taken out as it streams."""

from __future__ import annotations

_OPEN = ("<think>", "<thinking>", "<reasoning>")
_CLOSE = ("</think>", "</thinking>", "</reasoning>")


class Unthinking:
    """Takes the thoughts out of one reply.

    A piece that may be the beginning of a tag is held back until that is certain. A closing tag alone is dropped: the
    templates of some models put the opening one into the prompt, and their servers should take the thoughts out.
    """

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._begun = False

    def feed(self, text: str) -> str:
        """The part of the text so far that is certain to be for the user."""
        self._held += text
        said: list[str] = []
        while True:
            tags = _CLOSE if self._inside else _OPEN + _CLOSE
            at, tag = min(((self._held.find(each), each) for each in tags if each in self._held), default=(-1, ""))
            if at < 0:
                break
            said.append("" if self._inside else self._held[:at])
            self._held = self._held[at + len(tag) :]
            self._inside = tag in _OPEN
        keep = _beginning(self._held, _CLOSE if self._inside else _OPEN + _CLOSE)
        certain = self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return self._spoken("".join(said) + ("" if self._inside else certain))

    def finish(self) -> str:
        """What was held back for nothing."""
        left, self._held = self._held, ""
        return "" if self._inside else self._spoken(left)

    def _spoken(self, text: str) -> str:
        """The reply begins with a word, not with the empty lines that follow the thoughts."""
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        return text


def _beginning(text: str, tags: tuple[str, ...]) -> int:
    """Length of the text's end that may go on to be a tag."""
    for length in range(min(len(text), max(map(len, tags)) - 1), 0, -1):
        if any(tag.startswith(text[-length:]) for tag in tags):
            return length
    return 0
