"""Small PDFs written byte by byte, for tests of what reads them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence


def pdf(
    pages: Sequence[Sequence[str]],
    info: Mapping[str, str] | None = None,
    *,
    trailer: str = "",
    objects: Sequence[str] = (),
) -> bytes:
    """One page for each list of lines, set in Helvetica; ``info`` are document properties,
    ``objects`` stand behind the others, ``trailer`` goes into the trailer's dictionary."""
    streams = [content(lines) for lines in pages]
    return from_streams(streams, info, trailer=trailer, objects=objects)


def content(lines: Sequence[str]) -> bytes:
    """The drawing commands of a page with these lines."""
    drawn = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 11 Tf 14 TL 50 780 Td\n{drawn}ET".encode("latin-1")


def from_streams(
    streams: Sequence[bytes],
    info: Mapping[str, str] | None = None,
    *,
    trailer: str = "",
    objects: Sequence[str] = (),
    compressed: bool = False,
) -> bytes:
    """A document whose pages have the given content streams."""
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(streams)))
    parts: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
            f"{first + 2 * number + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        body = zlib.compress(stream, 9) if compressed else stream
        named = " /Filter /FlateDecode" if compressed else ""
        head = f"<< /Length {len(body)}{named} >>\nstream\n".encode()
        parts.append(head + body + b"\nendstream")
    parts += [one.encode("latin-1") for one in objects]
    if info:
        pairs = " ".join(f"/{key} ({_escaped(value)})" for key, value in info.items())
        parts.append(f"<< {pairs} >>".encode("latin-1"))
        trailer += f" /Info {len(parts)} 0 R"
    return _assembled(parts, trailer)


def _assembled(parts: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R {trailer} >>\n".encode("latin-1")
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
