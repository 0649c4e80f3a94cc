"""What a page in the browser may ask for, and which headers travel."""

from __future__ import annotations

import pytest

from crawler.fetch.browser_requests import EMPTY, FETCH, REFUSE, passed_back, passed_on, verdict

PAGE = "https://www.example.org/news"
API = "https://api.example.org/items"
ELSEWHERE = "https://cms.example.com/items"


@pytest.mark.parametrize(
    ("kind", "method", "url", "expected"),
    [
        ("document", "GET", PAGE, FETCH),
        ("document", "POST", PAGE, REFUSE),
        ("script", "GET", ELSEWHERE, FETCH),
        ("xhr", "GET", ELSEWHERE, FETCH),
        ("fetch", "POST", API, FETCH),
        ("fetch", "POST", ELSEWHERE, REFUSE),
        ("fetch", "DELETE", API, REFUSE),
        ("stylesheet", "GET", PAGE, EMPTY),
        *((kind, "GET", PAGE, REFUSE) for kind in
          ("image", "media", "font", "frame", "websocket", "eventsource", "manifest", "other")),
        ("ping", "POST", PAGE, REFUSE),
    ],
)  # fmt: skip
def test_only_what_fills_the_document_is_fetched(
    kind: str, method: str, url: str, expected: str
) -> None:
    assert verdict(kind, method, url, PAGE, {}) == expected


@pytest.mark.parametrize("name", ["purpose", "sec-purpose", "next-router-prefetch"])
def test_nothing_is_fetched_ahead(name: str) -> None:
    assert verdict("fetch", "GET", API, PAGE, {name: "prefetch"}) == REFUSE


def test_the_browser_does_not_say_who_we_are() -> None:
    headers = {"User-Agent": "x", "sec-ch-ua": "x", "cookie": "x", "x-api-key": "k", "accept": "*"}
    assert passed_on(headers) == {"x-api-key": "k", "accept": "*"}


def test_answers_set_no_cookies_and_lead_nowhere() -> None:
    headers = {"set-cookie": "a=1", "content-encoding": "br", "link": "</x>; rel=preload",
               "content-type": "text/plain", "x-total": "7"}  # fmt: skip
    assert passed_back(headers) == {"content-type": "text/plain", "x-total": "7"}
