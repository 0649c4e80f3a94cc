"""A fetched page, what its failure is called, and how long a server asks us to wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from scrapy import Request, exceptions
from scrapy.http import Response

from crawler.errors import FetchError, RefusedError
from crawler.fetch.page import (
    Page,
    check_status,
    fetch_error,
    max_age_seconds,
    page_of,
    retry_after_seconds,
)

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
WEEK = 7 * 86400.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sat, 21 Nov 2026 08:02:00 GMT", 120.0),
        ("Sat, 21 Nov 2026 09:02:00 +0100", 120.0),
        ("Sat, 21 Nov 2020 08:00:00 GMT", 0.0),  # long past
        ("Sat, 21 Nov 2099 08:00:00 GMT", WEEK),
        ("9" * 400, WEEK),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),  # a digit, but of no protocol
        ("Sat, 99 Nov 2026 08:02:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", None),
    ],
)
def test_retry_after(value: str, expected: float | None) -> None:
    found = retry_after_seconds(value, NOW)
    assert found == expected or (expected is None and found == 0.0 and "0001" in value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("max-age=600", 600),
        ('public, Max-Age="600"', 600),
        ("no-cache, max-age=600", 0),
        ("max-age=0, must-revalidate", 0),
        ("max-age=-1", 0),
        ("max-age=" + "9" * 300, 999_999_999),
        ("s-maxage=600", 0),
        ("", 0),
    ],
)
def test_max_age(value: str, expected: int) -> None:
    assert max_age_seconds(value) == expected


@pytest.mark.parametrize("status", [200, 203, 304])
def test_answers_that_can_be_read(status: int) -> None:
    check_status(Page("u", "u", status), NOW)


@pytest.mark.parametrize("status", [204, 206, 302, 401, 403, 404, 410, 429, 500, 503, 999])
def test_other_answers_are_errors_with_their_status(status: int) -> None:
    page = Page("u", "asked", status, headers={"retry-after": "60"})
    with pytest.raises(FetchError, match=str(status)) as caught:
        check_status(page, NOW)
    assert (caught.value.kind, caught.value.status) == ("http", status)
    assert (caught.value.url, caught.value.retry_after_seconds) == ("asked", 60.0)


def response(reasons: Sequence[object]) -> Response:
    request = Request("https://b.example/", meta={"redirect_reasons": list(reasons)})
    headers = {"ETag": '"x"', "Content-Type": "text/html; charset=utf-8"}
    return Response("https://b.example/", 200, headers=headers, body=b"hi", request=request)


def test_only_permanent_redirects_move_a_page() -> None:
    assert page_of(response([301, 308]), "https://a.example/").moved == "https://b.example/"
    for reasons in ([], [302], [301, 302], [301, "meta refresh"]):
        assert page_of(response(reasons), "https://a.example/").moved == ""


def test_validators_are_bounded_and_hash_the_body() -> None:
    page = Page("u", "u", 200, b"hi", {"etag": "e" * 5000, "last-modified": "m" * 5000})
    assert (len(page.validators.etag), len(page.validators.last_modified)) == (1000, 200)
    assert page.validators.body_hash != Page("u", "u", 200, b"ho").validators.body_hash
    assert page_of(response([]), "u").content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.DownloadTimeoutError("x"), "timeout"),
        (exceptions.CannotResolveHostError("x"), "dns"),
        (exceptions.DownloadConnectionRefusedError("x"), "connect"),
        (exceptions.ResponseDataLossError("x"), "body"),
        (exceptions.DownloadCancelledError("x"), "size"),
        (exceptions.IgnoreRequest("max redirections reached"), "redirect"),
        (exceptions.IgnoreRequest("Response size exceeded DOWNLOAD_MAXSIZE"), "size"),
        (RuntimeError("odd"), "other"),
    ],
)
def test_every_failure_has_a_kind(error: Exception, kind: str) -> None:
    found = fetch_error(error, "https://a.example/")
    assert (found.kind, found.url) == (kind, "https://a.example/")
    assert "\n" not in found.line()


def test_errors_of_ours_pass_as_they_are() -> None:
    error = RefusedError("no", kind="robots")
    assert fetch_error(error, "u") is error
