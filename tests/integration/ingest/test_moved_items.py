"""Items whose pages moved are told at the address where they stand now."""

from __future__ import annotations

from dataclasses import replace

from crawler.model.item import Item
from crawler.model.reading import Entry
from tests.integration.ingest.conftest import House, entry

TEXT = "A long report about the laser laboratory of the cluster. " * 8
TITLE = "The laboratory opens"


def test_an_item_listed_at_another_address_moves_there(house: House) -> None:
    house.store([entry(1, TITLE, TEXT)])
    house.later(days=1)
    assert house.store([entry("lab", TITLE, TEXT)]).new == 0
    assert _places(house) == [("https://one.example/news/lab",) * 2]


def test_an_item_whose_old_address_is_listed_too_stays(house: House) -> None:
    first, again = entry(1, TITLE, TEXT), entry("lab", TITLE, TEXT)
    house.store([first])
    house.later(days=1)
    house.store([again], listed=(first.listed, again.listed))
    assert _places(house) == [("https://one.example/news/1",) * 2]


def test_another_source_moves_nothing(house: House) -> None:
    house.store([entry(1, TITLE, TEXT)])
    house.later(days=1)
    copy = replace(entry(1, TITLE, TEXT), addresses=("https://one.example/news/1",))
    elsewhere = replace(copy, listed=replace(copy.listed, url="https://two.example/go/1"))
    assert house.store([elsewhere], "two").new == 0
    assert _places(house) == [("https://one.example/news/1",) * 2]


def test_an_old_address_that_leads_to_a_page_which_names_itself_is_left(house: House) -> None:
    house.store([entry(1, TITLE, TEXT)])
    house.later(days=1)
    house.store([_redirected("https://one.example/news/lab", names_itself=True)])
    assert _places(house) == [("https://one.example/news/lab",) * 2]


def test_a_page_that_does_not_name_itself_may_be_a_detour(house: House) -> None:
    house.store([entry(1, TITLE, TEXT)])
    house.later(days=1)
    house.store([_redirected("https://one.example/lab?visit=7", names_itself=False)])
    assert _places(house) == [("https://one.example/news/1",) * 2]


def test_a_link_that_always_led_on_stays_as_it_is_listed(house: House) -> None:
    tracked = _redirected("https://one.example/news/lab", names_itself=True)
    house.store([tracked])
    house.later(days=1)
    house.store([tracked])
    assert _places(house) == [("https://one.example/news/1", "https://one.example/news/lab")]


def test_an_entry_that_its_guid_tells_moves_without_being_read(house: House) -> None:
    house.store([entry(1, TITLE, TEXT, guid="g-1")])
    house.later(days=1)
    moved = entry("lab", TITLE, TEXT, guid="g-1").listed
    house.store([], listed=(moved,))
    assert _places(house) == [("https://one.example/news/lab",) * 2]
    [item] = house.items()
    assert house.ingest.compare("one", [replace(moved, guid="")]).new == ()
    assert {row[1] for row in house.rows()["addresses"]} == {item.id}


def test_other_parameters_move_no_entry_that_its_guid_tells(house: House) -> None:
    first = entry(1, TITLE, TEXT, guid="g-1")
    house.store([first])
    house.later(days=1)
    house.store([], listed=(replace(first.listed, url=f"{first.listed.url}?visit=7"),))
    assert _places(house) == [("https://one.example/news/1",) * 2]


def _redirected(to: str, *, names_itself: bool) -> Entry:
    one = entry(1, TITLE, TEXT)
    assert one.article is not None
    article = replace(one.article, url=to, canonical_url=to if names_itself else "")
    return replace(one, article=article, addresses=(to,))


def _places(house: House) -> list[tuple[str, str]]:
    def place(item: Item) -> tuple[str, str]:
        return item.url, item.canonical_url

    return [place(item) for item in house.items()]
