"""What titles and their places say a list is: jobs, replies in a forum, issues of a periodical,
comments, goods with a price, links in the sentences of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from crawler.extract.dates_words import MONTHS
from crawler.extract.listing_addresses import split_address
from crawler.extract.listing_document import Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_text import LABEL_ENDS, find_date
from crawler.extract.listing_words import name_words, vocabulary, words

_MIN_ISSUES = 3
_MOST_ISSUES = 0.8  # of the records
_ISSUE_WORDS = 7  # of a title; longer ones are headlines
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ISSUE = re.compile(
    r"(?<!\d)\d{1,2}\s?/\s?(?:(?:19|20)\d\d|\d\d)(?!\d)|"
    r"\b(?:issue|no|nr|vol|ausgabe|heft|numero|nummer|uitgave)\.?\s\d{1,4}\b",
    re.I,
)
# "(m/f/d)", "(w/m/d)", "[h/f]": how advertisements of jobs address everybody.
_JOB = re.compile(
    r"[(\[]\s?(?:[mwfdxgh]\s?[/|*]\s?){1,3}[mwfdxgh*]\s?[)\]]|[(\[](?:all genders|gn)[)\]]", re.I
)
_SOME_JOBS = 0.4
_REPLY = re.compile(r"(?:re|aw|sv|vs|antw)\s?:\s", re.I)
_INLINE = vocabulary("a b strong em i u span small sup font mark abbr")
_TEXT_BLOCKS = vocabulary("p li dd blockquote")
_SENTENCE = 80  # characters before a link that are looked at …
_PIECES = 40  # … and texts
_SENTENCE_WORDS = 4
_COMMENTS = vocabulary(
    "comment comments commentlist kommentar kommentare kommentarer commentaire commentaires "
    "comentario comentarios commento commenti reacties komentarze komentare"
)
_NAME_WORDS = 3
_MAX_ABOVE = 5  # levels above a record that may name it a comment
_NUMBER = re.compile(r"[#№]?\s?\d{1,7}")
_PRICE = re.compile(
    r"(?:[^\W\d]{1,12}\.?:?\s){0,2}"
    r"(?:(?:US|AU|CA?)?[€$£¥₽₴₹]\s?\d[\d., ]*|(?:eur|usd|chf|kr|rs)\.?\s?\d[\d., ]*|"
    r"\d[\d., ]*[-–]{0,2}\s?(?:[€£¥₽₴$]|zł|kr|kč|ft|лв|руб|р|грн|円|元|eur|chf|sek|nok|dkk|lt)\.?)"
    r"[,.]?[-–]{0,2}\*?",
    re.I,
)
_PRICE_LETTERS = 30
_GOODS = -2.5
_LABEL_WORDS = 2  # of a title that may be a section's name
_STORIES = 3  # links below it, of so many words each
_STORY_WORDS = 4
_MAX_BOX = 400  # elements of a record that are looked at


def share(entries: Sequence[Entry], test: Callable[[Entry], bool]) -> float:
    """The part of the entries that pass a test, from 0 to 1."""
    return sum(1 for entry in entries if test(entry)) / len(entries)


def by_titles(document: Document, entries: Sequence[Entry]) -> list[tuple[str, float]]:
    """(reason, points) of what the titles say."""
    return [
        ("untitled", -2.0 * share(entries, lambda e: len(e.title) < 3)),
        ("borrowed", -2.5 * share(entries, lambda e: e.title_from == "borrowed")),
        ("own title", -3.0 if _has_page_title(document, entries) else 0.0),
        ("repeated", -2.0 * (1 - len({e.title for e in entries}) / len(entries))),
        ("jobs", -3.0 if share(entries, lambda e: bool(_JOB.search(e.title))) > _SOME_JOBS else 0),
        ("replies", -3.0 * share(entries, lambda e: bool(_REPLY.match(e.title)))),
        ("in text", -3.0 * share(entries, lambda e: _in_sentence(document, e))),
        ("comments", -4.0 * share(entries, lambda e: _is_comment(document, e))),
        ("prices", _GOODS if _are_goods(document, entries) else 0.0),
        ("boxes", -3.0 * share(entries, lambda e: _is_box(document, e))),
        ("numbers", -2.0 * share(entries, lambda e: bool(_NUMBER.fullmatch(e.record.link.text)))),
    ]


def _is_box(document: Document, entry: Entry) -> bool:
    """Whether a record is a box of stories below a label: a section's name leads to the section."""
    if len(entry.title.split()) > _LABEL_WORDS:
        return False
    nodes = (document.nodes[i] for i in document.within(entry.record.root)[:_MAX_BOX])
    stories = {
        node.attrs.get("href", "")
        for node in nodes
        if node.tag == "a" and len(document.text(node.index).split()) >= _STORY_WORDS
    }
    return len(stories) >= _STORIES


