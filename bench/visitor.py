"""A visitor of the web side in a process of its own, so that what it takes is none of ours.

As a command: asks for each address on a line of standard input, answers with the status on a line.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bench.measure import apart


@contextmanager
def visitor() -> Iterator[Callable[[str], None]]:
    """Asks for a page and waits for it, in a process of its own."""
    command = [sys.executable, "-m", "bench.visitor"]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        apart(process.pid)
        asked, told = process.stdin, process.stdout
        assert asked is not None
        assert told is not None

        def visit(url: str) -> None:
            asked.write(url + "\n")
            asked.flush()
            status = told.readline().strip()
            assert status == "200", f"{url}: {status}"

        yield visit


def status_of(url: str) -> int:
    """The status of one page, which is read to its end."""
    asked = urlsplit(url)
    client = http.client.HTTPConnection(asked.netloc, timeout=120)
    client.request("GET", f"{asked.path}?{asked.query}" if asked.query else asked.path)
    answer = client.getresponse()
    answer.read()
    client.close()
    return answer.status


if __name__ == "__main__":
    for line in sys.stdin:
        print(status_of(line.strip()), flush=True)
