"""What titles say of the file behind a link, its type and size, is no part of them."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing
from crawler.extract.listing_files import without_file_note

NAME = "Bericht des Netzwerks 2025"
PAGE = "https://cluster.example/news/bericht"


@pytest.mark.parametrize(
    "note",
    [
        " (PDF, 12 KB)", " (pdf, 1,2 MB)", " [PDF]", " (PDF | 340 kB)", " (PDF / 2.4 MB)",
        " (1,2 MB, PDF)", " PDF, 120 KB", " - PDF 120 kB",
        " (PDF-Datei, 1,2 MB)", " (PDF-Dokument)", " (PDF, 4 Seiten, 230 KB)", " (PDF 12 KB)",
        " (PDF, 1,2 MB, nicht barrierefrei)", " (PDF 12\u00a0kB)", " (PDF – 1 234 KB)",
        " (pdf, 1,2 Mo)", " (PDF – 340 Ko)", " (fichier PDF, 1,2 Mo)", " (PDF - 12 octets)",
        " (archivo PDF, 1,2 MB)", " (PDF-fil, 340 kB)", " (PDF-bestand, 1 MB)", " (plik PDF, 2 MB)",
        " (soubor PDF, 2 MB)", " (PDF-tiedosto, 340 kt)", " (файл PDF, 1,2 МБ)", " (PDF, 1,2 Мб)",
        " (.pdf)", " (.docx, 30 KB)", " (DOCX 31,5 KB)", " (xlsx, 1.1 MB)", " (ZIP; 12 MB)",
        "（PDF：1.2MB）", " [PDF - 1.2 MB]", " (PDF, ca. 2 MB)",
        " (PDF; 812,5 KB; 12 S.)",
        " .pdf", " (Download PDF, 1 MB)", " (PDF herunterladen)", " (PDF zum Download, 1 MB)",
        " (PDF) (1,2 MB)", " PDF (1,2 MB)", " [pdf; 120 kb]", " (format PDF, 1 Mo)",
        " (PDF, 120KB) ↓",
    ],
)  # fmt: skip
def test_the_note_behind_a_title_goes(note: str) -> None:
    assert without_file_note(NAME + note, PAGE) == NAME


@pytest.mark.parametrize("note", ["[PDF] ", "(PDF) ", "[PDF, 1 MB] "])
def test_the_note_before_a_title_goes(note: str) -> None:
    assert without_file_note(note + NAME, PAGE) == NAME


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (f"{NAME} (2,1 MB)", "pdf"), (f"{NAME} – 1,4 MB", "pdf"), (f"{NAME} | 340 KB", "docx"),
        (f"{NAME} (1 MiB)", "csv"), (f"{NAME} (48 Seiten)", "pdf"), (f"{NAME} (ZIP)", "zip"),
        (f"{NAME} [DOC]", "docx"), (f"PDF: {NAME}", "pdf"), (f"PDF-Datei: {NAME}", "pdf"),
        (f"CSV: {NAME}", "csv"),
    ],
)  # fmt: skip
def test_a_type_or_size_alone_goes_where_the_address_ends_in_the_type(
    title: str, kind: str
) -> None:
    for address in (f"https://a.example/files/1.{kind}", f"https://a.example/get?f=1.{kind}"):
        assert without_file_note(title, address) == NAME
    assert without_file_note(title, PAGE) == title
    assert without_file_note(f"ODT: {NAME}", f"https://a.example/files/1.{kind}") == f"ODT: {NAME}"


@pytest.mark.parametrize(
    "title",
    [
        "How to read a PDF", "A chip with 12 GB", "PDF", "(PDF, 12 KB)", "PDF: 12 KB", "Mo",
        "The PDF turns 30", "Speicher fasst 2 TB", "Laser schreibt 10 Mb/s (Rekord)",
        "Fair in hall 4 (12 stands)", "Open letter (PDF in German)", "5G for the port (MB-Trac)",
        "Fonds over 1,2 Mo", "Funding of 2 mln", "Seminar on ZIP codes", "Word and deed (Word)",
        "Von 12 KB auf 3 KB", "ZIP: neues Programm für Gründer", "Ein neues Programm (ZIP)",
        "CSV: Das unterschätzte Format", "Speicher der Zukunft - 64 GB", "Ein Chip (64 GB)",
        "PDF: digitale Signatur wird Pflicht", "New memory – 1,024 GB",
    ],
)  # fmt: skip
def test_other_words_stay(title: str) -> None:
    assert without_file_note(title, PAGE) == title


def test_items_are_titled_without_their_files_type_and_size() -> None:
    names = ("Cluster opens a hall", "Prize for recycling", "Members meet in town")
    rows = "".join(
        f"<li><time datetime='2026-03-0{n}'>{n}.3.2026</time> "
        f"<a href='/files/p{n}.pdf'>{name} <span>(PDF, {n},2 MB)</span></a></li>"
        for n, name in enumerate(names, 1)
    )
    page = f"<html lang='de'><h1>Pressemitteilungen</h1><ul>{rows}</ul></html>"
    items = read_listing(page.encode(), "https://cluster.example/presse/").items
    assert [item.title for item in items] == list(names)


@pytest.mark.parametrize("folder", ["/upload/user/1/", "/files/topics/", "/authors/lee/2026/"])
def test_a_document_in_a_folder_called_like_an_author_is_no_authors_page(folder: str) -> None:
    names = ("bond fund opens for new savers", "board meets in June", "fees of all funds go down")
    rows = "".join(
        f"<div class=row><a href='{folder}{n}0974278.pdf'>The {name}</a><i>2026-06-0{n}</i></div>"
        for n, name in enumerate(names, 1)
    )
    page = f"<html><title>Disclosure | Fund</title><body><div>Disclosure</div>{rows}</body></html>"
    found = read_listing(page.encode(), "https://a.example/front/left_100186.html").items
    assert [item.title for item in found] == [f"The {name}" for name in names]
