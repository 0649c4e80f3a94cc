"""(a) a cold poll of many feeds, (b) the same unchanged, (c) with 5 % changed; and the peer's.

    python bench/polls.py [--feeds 1000] [--entries 20] [--times 5] [--no-peer]
    python bench/polls.py --flat 300 3000 10000 [--entries 5]

CPU seconds of each whole process (ours with its parsing processes), loopback HTTP, robots.txt
cached, start-up left out: libraries and models are loaded, topics compiled. (a) fetches, parses
and compares every entry with the archive and stores nothing; (b) and (c) run as the daemon runs
them, on its event loop, with leases, storage and the turn of every source; in (c) new entries'
articles are fetched, extracted, classified, grouped and stored as well, which the peer does not do.
The archive holds every entry of the first round before (b) begins. "c lists alone" is (c) again
without those articles, which is what the peer does: feeds read, compared and noted, and not stored.

Every round is run several times, ours and the peer's in turn, and its row holds the median of
each figure, since other processes disturb single ones; (c) is listed run by run before, because
a source's first articles teach how to read its later ones.

``--flat`` runs (b) alone, over new connections, an installation and a peer of its own for each
number of feeds: whether a poll costs the same among many, and what memory grows by.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.farm.running import RunningFarm, farm
from bench.filling import fill, polled
from bench.house import AtWork, house
from bench.measure import apart, measured, print_rows, versions
from bench.sites import warm_up
from crawler.fetch.loop import run as run_loop
from spiders import feed

KEPT_ALIVE_SECONDS = 16  # a second longer than idle connections are kept
CHANGED = 20  # every 20th feed: 5 %
Row = dict[str, object]


class Peer:
    """``bench/peers/feeds.py`` in its own process."""

    def __init__(self, urls: list[str]) -> None:
        command = [sys.executable, str(Path(__file__).parent / "peers" / "feeds.py")]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        apart(self._process.pid)
        self._ask(json.dumps(urls))

    def round(self, name: str) -> Row:
        told = self._ask(name)
        return {key: told[key] for key in ("new", "cpu_seconds", "wall_seconds", "peak_mb")}

    def know(self, etags: dict[str, str]) -> None:
        """The peer has read these feeds before."""
        self._ask(json.dumps(etags))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def _ask(self, line: str) -> dict[str, object]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        told: dict[str, object] = json.loads(self._process.stdout.readline())
        return told


@dataclass
class Rounds:
    """Runs of one installation and its peer."""

    running: RunningFarm
    at_work: AtWork
    peer: Peer | None
    times: int
    hangs_up: bool = False  # before the peer: the farm may not have files for both
    rows: list[Row] = field(default_factory=list)

    async def run(
        self,
        name: str,
        before: Callable[[], object],
        work: Callable[[], Awaitable[int]],
        *,
        each: bool = False,
    ) -> None:
        """A round, so many times; ``before`` is not measured, ``work`` gives a count."""
        told = []
        for number in range(self.times):
            before()
            self.running.order("reset")
            with measured() as cost:
                found = await work()
            row = {"round": name, **vars(cost), "found": found, **self.running.order("reset")}
            if self.peer is not None:
                if self.hangs_up:
                    self.running.order("hang-up")
                theirs = self.peer.round(name)
                row |= {f"peer_{key}": value for key, value in theirs.items()}
                row["ratio"] = cost.cpu_seconds / float(str(theirs["cpu_seconds"]))
            told.append(row)
            if each:
                self.rows.append(row | {"round": f"{name} {number + 1}"})
        self.rows.append({"round": name} | _medians(told))

    def turn(self, step: int = 0) -> None:
        """It is every source's turn; every ``step``-th has news."""
        if step:
            self.running.order(f"advance?sites={step}")
        self.at_work.all_due()

    def turn_later(self) -> None:
        """The next turn, after connections ended: usual pauses are longer than servers wait."""
        time.sleep(KEPT_ALIVE_SECONDS)
        self.turn()

    async def look(self) -> int:
        return sum(one.seen for one in await self.at_work.look())


