"""Where a click on an element leads that is no link: rows and cards whose script or data attribute
names an address. Only literal addresses are read, no script runs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawler.extract.listing_words import name_words, vocabulary

# Attributes that may name the address; of a link that leads nowhere else its href as well.
CLICKED = vocabulary("onclick data-href data-url data-link href")
# The whole of what is assigned: "'/news/' + id" is no address.
_ASSIGNED = re.compile(
    r"(?<!\w)(?:location(?:\.href)?\s*=(?!=)|location\.(?:assign|replace)\(|window\.open\()\s*"
    r"(['\"])([^'\"\s<>]{1,1000})\1\s*(?:[;,)}]|return|$)"
)
_NAMED = vocabulary("click clickable link linked")
_LONGEST_SCRIPT = 2_000  # characters


def click_address(attrs: Mapping[str, str]) -> str:
    """The address, as written, that a click on an element with these attributes leads to; "" for
    none."""
    for script in (attrs.get("onclick", ""), attrs.get("href", "")):
        if found := _ASSIGNED.search(script[:_LONGEST_SCRIPT]):
            return found[2]
    if attrs.get("data-href"):
        return attrs["data-href"]
    if attrs.get("role") != "link" and not name_words(attrs.get("class", "")) & _NAMED:
        return ""  # elsewhere such data is for scripts: what they load, what they share
    return attrs.get("data-url") or attrs.get("data-link") or ""
