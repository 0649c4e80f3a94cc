"""What a tick does: one look at the rows, the same in the daemon and in every worker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from alerts.ahead import AHEAD, near_ones, polls_ahead, worth_a_look
from alerts.wiring import AlertParts
from crawler.errors import DeliveryError
from crawler.following import in_step
from crawler.logs import event
from crawler.storage.erasure import ErasureStore
from crawler.storage.mails import MailStore
from crawler.storage.source_rows import SourceRow

TOPICS_BATCH = 50  # stored items decided anew before anything else may have the interpreter
REMEMBERED_MAILS = timedelta(days=400)
_log = logging.getLogger(__name__)


def to_be_polled(parts: AlertParts, now: datetime) -> list[str]:
    """The ids of those whose turn it is, and whom a digest of this hour wants to have looked at."""
    due = parts.crawler.sources.due_ids(now)
    ahead = [row.source.id for row in polls_before_digests(parts, now)]
    return list(dict.fromkeys((*due, *ahead)))


def polls_before_digests(parts: AlertParts, now: datetime) -> list[SourceRow]:
    """The sources that a digest of this hour wants to have looked at."""
    near = near_ones(parts.looks.near(now + AHEAD), now)
    if not near:
        return []
    return polls_ahead(near, parts.crawler.sources.resting(*worth_a_look(near, now)), now)


def close_windows(
    parts: AlertParts, now: datetime, wanted: Callable[[str], bool] | None = None
) -> None:
    """Close the windows that are due and queue what they deliver.

    ``wanted``: of these subscriptions only, by their ids.
    """
    parts.subscriptions.wake(now)
    parts.withdraw_incidents(now)
    for done in parts.dispatcher.dispatch_due(now, wanted):
        event(
            _log, logging.INFO, "digest.closed", subscription=done.subscription,
            window=done.window, state=done.state, stories=done.stories,
        )  # fmt: skip


def read_mailbox(parts: AlertParts, now: datetime) -> None:
    """Handle what came in by mail; a server that is away is told once, as an incident."""
    if parts.mail_folder is None:
        return
    try:
        parts.read_mailbox(now)
        parts.incidents.close("mailbox", now)
    except DeliveryError as error:
        parts.incidents.open("mailbox", error.message, error.remedy, now)


def follow_topics(parts: AlertParts) -> None:
    """Take over topics that another process changed, in the database or in the file."""
    before = parts.settings
    _tell_of_step(parts, in_step(parts.crawler))
    if parts.crawler.refresh_topics() or parts.settings is not before:
        event(_log, logging.INFO, "topics.read")


def _tell_of_step(parts: AlertParts, is_in_step: bool) -> None:
    if not is_in_step and not parts.is_out_of_step:
        event(
            _log, logging.WARNING, "topics.differ", file=parts.settings.label,
            reason="the database holds other [[topics]] than this process and its file; stored "
            "items are left alone",
            remedy="make the files the same, then kill -HUP or systemctl reload",
        )  # fmt: skip
    parts.is_out_of_step = not is_in_step


def reclassify(parts: AlertParts, now: datetime, stopping: Callable[[], bool]) -> None:
    """Decide stored items by changed topics; what is left goes on at the next start.

    Not by topics that are others than those last brought into the database.
    """
    if not in_step(parts.crawler):
        return
    work = parts.crawler.reclassification
    if not work.is_due:
        return
    for step in work.run(now, batch=TOPICS_BATCH):
        event(
            _log, logging.INFO, "items.reclassified", items=step.items, gained=step.gained,
            lost=step.lost, left=step.left,
        )  # fmt: skip
        if stopping():
            return


def forget_old(parts: AlertParts, now: datetime) -> None:
    """Drop texts and payloads that are older than ``[retention]`` says."""
    kept = parts.settings.retention
    payloads = parts.deliveries.forget_payloads(now - kept.deliveries)
    texts = ErasureStore(parts.crawler.database).forget_texts(now - kept.texts)
    MailStore(parts.crawler.database).forget(now - REMEMBERED_MAILS)
    if payloads or texts:
        event(_log, logging.INFO, "retention.applied", texts=texts, payloads=payloads)
