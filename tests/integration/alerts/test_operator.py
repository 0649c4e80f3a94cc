"""The operator hears of what is broken by a way that is not: once, whichever way that is."""

from __future__ import annotations

from alerts.incidents import OPERATOR
from alerts.undelivered import undelivered
from crawler.errors import PermanentDeliveryError, TemporaryDeliveryError
from crawler.storage import subscriptions as rows
from crawler.storage.database import Database
from tests.integration.alerts.house import House

LATER = TemporaryDeliveryError("not now", reason="later")
ARCHIVED = PermanentDeliveryError("archived", reason="is_archived", remedy="Unarchive it.")
REVOKED = PermanentDeliveryError("revoked", reason="token_revoked", remedy="A new token.")
NO_USER = PermanentDeliveryError("no such user", reason="smtp_rcpt_550")
BOTH = ("slack:C0000OPS", "email:ops@example.org")


def operated(database: Database, *operators: str, refused: int = 1) -> House:
    """A house whose channels for digests are refused for good, with operators of its own."""
    house = House(database, operators=operators)
    for number in range(refused):
        house.subscribe(f"s{number}", to=f"slack:C000000{number}")
    house.publish("1")
    house.morning()
    house.dispatch()
    return house


def test_a_note_takes_the_way_that_is_not_the_broken_one(database: Database) -> None:
    house = operated(database, *BOTH)
    house.slack.before = [REVOKED]
    assert house.deliver() == ["dead", "sent"]
    assert house.slack.taken == []
    assert [one.to for one in house.mail.taken] == ["email:ops@example.org"]


def test_a_note_about_one_channel_goes_to_the_first_operator(database: Database) -> None:
    house = operated(database, *BOTH)
    house.slack.before = [ARCHIVED]
    assert house.deliver() == ["dead", "sent"]
    assert [one.to for one in house.slack.taken] == ["slack:C0000OPS"]
    assert house.mail.taken == []


def test_a_refused_note_goes_on_to_the_next_and_says_so(database: Database) -> None:
    house = operated(database, *BOTH)
    house.slack.before = [ARCHIVED, ARCHIVED]
    assert house.deliver() == ["dead", "dead", "sent"]
    [note] = house.mail.taken
    assert note.to == "email:ops@example.org"
    assert "slack:C0000OPS did not get this note" in note.payload.replace("\n", " ")


def test_a_note_that_nobody_can_be_sent_ends_after_the_last_address(database: Database) -> None:
    house = operated(database, *BOTH)
    house.slack.before, house.mail.before = [ARCHIVED, ARCHIVED], [NO_USER]
    assert house.deliver() == ["dead", "dead", "dead"]
    house.clock.turn(days=3)
    assert house.deliver() == []
    assert len(house.deliveries.find(subscription=OPERATOR)) == 2


def test_passing_a_note_on_twice_queues_it_once(database: Database) -> None:
    house = operated(
        database, "slack:C0000OPS", "email:ops@example.org", "email:second@example.org"
    )
    house.slack.before, house.mail.before = [ARCHIVED, ARCHIVED], [LATER]
    house.deliver()
    [first] = [one for one in house.deliveries.find() if one.to == "slack:C0000OPS"]
    house.incidents.failed_for_good(first, "dead", ARCHIVED, house.clock.now)
    assert len(house.deliveries.find(subscription=OPERATOR)) == 2


def test_a_mail_server_that_is_down_passes_the_note_on_within_minutes(database: Database) -> None:
    house = operated(database, "email:ops@example.org", "slack:C0000OPS")
    house.slack.before = [ARCHIVED]
    house.mail.before = [TemporaryDeliveryError("down", reason="smtp_connect")] * 9
    house.deliver()
    for _ in range(20):
        house.clock.turn(minutes=1)
        house.deliver()
    assert [one.to for one in house.slack.taken] == ["slack:C0000OPS"]


def test_who_heard_of_it_hears_that_it_works_again(database: Database) -> None:
    house = operated(database, *BOTH)
    house.slack.before = [REVOKED]
    house.deliver()
    house.publish("2")
    house.morning(1)
    house.dispatch()
    house.deliver()
    assert ["Works again" in one.payload for one in house.mail.taken] == [False, True]
    assert {one.subscription for one in house.slack.taken} == {"s0"}


def test_a_thing_to_be_told_is_told_once_and_never_over(house: House) -> None:
    for _ in range(2):
        house.incidents.announce(
            "letter:1", "Confirm it", ("From a.",), "Open it.", house.clock.now
        )
        house.deliver()
    assert len(house.mail.taken) == 1
    assert house.incident_store.all_open() == []


def test_what_went_out_by_another_way_is_not_missed(database: Database) -> None:
    house = operated(database, *BOTH)
    house.slack.before = [ARCHIVED, ARCHIVED]
    assert house.deliver() == ["dead", "dead", "sent"]
    missed = undelivered(house.deliveries, house.subscriptions, house.clock.now)
    assert [one.subscription for one in missed] == ["s0"]


def test_an_incident_ends_without_a_word_with_its_recipient(database: Database) -> None:
    house = operated(database, *BOTH)
    house.slack.before = [ARCHIVED]
    house.deliver()
    reached = house.subscriptions.reached
    house.incidents.withdraw_gone(reached, house.clock.now)
    assert [one.key for one in house.incident_store.all_open()] == ["slack:C0000000"]
    with house.database.write() as connection:
        rows.change_row(connection, "s0", status="left")
    house.incidents.withdraw_gone(reached, house.clock.now)
    assert house.incident_store.all_open() == []
    assert house.deliver() == []


DOWN = TemporaryDeliveryError("The mail server cannot be reached.", reason="connection")


def without_mail(database: Database, tries: int, minutes: int) -> House:
    """A house with three readers by mail whose server refuses every connection for a while."""
    house = House(database, operators=("email:ops@example.org", "slack:C0000OPS"))
    for number in range(3):
        house.subscribe(f"s{number}", to=f"email:r{number}@example.org")
    house.publish("1")
    house.morning()
    house.dispatch()
    house.mail.before = [DOWN] * tries
    for _ in range(minutes // 5):
        house.deliver()
        house.clock.turn(minutes=5)
    return house


def test_a_mail_server_that_is_away_is_one_incident_told_by_the_other_way(
    database: Database,
) -> None:
    house = without_mail(database, 1000, 25)
    [incident] = house.incident_store.all_open()
    assert incident.key == "email"
    [note] = house.slack.taken
    assert "cannot be reached" in house.text(note)
    assert house.states().count("retry") == 3


def test_a_server_that_is_back_within_minutes_is_no_incident(database: Database) -> None:
    house = without_mail(database, 3, 25)
    assert house.slack.taken == []
    assert len(house.mail.taken) == 3


def test_an_outage_that_kills_every_digest_stays_one_incident(database: Database) -> None:
    house = without_mail(database, 1000, 15)
    for _ in range(16):
        house.clock.turn(hours=4)
        house.deliver()
    assert [one.key for one in house.incident_store.all_open()] == ["email"]
    assert len(house.slack.taken) == 1


def test_the_note_of_a_recovery_says_what_works_again_and_nothing_of_the_fault(
    database: Database,
) -> None:
    house = without_mail(database, 1000, 25)
    house.mail.before = []
    house.clock.turn(hours=3)
    house.deliver()
    assert len(house.mail.taken) == 3
    assert house.text(house.slack.taken[-1]) == "Works again: mail"
    assert len(house.slack.taken) == 2
