"""The steps from a mail that came in to what it changes, each mail once.

Nothing is believed that a stranger could write: a leave or confirm mail needs a signed token, a
delivery report must name a mail that we sent, and a newsletter only adds links to a source that
somebody set up for its sender.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from alerts.incidents import OPERATOR
from alerts.mailbox.folders import ImapFolder
from alerts.mailbox.sorting import Sorted, sort_mail
from alerts.subscriptions import Subscriptions
from crawler.errors import ClusterwatchError, StorageError
from crawler.extract.newsletter import Newsletter, read_newsletter
from crawler.logs import event
from crawler.model.source import Source
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.mails import Letter, MailStore
from crawler.storage.sources import SourceStore
from crawler.urls import registrable_domain

_log = logging.getLogger(__name__)
# (window, title, lines, remedy, now): tells the operator something at once.
Tell = Callable[[str, str, tuple[str, ...], str, datetime], None]


@dataclass
class Handled:
    """What a batch of mails came to, counted by kind."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


class MailHandler:
    """Handles mails one by one. Methods block."""

    def __init__(
        self,
        mails: MailStore,
        subscriptions: Subscriptions,
        deliveries: DeliveryStore,
        sources: SourceStore,
        tell: Tell,
    ) -> None:
        self._mails = mails
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._sources = sources
        self._tell = tell

    def handle_all(self, raws: Iterable[bytes], now: datetime) -> Handled:
        """Every mail in turn; one that is refused stops no other. Raises StorageError."""
        done = Handled()
        for raw in raws:
            self.handle_into(done, raw, now)
        return done

    def handle_new(self, folder: ImapFolder, now: datetime) -> Handled:
        """Every mail that came after the last one handled.

        The mark moves when a mail is done, not when it is fetched: a crash loses none.
        Raises TemporaryDeliveryError where the mailbox cannot be read, StorageError.
        """
        done = Handled()
        for mail in folder.since(self._mails.mark(folder.name)):
            self.handle_into(done, mail.raw, now)
            self._mails.set_mark(folder.name, mail.mark)
        return done

    def handle_into(self, done: Handled, raw: bytes, now: datetime) -> None:
        """Handle one mail and count what became of it."""
        try:
            done.counts[self.handle(raw, now)] += 1
        except StorageError:
            raise
        except ClusterwatchError as error:
            done.counts["refused"] += 1
            done.errors.append(error.line())

    def handle(self, raw: bytes, now: datetime) -> str:
        """What became of one mail: hard, soft, left, confirmed, newsletter, operator, ignored
        or known. Raises SubscriptionError for a token that is not ours or has expired."""
        found = sort_mail(raw)
        key = _key(found, raw)
        if self._mails.handled([key]):
            return "known"
        outcome = self._by_kind(found, raw, key, now)
        self._mails.note(key, outcome, now)
        event(_log, logging.INFO, "mail.handled", outcome=outcome, why=found.why)
        return outcome

    # -- by kind --------------------------------------------------------------------------------

    def _by_kind(self, found: Sorted, raw: bytes, key: str, now: datetime) -> str:
        match found.kind:
            case "bounce":
                return self._bounce(found, now)
            case "leave":
                self._subscriptions.leave_by(found.token, now=now, origin="mail")
                return "left"
            case "confirm":
                self._subscriptions.confirm(found.token, now=now, origin=f"mail {found.sender}")
                return "confirmed"
            case "newsletter":
                return self._newsletter(found, raw, key, now)
        return "ignored"

    def _bounce(self, found: Sorted, now: datetime) -> str:
        """A report counts once for each mail of ours; the id in it is one only we could know."""
        outcome = "ignored"
        for report in found.reports:
            if not report.delivery or self._mails.handled([f"bounce:{report.delivery}"]):
                continue
            try:
                delivery = self._deliveries.get(report.delivery)
            except StorageError:
                continue
            if delivery.channel != "email":
                continue
            self._mails.note(f"bounce:{delivery.id}", "hard" if report.hard else "soft", now)
            outcome = "hard" if report.hard else "soft"
            if delivery.subscription == OPERATOR:
                event(_log, logging.ERROR, "operator.unreachable", reason=report.status)
                continue
            in_a_row = self._mails.soft_in_a_row(delivery.subscription)
            self._subscriptions.bounced(
                delivery.subscription, now=now, hard=report.hard, count=in_a_row
            )
        return outcome

    def _newsletter(self, found: Sorted, raw: bytes, key: str, now: datetime) -> str:
        newsletters = self._newsletters()
        if not newsletters:
            return "ignored"
        letter = read_newsletter(raw)
        senders = [one for one in newsletters if sent_by(one, found)]
        if letter.confirms:
            self._tell_confirmation(found, letter, key, now)
            return "operator"
        if not senders or not letter.items:
            return "ignored"
        for source in senders:
            items = letter.items
            self._mails.add_letter(Letter(key, source.id, letter.title, items, now))
            self._sources.look_now(source.id, now)
        return "newsletter"

    def _newsletters(self) -> Sequence[Source]:
        rows = self._sources.all()
        return [
            row.source
            for row in rows
            if row.source.kind == "newsletter" and row.state.status == "active"
        ]

    def _tell_confirmation(
        self, found: Sorted, letter: Newsletter, key: str, now: datetime
    ) -> None:
        self._tell(
            f"letter:{key[5:37]}",
            f"A newsletter wants to be confirmed: {letter.title[:150]}",
            (f"From {found.sender or 'an unknown sender'}.",),
            "Open it in the mailbox and follow its link, if you asked for it.",
            now,
        )


def _key(found: Sorted, raw: bytes) -> str:
    """The same mail may come by two ways: its Message-ID, sender and subject tell it."""
    named = "\n".join((found.message_id, found.sender, found.subject)).encode("utf-8", "replace")
    return f"mail:{hashlib.sha256(named if found.message_id else raw).hexdigest()}"


def sent_by(source: Source, found: Sorted) -> bool:
    """Whether a newsletter source is meant by who sent a mail."""
    domain = found.sender.rpartition("@")[2]
    if source.senders:
        named = {one.strip().lower() for one in source.senders}
        return bool(named & {found.sender, f"@{domain}", found.list_id} - {"", "@"})
    wanted = registrable_domain(urlsplit(source.url).hostname or "")
    domains = {registrable_domain(one) for one in (domain, found.list_id) if one}
    return bool(wanted) and wanted in domains
