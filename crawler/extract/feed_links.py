"""Feeds a page advertises or, by the system it runs on, is likely to have. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawler.extract.listing_document import Document, absolute
from crawler.extract.listing_links import address_key
from crawler.extract.listing_words import name_words, weigh, words

_FEED_TYPES = ("rss", "atom", "rdf", "feed+json")
_GENERIC_TYPES = ("application/xml", "text/xml", "application/json")
_FEED_ADDRESS = re.compile(
    r"(/feed/?$|/feeds?/|/rss|[?&/._-]rss\b|\.rss\b|\.rdf$|/atom|atom\.xml|/feed\.(xml|json)|"
    r"[?&](feed|type)=(rss2?|atom|rdf|feed|100|9818)\b|format=(feed|rss|atom)|index\.xml$|"
    r"rss\.xml|feedburner\.com/|feed\.aspx)",
    re.I,
)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|reactie|kommentti|komentar", re.I)
_EVENTS = re.compile(r"event|veranstaltung|termin|kalender|calendar|agenda|ical|jobs|stellen", re.I)
_NO_FEED = re.compile(r"oembed|wp-json|xmlrpc|opensearch|rsd$|wlwmanifest|podcast|\.ics\b", re.I)
_LINK_HEADER = re.compile(r"<([^<>\s]{1,2000})>\s{0,4}((?:;[^,<]{0,500}){0,8})")
MAX_FEEDS = 20
_MAX_OF_SYSTEM, _MAX_BLIND = 7, 3  # a miss is one request for nothing


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An advertised feed, not fetched yet. ``score`` orders the candidates of one page."""

    url: str
    title: str = ""
    found_in: str = ""  # "link tag", "link header", "link in the body", "well-known path"
    score: float = 0.0
    why: str = ""


def advertised_feeds(document: Document, headers: Mapping[str, str]) -> tuple[FeedLink, ...]:
    """Feeds the page names itself, the one about this page's section first."""
    found: dict[str, FeedLink] = {}
    for feed in (*_header_feeds(document, headers), *_tag_feeds(document), *_body_feeds(document)):
        held = found.get(address_key(feed.url))
        if held is None or feed.score > held.score:
            found[address_key(feed.url)] = feed
    return tuple(sorted(found.values(), key=lambda feed: -feed.score)[:MAX_FEEDS])


def _tag_feeds(document: Document) -> Iterable[FeedLink]:
    for node in document.nodes:
        if node.tag != "link":
            continue
        rel = node.attrs.get("rel", "").lower().split()
        url = document.resolve(_http(node.attrs.get("href", "")))
        if not url or not {"alternate", "feed"} & set(rel) or _NO_FEED.search(url):
            continue
        kind = node.attrs.get("type", "").lower()
        points = _type_points(kind, url) + (1.0 if "feed" in rel else 0.0)
        if points > 0:
            yield _feed_link(document, url, node.attrs.get("title", ""), "link tag", 2.0 + points)


def _http(address: str) -> str:
    return (
        re.sub(r"^feed:(//)?(https?:)?(//)?", lambda m: m[2] or "http:", address)
        if (address.startswith("feed:"))
        else address
    )


def _type_points(kind: str, url: str) -> float:
    """How sure a link tag's type makes us; wrong types count where the address speaks."""
    if any(name in kind for name in _FEED_TYPES):
        return 1.0
    speaks = bool(_FEED_ADDRESS.search(url))
    if kind.startswith(_GENERIC_TYPES):
        return 0.5 if speaks or "json" not in kind else 0.0
    return 0.3 if speaks and not kind.startswith(("text/css", "application/pdf")) else 0.0


def _header_feeds(document: Document, headers: Mapping[str, str]) -> Iterable[FeedLink]:
    for name, value in headers.items():
        if name.lower() != "link":
            continue
        for match in _LINK_HEADER.finditer(value[:10_000]):
            parameters = match[2].lower()
            url = absolute(document.url, match[1])
            if url and "alternate" in parameters and any(t in parameters for t in _FEED_TYPES):
                yield _feed_link(document, url, "", "link header", 3.0)


def _body_feeds(document: Document) -> Iterable[FeedLink]:
    for node in document.nodes:
        if node.tag != "a" or not node.attrs.get("href"):
            continue
        url = document.resolve(_http(node.attrs["href"]))
        if not url or _NO_FEED.search(url):
            continue
        text = document.text(node.index) or node.attrs.get("title", "")
        kind = node.attrs.get("type", "").lower()
        named = bool(re.search(r"\b(rss|atom|feed|newsfeed)\b", text, re.I)) and len(text) < 60
        typed = any(name in kind for name in _FEED_TYPES)
        if typed or _FEED_ADDRESS.search(url) or (named and url.endswith(".xml")):
            yield _feed_link(document, url, text, "link in the body", 1.0 + 0.5 * (named or typed))


