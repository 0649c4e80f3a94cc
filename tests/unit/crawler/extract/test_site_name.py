"""How a source is called that nobody named."""

from __future__ import annotations

import pytest

from crawler.extract.detect import detect
from crawler.extract.detection import Detection
from crawler.extract.site_name import declared_name, source_name

URL = "https://www.valley.example/news"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Home – Saxony Materials Cluster", "Saxony Materials Cluster"),
        ("Meldungen – Logistikverbund", "Logistikverbund"),
        ("Cluster Valley | Aktuelles und Presse", "Cluster Valley"),
        ("Actualités : Pôle Vallée", "Pôle Vallée"),
        ("Nyheder · Dansk Klynge · Forside", "Dansk Klynge"),
        ("Gründerblog", "Gründerblog"),
        ("Bio-Tech: the valley", "Bio-Tech: the valley"),
        ("Neuigkeiten", "valley.example"),
        ("News & Events", "valley.example"),
        ("", "valley.example"),
    ],
)
def test_words_for_any_news_page_name_no_site(title: str, name: str) -> None:
    assert source_name(Detection("listing", title=title), URL) == name


def test_what_the_site_declares_comes_first_unless_it_says_nothing() -> None:
    head = '<meta content="Valley &amp; Co" property="og:site_name"><title>Home – V</title>'
    page = detect(f"<html><head>{head}</head></html>".encode(), URL)
    assert source_name(page, URL) == "Valley & Co"
    assert source_name(Detection("listing", title="Home – V", site="Home"), URL) == "V"
    assert declared_name('<meta property="og:title" content="Valley">') == ""


def test_a_feed_is_called_by_its_own_title() -> None:
    found = Detection("feed", title="Valley: Funding", site="Valley")
    assert source_name(found, URL) == "Valley: Funding"


@pytest.mark.parametrize(
    ("site", "page_title", "name"),
    [
        ("", "Actualités | Pôle Vallée", "Pôle Vallée"),
        ("Pôle de la Vallée", "Actualités | Pôle Vallée", "Pôle de la Vallée"),
        ("", "Actualités", "valley.example"),
    ],
)
def test_a_feed_of_a_section_is_called_as_its_page_says(
    site: str, page_title: str, name: str
) -> None:
    found = Detection("feed", title="Actualités", site=site, page_title=page_title)
    assert source_name(found, URL) == name
