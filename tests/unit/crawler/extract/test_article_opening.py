"""Which paragraphs begin a text, apart from the rest of it."""

from __future__ import annotations

import pytest

from crawler.extract.article_core import READERS, core_of
from crawler.extract.article_opening import opening
from crawler.extract.article_page import read_page

SENTENCES = [
    f"On day {day} the {who} of the valley, who had waited long, came to see the machines at work."
    for day, who in enumerate(("bakers", "smiths", "weavers", "tanners", "millers"), 1)
]
REST = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[2:])
FIRST = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:2])
BOX = "<ul><li><a href='/s'>Another story of the valley's machines</a></li></ul>"


def found(content: str) -> list[str]:
    """The openings of a page whose readers agree on the sentences from the third on."""
    blocks = read_page(f"<h1>A workshop opens</h1>{content}".encode(), "https://a.example/1").blocks
    counts = [len(READERS) * (block.text in SENTENCES[2:]) for block in blocks]
    core = core_of(blocks, counts, {index for index, count in enumerate(counts) if count})
    assert core is not None
    return [blocks[index].text for index in sorted(opening(blocks, 0, core))]


def test_paragraphs_in_a_box_named_as_the_core_s_begin_the_text() -> None:
    part = "<div class='body'><div>{}</div></div>"
    assert found(part.format(FIRST) + BOX + part.format(REST)) == SENTENCES[:2]


def test_loose_lines_in_the_box_around_the_core_begin_the_text() -> None:
    lines = "<br><br>".join(SENTENCES[:2])
    assert found(f"<div>{lines}<span>{REST}</span></div>") == SENTENCES[:2]


@pytest.mark.parametrize(
    "content",
    [
        f"<div class='box'><div>{FIRST}</div></div><div class='body'><div>{REST}</div></div>",
        f"<div><div>{FIRST}</div></div><div><div>{REST}</div></div>",
        f"<div>By the editors {'of the Valley Paper ' * 4} 11/18/2011 2:27 AM<p>{REST}</p></div>",
        f"<div><a href='/s'>{SENTENCES[0]}</a><p>{REST}</p></div>",
    ],
)
def test_other_boxes_labels_and_links_begin_none(content: str) -> None:
    assert found(content) == []
