"""Addresses typed without a scheme, at every command that takes one: https first, then http."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crawler.__main__ import application
from crawler.cli.app import run


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *values: Any) -> None:
        """Nothing on stderr."""


def _page(word: str) -> str:
    return "<html lang=en><title>News</title><h1>News</h1>" + "".join(
        f'<article><h3><a href="/news/{n}-{word}">Report {n} of the network on its new {word}</a>'
        f'</h3><time datetime="2026-11-{20 - n:02d}">{20 - n}.11.2026</time></article>'
        for n in range(6)
    )


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The bare address of a site that has no secure door; the folder allows loopback."""
    site = tmp_path / "site"
    site.mkdir()
    for name in ("hall", "port"):
        (site / f"{name}.html").write_text(_page(name), "utf-8")
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    loopback = '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndelay_per_host = "0s"\n'
    (tmp_path / "clusterwatch.toml").write_text(loopback, "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_source_is_added_and_moved_by_a_bare_address(
    bare: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(*arguments: str) -> Any:
        capsys.readouterr()
        code = run(application(), [*arguments, "--json"])
        spoken = capsys.readouterr()
        assert code == 0, spoken.err
        assert f"http://{bare}" in spoken.err
        assert "is taken instead" in spoken.err
        return json.loads(spoken.out)

    assert len(command("detect", f"{bare}/hall.html")["items"]) == 6
    (added,) = command("sources", "add", f"{bare}/hall.html", "--id", "north")
    assert added["url"] == f"http://{bare}/hall.html"
    (moved,) = command("sources", "set", "north", "--url", f"{bare}/port.html")
    assert moved["url"] == f"http://{bare}/port.html"


def test_a_watched_address_is_reached_the_old_way_when_it_is_typed_bare(
    bare: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.txt").write_text(f"{bare}/hall.html", "utf-8")
    assert run(application(), ["sources", "import", "list.txt"]) == 0
    capsys.readouterr()
    assert run(application(), ["sources", "set", "127-0-0-1", "--url", f"{bare}/hall.html"]) == 0
    assert f"http://{bare}/hall.html is taken instead" in capsys.readouterr().err


def test_a_taken_id_is_never_written_into_the_file_and_a_removed_one_is_watched_again(
    bare: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "clusterwatch.toml"
    before = file.read_text("utf-8")
    hall, port = (f"http://{bare}/{name}.html" for name in ("hall", "port"))
    assert run(application(), ["sources", "add", hall, "--id", "north"]) == 0
    assert run(application(), ["sources", "add", port, "--id", "north", "--write"]) == 2
    assert file.read_text("utf-8") == before
    assert run(application(), ["sources", "remove", "north"]) == 0
    assert run(application(), ["sources", "add", hall, "--id", "north", "--write"]) == 0
    capsys.readouterr()
    assert run(application(), ["sources", "list", "--json"]) == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert (listed["status"], listed["declared_by"]) == ("active", "main")
