"""What items announce is stored with them, follows their edits and goes with their words."""

from __future__ import annotations

from datetime import timedelta

from crawler.storage.erasure import ErasureStore
from crawler.storage.occasions import KeptOccasion, OccasionStore
from tests.integration.ingest.conftest import NOW, House, entry

TITLE = "Laser cluster invites"
WORKSHOP = "The laser workshop takes place on 12 March 2027 at 10:00 in Jena."
CALL = "Apply by 15 January 2027."


def kept(house: House, topic: str = "") -> list[KeptOccasion]:
    return OccasionStore(house.database).calendar(topic, NOW, 50)


def days(house: House) -> list[tuple[int, str, str, int, bool]]:
    return [
        (one.number, one.occasion.kind, one.occasion.first.isoformat(), one.sequence, one.withdrawn)
        for one in kept(house)
    ]


def test_occasions_are_stored_with_their_item(house: House) -> None:
    (item,) = house.store([entry(1, TITLE, f"{WORKSHOP} {CALL}")]).items
    first, second = OccasionStore(house.database).of_items([item.id])
    assert (first.occasion.kind, first.occasion.first.isoformat()) == ("deadline", "2027-01-15")
    assert (second.occasion.kind, second.occasion.place) == ("event", "Jena")
    assert second.occasion.start.isoformat() == "2027-03-12T10:00:00+01:00"
    assert item.text[second.occasion.at :].startswith(second.occasion.quote)
    assert second.story == item.story


def test_another_look_at_the_same_text_changes_nothing(house: House) -> None:
    house.store([entry(1, TITLE, WORKSHOP)])
    before = house.rows()["occasions"]
    house.later(hours=1)
    house.store([entry(1, TITLE, WORKSHOP)])
    assert house.rows()["occasions"] == before


def test_a_day_that_moves_keeps_its_number(house: House) -> None:
    house.store([entry(1, TITLE, f"{WORKSHOP} {CALL}")])
    house.later(hours=1)
    moved = WORKSHOP.replace("12 March", "19 March")
    house.store([entry(1, TITLE, f"{moved} {CALL}")])
    assert days(house) == [
        (0, "deadline", "2027-01-15", 0, False),
        (1, "event", "2027-03-19", 1, False),
    ]


def test_a_time_that_becomes_known_is_a_change_and_other_words_are_none(house: House) -> None:
    house.store([entry(1, TITLE, WORKSHOP.replace(" at 10:00", ""))])
    house.later(hours=1)
    house.store([entry(1, TITLE, WORKSHOP)])
    house.later(hours=1)
    house.store([entry(1, TITLE, f"Come and see. {WORKSHOP}")])
    (one,) = kept(house)
    assert (one.sequence, one.occasion.all_day) == (1, False)
    assert one.occasion.at == len("Come and see. ")


def test_what_is_no_longer_announced_is_withdrawn_and_may_return(house: House) -> None:
    house.store([entry(1, TITLE, f"{WORKSHOP} {CALL}")])
    house.later(hours=1)
    house.store([entry(1, TITLE, f"{WORKSHOP} No more applications are taken for the laser.")])
    assert days(house) == [
        (0, "deadline", "2027-01-15", 1, True),
        (1, "event", "2027-03-12", 0, False),
    ]
    house.later(hours=1)
    house.store([entry(1, TITLE, f"{WORKSHOP} {CALL} Again, for the laser.")])
    assert days(house)[0] == (0, "deadline", "2027-01-15", 2, False)


def test_what_is_over_stays_when_its_item_is_edited(house: House) -> None:
    house.store([entry(1, TITLE, WORKSHOP)])
    house.later(days=200)
    house.store([entry(1, TITLE, "The laser workshop was a success, says everybody who came.")])
    assert days(house) == [(0, "event", "2027-03-12", 0, False)]


def test_a_calendar_holds_what_is_about_its_topic_and_not_over(house: House) -> None:
    house.store([entry(1, TITLE, WORKSHOP), entry(2, "Bakers meet", "Bread fair on 2 May 2027.")])
    assert len(kept(house)) == 2
    assert [one.occasion.first.month for one in kept(house, "lasers")] == [3]
    assert kept(house, "gone") == []
    assert OccasionStore(house.database).calendar("", NOW + timedelta(days=400), 50) == []


def test_erased_items_and_forgotten_texts_leave_no_quotes(house: House) -> None:
    first, second = house.store(
        [entry(1, TITLE, WORKSHOP), entry(2, "Bakers meet", "Bread fair on 2 May 2027 in Ulm.")]
    ).items
    ErasureStore(house.database).erase([first.id])
    assert [one.item for one in kept(house)] == [second.id]
    ErasureStore(house.database).forget_texts(NOW + timedelta(days=1))
    (one,) = kept(house)
    assert (one.occasion.quote, one.occasion.place) == ("", "Ulm")
