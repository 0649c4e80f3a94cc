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
from alerts.mailbox.folders import Fetched, MailFolder
from alerts.mailbox.sorting import Sorted, sort_mail
from alerts.subscriptions import Subscriptions
from crawler.errors import ClusterwatchError, StorageError, SubscriptionError
from crawler.extract.newsletter import Newsletter, read_newsletter
from crawler.logs import event
from crawler.model.source import Source
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.mails import Letter, MailStore
from crawler.storage.sources import SourceStore
from crawler.urls import registrable_domain

UNMATCHED = "unmatched"  # a newsletter that no source is for
_log = logging.getLogger(__name__)
# (window, title, lines, remedy, now): tells the operator something at once.
Tell = Callable[[str, str, tuple[str, ...], str, datetime], None]


@dataclass
class Handled:
    """What a batch of mails came to, counted by kind."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)  # each names its mail
    unmatched: list[str] = field(default_factory=list)  # newsletters of no source, each its why
    ignored: list[str] = field(default_factory=list)  # each names its mail and says why


class MailHandler:
    """Handles mails one by one. Methods block."""

    def __init__(
        self,
        mails: MailStore,
        subscriptions: Subscriptions,
        deliveries: DeliveryStore,
        sources: SourceStore,
        tell: Tell,
        mail_leave_link: Callable[[str, datetime], int] = lambda address, now: 0,
    ) -> None:
        """``mail_leave_link`` answers an address that wants to leave and proves nothing; how many
        subscriptions it has."""
        self._mails = mails
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._sources = sources
        self._tell = tell
        self._mail_leave_link = mail_leave_link

    def handle_all(self, mails: Iterable[Fetched], now: datetime) -> Handled:
        """Every mail in turn; one that is refused stops no other. Raises StorageError."""
        done = Handled()
        for mail in mails:
            self._handle_into(done, mail, now)
        return done

    def handle_new(self, folder: MailFolder, now: datetime) -> Handled:
        """Every mail that came after the last one handled; newsletters that no source was for
        once more when a source for newsletters was added or changed.

        The mark moves when a mail is done, not when it is fetched: a crash loses none.
        Raises TemporaryDeliveryError where the mailbox cannot be read, StorageError.
        """
        done, sources = Handled(), self._signature()
        before = self._mails.mark(folder.name)
        left_at = f"letters:{hashlib.sha256(folder.name.encode()).hexdigest()[:32]}"
        seen_with, left, since = self._mails.mark(left_at).partition(" ")
        if left and seen_with != sources:
            before, left = since, ""
            self._mails.set_mark(left_at, "")
        for mail in folder.since(before):
            outcome = self._handle_into(done, mail, now)
            if outcome == UNMATCHED and not left:
                left = " "
                self._mails.set_mark(left_at, f"{sources} {before}")
            if mail.mark:
                self._mails.set_mark(folder.name, mail.mark)
            before = mail.mark
        return done

    def handle(self, raw: bytes, now: datetime) -> str:
        """What became of one mail: hard, soft, left, confirmed, wish, newsletter, unmatched,
        operator, ignored or known. Raises SubscriptionError for a token that is not ours or has
        expired; the mail counts as handled then, too."""
        return self._handle(raw, now)[0]

    def _handle_into(self, done: Handled, mail: Fetched, now: datetime) -> str:
        """Handle one mail and count what became of it."""
        try:
            outcome, why = self._handle(mail.raw, now)
        except StorageError:
            raise
        except ClusterwatchError as error:
            outcome, why = "refused", f"{mail.name or 'A mail'}: {_for_the_operator(error)}"
            done.errors.append(why)
        if outcome == UNMATCHED:
            done.unmatched.append(f"{mail.name or 'A mail'}: {why}")
        if outcome == "ignored":
            done.ignored.append(f"{mail.name or 'A mail'}: {why or 'it asks for nothing'}")
        done.counts[outcome] += 1
        return outcome

    def _handle(self, raw: bytes, now: datetime) -> tuple[str, str]:
        """What became of it, and why."""
        found = sort_mail(raw)
        key = _key(found, raw)
        if self._mails.handled([key]):
            return "known", ""
        try:
            outcome, why = self._by_kind(found, raw, key, now)
        except SubscriptionError:
            self._mails.note(key, "refused", now)
            raise
        if outcome != UNMATCHED:  # a source for it may come yet
            self._mails.note(key, outcome, now)
        event(_log, logging.INFO, "mail.handled", outcome=outcome, why=why)
        return outcome, why

    # -- by kind --------------------------------------------------------------------------------

    def _by_kind(self, found: Sorted, raw: bytes, key: str, now: datetime) -> tuple[str, str]:
        match found.kind:
            case "bounce":
                return self._bounce(found, now), found.why
            case "leave":
                self._subscriptions.leave_by(found.token, now=now, origin="mail")
                return "left", ""
            case "confirm":
                self._subscriptions.confirm(found.token, now=now, origin=f"mail {found.sender}")
                return "confirmed", ""
            case "wish":
                known = self._mail_leave_link(found.sender, now)
                return ("wish", "") if known else ("ignored", "a wish to leave, of no subscriber")
            case "newsletter":
                return self._newsletter(found, raw, key, now)
        return "ignored", found.why

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

    def _newsletter(self, found: Sorted, raw: bytes, key: str, now: datetime) -> tuple[str, str]:
        newsletters = self._newsletters()
        letter = read_newsletter(raw)
        senders = [one for one in newsletters if sent_by(one, found)]
        if letter.confirms and newsletters:
            self._tell_confirmation(found, letter, key, now)
            return "operator", ""
        if not letter.items:
            return "ignored", "no headline with a link in it"
        if not senders:
            return UNMATCHED, _why_unmatched(found, newsletters)
        for source in senders:
            items = letter.items
            self._mails.add_letter(Letter(key, source.id, letter.title, items, now))
            self._sources.look_now(source.id, now)
        return "newsletter", ""

    def _signature(self) -> str:
        """Changes when a source for newsletters is added, removed or changed."""
        told = sorted(f"{one.id} {one.url} {one.senders}" for one in self._newsletters())
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]

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
    return any(_same_owner(_host(source), one) for one in (domain, found.list_id) if one)


def _host(source: Source) -> str:
    return (urlsplit(source.url).hostname or "").removeprefix("www.")


def _same_owner(site: str, sender: str) -> bool:
    """Whether two names belong to one registered domain; where nothing is known of their ending
    (``.example``, ``.internal``), whether one lies within the other."""
    if not site:
        return False
    if registrable_domain(site) == registrable_domain(sender):
        return True
    short, long = sorted((site, sender), key=len)
    unknown = registrable_domain(short) == short and registrable_domain(long) == long
    return unknown and "." in short and long.endswith(f".{short}")


def _why_unmatched(found: Sorted, newsletters: Sequence[Source]) -> str:
    """Names domains, never a whole address."""
    domain = found.sender.rpartition("@")[2]
    by_list = f", List-Id {found.list_id}" if found.list_id else ""
    wanted = [f"{one.id} ({', '.join(one.senders) or _host(one)})" for one in newsletters]
    known = f"they are for {'; '.join(wanted)}" if wanted else "there is none yet"
    return (
        f"a newsletter from {domain or 'an unknown sender'}{by_list} is of no newsletter source: "
        f'{known}. Set senders = ["{found.list_id or "@" + domain}"] at the source it is for.'
    )


def _for_the_operator(error: ClusterwatchError) -> str:
    return (
        f"{error.message.rstrip('.')}. Nothing was changed; whoever sent it needs the link of a "
        "newer mail: clusterwatch subscriptions list"
    )
