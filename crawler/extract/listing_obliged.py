"""What every site has to show: its imprint, its privacy notice, its contact.

Such a page is no item where a list's markup goes on around its link. A headline of one such word
or a line with a date of its own is news all the same ("Accessibility", 12 May). The links count as
records until all are read: without them the rest of a site's menu would look like a list.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.listing_fields import Entry
from crawler.extract.listing_words import plain

_HEADLINES = frozenset(("heading", "caption", "above"))  # where a title is one by its markup
_EVERY_PAGES = frozenset(map(plain, (
    "impressum", "imprint", "legal notice", "legal", "mentions légales", "aviso legal",
    "note legali", "colofon", "datenschutz", "datenschutzerklärung", "datenschutzhinweise",
    "privacy", "privacy policy", "privacy notice", "data protection",
    "politique de confidentialité", "política de privacidad", "privacidad", "privacyverklaring",
    "privatlivspolitik", "persondatapolitik", "integritetspolicy", "personvern", "tietosuoja",
    "tietosuojaseloste", "polityka prywatności", "ochrana osobních údajů",
    "ochrana osobných údajov", "adatvédelem", "gizlilik", "개인정보처리방침",
    "プライバシーポリシー", "隐私政策",
    "cookies", "cookie policy", "terms of use", "terms and conditions", "agb",
    "nutzungsbedingungen", "disclaimer", "barrierefreiheit", "accessibility",
    "accessibility statement", "sitemap", "site map", "plan du site", "kontakt", "contact",
    "contact us", "contacto", "contatti", "yhteystiedot", "startseite", "home",
)))  # fmt: skip


def without_obliged(entries: Sequence[Entry]) -> list[Entry]:
    """Entries without undated links, in no heading, that only say what every site has to show."""
    return [entry for entry in entries if not _is_obliged(entry)]


def _is_obliged(entry: Entry) -> bool:
    if entry.published or entry.date_text or entry.title_from in _HEADLINES:
        return False
    return plain(entry.title).strip(" .:|›»") in _EVERY_PAGES
