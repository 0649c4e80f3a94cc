"""Named points between the steps of a digest, at which a test kills or stops the process.

Every write and every network step of a delivery reaches one. A point does nothing unless the
environment names it: ``CLUSTERWATCH_FAILPOINT="send.after"`` kills the process with SIGKILL
there, ``"send.after:stop"`` stops it with SIGSTOP, ``"send.after:kill:2"`` the second time.
"""

from __future__ import annotations

import os
import signal
from functools import lru_cache

VARIABLE = "CLUSTERWATCH_FAILPOINT"

POINTS = (
    # A window is closed: one transaction.
    "close.begin",
    "close.deliveries_written",
    "close.items_written",
    "close.window_written",
    "close.committed",
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
)

_seen: dict[str, int] = {}


def reach(point: str) -> None:
    """Pass a point; a test may have asked for an end here."""
    armed = _armed()
    if armed is None or armed[0] != point:
        return
    _seen[point] = _seen.get(point, 0) + 1
    if _seen[point] == armed[2]:
        os.kill(os.getpid(), armed[1])


@lru_cache(maxsize=1)
def _armed() -> tuple[str, signal.Signals, int] | None:
    wanted = os.environ.get(VARIABLE, "")
    if not wanted:
        return None
    point, _, rest = wanted.partition(":")
    action, _, times = rest.partition(":")
    if point not in POINTS or action not in ("", "kill", "stop"):
        raise ValueError(f"{VARIABLE}: no failpoint {wanted!r}")
    ending = signal.SIGSTOP if action == "stop" else signal.SIGKILL
    return point, ending, int(times or 1)
