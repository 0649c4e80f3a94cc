"""A crawl that reaches no site names our own network, not an address for each of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.__main__ import application
from crawler.cli.app import run

SOURCE = '[[sources]]\nid = "{name}"\nname = "{name}"\nurl = "http://127.0.0.1:{port}/news"\n'


@pytest.fixture
def closed_ports() -> Iterator[list[int]]:
    """Two ports that nobody else can take and nobody listens at."""
    with ExitStack() as held:
        taken = [held.enter_context(socket.socket()) for _ in range(2)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        yield [one.getsockname()[1] for one in taken]


def test_our_own_network_is_named_once_instead_of_every_source(
    closed_ports: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    crawl = '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndelay_per_host = "0s"\n'
    named = zip("ab", closed_ports, strict=True)
    sources = [SOURCE.format(name=name, port=port) for name, port in named]
    (tmp_path / "clusterwatch.toml").write_text("".join([crawl, *sources]), "utf-8")
    assert run(application(), ["crawl"]) == 1
    spoken = capsys.readouterr()
    told = " ".join(spoken.err.split())
    assert "No source could be reached: most likely it is our own network." in told
    assert "opens in a browser" not in told  # what to do where it is the site
    assert "Not read: a, b." in told
