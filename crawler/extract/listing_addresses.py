"""Addresses that are no item's: share buttons, pictures, log-ins, pages of tags and authors."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_SOCIAL = re.compile(
    r"(^|\.)(facebook|twitter|x|linkedin|xing|instagram|youtube|youtu|pinterest|whatsapp|t|"
    r"telegram|tiktok|flickr|vimeo|bsky|threads|addtoany|reddit|tumblr|mastodon|weibo|snapchat)"
    r"\.(com|de|be|me|social|app|net|org|co)$",
    re.I,
)
_PICTURE = re.compile(r"\.(jpe?g|png|gif|svg|webp|mp4|mp3|zip|ics|vcf|css|js|xml|rss|atom)$", re.I)
SECTION_PAGE = re.compile(
    r"/(tags?|categor(y|ies|ie|ia)|kategorien?|schlagwort|thema|themen|topics?|authors?|autor(en)?|"
    r"auteur|rubrik|rubriques?|etiquetas?|taxonomy|labels?|user|users|profile)/|"
    r"/(viewforum|forumdisplay|memberlist)\.php\b",
    re.I,
)
_ACTION = re.compile(
    r"/(wp-)?(log(in|out)|sign-?(in|up)|register|anmelden|anmeldung|print|drucken|share|sharer|"
    r"feed|rss|search|suche|search-results|warenkorb|cart|checkout|tweet|abonnieren|subscribe|"
    r"unsubscribe|cookie-?settings)(\.\w{2,4})?/?($|\?)|"
    r"[?&](add-to-cart|replytocom|print|share|tmpl|action=(edit|login)|printable)\b",
    re.I,
)
# Every address of a page is taken apart several times; the library remembers only 128.
split_address = lru_cache(maxsize=8_192)(urlsplit)


def is_social(url: str) -> bool:
    """Whether an address lies at a social network."""
    return bool(_SOCIAL.search(split_address(url).hostname or ""))


def is_file_or_action(url: str) -> bool:
    """Whether an address is that of a picture or feed, or does something: prints, signs in."""
    return bool(_PICTURE.search(split_address(url).path) or _ACTION.search(url))


def may_be_item(url: str) -> bool:
    """Whether nothing in an address says that it is no item's."""
    if not url or is_social(url) or is_file_or_action(url):
        return False
    return not SECTION_PAGE.search(split_address(url).path)
