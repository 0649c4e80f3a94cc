"""Ticks that find nothing to do, among few readers and many.

    python bench/idle.py [--readers 50 10000] [--ticks 20] [--schedules "daily 08:00" immediate]
        [--database URL]

CPU milliseconds of one look for windows, for sources a digest wants polled, and for deliveries,
in turn, when nothing is due: nobody's window has come since they began, nothing waits. Readers
take the schedules in turn, in the archive of ``bench/readership.py``. The first tick, which meets
every reader for the first time, is told apart. ``a_day`` is what a day's idle ticks take.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alerts import chores
from alerts.wiring import AlertParts, open_alerts
from bench.digests import own_cpu
from bench.measure import print_rows, versions
from bench.readership import furnish, newcomers, settings_of
from crawler.storage.database import utc_now

SELECTIONS = 50
_DAY = timedelta(days=1).total_seconds()
Row = dict[str, object]


def jobs(parts: AlertParts) -> list[tuple[str, Callable[[datetime], object], int]]:
    """What ticks while nothing happens: name, one look, seconds between two."""
    return [
        ("windows", lambda now: chores.close_windows(parts, now), 15),
        ("sources", lambda now: chores.to_be_polled(parts, now), 15),
        ("deliveries", parts.outbox.deliver_due, 5),
    ]


def idle(parts: AlertParts, now: datetime, ticks: int) -> list[Row]:
    """A row for each job: the first tick, and the mean of the others."""
    rows: list[Row] = []
    for name, look, seconds in jobs(parts):
        before = own_cpu()
        look(now)
        first = own_cpu() - before
        before = own_cpu()
        for tick in range(ticks):
            look(now + timedelta(seconds=seconds * (tick + 1)))
        mean = (own_cpu() - before) / ticks
        told = {"first_ms": 1000 * first, "ms": 1000 * mean, "a_day": mean * _DAY / seconds}
        rows.append({"tick": name, **told})
    return rows


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, nargs="+", default=[50, 10_000])
    options.add_argument("--ticks", type=int, default=20)
    options.add_argument("--schedules", nargs="+", default=["daily 08:00", "weekly mon 08:00"])
    options.add_argument("--database", default="", help="else SQLite in a new folder")
    chosen = options.parse_args()
    print(versions())
    noon = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)
    for readers in chosen.readers:
        with tempfile.TemporaryDirectory() as folder:
            database = chosen.database or f"sqlite:///{folder}/bench.db"
            settings = settings_of(Path(folder), database, "smtp://127.0.0.1:9")
            with open_alerts(settings) as parts:
                furnish(parts.crawler.database, 0, SELECTIONS, noon)
                newcomers(parts.crawler.database, readers, SELECTIONS, chosen.schedules, noon)
                rows = idle(parts, noon, chosen.ticks)
                assert not parts.deliveries.counts()
        print_rows(f"idle ticks among {readers} readers", rows)


if __name__ == "__main__":
    main()
