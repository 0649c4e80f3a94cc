"""Sitemaps, news sitemaps and indexes."""

from __future__ import annotations

from datetime import UTC

import pytest

from crawler.errors import ExtractError
from crawler.extract.sitemap import MAX_ENTRIES, read_sitemap

URL = "https://a.example/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def test_news_entries_give_title_and_publication_lastmod_only_a_change() -> None:
    body = f"""<?xml version="1.0" encoding="UTF-8"?><urlset {NS} {NEWS}>
    <url><loc> https://a.example/old </loc><lastmod>2026-03-02</lastmod></url>
    <url><loc>/new</loc><news:news><news:publication><news:name>A</news:name>
      <news:language>de</news:language></news:publication>
      <news:publication_date>2026-11-02T08:00:00+01:00</news:publication_date>
      <news:title>Neu &amp; gut</news:title></news:news></url></urlset>""".encode()
    found = read_sitemap(body, URL, zone=UTC)
    assert [item.url for item in found.items] == ["https://a.example/new", "https://a.example/old"]
    new, old = found.items
    assert new.title == "Neu & gut"
    assert new.published is not None
    assert new.published.isoformat() == "2026-11-02T08:00:00+01:00"
    assert new.language == "de"
    assert old.published is None
    assert old.modified is not None
    assert found.is_news


def test_an_index_names_its_sitemaps_news_first() -> None:
    names = ("page-sitemap.xml", "post_tag-sitemap.xml", "post-sitemap.xml", "author-sitemap.xml")
    body = f"<sitemapindex {NS}>" + "".join(
        f"<sitemap><loc>https://a.example/{name}</loc></sitemap>" for name in names
    )
    found = read_sitemap((body + "</sitemapindex>").encode(), URL)
    assert found.items == ()
    assert found.nested[0] == "https://a.example/post-sitemap.xml"
    assert len(found.nested) == 4


def test_a_plain_list_of_addresses_is_read() -> None:
    body = b"https://a.example/1\nhttps://a.example/2\n"
    assert len(read_sitemap(body, URL).items) == 2


def test_entries_are_capped_and_odd_addresses_left_out() -> None:
    entries = "".join(
        f"<url><loc>https://a.example/{n}</loc></url>" for n in range(MAX_ENTRIES + 9)
    )
    body = f"<urlset {NS}><url><loc>javascript:1</loc></url><url/>{entries}</urlset>".encode()
    assert len(read_sitemap(body, URL).items) == MAX_ENTRIES


@pytest.mark.parametrize("body", [b"", b"hello you", b"<html><body/></html>", b"<urlset", b"<a/>"])
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(ExtractError):
        read_sitemap(body, URL)


def test_entities_are_not_expanded() -> None:
    body = f"""<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY f SYSTEM "file:///etc/passwd">]><urlset {NS}><url><loc>https://a.example/1</loc>
    <title>&f;&b;</title></url></urlset>""".encode()
    assert [item.title for item in read_sitemap(body, URL).items] == [""]
