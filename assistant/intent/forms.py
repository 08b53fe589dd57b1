"""Lists with forms that are understood in text but not listened for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.intent.numbers import written
from assistant.intent.template import Alt, Node, Seq, SlotType, list_type, words_of


def heard_and_read(name: str, heard: Mapping[str, Any], read: Mapping[str, Any]) -> SlotType:
    """A list slot type of which only a part is worth a closed recogniser's attention.

    Args:
        name: for messages.
        heard: spoken form → value; forms may be templates.
        read: written form → value: abbreviations, rare names. They cost the matcher one pattern for each
            length in words, however many they are.
    """
    values = {tuple(words_of(form)): value for form, value in read.items()}
    entries: list[Node] = list(list_type(name, heard).node.items)  # type: ignore[union-attr]
    for size in sorted({len(words) for words in values}):
        columns = zip(*(words for words in values if len(words) == size), strict=True)
        entries.append(Seq(tuple(written(*dict.fromkeys(column)) for column in columns)))
    return SlotType(name, Alt(tuple(entries)), lambda text: values.get(tuple(text.split())), is_list=True)
