"""From a reading to stored items, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.comparison import Listed
from crawler.model.item import Article, Published, RawItem
from crawler.model.reading import Dropped, Entry
from crawler.model.source import Source, Validators
from crawler.outcomes import held_back
from crawler.storage import fetched
from crawler.storage.checks import CheckStore
from crawler.storage.fetched import FetchedStore, validators_key
from tests.integration.ingest.conftest import NOW, House, entry


def test_a_reading_stored_twice_brings_nothing_new(house: House) -> None:
    first = house.store([entry(1), entry(2)])
    assert (first.status, first.new, first.updated) == ("ok", 2, 0)
    assert all(item.story and item.topics for item in first.items)
    before = house.rows()
    house.later(hours=1)
    again = house.store([entry(1), entry(2)])
    assert (again.new, again.updated) == (0, 0)
    after = house.rows()
    for table in ("items", "addresses", "matches", "stories", "fingerprints", "item_anchors"):
        assert after[table] == before[table]
    assert [row[5] for row in after["sightings"]] == [NOW, NOW]  # first seen
    assert [row[6] for row in after["sightings"]] == [house.moment] * 2  # last seen


def test_a_rewritten_article_updates_its_item(house: House) -> None:
    [before] = house.store([entry(1)]).items
    house.later(hours=1)
    outcome = house.store([entry(1, title="A corrected headline", text="No beams at all here.")])
    assert (outcome.new, outcome.updated) == (0, 1)
    [item] = house.items()
    assert (item.id, item.story) == (before.id, before.story)
    assert (item.title, item.text) == ("A corrected headline", "No beams at all here.")
    assert item.topics == ()
    assert (item.first_seen, item.published) == (before.first_seen, before.published)


def test_a_page_without_text_takes_none_away(house: House) -> None:
    house.store([entry(1)])
    [before] = house.items()
    bare = entry(1)
    assert bare.article is not None
    house.store([replace(bare, article=replace(bare.article, text="", title="Site name"))])
    house.store([replace(bare, article=None, problem="no answer", stage="fetch", retry=True)])
    [item] = house.items()
    assert (item.title, item.text, item.topics) == (before.title, before.text, before.topics)
    assert house.ingest.items.pending_texts("one", NOW, 5) == [(item.id, item.url)]


def test_the_language_is_the_article_s_and_told_by_the_teaser_where_it_has_no_text(
    house: House,
) -> None:
    read, listed = entry(1), entry(2)
    assert read.article is not None
    read = replace(read, article=replace(read.article, language="da"))
    raw = replace(
        listed.listed,
        title="Wie das Netzwerk im nächsten Jahr arbeiten will",
        summary="Die Mitglieder haben sich auf ein Vorhaben geeinigt.",
        language="da",
    )
    house.store([read, replace(listed, listed=raw, article=None)])
    assert {item.url[-1]: item.language for item in house.items()} == {"1": "da", "2": "de"}


def test_an_item_of_two_sources_is_one_item_with_two_sightings(house: House) -> None:
    [item] = house.store([entry(1)]).items
    house.later(hours=1)
    shared = entry(1)
    assert house.store([shared], "two").new == 0
    sightings = house.ingest.items.sightings(item.id)
    assert [(one.source, one.first_seen) for one in sightings] == [
        ("one", NOW),
        ("two", house.moment),
    ]
    [stored] = house.items()
    assert stored.source == "one"


def test_twins_of_an_address_are_one_item(house: House) -> None:
    one = entry(1)
    twin = "http://www.one.example/news/1/?utm_source=rss#top"
    again = replace(one, listed=replace(one.listed, url=twin), addresses=(twin,))
    assert house.store([one, again]).new == 1
    assert house.store([again]).new == 0


def test_an_item_that_was_stored_by_its_view_stays_the_same(house: House) -> None:
    assert house.store([_view("gate", names=False)]).new == 1
    assert house.store([_view("gate")]).new == 0
    assert house.store([entry("gate")]).new == 0


def _view(name: str, *, names: bool = True) -> Entry:
    """The AMP page of an article, which ``names`` it."""
    page = entry(name)
    assert page.article is not None
    url, named = f"{page.listed.url}/amp", page.listed.url if names else ""
    article = replace(page.article, url=url, canonical_url=named)
    return Entry(replace(page.listed, url=url), article, (url,))


def test_moved_re_dated_and_re_guided_entries_are_not_new(house: House) -> None:
    text = "A long report about the laser laboratory. " * 8
    house.store([entry(1, "The laboratory opens", text, guid="g-1")])
    house.later(days=1)
    moved = entry("moved-1", "The laboratory opens", text, guid="g-2")
    late = Published(NOW + timedelta(days=1))
    dated = replace(moved, listed=replace(moved.listed, published=late))
    outcome = house.store([dated])
    assert (outcome.new, len(house.items())) == (0, 1)
    compared = house.ingest.compare("one", [moved.listed])
    assert compared.new == compared.changed == ()


def test_a_known_guid_at_a_new_address_is_seen_again_without_being_read(house: House) -> None:
    [item] = house.store([entry(1, guid="g-1")]).items
    house.later(hours=1)
    listed = replace(entry("x", item.title, guid="g-1").listed, title=item.title)
    assert house.ingest.compare("one", [listed]).new == ()
    house.store([], listed=(listed,))
    [sighting] = house.ingest.items.sightings(item.id)
    assert (sighting.last_seen, sighting.url) == (house.moment, listed.url)


def test_a_series_of_events_stays_distinct(house: House) -> None:
    series = [
        entry(n, "Cluster meeting", f"We meet on day {n} at 18:00, room {n + 10}.")
        for n in range(4)
    ]
    assert house.store(series).new == 4
    teasers = [replace(entry(f"t{n}", "Jour fixe"), article=None) for n in range(3)]
    assert house.store(teasers).new == 3


def test_a_changed_stamp_is_read_again_and_full_reads_all(house: House) -> None:
    house.store([entry(1), entry(2)])
    listed = [entry(1).listed, replace(entry(2).listed, title="Another title")]
    assert house.ingest.compare("one", listed).changed == (listed[1],)
    assert len(house.ingest.compare("one", listed, full=True).changed) == 2
    assert house.ingest.compare("two", listed).changed == ()


def test_pages_of_several_sources_are_compared_together_as_each_alone(house: House) -> None:
    house.store([entry(1, guid="1"), entry(2, guid="2")])
    house.store([entry(3, "Of another source", guid="1"), entry(4)], source="two")
    one = [
        replace(entry("x", guid="1").listed, title=entry(1).listed.title),  # at a new address
        replace(entry(2).listed, title="Another title"),
        entry("new", guid="3").listed,
    ]
    two = [replace(one[0], guid="1"), entry(4).listed, entry(1).listed]
    pages = [
        Listed("one", one), Listed("two", two), Listed("one", [], full=True),
        Listed("one", one, full=True),
    ]  # fmt: skip
    together = house.ingest.compare_many(pages)
    assert together == [house.ingest.compare_many([page])[0] for page in pages]
    assert (together[0].new, together[0].changed) == ((one[2],), (one[1],))
    assert (together[1].new, together[1].changed) == ((two[0],), ())
    assert (together[3].new, together[3].changed) == ((one[2],), (one[0], one[1]))


def test_a_failure_in_the_middle_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = house.rows()

    def odd(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(house.ingest.sources, "finish", odd)
    with pytest.raises(RuntimeError, match="full"):
        house.store(
            [entry(1), entry(2)],
            dropped=(Dropped("https://one.example/x", "list", "no"),),
            validators={"https://one.example/feed": Validators("e")},
        )
    assert house.rows() == before


def test_a_dry_run_decides_the_same_and_writes_nothing(house: House) -> None:
    house.store([entry(1)])
    before = house.rows()
    entries = [entry(1, text="Rewritten."), entry(2), entry(3)]
    dry = house.store(entries, dry_run=True)
    assert house.rows() == before
    real = house.store(entries)
    assert (dry.new, dry.updated, dry.seen) == (real.new, real.updated, real.seen) == (2, 1, 3)
    assert [item.topics for item in dry.items] == [item.topics for item in real.items]


def test_drops_are_kept_with_their_reasons_and_bounded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetched, "KEPT_DROPS_PER_SOURCE", 10)

    def dropped(start: int, count: int) -> tuple[Dropped, ...]:
        return tuple(
            Dropped(f"https://one.example/{n}", "list", "no item")
            for n in range(start, start + count)
        )

    house.store([], dropped=dropped(0, 25))
    assert len(house.rows()["drops"]) == 10
    house.later(hours=1)
    house.store([], dropped=dropped(100, 4))
    rows = house.rows()["drops"]
    assert len(rows) == 10
    assert sum("/10" in row[2] for row in rows) == 4
    house.store([], "two", dropped=dropped(0, 3))
    assert len(house.rows()["drops"]) == 13


def test_entries_that_are_no_items_are_dropped_with_a_reason(house: House) -> None:
    odd = [
        Entry(RawItem("javascript:alert(1)", "No address")),
        Entry(RawItem("https://one.example/untitled")),
        Entry(RawItem("https://one.example/\ud800", "Half a pair")),
        entry(1),
    ]
    assert house.store(odd).new == 1
    reasons = {row[4] for row in house.rows()["drops"]}
    assert len(house.rows()["drops"]) == 3
    assert "It has no title." in reasons


def test_one_item_that_breaks_a_step_does_not_stop_the_rest(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    match = house.ingest.matcher.match

    class Odd:
        def match(self, title: str, text: str, language: str = "") -> object:
            if "2" in title:
                raise ValueError("odd")
            return match(title, text, language)

    monkeypatch.setattr(house.ingest, "matcher", Odd())
    assert house.store([entry(1), entry(2), entry(3)]).new == 2
    [drop] = house.rows()["drops"]
    assert drop[3:5] == ("identity", "reading it failed: ValueError")


def test_hostile_characters_and_dates_reach_no_database(house: House) -> None:
    hostile = "\x00A\ud800 laser\ufffe\u2028\x85 한국 \U0001f600"
    url = "https://one.example/odd"
    year_one = Published(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))))
    late = Published(datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=5))))
    raw = RawItem(url, hostile, year_one, hostile, guid=hostile, author=hostile, image=hostile)
    article = Article(url, title=hostile, published=late, modified=late, text=hostile * 3,
                      author=hostile, image=hostile, language="xx-very-long-tag")  # fmt: skip
    house.store([], error=hostile)
    outcome = house.store(
        [Entry(raw, article, (url,))],
        dropped=(Dropped(f"https://one.example/{hostile}", "list", hostile),),
    )
    assert outcome.new == 1
    [item] = house.items()
    assert "한국" in item.title
    assert "\x00" not in item.title + item.text + item.summary + item.author
    assert item.published is None


def test_a_failure_is_noted_and_ended_by_a_success(house: House) -> None:
    house.store([entry(1)])
    for number in (1, 2):
        house.later(hours=30)
        outcome = house.store([], error="It is gone.", remedy="Look.", error_kind="http",
                              http_status=410)  # fmt: skip
        state = house.sources().get("one").state
        assert (outcome.status, outcome.error) == ("failed", "It is gone. Look.")
        assert (state.failures, state.error_kind) == (number, "gone")
    assert state.failing_since == NOW + timedelta(hours=30)
    assert state.last_ok == NOW
    assert state.next_due is not None
    assert state.next_due > house.moment + timedelta(hours=3)  # gone on purpose weighs more
    house.store([entry(1)])
    state = house.sources().get("one").state
    assert (state.failures, state.error, state.failing_since) == (0, "", None)


def test_validators_belong_to_a_source_and_its_rules(house: House) -> None:
    url = "https://one.example/feed"
    house.store([entry(1)], validators={url: Validators("e", "m", "h")})
    store = FetchedStore(house.database)
    source = house.sources().get("one").source
    assert store.validators(validators_key(source, url)) == Validators("e", "m", "h")
    for other in (replace(source, id="two"), replace(source, skip_links=("/x",)),
                  replace(source, selector=".x")):  # fmt: skip
        assert store.validators(validators_key(other, url)) is None
    house.store([entry(1)], validators={url: Validators("new")}, incomplete=True)
    assert store.validators(validators_key(source, url)) == Validators("e", "m", "h")


def test_sources_that_list_one_item_at_the_same_moment_store_it_once(house: House) -> None:
    entries = [entry(n) for n in range(6)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda name: house.store(entries, name), ["one", "two"]))
    assert sum(outcome.new for outcome in outcomes) == 6
    assert len(house.rows()["sightings"]) == 12


def test_a_lease_is_held_renewed_and_given_back(house: House) -> None:
    store, minutes = house.sources(), timedelta(minutes=10)
    assert store.claim("one", "a", NOW, minutes)
    assert not store.claim("one", "b", NOW, minutes)
    assert [row.source.id for row in store.due(NOW)] == ["two"]
    CheckStore(store.database).renew(["one"], "b", NOW + 9 * minutes)  # not b's to renew
    CheckStore(store.database).renew(["one"], "a", NOW + 2 * minutes)
    assert not store.claim("one", "b", NOW + minutes * 1.5, minutes)
    store.release("one", "b")
    assert not store.claim("one", "b", NOW, minutes)
    store.release("one", "a")
    assert store.claim("one", "b", NOW, minutes)
    assert not store.claim("nobody", "b", NOW, minutes)


def test_a_sync_that_changes_nothing_changes_nothing(house: House) -> None:
    declared = [Source("x", "X", "https://x.example/", declared_by="main")]
    house.sources().sync(declared, "main", NOW)
    before = house.rows()["sources"]
    house.sources().sync(declared, "main", NOW + timedelta(days=1))
    assert house.rows()["sources"] == before
    house.sources().sync([], "main", NOW)
    assert house.sources().get("x").state.status == "undeclared"
    house.sources().sync(declared, "main", NOW)
    assert house.rows()["sources"] == before


@pytest.mark.parametrize(("day", "held"), [(1, ""), (8, "baseline"), (40, "baseline")])
def test_a_whole_day_counts_from_its_end(house: House, day: int, held: str) -> None:
    crawl = house.ingest._settings.crawl.model_copy(update={"first_run": "7d"})
    moment = Published.on((NOW - timedelta(days=day)).date(), UTC)
    assert held_back(crawl, moment, NOW, first=True) == held


def test_validators_move_with_a_source(house: House) -> None:
    old, new = "https://one.example/news", "https://one.example/en/news"
    house.store([entry(1)], watch_url=old, moved=new, validators={old: Validators("e")})
    state = house.ingest.sources.get("one")
    assert state.state.watch_url == new
    store = FetchedStore(house.database)
    assert store.validators(validators_key(state.source, new)) == Validators("e")
