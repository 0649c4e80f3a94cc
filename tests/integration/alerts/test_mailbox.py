"""What mails that come in change: each once, by token or delivery id alone; on both databases."""

from __future__ import annotations

import imaplib
import inspect
import re
from collections.abc import Iterator
from email import message_from_string, policy
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from alerts.mailbox.folders import EmlFolder, Fetched, ImapFolder, mails_in
from alerts.mailbox.handling import MailHandler
from alerts.mailbox.leaving import LeaveLinks
from alerts.subscriptions import Subscriptions
from alerts.tokens import TokenSigner
from crawler.errors import TemporaryDeliveryError
from crawler.model.source import Source
from crawler.model.subscription import Subscription
from crawler.storage.mails import MailStore
from crawler.storage.sources import SourceStore
from tests.fixtures.imap_double import ImapDouble
from tests.fixtures.mails import TABLES, letter, report
from tests.integration.alerts.house import House

ADA = Subscription(
    id="ada", to="email:ada@example.org", topics=("*",), schedule="daily 08:00", timezone="UTC"
)


SIGNER = TokenSigner("a secret for tests, long enough")


class Desk:
    """The mail handler over the house's parts, and what it told the operator."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.told: list[str] = []
        self.people = Subscriptions(
            house.database, house.subscriptions, house.deliveries, house.payloads, SIGNER,
        )  # fmt: skip
        self.sources = SourceStore(house.database)
        self.handler = MailHandler(
            MailStore(house.database), self.people, house.deliveries, self.sources,
            lambda window, title, lines, remedy, now: self.told.append(title),
            LeaveLinks(house.subscriptions, house.deliveries, house.payloads, SIGNER).send,
        )  # fmt: skip

    def handle(self, raw: bytes) -> str:
        return self.handler.handle(raw, self.house.clock.now)

    def status(self) -> str:
        return self.house.subscriptions.get("ada").subscription.status

    def send_digest(self, number: int) -> str:
        """One mail to Ada; its delivery id."""
        self.house.publish(str(number))
        self.house.morning(number)
        self.house.dispatch()
        self.house.deliver()
        return self.house.mail.taken[-1].id

    def newsletter(self, **values: object) -> None:
        source = Source(
            id="bio", name="Bio", url="https://www.biocluster-ulm.eu/news", kind="newsletter",
            **values,  # type: ignore[arg-type]
        )  # fmt: skip
        self.sources.add(source, self.house.clock.now)


@pytest.fixture
def desk(house: House) -> Desk:
    desk = Desk(house)
    desk.people.enter(ADA, now=house.clock.now, by="operator")
    return desk


def test_a_hard_bounce_pauses_at_once(desk: Desk) -> None:
    delivery = desk.send_digest(0)
    assert desk.handle(report(delivery)) == "hard"
    assert desk.status() == "bounced"


def test_soft_bounces_stop_after_five_in_a_row_and_each_mail_counts_once(desk: Desk) -> None:
    for number in range(5):
        assert desk.status() == "active"
        delivery = desk.send_digest(number)
        assert desk.handle(report(delivery, status="4.2.2")) == "soft"
        assert desk.handle(report(delivery, status="4.2.2", recipient="a@b.example")) == "ignored"
    assert desk.status() == "bounced"


def test_a_mail_that_arrived_ends_the_row(desk: Desk) -> None:
    for number in range(9):
        delivery = desk.send_digest(number)
        if number != 4:
            desk.handle(report(delivery, status="4.2.2"))
    assert desk.status() == "active"


def test_a_report_about_no_mail_of_ours_changes_nothing(desk: Desk) -> None:
    desk.send_digest(0)
    assert desk.handle(report("f" * 32)) == "ignored"
    assert desk.status() == "active"


def mailed(desk: Desk, word: str) -> str:
    """The subject that the newest mail asks to be sent back."""
    mail = message_from_string(desk.house.mail.taken[-1].payload, policy=policy.default)
    text = str(mail["List-Unsubscribe"] or "") + mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(rf"subject=({word}%20[^>\s]+)", text)
    assert found, text
    return unquote(found[1])


def test_the_mail_to_leave_leaves_and_may_come_twice(desk: Desk) -> None:
    desk.send_digest(0)
    subject = mailed(desk, "leave")
    assert desk.handle(letter("", subject=subject, sender="ada@example.org")) == "left"
    assert desk.status() == "left"
    assert desk.handle(letter("", subject=f"Re: {subject}", sender="x@y.example")) == "left"


def test_the_mail_to_confirm_confirms(desk: Desk) -> None:
    bob = Subscription(id="bob", to="email:bob@example.org", topics=("*",))
    desk.people.ask(bob, now=desk.house.clock.now, origin="web")
    desk.house.deliver()
    subject = mailed(desk, "confirm")
    assert desk.handle(letter("", subject=subject, sender="bob@example.org")) == "confirmed"
    row = desk.house.subscriptions.get("bob")
    assert row.subscription.status == "active"
    assert row.consent["confirmed"]["from"] == "mail bob@example.org"


def test_a_forged_token_is_refused_and_the_rest_is_handled(desk: Desk) -> None:
    forged = letter("", subject="leave WyJhZGEiLDBd.AAAAAAAAAAAAAAAAAAAAAA")
    mails = [Fetched(forged, "", "1.eml"), Fetched(letter(TABLES), "", "2.eml")]
    done = desk.handler.handle_all(mails, desk.house.clock.now)
    assert (done.counts["refused"], done.counts["unmatched"]) == (1, 1)
    assert done.errors[0].startswith("1.eml: This link is not one of ours")
    assert "Copy the whole link" not in done.errors[0]  # advice for the person, not for us
    assert desk.status() == "active"
    again = desk.handler.handle_all(mails, desk.house.clock.now)
    assert (again.counts["known"], again.errors) == (1, [])


def test_a_bare_wish_to_leave_is_answered_with_the_link_once_a_day(desk: Desk) -> None:
    desk.send_digest(0)
    for number in range(3):
        raw = letter(
            "", subject="Re: Unsubscribe", sender="Ada <ADA@example.org>", X_Number=str(number)
        ).replace(b"<n1@", f"<n{number}@".encode())
        assert desk.handle(raw) == "wish"
    assert desk.status() == "active"
    assert desk.house.deliver() == ["sent"]
    subject = mailed_back(desk)
    assert desk.handle(letter("", subject=subject, sender="ada@example.org")) == "left"


def test_a_wish_to_leave_of_a_stranger_or_a_robot_is_not_answered(desk: Desk) -> None:
    stranger = letter("", subject="unsubscribe", sender="eve@example.org")
    robot = letter(
        "", subject="unsubscribe", sender="ada@example.org", Auto_Submitted="auto-generated"
    ).replace(b"<n1@", b"<n2@")
    assert [desk.handle(stranger), desk.handle(robot)] == ["ignored", "ignored"]
    assert desk.house.deliver() == []


def mailed_back(desk: Desk) -> str:
    """The subject in the newest mail's body."""
    mail = message_from_string(desk.house.mail.taken[-1].payload, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"subject=(leave%20[^>\s]+)", body.get_content())
    assert found
    return unquote(found[1])


