"""One log format: an event in the past tense and its keys, to stderr."""

from __future__ import annotations

import itertools
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO, 2: logging.DEBUG}
OURS = ("crawler", "alerts", "spiders", "scheduler", "__main__")
# What they say at ERROR about single pages we know already, in our own words.
_QUIET = (
    "scrapy",
    "asyncio",
    "apscheduler",
    "htmldate",
    "justext",
    "py3langid",
    "pypdf",
    "aiohttp",
    "slack_sdk",
    "charset_normalizer",
    "courlan",
    "filelock",
    "procrastinate",
    "psycopg",
    "tldextract",
    "tzlocal",
)


def configure(verbosity: int = 0, *, service: bool = False) -> None:
    """Send our events to stderr.

    ``verbosity`` counts ``-v`` minus ``-q``; a service (``run``) says what it does
    without being asked. Libraries speak from WARNING on, however much we say: what they say
    below may hold a secret, as the address of a service behind Apprise does, which never speaks.
    """
    level = _LEVELS[max(-1, min(2, verbosity + (1 if service else 0)))]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    handler.addFilter(_is_heard)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    # It tells of a page that it can make nothing of, but not which; we do.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def _is_heard(record: logging.LogRecord) -> bool:
    family = record.name.partition(".")[0]
    return family in OURS or (record.levelno >= logging.WARNING and family != "apprise")


@contextmanager
def polling(source: str) -> Iterator[None]:
    """While a source is polled, every line that names it says in which poll: ``poll=3f9a1c07``.

    A source is polled once at a time, so its name is enough to tell. From ``item.stored`` on,
    which says both, the item's own id leads to the digests it went out with.
    """
    _polls[source] = f"{next(_numbers) % 2**32:08x}"
    try:
        yield
    finally:
        _polls.pop(source, None)


# Asking the system for each number would let other threads in between, at every poll.
_numbers = itertools.count(secrets.randbits(32))
_polls: dict[str, str] = {}  # source → the poll that is under way


def event(logger: logging.Logger, level: int, name: str, /, **keys: Any) -> None:
    """Log one event: ``item.stored source=bio item_id=…``. Never pass addresses of people,
    tokens or bodies."""
    if logger.isEnabledFor(level):
        poll = _polls.get(str(keys.get("source", "")))
        told = keys if poll is None else {**keys, "poll": poll}
        pairs = " ".join(f"{key}={_value(value)}" for key, value in told.items())
        logger.log(level, "%s %s", name, pairs)


def _value(value: Any) -> str:
    text = "".join(char if char.isprintable() else " " for char in str(value))[:300]
    return f'"{text}"' if " " in text or not text else text
