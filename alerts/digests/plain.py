"""How a string from outside becomes one safe line of a message.

Titles and addresses come from pages we do not control: they may carry line breaks that
would inject headers, direction overrides that turn a sentence round, or addresses that
are no web addresses at all.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

_ELLIPSIS = "…"
_KEPT_FORMAT_CHARACTERS = "\u200c\u200d"  # joiners shape letters in several scripts
_MAX_ADDRESS = 3000  # Slack's limit, and more than browsers need
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\"'`{}|\\^\x00-\x20\x7f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def one_line(text: str) -> str:
    """``text`` without control and direction characters, white space folded to single spaces."""
    kept = (
        character if _harmless(character) else (" " if character.isspace() else "")
        for character in text
    )
    return " ".join("".join(kept).split())


def same_length(text: str) -> str:
    """``text`` with a space for every character ``one_line`` drops, so that offsets stay."""
    return "".join(character if _harmless(character) else " " for character in text)


def _harmless(character: str) -> bool:
    if character in _KEPT_FORMAT_CHARACTERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def clipped(text: str, length: int) -> str:
    """``text`` in at most ``length`` code points, cut between words and ended by an ellipsis."""
    if len(text) <= length:
        return text
    head = text[: max(length - 1, 0)]
    cut = head.rfind(" ")
    if cut > length // 2:  # a single long word is cut inside, or nothing would be left
        head = head[:cut]
    return head.rstrip(" ,;:.–—-") + _ELLIPSIS if length > 0 else ""


def web_address(url: str) -> str:
    """``url`` if it is an http(s) address fit for a link, characters that break markup
    percent-encoded; else ``""``."""
    safe = _encoded(url.strip())
    try:
        parts = urlsplit(safe)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return ""
    return safe if len(safe) <= _MAX_ADDRESS else ""


def link_target(url: str) -> str:
    """``url`` if a message may link it (http, https or mailto), else ``""``."""
    if url.lower().startswith("mailto:"):
        return _encoded(url)
    return web_address(url)


def _encoded(address: str) -> str:
    whole = _LONE_SURROGATE.sub("", address)
    return _UNSAFE_IN_ADDRESS.sub(lambda found: quote(found[0], safe=""), whole)


def mail_link(address: str) -> str:
    """``address`` as a ``mailto:`` link; it may be one already. ``""`` stays ``""``."""
    if not address or address.lower().startswith("mailto:"):
        return address
    return f"mailto:{address}"
