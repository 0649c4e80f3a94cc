# mypy: disable-error-code="untyped-decorator,import-not-found,misc,no-any-return"
"""A further peer of ``bench/sites.py``: Fundus with a parser written by hand for the farm.

Fundus reads publishers it has selectors for; here are some for the farm's eleven families, in its
own words. It runs in an environment of its own (``pip install fundus aiohttp``), with the fetching
of the other peer: aiohttp and feedparser. Feed addresses come on stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import aiohttp
import feedparser
from fundus.parser import ArticleBody, BaseParser, attribute
from fundus.parser.utility import (
    extract_article_body_with_selector,
    generic_author_parsing,
    generic_date_parsing,
)
from lxml.cssselect import CSSSelector

from bench.measure import measured

AT_ONCE = 32
_CONTAINERS = (
    ".entry-content", ".news-text-wrap", ".layout_full .ce_text", ".field--name-body",
    ".com-content-article__body", "#parent-fieldname-text", ".gh-content", "main > article",
    ".journal-content-article .text", ".NewsBody",
)  # fmt: skip


def _below(tags: str) -> CSSSelector:
    return CSSSelector(", ".join(f"{one} > {tag}" for one in _CONTAINERS for tag in tags.split()))


class FarmParser(BaseParser):
    """Text, title, day and author, as Fundus's own parsers of publishers give them."""

    _paragraphs, _headings = _below("p ul>li"), _below("h2")
    _title, _time = CSSSelector("h1"), CSSSelector("time[datetime]")
    _author = CSSSelector(".author, .createdby, .documentAuthor, .author-name")

    @attribute
    def body(self) -> ArticleBody | None:
        return extract_article_body_with_selector(
            self.precomputed.doc,
            paragraph_selector=self._paragraphs,
            subheadline_selector=self._headings,
        )

    @attribute
    def title(self) -> str:
        return "".join(node.text_content() for node in self._title(self.precomputed.doc)[:1])

    @attribute
    def publishing_date(self) -> Any:
        shown = [node.get("datetime") for node in self._time(self.precomputed.doc)[:1]]
        said = self.precomputed.ld.bf_search("datePublished")
        said = said or self.precomputed.meta.get("article:published_time")
        return generic_date_parsing(said or next(iter(shown), None))

    @attribute
    def authors(self) -> list[str]:
        names = [node.text_content() for node in self._author(self.precomputed.doc)[:1]]
        return list(generic_author_parsing(next(iter(names), None)))


async def main() -> None:
    """One round."""
    feeds: list[str] = json.loads(sys.stdin.readline())
    parser = FarmParser()
    parser.parse("<html><body><h1>warm</h1></body></html>", error_handling="suppress")
    places = asyncio.Semaphore(AT_ONCE)
    texts: dict[str, str] = {}
    async with aiohttp.ClientSession() as session:

        async def get(url: str) -> str:
            async with places, session.get(url) as answer:
                return await answer.text()

        async def article(url: str) -> None:
            found = parser.parse(await get(url), error_handling="suppress")
            texts[url] = str(found["body"] or "")

        async def feed(url: str) -> None:
            entries = feedparser.parse(await get(url)).entries
            await asyncio.gather(*(article(entry.link) for entry in entries))

        with measured() as cost:
            await asyncio.gather(*(feed(url) for url in feeds))
    print(json.dumps({**vars(cost), "texts": texts}))


if __name__ == "__main__":
    asyncio.run(main())
