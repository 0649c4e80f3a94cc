"""``clusterwatch worker``: one crawl and delivery worker of a scaled-out installation."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler import logs
from crawler.cli.app import Door, command


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    command(app, "worker")(worker)


def worker(
    door: Door,
    only: Annotated[
        str, typer.Option("--only", metavar="SOURCE", help="Poll this source once, then end.")
    ] = "",
    metrics: Annotated[
        str, typer.Option("--metrics", metavar="HOST:PORT", help="Answer Prometheus there.")
    ] = "",
) -> None:
    """Crawl and deliver beside any number of other workers until stopped; needs PostgreSQL.

    Example: clusterwatch worker
    """
    logs.configure(door.verbosity, service=True)
    if only:
        from alerts.workers.apart import poll_alone

        poll_alone(door.settings, only)
        return
    from alerts.workers.worker import run

    run(door.settings, metrics=metrics)
