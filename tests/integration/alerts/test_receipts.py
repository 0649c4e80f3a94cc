"""What the receipt says of outages of our own network, from the rows of incidents."""

from __future__ import annotations

from datetime import timedelta

from alerts.receipts import Receipts
from alerts.source_incidents import NETWORK, SourceIncidents
from crawler.storage.candidates import CandidateStore
from crawler.storage.network import NetworkStore, mark_up
from crawler.storage.source_history import SourceHistory
from crawler.storage.sources import SourceStore
from tests.integration.alerts.house import House


def test_an_outage_is_kept_from_its_first_to_its_last_moment(house: House) -> None:
    database, began = house.database, house.clock.now
    network, sources = NetworkStore(database), SourceStore(database)
    watched = SourceIncidents(sources, SourceHistory(database), network, house.incidents)
    receipts = Receipts(
        sources,
        CandidateStore(database),
        outages=lambda since, now: house.incident_store.lasting(NETWORK, since, now),
    )
    subscription = house.subscribe()
    network.mark_down(began)
    watched.update(house.clock.turn(minutes=30))
    assert receipts.since(subscription, began, house.clock.now).outages == ((began, None),)
    with database.write() as connection:
        mark_up(connection)
    ended = house.clock.turn(minutes=30)
    watched.update(ended)
    assert receipts.since(subscription, began, house.clock.now).outages == ((began, ended),)
    later = ended + timedelta(minutes=1)
    assert receipts.since(subscription, later, house.clock.turn(hours=1)).outages == ()
