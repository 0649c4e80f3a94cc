"""Where a click on an element leads that is no link: rows and cards whose script or data attribute
names an address. Only literal addresses are read, no script runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from crawler.extract.listing_words import name_words, vocabulary

# Attributes that may name the address; of a link that leads nowhere else its href as well.
CLICKED = vocabulary("onclick data-href data-url data-link href")
_OPENS = re.compile(
    r"(?<!\w)(?:location(?:\.href)?\s*=(?!=)|location\.(?:assign|replace)\(|window\.open\()\s*"
)
# The whole of what is assigned: "'/news/' + id" is no address.
_ASSIGNED = re.compile(r"(['\"])([^'\"\s<>]{1,1000})\1\s*(?:[;,)}]|return|$)")
_ASKS = re.compile(r"\bconfirm\s?\(")
_NAMED = vocabulary("click clickable link linked")
_LONGEST_SCRIPT = 2_000  # characters


def click_address(attrs: Mapping[str, str]) -> str:
    """The address, as written, that a click on an element with these attributes leads to; "" for
    none."""
    for script in (attrs.get("onclick", ""), attrs.get("href", "")):
        if address := _opened(script[:_LONGEST_SCRIPT]):
            return address
    if attrs.get("data-href"):
        return attrs["data-href"]
    if attrs.get("role") != "link" and not name_words(attrs.get("class", "")) & _NAMED:
        return ""  # elsewhere such data is for scripts: what they load, what they share
    return attrs.get("data-url") or attrs.get("data-link") or ""


def _opened(script: str) -> str:
    """The only address that a script opens without asking: what asks may delete, and what opens
    one of several shares or chooses."""
    opened = list(islice(_OPENS.finditer(script), 2))
    if len(opened) != 1 or _ASKS.search(script):
        return ""
    found = _ASSIGNED.match(script, opened[0].end())
    return found[2] if found else ""
