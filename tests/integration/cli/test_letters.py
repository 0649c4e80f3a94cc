"""A letter to the owner of a site that turns away who looks at it for the first time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.__main__ import application
from crawler.cli.app import run

NEWS = "<h1>News</h1>" + "".join(
    f"<article><h3><a href='/n/{n}'>Report {n} of the network on its new hall</a></h3>"
    f"<time datetime='2026-11-0{n}'>{n}.11.2026</time></article>"
    for n in range(1, 6)
)


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        status = {"/closed": 403, "/gone": 404, "/robots.txt": 404}.get(path, 200)
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<html lang=en><body>{NEWS}</body></html>".encode())

    def log_message(self, *given: object) -> None:
        """Tests speak for themselves."""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.delenv("CLUSTERWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clusterwatch.toml").write_text(
        '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndelay_per_host = "0s"\n'
        'contact = "mailto:ops@club.example"\n',
        "utf-8",
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_that_was_just_tried_has_its_letter(
    site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(application(), list(arguments))
        return code, *capsys.readouterr()

    closed = f"{site}/closed?cat=3&page=1"
    for tried in (("detect", closed), ("sources", "add", closed)):
        code, _, said = command(*tried)
        assert code == 1
        assert f"a letter to its owner: clusterwatch detect '{closed}' --letter" in said
    code, letter, _ = command("detect", closed, "--letter", "--language", "de")
    assert code == 0
    for fact in (closed, "die Anfrage wird abgewiesen", "ops@club.example", "Allow: /closed"):
        assert fact in letter
    code, letter, said = command("detect", f"{site}/open?a=1&b=2", "--letter")
    assert (code, letter) == (2, "")
    assert "does not turn us away: it can be read" in said
    assert f"Look at it: clusterwatch detect '{site}/open?a=1&b=2'" in said
    code, letter, said = command("detect", f"{site}/gone", "--letter")
    assert (code, letter) == (1, "")
    assert "HTTP 404" in said
    assert command("detect", closed, "--letter", "--language", "fr")[0] == 2
