"""Who holds a lease: this process by a name that others can check, and whether another is gone.

A name tells machine (boot and process namespace), process id and the process's start. On the
same machine a dead owner is known at once; elsewhere, or where there is no /proc, only the end
of its lease tells.
"""

from __future__ import annotations

import hashlib
import os
import socket
from functools import lru_cache
from pathlib import Path

_PROC = Path("/proc")


def owner_name(worker: str = "") -> str:
    """This process's name for leases; ``worker`` tells several of one process apart."""
    return ":".join((_machine(), str(os.getpid()), _started(os.getpid()), worker[:12]))


def is_own(owner: str) -> bool:
    """Whether it names this process, or one of its workers."""
    return owner.rpartition(":")[0] == owner_name().rpartition(":")[0]


def surely_gone(owner: str) -> bool:
    """Whether the process of that name has ended. False where that cannot be told."""
    parts = owner.split(":")
    if len(parts) != 4 or not _machine() or parts[0] != _machine() or not parts[1].isdigit():
        return False
    return _started(int(parts[1])) != parts[2]


def _started(process: int) -> str:
    """The start time of a process in clock ticks since boot, "" when there is none."""
    try:
        stat = (_PROC / str(process) / "stat").read_text()
    except OSError:
        return ""
    # The name in parentheses may hold spaces; the 22nd field is the start time (proc(5)).
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]


@lru_cache(maxsize=1)
def _machine() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""
    seed = f"{socket.gethostname()} {boot} {namespace}"
    return hashlib.sha256(seed.encode()).hexdigest()[:12]
