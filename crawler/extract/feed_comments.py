"""Whether a feed carries what readers said about the news instead of the news.

Three witnesses: what the channel is called, where its entries lead (several of them to one page,
to the comments of a page), and how they are called ("By: Ann", "Re: the headline").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from crawler.extract.feed import FeedReading
from crawler.extract.listing_links import address_key
from crawler.extract.listing_words import plain
from crawler.model.item import RawItem

_CHANNEL = re.compile(
    r"^(comments (on|for)|kommentare? (zu|fur|fuer|til|pa)|kommentarer (til|pa|for)|"
    r"commentaires (sur|pour)|comentarios|comentaris|comentarii|commenti (su|per)|"
    r"reacties (op|voor)|komentarze (do|dla)|komentare (k|pre|pro)|komentarji|kommentit)\b|"
    r"/comments/",
    re.I,
)
# Where a page's comments stand, as Wordpress, Drupal, TYPO3, Joomla, Disqus and others name it.
_ANCHOR = re.compile(
    r"^(div-|li-|idc?|js-)?(comment|kommentar|commentaire|comentari|commento|reactie|komentar|"
    r"kommentti|respond|reply|replies)s?(er|e|i|io|ios)?([-_=/:]?\d+)?$",
    re.I,
)
# What systems write before a reader's name, or before the headline that was answered.
_SAID = re.compile(
    r"^(by|von|par|por|di|door|af|av|od|przez|autor|szerzo|de|kirjoittaja|kirjoittajalta) ?: |"
    r"^(re|aw|sv|vs|antwort|antw) ?: |"
    r"^(comments?|kommentare?|commentaires?|comentarios?|commenti|commento|reacties?|komentarz|"
    r"komentar|kommentti|hozzaszolas|comentariu|comentarii) "
    r"(on|to|zu|fuer|til|pa|sur|en|sobre|a|su|per|op|do|k|u|la|artikkeliin)\b",
    re.I,
)
_MOST = 0.8
_HALF = 0.5


def carries_comments(url: str, feed: FeedReading, listed: Sequence[RawItem]) -> bool:
    """Whether the feed at ``url`` is of comments; ``listed``: what the page beside it lists."""
    if _CHANNEL.search(plain(feed.title)) or _CHANNEL.search(urlsplit(url).path):
        return True
    if len(feed.items) < 2:
        return False
    shared = _shared_pages(feed.items)
    headlines = {_page(i.url): plain(i.title) for i in listed if not urlsplit(i.url).fragment}
    anchored = [_leads_to_comment(item, shared) for item in feed.items]
    said = [bool(_SAID.match(plain(item.title))) for item in feed.items]
    answers = [_answers(item, shared, headlines) for item in feed.items]
    return _share(anchored) > _HALF or _share(said) >= _MOST or _share(answers) > _HALF


def _shared_pages(items: Sequence[RawItem]) -> frozenset[str]:
    """The pages that entries of different titles lead to."""
    told = {(_page(item.url), plain(item.title)) for item in items}
    return frozenset(page for page, count in Counter(page for page, _ in told).items() if count > 1)


def _leads_to_comment(item: RawItem, shared: frozenset[str]) -> bool:
    fragment = urlsplit(item.url).fragment
    one_of_many = any(map(str.isdigit, fragment)) or _page(item.url) in shared
    return one_of_many and bool(_ANCHOR.match(fragment))


def _answers(item: RawItem, shared: frozenset[str], headlines: Mapping[str, str]) -> bool:
    """Whether an entry is one of several to the page of a headline, and not the headline itself.

    Passages of one page may each be news: then the list names each with its fragment, or they
    stand on the list's own page, which no headline leads to.
    """
    page = _page(item.url)
    return page in shared and headlines.get(page, plain(item.title)) != plain(item.title)


def _page(url: str) -> str:
    return address_key(url.partition("#")[0])


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found)
