"""(a) a cold poll of many feeds, (b) the same unchanged, (c) with 5 % changed; and the peer's.

    python bench/polls.py [--feeds 1000] [--entries 20] [--no-peer]

CPU seconds of each whole process (ours with its parsing processes), loopback HTTP, robots.txt
cached, start-up left out. (a) fetches, parses and compares every entry with the archive and
stores nothing; (b) and (c) run as the daemon runs them, with leases, storage and the turn of
every source; in (c) new entries' articles are fetched, extracted, classified, grouped and
stored as well, which the peer does not do.
The archive holds every entry of the first round before (b) begins.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.farm.running import RunningFarm, farm
from bench.filling import fill
from bench.house import house
from bench.measure import Cost, measured, print_rows, versions

CHANGED = 20  # every 20th feed: 5 %


class Peer:
    """``bench/peers/feeds.py`` in its own process."""

    def __init__(self, urls: list[str]) -> None:
        command = [sys.executable, str(Path(__file__).parent / "peers" / "feeds.py")]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self._ask(json.dumps(urls))

    def round(self, name: str) -> dict[str, object]:
        told = self._ask(name)
        return {key: told[key] for key in ("new", "cpu_seconds", "wall_seconds", "peak_mb")}

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


async def ours(running: RunningFarm, folder: Path, peer: Peer | None) -> list[dict[str, object]]:
    """The three rounds, ours and the peer's alternating."""
    rows: list[dict[str, object]] = []

    def note(name: str, cost: Cost, **counts: object) -> None:
        told = peer.round(name) if peer else None
        row: dict[str, object] = {"round": name, **vars(cost), **counts}
        if told is not None:
            row |= {f"peer_{key}": value for key, value in told.items()}
            row["ratio"] = cost.cpu_seconds / float(str(told["cpu_seconds"]))
        rows.append(row)

    urls = [running.origin(number) + "/feed/" for number in range(running.size)]
    async with house(folder, urls, kind="feed") as at_work:
        await at_work.warm_robots(running)
        running.order("reset")
        with measured() as cost:
            found = await at_work.look()
        note("a cold", cost, seen=sum(one.seen for one in found), **running.order("reset"))
        fill(at_work, running)
        await at_work.round()  # validators and rhythms are learned
        for name, step in (("b unchanged", 0), ("c changed", CHANGED)):
            if step:
                running.order(f"advance?sites={step}")
            at_work.all_due()
            running.order("reset")
            with measured() as cost:
                new = await at_work.round()
            note(name, cost, stored=new, **running.order("reset"))
    return rows


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--entries", type=int, default=20)
    options.add_argument("--no-peer", action="store_true")
    chosen = options.parse_args()
    print(versions())
    with farm(chosen.feeds, chosen.entries) as running, tempfile.TemporaryDirectory() as folder:
        urls = [running.origin(number) + "/feed/" for number in range(running.size)]
        peer = None if chosen.no_peer else Peer(urls)
        rows = asyncio.run(ours(running, Path(folder), peer))
        if peer:
            peer.close()
    print_rows(f"polls of {chosen.feeds} feeds of {chosen.entries} entries", rows)


if __name__ == "__main__":
    main()
