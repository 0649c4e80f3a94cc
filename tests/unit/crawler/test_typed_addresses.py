"""Addresses as people type them, and how a site without a secure door is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import FetchError
from crawler.typed_addresses import at_address, at_address_waiting, is_address, pasted, with_scheme


@pytest.mark.parametrize(
    "typed",
    ["biosaxony.com/news", "www.biosaxony.com", "127.0.1.1:8600/n47.htm", "localhost:8000",
     "verband.de:8443/aktuell.html", "HTTPS://a.example/", "bücher.de/neues",
     "verband.de?page=news", "verband.de#news"],
)  # fmt: skip
def test_what_people_type_is_an_address(typed: str) -> None:
    assert is_address(typed)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" www.old.de/news\n", "www.old.de/news"), ("<https://old.de/>", "https://old.de/"),
        ('"https://old.de/a"', "https://old.de/a"), ("„old.de“", "old.de"),
        ("feed://old.de/rss", "old.de/rss"), ("feed:https://old.de/rss", "https://old.de/rss"),
        ("https://old.de/a_(b)", "https://old.de/a_(b)"),
    ],
)  # fmt: skip
def test_what_was_copied_along_is_no_part_of_an_address(typed: str, address: str) -> None:
    assert pasted(typed) == address
    assert is_address(typed)
    whole = address if "://" in address else f"https://{address}"
    assert at_address(typed, Site()) == with_scheme(typed) == whole


def test_a_bare_address_is_given_a_scheme_and_an_id_is_none() -> None:
    assert with_scheme("www.old.de/news/7") == "https://www.old.de/news/7"
    for other in ("http://old.de", "5ab0c2d19e7f", "feed.xml"):
        assert with_scheme(other) == other


@pytest.mark.parametrize(
    "typed",
    ["index.html", "saved/index.html", "./biosaxony.com/news", "a b.de", "feed.xml", "x",
     "feed.xml?a=/"],
)  # fmt: skip
def test_files_that_are_not_there_stay_files(typed: str) -> None:
    assert not is_address(typed)


@pytest.mark.parametrize("start", ["https://old.de/", "old.de/"])
def test_an_address_longer_than_any_file_name_is_one(start: str) -> None:
    assert is_address(start + "a" * 5_000)


def test_a_file_that_exists_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "biosaxony.com").write_text("<html>")
    assert not is_address("biosaxony.com")


class Site:
    """Answers by the scheme of the address; what is missing fails with that kind."""

    def __init__(self, **fails: str) -> None:
        self.fails = fails
        self.asked: list[str] = []

    def __call__(self, url: str) -> str:
        self.asked.append(url)
        kind = self.fails.get(url.partition(":")[0])
        if kind:
            raise FetchError("The server accepts no connection.", url=url, kind=kind)
        return url


@pytest.mark.parametrize("kind", ["connect", "tls", "timeout"])
def test_a_site_without_a_secure_door_is_asked_the_old_way_and_that_is_said(
    kind: str,
) -> None:
    site, said = Site(https=kind), list[str]()
    assert at_address("old.de/news", site, said.append) == "http://old.de/news"
    assert site.asked == ["https://old.de/news", "http://old.de/news"]
    assert [line.endswith("http://old.de/news is taken instead.") for line in said] == [True]


def test_a_secure_site_is_asked_once() -> None:
    site = Site()
    assert at_address("new.de", site) == "https://new.de"
    assert site.asked == ["https://new.de"]


async def test_a_scheme_within_an_address_is_not_its_own() -> None:
    typed = "www.old.de/share?u=https://other.example/x"
    assert at_address(typed, Site()) == f"https://{typed}"
    site = Site(https="tls")

    async def ask(url: str) -> str:
        return site(url)

    assert await at_address_waiting(typed, ask) == f"http://{typed}"


@pytest.mark.parametrize("typed", ["https://old.de", "http://old.de"])
def test_a_given_scheme_is_kept(typed: str) -> None:
    with pytest.raises(FetchError):
        at_address(typed, site := Site(https="tls", http="connect"))
    assert site.asked == [typed]


@pytest.mark.parametrize("kind", ["connect", "body"])
def test_where_both_ways_fail_both_are_named(kind: str) -> None:
    with pytest.raises(FetchError) as caught:
        at_address("old.de", Site(https="connect", http=kind))
    assert "neither by https nor by http" in caught.value.message


def test_what_a_site_answers_is_no_reason_to_ask_again() -> None:
    site = Site(https="http")
    with pytest.raises(FetchError):
        at_address("new.de", site)
    assert site.asked == ["https://new.de"]


@pytest.mark.parametrize(
    ("typed", "fails", "asked"),
    [
        ("old.de", {"https": "tls"}, ["https://old.de", "http://old.de"]),
        ("new.de", {}, ["https://new.de"]),
        ("new.de", {"https": "http"}, ["https://new.de"]),
        ("http://old.de", {"http": "connect"}, ["http://old.de"]),
        ("", {}, [""]),
    ],
)
async def test_doors_that_wait_ask_in_the_same_order(
    typed: str, fails: dict[str, str], asked: list[str]
) -> None:
    site = Site(**fails)

    async def ask(url: str) -> str:
        return site(url)

    if set(fails) == {asked[-1].partition(":")[0]}:
        with pytest.raises(FetchError):
            await at_address_waiting(typed, ask)
    else:
        assert await at_address_waiting(typed, ask) == asked[-1]
    assert site.asked == asked
