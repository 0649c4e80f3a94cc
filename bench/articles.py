"""How long reading one article page takes: CPU milliseconds, beside trafilatura's modes.

Run ``python bench/articles.py [FOLDER]``: over the generated pages of the quality tests, or over
the ``*.html`` files of FOLDER. Ours gives text, title, dates, language, author and picture;
trafilatura's default mode gives text and metadata.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.errors import ExtractError
from crawler.extract.article import read_article
from tests.quality.article_pages import pages

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
URL = "https://www.verbund.example/item.html"


def bodies() -> list[bytes]:
    """The pages to read."""
    if len(sys.argv) > 1:
        return [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.html"))]
    return [page.html.encode() for page in pages()]


def ours(body: bytes) -> None:
    """The whole article; what is refused took its time too."""
    try:
        read_article(body, URL, now=NOW)
    except ExtractError:
        return


def trafilatura(body: bytes, *, fast: bool = False, precise: bool = False) -> None:
    """Text and metadata in one of trafilatura's modes."""
    from trafilatura import bare_extraction

    bare_extraction(
        body, URL, fast=fast, favor_precision=precise, with_metadata=True, include_comments=False
    )


READERS: dict[str, Callable[[bytes], None]] = {
    "ours": ours,
    "trafilatura default": trafilatura,
    "trafilatura fast": lambda body: trafilatura(body, fast=True),
    "trafilatura precision": lambda body: trafilatura(body, precise=True),
}


def main() -> None:
    """Print CPU milliseconds a page: the mean, and the slowest page."""
    found = bodies()
    for reader in READERS.values():
        reader(found[0])  # imports and tables are loaded once
    for name, reader in READERS.items():
        costs = []
        for body in found:
            begun = time.process_time()
            reader(body)
            costs.append((time.process_time() - begun) * 1_000)
        print(f"{name:24s} n={len(costs)} {sum(costs) / len(costs):7.1f} ms  max {max(costs):7.1f}")


if __name__ == "__main__":
    main()
