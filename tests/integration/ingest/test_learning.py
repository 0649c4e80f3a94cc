"""What a source teaches while it is polled: noise in its addresses, what it says every time,
and edits that a reader must be told of."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from crawler.model.item import RawItem
from crawler.model.reading import Entry
from crawler.parameters import ENOUGH, Parameters
from crawler.storage.tables import items
from crawler.storage.tables_stories import fingerprints, source_sentences
from tests.integration.ingest.conftest import House, entry

ABOUT = (
    "About us: The cluster brings together companies, universities and hospitals of the whole "
    "region. It has been working for twenty years and is paid for by its many members. Every "
    "month it invites them to a breakfast with short talks. Its office stands by the river."
)


def _at(number: int, view: str) -> Entry:
    one = entry(number)
    url = f"https://one.example/news.php?id={number}&view={view}"
    return replace(one, listed=replace(one.listed, url=url), addresses=(url,))


def _learn(house: House) -> None:
    for view in ("a", "b"):
        house.store([_at(number, view) for number in range(ENOUGH)])
        house.later(hours=1)


def test_a_parameter_that_brings_the_same_items_is_noise_from_then_on(house: House) -> None:
    _learn(house)
    assert len(house.items()) == ENOUGH
    known = Parameters.of(house.sources().get("one").state.learned)
    assert known.noise == {"view"}
    listed = [_at(number, "c").listed for number in range(ENOUGH)]
    house.store([_at(number, "c") for number in range(ENOUGH)])
    fresh = [replace(raw, url=raw.url.replace("view=c", "view=d")) for raw in listed]
    compared = house.ingest.compare("one", fresh)
    assert compared.new == (), "their articles are not even asked for"


def test_nothing_alerts_again_when_a_parameter_is_learned(house: House) -> None:
    _learn(house)
    for view in ("a", "b", "c", "d"):
        outcome = house.store([_at(number, view) for number in range(ENOUGH)])
        assert outcome.new == 0, view


def test_a_parameter_that_selects_is_never_dropped(house: House) -> None:
    house.store([entry(1)])
    urls = [f"https://one.example/show?article={n}" for n in range(5)]
    told = [replace(entry(n), addresses=(u,)) for n, u in enumerate(urls, 10)]
    told = [replace(e, listed=replace(e.listed, url=u)) for e, u in zip(told, urls, strict=True)]
    assert house.store(told).new == 5
    known = Parameters.of(house.sources().get("one").state.learned)
    assert "article" in known.other


def test_another_title_under_a_learned_parameter_is_looked_at(house: House) -> None:
    _learn(house)
    house.store([_at(number, "c") for number in range(ENOUGH)])
    other = RawItem("https://one.example/news.php?id=1&view=z", "Something else entirely")
    assert house.ingest.compare("one", [other]).new == (other,)


def test_other_lessons_of_a_source_survive(house: House) -> None:
    house.store([entry(1)], learned={"paths": ["a<b"]})
    _learn(house)
    learned = house.sources().get("one").state.learned
    assert learned["paths"] == ["a<b"]
    house.store([entry(7)], learned={"paths": ["c"]})
    learned = house.sources().get("one").state.learned
    assert learned["paths"] == ["c"]
    assert Parameters.of(learned).noise == {"view"}


def _news(number: int, text: str) -> Entry:
    return entry(number, title=text.partition(".")[0], text=f"{text}\n\n{ABOUT}")


SHORT = (
    "Lumetra from Brunnhagen joins the network. It grinds lenses for microscopes.",
    "The breakfast in June is about hearing aids. Doctor Tolkenbach speaks at eight.",
    "Wagenfurt builds a new harbour. The first ships are expected in three years.",
    "A prize goes to the bakery of Selb. Its oven runs on hydrogen.",
    "Three schools visited the laboratory of Hof. They printed small bridges.",
)


def test_items_that_share_only_what_their_source_always_says_stay_apart(house: House) -> None:
    outcome = house.store([_news(n, text) for n, text in enumerate(SHORT)])
    assert outcome.new == len(SHORT)
    assert len({item.story for item in house.items()}) == len(SHORT)


def test_two_items_with_one_long_ending_stay_two(house: House) -> None:
    house.store([_news(0, SHORT[0]), _news(1, SHORT[1])])
    assert len({item.story for item in house.items()}) == 2


def test_what_a_source_always_says_is_in_no_fingerprint(house: House) -> None:
    house.store([_news(n, text) for n, text in enumerate(SHORT[:4])])
    with house.database.read() as connection:
        left_out = list(connection.scalars(select(fingerprints.c.left_out)))
    assert all(len(keys) == 4 for keys in left_out)
    house.later(hours=1)
    house.store([_news(9, SHORT[4])])
    with house.database.read() as connection:
        counted = list(connection.scalars(select(source_sentences.c["items"])))
    assert sorted(counted)[-4:] == [5, 5, 5, 5]


def test_a_release_is_one_story_with_and_without_the_ending_of_its_source(house: House) -> None:
    house.store([_news(n, text) for n, text in enumerate(SHORT)])
    house.later(hours=1)
    house.store([entry(1, title="Breakfast about hearing", text=SHORT[1], source="two")], "two")
    found = {item.source: item for item in house.items() if "reakfast" in item.title}
    assert found["one"].story == found["two"].story


def _change(house: House) -> tuple[str, bool]:
    with house.database.read() as connection:
        row = connection.execute(select(items.c.change, items.c.changed_at)).one()
    return row.change, row.changed_at == house.moment


def test_a_correction_marks_the_item_with_its_moment(house: House) -> None:
    house.store([entry(1, text="The hall opens on 4 May 2026. It costs 17.4 million euros.")])
    assert _change(house) == ("", False)
    house.later(hours=1)
    notice = "Correction: it costs 14.7 million euros, not more."
    house.store([entry(1, text=f"The hall opens on 4 May 2026. {notice}")])
    change, now = _change(house)
    assert change.startswith("Correction") or notice in change
    assert now


def test_an_edit_that_changes_no_fact_marks_nothing(house: House) -> None:
    house.store([entry(1, text="The hall opens on 4 May 2026. It costs 17.4 million euros.")])
    house.later(hours=1)
    more = "The hall opens on 4 May 2026. It costs 17.4 million euros. Come and see it."
    assert house.store([entry(1, text=more)]).updated == 1
    assert _change(house) == ("", False)


def test_the_first_text_of_an_item_is_no_change(house: House) -> None:
    late = replace(entry(1), article=None, problem="no answer", stage="fetch", retry=True)
    house.store([late])
    house.later(hours=1)
    house.store([entry(1, text="Correction: The hall opens on 4 May 2026.")])
    assert _change(house) == ("", False)
