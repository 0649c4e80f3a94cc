"""Workers killed at random over one PostgreSQL: what is lost, doubled or impolite.

Run ``python bench/workers.py --workers 5 --jobs 3000``. Feeds on loopback hosts, most unchanged, a
tenth with news in every round; every few seconds a worker is killed with SIGKILL and another one
started, until so many jobs were put or ``--minutes`` are over. The servers' own logs, Slack's
double and the tables judge; a pause of 20 ms between two requests to a host is asked for by
robots.txt.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.conftest import PostgresServer
from tests.integration.workers.yard import Yard

NEWS = 0.1  # of the sources have something new in a round


def disturbed(yard: Yard, wanted: argparse.Namespace) -> int:
    """Rounds of polls and random kills until enough hints were put; how many kills."""
    chance, kills = random.Random(wanted.seed), 0
    next_kill = time.monotonic() + wanted.every
    ends = time.monotonic() + 60 * wanted.minutes
    yard.publish()
    while (jobs := yard.hints()) < wanted.jobs and time.monotonic() < ends:
        print(f"{jobs} jobs, {yard.polls()} polls, {kills} kills", file=sys.stderr, flush=True)
        yard.publish(NEWS)
        until = time.monotonic() + wanted.round
        while time.monotonic() < until:
            time.sleep(0.5)
            if time.monotonic() >= next_kill:
                yard.kill(chance.choice(yard.alive()))
                yard.start()
                kills += 1
                next_kill = time.monotonic() + chance.uniform(0.5, 1.5) * wanted.every
    return kills


def main() -> None:
    """Print what a run came to."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--workers", type=int, default=5)
    arguments.add_argument("--jobs", type=int, default=3000)
    arguments.add_argument("--hosts", type=int, default=100)
    arguments.add_argument("--sources", type=int, default=200)
    arguments.add_argument("--every", type=float, default=20.0, help="seconds between two kills")
    arguments.add_argument("--round", type=float, default=8.0, help="seconds of a round of polls")
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--articles", action="store_true", help="read the items' pages too")
    wanted = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cw-bench-"))
    server = PostgresServer(folder)
    server.start()
    try:
        work = folder / "yard"
        work.mkdir()
        size = {
            "hosts": wanted.hosts,
            "sources": wanted.sources,
            "seed": wanted.seed,
            "articles": wanted.articles,
        }
        with Yard(work, server.create_database(), groups=10, **size) as yard:
            begun = time.monotonic()
            yard.start(wanted.workers)
            kills = disturbed(yard, wanted)
            while not yard.told():  # a poll under way at the last round has not seen its news
                wanted_polls = yard.publish_nothing()
                yard.wait_for(lambda: yard.polls() >= wanted_polls, 900)  # noqa: B023
                time.sleep(wanted.round)
            print(f"seconds {time.monotonic() - begun:.0f}\nkills {kills}\njobs {yard.hints()}")
            print(f"ended {yard.stop()}")
            verdict = yard.verdict()
            for name in verdict.__slots__:
                print(name, round(getattr(verdict, name), 4))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
