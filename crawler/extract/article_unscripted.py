"""Texts that a page shows to readers without scripts alone: in ``noscript``."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from crawler.extract.markup import folded

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Paragraphs for readers without scripts are the page's text where they hold so many characters, and
# more than all that the page shows besides links. Help with scripts and cookies is no text.
_UNSCRIPTED = 400
_SCRIPT_HELP = re.compile(
    r"java ?script|\b(?:no)?s[ck]ripte?[ns]?\b|cookie|browser|navigateur|navegador|przeglądark"
    r"|prohlížeč|prehliadač|böngésző|ブラウザ|브라우저|浏览器|瀏覽器",
    re.IGNORECASE,
)


def show_unscripted(root: HtmlElement, unseen: Collection[str]) -> None:
    """Where a page's text stands in ``noscript`` alone, the element becomes a box like others:
    scripts would write that text. Most hold pictures that count, links and requests. ``unseen``:
    tags whose text readers do not see."""
    silent = [
        (each, told)
        for each in root.iter("noscript")
        if (told := _told(each, unseen)) >= _UNSCRIPTED
    ]
    if silent and sum(told for _, told in silent) > _shown(root, unseen):
        for each, _ in silent:
            each.tag = "div"


def _told(silent: HtmlElement, unseen: Collection[str]) -> int:
    """The characters of an element's paragraphs besides links and help with scripts."""
    paragraphs = ((each, folded(each.text_content())) for each in silent.iter("p"))
    return sum(_shown(each, unseen) for each, said in paragraphs if not _SCRIPT_HELP.search(said))


def _shown(top: HtmlElement, unseen: Collection[str]) -> int:
    """The characters of an element's text that readers see, besides links."""
    count = 0
    waiting = [top]
    while waiting:
        element = waiting.pop()
        count += len(folded(element.text or ""))
        for child in element:
            count += len(folded(child.tail or ""))
            if isinstance(child.tag, str) and child.tag != "a" and child.tag not in unseen:
                waiting.append(child)
    return count
