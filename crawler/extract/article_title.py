"""Which of the titles a page offers is the article's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import urlsplit

from crawler.extract.article_metadata import Metadata
from crawler.extract.article_page import Block, Page

# East Asia parts title and site without blanks: "标题_新闻_日报", "标题-日报".
_EAST_ASIAN = r"[\u3040-\u9fff\uac00-\ud7af]"
_SEPARATOR = re.compile(
    r"\s+[|–—·•»«‹›:/~]+\s+|\s+-+\s+|\s*\|\s*|\s*::\s*|\s+»\s+"
    rf"|_+(?={_EAST_ASIAN})|(?<={_EAST_ASIAN})-(?={_EAST_ASIAN})"
)
_WORD = re.compile(r"\w+")
# Headings that name a section of the site, not an article.
_SECTION = re.compile(
    r"^(?:news|aktuell(?:es)?|neuigkeiten|nachrichten|meldung(?:en)?|presse(?:mitteilung(?:en)?)?|"
    r"pressemeldung(?:en)?|blog|magazin|nyhed(?:er)?|aktuelt|nyheter|aktuellt|uutiset|ajankohtaista|"
    r"actualités?|actus?|communiqués?(?: de presse)?|nieuws|actueel|noticias?|notícias?|novedades|"
    r"aktualności|aktuality|novinky|notizie|comunicati(?: stampa)?|press(?: releases?)?|newsroom|"
    r"artikel|article|home|startseite|forside|start|pressemeddelelse(?:r)?|소식|뉴스|ニュース|新闻)$",
    re.IGNORECASE,
)
_MAX_TITLE = 400
_HOMES = frozenset(("", "/", "/index.html", "/index.php", "index.html", "index.php"))
_HOME_SLASHES = 3  # "https://host/index.html"
_LINKS = 20  # to the front page that are read
_TITLE_WORDS = 3  # of a heading that nothing confirms …
_TITLE_LENGTH = 12  # … or so many characters, …
_EAST_ASIAN_LENGTH = 6  # … or so many of East Asia, where a character is a word
_EAST_ASIAN_LETTER = re.compile(_EAST_ASIAN)
_HEAD_BLOCKS = 4  # below a title in which its text begins
_PARAGRAPH = 80  # characters


def article_title(
    page: Page, metadata: Metadata, hint_title: str = "", claims: Sequence[str] | None = None
) -> str:
    """The article's title as the page shows it, "" where it shows none; ``claims`` where the
    page's ``title_claims`` are known.

    Witnesses are the h1 elements, og:title, JSON-LD, the title element without the site's
    name, and ``hint_title`` (from a listing or feed). A heading confirmed by another witness
    wins; without headings the best claim does. The site's name alone is claimed for no article.
    """
    claims = title_claims(page, metadata, hint_title) if claims is None else claims
    if heading := title_heading(page, claims):
        return heading.text[:_MAX_TITLE]
    if part := _shown_part(page, metadata.title_element):
        return part[:_MAX_TITLE]
    site = _site_words(page.url, metadata)
    left = next((claim for claim in _claims(metadata, hint_title, site) if claim), "")
    return (claims[0] if claims else left)[:_MAX_TITLE]


def title_heading(page: Page, claims: Iterable[str]) -> Block | None:
    """The block that is the article's title: a heading confirmed by a claim, another block that
    is word for word a claim, else the first h1 that names no section of the site. Where there is
    none, a block that is a claim's first part, before the names of site and section; where
    nothing is claimed, a lower heading above the first paragraph."""
    claims = list(claims)
    headings = [block for block in page.headings if 1 < len(block.text) <= _MAX_TITLE]
    for number, claim in enumerate(claims):
        agreeing = [block for block in headings if agrees(block.text, claim)]
        if agreeing:
            best = min(agreeing, key=lambda block: (block.furniture != "", block.tag, block.index))
            better = [one for one in claims[:number] if _tells_more(one, best.text)]
            return _block_of(page, better) or best
    if block := _block_of(page, claims):
        return block
    first = next((block for block in headings if block.tag == "h1" and _is_own(block)), None)
    if first is not None:
        return first
    if claims:
        return next((found for claim in claims if (found := _first_part(page, claim))), None)
    return heading_of_text(page)


def _block_of(page: Page, claims: Iterable[str]) -> Block | None:
    """The block of the page's own that is word for word a claim."""
    for claim in claims:
        words = _words(claim)
        for block in page.blocks:
            if not block.furniture and len(block.text) < 300 and _words(block.text) == words:
                return block
    return None


def _tells_more(claim: str, heading: str) -> bool:
    """Whether a claim is a headline, and a heading no more than what all of a site's pages may
    be called: "Project news", "Event", the site's name."""
    return _is_headline(_words(claim)) and not _is_headline(_words(heading))


def _is_headline(words: Sequence[str]) -> bool:
    return len(words) > _TITLE_WORDS or _is_east_asian(words)


def heading_of_text(page: Page) -> Block | None:
    """The first heading of the page's own that stands right above a paragraph."""
    headings = (block for block in page.headings if 1 < len(block.text) <= _MAX_TITLE)
    return next((each for each in headings if _is_own(each) and _heads_text(page, each)), None)


def _is_own(heading: Block) -> bool:
    return not (heading.furniture or _SECTION.match(heading.text) or _leads_home(heading))


