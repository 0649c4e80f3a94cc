"""How a PDF becomes an Article: pypdf reads it, bounded in pages, characters and work."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from io import BytesIO
from typing import TYPE_CHECKING, Any

from crawler.errors import ExtractError
from crawler.extract.dates import plausible
from crawler.extract.markup import folded
from crawler.extract.pdf_heading import heading
from crawler.extract.pdf_text import pdf_paragraphs, without_title
from crawler.language import detect_language
from crawler.model.item import Article, Published, RawItem

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_BYTES = 30_000_000
MAX_PAGES = 30
MAX_CHARACTERS = 200_000
# Text of a page is a small stream; what inflates beyond this is a picture or a bomb.
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": MAX_BYTES,
    "array_based_stream_maximum_output_length": 10_000_000,
    "zlib_maximum_output_length": 10_000_000,
    "zlib_maximum_recovery_input_length": 1_000_000,
    "lzw_maximum_output_length": 2_000_000,
    "run_length_maximum_output_length": 10_000_000,
    "brotli_maximum_output_length": 10_000_000,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 20_000_000,
    "stream_parsing_work_maximum_count": 200_000,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_page_entries": 50_000,
    "xform_maximum_invocations_per_extraction": 100,
    "jbig2dec_binary": None,  # no other program is started
    "disable_legacy_handling": True,
}
_MAGIC_WITHIN = 1024  # bytes; readers accept some rubbish before it (ISO 32000-1, H.3)
_SILENT = logging.CRITICAL + 1
# What writing programs put into the title: a file's name, or nothing.
_NO_TITLE = re.compile(
    r"\.(?:docx?|indd|pdf|pptx?|xlsx?|odt|qxp|tex|rtf)\s*$|^(?:microsoft|powerpoint|untitled|"
    r"unbenannt|dokument|document|slide|folie|print|layout|title|titel)\b|^[\w-]*[_\d][\w-]*$",
    re.I,
)
_MAX_TITLE = 200
_SLACK = timedelta(days=1)  # clocks and zones of the writing machine


def is_pdf(body: bytes, content_type: str = "") -> bool:
    """Whether an answer is a PDF, by its first bytes or by what the server calls it."""
    named = content_type.partition(";")[0].strip().lower()
    magic = body[:_MAGIC_WITHIN].lstrip().startswith(b"%PDF-")
    return magic or named in ("application/pdf", "application/x-pdf")


def read_pdf(
    body: bytes,
    url: str,
    *,
    zone: tzinfo = UTC,
    now: datetime | None = None,
    hint: RawItem | None = None,
) -> Article:
    """The text of a PDF, fetched from ``url``: at most 30 pages and 200,000 characters.

    ``hint`` is what a feed or listing said about it: its title and date come before the
    document's own. A date of creation counts only between 1990 and ``now``; ``zone`` is for
    one without an offset. Pictures of pages (scans) give an empty text. Raises ExtractError
    for what is no PDF, broken beyond reading, or protected by a password.
    """
    if len(body) > MAX_BYTES:
        raise ExtractError(f"The PDF is larger than {MAX_BYTES:,} bytes.", url=url)
    if b"%PDF-" not in body[:_MAGIC_WITHIN]:
        raise ExtractError("The document is no PDF, although its server says so.", url=url)
    with _quietly():
        reader = _opened(body, url)
        pages = _pages(reader, url)
        own_title, created = _own_title(reader) or heading(reader), _created(reader, zone, now)
    paragraphs = pdf_paragraphs(pages)
    title = folded(hint.title if hint else "") or own_title or _first_line(paragraphs)
    text = "\n\n".join(without_title(paragraphs, title))[:MAX_CHARACTERS]
    return Article(
        url=url,
        title=title,
        published=(hint.published if hint else None) or created,
        language=detect_language(title, text[:2000], hint.language if hint else ""),
        text=text,
    )


@contextmanager
def _quietly() -> Iterator[None]:
    """pypdf within our limits; it logs and warns about every oddity of a file."""
    from pypdf import apply_configuration

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(_SILENT)
    try:
        with warnings.catch_warnings(), apply_configuration(**_LIMITS):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _opened(body: bytes, url: str) -> PdfReader:
    from pypdf import PasswordType, PdfReader

    try:
        reader = PdfReader(
            BytesIO(body), root_object_recovery_limit=1000, xref_stream_maximum_entries=100_000
        )
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
    except Exception as error:  # pypdf raises whatever its innards run into
        raise _broken(error, url) from error
    if locked:
        raise ExtractError("The PDF is protected by a password.", url=url)
    return reader


def _pages(reader: PdfReader, url: str) -> list[str]:
    """The text of each page; one that cannot be read is left out while others can."""
    pages: list[str] = []
    problem: Exception | None = None
    characters = 0
    try:
        count = min(len(reader.pages), MAX_PAGES)
    except Exception as error:
        raise _broken(error, url) from error
    for number in range(count):
        try:
            text = reader.pages[number].extract_text()
        except Exception as error:
            problem = error
            continue
        pages.append(text[:MAX_CHARACTERS])
        characters += len(text)
        if characters >= MAX_CHARACTERS:
            break
    if not pages:
        raise _broken(problem, url)
    return pages


def _broken(error: Exception | None, url: str) -> ExtractError:
    what = type(error).__name__ if error is not None else "it has no pages"
    return ExtractError(f"The PDF cannot be read: {what}.", url=url)


def _own_title(reader: PdfReader) -> str:
    """The title in the document's properties, unless it is a file's name or a placeholder."""
    try:
        title = folded(str((reader.metadata and reader.metadata.title) or ""))
    except Exception:  # a broken property says nothing
        return ""
    return "" if _NO_TITLE.search(title) or len(title) > _MAX_TITLE else title


def _created(reader: PdfReader, zone: tzinfo, now: datetime | None) -> Published | None:
    try:
        moment = reader.metadata.creation_date if reader.metadata else None
        if moment is None:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        if not plausible(moment.date(), now) or (now is not None and moment > now + _SLACK):
            return None
    except Exception:  # a broken property says nothing
        return None
    return Published(moment)


def _first_line(paragraphs: list[str]) -> str:
    return next((one for one in paragraphs[:3] if 8 <= len(one) <= _MAX_TITLE), "")
