"""What holds for every page: headers, languages, errors, and whose word counts."""

from __future__ import annotations

import re

import pytest

from alerts.web.app import _routes
from tests.integration.web.conftest import MakeWeb, Web, log_in
from tests.integration.web.test_scanner import addresses


def test_every_answer_carries_the_protecting_headers(web: Web) -> None:
    for path in ("/healthz", "/nothing", "/brand.css", "/static/site.css"):
        headers = web.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "max-age" in headers["strict-transport-security"]


NOTICES = """
imprint_url = "https://a.example/imprint"
privacy_url = "https://a.example/privacy"
"""


def test_every_page_links_imprint_and_privacy_notice_and_nothing_foreign(make_web: MakeWeb) -> None:
    web = make_web(web=NOTICES)
    log_in(web)
    pages = sorted({path for path, methods in addresses(_routes()) if "GET" in methods})
    found = 0
    for path in (*pages, "/nothing", "/admin/sources/alpha"):
        answer = web.client.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        found += 1
        foreign = set(re.findall(r'(?:href|src|action)="(https?://[^"]+)"', answer.text))
        ours = {one for one in foreign if one.startswith("https://news.example.org")}
        watched = {"https://alpha.example/news", "https://beta.example/aktuelles"}
        assert foreign - ours - watched == {
            "https://a.example/imprint", "https://a.example/privacy"}, path  # fmt: skip
        assert not re.search(r'src="(?!/)', answer.text), path  # no pictures, no counters
    assert found > 25


def test_pages_have_no_inline_script_or_style(web: Web) -> None:
    html = web.client.get("/nothing").text
    assert "<style" not in html
    assert " style=" not in html
    assert "<script>" not in html
    assert " on" not in html.replace(" on our", "").partition("<body>")[0]


@pytest.mark.parametrize(
    ("accept", "said"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "Unter dieser Adresse gibt es nichts"),
        ("da", "Der er intet på denne adresse"),
        ("fr;q=1,en;q=0.1", "There is nothing at this address"),
        ("de;q=x, en", "There is nothing at this address"),
    ],
)
def test_pages_speak_what_the_browser_prefers(web: Web, accept: str, said: str) -> None:
    answer = web.client.get("/nothing", headers={"Accept-Language": accept})
    assert answer.status_code == 404
    assert said in answer.text


def test_a_language_can_be_asked_for(web: Web) -> None:
    answer = web.client.get("/nothing?lang=de", headers={"Accept-Language": "en"})
    assert '<html lang="de">' in answer.text


def test_another_language_keeps_what_the_view_was_filtered_by(web: Web) -> None:
    html = web.client.get("/nothing?topic=ai&q=a%22b&lang=en").text
    assert 'href="?topic=ai&amp;q=a%22b&amp;lang=de"' in html


def test_the_host_header_writes_no_links(web: Web) -> None:
    answer = web.client.get("/nothing", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text


def test_pages_below_a_path_link_below_it(make_web: MakeWeb) -> None:
    web = make_web(public_url="https://campus.example/news")
    answer = web.client.get("/news/nothing")
    assert 'href="/news/static/site.css"' in answer.text
    assert web.client.get("/news/static/site.css").status_code == 200
    assert web.client.get("/news/healthz").json() == {"status": "ok"}


def test_the_accent_colour_and_name_are_the_installations(make_web: MakeWeb) -> None:
    web = make_web(web='accent = "#ffd400"\nname = "Campus <News>"')
    assert "--accent: #ffd400; --on-accent: #000000" in web.client.get("/brand.css").text
    assert "Campus &lt;News&gt;" in web.client.get("/nothing").text
    assert web.client.get("/logo").status_code == 404


def test_it_is_alive_and_ready(web: Web) -> None:
    assert web.client.get("/healthz").json() == {"status": "ok"}
    assert web.client.get("/readyz").json() == {"status": "ok"}


def test_a_body_without_end_is_refused(web: Web) -> None:
    answer = web.client.post("/nothing", content=b"x" * 300_000)
    assert answer.status_code in (404, 413)
