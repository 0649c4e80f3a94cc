"""What a source's headers_file says to its own site: a token, a cookie."""

from __future__ import annotations

from pathlib import Path

from crawler.config.reading import small_text
from crawler.errors import ConfigError
from crawler.model.source import Source


def own_headers(source: Source | None, folder: Path) -> dict[str, str]:
    """``Name: value`` lines of the source's headers_file. Raises ConfigError for one that cannot
    be read."""
    if source is None or not source.headers_file:
        return {}
    file = folder / source.headers_file
    try:
        lines = small_text(file).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f'[[sources]] "{source.id}" headers_file: {file.name} cannot be read.'
        ) from error
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip() and not name.startswith("#"):
            found[name.strip()] = value.strip()
    return found