def test_a_newsletter_waits_for_the_poll_of_its_source(desk: Desk) -> None:
    desk.newsletter()
    assert desk.handle(letter(TABLES)) == "newsletter"
    assert desk.handle(letter(TABLES)) == "known"
    (waiting,) = MailStore(desk.house.database).waiting("bio")
    assert [item.url for item in waiting.items] == [
        f"https://m.example/c/{number}" for number in (1, 2, 3)
    ]
    assert [row.source.id for row in desk.sources.due(desk.house.clock.now)] == ["bio"]


def test_mails_of_others_are_no_newsletter(desk: Desk) -> None:
    desk.newsletter()
    assert desk.handle(letter(TABLES, sender="spam@elsewhere.example")) == "unmatched"
    by_list = letter(TABLES, sender="x@service.example", List_Id="<n.biocluster-ulm.eu>")
    assert desk.handle(by_list) == "newsletter"


def test_named_senders_alone_count(desk: Desk) -> None:
    desk.newsletter(senders=("press@agency.example", "@other.example"))
    assert desk.handle(letter(TABLES)) == "unmatched"
    assert desk.handle(letter(TABLES, sender="Press <PRESS@agency.example>")) == "newsletter"
    assert desk.handle(letter(TABLES, sender="anybody@other.example")) == "newsletter"


def test_a_mail_that_wants_to_be_confirmed_reaches_the_operator(desk: Desk) -> None:
    desk.newsletter()
    html = '<a href="https://m.example/yes">Yes, I want the newsletter</a>'
    asking = letter(html, sender="robot@service.example", subject="Please confirm your sign-up")
    assert desk.handle(asking) == "operator"
    assert desk.told == ["A newsletter wants to be confirmed: Please confirm your sign-up"]


def test_the_mailbox_is_read_from_the_mark_on(desk: Desk) -> None:
    desk.newsletter()
    now = desk.house.clock.now
    with ImapDouble() as server:
        folder = ImapFolder(server.url, "watch", "secret", "INBOX")
        server.mails += [letter(TABLES), letter("", subject="leave WyJhIiwwXQ.AAAAAAAAAAAAAAAAAA")]
        done = desk.handler.handle_new(folder, now)
        assert (done.counts["newsletter"], done.counts["refused"]) == (1, 1)
        assert sum(desk.handler.handle_new(folder, now).counts.values()) == 0
        server.mails.append(letter("", subject="Hello"))
        assert desk.handler.handle_new(folder, now).counts["ignored"] == 1
        server.validity = 8  # the folder was made anew: everything is looked at, nothing repeated
        assert desk.handler.handle_new(folder, now).counts["known"] == 3
        assert folder.check() == ()
        assert not any("SELECT" in one or "STORE" in one for one in server.commands)


