"""(e) Digests by mail: many readers, few distinct selections of ten stories.

    python bench/digests.py [--readers 10000] [--selections 50] [--database URL] [--profile]

CPU milliseconds a mail on the whole way: the window is due, stories are selected, composed,
rendered and queued (``dispatch``), then claimed, sent by SMTP to a sink on loopback and settled
(``deliver``). The sink is a process of its own and is not counted. Beside it, what Python's e-mail
package and smtplib alone take for messages with the same two bodies over one connection. No DKIM.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import resource
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alerts.wiring import AlertParts, open_alerts
from bench.measure import apart, peak_mb, print_rows, versions
from bench.readership import furnish, settings_of
from crawler.storage.database import utc_now

_SHOWN = 45  # lines of a profile


@contextmanager
def sink() -> Iterator[int]:
    """The port of a mail server in a process of its own, which throws away what it takes."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[1],
    ) as process:  # fmt: skip
        assert process.stdout is not None
        apart(process.pid)
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def own_cpu() -> float:
    """CPU seconds of this process alone, its threads included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(work: Callable[[], object], profile: bool) -> float:
    """CPU seconds of ``work``; its profile on stderr where one is wanted."""
    profiler = cProfile.Profile() if profile else None
    before = own_cpu()
    if profiler is None:
        work()
    else:
        profiler.runcall(work)
    spent = own_cpu() - before
    if profiler is not None:
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(_SHOWN)
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumtime").print_stats(_SHOWN)
    return spent


def alone(mails: list[str], count: int, port: int) -> None:
    """The same bodies through Python's e-mail package and smtplib, one connection."""
    bodies = []
    for raw in mails:
        parts = message_from_string(raw, policy=default).iter_parts()
        bodies.append([part.get_content() for part in parts])
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(count):
            text, html = bodies[number % len(bodies)]
            message = EmailMessage(policy=SMTP)
            message["From"] = "news@example.org"
            message["To"] = f"reader{number}@example.org"
            message.set_content(text, cte="base64")
            message.add_alternative(html, subtype="html", cte="base64")
            client.sendmail("news@example.org", message["To"], message.as_bytes())


def row(who: str, step: str, seconds: float, readers: int, **more: object) -> dict[str, object]:
    return {"who": who, "step": step, "ms_a_mail": 1000 * seconds / readers, **more}


def one_round(parts: AlertParts, readers: int, now: datetime, profile: bool) -> list[float]:
    """CPU seconds of closing the windows and of sending what they queued."""
    dispatch = timed(lambda: parts.dispatcher.dispatch_due(now), profile)
    deliver = timed(parts.outbox.deliver_due, profile)
    sent = parts.deliveries.counts()
    assert sent == {"sent": readers}, sent
    return [dispatch, deliver]


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, default=10_000)
    options.add_argument("--selections", type=int, default=50)
    options.add_argument("--database", default="", help="else SQLite in a new folder")
    options.add_argument("--profile", action="store_true")
    chosen = options.parse_args()
    readers = chosen.readers
    print(versions())
    now = utc_now()
    with tempfile.TemporaryDirectory() as folder, sink() as port:
        database = chosen.database or f"sqlite:///{folder}/bench.db"
        settings = settings_of(Path(folder), database, f"smtp://127.0.0.1:{port}")
        with open_alerts(settings) as parts:
            furnish(parts.crawler.database, readers, chosen.selections, now)
            parts.dispatcher.preview("reader00000", now)  # topics and templates are compiled once
            dispatch, deliver = one_round(parts, readers, now, chosen.profile)
            mails = [one.payload for one in parts.deliveries.find(limit=chosen.selections)]
            peak = peak_mb()
        peer = timed(lambda: alone(mails, readers, port), False)
    size = sum(map(len, mails)) // len(mails)
    print_rows(
        f"digests for {readers} readers, {chosen.selections} selections",
        [
            row("clusterwatch", "dispatch", dispatch, readers),
            row("clusterwatch", "deliver", deliver, readers),
            row("clusterwatch", "both", dispatch + deliver, readers, bytes=size, peak_mb=peak),
            row("EmailMessage and smtplib alone", "both", peer, readers),
        ],
    )


if __name__ == "__main__":
    main()
