"""The crawler's commands, a file per group."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add every command of the crawler to the application."""
    from crawler.cli import crawl, items, reading, setup, sources, stories, topics

    for module in (setup, crawl, items, reading, sources, topics, stories):
        module.register(app)
