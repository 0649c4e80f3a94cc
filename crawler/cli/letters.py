"""A ready letter to a site's owner, of a source and of an address that was just tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.commands import in_shell
from crawler.errors import FetchError, UsageError

if TYPE_CHECKING:
    from crawler.cli.app import Door


def say_letter(door: Door, text: str, as_json: bool) -> None:
    """Print a letter, its lines as they are."""
    if as_json:
        door.json({"letter": text})
        return
    for line in text.splitlines():
        door.say(line)


def letter_to(door: Door, place: str, look: Callable[[], object], language: str) -> str:
    """The letter to the owner of the site at ``place``, which ``look`` looks at now.

    Raises UsageError where it lets us in, and what ``look`` raises where no letter helps.
    """
    from crawler.source_changes import address_letter

    try:
        look()
    except FetchError as error:
        return address_letter(door.settings.crawl, error, language)
    raise UsageError(
        f"{place} does not turn us away: it can be read.",
        remedy=f"Look at it: clusterwatch detect {in_shell(place)}",
    )
