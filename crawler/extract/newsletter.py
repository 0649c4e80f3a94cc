"""A newsletter: each headline link of a mail is an item (pure).

Newsletters are laid out in tables, so their records are not siblings as on a page: what tells a
headline is the link itself (its text, a heading or bold type around it), or a "read more" link
below a headline that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from crawler.extract.listing_words import plain, vocabulary, words
from crawler.extract.markup import folded
from crawler.model.item import RawItem

MAX_ITEMS = 100
MAX_HTML = 5_000_000
_MOST_LINKS = 2000
_FEWEST_WORDS, _FEWEST_LETTERS = 3, 16
_LONGEST_TITLE = 300
_HEADLINE_NEAR = 60  # elements between a headline and its "more" link
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BOLD = ("strong", "b", *_HEADINGS)
_MORE = re.compile(
    r"^(read|find|learn|see|view|show|continue|weiter\w*|mehr\w*|zum|zur|hier|læs|se|"
    r"en savoir|lire|leggi|scopri|czytaj|więcej|lees|meer|läs|les|lue|číst|více|leer|ver|saiba|"
    r"더|자세히|続き|詳細|阅读|更多)\b.{0,40}$|^(more|mere|mer|plus|›|»|→|…)$",
    re.I,
)
_FURNITURE = vocabulary(
    "unsubscribe subscribe abmelden abbestellen austragen afmeld frameld désinscrire désabonner "
    "disiscriviti wypisz uitschrijven avsluta avregistrer odhlásit darse baja preferences "
    "einstellungen browser browseransicht webversion online onlineversion weitersagen forward "
    "weiterleiten datenschutz privacy impressum imprint legal disclaimer kontakt contact facebook "
    "linkedin twitter instagram youtube xing mastodon bluesky whatsapp teilen share"
)
_FURNITURE_PATHS = re.compile(
    r"(unsubscri|abmeld|optout|opt-out|profile|preferences|webversion|viewinbrowser|forward|"
    r"/(imprint|impressum|datenschutz|privacy|kontakt|contact)/?$)",
    re.I,
)
_SOCIAL = re.compile(
    r"(^|\.)(facebook|linkedin|twitter|x|instagram|youtube|xing|bsky|tiktok|pinterest|whatsapp)"
    r"\.(com|de|app)$|(^|\.)youtu\.be$|(^|\.)t\.me$"
)


@dataclass(frozen=True, slots=True)
class Newsletter:
    """One mail as a list of items; ``confirms`` marks a request to confirm a subscription."""

    title: str
    items: tuple[RawItem, ...]
    confirms: bool = False


_CONFIRM = re.compile(
    r"\b(confirm (your|the)|please confirm|bestätig\w*|bekræft\w*|confirme[rz]?\b|conferma\w*|"
    r"potwierd\w*|bevestig\w*|bekräft\w*|bekreft\w*|vahvista\w*|potvrd\w*|confirmar?\b|"
    r"double[- ]opt[- ]?in|opt-in|구독 확인|購読.{0,6}確認|确认订阅)",
    re.I,
)


def read_newsletter(raw: bytes) -> Newsletter:
    """The items of a mail; none for one that has no headline links."""
    message = message_from_bytes(raw, policy=policy.default)
    title = folded(_subject(message))
    html, text = _bodies(message)
    items = tuple(_from_html(html)) if html else ()
    if not items and text:
        items = tuple(_from_text(text))
    confirms = bool(_CONFIRM.search(title)) and len(items) <= 2
    return Newsletter(title, () if confirms else items[:MAX_ITEMS], confirms)


def _subject(message: EmailMessage) -> str:
    try:
        return str(message.get("Subject", ""))[:_LONGEST_TITLE]
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        return ""


def _bodies(message: EmailMessage) -> tuple[str, str]:
    """(HTML, plain text); "" for what there is not or what cannot be read."""
    found = []
    for kind in ("html", "plain"):
        try:
            part = message.get_body((kind,))
            content = part.get_content() if part is not None else ""
        except (ValueError, TypeError, LookupError, AttributeError, IndexError):
            content = ""
        found.append(content[:MAX_HTML] if isinstance(content, str) else "")
    return found[0], found[1]


def _from_html(html: str) -> Iterator[RawItem]:
    """Links in their order; of several to one address or under one title the best-named."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml")
    for tag in soup(["script", "style", "head", "title"]):
        tag.decompose()
    best: dict[str, tuple[int, RawItem]] = {}
    for link in soup.find_all("a", href=True, limit=_MOST_LINKS):
        url = str(link["href"]).strip()
        rank, title = _title_of(link)
        if not title or not _leads_to_news(url, title):
            continue
        if url not in best or rank > best[url][0]:
            best[url] = rank, RawItem(url=url, title=title, summary=_teaser_of(link, title))
    titles: set[str] = set()
    for _, item in best.values():
        if item.title.casefold() not in titles:
            titles.add(item.title.casefold())
            yield item