def _medians(rows: list[Row]) -> Row:
    numbers = {key for row in rows for key, value in row.items() if not isinstance(value, str)}
    order = [key for key in rows[0] if key in numbers]
    return {key: median(float(str(row.get(key, 0))) for row in rows) for key in order}


async def ours(running: RunningFarm, folder: Path, peer: Peer | None, times: int) -> list[Row]:
    """The three rounds, ours and the peer's alternating."""
    urls = [running.origin(number) + "/feed/" for number in range(running.size)]
    async with house(folder, urls, kind="feed") as at_work:
        await at_work.warm_robots(running)
        warm_up(running, at_work.parts.crawler.matcher)
        rounds = Rounds(running, at_work, peer, times)
        await rounds.run("a cold", feed._MEMORIES.clear, rounds.look)
        fill(at_work, running)
        await at_work.round()  # validators and rhythms are learned
        await rounds.run("b unchanged", rounds.turn, at_work.round)
        news = lambda: rounds.turn(CHANGED)  # noqa: E731
        await rounds.run("c changed", news, at_work.round, each=True)
        at_work.leave_articles()
        await rounds.run("c lists alone", news, at_work.round)
    return rounds.rows


async def flat(running: RunningFarm, folder: Path, peer: Peer | None, times: int) -> Row:
    """What an unchanged poll costs among so many sources, and the memory of all."""
    urls = [running.origin(number) + "/feed/" for number in range(running.size)]
    async with house(folder, urls, kind="feed") as at_work:
        polled(at_work, running)
        await at_work.round()  # robots.txt and rhythms are in memory
        if peer:
            peer.know(running.etags())
        rounds = Rounds(running, at_work, peer, times, hangs_up=True)
        await rounds.run("b unchanged", rounds.turn_later, at_work.round, each=True)
    least = {"least_ms_a_feed": _least("cpu_seconds", rounds.rows, running.size)}
    if peer:
        theirs = _least("peer_cpu_seconds", rounds.rows, running.size)
        least |= {"peer_least": theirs, "least_ratio": least["least_ms_a_feed"] / theirs}
    return {"feeds": running.size, **least, **rounds.rows[-1]}


def _least(name: str, rows: list[Row], feeds: int) -> float:
    """Milliseconds a feed in the best run: other processes only add."""
    return 1000 * min(float(str(row[name])) for row in rows[:-1]) / feeds


def flatness(sizes: list[int], entries: int, times: int, *, with_peer: bool) -> None:
    """``flat`` for each size, in a process of its own where there are several."""
    if len(sizes) > 1:
        for size in sizes:
            told = ["--flat", str(size), "--entries", str(entries), "--times", str(times)]
            told += [] if with_peer else ["--no-peer"]
            subprocess.run([sys.executable, __file__, *told], check=True)
        return
    with farm(sizes[0], entries) as running, tempfile.TemporaryDirectory() as folder:
        urls = [running.origin(number) + "/feed/" for number in range(running.size)]
        peer = Peer(urls) if with_peer else None
        row = run_loop(flat(running, Path(folder), peer, times))
        if peer:
            peer.close()
    print_rows(f"{sizes[0]} unchanged feeds", [row])


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--entries", type=int, default=20)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--no-peer", action="store_true")
    options.add_argument("--flat", type=int, nargs="+", default=[], metavar="FEEDS")
    chosen = options.parse_args()
    print(versions())
    if chosen.flat:
        flatness(chosen.flat, chosen.entries, chosen.times, with_peer=not chosen.no_peer)
        return
    with farm(chosen.feeds, chosen.entries) as running, tempfile.TemporaryDirectory() as folder:
        urls = [running.origin(number) + "/feed/" for number in range(running.size)]
        peer = None if chosen.no_peer else Peer(urls)
        rows = run_loop(ours(running, Path(folder), peer, chosen.times))
        if peer:
            peer.close()
    print_rows(f"polls of {chosen.feeds} feeds of {chosen.entries} entries", rows)


if __name__ == "__main__":
    main()
