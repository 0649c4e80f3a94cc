"""What a command says of an installation that is not there yet: its database, its configuration."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.config import Settings

_PREFIX = "sqlite:///"
EXAMPLES = (
    "No clusterwatch.toml here: the five example sites that come with Clusterwatch are watched. "
    "A configuration of your own: clusterwatch init"
)


def missing_database(settings: Settings) -> Path | None:
    """The SQLite file that is not there yet; None where there is one, or another database."""
    url = settings.clusterwatch.database
    file = Path(url.removeprefix(_PREFIX))
    return file if url.startswith(_PREFIX) and file.name and not file.exists() else None


def stand_in(settings: Settings, folder: Path) -> Settings:
    """The settings over an empty database in ``folder``, so that looking makes none."""
    file = folder / "empty.db"
    table = settings.clusterwatch.model_copy(update={"database": f"{_PREFIX}{file}"})
    return settings.model_copy(update={"clusterwatch": table})


def no_database(file: Path) -> str:
    """One line for whoever looks at an installation without a database."""
    beside = [one.name for one in file.parent.glob("*.db")] if file.parent.is_dir() else []
    near = get_close_matches(file.name, beside, n=1)
    hint = f" (there is {near[0]} beside it)" if near else ""
    return f"No database at {file}{hint}; clusterwatch crawl or run makes it."