def _in_sentence(document: Document, entry: Entry) -> bool:
    """Whether an undated link continues a sentence of the text it stands in."""
    if entry.title_from != "link" or entry.date_from in ("time", "name", "text"):
        return False
    link = entry.record.link.node
    block = next((n for n in document.ancestors(link) if n.tag not in _INLINE), None)
    if block is None or block.tag not in _TEXT_BLOCKS:
        return False
    end = document.nodes[link].first_word
    before = " ".join(document.texts[max(block.first_word, end - _PIECES) : end])
    tail = before[-_SENTENCE:].rstrip()
    if find_date(tail) or tail.endswith(LABEL_ENDS):
        return False
    return len(tail.split()) >= _SENTENCE_WORDS


def _is_comment(document: Document, entry: Entry) -> bool:
    """Whether a record is a reader's comment: its block or one around it is called so, and
    what it links is a name. A headline there is an opinion piece."""
    if entry.title_from == "heading" or len(entry.title.split()) > _NAME_WORDS:
        return False
    root = document.nodes[entry.record.root]
    for node in (root, *islice(document.ancestors(root.index), _MAX_ABOVE)):
        if node.tag in ("body", "main"):
            return False
        names = node.names.split()
        if any(name_words(name) & _COMMENTS and len(name_words(name)) < 4 for name in names):
            return True
    return False


def _are_goods(document: Document, entries: Sequence[Entry]) -> bool:
    return share(entries, lambda e: _has_price(document, e)) > 0.5


def _has_price(document: Document, entry: Entry) -> bool:
    """Whether a record has a text that is nothing but a price: it is something for sale."""
    root = document.nodes[entry.record.root]
    pieces = document.texts[root.first_word : min(root.last_word, root.first_word + _PIECES)]
    return any(
        piece != entry.title and len(piece) <= _PRICE_LETTERS and bool(_PRICE.fullmatch(piece))
        for piece in map(str.strip, pieces)
    )


def are_issues(entries: Sequence[Entry]) -> bool:
    """Whether the records are the issues of a periodical: documents named by month or number."""
    return len(entries) >= _MIN_ISSUES and share(entries, _is_issue) >= _MOST_ISSUES


def _is_issue(entry: Entry) -> bool:
    if not split_address(entry.url).path.lower().endswith(".pdf"):
        return False
    found = words(entry.title)
    by_month = bool(_YEAR.search(entry.title)) and any(word in MONTHS for word in found)
    return len(found) < _ISSUE_WORDS and (by_month or bool(_ISSUE.search(entry.title)))


def _has_page_title(document: Document, entries: Sequence[Entry]) -> bool:
    """Whether a single record is the page's own article: its title is the page's h1, which
    does not lead to the record's address."""
    if len(entries) > 1 or entries[0].title_from not in ("caption", "above"):
        return False
    return any(n.tag == "h1" and document.text(n.index) == entries[0].title for n in document.nodes)
