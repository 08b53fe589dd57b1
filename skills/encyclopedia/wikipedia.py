"""Wikipedia's search and page summaries (https://www.mediawiki.org/wiki/API:REST_API and Wikimedia's REST API)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from assistant import Context, SkillError

_KEPT = 7 * 86_400.0
"""Seconds for which a copy is as good as the page."""
_IN_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_END = re.compile(r"(?:(?<=[^\W\d_]{3}[.!?])|(?<=\d{4}[.!?]))\s+(?=[^\W\d_a-zà-ÿа-яё]|[«„“\"])")
"""Between sentences: not after initials and abbreviations of up to two letters, nor after the day of a month."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Summary:
    """The beginning of a page.

    Attributes:
        title: of the page.
        sentences: without what stands in brackets, which nobody wants to hear.
        is_list: the title has several meanings, which the page lists.
    """

    title: str
    sentences: tuple[str, ...]
    is_list: bool


async def summary(ctx: Context, topic: str) -> Summary | None:
    """What the encyclopedia of the conversation's language says of a topic, None if it has no page.

    Raises:
        SkillError: the network is missing, or the answer makes no sense.
    """
    site = f"https://{ctx.language}.wikipedia.org"
    key = await _read(ctx, f"{site}/w/rest.php/v1/search/page", {"q": topic, "limit": 1}, _best)
    if key is None:
        return None
    return await _read(ctx, f"{site}/api/rest_v1/page/summary/{quote(key, safe='')}", {}, _summary)


async def _read(ctx: Context, url: str, params: dict[str, Any], parse: Callable[[Any], _T]) -> _T:
    """What is there; a copy that makes no sense is read anew once."""
    for age in (_KEPT, 0.0):
        fetched = await ctx.fetch(url, params=params, max_age=age)
        try:
            return parse(fetched.json())
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            ctx.log.warning("%s gave nonsense: %s: %s", url, type(error).__name__, error)
    raise SkillError(ctx.reply("nonsense"))


def _best(given: Any) -> str | None:
    pages = given["pages"]
    return str(pages[0]["key"]) if pages else None


def _summary(given: Any) -> Summary:
    return Summary(str(given["title"]), sentences(given["extract"]), given.get("type") == "disambiguation")


def sentences(text: str) -> tuple[str, ...]:
    """A text's sentences, without brackets."""
    before = ""
    while text != before:
        before, text = text, _IN_BRACKETS.sub("", text)
    return tuple(part for each in _END.split(" ".join(text.split())) if (part := each.strip()))
