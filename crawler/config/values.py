"""The kinds of values a configuration file holds: durations, zones, ids, addresses."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from crawler.config.selectors import MOST_SEARCHES, searches

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400}
_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d|w|y)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def duration(text: str) -> timedelta:
    """``"30m"``, ``"6h"``, ``"2d"``, ``"1w"``, ``"2y"`` (365 days) or ``"90s"`` as a timedelta.

    Raises ValueError naming the form.
    """
    found = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError('a duration such as "1s", "30m", "6h" or "2d" is needed (whole numbers)')
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def duration_text(value: timedelta) -> str:
    """The shortest text that ``duration`` reads back."""
    seconds = int(value.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def _zone_name(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError('an IANA time zone such as "Europe/Berlin" is needed') from error
    return value


def _identity(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("letters, digits, dot, dash and underscore, at most 64, are allowed")
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value) or len(value) > 2000:
        raise ValueError('a web address such as "https://www.example.org/news" is needed')
    return value


def _server(value: str) -> str:
    if "://" not in value:  # the form is told in the words of its key
        return value
    try:
        parts = urlsplit(value)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("a host and, after a colon, a port from 1 to 65535 is needed")
    return value


def _listening(value: str) -> str:
    port = value.rpartition(":")[2]
    if port.isdecimal() and int(port) > 65_535:
        raise ValueError("a port from 0 to 65535 is needed after the colon; 0: any that is free")
    return value


def _network(value: str) -> str:
    try:
        ip_network(value, strict=False)
    except ValueError as error:
        raise ValueError('a network such as "127.0.0.0/8" is needed') from error
    return value


def first_run(value: str) -> str:
    if value not in ("all", "none"):
        duration(value)
    return value


def recipient(value: str) -> str:
    channel, colon, address = value.partition(":")
    if not colon or not address.strip() or channel not in RECIPIENTS:
        allowed = ", ".join(f'"{name}:…"' for name in RECIPIENTS)
        raise ValueError(f"a recipient is one of {allowed}")
    return value


def operator(value: str) -> str:
    for one in operators(value):
        recipient(one)
    return value


def operators(value: str) -> tuple[str, ...]:
    """The addresses of a comma-separated list, each once."""
    return tuple(dict.fromkeys(one.strip() for one in value.split(",") if one.strip()))


RECIPIENTS = ("slack", "email", "file", "webhook", "apprise")


def _selector(text: str) -> str:
    if not text:
        return text
    from cssselect import SelectorError

    try:
        needed = searches(text)
    except (SelectorError, SyntaxError, ValueError) as error:
        raise ValueError(
            f'"{text}" is no CSS selector, such as "ul.news > li": {str(error).rstrip(".")}'
        ) from error
    if needed > MOST_SEARCHES:
        raise ValueError(
            f'"{text[:40]}…" would keep the crawler busy: at most {MOST_SEARCHES} steps with a '
            'space, "~", "+" or ":"; join the others with ">", such as "ul.news > li"'
        )
    return text


Seconds = Annotated[timedelta, BeforeValidator(duration)]
Zone = Annotated[str, AfterValidator(_zone_name)]
Identity = Annotated[str, AfterValidator(_identity)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
LinkPattern = Annotated[str, StringConstraints(max_length=500)]
Selector = Annotated[str, AfterValidator(_selector)]
Network = Annotated[str, AfterValidator(_network)]
Server = Annotated[str, AfterValidator(_server)]
Listening = Annotated[str, AfterValidator(_listening)]


class Table(BaseModel):
    """A table of the file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)
