"""What a page says about itself in its head: JSON-LD, meta elements, links.

These are claims: ``article_title`` and ``article_dates`` weigh them against what is visible.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crawler.extract.markup import folded, plain_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLE_TYPE = re.compile(
    r"(?:Article|Posting|Report|Review|PressRelease|Statement|Announcement|NewsItem|BlogPost)$"
)
_PAGE_TYPE = re.compile(r"(?:WebPage|ItemPage|AboutPage)$")
_EVENT_TYPE = re.compile(r"Event$|^Course$|^JobPosting$")
_MAX_NODES = 2_000
_MAX_DEPTH = 5
_MAX_SCRIPT = 2_000_000
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_COMMENT_MARKS = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|"
    r"(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*$"
)
_LOOSE_FIELD = re.compile(r'"(datePublished|dateModified|headline)"\s*:\s*"([^"\\]{4,300})"')
_NO_AUTHOR = re.compile(
    r"^(?:admin|administrator|redaktion|editor|webmaster|wordpress|root|user)$", re.I
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One JSON-LD node that may describe the page's article."""

    kind: str  # article page event
    headline: str = ""
    published: str = ""  # as written
    created: str = ""
    modified: str = ""
    starts: str = ""  # of an event
    body: str = ""  # articleBody, plain text
    url: str = ""
    author: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The claims of one page."""

    things: tuple[Thing, ...] = ()
    meta: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # name → contents, casefolded names
    title_element: str = ""
    canonical: str = ""  # absolute, unverified
    language: str = ""  # the html element's lang
    base_url: str = ""

    @property
    def article(self) -> Thing:
        """The article node that speaks for the page; an empty one where there is none, or
        several that cannot be told apart (a list of articles)."""
        articles = [thing for thing in self.things if thing.kind == "article"]
        if len(articles) <= 1:
            return articles[0] if articles else Thing("article")
        same = [each for each in articles if each.url and self._is_own(each.url)]
        if same:
            return same[0]
        titled = [each for each in articles if each.headline and self._is_titled(each.headline)]
        return titled[0] if titled else Thing("article")

    def first(self, *names: str) -> str:
        """The first non-empty content of the named meta elements, in the order given."""
        for name in names:
            for content in self.meta.get(name, ()):
                if content:
                    return content
        return ""

    def _is_own(self, url: str) -> bool:
        own = {_page_key(self.canonical), _page_key(self.base_url)} - {""}
        return _page_key(_absolute(url, self.base_url)) in own

    def _is_titled(self, headline: str) -> bool:
        known = f"{self.title_element} {self.first('og:title', 'twitter:title')}".casefold()
        return headline.casefold() in known


def read_metadata(root: HtmlElement, url: str) -> Metadata:
    """The claims in a parsed page fetched from ``url``."""
    base = root.find(".//base[@href]")
    base_url = _absolute(base.get("href"), url) if base is not None else ""
    base_url = base_url or url
    title = root.find(".//title")
    return Metadata(
        things=tuple(_things(root, base_url)),
        meta=_meta(root),
        title_element=folded(title.text_content()) if title is not None else "",
        canonical=_canonical(root, base_url),
        language=str(root.get("lang") or root.get("xml:lang") or "").strip(),
        base_url=base_url,
    )


def author_of(metadata: Metadata) -> str:
    """The author the head names, "" where it names none but the editing software's user."""
    name = metadata.article.author or metadata.first(
        "author",
        "article:author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "citation_author",
    )
    name = plain_text(name)[:200]
    if name.startswith(("http://", "https://")) or _NO_AUTHOR.match(name) or "@" in name:
        return ""
    return name


def image_of(metadata: Metadata) -> str:
    """The absolute address of the picture the head names."""
    written = metadata.first("og:image", "og:image:url", "twitter:image", "twitter:image:src")
    return _absolute(written or metadata.article.image, metadata.base_url)


