"""RSS 2.0, RSS 1.0 and Atom (RFC 4287), as far as headlines need them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LONGEST = 600
"""Characters of a summary that are kept."""
_STORIES = {"item", "entry"}
_TEXTS = ("description", "summary", "encoded", "content")
"""Where a story's text may be, the shortest first."""


@dataclass(frozen=True, slots=True)
class Story:
    """One piece of news.

    Attributes:
        title: the headline.
        text: what it is about; may be empty.
    """

    title: str
    text: str


def stories(body: bytes) -> list[Story]:
    """The stories of a feed, in its order; without those that have no title.

    Raises:
        ValueError: it is no feed.
    """
    from xml.etree import ElementTree

    if b"<!ENTITY" in body:
        raise ValueError("a feed that declares entities")  # nobody needs them but those who blow them up
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, LookupError) as error:
        raise ValueError(str(error)) from error
    if _name(root) not in ("rss", "RDF", "feed"):
        raise ValueError(f"<{_name(root)}> is no feed")
    found = [Story(_text(each, "title"), _summary(each)) for each in root.iter() if _name(each) in _STORIES]
    return [story for story in found if story.title]


def _name(element: Element) -> str:
    """Without its namespace, which many feeds get wrong."""
    return str(element.tag).rpartition("}")[2]


def _children(story: Element, name: str) -> Iterator[Element]:
    return (each for each in story if _name(each) == name)


def _text(story: Element, name: str) -> str:
    """The text of a part, markup taken out."""
    part = next(_children(story, name), None)
    return "" if part is None else readable(" ".join(part.itertext()))


def _summary(story: Element) -> str:
    text = next((text for name in _TEXTS if (text := _text(story, name))), "")
    if len(text) <= _LONGEST:
        return text
    cut = text[:_LONGEST]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: end + 1] if end > 0 else cut.rpartition(" ")[0] + " …"


class _Plain(HTMLParser):
    """Gathers the text between tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs  # only the text is wanted
        self._hidden += tag in ("script", "style")
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def readable(markup: str) -> str:
    """HTML, as feeds have it even in titles, as plain text."""
    reader = _Plain()
    reader.feed(markup)
    reader.close()
    text = " ".join("".join(reader.parts).split())
    for mark in ".,;:!?":
        text = text.replace(f" {mark}", mark)
    return text
