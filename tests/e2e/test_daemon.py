"""The daemon: it crawls, closes a window, delivers, reads its file again, and stops in time."""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from alerts.demo.sites import ReplaySites
from tests.e2e.shell import Shell, installation

FILE = """
[[subscriptions]]
id = "files"
to = "file:digests/"
topics = ["ai"]
schedule = "immediate"
since = "1d"
"""


class Log:
    """A daemon's stderr, read as it comes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._process = process
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait_for(self, text: str, seconds: float = 300) -> str:
        """The next line that contains ``text``; fails when the process ends before. The time is
        for a daemon that hangs: on a loaded machine a start alone has taken more than 90 s."""
        while True:
            line = self._queue.get(timeout=seconds)
            assert line is not None, "the daemon ended:\n" + "".join(self.lines)
            if text in line:
                return line

    def close(self) -> None:
        """After the process ended: nothing is left open."""
        self._thread.join(30)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.lines.append(line)
            self._queue.put(line)
        self._queue.put(None)


@contextmanager
def daemon(shell: Shell) -> Iterator[tuple[subprocess.Popen[str], Log]]:
    process = shell.start("run", "-v")
    log = Log(process)
    try:
        yield process, log
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        log.close()


def test_it_crawls_delivers_reloads_and_stops(shell: Shell, sites: ReplaySites) -> None:
    shell.write(installation(sites, "ag-schie", extra=FILE))
    with daemon(shell) as (process, log):
        log.wait_for("daemon.started")
        log.wait_for("source.polled source=ag-schie status=ok")
        second = shell.run("run")
        assert second.code == 1
        assert len(second.err.strip().splitlines()) == 1
        assert "Another clusterwatch run" in second.err
        log.wait_for("delivery.sent")
        digests = list((shell.folder / "digests").glob("*.html"))
        assert len(digests) == 1
        assert "ICT meets Healthcare" in digests[0].read_text("utf-8")
        # A manual crawl beside the daemon does nothing twice.
        beside = shell.run("crawl", "--json")
        assert beside.code == 0, beside.err
        assert beside.json()["new_items"] == []
        shell.write(installation(sites, "ag-schie", "group-gac", extra=FILE))
        process.send_signal(signal.SIGHUP)
        log.wait_for("configuration.read")
        log.wait_for("source.polled source=group-gac")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    listed = shell.run("sources", "list", "--json").json()
    assert {one["id"] for one in listed} == {"ag-schie", "group-gac"}


def test_a_wrong_file_is_refused_while_running_and_the_old_one_stays(
    shell: Shell, sites: ReplaySites
) -> None:
    shell.write(installation(sites, "ag-schie"))
    with daemon(shell) as (process, log):
        log.wait_for("daemon.started")
        (shell.folder / "clusterwatch.toml").write_text("[crwl]\n", "utf-8")
        process.send_signal(signal.SIGHUP)
        assert "crwl" in log.wait_for("configuration.refused")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