def _meta(root: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        name = name or element.get("http-equiv") or ""
        # Some pages write the content into an attribute of its own making, "value".
        content = folded((element.get("content") or element.get("value") or "")[:5_000])
        if name and content and len(found) < 500:
            found.setdefault(name.strip().casefold(), []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}


def _canonical(root: HtmlElement, base_url: str) -> str:
    for link in root.iter("link"):
        is_canonical = "canonical" in (link.get("rel") or "").casefold().split()
        if is_canonical and (address := _absolute(link.get("href"), base_url)):
            return address
    for meta in root.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").casefold() == "og:url":
            return _absolute(meta.get("content") or meta.get("value"), base_url)
    return ""


def _things(root: HtmlElement, base_url: str) -> Iterator[Thing]:
    for script in root.iter("script"):
        kind = (script.get("type") or "").casefold()
        text = script.text or ""
        if "ld+json" not in kind or not 2 < len(text) < _MAX_SCRIPT:
            continue
        data = _loads(text)
        if data is None:
            loose = dict(_LOOSE_FIELD.findall(text[:200_000]))
            if loose and "Event" not in text:
                yield Thing(
                    "article",
                    headline=plain_text(loose.get("headline", "")),
                    published=loose.get("datePublished", ""),
                    modified=loose.get("dateModified", ""),
                )
            continue
        for node in _nodes(data):
            if kind := _kind(node):
                yield _thing(kind, node, base_url)


def _loads(text: str) -> Any:
    text = _COMMENT_MARKS.sub("", _COMMENT_MARKS.sub("", text)).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any) -> Iterator[Mapping[str, Any]]:
    """Every node that may describe the page, outermost first; values of other properties
    (a publisher, a list of other articles) are not walked."""
    queue: list[Any] = [data]
    for seen, value in enumerate(queue):
        if seen > _MAX_NODES:
            return
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            yield value
            queue.extend(value[key] for key in ("@graph", "mainEntity") if key in value)
            if isinstance(value.get("mainEntityOfPage"), dict):
                queue.append(value["mainEntityOfPage"])


def _kind(node: Mapping[str, Any]) -> str:
    written = node.get("@type")
    types = written if isinstance(written, list) else [written]
    names = [str(each).rsplit("/", 1)[-1] for each in types if each]
    if any(_EVENT_TYPE.search(name) for name in names):
        return "event"
    if any(_ARTICLE_TYPE.search(name) for name in names):
        return "article"
    return "page" if any(_PAGE_TYPE.search(name) for name in names) else ""


def _thing(kind: str, node: Mapping[str, Any], base_url: str) -> Thing:
    return Thing(
        kind=kind,
        headline=plain_text(_string(node.get("headline")) or _string(node.get("name"))),
        published=_string(node.get("datePublished")),
        created=_string(node.get("dateCreated")) or _string(node.get("uploadDate")),
        modified=_string(node.get("dateModified")),
        starts=_string(node.get("startDate")),
        body=_string(node.get("articleBody")),
        url=_string(node.get("url")) or _string(node.get("mainEntityOfPage")),
        author=_name(node.get("author")),
        image=_absolute(_string(node.get("image")) or _string(node.get("thumbnailUrl")), base_url),
    )


def _string(value: Any) -> str:
    """The text of a JSON-LD value: a string, the first of a list, an object's address."""
    for _ in range(_MAX_DEPTH):
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get("url") or value.get("@id") or value.get("@value")
        else:
            return ""
    return ""


def _name(value: Any) -> str:
    people = value if isinstance(value, list) else [value]
    names: Sequence[str] = [
        str(each.get("name") or "") if isinstance(each, dict) else str(each or "")
        for each in people
    ]
    return ", ".join(name.strip() for name in names if name.strip())


def _absolute(address: str | None, base_url: str) -> str:
    if not address or not address.strip():
        return ""
    try:
        absolute = urljoin(base_url, "".join(address.split()))
        parts = urlsplit(absolute)
        return absolute if parts.scheme in {"http", "https"} and parts.hostname else ""
    except ValueError:
        return ""


def _page_key(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not parts.hostname:
        return ""
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
