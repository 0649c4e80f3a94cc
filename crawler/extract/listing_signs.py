"""What the titles of a list say it is: jobs, replies in a forum, issues of a periodical."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crawler.extract.dates_words import MONTHS
from crawler.extract.listing_document import Document
from crawler.extract.listing_fields import Entry
from crawler.extract.listing_links import split_address
from crawler.extract.listing_words import words

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
_NUMBER = re.compile(r"[#№]?\s?\d{1,7}")


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
        ("numbers", -2.0 * share(entries, lambda e: bool(_NUMBER.fullmatch(e.record.link.text)))),
    ]


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