def _first_part(page: Page, claim: str) -> Block | None:
    """The block that is word for word what a claim says up to one of its separators."""
    for separator in reversed(list(_SEPARATOR.finditer(claim))):
        words = _words(claim[: separator.start()])
        if len(words) < _TITLE_WORDS and not _is_east_asian(words):
            continue
        for block in page.blocks:
            if not block.furniture and len(block.text) < 300 and _words(block.text) == words:
                return block
    return None


def _leads_home(block: Block) -> bool:
    """Whether a heading is a link to the site's front page: its name."""
    links = [*block.element.iter("a"), *block.element.iterancestors("a")]
    return any(_is_home(link.get("href") or "") for link in links)


def _is_home(address: str) -> bool:
    address = address.strip().partition("#")[0]
    if "//" not in address:
        return bool(address) and address.lower() in _HOMES
    if address.count("/") > _HOME_SLASHES:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.query and parts.path.lower() in _HOMES


def _heads_text(page: Page, heading: Block) -> bool:
    """Whether a heading of several words stands right above a paragraph."""
    if not _is_long(_words(heading.text)):
        return False
    below = page.blocks[heading.index + 1 : heading.index + 1 + _HEAD_BLOCKS]
    return any(
        not block.furniture and not block.is_heading and len(block.text) >= _PARAGRAPH
        for block in below
    )


def _shown_part(page: Page, title_element: str) -> str:
    """The start of the title element, up to a separator, with which a short block begins."""
    for separator in reversed(list(_SEPARATOR.finditer(title_element))):
        part = title_element[: separator.start()].strip()
        words = _words(part)
        if not _is_long(words):
            continue
        for block in page.blocks:
            is_short = len(block.text) < len(part) + 60 and not block.furniture
            if is_short and _words(block.text)[: len(words)] == words:
                return part
    return ""


def title_claims(page: Page, metadata: Metadata, hint_title: str = "") -> list[str]:
    """What the head and the hint claim the title to be, best first, without the names of the
    site and its sections."""
    site = _site_words(page.url, metadata)
    claims = [each for each in _claims(metadata, hint_title, site) if each]
    names = site | _home_names(page) if claims else site
    return [
        each for each in claims if "".join(_words(each)) not in names and not _SECTION.match(each)
    ]


def _home_names(page: Page) -> frozenset[str]:
    """What the links to the front page are called: the site's name, "Home"."""
    links = (link for link in page.root.iter("a") if _is_home(link.get("href") or ""))
    names = ("".join(_words(link.text_content()[:_MAX_TITLE])) for link in islice(links, _LINKS))
    return frozenset(filter(None, names))


def without_site_name(title: str, site: frozenset[str]) -> str:
    """A title element's text without the parts that name the site."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part and part.strip()]
    if len(parts) < 2:
        return title.strip()
    kept = [part for part in parts if not _names_site(part, site) and not _SECTION.match(part)]
    if not kept:
        return max(parts, key=len)
    # What is left belongs together unless a middle part was the separator's victim.
    first, last = title.find(kept[0]), title.rfind(kept[-1]) + len(kept[-1])
    return title[first:last].strip()


def _claims(metadata: Metadata, hint_title: str, site: frozenset[str]) -> Iterable[str]:
    og_title = metadata.first("og:title", "twitter:title")
    yield without_site_name(og_title, site)
    yield metadata.article.headline
    yield hint_title.rstrip(" .…")
    yield without_site_name(metadata.title_element, site)
    yield without_site_name(metadata.first("dc.title", "dcterms.title", "citation_title"), site)


def agrees(heading: str, claim: str) -> bool:
    """Whether a heading and a claim say the same: equal words, or one a long part of the other."""
    own, other = _words(heading), _words(claim)
    if not own or not other:
        return False
    if own == other:
        return True
    shorter, longer = sorted((own, other), key=len)
    if not _is_long(shorter):
        return False
    joined = f" {' '.join(longer)} "
    if f" {' '.join(shorter)} " in joined:
        return len(shorter) / len(longer) > 0.4
    shared = len(set(own) & set(other))
    return shared / max(len(set(own)), len(set(other))) >= 0.75


def _is_long(words: Sequence[str]) -> bool:
    """Whether so many words, or characters, can tell one title from others."""
    is_told = len(words) >= _TITLE_WORDS or len(" ".join(words)) >= _TITLE_LENGTH
    return is_told or _is_east_asian(words)


def _is_east_asian(words: Sequence[str]) -> bool:
    """Whether the words hold so many East Asian characters that they can tell a title."""
    return len(_EAST_ASIAN_LETTER.findall("".join(words))) >= _EAST_ASIAN_LENGTH


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _site_words(url: str, metadata: Metadata) -> frozenset[str]:
    """The site's names: og:site_name and the host's labels."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    labels = [label for label in host.split(".")[:-1] if label not in {"www", "de", "en", "news"}]
    names = [metadata.first("og:site_name", "application-name", "apple-mobile-web-app-title")]
    return frozenset("".join(_words(name)) for name in [*labels, *names] if name)


def _names_site(part: str, site: frozenset[str]) -> bool:
    joined = "".join(_words(part))
    if not joined:
        return True
    if joined in site:
        return True
    return any(
        (name in joined and len(name) >= 0.5 * len(joined))
        or (joined in name and len(joined) >= max(3, 0.4 * len(name)))
        for name in site
        if len(name) > 2
    )
