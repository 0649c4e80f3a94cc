"""Where addresses lead: told by their beginning alone only where nothing behind it can differ."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from crawler.fetch.gate import host_of, origin_of
from crawler.fetch.places import head_of

ODD = (
    "http://a.example",
    "http://a.example?x=/y",
    "http://a.example#/",
    "HTTP://a.example/",
    "http://A.example/",
    "http://a.example\\@b.example/",
    "http://user@a.example/",
    "http://a.exam\tple/",
    " http://a.example/",
    "http://[::1]/",
    "http://bücher.example/",
    "http:///a",
    "//a.example/",
    "ftp://a.example/",
    "",
)


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_read_whole(url: str) -> None:
    assert head_of(url) == ""


@pytest.mark.parametrize(
    "head", ["http://a.example", "https://127.0.0.1:8443", "http://a.b-c.d:80"]
)
def test_what_follows_a_plain_beginning_changes_nothing(head: str) -> None:
    for rest in ("/", "/x?y=http://b.example/", "//b.example/", "/\\@b.example/", "/\t#@b.example"):
        assert head_of(head + rest) == head
        parts = urlsplit(head + rest)
        assert host_of(head + rest) in (parts.netloc, parts.hostname)
        assert origin_of(head + rest).startswith(f"{parts.scheme}://{parts.hostname}:")


@pytest.mark.parametrize("url", ["http://a.example:99999/", "http://a.example:99999"])
def test_a_port_that_is_none_is_an_error(url: str) -> None:
    with pytest.raises(ValueError, match="ort"):
        host_of(url)
