"""Stories as rows, on SQLite and PostgreSQL: grouping, merging, splitting and joining."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from crawler.errors import UsageError
from crawler.model.item import Item, Published
from crawler.storage.database import Database
from crawler.storage.items import Filter, insert_item
from crawler.storage.stories import Grouped, StoryStore
from crawler.storage.story_index import SqlIndex
from crawler.storage.tables import items
from crawler.storage.tables_recipients import delivered_items
from crawler.storage.tables_stories import anchor_counts, item_anchors, item_bands, story_links
from crawler.stories.fingerprint import Fingerprint, fingerprint

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
GERMAN = (
    "Brunnhagen und Hwaseong gründen Zentrum für Keramik",
    "Die Städte Brunnhagen und Hwaseong haben am 4. Mai 2026 ein Zentrum für Keramik eröffnet. "
    "Das Institut QRTM stellt dafür 17,4 Millionen Euro bereit.\n\n"
    "Im Zentrum arbeiten künftig 143 Menschen. Die Leitung hat Professorin Irmgard Tolkenbach.",
)
ENGLISH = (
    "Brunnhagen and Hwaseong found centre for ceramics",
    "The cities of Brunnhagen and Hwaseong opened a centre for ceramics on 4 May 2026. "
    "The institute QRTM provides 17.4 million euros.\n\n"
    "In future 143 people will work at the centre. Professor Irmgard Tolkenbach is its head.",
)
OTHER = (
    "Wagenfurt sucht Ideen für den Hafen",
    "Bis Ende Juni können Bürgerinnen und Bürger Vorschläge einreichen. Danach wählt eine Jury "
    "drei Entwürfe aus, die im Herbst gezeigt werden.",
)


def _item(number: int, told: tuple[str, str], language: str = "de", host: str = "") -> Item:
    url = f"https://{host or f'site{number}.example'}/news/{number}"
    return Item(
        id=f"{number:016d}",
        source=f"source{number}",
        url=url,
        canonical_url=url,
        title=told[0],
        summary="",
        published=Published(datetime(2026, 5, 5, tzinfo=UTC)),
        first_seen=NOW + timedelta(minutes=number),
        language=language,
        text=told[1],
    )


def _print(item: Item) -> Fingerprint:
    return fingerprint(item.title, item.text, language=item.language, url=item.canonical_url)


def _store(database: Database, item: Item) -> Grouped:
    with database.write() as connection:
        found = _print(item)
        insert_item(
            connection,
            item,
            content_hash=found.content_hash,
            title_hash=found.title_hash,
            text_pending=False,
        )
        return StoryStore(database).group(connection, item, found, NOW)


def test_a_copy_and_a_translation_join_the_story_of_the_original(database: Database) -> None:
    first = _store(database, _item(1, GERMAN))
    copy = _store(database, _item(2, GERMAN))
    translation = _store(database, _item(3, ENGLISH, "en"))
    other = _store(database, _item(4, OTHER))
    assert copy.story == translation.story == first.story != other.story
    assert copy.duplicate_of == "0000000000000001"
    assert translation.duplicate_of is None
    told = StoryStore(database).get(first.story)
    assert [item.id[-1] for item in told.items] == ["1", "3", "2"]
    relations = {(link.item[-1], link.other[-1]): link.relation for link in told.links}
    assert relations[("2", "1")] == "copy"
    assert relations[("3", "1")] == "translation"


def test_links_name_what_both_tell(database: Database) -> None:
    _store(database, _item(1, GERMAN))
    _store(database, _item(3, ENGLISH, "en"))
    (link,) = StoryStore(database).links("0000000000000003")
    assert {"amount:17400000", "name:qrtm"} <= set(link.anchors)


def test_a_split_is_remembered_by_later_items(database: Database) -> None:
    store = StoryStore(database)
    story = _store(database, _item(1, GERMAN)).story
    _store(database, _item(2, GERMAN))
    alone = store.split("0000000000000002", NOW)
    assert alone != story
    third = _store(database, _item(3, ENGLISH, "en"))
    assert not third.merges
    assert store.get(alone).id != store.get(story).id


def test_the_item_that_a_story_is_named_after_can_be_split_off(database: Database) -> None:
    store = StoryStore(database)
    _store(database, _item(1, GERMAN))
    story = _store(database, _item(2, GERMAN)).story
    alone = store.split("0000000000000001", NOW)
    assert alone != story
    assert [one.id for one in store.get(story).items] == ["0000000000000002"]


def test_a_join_is_remembered_and_the_younger_story_redirects(database: Database) -> None:
    store = StoryStore(database)
    old = _store(database, _item(1, GERMAN)).story
    young = _store(database, _item(2, OTHER)).story
    assert store.join(["0000000000000002", "0000000000000001"], NOW) == old
    assert store.get(young).id == old
    assert len(store.get(young).items) == 2


def test_a_joining_item_merges_stories_and_leaves_a_redirect(database: Database) -> None:
    store = StoryStore(database)
    one = _store(database, _item(1, GERMAN))
    two = _store(database, _item(2, GERMAN))
    split = store.split("0000000000000002", NOW)
    assert store.join([_item(1, GERMAN).id, _item(2, GERMAN).id], NOW) == one.story == two.story
    assert store.get(split).id == one.story


def test_a_join_undoes_a_split_between_everything_joined(database: Database) -> None:
    store = StoryStore(database)
    original = _store(database, _item(1, GERMAN))
    _store(database, _item(2, GERMAN))
    _store(database, _item(3, ENGLISH, "en"))
    store.split("0000000000000002", NOW)
    # The one it was split from is not named, but it stands in the story that is joined.
    assert store.join(["0000000000000002", "0000000000000003"], NOW) == original.story
    _store(database, _item(4, ENGLISH, "en"))
    (told,) = store.find(Filter())
    assert sorted(item.id[-1] for item in told.items) == ["1", "2", "3", "4"]
    repeated = {item.id[-1]: item.duplicate_of for item in told.items}
    assert repeated["2"] == "0000000000000001"


def test_an_original_that_was_split_off_and_joined_again_is_repeated_again(
    database: Database,
) -> None:
    store = StoryStore(database)
    story = _store(database, _item(1, GERMAN)).story
    for number in (2, 3):
        _store(database, _item(number, GERMAN))
    store.split("0000000000000001", NOW)
    store.join(["0000000000000003", "0000000000000001"], NOW)
    repeated = {item.id[-1]: item.duplicate_of for item in store.get(story).items}
    assert repeated == dict.fromkeys("23", "0000000000000001") | {"1": None}


def test_a_telling_that_little_is_shared_with_stays_after_its_split_was_undone(
    database: Database,
) -> None:
    store = StoryStore(database)
    story = _store(database, _item(1, GERMAN)).story
    _store(database, _item(2, ENGLISH, "en"))
    _store(database, _item(3, OTHER))
    both = ["0000000000000001", "0000000000000003"]
    for _ in range(2):
        store.join(both, NOW)
        store.split("0000000000000003", NOW)
    store.join(both, NOW)
    _store(database, _item(4, GERMAN))
    assert [item.id[-1] for item in store.get(story).items] == ["1", "2", "3", "4"]


def test_a_split_undoes_a_join_between_what_it_parts(database: Database) -> None:
    store = StoryStore(database)
    story = _store(database, _item(1, GERMAN)).story
    _store(database, _item(2, ENGLISH, "en"))
    _store(database, _item(3, OTHER))
    store.join(["0000000000000001", "0000000000000003"], NOW)
    store.split("0000000000000003", NOW)
    _store(database, _item(4, GERMAN))
    assert sorted(item.id[-1] for item in store.get(story).items) == ["1", "2", "4"]


def test_what_was_decided_about_stories_nearby_is_heeded(database: Database) -> None:
    """A story that nearly joined before is clustered anew with the one a new item reaches."""
    store = StoryStore(database)
    story = _store(database, _item(1, GERMAN)).story
    _store(database, _item(2, GERMAN))
    store.split("0000000000000002", NOW)
    nearly = {"item": "0000000000000002", "other": "0000000000000001", "relation": "copy"}
    with database.write() as connection:
        connection.execute(story_links.delete())
        connection.execute(story_links.insert().values(score=0.4, anchors=[], veto="", **nearly))
        for table in (item_bands, item_anchors):  # no candidate, found by its near miss alone
            connection.execute(table.delete().where(table.c.item == nearly["item"]))
    _store(database, _item(3, ENGLISH, "en"))
    assert sorted(item.id[-1] for item in store.get(story).items) == ["1", "3"]


def test_joined_stories_stay_one_though_single_tellings_contradict(database: Database) -> None:
    store = StoryStore(database)
    story = _store(database, _item(1, FORUM)).story
    for number in (2, 3):
        _store(database, _item(number, FORUM))
    for number in (4, 5):
        _store(database, _item(number, NEXT_FORUM))
    store.join(["0000000000000001", "0000000000000004"], NOW)
    _store(database, _item(6, FORUM))
    assert sorted(item.id[-1] for item in store.get(story).items) == list("123456")


def test_what_is_joined_by_hand_tells_what_the_items_share(database: Database) -> None:
    store = StoryStore(database)
    told = "Irmgard Tolkenbach sprach in Brunnhagen vor Schülern über ihren Beruf."
    _store(database, _item(1, GERMAN))
    _store(database, _item(2, ("Tolkenbach im Gymnasium", told)))
    store.join(["0000000000000001", "0000000000000002"], NOW)
    (link,) = store.links("0000000000000002")
    assert (link.relation, link.score, link.veto) == ("manual", 1.0, "")
    assert any("tolkenbach" in anchor for anchor in link.anchors)
    store.split("0000000000000002", NOW)
    (link,) = store.links("0000000000000002")
    assert link.veto == "split by hand"


def test_a_text_that_was_erased_can_still_be_joined_by_hand(database: Database) -> None:
    store = StoryStore(database)
    first = _store(database, _item(1, GERMAN))
    _store(database, _item(2, OTHER))
    with database.write() as connection:
        SqlIndex(database, connection).remove("0000000000000002")
    assert store.join(["0000000000000001", "0000000000000002"], NOW) == first.story
    (link,) = store.links("0000000000000002")
    assert (link.relation, link.anchors) == ("manual", ())


def test_a_changed_text_is_indexed_anew_and_keeps_its_story(database: Database) -> None:
    store = StoryStore(database)
    before = _store(database, _item(1, OTHER))
    changed = replace(_item(1, GERMAN), story=before.story)
    with database.write() as connection:
        after = store.refresh(connection, changed, _print(changed), NOW)
    assert after.story == before.story
    joined = _store(database, _item(2, GERMAN))
    assert joined.story == before.story


FORUM = (
    "Keramikforum 2026 in Brunnhagen",
    "Zum Keramikforum 2026 kamen 143 Gäste nach Brunnhagen. Gastgeber war das Institut QRTM. "
    "Den Preis der Stadt erhielt Professorin Irmgard Tolkenbach aus Hwaseong.",
)
NEXT_FORUM = (
    "Keramikforum 2027 in Brunnhagen",
    "Das Keramikforum 2027 findet im Mai in Brunnhagen statt. Gastgeber ist das Institut QRTM. "
    "Vorträge können bis zum Januar eingereicht werden.",
)


def _edited(database: Database, told: tuple[str, str], story: str, host: str = "") -> Grouped:
    """Item 1, the original, says something else now."""
    changed = replace(_item(1, told, host=host), story=story)
    with database.write() as connection:
        return StoryStore(database).refresh(connection, changed, _print(changed), NOW)


def _forum(database: Database) -> str:
    """The story of an original and its copy at another site."""
    first = _store(database, _item(1, FORUM))
    assert _store(database, _item(2, FORUM)) == Grouped(first.story, "0000000000000001")
    return first.story


def test_an_edit_to_another_edition_takes_the_item_out_of_its_story(database: Database) -> None:
    story = _forum(database)
    after = _edited(database, NEXT_FORUM, story)
    assert after.story != story
    store = StoryStore(database)
    assert [one.id for one in store.get(story).items] == ["0000000000000002"]
    assert store.get(story).items[0].duplicate_of is None
    assert "other year: 2027 / 2026" in [link.veto for link in store.links("0000000000000001")]
    assert _edited(database, NEXT_FORUM, after.story).story == after.story


def test_an_edited_item_joins_the_story_that_it_tells_now(database: Database) -> None:
    story = _forum(database)
    other = _store(database, _item(3, NEXT_FORUM))
    assert other.story != story
    assert _edited(database, NEXT_FORUM, story).story == other.story


def test_leaving_a_story_that_was_sent_sends_nothing_again(database: Database) -> None:
    story = _forum(database)
    sent = {"subscription": "team", "item": "0000000000000002", "delivery": "d1", "at": NOW}
    with database.write() as connection:
        connection.execute(delivered_items.insert().values(to="slack:#c", how="shown", **sent))
    _edited(database, NEXT_FORUM, story)
    with database.read() as connection:
        got = {row.item: row.how for row in connection.execute(select(delivered_items))}
    assert got == {"0000000000000001": "marked", "0000000000000002": "shown"}


@pytest.mark.parametrize(
    "told",
    [
        (FORUM[0], FORUM[1].replace("143", "134")),
        ("Professorin Tolkenbach geehrt", "Irmgard Tolkenbach aus Hwaseong erhielt den Preis."),
        OTHER,
    ],
)
def test_other_figures_and_other_words_leave_an_edited_item_where_it_stands(
    database: Database, told: tuple[str, str]
) -> None:
    story = _forum(database)
    assert _edited(database, told, story).story == story


def test_what_was_joined_by_hand_stays_joined_after_an_edit(database: Database) -> None:
    story = _forum(database)
    StoryStore(database).join(["0000000000000001", "0000000000000002"], NOW)
    assert _edited(database, NEXT_FORUM, story).story == story


def test_another_member_in_the_same_template_leaves(database: Database) -> None:
    welcome = "Wir begrüßen {} als neues Mitglied in unserem Netzwerk. Mitglieder erhalten Rabatt."
    old = ("Neues Mitglied", welcome.format("Tolkenbach Keramik"))
    first = _store(database, _item(1, old, host="netz.example"))
    assert _store(database, _item(2, old, host="netz.example")).story == first.story
    new = ("Neues Mitglied", welcome.format("Hwaseong Optik"))
    assert _edited(database, new, first.story, "netz.example").story != first.story


def test_counts_of_anchors_follow_the_rows(database: Database) -> None:
    _store(database, _item(1, GERMAN))
    _store(database, _item(2, GERMAN))
    changed = replace(_item(1, OTHER), story="s0000000000000001")
    with database.write() as connection:
        StoryStore(database).refresh(connection, changed, _print(changed), NOW)
    counted = select(item_anchors.c.anchor, func.count()).group_by(item_anchors.c.anchor)
    with database.read() as connection:
        rows: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted)}
        kept = {row.anchor: row.items for row in connection.execute(select(anchor_counts))}
        bands = connection.scalar(select(func.count()).select_from(item_bands))
        total = connection.scalar(select(func.count()).select_from(items))
    assert kept.pop("") == total == 2
    assert {key: kept[key] for key in rows} == rows
    assert all(number >= 0 for number in kept.values())
    assert {key for key, number in kept.items() if number} - set(rows) <= {
        key for key in kept if key.startswith("concept:")
    }
    assert bands


def test_a_near_miss_says_what_keeps_two_items_apart(database: Database) -> None:
    store = StoryStore(database)
    _store(database, _item(1, GERMAN))
    year_later = replace(_item(2, GERMAN), published=Published(datetime(2027, 5, 5, tzinfo=UTC)))
    other = _store(database, year_later)
    assert other.story != store.get("s0000000000000001").id
    (miss,) = store.links(year_later.id)
    assert "days apart" in miss.veto
    assert miss.anchors
    store.join(["0000000000000001", "0000000000000002"], NOW)
    (link,) = store.links(year_later.id)
    assert (link.relation, link.veto) == ("manual", ""), "they are one story now, by hand"


def test_what_was_split_by_hand_is_no_link_any_more(database: Database) -> None:
    store = StoryStore(database)
    _store(database, _item(1, GERMAN))
    _store(database, _item(2, GERMAN))
    store.split("0000000000000002", NOW)
    (apart,) = store.links("0000000000000002")
    assert apart.veto == "split by hand"


def test_a_story_is_the_same_in_whatever_order_its_tellings_come(database: Database) -> None:
    tellings = [_item(1, GERMAN), _item(2, ENGLISH, "en"), _item(3, GERMAN), _item(4, OTHER)]
    for one in (tellings[n] for n in (3, 1, 0, 2)):
        _store(database, one)
    told = [story for story in StoryStore(database).find(Filter()) if len(story.items) > 1]
    assert [sorted(item.id[-1] for item in story.items) for story in told] == [["1", "2", "3"]]


def test_unknown_ids_are_named(database: Database) -> None:
    store = StoryStore(database)
    with pytest.raises(UsageError, match="nothing"):
        store.get("nothing")
    with pytest.raises(UsageError, match="nobody"):
        store.split("nobody", NOW)
    with pytest.raises(UsageError, match="two items"):
        store.join([], NOW)


def test_stories_are_found_by_their_newest_telling_that_fits(database: Database) -> None:
    store = StoryStore(database)
    old = _store(database, _item(1, OTHER)).story
    new = _store(database, _item(2, GERMAN)).story
    assert [story.id for story in store.find(Filter())] == [new, old]
    assert [story.id for story in store.find(Filter(limit=1))] == [new]
    assert [s.id for s in store.find(Filter(since=NOW + timedelta(minutes=2)))] == [new]


def test_a_story_is_found_by_one_telling_and_comes_with_all(database: Database) -> None:
    _store(database, _item(1, GERMAN))
    _store(database, _item(2, ENGLISH, "en"))
    (found,) = StoryStore(database).find(Filter(language="en"))
    assert [item.id[-1] for item in found.items] == ["1", "2"]


@pytest.mark.parametrize("read", [1, 2, 3])
@pytest.mark.parametrize("how", ["join", "split"])
def test_stories_are_found_while_others_join_and_split_them(
    database: Database, how: str, read: int
) -> None:
    for number, told in enumerate((GERMAN, GERMAN, OTHER), start=1):
        _store(database, _item(number, told))
    statements: list[object] = []

    def meanwhile(*statement: object) -> None:
        """Another's change after so many statements of ours."""
        statements.append(statement)
        if len(statements) == read:
            if how == "join":
                StoryStore(database).join([_item(1, GERMAN).id, _item(3, OTHER).id], NOW)
            else:
                StoryStore(database).split(_item(2, GERMAN).id, NOW)

    event.listen(database.engine, "after_cursor_execute", meanwhile)
    found = StoryStore(database).find(Filter())
    assert len(statements) > read
    assert all(story.items for story in found)
    tellings = [item.id for story in found for item in story.items]
    assert len(tellings) == len(set(tellings))
    assert {_item(1, GERMAN).id, _item(3, OTHER).id} <= set(tellings)


def test_the_id_of_a_telling_leads_to_its_story(database: Database) -> None:
    story = _store(database, _item(1, GERMAN)).story
    _store(database, _item(2, GERMAN))
    assert StoryStore(database).get("0000000000000002").id == story


def test_a_story_can_be_joined_by_its_id_and_parted_by_a_telling_alone(database: Database) -> None:
    store = StoryStore(database)
    one = _store(database, _item(1, GERMAN)).story
    other = _store(database, _item(2, OTHER)).story
    assert store.split(other, NOW) == other  # it stands alone
    assert store.join([one, other], NOW) == one
    with pytest.raises(UsageError, match="a story with 2 tellings"):
        store.split(other, NOW)
