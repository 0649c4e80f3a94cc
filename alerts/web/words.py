"""The words of the pages, in the languages of the digests.

Every ``alerts/web/locale/<language>/LC_MESSAGES/*.po`` belongs to the catalogue, and what the
pages share with the digests stands in the digests' own.
"""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request

from alerts.digests.words import DEFAULT_LANGUAGE, Words, languages, words_for

_MOST_LANGUAGES = 10  # of an Accept-Language header that are looked at


@lru_cache(maxsize=8)
def page_words(language: str) -> Words:
    """The words of ``language`` for pages; English where there are none."""
    shared = words_for(language)
    catalogue = gettext.NullTranslations()
    for own in _catalogues(shared.language):
        own.add_fallback(catalogue)
        catalogue = own
    return shared.over(catalogue)


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


def _catalogues(language: str) -> list[gettext.GNUTranslations]:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    folder = files("alerts.web") / "locale" / language / "LC_MESSAGES"
    found = []
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".po"):
            with path.open("rb") as source:
                catalogue = read_po(source, locale=language, abort_invalid=True)
            compiled = io.BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            found.append(gettext.GNUTranslations(compiled))
    return found
