"""``clusterwatch bounces``: reads the mailbox, or mails in files, once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.app import Door, JsonOption, command
from crawler.errors import UsageError

if TYPE_CHECKING:
    from alerts.mailbox.handling import Handled

_MOST_TOLD = 20  # ignored mails that are named


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    command(app, "bounces")(bounces)


def bounces(
    door: Door,
    path: Annotated[
        Path | None, typer.Argument(metavar="[FILE|FOLDER]", help="Mails: .eml files or an mbox.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read delivery reports, leave and confirm mails, and newsletters; each mail counts once.

    Without a file the mailbox of the configuration is read, as the daemon does every five minutes.

    Example: clusterwatch bounces ./returned-mail/
    """
    from alerts.mailbox.folders import mails_in
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        if path is not None:
            done = parts.mail_handler.handle_all(mails_in(path), utc_now())
        elif parts.mail_folder is None:
            raise UsageError(
                "No mailbox is configured.",
                remedy='Set [mailbox] imap and user, or folder = "mails/" (of .eml files); or name '
                "a file: clusterwatch bounces FILE",
            )
        else:
            done = parts.read_mailbox(utc_now())
    _tell(door, done)
    read = sum(done.counts.values())
    document = {
        "read": read,
        **_counts(done.counts),
        "errors": done.errors,
        "unmatched_why": done.unmatched,
        "ignored_why": done.ignored,
    }
    if as_json:
        door.json(document)
        return
    said = ", ".join(f"{count} {name}" for name, count in sorted(done.counts.items()) if count)
    many = "1 mail read" if read == 1 else f"{read} mails read"
    door.say(many + (f": {said}." if said else "."))


def _tell(door: Door, done: Handled) -> None:
    """What could not be read, and what was read for nothing, on stderr."""
    for error in done.errors:
        door.fail(error)
    for why in done.unmatched:
        door.warn(why)
    for why in done.ignored[:_MOST_TOLD]:
        door.warn(f"Ignored: {why}.")
    if len(done.ignored) > _MOST_TOLD:
        door.warn(f"Ignored: {len(done.ignored) - _MOST_TOLD} more.")


def _counts(counts: dict[str, int]) -> dict[str, int]:
    kinds = (
        "hard", "soft", "left", "wish", "confirmed", "newsletter", "unmatched", "operator",
        "ignored", "known", "refused",
    )  # fmt: skip
    return {kind: counts.get(kind, 0) for kind in kinds}
