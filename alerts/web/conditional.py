"""Answers that are sent once: tags and dates by which a reader asks whether anything changed.

RFC 9110, sections 8.8 and 13. What is answered so depends on the archive alone, never on the
moment, or every question would find a change.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response


def conditional(request: Request, body: bytes, kind: str, updated: datetime) -> Response:
    """``body`` of the media type ``kind``, last changed at ``updated`` (UTC); 304 without it for
    who has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(updated, usegmt=True),
        "Cache-Control": "private, no-cache",
    }
    if _unchanged(request, tag, updated):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{kind}; charset=utf-8", headers=headers)


def _unchanged(request: Request, tag: str, updated: datetime) -> bool:
    """Whether who asks has it already; a tag is asked before a date (RFC 9110, 13.2.2)."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = [one.strip().removeprefix("W/") for one in known[:2000].split(",")]
        return "*" in tags or tag in tags
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (TypeError, ValueError):
        return False
    return since.tzinfo is not None and updated <= since
