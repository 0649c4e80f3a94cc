"""Who is erased gets nothing more, and no row names the address."""

from __future__ import annotations

from datetime import timedelta

from crawler.errors import TemporaryDeliveryError
from crawler.model.delivery import Delivery
from crawler.storage.people import ERASED, PeopleStore
from crawler.storage.tables import metadata
from tests.integration.alerts.house import House

ADA = "email:ada@example.org"


def erase(house: House) -> None:
    PeopleStore(house.database).erase(ADA, [], house.clock.now)


def queue_mail(house: House) -> None:
    house.subscribe("ada", to=ADA)
    house.publish("1")
    house.morning()
    house.dispatch()


def only_delivery(house: House) -> Delivery:
    [delivery] = house.deliveries.find()
    return delivery


def test_a_mail_that_is_being_sent_while_its_address_is_erased_is_not_tried_again(
    house: House,
) -> None:
    queue_mail(house)
    later = TemporaryDeliveryError("not now", reason="later")
    house.mail.before = [lambda: erase(house)]
    house.mail.after = [later]
    house.deliver()
    house.clock.turn(hours=3)
    assert house.deliver() == []
    assert [one.to for one in house.mail.taken] == [ADA]
    left = only_delivery(house)
    assert (left.state, left.error, left.to, left.payload) == ("dead", "erased", ERASED, "")
    assert (left.lease_owner, left.lease_until) == ("", None)


def test_what_a_dead_process_was_sending_is_ended_too(house: House) -> None:
    queue_mail(house)
    assert house.claims.claim("gone", house.clock.now, timedelta())
    erase(house)
    house.clock.turn(hours=3)
    assert house.deliver() == []
    assert house.mail.taken == []


def test_no_incident_names_who_was_erased(house: House) -> None:
    now = house.clock.now
    house.incident_store.open(ADA, "Mail to Ada@example.org is refused.\nDelivery 1.", now)
    house.incident_store.open("smtp", "Refused: ada@example.org, eva@example.org.", now)
    house.incident_store.open("email:nada@example.org", "nada@example.org is full.", now)
    assert PeopleStore(house.database).incidents(ADA) == 2
    erase(house)
    kept = {one.key: one.text for one in house.incident_store.all_open()}
    assert kept == {
        "smtp": "Refused: erased@invalid, eva@example.org.",
        "email:nada@example.org": "nada@example.org is full.",
    }
    assert house.incident_store.ever(ERASED)
    assert PeopleStore(house.database).incidents(ADA) == 0
    with house.database.read() as connection:
        rows = [connection.execute(table.select()).all() for table in metadata.sorted_tables]
    assert "'ada@example.org" not in repr(rows).lower()
    assert " ada@example.org" not in repr(rows).lower()
