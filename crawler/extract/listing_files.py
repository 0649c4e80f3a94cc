"""What a title says of the file behind its link, "(PDF, 12 KB)": no part of the title."""

from __future__ import annotations

import re

_TYPE = r"\.?(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|epub|csv)"
_NOUN = (
    r"(?:datei|dokument|document|documento|file|fichier|archivo|arquivo|ficheiro|fil|bestand|plik|"
    r"soubor|súbor|tiedosto|fájl|fișier|файл|документ|format|formato|formát|download|herunterladen|"
    r"télécharger|descargar|scarica|hent)"
)
_NAMED = rf"(?:{_NOUN}[\s-]+)?{_TYPE}(?:[\s-]+(?:zum\s+)?{_NOUN})?"
# French counts octets, Finnish tavut.
_UNIT = (
    r"(?:[kmg]i?b|[kmg]o|[kmg]t|[kmg]?bytes?|octets?|[kmg]byte|[кмг]б|[kmg]ilobytes?|megabytes?)"
)
_SIZE = rf"(?:ca\.?\s*|~\s*|≈\s*)?\d[\d\s.,]{{0,9}}{_UNIT}"
_PAGES = r"\d{1,4}\s?(?:s\.|p\.|pp\.|pages?|seiten?|sider|sidor|pagina'?s?|páginas|pagine|stron)"
_BETWEEN = r"[\s,;:：/|·•–—-]{1,4}"
_PART = rf"(?:{_NAMED}|{_SIZE}|{_PAGES})"
_PARTS = rf"{_PART}(?:{_BETWEEN}{_PART}){{0,3}}"
# Beside a size further words are about the file as well: "(PDF, 2 MB, not accessible)".
_SIZED = rf"{_NAMED}{_BETWEEN}{_SIZE}{_BETWEEN}[^()\[\]]{{1,40}}"
_BRACKETED = rf"[(\[（]\s*(?:{_PARTS}|{_SIZED})\s*[)\]）]"
_BARE = rf"(?:{_NAMED}(?:{_BETWEEN}{_SIZE}|\s{_BRACKETED})|{_SIZE}{_BETWEEN}{_NAMED})"
_BEHIND = re.compile(
    rf"(?:[\s,–—|:-]{{0,3}}{_BRACKETED}|[\s,–—|:-]{{1,3}}{_BARE}|\s[–—|-]\s{_SIZE}|\s?\.pdf)[\s↓⬇]{{0,3}}$",
    re.I,
)
_BEFORE = re.compile(rf"^(?:{_BRACKETED}|{_NAMED}\s?:)\s*", re.I)
_ONLY = re.compile(_PARTS, re.I)
_AT_MOST = 2  # notes at one end: "(PDF) (1,2 MB)"


def without_file_note(title: str) -> str:
    """A title without its file's type and size before or behind it; as it is where nothing else
    is left."""
    bare = title
    for _ in range(_AT_MOST):
        bare = _BEFORE.sub("", _BEHIND.sub("", bare)).strip()
    return title if not bare or _ONLY.fullmatch(bare) else bare
