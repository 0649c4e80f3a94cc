"""What a title says of the file behind its link, "(PDF, 12 KB)": no part of the title."""

from __future__ import annotations

import re

_TYPE = r"(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|zip|epub|csv)"
_NOUN = (
    r"(?:datei|dokument|document|documento|file|fichier|archivo|arquivo|ficheiro|fil|bestand|plik|"
    r"soubor|súbor|tiedosto|fájl|fișier|файл|документ|format|formato|formát|download|herunterladen|"
    r"télécharger|descargar|scarica|hent)"
)
_NAMED = rf"(?:{_NOUN}[\s-]+)?\.?{_TYPE}(?:[\s-]+(?:zum\s+)?{_NOUN})?"
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
    rf"(?:[\s,–—|:-]{{0,3}}{_BRACKETED}(?:\s?{_BRACKETED})?|[\s,–—|:-]{{1,3}}{_BARE}|\s[–—|-]\s{_SIZE}|\s?\.pdf)[\s↓⬇]{{0,3}}$",
    re.I,
)
_BEFORE = re.compile(rf"^(?:{_BRACKETED}|{_NAMED}\s?:)\s*", re.I)
_ONLY = re.compile(_PARTS, re.I)
# What speaks of a file wherever the link leads: a type beside a size or a word for files, ".pdf",
# and PDF in brackets. ZIP is a funding programme too, and 64 GB are what a chip holds.
_OF_FILE = re.compile(
    rf"{_TYPE}\b.*?(?:{_SIZE}|\b{_PAGES}|\b{_NOUN})|(?:{_SIZE}|{_PAGES}|\b{_NOUN}).*?{_TYPE}\b"
    r"|\.[a-z]{3,4}\b|[(\[（]\s*pdf\s*[)\]）]",
    re.I,
)
_TYPED = re.compile(rf"\b{_TYPE}\b", re.I)
_FILE = re.compile(rf"\.({_TYPE})(?:[?#&]|$)", re.I)
_STEM = 3  # letters: "DOC" of a .docx


def without_file_note(title: str, url: str) -> str:
    """A title without its file's type and size before or behind it; as it is where nothing else
    is left. A type or a size alone is a note where the address ``url`` ends in that type."""
    found = _FILE.search(url)
    address_type = found[1].lower() if found else ""

    def unless_title(note: re.Match[str]) -> str:
        return "" if _is_note(note[0], address_type) else note[0]

    bare = _BEFORE.sub(unless_title, _BEHIND.sub(unless_title, title)).strip()
    return title if not bare or _ONLY.fullmatch(bare) else bare


def _is_note(words: str, address_type: str) -> bool:
    if not words.rstrip().endswith(":") and _OF_FILE.search(words):
        return True
    typed = _TYPED.search(words)
    return bool(address_type) and (
        typed is None or typed[0].lower()[:_STEM] == address_type[:_STEM]
    )