def test_a_mailbox_that_cannot_be_opened_says_what_to_check(desk: Desk) -> None:
    with ImapDouble() as server:
        wrong = ImapFolder(server.url, "watch", "guess", "INBOX")
        with pytest.raises(TemporaryDeliveryError) as refused:
            list(wrong.since(""))
        assert "CLUSTERWATCH_IMAP_PASSWORD" in refused.value.remedy
        missing = ImapFolder(server.url, "watch", "secret", "Archive")
        assert "cannot be opened" in missing.check()[0]
        assert "guess" not in repr(wrong)
    with pytest.raises(TemporaryDeliveryError, match="reached"):
        list(ImapFolder("imap://127.0.0.1:9", "watch", "secret", "INBOX").since(""))


def test_files_and_folders_of_mails_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "1.eml").write_bytes(letter(TABLES))
    (folder / "2.mbox").write_bytes(b"From x@y Sat Nov 21 08:00:00 2026\n" + letter("") + b"\n")
    assert [one.name for one in mails_in(folder)] == ["1.eml", "2.mbox, mail 1"]


def test_a_newsletter_of_no_source_says_why_and_is_read_once_there_is_one(
    desk: Desk, tmp_path: Path
) -> None:
    desk.sources.add(
        Source("other", "Other", "https://www.other.example/", kind="newsletter"),
        desk.house.clock.now,
    )
    (tmp_path / "1.eml").write_bytes(letter(TABLES, List_Id="<news.service.example>"))
    folder = EmlFolder(tmp_path)
    (why,) = desk.handler.handle_new(folder, desk.house.clock.now).unmatched
    assert why.startswith(
        "1.eml: a newsletter from biocluster-ulm.eu, List-Id news.service.example is of no "
        "newsletter source: they are for other (other.example)."
    )
    assert "news@" not in why
    desk.newsletter()
    assert desk.handler.handle_new(folder, desk.house.clock.now).counts["newsletter"] == 1


def test_the_daemon_reads_again_what_no_source_was_for(desk: Desk) -> None:
    now = desk.house.clock.now
    with ImapDouble() as server:
        folder = ImapFolder(server.url, "watch", "secret", "INBOX")
        server.mails += [letter("", subject="Hello"), letter(TABLES).replace(b"<n1@", b"<n2@")]
        assert desk.handler.handle_new(folder, now).counts["unmatched"] == 1
        assert sum(desk.handler.handle_new(folder, now).counts.values()) == 0
        desk.newsletter()
        assert desk.handler.handle_new(folder, now).counts["newsletter"] == 1
        assert sum(desk.handler.handle_new(folder, now).counts.values()) == 0


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("https://www.biocluster.example/", "news@biocluster.example"),
        ("https://biocluster.example/news", "news@mail.biocluster.example"),
        ("https://news.biocluster.co.uk/", "x@biocluster.co.uk"),
    ],
)
def test_a_site_s_own_domain_matches_whatever_its_ending(desk: Desk, url: str, sender: str) -> None:
    desk.sources.add(Source("bio", "Bio", url, kind="newsletter"), desk.house.clock.now)
    assert desk.handle(letter(TABLES, sender=sender)) == "newsletter"
    other = letter(TABLES, sender="x@notbiocluster.example").replace(b"<n1@", b"<n2@")
    assert desk.handle(other) == "unmatched"


def test_a_folder_of_mails_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = EmlFolder(tmp_path / "gone").check()
    assert "[mailbox] folder" in problem
    assert EmlFolder(tmp_path).check() == ()


def test_a_mailbox_is_left_by_who_opened_it_and_not_when_rubbish_is_collected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[imaplib.IMAP4] = []  # what is kept here is never collected

    class Kept(imaplib.IMAP4):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            opened.append(self)

    monkeypatch.setattr(imaplib, "IMAP4", Kept)
    with ImapDouble(refused="STARTTLS") as server:
        with pytest.raises(TemporaryDeliveryError):
            list(ImapFolder(server.url, "watch", "secret", "INBOX").since(""))
        left = [client for client in opened if client.sock.fileno() != -1]
        for client in left:  # else the double would wait for them
            client.shutdown()
    assert len(opened) == 1
    assert left == []


def test_a_look_whether_mails_can_be_read_ends_before_it_answers(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(letter(TABLES))

    class Watched(EmlFolder):
        reading: Iterator[Fetched] | None = None

        def since(self, mark: str) -> Iterator[Fetched]:
            self.reading = super().since(mark)  # held: nobody collects it
            return self.reading

    folder = Watched(tmp_path)
    assert folder.check() == ()
    assert inspect.getgeneratorstate(folder.reading) == inspect.GEN_CLOSED  # type: ignore[arg-type]
