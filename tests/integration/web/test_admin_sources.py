"""Sources from the administration: seen before they are stored, refused as by the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import update

from crawler.errors import SourceError
from crawler.model.source import Source
from crawler.storage.tables import sources
from tests.integration.web.conftest import NOW, MakeWeb, Web
from tests.integration.web.test_admin import log_in
from tests.integration.web.test_subscribing import post

LOOPBACK = '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndelay_per_host = "0s"\n'
ADD = "/admin/add-source"
EVIL = "<img src=x onerror=alert(1)>"


class Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/closed":
            self.send_error(403)
        else:
            super().do_GET()

    def log_message(self, format: str, *values: Any) -> None:
        """Nothing on stderr."""


def _page() -> str:
    news = "".join(
        f'<article class="n"><h3><a href="/news/{n}-report-on-the-laboratory">Report {n} of the '
        f'network on its new laboratory</a></h3><time datetime="2026-11-{20 - n:02d}">'
        f"{20 - n}.11.2026</time><p>A short text that says what report {n} is about.</p></article>"
        for n in range(10)
    )
    events = "".join(
        f'<li class="e"><a href="/events/{n}-meeting">Meeting {n}: partners talk about plans</a> '
        f'<time datetime="2026-12-{1 + n:02d}">{1 + n}.12.2026</time></li>'
        for n in range(8)
    )
    return (
        "<!doctype html><html lang=en><title>Network North: news</title><h1>All news</h1>"
        f"<section><h2>News</h2>{news}</section>"
        f"<section><h2>Events</h2><ul>{events}</ul></section></html>"
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(_page(), "utf-8")
    (folder / "moved.html").write_text(_page(), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def admin(make_web: MakeWeb) -> Web:
    web = make_web(web=f'archive = "public"\n\n{LOOPBACK}')
    log_in(web)
    return web


@pytest.fixture
def closed(web: Web) -> Web:
    """Without leave to fetch from private networks."""
    log_in(web)
    return web


def change(web: Web, path: str, do: str, **values: str) -> Response:
    return post(web, path, page=path, do=do, **values)


def ids(web: Web) -> list[str]:
    return [row.source.id for row in web.parts.crawler.sources.all()]


def test_a_page_is_shown_as_it_would_be_watched_before_it_is_stored(admin: Web, site: str) -> None:
    seen = change(admin, ADD, "look", url=site)
    assert "Report 0 of the network on its new laboratory" in seen.text
    assert 'name="pick" value="2"' in seen.text
    assert ids(admin) == ["alpha", "beta"]
    picked = change(admin, ADD, "look", url=site, pick="2")
    assert "Meeting 0: partners talk about plans</a></h3>" in picked.text
    unseen = change(admin, ADD, "add", url=site, seen="https://elsewhere.example/")
    assert "This would be found" in unseen.text
    assert ids(admin) == ["alpha", "beta"]
    added = change(admin, ADD, "add", url=site, seen=site, tags="rivals, north", name=EVIL)
    assert added.url.path.startswith("/admin/sources/")
    assert "Added." in added.text
    assert EVIL not in added.text
    (new,) = set(ids(admin)) - {"alpha", "beta"}
    row = admin.parts.crawler.sources.get(new)
    assert row.state.watch_kind == "listing"
    assert row.source.tags == ("rivals", "north")
    again = change(admin, ADD, "look", url=site)
    assert again.status_code == 422
    assert "watches" in again.text


def test_a_bare_address_of_a_site_without_a_secure_door_is_reached(admin: Web, site: str) -> None:
    seen = change(admin, ADD, "look", url=site.removeprefix("http://"))
    assert "Report 0 of the network on its new laboratory" in seen.text
    assert f'name="seen" value="{site}"' in seen.text
    added = change(admin, ADD, "add", url=site, seen=site)
    assert "Added." in added.text
    (new,) = set(ids(admin)) - {"alpha", "beta"}
    assert admin.parts.crawler.sources.get(new).source.url == site


def test_a_site_that_turns_us_away_has_a_letter_ready(admin: Web, site: str) -> None:
    form = f"{ADD}?lang=de"
    refused = post(admin, form, page="/admin", do="look", url=f"{site}closed")
    assert refused.status_code == 422
    assert '<pre class="letter" tabindex="0">' in refused.text
    assert "die Anfrage wird abgewiesen" in refused.text
    missing = post(admin, form, page="/admin", do="look", url=f"{site}nothing")
    assert "letter" not in missing.text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:8080/news", "127.0.0.1 is not of the public internet"),
        ("http://169.254.169.254/latest/meta-data", "is not of the public internet"),
        ("http://0x7f000001/", "127.0.0.1 is not of the public internet"),
        ("file:///etc/passwd", "url:"),
        ("javascript://x/%0aalert(1)", "url:"),
        ("https://alpha.example/news", "watches https://alpha.example/news already"),
        ("", "Please enter the address of a news page or feed."),
    ],
)
def test_addresses_are_refused_in_one_line(closed: Web, url: str, said: str) -> None:
    answer = change(closed, ADD, "look", url=url)
    assert answer.status_code == 422
    assert said in answer.text, answer.text[answer.text.find("note bad") :][:300]
    assert 'role="alert"' in answer.text
    assert ids(closed) == ["alpha", "beta"]


def test_a_watched_address_is_linked_to_its_source_instead_of_a_command(closed: Web) -> None:
    url = "https://alpha.example/news"
    answer = post(closed, f"{ADD}?lang=de", page="/admin", do="look", url=url)
    assert "Die Quelle „alpha“ beobachtet https://alpha.example/news schon." in answer.text
    assert '<a href="/admin/sources/alpha">Ansehen</a>' in answer.text
    assert "clusterwatch sources" not in answer.text


def test_another_address_is_looked_at_before_it_is_stored(admin: Web, site: str) -> None:
    kept = Source("kept", "Kept", site, tags=("north",))
    admin.parts.crawler.sources.add(kept, NOW)
    form = f"{ADD}?source=kept"
    assert f'value="{site}"' in admin.client.get(form).text
    moved, nothing = f"{site}moved.html", f"{site}nothing.html"
    gone = post(admin, ADD, page=form, do="add", url=nothing, seen=nothing, source="kept")
    assert gone.status_code == 422
    seen = post(admin, ADD, page=form, do="look", url=moved, source="kept")
    assert "Report 0 of the network on its new laboratory" in seen.text
    assert admin.parts.crawler.sources.get("kept").source.url == site
    saved = post(admin, ADD, page=form, do="add", url=moved, seen=moved, source="kept")
    assert "Saved." in saved.text
    row = admin.parts.crawler.sources.get("kept")
    assert (row.source.url, row.source.name, row.source.tags) == (moved, "Kept", ("north",))
    assert row.state.watch_kind == "listing"
    assert ids(admin) == ["alpha", "beta", "kept"]


def test_another_address_of_what_the_file_declares_or_nobody_knows_is_refused(closed: Web) -> None:
    form = f"{ADD}?source=alpha"
    answer = post(closed, ADD, page=form, do="add", url="https://c.example/", source="alpha")
    assert answer.status_code == 422
    assert closed.parts.crawler.sources.get("alpha").source.url == "https://alpha.example/news"
    assert closed.client.get(f"{ADD}?source=gamma").status_code == 404
    assert "Another address" not in closed.client.get("/admin/sources/alpha").text


def test_pausing_and_going_on(closed: Web) -> None:
    paused = change(closed, "/admin/sources/alpha", "pause")
    assert "Paused." in paused.text
    assert closed.parts.crawler.sources.get("alpha").state.status == "paused"
    change(closed, "/admin/sources/alpha", "resume")
    assert closed.parts.crawler.sources.get("alpha").state.status == "active"
    change(closed, "/admin/sources/alpha", "look")
    assert closed.parts.crawler.sources.get("alpha").state.next_due == NOW


def test_what_the_file_declares_is_not_removed_here_and_the_page_says_so(closed: Web) -> None:
    page = closed.client.get("/admin/sources/alpha").text
    assert "A configuration file declares this source" in page
    assert 'value="remove"' not in page
    answer = change(closed, "/admin/sources/alpha", "remove")
    assert answer.status_code == 422
    assert "declared in a configuration file" in answer.text
    assert ids(closed) == ["alpha", "beta"]


def test_what_was_added_is_removed_here(closed: Web) -> None:
    closed.parts.crawler.sources.add(Source("own", "Own", "https://own.example/"), NOW)
    answer = change(closed, "/admin/sources/own", "remove")
    assert answer.url.path == "/admin/sources"
    assert ids(closed) == ["alpha", "beta"]
    assert closed.client.get("/admin/sources/own").status_code == 404
    with pytest.raises(SourceError):
        closed.parts.crawler.sources.get("never")


def test_a_source_that_fails_otherwise_offers_no_letter(closed: Web) -> None:
    with closed.parts.crawler.database.write() as connection:
        values = {"failures": 1, "error_kind": "tls", "error": "expired", "failing_since": NOW}
        connection.execute(update(sources).where(sources.c.id == "alpha").values(**values))
    page = closed.client.get("/admin/sources/alpha")
    assert (page.status_code, "letter" in page.text) == (200, False)


def test_a_walled_source_offers_a_letter_and_its_errors_are_text(closed: Web) -> None:
    with closed.parts.crawler.database.write() as connection:
        values = {
            "failures": 4, "error_kind": "bot", "error": f"{EVIL}\u202e turned away",
            "failing_since": NOW - timedelta(days=1), "name": EVIL, "url": "javascript:alert(1)",
        }  # fmt: skip
        connection.execute(update(sources).where(sources.c.id == "alpha").values(**values))
    for path in ("/admin/sources/alpha", "/admin/sources", "/admin", "/status"):
        page = closed.client.get(path).text
        assert "&lt;img src=x" in page, path
        assert "<img src=x" not in page
        assert "\u202e" not in page
        assert 'href="javascript' not in page
    page = closed.client.get("/admin/sources/alpha").text
    assert '<pre class="letter"' in page
    assert "a letter to its owner" in page
    assert "clusterwatch sources show" not in page + closed.client.get("/status").text
    letter = closed.client.get("/admin/sources/alpha?letter=de").text
    assert "Sehr geehrte" in letter
    assert closed.client.get("/admin/sources/alpha?letter=xx").status_code == 404


def test_sources_are_found_by_name(closed: Web) -> None:
    page = closed.client.get("/admin/sources?q=netzwerk").text
    assert "Beta Netzwerk" in page
    assert "Cluster Alpha" not in page
    assert "No source has that" in closed.client.get("/admin/sources?q=zzz").text