def _title_of(link: Any) -> tuple[int, str]:
    """(rank, title): the link's own words, a picture's, or the headline a "more" link follows."""
    said = folded(link.get_text(" "))
    if said and not _MORE.match(said):
        return (3, said[:_LONGEST_TITLE]) if _is_headline(said) else (0, "")
    if said:
        heading = _headline_before(link)
        return 2, folded(heading.get_text(" "))[:_LONGEST_TITLE] if heading is not None else ""
    picture = link.find("img", alt=True)
    named = folded(str(picture["alt"])) if picture else ""
    return (1, named[:_LONGEST_TITLE]) if _is_headline(named) else (0, "")


def _is_headline(said: str) -> bool:
    letters = sum(character.isalpha() for character in said)
    wide = sum(ord(character) > 0x2E80 for character in said)
    return (len(said.split()) >= _FEWEST_WORDS and letters >= _FEWEST_LETTERS) or wide >= 8


def _headline_before(link: Any) -> Any:
    """The last heading or bold line before a "more" link, unless it is a link of its own."""
    for steps, tag in enumerate(link.find_all_previous(True)):
        if steps > _HEADLINE_NEAR or tag.name == "a":
            return None
        if tag.name in _BOLD and _is_headline(folded(tag.get_text(" "))):
            return None if tag.find("a", href=True) else tag
    return None


def _leads_to_news(url: str, title: str) -> bool:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or len(url) > 2000:
        return False
    if _SOCIAL.search(host) or _FURNITURE_PATHS.search(parts.path):
        return False
    said = words(plain(title))
    return len(said) > 6 or not any(word in _FURNITURE for word in said)


def _teaser_of(link: Any, title: str) -> str:
    """The first words after a headline, up to the next link."""
    said: list[str] = []
    for node in link.next_elements:
        name = getattr(node, "name", None)
        if (name == "a" and node is not link) or name in _HEADINGS:
            break
        if name is None and link not in node.parents:
            text = folded(str(node))
            said += [text] if text and text != title else []
        if sum(map(len, said)) > 400:
            break
    return " ".join(said)[:500]


def _from_text(text: str) -> Iterator[RawItem]:
    """Plain mails: a line that is a headline, with an address on one of the next lines."""
    lines = [folded(line) for line in text[:200_000].splitlines()]
    headline, seen = "", set()
    for line in lines[:5000]:
        address = re.search(r"https?://[^\s<>\"]{4,1900}", line)
        if address is None:
            headline = line if _is_headline(line) else headline if not line else ""
            continue
        url = address[0].rstrip(".,;)")
        before = line[: address.start()].strip(" :-–<(")
        title = before if _is_headline(before) else headline
        headline = ""
        if title and url not in seen and _leads_to_news(url, title):
            seen.add(url)
            yield RawItem(url=url, title=title[:_LONGEST_TITLE])
