"""Named points between the steps of a digest, at which a test kills or stops the process.

Every write and every network step of a delivery reaches one, every transaction of whatever kind
two (``TRANSACTION``), a backup two more (``BACKUP``). A point does nothing unless the
environment names it: ``CLUSTERWATCH_FAILPOINT="send.after"`` kills the process with SIGKILL
there, ``"send.after:stop"`` stops it with SIGSTOP, ``"send.after:kill:2"`` the second time;
``"log:FILE"`` notes every point passed, so that a test can enumerate them.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

VARIABLE = "CLUSTERWATCH_FAILPOINT"

POINTS = (
    # A window is closed: one transaction.
    "close.begin",
    "close.deliveries_written",
    "close.items_written",
    "close.window_written",
    "close.committed",
    # A posted message tells a story that has changed since: its edit is queued.
    "correction.queued",
    # A delivery is claimed: one transaction.
    "claim.begin",
    "claim.lease_written",
    "claim.attempt_written",
    "claim.committed",
    # An ambiguous one is looked up.
    "find.before",
    "find.after",
    # It is sent.
    "send.before",
    "send.after",
    # The outcome is written: one transaction.
    "settle.begin",
    "settle.delivery_written",
    "settle.attempt_written",
    "settle.committed",
    # An incident is told to the operator.
    "incident.opened",
    "incident.queued",
    "incident.told",
    # A note that cannot be delivered goes on to the operator's next address.
    "incident.passed_on",
)

TRANSACTION = ("write.before", "write.committed")  # its end: everything is said; it holds
BACKUP = ("backup.copied", "backup.whole")  # the rows are there; the configuration too

_seen: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class _Armed:
    point: str
    ending: signal.Signals
    time: int  # at which passing
    log: Path | None = None


def reach(point: str) -> None:
    """Pass a point; a test may have asked for an end here."""
    armed = _armed()
    if armed is None:
        return
    if armed.log is not None:
        with armed.log.open("a") as log:
            log.write(f"{point}\n")
    if armed.point == point:
        _seen[point] += 1
        if _seen[point] == armed.time:
            os.kill(os.getpid(), armed.ending)


def rearm() -> None:
    """Read the environment anew and count from nought: for a process that forked."""
    _armed.cache_clear()
    _seen.clear()


@lru_cache(maxsize=1)
def _armed() -> _Armed | None:
    wanted = os.environ.get(VARIABLE, "")
    if not wanted:
        return None
    point, _, rest = wanted.partition(":")
    if point == "log":
        return _Armed("", signal.SIGKILL, 0, Path(rest))
    action, _, time = rest.partition(":")
    if point not in (*POINTS, *TRANSACTION, *BACKUP) or action not in ("", "kill", "stop"):
        raise ValueError(f"{VARIABLE}: there is no failpoint {wanted!r}")
    return _Armed(point, signal.SIGSTOP if action == "stop" else signal.SIGKILL, int(time or 1))
