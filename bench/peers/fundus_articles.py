# mypy: disable-error-code="untyped-decorator,import-not-found,misc,no-any-return"
"""A further peer of ``bench/sites.py``: Fundus with a parser written by hand for the farm.

Fundus reads publishers it has selectors for; here are some for the farm's eleven families, in its
own words. It runs in an environment of its own (``pip install fundus aiohttp``), with the fetching
of the other peer: aiohttp and feedparser. Feed addresses come on stdin.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fundus.parser import ArticleBody, BaseParser, attribute
from fundus.parser.utility import (
    extract_article_body_with_selector,
    generic_author_parsing,
    generic_date_parsing,
)
from lxml.cssselect import CSSSelector

from bench.peers.reading import read_articles

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


def text_of(page: bytes, url: str) -> str:
    """What the parser takes for the text; it reads title, day and author as well."""
    found = _PARSER.parse(page.decode(), error_handling="suppress")
    return str(found["body"] or "")


_PARSER = FarmParser()

if __name__ == "__main__":
    _PARSER.parse("<html><body><h1>warm</h1></body></html>", error_handling="suppress")
    asyncio.run(read_articles(text_of))
