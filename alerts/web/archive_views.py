"""What a reader of the archive looks at: filters and place, read from an address, written as one.

Whatever an address holds is checked here. A filter that names no topic, source or language is told
apart from one that nothing fits: a feed of a topic that is gone is not found, and never everything.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from alerts.digests.plain import one_line
from crawler.errors import UsageError
from crawler.storage.archive import Placed, Position, Wanted

PERIODS: Mapping[str, int] = {"7d": 7, "30d": 30, "90d": 90}  # days
FILTERS = ("topic", "source", "language", "since")
IDENTITY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LONGEST_QUERY, _LONGEST_CURSOR = 200, 200
_BY_TIME = re.compile(r"(\S{1,40}) ([A-Za-z0-9_.-]{1,64})")
_BY_NUMBER = re.compile(r"n([1-9]\d{0,17})")


class WrongPart(UsageError):
    """A part of an address that cannot be meant: 400. ``kind``: "since" or "after"."""

    def __init__(self, kind: str, name: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy=remedy)
        self.kind, self.name = kind, name


@dataclass(frozen=True, slots=True)
class View:
    """One view of the archive, "" where nothing is chosen."""

    query: str = ""
    topic: str = ""
    source: str = ""
    language: str = ""
    since: str = ""  # a key of PERIODS; what is none is refused by ``wanted``
    words: str = ""  # the language asked for by ?lang=

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.query) or self.has_filters

    @property
    def has_filters(self) -> bool:
        return any(getattr(self, name) for name in FILTERS)

    def wanted(self, now: datetime) -> Wanted:
        """As the storage asks for it. WrongPart for a period that is not offered."""
        days = PERIODS.get(self.since)
        if self.since and days is None:
            remedy = f"Give one of {', '.join(PERIODS)}."
            raise WrongPart("since", self.since, f'There is no period "{self.since}".', remedy)
        return Wanted(
            topic=self.topic,
            source=self.source,
            language=self.language,
            since=now - timedelta(days=days) if days else None,
            query=self.query,
        )

    def parameters(self, **changes: str) -> str:
        """Its part of an address, with its question mark; what is empty is left out."""
        own = {"q": self.query, **{name: getattr(self, name) for name in FILTERS}}
        said = {**own, "lang": self.words, **changes}
        chosen = {name: value for name, value in said.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def view_of(parameters: Mapping[str, str]) -> View:
    """The view that an address asks for."""
    language = parameters.get("language", "").lower()
    return View(
        query=one_line(parameters.get("q", "")[:_LONGEST_QUERY]),
        topic=_named(parameters.get("topic", "")[:64]),
        source=_named(parameters.get("source", "")[:64]),
        language=_named(language[:8]),
        since=_named(parameters.get("since", "")[:16]),
        words=one_line(parameters.get("lang", "")[:2]),
    )


def _named(text: str) -> str:
    """A name as it was given; "?" where nothing of it is left: that is not everything."""
    return one_line(text) or ("?" if text else "")


def cursor(after: Placed) -> str:
    """An opaque word for the place after a story."""
    place = after.position
    if place.told_at is None:
        return _encoded(f"n{place.number}")
    return _encoded(f"{place.told_at.astimezone(UTC).isoformat()} {place.item}")


def place_asked(parameters: Mapping[str, str]) -> str:
    """The cursor of an address; as the API calls it, too."""
    return parameters.get("after", "") or parameters.get("cursor", "")


def position(text: str, *, searching: bool) -> Position | None:
    """The place that ``cursor`` wrote, None for the beginning. WrongPart for others."""
    if not text:
        return None
    found = _position(_decoded(text))
    if found is None or (found.told_at is None and not searching):
        raise WrongPart(
            "after", text, "This cursor is none of ours, or one of another search.",
            "Take it from the page before, or begin without one.",
        )  # fmt: skip
    return found


def _position(plain: str) -> Position | None:
    if number := _BY_NUMBER.fullmatch(plain):
        return Position(number=int(number[1]))
    if timed := _BY_TIME.fullmatch(plain):
        try:
            moment = datetime.fromisoformat(timed[1])
        except ValueError:
            return None
        if moment.tzinfo is not None and 1 < moment.year < 9999:
            return Position(moment, timed[2])
    return None


def _encoded(plain: str) -> str:
    return urlsafe_b64encode(plain.encode()).rstrip(b"=").decode()


def _decoded(text: str) -> str:
    try:
        raw = text[:_LONGEST_CURSOR].encode("ascii")
        return urlsafe_b64decode(raw + b"=" * (-len(raw) % 4)).decode("ascii")
    except ValueError:
        return ""
