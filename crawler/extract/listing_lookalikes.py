"""Lists that are dated and titled like news and are none: threads of a forum, files of a folder,
tables of a wiki, and what a few of many articles told in full on one page link to.

A user may ask for one by its number all the same; unasked it is never taken for news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from crawler.extract.listing_addresses import split_address
from crawler.extract.listing_document import HEADINGS, Document, Node
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_signs import are_issues, share
from crawler.extract.listing_text import has_heading
from crawler.extract.listing_words import is_more, name_words, vocabulary, weigh, words

_POINTS = -5.0
_MOST = 0.5
_THREAD = re.compile(
    r"\b(showthread|viewtopic|showtopic|viewforum|forumdisplay|viewboard|memberlist)\b"
    r"|\b(member|profile)\.php|[?&;]action=profile|[?&;](topic|board|threadid|showtopic|goto)=(\d|newpost)"
    r"|/(threads?|foren|phorum|discussions?)/[^/]*\d|/forums?/[^/]*(/|-|\.)[^/]*"
    r"|-post\d+\.html|/t/[^/]+/\d+|^https?://(forums?|foren|boards?|bbs)\.[^/]+/.*\d",
    re.I,
)
# What the columns of a forum count. One of each kind: news have views or comments, never both
# replies and views.
_REPLIES = vocabulary(
    """replies reply answers answer antworten antwort reponses reponse respuestas respuesta risposte
    risposta respostas resposta svar reacties antwoorden odpowiedzi odpovedi vastaukset yanitlar
    yanit cevap cevaplar valaszok ответов ответы отзывы 回复 回覆 返信 답글"""
)
_VIEWS = vocabulary(
    """views view votes vote aufrufe hits zugriffe vues vistas visitas visto visite visualizzazioni
    visualizacoes visningar visninger weergaven bekeken wyswietlen zobrazeni katselut goruntuleme
    okunma megtekintes просмотров просмотры 浏览 查看 表示 조회"""
)
_POSTS = vocabulary("post posts entry entries artikel article articles recent beitrag beitraege")
_TALK = vocabulary("forum forums foren discussion discussions diskussion diskussionen talk chat")
_SEPARATOR = re.compile(r"\s[-–—|•·»:]\s")
_FILE = re.compile(
    r"[^\s/\\]{1,80}\.(zip|tar|t?gz|bz2|xz|7z|rar|deb|rpm|exe|msi|dmg|pkg|iso|img|jar|whl|apk|bin|"
    r"pdf|docx?|xlsx?|pptx?|odt|csv|json|xml|ya?ml|txt|md|log|sig|asc|sha\d*|md5|html?|php|jpe?g|"
    r"png|gif|mp[34]|epub)|[\w.@+-]{1,60}/",
    re.I,
)
_WIKI_TABLES = vocabulary("wikitable navbox infobox")
_MAX_TEXTS = 60  # of a record or a header that are looked at
_UNLINKED = frozenset(("caption", "above"))  # titles outside the item's own link
_MAX_INSIDE = 200  # elements of a block in which a link is looked for
_MAX_ABOVE = 6  # levels above a record in which its table is looked for


def by_lookalikes(
    document: Document, entries: Sequence[Entry], heading: str
) -> list[tuple[str, float]]:
    """(reason, points) of what else than news a list below ``heading`` may be.

    A forum's board and a folder that are called news hold news.
    """
    named = any(map(_names_news, (heading, *_SEPARATOR.split(document.title))))
    return [
        ("forum", _POINTS if not named and _are_threads(document, entries) else 0.0),
        ("files", _POINTS if not named and _are_files(entries) else 0.0),
        ("wiki", _POINTS * share(entries, lambda e: _is_in_wiki_table(document, e))),
        ("in full", _POINTS if _are_told_in_full(document, entries) else 0.0),
    ]


def _names_news(text: str) -> bool:
    """Whether a heading or a part of a title says news, not just posts or a talk about news."""
    found = frozenset(words(text))
    return weigh(found - _POSTS) > 0 and not found & _TALK


def _are_threads(document: Document, entries: Sequence[Entry]) -> bool:
    if share(entries, lambda e: bool(_THREAD.search(e.url))) > _MOST:
        return True
    return share(entries, lambda e: _counts_replies(document, e)) > _MOST


def _counts_replies(document: Document, entry: Entry) -> bool:
    """Whether the head of a record's table names replies and views."""
    table = _table_of(document, entry)
    if table is None:
        return False
    inside = (document.nodes[i] for i in document.within(table.index)[:_MAX_TEXTS])
    head = next((_words_of(document, node) for node in inside if node.tag == "tr"), frozenset())
    return bool(head & _REPLIES and head & _VIEWS)


def _words_of(document: Document, node: Node) -> frozenset[str]:
    last = min(node.last_word, node.first_word + _MAX_TEXTS)
    return frozenset(words(" ".join(document.texts[node.first_word : last])))


def _table_of(document: Document, entry: Entry) -> Node | None:
    above = islice(document.ancestors(entry.record.link.node), _MAX_ABOVE)
    return next((node for node in above if node.tag == "table"), None)


def _are_files(entries: Sequence[Entry]) -> bool:
    """Whether titles are names of files; issues of a periodical may be called by theirs."""
    return share(entries, _is_file) > _MOST and not are_issues(entries)


def _is_file(entry: Entry) -> bool:
    return bool(_FILE.fullmatch(entry.title)) and split_address(entry.url).path != ""


def _is_in_wiki_table(document: Document, entry: Entry) -> bool:
    table = _table_of(document, entry)
    return table is not None and bool(name_words(table.attrs.get("class", "")) & _WIKI_TABLES)


def _are_told_in_full(document: Document, entries: Sequence[Entry]) -> bool:
    """Whether most blocks like the records have a heading, too, and lead nowhere: articles of
    which only some link to what they tell of."""
    roots = {entry.record.root for entry in entries}
    parents = {document.nodes[root].parent for root in roots}
    if len(parents) != 1 or share(entries, lambda e: e.title_from in _UNLINKED) <= _MOST:
        return False
    made = _make(document, entries[0].record.root)
    whole = [
        child
        for child in document.children[parents.pop()]
        if child not in roots
        and _make(document, child) == made
        and has_heading(document, child)
        and not _leads_on(document, child)
    ]
    return len(whole) > len(roots)


def _make(document: Document, index: int) -> tuple[str, str]:
    node = document.nodes[index]
    return node.tag, node.attrs.get("class", "").partition(" ")[0]


def _leads_on(document: Document, index: int) -> bool:
    """Whether a block's heading is a link or a link invites to read on."""
    for inside in document.within(index)[:_MAX_INSIDE]:
        node = document.nodes[inside]
        if node.tag in HEADINGS and document.nodes[node.parent].leads:
            return True
        if node.leads and (
            document.nodes[node.parent].tag in HEADINGS
            or has_heading(document, inside)
            or is_more(document.text(inside))
        ):
            return True
    return False
