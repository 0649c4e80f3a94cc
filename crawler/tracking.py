"""Which query parameters say nothing about what a page shows: tracking, sessions, views."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from urllib.parse import unquote_to_bytes

_SESSION_VALUE = re.compile(r"[0-9A-Za-z,-]*\d[0-9A-Za-z,-]*")
_SESSION_LENGTH = 20  # characters from which ``sid=…`` is a session, not a content id
_LIST = "tracking_parameters.txt"

_VIEWS: dict[str, frozenset[str] | None] = {  # parameter → values that mean "another view"
    "print": None,
    "printview": None,
    "printable": None,
    "druckversion": None,
    "druckansicht": None,
    "amp": None,
    "noamp": None,
    "outputtype": frozenset({"amp"}),
    "layout": frozenset({"print", "amp", "mobile", "pdf"}),
    "view": frozenset({"print", "amp", "mobile", "pdf", "printview"}),
    "mode": frozenset({"print", "amp", "mobile"}),
    "action": frozenset({"print", "drucken", "printpage"}),
    "task": frozenset({"print"}),
    "printer": frozenset({"1", "true", "yes", "on", ""}),
    "printerfriendly": None,
    "cn-reloaded": None,
    "format": frozenset({"print", "amp", "mobile", "pdf"}),
    "output": frozenset({"print", "amp", "pdf"}),
    "style": frozenset({"print"}),
    "device": frozenset({"mobile", "desktop", "tablet"}),
    "display": frozenset({"print", "mobile"}),
    "mobile": frozenset({"0", "1", "true", "false", "yes", "no", "on", "off", ""}),
    "pdf": frozenset({"1", "true", "yes", ""}),
    "m": frozenset({"0", "1"}),  # not M=NewsV2
    "type": frozenset({"98", "99"}),  # TYPO3's usual page types for print
    "tmpl": frozenset({"component", "print"}),  # Joomla
    "share": frozenset({"facebook", "twitter", "linkedin", "xing", "whatsapp", "email", "x"}),
}


def is_noise(name: str, value: str) -> bool:
    """Whether a parameter (still escaped) says nothing about which content is meant."""
    key = _plain(name)
    said = _plain(value)
    lists = _lists()
    if key in lists["sessions"] or key.startswith("aspsessionid"):
        return True
    if key in ("sid", "s") and len(said) >= _SESSION_LENGTH and _SESSION_VALUE.fullmatch(said):
        return True
    if key in _VIEWS:
        values = _VIEWS[key]
        return values is None or said in values
    if key in lists["origins"]:
        return said in lists["channels"]
    return key in lists["tracking"] or key.startswith(_beginnings())


def _plain(escaped: str) -> str:
    return unquote_to_bytes(escaped).decode("utf-8", "replace").lower()


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    """The sections of the shipped list, by their names."""
    sections: dict[str, set[str]] = {}
    current: set[str] = set()
    text = resources.files("crawler").joinpath(_LIST).read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), set())
        elif line and not line.startswith("#"):
            current.update(line.split())
    return {name: frozenset(words) for name, words in sections.items()}


@lru_cache(maxsize=1)
def _beginnings() -> tuple[str, ...]:
    return tuple(name[:-1] for name in sorted(_lists()["tracking"]) if name.endswith("*"))
