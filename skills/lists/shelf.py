"""Where lists are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant import Context
from assistant.intent.template import words_of
from assistant.intent.verbatim import as_written

_PREFIX = "list/"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One list; a view on the store.

    Attributes:
        ctx: the skill's context.
        name: as the user gave it, in lower case, without the word for list.
        is_default: it is the shopping list, which is always there.
    """

    ctx: Context
    name: str
    is_default: bool = False

    @classmethod
    def named(cls, ctx: Context, name: str | None) -> Shelf:
        """The list of a name; the shopping list if there is none."""
        usual = ctx.reply("default")
        found = " ".join(words_of(name or usual))
        return cls(ctx, found, found == " ".join(words_of(usual)))

    @classmethod
    def all(cls, ctx: Context) -> Iterator[Shelf]:
        """Every list that was begun, by name."""
        return (cls.named(ctx, key.removeprefix(_PREFIX)) for key, _ in ctx.store.items(_PREFIX))

    @property
    def exists(self) -> bool:
        """Whether it was begun."""
        return self._kept is not None

    @property
    def known(self) -> bool:
        """Whether it can be asked for."""
        return self.is_default or self.exists

    @property
    def title(self) -> str:
        """The list as it is called: "shopping list"."""
        written = self.ctx.reply("default") if self.is_default else self._written
        return written if self.ctx.reply("word") in written.lower() else self.ctx.reply("title", list=written)

    @property
    def items(self) -> list[str]:
        """What is on it, in the order in which it came."""
        return list(self._kept["items"]) if self._kept else []

    def put(self, items: Sequence[str]) -> None:
        """Have these on it."""
        self.ctx.store.put(_PREFIX + self.name, {"name": self._written, "items": list(items)})

    def delete(self) -> None:
        """Do away with it."""
        self.ctx.store.delete(_PREFIX + self.name)

    @property
    def _kept(self) -> dict[str, Any] | None:
        kept: dict[str, Any] | None = self.ctx.store.get(_PREFIX + self.name)
        return kept

    @property
    def _written(self) -> str:
        """The name with the user's capitals."""
        return self._kept["name"] if self._kept else as_written(self.name, self.ctx.text)
