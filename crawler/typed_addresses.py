"""Addresses as people type them: ``www.example.org/news``, without a scheme, is one.

Secure connections are tried first; where a site makes none, the old way, and that is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from crawler.errors import FetchError

T = TypeVar("T")
_HOST = re.compile(r"[^\W_](?:[\w-]|\.(?=[^\W_])){0,253}(?::\d{1,5})?")
_AROUND = " \t\r\n\u00a0\u200b<>\"'“”„‘’«»"
_FEED_SCHEME = re.compile(r"^feed:(?://)?", re.I)  # feed://host/path, feed:https://host/path
_SCHEME = re.compile(r"[a-z][a-z\d+.-]*://", re.I)  # RFC 3986, 3.1
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# Endings of pages as they are saved: a file that is not there, unless a path follows.
_SAVED = re.compile(
    r"\.(html?|xhtml|mht|mhtml|xml|rss|atom|rdf|json|jsonl|pdf|txt|md|gz|zip|php|aspx?)$", re.I
)
_NO_TLS = ("connect", "tls", "timeout")  # how a site fails that has no secure door
_NO_ANSWER = (*_NO_TLS, "body")  # and how a secure door fails that is asked the old way


def _silent(line: str) -> None:
    """For doors whose answer shows the address that was taken."""


def pasted(typed: str) -> str:
    """An address without what was copied along with it: white space, quotes and brackets around
    it, and the scheme that only says that it is a feed."""
    return _FEED_SCHEME.sub("", typed.strip(_AROUND))


def is_address(place: str) -> bool:
    """Whether a place is meant as an address on the web: with a scheme, or as people type it. A
    file that exists is a file."""
    address = pasted(place)
    if address.lower().startswith(("http://", "https://")):
        return True
    # ``Path.exists`` raises for a name that is too long to be a file's.
    return _is_bare(address) and not os.path.exists(place)


def with_scheme(place: str) -> str:
    """A bare address with the scheme that is asked first; everything else as it is."""
    bare = pasted(place)
    return f"https://{bare}" if _is_bare(bare) else bare


def _is_bare(place: str) -> bool:
    from crawler.urls import is_public_name

    host = re.split(r"[/?#]", place, maxsplit=1)[0]
    has_path = place.startswith("/", len(host))
    if not _HOST.fullmatch(host) or (not has_path and _SAVED.search(host)):
        return False
    name = host.partition(":")[0]
    return name == "localhost" or bool(_IP.fullmatch(name)) or is_public_name(name)


def at_address(typed: str, ask: Callable[[str], T], say: Callable[[str], None] = _silent) -> T:
    """What ``ask`` gives for the address that was typed.

    Without a scheme ``ask`` is called with https, and where that makes no connection with http;
    ``say`` is told then. Raises what ``ask`` raises; where both fail, the error of the secure one.
    """
    typed = pasted(typed)
    if not _is_schemeless(typed):
        return ask(typed)
    try:
        return ask(f"https://{typed}")
    except FetchError as error:
        _refuse_answered(error)
        try:
            found = ask(f"http://{typed}")
        except FetchError as other:
            raise _of_both(error, other) from other
        say(_taken_instead(typed, error))
        return found


async def at_address_waiting(typed: str, ask: Callable[[str], Awaitable[T]]) -> T:
    """The same where asking is waited for."""
    typed = pasted(typed)
    if not _is_schemeless(typed):
        return await ask(typed)
    try:
        return await ask(f"https://{typed}")
    except FetchError as error:
        _refuse_answered(error)
        try:
            return await ask(f"http://{typed}")
        except FetchError as other:
            raise _of_both(error, other) from other


def _is_schemeless(typed: str) -> bool:
    return bool(typed) and not _SCHEME.match(typed)


def _refuse_answered(error: FetchError) -> None:
    """Raises the error of a site that has a secure door and answered there."""
    if error.kind not in _NO_TLS:
        raise error


def _of_both(error: FetchError, other: FetchError) -> FetchError:
    """The error that tells most, where the secure way failed and then the old one."""
    if other.kind not in _NO_ANSWER:
        return other
    error.message = f"{error.message.rstrip('.')} (neither by https nor by http)."
    return error


def _taken_instead(typed: str, error: FetchError) -> str:
    return f"https://{typed}: {error.message.rstrip('.')}; http://{typed} is taken instead."
