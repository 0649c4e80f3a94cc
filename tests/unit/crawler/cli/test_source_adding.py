"""What ``sources add`` says of a page that is to be watched as a page."""

from __future__ import annotations

from crawler.cli.source_adding import told_as_page
from crawler.extract.detection import Detection
from crawler.model.item import RawItem


def test_a_page_asked_for_as_such_is_told_as_page_whatever_list_it_holds() -> None:
    items = (RawItem("https://a.example/1", "One"),)
    listed = told_as_page(Detection("listing", items=items, why="1 entry with date"))
    assert listed.startswith("page: as asked,")
    assert listed.endswith("left to itself it would be watched as a listing (1 entry with date)")
    bare = told_as_page(Detection("page", why="no list of news"))
    assert bare.startswith("page: as asked,")
    assert "no list" not in bare
