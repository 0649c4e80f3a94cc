"""What stands beside a paragraph, as far as it tells text from teasers."""

from __future__ import annotations

import pytest

from crawler.extract.article_core import READERS
from crawler.extract.article_evidence import FEATURES, evidence
from crawler.extract.article_page import read_page

PARAGRAPHS = "".join(
    f"<p>The hall's machine number {n} prints parts of steel for the yards along the river.</p>"
    for n in range(6)
)
LINK = "<h3><a href='/s'>Another story of the harbour</a></h3>"
TEASER = "<p>Boats that carry their own cranes came to the quay in the morning.</p>"


def is_under_link(content: str) -> bool:
    """Whether the teaser of a page is held for one, amid six paragraphs of text."""
    page = f"<h1>A hall for steel</h1><main>{PARAGRAPHS}{content}{PARAGRAPHS}</main>"
    blocks = read_page(page.encode(), "https://a.example/1").blocks
    at = next(block.index for block in blocks if block.text.startswith("Boats"))
    votes = {name: {block.index for block in blocks if "machine" in block.text} for name in READERS}
    return bool(evidence(blocks, votes)[at][FEATURES.index("under_link")])


@pytest.mark.parametrize(
    "content",
    [
        f"<div>{LINK}{TEASER}</div>",
        f"<div><div>{LINK}</div><div>{TEASER}</div></div>",
        f"<div><a href='/s'><b>Another story of the harbour</b></a>{TEASER}</div>",
        f"<div>{TEASER}<a href='/s'>Read more</a></div>",
    ],
)
def test_a_paragraph_in_one_box_with_a_link_is_a_teaser(content: str) -> None:
    assert is_under_link(content)


@pytest.mark.parametrize(
    "content",
    [
        f"<div><ul><li><div>{LINK}</div></li></ul></div>{TEASER}",
        f"{TEASER}<div><div><div><a href='/n'>Sign up for our letter</a></div></div></div>",
    ],
)
def test_links_of_boxes_beside_a_paragraph_make_it_none(content: str) -> None:
    assert not is_under_link(content)
