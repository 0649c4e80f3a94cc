"""One log format: an event in the past tense and its keys, to stderr."""

from __future__ import annotations

import logging
import sys
from typing import Any

_LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO, 2: logging.DEBUG}
_QUIET = (
    "scrapy",
    "asyncio",
    "apscheduler",
    "trafilatura",
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
    without being asked. Libraries speak only from WARNING on, or at ``-vv``.
    """
    level = _LEVELS[max(-1, min(2, verbosity + (1 if service else 0)))]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG if verbosity >= 2 else logging.ERROR)


def event(logger: logging.Logger, level: int, name: str, /, **keys: Any) -> None:
    """Log one event: ``item.stored source=bio item_id=…``. Never pass addresses of people,
    tokens or bodies."""
    if logger.isEnabledFor(level):
        pairs = " ".join(f"{key}={_value(value)}" for key, value in keys.items())
        logger.log(level, "%s %s", name, pairs)


def _value(value: Any) -> str:
    text = "".join(char if char.isprintable() else " " for char in str(value))[:300]
    return f'"{text}"' if " " in text or not text else text
