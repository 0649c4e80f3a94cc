"""What others write about the house: how pages head the articles of newspapers that they collect.

Beside a list of the house's own news such clippings are another list; where they are a page's only
list, they are its items.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from crawler.extract.listing_document import Document
from crawler.extract.listing_words import news_words, plain

_LONGEST = 60  # characters of a heading
_PARTS = re.compile(r"\s[-–—|•·»:]\s")  # between the parts of a page's title
# "In the media" ends its heading: "In the media industry" names a trade.
_AMONG = re.compile(
    r"\b(?:in the (?:press|media|news|papers|newspapers)"
    r"|in (?:der presse|den medien|der zeitung|de (?:media|pers|krant))"
    r"|(?:dans|dits? par) (?:la presse|les medias)|sui (?:media|giornali)|nella stampa"
    r"|en (?:los medios|la prensa)|als mitjans|a la premsa|(?:na|nos|em) (?:imprensa|media|midia)"
    r"|i (?:pressen|medierne|media|mediene|avisen|tidningen)|mediassa|lehdistossa"
    r"|w (?:mediach|prasie)|v (?:mediich|mediach|tisku|tlaci)|a sajtoban|basinda)(?=[\W\d]*$)"
)
_UNSPACED = (
    "언론보도", "언론 보도", "언론 속", "언론에 비친", "미디어 속", "メディア掲載", "掲載情報",
    "掲載実績", "掲載記事", "媒体报道", "媒体聚焦", "媒体关注",
)  # fmt: skip
_CLIPPINGS = re.compile(
    r"\b(?:(?:press|media|news) (?:coverage|clippings?|cuttings|mentions|reviews?|echo|about us)"
    r"|(?:press|media) reports|what the press says|(?:written|they talk) about us"
    r"|(?:presse|medien|zeitungen|andere) ueber uns|sag(?:en|t) andere"
    r"|(?:presse|medien)(?:spiegel|echo|stimmen|berichte|berichterstattung|schau|ausschnitte)"
    r"|revues? de (?:la )?presse|(?:presse|ils|medias) (?:en )?parle(?:nt)?\b(?: de nous)?"
    r"|on parle de nous|presse (?:et medias )?sur nous"
    r"|rassegna stampa|(?:dicono|parlano|scrivono) di noi"
    r"|(?:revista|recortes|resumen|clipping|apariciones) (?:de|en) prensa|hablan de nosotros"
    r"|(?:prensa|medios) sobre nosotros|recull de premsa|parlen de nosaltres"
    r"|(?:imprensa|midia) sobre nos|clipping"
    r"|(?:pers|media) over ons|media-?\s?aandacht|persoverzicht"
    r"|(?:presse|medie|press|media)(?:klipp?|omtaler?|rapportering|dekning|daekning)"
    r"|(?:pressen?|media|medier|skrevet|skrivit) om oss?"
    r"|mediaosumat|meista (?:sanottua|kirjoitettua|kerrottua)"
    r"|(?:media|prasa|pisza|napisali|mowia) o nas|przeglad prasy"
    r"|(?:napsali|psali|pisi|pisou|media|tisk|rekli) o nas|rolunk (?:irtak|szolo)"
    r"|sajto ?(?:megjelenesek|visszhang|figyelo)|basinda biz|bizden bahsedenler)\b"
    + "".join(f"|{plain(word)}" for word in _UNSPACED)
)


@lru_cache(maxsize=8_192)
def names_clippings(text: str) -> bool:
    """Whether a heading names what others write: "Press about us", "Pressespiegel"; one that names
    news as well ("News and press review") heads both."""
    if len(text) > _LONGEST:
        return False
    told = plain(text)
    found = _CLIPPINGS.search(told) or _AMONG.search(told)
    return found is not None and news_words(told.replace(found[0], " ")) <= 0


def is_of_clippings(document: Document) -> bool:
    """Whether a page's title, its main heading or its address says that clippings are its list."""
    path = unquote(urlsplit(document.url).path)
    names = [*_PARTS.split(document.title), *(part.replace("-", " ") for part in path.split("/"))]
    names += [document.text(node.index) for node in document.short_headings() if node.tag == "h1"]
    return any(map(names_clippings, names))
