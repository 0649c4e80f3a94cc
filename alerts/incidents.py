"""What the operator is told: once when something breaks, once when it works again.

The operator may have several addresses. A note goes to the first whose way is not what is
broken; one that cannot be delivered goes on to the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.local_time import shown
from alerts.outages import is_certain, is_outage, named, way_of
from crawler.config.values import RECIPIENTS
from crawler.errors import ClusterwatchError, DeliveryError
from crawler.failpoints import reach
from crawler.logs import event
from crawler.model.delivery import Delivery
from crawler.storage.deliveries import DeliveryStore
from crawler.storage.incidents import Incident, IncidentStore

OPERATOR = "operator"  # the subscription under which notes to the operator are queued
# Broken for a whole channel, not for one recipient.
_OF_THE_CHANNEL = frozenset(
    {
        "account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed",
        "not_allowed_token_type", "missing_scope", "no_permission", "no_service",
        "no_active_hooks", "smtp_no_login", "unencrypted_login", "no_look_up",
    }
)  # fmt: skip
_log = logging.getLogger(__name__)

# Tried for so long where the note has another way; else as long as any delivery.
PATIENCE = timedelta(minutes=15)
_ONCE = "note:"  # keys of what is only told and never over

# Renders one note: (to, window, title, lines, remedy, now) -> the delivery to queue.
Note = Callable[[str, str, str, tuple[str, ...], str, datetime], Delivery]


class Incidents:
    """Opens, closes and tells incidents of delivery."""

    def __init__(
        self,
        store: IncidentStore,
        deliveries: DeliveryStore,
        note: Note,
        operators: Sequence[str] = (),
        zone: str = "UTC",
    ) -> None:
        """``zone``: in whose time the operator is told."""
        self.store = store
        self.operators = tuple(operators)
        self.zone = zone
        self._deliveries = deliveries
        self._note = note

    def failed_for_good(
        self, delivery: Delivery, state: str, error: DeliveryError, now: datetime
    ) -> None:
        """A delivery is dead or parked. A note to the operator goes on to the next address."""
        if delivery.subscription == OPERATOR:
            self._pass_on(delivery, error, now)
            return
        whole = error.reason in _OF_THE_CHANNEL or error.reason.startswith("smtp_login")
        key = delivery.channel if whole else delivery.to
        if is_outage(error.reason):  # told already where it lasted: not once a delivery
            key = way_of(delivery.channel, delivery.to)
        lines = [
            f"{_what(delivery, state)}: {error.message}",
            f"Delivery {delivery.id}, window {delivery.window}.",
            error.remedy,
        ]
        text = "\n".join(" ".join(line.split()) for line in lines)
        if self.store.open(key, text, now):
            reach("incident.opened")

    def nobody_there(self, delivery: Delivery, error: DeliveryError, now: datetime) -> None:
        """A recipient who does not exist: told once, and over with the subscription's end."""
        title = f"“{delivery.subscription}” gets nothing more: {error.message}"
        remedy = (
            "Correct the address, or remove it; if the address is right: "
            f"clusterwatch subscriptions resume {delivery.subscription}"
        )
        self.announce(f"nobody:{delivery.id}", title, (), remedy, now)

    def withdraw_gone(
        self, reached: Callable[[Collection[str]], Collection[str]], now: datetime
    ) -> None:
        """Close without a word what is open for recipients whom nothing is sent to any more.

        ``reached`` tells to which of some recipients something is.
        """
        mine = {one.key for one in self.store.all_open() if one.key.partition(":")[0] in RECIPIENTS}
        theirs = {key for key in mine if ":" in key} - set(self.operators)
        if theirs:
            self.store.withdraw(theirs - set(reached(theirs)), now)

    def failed_for_now(
        self, delivery: Delivery, attempt: int, error: DeliveryError, now: datetime
    ) -> None:
        """A delivery waits for another try: told once where its way is broken and that lasts."""
        if not is_outage(error.reason):
            return
        key = way_of(delivery.channel, delivery.to)
        since = max(delivery.created_at, self._deliveries.last_sent(key) or delivery.created_at)
        if not is_certain(attempt, since, now):
            return
        lines = (
            f"{named(key)[:1].upper()}{named(key)[1:]}: nothing has gone out since "
            f"{shown(since, self.zone)}. {error.message}",
            "What is due waits, and goes out in its order once this works again.",
            error.remedy or "clusterwatch doctor",
        )
        if self.store.open(key, "\n".join(" ".join(line.split()) for line in lines), now):
            reach("incident.opened")

    def work_again(self, arrived: Collection[Delivery], now: datetime) -> None:
        """Deliveries arrived: what was broken on their ways is over."""
        ways = {way for one in arrived for way in (one.channel, one.to)}
        if over := {one.key for one in self.store.all_open() if one.key in ways} if ways else ():
            self.store.close(over, now)

    def open(self, key: str, title: str, remedy: str, now: datetime) -> None:
        """Any other incident, e.g. of a source."""
        self.store.open(key, f"{title}\n{remedy}", now)

    def close(self, key: str, now: datetime) -> None:
        """It is over."""
        self.store.close([key], now)

    def announce(
        self, name: str, title: str, lines: Sequence[str], remedy: str, now: datetime
    ) -> None:
        """Something to be told once under a name, of which there is no end to tell."""
        key = f"{_ONCE}{name}"
        if not self.store.ever(key):
            self.store.open(key, "\n".join((title, *lines, remedy)), now)

    def goes_on(self, delivery: Delivery) -> bool:
        """Whether this is a note to the operator that has another way left."""
        if delivery.subscription != OPERATOR:
            return False
        return _Window.read(delivery.window).turn + 1 < len(self.operators)

    def tell(self, now: datetime) -> int:
        """Queue the notes that are due; the outbox sends them. Returns how many."""
        return sum(self._tell(incident, now) for incident in self.store.untold())

    # -- inside ---------------------------------------------------------------------------------

    def _tell(self, incident: Incident, now: datetime) -> bool:
        over = incident.closed_at is not None
        window = _Window(incident.id, "closed" if over else "open")
        ways = self._ways(self._told(incident) if over else "")
        queued = not ways
        for to in ways:
            try:
                # Unique by window: a crash between these two steps queues no second note.
                self._deliveries.queue(self._rendered(incident, to, window, now))
            except ClusterwatchError as error:
                event(_log, logging.ERROR, "operator.unreachable", reason=error.message)
                continue
            queued = True
            reach("incident.queued")
            break
        if queued:
            self.store.told(incident)
            reach("incident.told")
            if incident.key.startswith(_ONCE):
                self.store.withdraw([incident.key], now)
        return queued and bool(ways)

    def _pass_on(self, delivery: Delivery, error: DeliveryError, now: datetime) -> None:
        window = _Window.read(delivery.window)
        incident = self.store.get(window.incident)
        tried = self._deliveries.recipients(OPERATOR, window.until_now())
        to = next((one for one in self._ways() if one not in tried), "")
        if incident is None or not to:
            event(_log, logging.ERROR, "operator.unreachable", reason=error.reason)
            return
        why = f"{delivery.to} did not get this note: {error.message}"
        try:
            # Named by its turn: whoever passes the same note on again queues nothing.
            self._deliveries.queue(self._rendered(incident, to, window.after(), now, why))
        except ClusterwatchError as unmade:
            event(_log, logging.ERROR, "operator.unreachable", reason=unmade.message)
            return
        reach("incident.passed_on")

    def _rendered(
        self, incident: Incident, to: str, window: _Window, now: datetime, *more: str
    ) -> Delivery:
        if window.kind == "closed":  # the old fault and its remedy would be taken for a new one
            heading = f"Works again: {named(incident.key)}"
            return self._note(to, window.name, heading, more, "", now)
        title, *lines = incident.text.split("\n")
        remedy = lines.pop() if lines else ""
        return self._note(to, window.name, title, (*lines, *more), remedy, now)

    def _told(self, incident: Incident) -> str:
        """Who got the news of it: the last to whom it was passed on."""
        turns = [_Window(incident.id, "open", turn) for turn in range(len(self.operators))]
        names = [window.name for window in turns]
        return next(iter(reversed(self._deliveries.recipients(OPERATOR, names))), "")

    def _ways(self, first: str = "") -> list[str]:
        """The operator's addresses: those whose way is broken last, ``first`` before the others."""
        broken = {one.key for one in self.store.all_open()}

        def order(to: str) -> tuple[bool, bool]:
            return to in broken or to.partition(":")[0] in broken, to != first

        return sorted(self.operators, key=order)


