"""The crawler's commands, a file per group."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add every command of the crawler to the application."""
    from crawler.cli import (
        crawl,
        feedback,
        items,
        reading,
        setup,
        sources,
        stories,
        topic_review,
        topics,
    )

    for module in (
        setup,
        crawl,
        items,
        reading,
        sources,
        topics,
        topic_review,  # a command of the topics' group, so after it
        feedback,
        stories,
    ):
        module.register(app)
