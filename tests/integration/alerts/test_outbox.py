"""The outbox loses nothing and repeats nothing, whatever its channels and its process do."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerts.incidents import OPERATOR
from alerts.outbox import LEASE, SETTLING
from crawler.errors import (
    AmbiguousDeliveryError,
    PermanentDeliveryError,
    StorageError,
    TemporaryDeliveryError,
)
from crawler.model.delivery import Delivery
from crawler.owners import owner_name
from crawler.storage.claims import ClaimStore
from tests.integration.alerts.house import House

LATER = TemporaryDeliveryError("not now", reason="later")
LOST = AmbiguousDeliveryError("no answer", reason="timeout")
ARCHIVED = PermanentDeliveryError("archived", reason="is_archived", remedy="Unarchive it.")
REVOKED = PermanentDeliveryError("revoked", reason="token_revoked", remedy="A new token.")


@pytest.fixture
def queued(house: House) -> House:
    """One digest of one story is ready."""
    house.subscribe()
    house.publish("1")
    house.morning()
    house.dispatch()
    return house


@pytest.fixture
def mailed(house: House) -> House:
    """The same by mail."""
    house.subscribe(to="email:a@example.org")
    house.publish("1")
    house.morning()
    house.dispatch()
    return house


def test_what_is_ready_is_sent_once_and_says_under_which_id(queued: House) -> None:
    assert queued.deliver() == ["sent"]
    assert queued.deliver() == []
    [delivery] = queued.deliveries.find()
    assert (delivery.state, delivery.external_id) == ("sent", f"id-{delivery.id}")
    assert (delivery.sent_at, delivery.attempts) == (queued.clock.now, 1)
    assert queued.outcomes() == ["sent"]
    assert len(queued.slack.taken) == 1


def test_a_refusal_for_now_is_tried_again_when_it_is_time(queued: House) -> None:
    queued.slack.before = [LATER, LATER]
    assert queued.deliver() == ["retry"]
    assert queued.deliver() == []
    queued.clock.turn(minutes=1)
    assert queued.deliver() == ["retry"]
    queued.clock.turn(minutes=5)
    assert queued.deliver() == ["sent"]
    assert queued.outcomes() == ["temporary", "temporary", "sent"]
    assert queued.slack.looked_up == 0


def test_retry_after_is_obeyed(queued: House) -> None:
    queued.slack.before = [TemporaryDeliveryError("wait", retry_after_seconds=3600)]
    queued.deliver()
    queued.clock.turn(minutes=59)
    assert queued.deliver() == []
    queued.clock.turn(minutes=20)
    assert queued.deliver() == ["sent"]


def test_every_try_sends_the_same_bytes(mailed: House) -> None:
    mailed.mail.before = [None, None]
    mailed.mail.after = [LOST, LOST]
    for _ in range(3):
        mailed.deliver()
        mailed.clock.turn(minutes=10)
    assert len({one.payload for one in mailed.mail.taken}) == 1
    assert len(mailed.mail.taken) == 3


def test_after_two_days_it_is_dead_and_the_operator_hears_of_it(queued: House) -> None:
    queued.slack.before = [LATER] * 100
    for _ in range(60):
        queued.deliver()
        queued.clock.turn(hours=1)
    assert queued.states() == ["dead", "sent"]  # the second is the note to the operator
    assert [one.to for one in queued.mail.taken] == ["email:ops@example.org"]


def test_an_answer_that_got_lost_is_looked_up_and_not_repeated(queued: House) -> None:
    queued.slack.after = [LOST]
    assert queued.deliver() == ["ambiguous"]
    assert queued.deliver() == []
    queued.clock.turn(seconds=SETTLING.total_seconds())
    assert queued.deliver() == ["found"]
    assert len(queued.slack.taken) == 1
    assert queued.outcomes() == ["ambiguous", "found"]


def test_a_post_that_got_lost_is_looked_up_and_then_repeated(queued: House) -> None:
    queued.slack.before = [LOST]
    assert queued.deliver() == ["ambiguous"]
    queued.clock.turn(seconds=SETTLING.total_seconds())
    assert queued.deliver() == ["sent"]
    assert (queued.slack.looked_up, len(queued.slack.taken)) == (1, 1)


def test_while_it_cannot_be_looked_up_nothing_is_repeated(queued: House) -> None:
    queued.slack.after = [LOST]
    queued.slack.look_ups = [LATER, RuntimeError("a fault"), LATER]
    seen = []
    for _ in range(20):
        seen += queued.deliver()
        queued.clock.turn(minutes=10)
    assert seen == ["ambiguous", "ambiguous", "ambiguous", "ambiguous", "found"]
    assert len(queued.slack.taken) == 1


@pytest.mark.parametrize("answers", [[ARCHIVED], [LATER] * 100])
def test_what_can_never_be_looked_up_is_parked_not_doubled(
    queued: House, answers: list[Exception | None]
) -> None:
    queued.slack.after = [LOST]
    queued.slack.look_ups = list(answers)
    for _ in range(60):
        queued.deliver()
        queued.clock.turn(hours=1)
    assert queued.states() == ["parked", "sent"]
    assert len(queued.slack.taken) == 1
    assert "cannot be told" in " ".join(queued.mail.taken[0].payload.split())


def test_a_mail_whose_fate_is_unknown_is_repeated_with_its_message_id_and_counted(
    mailed: House,
) -> None:
    mailed.mail.after = [LOST]
    assert mailed.deliver() == ["retry"]
    mailed.clock.turn(minutes=5)
    assert mailed.deliver() == ["sent"]
    assert mailed.outcomes() == ["ambiguous", "sent"]
    assert mailed.deliveries.outcomes(mailed.clock.now - timedelta(days=1))["ambiguous"] == 1
    assert len(mailed.mail.taken) == 2


def test_a_refusal_for_good_stops_at_once_and_makes_one_note(house: House) -> None:
    for identity in ("one", "two"):
        house.subscribe(identity, to="slack:C0000009")
    house.publish("1")
    house.morning()
    house.dispatch()
    house.slack.before = [ARCHIVED, ARCHIVED]
    assert house.deliver() == ["dead", "dead", "sent"]  # the last is the note
    assert house.deliver() == []
    assert len(house.mail.taken) == 1
    assert "Unarchive it." in house.mail.taken[0].payload


def test_recovery_is_told_once(house: House) -> None:
    house.subscribe()
    house.publish("1")
    house.morning()
    house.dispatch()
    house.slack.before = [ARCHIVED]
    house.deliver()
    house.deliver()
    assert len(house.incident_store.all_open()) == 1
    house.publish("2")
    house.morning(1)
    house.dispatch()
    house.deliver()
    house.deliver()
    house.deliver()
    notes = house.deliveries.find(subscription=OPERATOR)
    assert [one.window.rpartition(":")[2] for one in reversed(notes)] == ["open", "closed"]
    assert house.incident_store.all_open() == []
    assert "Works again" in house.mail.taken[-1].payload


def test_a_dead_token_is_one_incident_for_all_channels(house: House) -> None:
    for number in range(3):
        house.subscribe(f"s{number}", to=f"slack:C000000{number}")
    house.publish("1")
    house.morning()
    house.dispatch()
    house.slack.before = [REVOKED] * 3
    assert house.deliver() == ["dead"] * 3 + ["sent"]  # the last is the note
    assert [one.key for one in house.incident_store.all_open()] == ["slack"]
    assert house.deliveries.revive(["s0", "s1", "s2"], house.clock.now) == 3
    assert house.deliver() == ["sent"] * 4  # three digests, and that it works again
    assert len(house.slack.taken) == 3


def test_an_unreachable_operator_makes_no_incident_of_its_own(queued: House) -> None:
    queued.slack.before = [ARCHIVED]
    queued.mail.before = [PermanentDeliveryError("no such user", reason="smtp_rcpt_550")]
    assert queued.deliver() == ["dead", "dead"]
    assert queued.deliver() == []
    assert len(queued.incident_store.all_open()) == 1


def test_a_channel_that_is_not_set_up_keeps_the_digest_waiting(house: House) -> None:
    house.subscribe(to="file:digests/")
    house.publish("1")
    house.morning()
    house.dispatch()
    [sent] = house.outbox.deliver_due().sent
    assert sent.outcome == "retry"
    assert "not set up" in sent.error


def test_a_fault_in_a_channel_stops_no_other_delivery(house: House) -> None:
    for number in range(3):
        house.subscribe(f"s{number}", to=f"email:{number}@example.org")
    house.publish("1")
    house.morning()
    house.dispatch()
    house.mail.before = [ZeroDivisionError("a fault")]
    assert sorted(house.deliver()) == ["retry", "sent", "sent"]


def test_thread_parts_wait_for_the_main_message_and_die_with_it(house: House) -> None:
    house.subscribe(max_stories=1)
    for number in range(3):
        house.publish(str(number))
    house.morning()
    house.dispatch()
    assert len(house.deliveries.find()) > 1
    house.slack.before = [LATER]
    assert house.deliver() == ["retry"]
    house.clock.turn(minutes=1)
    assert set(house.deliver()) == {"sent"}
    assert [one.part for one in house.slack.taken] == list(range(len(house.slack.taken)))
    house.publish("9")
    house.publish("10")
    house.morning(1)
    house.dispatch()
    house.slack.before = [ARCHIVED]
    house.deliver()
    assert {one.state for one in house.deliveries.find(limit=2)} <= {"dead", "pending", "sent"}
    assert all(one.state != "pending" for one in house.deliveries.find(subscription="team"))


# -- leases ---------------------------------------------------------------------------------------


def test_a_lease_outlives_a_send_and_keeps_others_off(queued: House) -> None:
    claim = queued.claims.claim("other", queued.clock.now, LEASE)
    assert claim is not None
    queued.clock.turn(seconds=LEASE.total_seconds() - 1)
    assert queued.deliver() == []
    queued.clock.turn(seconds=1)
    assert queued.deliver() == ["sent"]
    assert queued.slack.looked_up == 1
    assert queued.outcomes() == ["ambiguous", "sent"]


def test_an_owner_that_slept_over_its_lease_sends_nothing(queued: House) -> None:
    sleeper = queued.worker("sleeper")
    claim = sleeper.claims.claim("sleeper", queued.clock.now, LEASE)
    assert claim is not None
    queued.clock.turn(minutes=11)
    assert queued.deliver() == ["sent"]
    assert sleeper._deliver(claim).outcome == "lost_lease"
    assert len(queued.slack.taken) == 1


def test_an_owner_that_lost_its_lease_while_sending_overwrites_nothing(queued: House) -> None:
    other = queued.worker("other")

    def overtaken() -> None:
        queued.clock.turn(minutes=11)
        assert [one.outcome for one in other.deliver_due().sent] == ["found"]

    queued.slack.after = [overtaken]
    queued.deliver()
    [delivery] = queued.deliveries.find()
    assert (delivery.state, delivery.attempts) == ("sent", 2)
    assert queued.outcomes() == ["sent", "found"]
    assert len(queued.slack.taken) == 1


def test_what_a_dead_process_left_is_looked_up_as_soon_as_it_cannot_arrive_any_more(
    queued: House,
) -> None:
    script = "from crawler.owners import owner_name; print(owner_name())"
    dead = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout
    queued.claims.claim(dead.strip(), queued.clock.now, LEASE)
    assert queued.outbox.waits_for_orphans() == SETTLING
    assert queued.deliver() == []
    queued.clock.turn(seconds=SETTLING.total_seconds())
    assert queued.outbox.waits_for_orphans() == timedelta()
    assert queued.deliver() == ["sent"]
    assert queued.slack.looked_up == 1


def test_what_a_living_process_holds_is_left_to_it(queued: House) -> None:
    queued.claims.claim(owner_name("other"), queued.clock.now, LEASE)
    queued.clock.turn(minutes=5)
    assert queued.outbox.waits_for_orphans() is None
    assert queued.deliver() == []


def test_a_shutdown_hands_back_what_is_not_begun(queued: House) -> None:
    queued.outbox.stop()
    assert queued.deliver() == []
    assert queued.states() == ["pending"]


def test_two_workers_share_the_work_and_double_none_of_it(house: House) -> None:
    for number in range(12):
        house.subscribe(f"s{number}", to=f"slack:C00000{number:02}")
    house.publish("1")
    house.morning()
    house.dispatch()
    workers = [house.worker(f"w{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda one: one.deliver_due().sent, workers))
    assert sum(len(report) for report in reports) == 12
    assert len({one.id for one in house.slack.taken}) == len(house.slack.taken) == 12
    assert house.states() == ["sent"] * 12


def crowd(house: House, readers: int = 60) -> House:
    """Readers by mail, each with a digest that is ready."""
    for number in range(readers):
        house.subscribe(f"s{number:02d}", to=f"email:r{number}@example.org")
    house.publish("1")
    house.morning()
    house.dispatch()
    return house


def test_many_mails_go_out_once_each_and_in_order(house: House) -> None:
    crowd(house)
    waiting = [one.delivery for one in house.claims.ready(house.clock.now, 100)]
    assert house.deliver() == ["sent"] * 60
    assert [one.id for one in house.mail.taken] == waiting
    assert house.states() == ["sent"] * 60
    assert {one.outcome for d in waiting for one in house.deliveries.attempts_of(d)} == {"sent"}


def test_what_was_claimed_with_others_and_not_begun_is_handed_back(house: House) -> None:
    crowd(house)
    house.mail.before = [None, None, house.outbox.stop]
    assert house.deliver() == ["sent"] * 3
    assert house.states() == ["pending"] * 57 + ["sent"] * 3
    assert house.worker().deliver_due().failed == []
    assert len({one.id for one in house.mail.taken}) == len(house.mail.taken) == 60
    assert house.deliveries.outcomes(house.clock.now) == {"sent": 60}


def test_while_a_way_is_broken_nothing_is_held_for_it(house: House) -> None:
    crowd(house, 10)
    away = TemporaryDeliveryError("The server cannot be reached.", reason="connection")
    house.mail.before = [None, away, house.outbox.stop]
    house.deliver()
    states = Counter(one.state for one in house.deliveries.find())
    assert states == {"sent": 2, "retry": 1, "pending": 7}


def test_workers_share_the_mails_of_many_and_double_none(house: House) -> None:
    crowd(house)
    others = [house.worker(f"w{number}") for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(lambda one: one.deliver_due().sent, others))
    assert sum(map(len, reports)) == 60
    assert len({one.id for one in house.mail.taken}) == len(house.mail.taken) == 60


def test_where_each_would_be_looked_up_they_are_claimed_one_by_one(house: House) -> None:
    for number in range(3):
        house.subscribe(f"s{number}", to=f"slack:C000000{number}")
    house.publish("1")
    house.morning()
    house.dispatch()
    in_flight: list[int] = []
    look = lambda: in_flight.append(len(house.claims.in_flight()))  # noqa: E731
    house.slack.before = [look, look, look]
    assert house.deliver() == ["sent"] * 3
    assert in_flight == [1, 1, 1]


# -- clock and disk -------------------------------------------------------------------------------


def test_a_result_that_could_not_be_written_is_kept_and_written_later(
    queued: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = queued.claims.settle

    def full(*_: object, **__: object) -> bool:
        raise StorageError("database or disk is full")

    monkeypatch.setattr(queued.claims, "settle", full)
    with pytest.raises(StorageError):
        queued.deliver()
    monkeypatch.setattr(queued.claims, "settle", settle)
    queued.clock.turn(seconds=1)
    assert queued.deliver() == []
    assert queued.states() == ["sent"]
    assert len(queued.slack.taken) == 1


def test_a_clock_that_jumps_back_only_delays(queued: House) -> None:
    queued.slack.before = [LATER]
    queued.deliver()
    queued.clock.turn(days=-1)
    assert queued.deliver() == []
    queued.clock.turn(days=1, minutes=5)
    assert queued.deliver() == ["sent"]


def test_a_clock_that_jumps_ahead_gives_nothing_up_that_was_never_tried(queued: House) -> None:
    queued.clock.turn(days=400)
    assert queued.deliver() == ["sent"]


def test_a_clock_that_jumps_ahead_while_sending_is_looked_up(queued: House) -> None:
    claim = queued.claims.claim(queued.outbox.owner, queued.clock.now, LEASE)
    assert claim is not None
    queued.slack.taken.append(claim.delivery)
    queued.clock.turn(days=1)
    assert queued.deliver() == ["found"]
    assert len(queued.slack.taken) == 1


def test_what_waits_for_someone_who_left_is_not_sent(queued: House) -> None:
    assert queued.deliveries.cancel("team", "left") == 1
    assert queued.deliver() == []
    assert queued.states() == ["dead"]


def test_a_message_is_queued_once_under_its_name(house: House) -> None:
    note = house.payloads.note("slack:C1", "incident:1:open", "title", (), "", house.clock.now)
    assert house.deliveries.queue(note)
    assert not house.deliveries.queue(replace(note, id="another"))
    assert len(house.deliveries.find()) == 1


AWAY = TemporaryDeliveryError("The server cannot be reached.", reason="connection")
GREY = TemporaryDeliveryError("not now", reason="smtp_recipient_451")


def held_up(house: House, *failures: Exception | None) -> House:
    """Three digests by mail, made one after the other, whose attempts failed for half a day."""
    for number in range(3):
        house.subscribe(f"s{number}", to=f"email:r{number}@example.org")
    house.publish("1")
    for number in range(3):
        house.morning()
        house.clock.turn(minutes=number)
        house.dispatcher.close_window(f"s{number}", house.clock.now)
    house.mail.before = [*failures]
    for _ in range(12):
        house.deliver()
        house.clock.turn(hours=1)
    return house


def test_one_success_calls_everything_that_its_way_held_up_in_order(house: House) -> None:
    held_up(house, *[AWAY] * 200)
    house.mail.before = []
    house.clock.turn(minutes=5)  # the one that waits longest is tried so often
    assert set(house.deliver()) == {"sent"}  # the operator's notes are the last
    assert [one.subscription for one in house.mail.taken[:3]] == ["s0", "s1", "s2"]


def test_what_was_called_once_is_not_called_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []
    hurry = ClaimStore.hurry

    def noted(self: ClaimStore, ids: Collection[str], now: datetime, settling: timedelta) -> None:
        called.append(list(ids))
        hurry(self, ids, now, settling)

    monkeypatch.setattr(ClaimStore, "hurry", noted)
    held_up(house, *[AWAY] * 200)
    house.mail.before = []
    house.clock.turn(minutes=5)
    house.deliver()
    every = [identity for one in called for identity in one]
    assert len(every) == len(set(every)) >= 2


def test_who_is_claimed_with_slow_ones_is_sent_within_a_lease_that_lasts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        house.subscribe(f"s{number}", to=f"email:r{number}@example.org")
    house.publish("1")
    house.morning()
    house.dispatch()
    left: list[timedelta] = []
    send = house.mail.send

    def slowly(delivery: Delivery) -> str:
        assert delivery.lease_until is not None
        left.append(delivery.lease_until - house.clock())
        house.clock.turn(minutes=7)
        return send(delivery)

    monkeypatch.setattr(house.mail, "send", slowly)
    house.deliver()
    assert len(house.mail.taken) == 3
    assert min(left) >= timedelta(minutes=8)
    assert set(house.states()) == {"sent"}
    assert {one for d in house.deliveries.find() for one in house.outcomes(d.id)} == {"sent"}


def test_what_one_recipient_s_server_put_off_is_not_called(house: House) -> None:
    held_up(house, GREY, None, None)
    assert house.deliveries.find(subscription="s0")[0].reason == ""
    house.mail.before = [GREY]
    house.publish("2")
    house.morning(1)
    house.dispatch()
    house.deliver()
    waits = [one.subscription for one in house.deliveries.find(states=("retry",))]
    assert len(waits) == 1
    assert house.deliver() == []


def test_what_waits_for_its_look_up_is_called_too_but_may_settle(house: House) -> None:
    house.subscribe()
    house.subscribe("late", to="slack:C0000002")
    house.publish("1")
    house.morning()
    house.dispatch()
    house.slack.after = [LOST, LOST]
    house.slack.look_ups = [AWAY] * 40
    for _ in range(6):
        house.deliver()
        house.clock.turn(hours=1)
    house.slack.look_ups = []
    house.clock.turn(minutes=5)
    house.deliver()
    house.clock.turn(seconds=SETTLING.total_seconds())
    house.deliver()
    assert [one.state for one in house.deliveries.find(states=("sending",))] == []
    assert len([one for one in house.slack.taken if one.subscription != OPERATOR]) == 2
