"""What random kills cost: digests lost, doubled, repeated, judged by the doubles' own logs.

Run ``python bench/kills.py --runs 300 --minutes 5 --seed 1``. Every run is an installation of its
own: a digest for Slack with a thread, one by mail, a correction, a note to the operator. One or
two processes deliver it and are killed with SIGKILL at random moments while answers get lost,
come broken or refuse; then new processes finish the work, and the doubles' logs judge. The
enumerated kills, one at each named step, are tests/integration/alerts/test_kills.py.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.demo.slack_faults import broken_json, drop_after, drop_before, http_error
from crawler.storage.database import Database
from tests.integration.alerts.house import MORNING, House
from tests.integration.alerts.killing import Case, Doubles, Workers, furnish

LONGEST = 0.25  # seconds until a kill; an undisturbed delivery takes about as long
ROUNDS = 30  # of new processes until everything must be done
FAULTS = (drop_before, drop_after, broken_json, http_error)
METHODS = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")
POSTS, MAILS = 2, 2  # that every run owes


def furnished(folder: Path) -> Path:
    """A database in which everything is due."""
    path = folder / "furnished.db"
    database = Database(f"sqlite:///{path}")
    database.ensure()
    furnish(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


def disturb(case: Case, chance: random.Random) -> int:
    """Plan faults of both doubles; how many."""
    planned = 0
    for _ in range(chance.randrange(4)):
        if chance.random() < 0.7:
            case.doubles.slack.fail(chance.choice(METHODS), chance.choice(FAULTS)())
        elif chance.random() < 0.5:
            case.doubles.mail.drop_after_data()
        else:
            case.doubles.mail.refuse("ada@example.org", 451)
        planned += 1
    return planned


def kill_at_random(case: Case, chance: random.Random) -> int:
    """One or two processes at once, each killed after a random while; how many were in time."""
    processes = [case.run(wait=False) for _ in range(chance.choice((1, 1, 2)))]
    killed = 0
    for process in processes:
        time.sleep(chance.uniform(0, LONGEST))
        os.kill(process, signal.SIGKILL)  # until it is joined, its number is nobody else's
        killed += case.run(join=process) == -signal.SIGKILL
    return killed


def finish(case: Case) -> None:
    """New processes until nothing is left to do."""
    for _ in range(ROUNDS):
        case.turn(minutes=2)
        if case.run() == 0 and case.is_idle():
            return


def judged(case: Case) -> Counter[str]:
    """What the doubles' logs say of one run."""
    house = House(Database(case.url))
    found = Counter(
        lost=max(POSTS - len(case.posted), 0) + max(MAILS - len(case.mailed), 0),
        doubled=sum(times - 1 for times in case.posted.values())
        + max(len(case.posted) - POSTS, 0)
        + max(len(case.mailed) - MAILS, 0),  # told by Message-ID
        mails_repeated=sum(times - 1 for times in case.mailed.values()),
        uncorrected=int(not any(post.edited for post in case.doubles.slack.posts)),
        parked=house.deliveries.counts().get("parked", 0),
        ambiguous=house.deliveries.outcomes(MORNING - timedelta(days=1)).get("ambiguous", 0),
    )
    house.database.close()
    return found


def main() -> None:
    """Print the sums of all runs."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    arguments.add_argument("--runs", type=int, default=300)
    arguments.add_argument("--minutes", type=float, default=5)
    arguments.add_argument("--seed", type=int, default=1)
    wanted = arguments.parse_args()
    chance, total, runs = random.Random(wanted.seed), Counter[str](), 0
    end = time.monotonic() + 60 * wanted.minutes
    with tempfile.TemporaryDirectory() as name, Doubles() as doubles:
        folder, workers = Path(name), Workers()
        template = furnished(folder)
        while runs < wanted.runs and time.monotonic() < end:
            path = folder / "run.db"
            for old in folder.glob("run.db*"):
                old.unlink()
            shutil.copy(template, path)
            case = Case(f"sqlite:///{path}", doubles, workers, folder / "clock")
            total["faults"] += disturb(case, chance)
            for _ in range(chance.randrange(1, 4)):
                total["killed"] += kill_at_random(case, chance)
                case.turn(seconds=chance.choice((1, 2, 40)))
            finish(case)
            total += judged(case)
            runs += 1
        workers.close()
    print(f"runs {runs}")
    for what in (
        "killed", "faults", "lost", "doubled", "uncorrected", "ambiguous", "mails_repeated",
        "parked",
    ):  # fmt: skip
        print(f"{what} {total[what]}")


if __name__ == "__main__":
    main()
