"""``clusterwatch init``: a configuration that runs as it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.app import Door, command
from crawler.errors import UsageError

ENV_FILE = "clusterwatch.env"
MANIFEST = "slack-app.yaml"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    command(app, "init")(init)


def init(
    door: Door,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path(),
) -> None:
    """Write a commented clusterwatch.toml that runs as it is.

    Example: clusterwatch init news && cd news && clusterwatch crawl
    """
    from importlib.resources import files

    from crawler.config import DEFAULT_FILE

    target = folder / DEFAULT_FILE
    if target.exists():
        raise UsageError(f"{target} exists already.", remedy="Choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = (files("seeds") / "clusterwatch.toml").read_text("utf-8")
        target.write_text(text, "utf-8")
        _write_manifest(folder / MANIFEST)
        env = folder / ENV_FILE
        if not env.exists():
            _write_private(env, _env_text())
    except OSError as error:
        raise UsageError(
            f"{folder}: {error.strerror}.", remedy="Choose a writable folder."
        ) from error
    door.say(f"Wrote {target} and {folder / ENV_FILE} (secrets; readable by you alone).")
    door.say(
        f"Wrote {folder / MANIFEST} (the Slack app, if you want one: its first lines say how)."
    )
    door.say("Next:")
    if folder != Path():
        door.say(f"  cd {folder}")
    door.say("  clusterwatch crawl                 # what is new on the five example sites")
    door.say("  clusterwatch digest preview team --as text")
    door.say("  clusterwatch run                   # watch and deliver until stopped")


def _write_manifest(file: Path) -> None:
    """The manifest a Slack app is made from; one that was changed by hand stays."""
    from importlib.resources import files

    if not file.exists():
        file.write_text((files("seeds") / MANIFEST).read_text("utf-8"), "utf-8")


def _write_private(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)


def _env_text() -> str:
    import secrets

    return (
        "# Secrets of this installation: KEY=value lines, readable by its user alone.\n"
        "# Signs confirm and leave links; keep it when you move to another host.\n"
        f"CLUSTERWATCH_SECRET={secrets.token_hex(32)}\n"
        "# SLACK_BOT_TOKEN=\n"
        "# Menus and /clusterwatch: by Socket Mode, or signed where Slack reaches public_url.\n"
        "# SLACK_APP_TOKEN=\n"
        "# SLACK_SIGNING_SECRET=\n"
        "# CLUSTERWATCH_SMTP_PASSWORD=\n"
    )
