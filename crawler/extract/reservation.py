"""Whether the rights holder of a page reserves text and data mining.

Read as the TDM Reservation Protocol has it (TDMRep, W3C community group report of 2024, 4 and 5),
by which rights are reserved in the sense of article 4(3) of directive (EU) 2019/790: a header, and
before it a meta element. Our deviation: the site's ``/.well-known/tdmrep.json`` is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NAME = "tdm-reservation"
_HEAD_BYTES = 200_000  # meta elements stand in a page's head
_META = re.compile(rb"<meta\s[^<>]{1,400}>", re.IGNORECASE)
_NAMED = re.compile(rb"\bname\s{0,9}=\s{0,9}[\"']?\s{0,9}tdm-reservation[\"'\s/>]", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s{0,9}=\s{0,9}[\"']?\s{0,9}(\d)[\"'\s/>]", re.IGNORECASE)


def reserves_mining(body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether a page says 1. ``headers`` have lower-case names; what is said twice counts as
    reserved where one of both says so."""
    said = _in_head(body[:_HEAD_BYTES])
    if not said:
        said = {one.strip() for one in headers.get(NAME, "").split(",")}
    return "1" in said


def _in_head(head: bytes) -> set[str]:
    if NAME.encode() not in head.lower():
        return set()
    named = (one for one in _META.findall(head) if _NAMED.search(one))
    return {found[1].decode() for one in named if (found := _CONTENT.search(one))}
