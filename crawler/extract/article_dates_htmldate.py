"""htmldate's opinion of a page's day of publication, at a bounded price.

Its extensive search asks dateparser, which without a language tries two hundred locales: about
three seconds for the first odd string of a process. It offers no argument for them, so its
parser is replaced by one of the page's language and English.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateparser import DateDataParser

# dateparser's names for them; pages in others are asked about in English.
_LOCALES = frozenset(
    {"en", "de", "da", "fr", "nl", "sv", "nb", "fi", "pl", "cs", "it", "es", "pt", "ko", "ja", "zh"}
    | {"tr", "ru", "uk", "hu", "ro", "el", "ar", "id", "sk", "sl", "hr", "bg", "et", "lv", "lt"}
)


def htmldate_day(markup: str, url: str, language: str, now: datetime | None) -> date | None:
    """The original date that htmldate's extensive search finds; None where it finds none or
    stumbles. ``language`` is ISO 639-1, "" where unknown."""
    from htmldate import extractors, find_date

    language = language.partition("-")[0]
    parser = _parser("nb" if language == "no" else language)
    latest = now.date() if now else date(2100, 1, 1)
    theirs = extractors.get_external_parser
    setattr(extractors, "get_external_parser", lambda: parser)  # noqa: B010
    try:
        found = find_date(
            markup,
            extensive_search=True,
            original_date=True,
            url=url,
            min_date="1990-01-01",
            max_date=latest.isoformat(),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, IndexError, KeyError):
        return None
    finally:
        setattr(extractors, "get_external_parser", theirs)  # noqa: B010
    return date.fromisoformat(found) if found else None


@cache
def _parser(language: str) -> DateDataParser:
    """htmldate's own parser, but for the languages."""
    from dateparser import DateDataParser

    languages = ["en"] if language not in _LOCALES or language == "en" else [language, "en"]
    return DateDataParser(
        languages=languages,
        settings={
            "NORMALIZE": True,
            "PARSERS": ["custom-formats", "absolute-time"],
            "PREFER_DATES_FROM": "past",
            "PREFER_LOCALE_DATE_ORDER": True,
            "RETURN_AS_TIMEZONE_AWARE": False,
            "STRICT_PARSING": True,
        },
    )
