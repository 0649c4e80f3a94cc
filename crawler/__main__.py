"""The command: joins the crawler's and the alerts' command groups."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.app import ConfigOption, Door, QuietOption, VerboseOption, run

if TYPE_CHECKING:
    from crawler.wiring import Parts


def application() -> typer.Typer:
    """The whole command line."""
    from alerts import cli as alerts_cli
    from crawler import cli as crawler_cli

    app = typer.Typer(
        name="clusterwatch",
        help="Watches the news pages of innovation clusters and brings what is new to Slack and "
        "e-mail.\n\nStart with: clusterwatch init, then clusterwatch crawl.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_start)
    crawler_cli.register(app)
    alerts_cli.register(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from crawler import __version__

        typer.echo(f"clusterwatch {__version__}")
        raise typer.Exit


def _start(
    ctx: typer.Context,
    config: ConfigOption = None,
    verbose: VerboseOption = 0,
    quiet: QuietOption = 0,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    ctx.obj = Door(config, verbose - quiet, sync_also=_sync_subscriptions)


def _sync_subscriptions(parts: Parts, now: datetime) -> None:
    """What the file declares for the alerts belongs to every sync."""
    if parts.settings.path is not None:
        from alerts.wiring import AlertParts, sync_subscriptions

        sync_subscriptions(AlertParts(parts), now)


def main() -> None:
    """Console script ``clusterwatch``."""
    sys.exit(run(application()))


if __name__ == "__main__":
    main()
