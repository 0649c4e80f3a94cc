"""The peer of ``bench/sites.py`` that reads with trafilatura."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from trafilatura import bare_extraction

from bench.peers.reading import read_articles


def text_of(page: bytes, url: str) -> str:
    """What trafilatura takes for the text, read with the page's metadata."""
    found = bare_extraction(page, url, with_metadata=True, include_comments=False)
    return (found.text if found else "") or ""


if __name__ == "__main__":
    bare_extraction("<html><body><p>warm</p></body></html>")
    asyncio.run(read_articles(text_of))
