"""Subscribing, confirming, pausing, leaving: on both databases, with what is mailed for it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_string, policy
from urllib.parse import unquote

import pytest

from alerts.subscriptions import Asked, Subscriptions
from alerts.tokens import TokenSigner
from crawler.errors import ConfigError, SubscriptionError, UsageError
from crawler.model.subscription import Subscription
from tests.integration.alerts.house import House

ADA = Subscription("ada", "email:ada@example.org", topics=("ai",), timezone="UTC")
TEAM = Subscription("team", "slack:C0000001", topics=("ai",), timezone="UTC", declared_by="main")


@pytest.fixture
def people(house: House) -> Subscriptions:
    return Subscriptions(
        house.database,
        house.subscriptions,
        house.deliveries,
        house.payloads,
        TokenSigner("a secret for tests, long enough"),
    )


def ask(people: Subscriptions, house: House) -> Asked:
    return people.ask(ADA, now=house.clock.now, origin="192.0.2.1")


def mailed_token(house: House) -> str:
    """The token in the newest confirmation, as the person would send it back."""
    house.deliver()
    mail = message_from_string(house.mail.taken[-1].payload, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"subject=confirm%20(\S+)", body.get_content())
    assert found, body.get_content()
    return unquote(found[1])


def status(house: House, identity: str = "ada") -> str:
    return house.subscriptions.get(identity).subscription.status


def test_nothing_but_the_confirmation_is_sent_before_it_is_answered(
    people: Subscriptions, house: House
) -> None:
    house.publish("0")
    assert ask(people, house).mailed
    house.publish("1")
    house.morning()
    assert house.dispatch() == []
    token = mailed_token(house)
    assert [one.to for one in house.mail.taken] == ["email:ada@example.org"]
    people.confirm(token, now=house.clock.now, origin="192.0.2.1")
    assert status(house) == "active"
    house.clock.turn(hours=1)
    house.publish("2")
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "queued", 1)]


def test_the_proof_of_consent_is_kept(people: Subscriptions, house: House) -> None:
    ask(people, house)
    asked_at = house.clock.now
    token = mailed_token(house)
    house.clock.turn(hours=2)
    people.confirm(token, now=house.clock.now, origin="192.0.2.7")
    consent = house.subscriptions.get("ada").consent
    assert consent["asked"]["text"] == "What you will get: ai; daily at 08:00 (UTC)"
    assert (consent["asked"]["from"], consent["asked"]["at"]) == (
        "192.0.2.1",
        asked_at.isoformat(),
    )
    assert consent["confirmed"] == {"at": house.clock.now.isoformat(), "from": "192.0.2.7"}


def test_a_confirmation_expires_and_can_be_asked_for_again(
    people: Subscriptions, house: House
) -> None:
    ask(people, house)
    old = mailed_token(house)
    house.clock.turn(days=8)
    with pytest.raises(SubscriptionError, match="expired"):
        people.confirm(old, now=house.clock.now, origin="x")
    ask(people, house)
    people.confirm(mailed_token(house), now=house.clock.now, origin="x")
    assert status(house) == "active"


def test_confirming_twice_is_the_same_as_once(people: Subscriptions, house: House) -> None:
    ask(people, house)
    token = mailed_token(house)
    people.confirm(token, now=house.clock.now, origin="x")
    began = house.subscriptions.get("ada").subscription.active_since
    house.clock.turn(days=1)
    people.confirm(token, now=house.clock.now, origin="x")
    assert house.subscriptions.get("ada").subscription.active_since == began
    house.deliver()
    subjects = [message_from_string(mail.payload)["Subject"] for mail in house.mail.taken]
    assert subjects == [
        "Please confirm: cluster news to this address",
        "Cluster news: you are subscribed",
    ]
    welcome = house.mail.taken[-1].payload
    assert "List-Unsubscribe: <mailto:" in welcome


def test_who_left_returns_only_after_confirming_anew(people: Subscriptions, house: House) -> None:
    ask(people, house)
    old = mailed_token(house)
    people.confirm(old, now=house.clock.now, origin="x")
    people.leave("ada", now=house.clock.now, by="ada")
    people.leave("ada", now=house.clock.now, by="ada")
    assert status(house) == "left"
    with pytest.raises(SubscriptionError, match="not valid"):
        people.confirm(old, now=house.clock.now, origin="x")
    with pytest.raises(SubscriptionError):
        people.resume("ada", now=house.clock.now, by="operator")
    with pytest.raises(UsageError, match="left before"):
        people.enter(replace(ADA, id="ada-2"), now=house.clock.now, by="operator")
    assert [one.subscription.id for one in house.subscriptions.all(everything=True)] == ["ada"]
    people.sync([replace(ADA, id="ada-3", declared_by="main")], "main", now=house.clock.now)
    assert status(house, "ada-3") == "pending"
    assert ask(people, house).mailed
    people.confirm(mailed_token(house), now=house.clock.now, origin="x")
    assert status(house) == "active"
    assert (
        people.enter(
            replace(ADA, id="ada-4"), now=house.clock.now, by="operator"
        ).subscription.status
        == "active"
    )


def test_leaving_gives_up_what_waits_and_the_link_never_expires(
    people: Subscriptions, house: House
) -> None:
    people.enter(ADA, now=house.clock.now, by="operator")
    house.publish("1")
    house.morning()
    house.dispatch()
    link = house.payloads.links.leave_by_mail(ADA)
    token = unquote(link.partition("subject=")[2]).removeprefix("leave ")
    house.clock.turn(days=4000)
    people.leave_by(token, now=house.clock.now, origin="mail")
    assert status(house) == "left"
    assert house.deliver() == []
    people.leave_by(token, now=house.clock.now, origin="mail")


def test_a_paused_one_goes_on_from_now_or_catches_up(people: Subscriptions, house: House) -> None:
    for identity in ("plain", "catching"):
        people.enter(replace(ADA, id=identity), now=house.clock.now, by="operator")
        people.pause(identity, now=house.clock.now, by="operator")
    house.clock.turn(hours=1)
    house.publish("1")
    house.morning()
    assert house.dispatch() == []
    house.clock.turn(hours=1)
    people.resume("plain", now=house.clock.now, by="operator")
    people.resume("catching", now=house.clock.now, by="operator", catch_up=True)
    done = {one.subscription: one.stories for one in house.dispatcher.dispatch_due(house.clock.now)}
    assert done == {"catching": 1}
    house.morning(1)
    assert sorted(house.dispatch()) == [("2026-11-22", "empty", 0)] * 2


def test_a_pause_until_ends_by_itself_and_counts_from_its_end(
    people: Subscriptions, house: House
) -> None:
    people.enter(ADA, now=house.clock.now, by="operator")
    until = house.clock.now + timedelta(days=2)
    people.pause("ada", now=house.clock.now, by="ada", until=until)
    house.clock.turn(hours=1)
    house.publish("1")
    assert people.wake(house.clock.now) == 0
    house.clock.now = until + timedelta(minutes=30)
    house.publish("2")
    house.clock.turn(minutes=30)
    assert people.wake(house.clock.now) == 1
    assert status(house) == "active"
    house.morning(2)
    assert house.dispatch() == [("2026-11-23", "queued", 1)]


def test_resuming_what_runs_changes_nothing(people: Subscriptions, house: House) -> None:
    people.enter(ADA, now=house.clock.now, by="operator")
    began = house.subscriptions.get("ada").subscription.active_since
    house.clock.turn(days=1)
    people.resume("ada", now=house.clock.now, by="operator")
    assert house.subscriptions.get("ada").subscription.active_since == began


def test_hard_bounces_stop_at_once_soft_ones_after_five(
    people: Subscriptions, house: House
) -> None:
    people.enter(ADA, now=house.clock.now, by="operator")
    for count in range(1, 5):
        people.bounced("ada", now=house.clock.now, hard=False, count=count)
    assert status(house) == "active"
    people.bounced("ada", now=house.clock.now, hard=False, count=5)
    assert status(house) == "bounced"
    people.resume("ada", now=house.clock.now, by="operator")
    people.bounced("ada", now=house.clock.now, hard=True, count=1)
    assert status(house) == "bounced"


def test_a_topic_added_counts_from_that_moment(people: Subscriptions, house: House) -> None:
    people.enter(ADA, now=house.clock.now, by="operator")
    house.publish("1", "korea")
    house.clock.turn(hours=1)
    people.change("ada", now=house.clock.now, topics=("ai", "korea"))
    house.publish("2", "korea")
    house.morning()
    assert house.dispatch() == [("2026-11-21", "queued", 1)]


def test_a_changed_schedule_waits_for_a_day_on_which_none_was_sent(
    people: Subscriptions, house: House
) -> None:
    for identity, text in (("sent", "line"), ("empty", "silent")):
        people.enter(replace(ADA, id=identity, when_empty=text), now=house.clock.now, by="operator")
    house.morning()
    house.dispatch()
    house.clock.turn(hours=1)
    for identity in ("sent", "empty"):
        people.change(identity, now=house.clock.now, schedule="daily 18:00", when_empty="line")
    house.clock.turn(hours=10)
    done = [one.subscription for one in house.dispatcher.dispatch_due(house.clock.now)]
    assert done == ["empty"]
    house.clock.turn(days=1)
    assert len(house.dispatch()) == 2


# -- declarations ---------------------------------------------------------------------------------


def test_a_declared_one_rests_when_its_file_drops_it_and_returns_from_now(
    people: Subscriptions, house: House
) -> None:
    people.sync([TEAM], "main", house.clock.now)
    house.publish("1")
    house.clock.turn(hours=1)
    people.sync([], "main", house.clock.now)
    house.morning()
    assert house.dispatch() == []
    house.clock.turn(hours=1)
    people.sync([TEAM], "main", house.clock.now)
    house.publish("2")
    house.morning(1)
    assert house.dispatch() == [("2026-11-22", "queued", 1)]


def test_a_sync_touches_only_its_own_installation(people: Subscriptions, house: House) -> None:
    people.sync([TEAM], "main", house.clock.now)
    people.sync([replace(TEAM, id="other", declared_by="second")], "second", house.clock.now)
    people.sync([], "second", house.clock.now)
    assert house.subscriptions.get("team").delivering
    assert not house.subscriptions.get("other").delivering
    with pytest.raises(ConfigError, match='installation "main"'):
        people.sync([replace(TEAM, declared_by="second")], "second", house.clock.now)


def test_an_id_in_both_file_and_database_is_an_error(people: Subscriptions, house: House) -> None:
    people.enter(ADA, now=house.clock.now, by="operator")
    with pytest.raises(ConfigError, match="database alone"):
        people.sync([replace(ADA, declared_by="main")], "main", house.clock.now)
    people.remove("ada", now=house.clock.now, by="operator")
    people.sync([replace(ADA, declared_by="main")], "main", house.clock.now)
    assert house.subscriptions.get("ada").delivering


def test_states_survive_every_sync(people: Subscriptions, house: House) -> None:
    people.sync([TEAM], "main", house.clock.now)
    people.pause("team", now=house.clock.now, by="somebody")
    people.sync([replace(TEAM, topics=("korea",))], "main", house.clock.now)
    assert status(house, "team") == "paused"
    people.leave("team", now=house.clock.now, by="somebody")
    people.sync([TEAM], "main", house.clock.now)
    people.sync([], "main", house.clock.now)
    people.sync([TEAM], "main", house.clock.now)
    assert status(house, "team") == "left"


def test_syncing_the_same_file_again_changes_nothing(people: Subscriptions, house: House) -> None:
    people.sync([TEAM], "main", house.clock.now)
    house.morning()
    house.dispatch()
    before = house.subscriptions.get("team")
    people.sync([TEAM], "main", house.clock.now)
    assert house.subscriptions.get("team") == before


def test_what_a_file_declares_is_changed_there_alone(people: Subscriptions, house: House) -> None:
    people.sync([TEAM], "main", house.clock.now)
    with pytest.raises(UsageError, match="declared"):
        people.change("team", now=house.clock.now, schedule="hourly")
    with pytest.raises(UsageError, match="declared"):
        people.remove("team", now=house.clock.now, by="operator")


def test_an_unknown_id_names_what_comes_near(people: Subscriptions, house: House) -> None:
    people.enter(ADA, now=house.clock.now, by="operator")
    with pytest.raises(SubscriptionError, match="Did you mean ada"):
        people.pause("adda", now=house.clock.now, by="x")
    with pytest.raises(UsageError, match="exists already"):
        people.enter(ADA, now=house.clock.now, by="operator")
