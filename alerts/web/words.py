"""The words of the pages, in the languages of the digests.

Every ``alerts/web/locale/<language>/LC_MESSAGES/*.po`` belongs to the catalogue, and what the
pages share with the digests stands in the digests' own.
"""

from __future__ import annotations

from starlette.requests import Request

from alerts.digests.words import DEFAULT_LANGUAGE, Words, languages, words_of

_MOST_LANGUAGES = 10  # of an Accept-Language header that are looked at


def page_words(language: str) -> Words:
    """The words of ``language`` for pages; English where there are none."""
    return words_of("alerts.web", language)


def kept_language(request: Request) -> str:
    """The query by which a language that was asked for goes along in forms and links, "" where
    the browser's own is spoken."""
    asked = request.query_params.get("lang", "")[:2].lower()
    return f"?lang={asked}" if asked in languages() else ""


def language_of(request: Request) -> str:
    """The language a page speaks: asked for by ``?lang=``, else what the browser prefers."""
    asked = request.query_params.get("lang", "")[:2].lower()
    if asked in languages():
        return asked
    wishes = []
    for number, part in enumerate(
        request.headers.get("accept-language", "")[:500].split(",")[:_MOST_LANGUAGES]
    ):
        code, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        wishes.append((-weight, number, code[:2].lower()))
    return next((code for _, _, code in sorted(wishes) if code in languages()), DEFAULT_LANGUAGE)