def _feed_link(document: Document, url: str, title: str, found_in: str, score: float) -> FeedLink:
    reasons = [found_in]
    label = f"{title} {unquote(urlsplit(url).path)}"
    if _COMMENTS.search(label):
        score -= 4.0
        reasons.append("of comments")
    elif _EVENTS.search(label) and not _EVENTS.search(urlsplit(document.url).path):
        score -= 2.5
        reasons.append("of events or jobs")
    score += 0.5 * max(-1, min(1, weigh(frozenset(words(label)))))
    score += _section_points(document, url, label)
    if (urlsplit(url).hostname or "") != (urlsplit(document.url).hostname or ""):
        score -= 0.3
    return FeedLink(
        url, " ".join(title.split())[:120], found_in, round(score, 2), ", ".join(reasons)
    )


def _section_points(document: Document, url: str, label: str) -> float:
    """A feed below the page's own folder, or sharing its words, is about this section."""
    page, feed = urlsplit(document.url).path.rstrip("/"), urlsplit(url).path
    if len(page) > 1 and feed.startswith(page + "/"):
        return 1.5
    own = name_words(page.replace("-", " "))
    common = own & name_words(label.replace("-", " "))
    if own and common:
        return 0.8
    depth = len([part for part in feed.split("/") if part and not _FEED_ADDRESS.search("/" + part)])
    return -0.4 * min(depth, 3)  # another section's own feed


_SYSTEMS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("WordPress", re.compile(r"wp-content|wp-includes|wp-json|wordpress", re.I),
     ("{page}feed/", "{root}feed/", "{root}?feed=rss2")),
    ("TYPO3", re.compile(r"typo3|tx_news|/fileadmin/", re.I),
     ("{own}type=9818", "{page}feed.xml", "{page}rss.xml", "{root}rss.xml", "{own}type=100",
      "{root}?type=9818", "{root}?type=100")),
    ("Drupal", re.compile(r"drupal|/sites/default/files|views-row", re.I),
     ("{root}rss.xml", "{page}feed", "{page}rss.xml", "{page}rss")),
    ("Joomla", re.compile(r"joomla|/media/jui|com_content", re.I),
     ("{own}format=feed&type=rss", "{own}format=feed&type=atom", "{root}?format=feed&type=rss")),
    ("Contao", re.compile(r"contao|mod_newslist|/tl_files/", re.I),
     ("{root}share/news.xml", "{root}share/{slug}.xml", "{root}share/aktuelles.xml",
      "{root}share/rss.xml", "{root}{slug}.xml", "{root}share/feed.xml", "{page}feed.xml")),
    ("Squarespace", re.compile(r"squarespace", re.I),
     ("{own}format=rss", "{root}blog?format=rss")),
    ("Blogger", re.compile(r"blogger\.com|blogspot\.", re.I),
     ("{root}feeds/posts/default", "{root}feeds/posts/default?alt=rss")),
    ("Ghost", re.compile(r"ghost\.(org|io)|content=\"ghost|gh-head|/ghost/", re.I),
     ("{page}rss/", "{root}rss/")),
    ("Wix", re.compile(r"wixstatic|wix\.com", re.I), ("{root}blog-feed.xml", "{root}feed.xml")),
    ("Webflow", re.compile(r"webflow", re.I), ("{page}rss.xml", "{root}blog/rss.xml")),
    ("HubSpot", re.compile(r"hubspot|hs-scripts", re.I), ("{page}rss.xml",)),
    ("Plone", re.compile(r"plone", re.I), ("{page}RSS", "{page}rss.xml", "{page}atom.xml")),
    ("Hugo or Jekyll", re.compile(r"content=\"(hugo|jekyll|pelican|hexo)", re.I),
     ("{page}index.xml", "{root}index.xml", "{root}feed.xml", "{root}atom.xml")),
    ("Shopify", re.compile(r"cdn\.shopify", re.I), ("{page}.atom",)),
    ("Medium", re.compile(r"medium\.com", re.I), ("{root}feed",)),
    ("Umbraco or Sitecore", re.compile(r"umbraco|sitecore|episerver", re.I), ("{page}rss",)),
)  # fmt: skip
_ANYWHERE = ("{page}feed", "{page}rss", "{root}feed", "{root}rss.xml")


def well_known_feed_paths(html: str, url: str, *, blind: bool = True) -> tuple[str, ...]:
    """Addresses worth a try beside the feeds a page advertises, likeliest first: the usual ones of
    the system it shows signs of, at most 7; without such signs, and only if ``blind``, those that
    many sites have, at most 3."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = re.sub(r"[^/]*\.\w{2,5}$", "", parts.path).strip("/")
    page = f"{root}{folder}/" if folder else root
    # What is asked of the page itself: its own address stays as it is, with a slash or without.
    own = f"{root}{parts.path.lstrip('/')}?{parts.query + '&' if parts.query else ''}"
    # Contao's editors name a feed themselves: mostly as they named its page.
    slug = re.sub(r"\.\w{2,5}$", "", parts.path.rstrip("/")).rpartition("/")[2] or "news"
    head = html[:400_000]
    patterns = [path for _, sign, paths in _SYSTEMS if sign.search(head) for path in paths]
    most = _MAX_OF_SYSTEM if patterns else _MAX_BLIND
    found = [
        path.format(page=page, root=root, own=own, slug=slug)
        for path in patterns or (_ANYWHERE if blind else ())
    ]
    return tuple(dict.fromkeys(found))[:most]
