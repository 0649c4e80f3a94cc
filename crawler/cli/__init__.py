"""The crawler's commands, a file per group."""

from __future__ import annotations

from importlib import import_module

import typer

_MODULES = (
    "setup",
    "crawl",
    "items",
    "reading",
    "sources",
    "topics",
    "topic_review",  # a command of the group of topics, so after it
    "feedback",
    "stories",
)


def register(app: typer.Typer) -> None:
    """Add every command of the crawler to the application."""
    for name in _MODULES:
        import_module(f"crawler.cli.{name}").register(app)