def note_of(window: str) -> tuple[int, str]:
    """What a note to the operator is about, whoever's turn it is: (incident, "open"/"closed")."""
    read = _Window.read(window)
    return read.incident, read.kind


@dataclass(frozen=True, slots=True)
class _Window:
    """What a note is queued under: its incident, which of its two notes, and whose turn it is."""

    incident: int
    kind: str  # open closed
    turn: int = 0

    @classmethod
    def read(cls, name: str) -> _Window:
        """Of a queued note; other windows are of no incident."""
        parts = name.split(":")
        if parts[0] != "incident" or len(parts) < 3:
            return cls(0, "open")
        return cls(int(parts[1]), parts[2], int(parts[3]) if len(parts) > 3 else 0)

    @property
    def name(self) -> str:
        return f"incident:{self.incident}:{self.kind}" + (f":{self.turn}" if self.turn else "")

    def after(self) -> _Window:
        return _Window(self.incident, self.kind, self.turn + 1)

    def until_now(self) -> list[str]:
        """The names of the notes that were tried, this one included."""
        return [_Window(self.incident, self.kind, turn).name for turn in range(self.turn + 1)]


def _what(delivery: Delivery, state: str) -> str:
    if state == "parked":
        return f"It cannot be told whether the digest for “{delivery.subscription}” arrived"
    return f"The digest for “{delivery.subscription}” could not be delivered"
