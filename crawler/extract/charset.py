"""How bytes of a page or feed become text: which charset really holds.

The order is WHATWG's (https://encoding.spec.whatwg.org, HTML "determining the character
encoding"): byte order mark, HTTP header, declaration inside the document, then a guess.
Deviation: a document that is valid UTF-8 with multibyte sequences *is* UTF-8, whatever its
labels say, because no other charset produces such bytes by accident.
"""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from crawler.extract.mojibake import mended

# Declarations stand within the first 1,024 bytes by the standard; real pages are later.
_PRESCAN_BYTES = 4_096
# charset-normalizer costs about 1 ms a kilobyte on non-ASCII input.
_SAMPLE_BYTES = 8_192
# UTF-16 without a mark, told by the first "<" (XML 1.0, appendix F).
_UNMARKED_UTF16 = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
# With fewer non-ASCII bytes statistics say nothing, and the commonest charset is the best guess.
_FEWEST_HIGH_BYTES = 12
# What European and East Asian pages without any label are really written in.
_LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "iso8859_2", "koi8_r"]
_LIKELY += ["cp949", "cp932", "euc_jp", "gb18030", "big5"]
_CENTRAL_EUROPEAN = frozenset({"cp1250", "iso8859_2"})
_CENTRAL_LANGUAGES = frozenset({"pl", "cs", "sk", "hu", "ro"})
_TAG = re.compile(r"<[^<>]{0,2000}>")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


def decode(body: bytes, content_type: str = "") -> str:
    """The document as text, without NULs and without a byte order mark; never raises.

    ``content_type`` is the HTTP header's value. Bytes that do not fit the charset become
    U+FFFD, or in UTF-8 what they mean in windows-1252. What was encoded twice throughout is
    read as it was meant.
    """
    return mended(_decoded(body, content_type).replace("\x00", ""))


def charset_of(body: bytes, content_type: str = "") -> str:
    """The charset ``decode`` reads ``body`` in, by Python's codec name."""
    if wide := _UNMARKED_UTF16.get(body[:2]):
        return wide
    declared = _declared(body, content_type)
    if declared == "utf-8":
        return "utf-8" if _mostly_utf8(body) else _guess(body)
    if _MULTIBYTE.search(body) and _is_utf8(body):
        return "utf-8"
    return declared or _guess(body)


def _decoded(body: bytes, content_type: str) -> str:
    name, mark = read_bom(body)
    if name and mark:
        return body[len(mark) :].decode(name, errors="replace")
    charset = charset_of(body, content_type)
    if charset == "utf-8":
        return body.decode("utf-8", errors="clusterwatch-cp1252")
    try:
        return body.decode(charset, errors="replace")
    except (LookupError, UnicodeError, ValueError):
        return body.decode("cp1252", errors="replace")


def _declared(body: bytes, content_type: str) -> str:
    """What header, XML declaration or meta element say; "" where they say nothing usable."""
    head = body[:_PRESCAN_BYTES]
    from_header = http_content_type_encoding(content_type[:500]) if content_type else None
    if from_header and _usable(from_header):
        return _usable(from_header)
    name = _usable(html_body_declared_encoding(head) or "")
    # The document could be scanned as ASCII, so it cannot be UTF-16 (WHATWG says the same).
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else name


def _usable(label: str) -> str:
    """The text codec of a label as browsers resolve it (latin-1 means windows-1252)."""
    name = resolve_encoding(label) if label else None
    if not name:
        return ""
    info = codecs.lookup(name)
    # Labels such as "hex" or "zip" name codecs that do not give text.
    return name if getattr(info, "_is_text_encoding", True) else ""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        # A truncated last character does not make a document another charset.
        return wrong.start >= len(body) - 3
    return True


def _mostly_utf8(body: bytes) -> bool:
    """Whether what is declared as UTF-8 is: more good multibyte sequences than bad bytes."""
    if _is_utf8(body):
        return True
    return len(_MULTIBYTE.findall(body)) > body.decode("utf-8", "replace").count("\ufffd")


def _guess(body: bytes) -> str:
    """The charset by its statistics, windows-1252 where nothing else is likely."""
    if _is_utf8(body):
        return "utf-8"
    sample = _sample(body)
    if len(_HIGH_BYTE.findall(sample)) < _FEWEST_HIGH_BYTES:
        return "cp1252"
    from charset_normalizer import from_bytes

    found = from_bytes(sample, steps=5, chunk_size=512, cp_isolation=_LIKELY)
    best = found.best()
    if best is None or best.encoding == "cp1252" or best.encoding in _CENTRAL_EUROPEAN:
        return _latin(sample, [match.encoding for match in found])
    return best.encoding


def _latin(sample: bytes, ranking: list[str]) -> str:
    """Western or Central European: the two share most letters, and only the language tells."""
    from crawler.language import detect_language

    central = next((name for name in ranking if name in _CENTRAL_EUROPEAN), "cp1250")
    text = _TAG.sub(" ", sample.decode(central, errors="replace"))
    return central if detect_language("", text) in _CENTRAL_LANGUAGES else "cp1252"


def _sample(body: bytes) -> bytes:
    """A piece around the first non-ASCII byte: page heads are mostly ASCII and say nothing."""
    first = _HIGH_BYTE.search(body)
    start = max(0, first.start() - 256) if first else 0
    return body[start : start + _SAMPLE_BYTES]


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("clusterwatch-cp1252", _as_cp1252)
