"""What a site calls itself, so that a source bears its name and not "Home" or "News"."""

from __future__ import annotations

import html as entities
import re
from urllib.parse import urlsplit

from crawler.extract.detection import Detection
from crawler.extract.listing_words import NEWS, vocabulary, words
from crawler.extract.markup import folded

_DECLARED = re.compile(
    r"""<meta\b(?=[^<>]{0,500}\bproperty\s{0,3}=\s{0,3}["']?og:site_name["'\s>/])"""
    r"""[^<>]{0,500}\bcontent\s{0,3}=\s{0,3}("[^"<>]{0,300}"|'[^'<>]{0,300}')""",
    re.I,
)
_HEAD = 100_000  # characters in which a page declares its name
_PARTS = re.compile(r"\s+[-–—|·•:»«›/]+\s+|\s*[|»«]\s*|:\s+")
# What sections and front pages are called beside the words of news.
_PLACES = vocabulary(
    """home homepage start startseite startsida startside hauptseite welcome willkommen accueil
    bienvenue inicio inici bienvenidos benvenuti welkom velkommen valkommen hjem forside forsiden
    etusivu strona glowna domu uvod uvodna domov kezdolap acasa pradzia sakums avaleht index
    overview uebersicht oversigt apercu panoramica events veranstaltungen termine agenda feed rss
    atom untitled unbenannt archive archiv archives arkiv liste list page seite media medien medier
    and und et y e i og och en the all alle our unsere us uns latest neueste neues recent current
    from aus de der die das les la le el il du of for fuer zu zur zum in im"""
)
_LONGEST = 200


def declared_name(html: str) -> str:
    """The name of its site that a page declares as og:site_name, "" where it does not."""
    found = _DECLARED.search(html[:_HEAD])
    return folded(entities.unescape(found[1][1:-1])) if found else ""


def source_name(found: Detection, url: str) -> str:
    """How a source is called that nobody named: as its site declares, else the parts of its title
    that say more than what kind of page it is, else its host. A feed's own title comes first."""
    declared = "" if _is_generic(found.site) else found.site
    titles = _telling(found.title), _telling(found.page_title)
    names = (titles[0], declared, titles[1]) if found.kind == "feed" else (declared, titles[0])
    name = next(filter(None, names), "")
    return name[:_LONGEST] or (urlsplit(url).hostname or "").removeprefix("www.")


def _telling(whole: str) -> str:
    """A title without its parts that name no site."""
    title = folded(whole)
    parts = [part.strip() for part in _PARTS.split(title) if part.strip()]
    telling = [part for part in parts if not _is_generic(part)]
    return title if len(telling) == len(parts) else " – ".join(telling)


def _is_generic(part: str) -> bool:
    """Whether a part of a title names no site."""
    return set(words(part)) <= NEWS | _PLACES and not any(map(str.isdigit, part))
