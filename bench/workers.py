"""Workers killed at random over one PostgreSQL: what is lost, doubled or impolite.

Run ``python bench/workers.py --workers 5 --jobs 3000``. Feeds on loopback hosts, most unchanged, a
tenth with news in every round. Every few seconds a worker is killed with SIGKILL and another one
started: at any moment, or in the middle of a poll, of storing, of closing a digest, of sending;
now and then connections to the database are cut, or the server is killed and started again.
After so many jobs, or ``--minutes``, the servers' own logs, Slack's double and the tables judge; a
pause of 20 ms between two requests to a host is asked for by robots.txt.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.conftest import PostgresServer
from tests.integration.workers.yard import MOMENTS, Yard

NEWS = 0.1  # of the sources have something new in a round
CATCH_SECONDS = 6.0  # until a worker is at a moment that is waited for


class Trouble:
    """What happens to the workers, at random; counted by its kind."""

    def __init__(self, yard: Yard, server: PostgresServer, seed: int) -> None:
        self.happened = Counter[str]()
        self._yard, self._server = yard, server
        self._chance = random.Random(seed)

    def strike(self) -> None:
        """One worker in two is killed at a moment of its own; else one of the rest."""
        kind = self._chance.choice(("any", *MOMENTS, *MOMENTS, "cut", "restart"))
        if kind == "cut":
            self._yard.cut()
        elif kind == "restart":
            self._server.stop()
            time.sleep(self._chance.uniform(0.2, 4))
            self._server.resume()
        else:
            worker = None if kind == "any" else self._yard.caught(kind, CATCH_SECONDS)
            kind = kind if worker else "any"
            self._yard.kill(worker or self._chance.choice(self._yard.alive()))
            self._yard.start()
        self.happened[kind] += 1


def disturbed(yard: Yard, trouble: Trouble, wanted: argparse.Namespace) -> None:
    """Rounds of polls and trouble until enough hints were put."""
    chance = random.Random(wanted.seed)
    next_strike = time.monotonic() + wanted.every
    ends = time.monotonic() + 60 * wanted.minutes
    yard.publish()
    while (jobs := yard.hints()) < wanted.jobs and time.monotonic() < ends:
        told = f"{jobs} jobs, {yard.polls()} polls, {dict(trouble.happened)}"
        print(told, file=sys.stderr, flush=True)
        yard.publish(NEWS)
        until = time.monotonic() + wanted.round
        while time.monotonic() < until:
            time.sleep(0.5)
            if time.monotonic() >= next_strike:
                trouble.strike()
                next_strike = time.monotonic() + chance.uniform(0.5, 1.5) * wanted.every


def main() -> None:
    """Print what a run came to."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    arguments.add_argument("--workers", type=int, default=5)
    arguments.add_argument("--jobs", type=int, default=3000)
    arguments.add_argument("--hosts", type=int, default=100)
    arguments.add_argument("--sources", type=int, default=200)
    arguments.add_argument("--every", type=float, default=20.0, help="seconds between two troubles")
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
            trouble = Trouble(yard, server, wanted.seed)
            disturbed(yard, trouble, wanted)
            while not yard.told():  # a poll under way at the last round has not seen its news
                wanted_polls = yard.publish_nothing()
                yard.wait_for(lambda: yard.polls() >= wanted_polls, 900)  # noqa: B023
                time.sleep(wanted.round)
            print(f"seconds {time.monotonic() - begun:.0f}\njobs {yard.hints()}")
            print(f"trouble {dict(sorted(trouble.happened.items()))}")
            print(f"ended {yard.stop()}")
            verdict = yard.verdict()
            for name in verdict.__slots__:
                print(name, round(getattr(verdict, name), 4))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
