"""Items whose pages moved are told at the address where they stand now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.comparison import Comparison
from crawler.identity import PASSAGE
from crawler.model.item import Article, Item, RawItem
from crawler.model.reading import Entry
from crawler.relocation import MOST_ADDRESSES
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


def test_a_redirect_moves_nothing_that_is_listed_where_it_was(house: House) -> None:
    house.store([entry(1, TITLE, TEXT)])
    house.later(days=1)
    house.store([_redirected("https://one.example/news/lab", names_itself=True)])
    assert _places(house) == [("https://one.example/news/1",) * 2]


@pytest.mark.parametrize("to", ["https://one.example/", "https://one.example/account/welcome"])
def test_items_that_lead_to_one_page_keep_their_addresses(house: House, to: str) -> None:
    both = [entry(1, TITLE, TEXT), entry(2)]
    house.store(both)
    places = _places(house)
    house.later(days=1)
    welcome = Article(to, canonical_url=to, title="Welcome", text="Members sign in here. " * 20)
    house.store([replace(one, article=welcome, addresses=(to,)) for one in both])
    assert _places(house) == places


def test_an_item_that_leads_to_the_page_of_another_moves_neither(house: House) -> None:
    first, second = entry(1, TITLE, TEXT), entry(2)
    house.store([first, second])
    places = _places(house)
    house.later(days=1)
    assert second.article is not None
    merged = replace(second.article, canonical_url=second.listed.url)
    house.store([replace(first, article=merged, addresses=(second.listed.url,))])
    assert _places(house) == places


def test_no_item_moves_where_its_address_leads_to_another(house: House) -> None:
    first, second = _redirected("https://one.example/news/lab", names_itself=True), entry(2)
    house.store([first, second])
    places = _places(house)
    house.later(days=1)
    led = replace(first.listed, url="https://one.example/news/lab")
    house.store([replace(first, listed=led, addresses=(second.listed.url,))])
    assert _places(house) == places


def test_an_entry_that_leads_to_a_page_of_another_title_moves_nothing(house: House) -> None:
    led = _redirected("https://one.example/account/welcome", names_itself=True)
    house.store([led])
    places = _places(house)
    house.later(days=1)
    assert led.article is not None
    other = replace(led.article, title="Members sign in", text="Members sign in here. " * 20)
    listed = replace(led.listed, url="https://one.example/news/2")
    house.store([replace(led, listed=listed, article=other)])
    assert _places(house) == places


def test_a_detour_to_where_the_item_was_moves_nothing(house: House) -> None:
    house.store([entry(1, TITLE, TEXT)])
    house.later(days=1)
    staging = entry("staged", TITLE, TEXT)
    assert staging.article is not None
    named = replace(staging.article, canonical_url="https://one.example/news/1")
    house.store([replace(staging, article=named)])
    assert _places(house) == [("https://one.example/news/1",) * 2]


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


def test_an_item_comes_back_to_an_address_that_its_source_lists_again(house: House) -> None:
    first = entry(1, TITLE, TEXT, guid="g-1")
    house.store([first])
    staging = replace(first.listed, url="https://staging.one.example/news/1")
    for listed in (staging, first.listed):
        house.later(days=1)
        house.store([], listed=(listed,))
        assert _places(house) == [(listed.url,) * 2]
        assert house.ingest.compare("one", [listed]) == Comparison()


def test_a_known_address_under_another_guid_moves_nothing(house: House) -> None:
    first = _redirected("https://one.example/news/lab", names_itself=True)
    house.store([replace(first, listed=replace(first.listed, guid="g-1"))])
    places = _places(house)
    house.later(days=1)
    other = replace(first.listed, url="https://one.example/news/lab", guid="g-2")
    house.store([], listed=(other,))
    assert _places(house) == places


def test_a_known_address_without_a_guid_moves_nothing(house: House) -> None:
    first = _redirected("https://one.example/news/lab", names_itself=True)
    house.store([replace(first, addresses=(*first.addresses, "https://one.example/go/1"))])
    places = _places(house)
    house.later(days=1)
    bare = replace(first.listed, url="https://one.example/news/lab")
    house.store([], listed=(replace(bare, url="https://one.example/go/1", guid="g"), bare))
    assert _places(house) == places


def test_an_entry_that_its_guid_tells_stays_where_it_is_listed_too(house: House) -> None:
    first = entry(1, TITLE, TEXT, guid="g-1").listed
    house.store([entry(1, TITLE, TEXT, guid="g-1")])
    house.later(days=1)
    again = replace(first, url="https://one.example/news/lab")
    house.store([], listed=(replace(first, guid=""), again))
    assert _places(house) == [("https://one.example/news/1",) * 2]


def test_another_source_brings_no_item_back(house: House) -> None:
    first = entry(1, TITLE, TEXT)
    copy = replace(first, listed=replace(first.listed, url="https://two.example/go/1", guid="g"))
    house.store([first])
    house.store([copy], "two")
    house.later(days=1)
    house.store([], "two", listed=(copy.listed,))
    assert _places(house) == [("https://one.example/news/1",) * 2]


def test_addresses_that_change_with_every_poll_are_followed_a_few_times(house: House) -> None:
    first = entry(1, TITLE, TEXT, guid="g-1")
    house.store([first])
    for poll in range(20):
        house.later(hours=1)
        listed = replace(first.listed, url=f"https://one.example/s/{poll:04}/news/1")
        assert house.ingest.compare("one", [listed]) == Comparison()
        house.store([], listed=(listed,))
    assert len(house.rows()["addresses"]) == MOST_ADDRESSES
    assert house.rows()["sightings"][0][2] == listed.url
    house.store([], listed=(first.listed,))
    assert _places(house) == [("https://one.example/news/1",) * 2]


def test_no_item_moves_to_a_home_page(house: House) -> None:
    first = entry(1, TITLE, TEXT, guid="g-1")
    house.store([first])
    house.later(days=1)
    home = replace(first.listed, url="https://one.example/")
    house.store([], listed=(home,))
    house.store([replace(entry(1, TITLE, TEXT), listed=home, addresses=(home.url,))])
    assert _places(house) == [("https://one.example/news/1",) * 2]


def test_a_passage_takes_no_page_for_its_own(house: House) -> None:
    passage = RawItem("https://one.example/page", TITLE, None, TEXT, guid=PASSAGE + "1")
    house.store([Entry(passage)])
    places = _places(house)
    house.later(days=1)
    house.store([], listed=(replace(passage, url="https://one.example/moved"),))
    assert _places(house) == places
    page = RawItem("https://one.example/moved", "Our new page")
    assert house.ingest.compare("two", [page]).new == (page,)


def test_what_a_backfill_lists_moves_nothing(house: House) -> None:
    first = entry(1, TITLE, TEXT, guid="g-1")
    house.store([first])
    house.later(days=1)
    older = replace(first.listed, url="https://one.example/archive/1")
    house.store([], listed=(older,), backfill=True)
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
