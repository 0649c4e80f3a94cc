"""Addresses as people type them: ``www.example.org/news``, without a scheme, is one.

Secure connections are tried first; where a site makes none, the old way, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from crawler.cli.app import Door
from crawler.errors import FetchError

T = TypeVar("T")
_HOST = re.compile(r"[^\W_](?:[\w-]|\.(?=[^\W_])){0,253}(?::\d{1,5})?")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# Endings of pages as they are saved: a file that is not there, unless a path follows.
_SAVED = re.compile(
    r"\.(html?|xhtml|mht|mhtml|xml|rss|atom|rdf|json|jsonl|pdf|txt|md|gz|zip|php|aspx?)$", re.I
)
_NO_TLS = ("connect", "tls", "timeout")  # how a site fails that has no secure door


def is_address(place: str) -> bool:
    """Whether a place is meant as an address on the web: with a scheme, or as people type it. A
    file that exists is a file."""
    if place.lower().startswith(("http://", "https://")):
        return True
    return not Path(place).exists() and _is_bare(place)


def _is_bare(place: str) -> bool:
    from crawler.urls import is_public_name

    host, slash, _ = place.partition("/")
    if not _HOST.fullmatch(host) or (not slash and _SAVED.search(host)):
        return False
    name = host.partition(":")[0]
    return name == "localhost" or bool(_IP.fullmatch(name)) or is_public_name(name)


def at_address(door: Door, typed: str, ask: Callable[[str], T]) -> T:
    """What ``ask`` gives for the address that was typed.

    Without a scheme ``ask`` is called with https, and where that makes no connection with http.
    Raises what ``ask`` raises; where both fail, the error of the secure one.
    """
    if "://" in typed:
        return ask(typed)
    try:
        return ask(f"https://{typed}")
    except FetchError as error:
        if error.kind not in _NO_TLS:
            raise
        try:
            found = ask(f"http://{typed}")
        except FetchError as other:
            if other.kind in _NO_TLS:
                error.message = f"{error.message.rstrip('.')} (neither by https nor by http)."
                raise error from other
            raise
        door.warn(f"https://{typed}: {error.message.rstrip('.')}; http://{typed} is taken instead.")
        return found
