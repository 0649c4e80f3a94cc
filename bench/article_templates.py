"""What it costs to read a source's later articles by what its first ones taught.

Run ``python bench/article_templates.py [--sites 15] [--articles 10]``: CPU milliseconds a page on
the farm's sites, read one after the other as polls do, beside every page read for itself and beside
trafilatura, with the mean word F1 of the texts.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.farm.pages import Site
from bench.farm.prose import EPOCH, Told
from bench.quality_of_text import word_f1
from crawler.extract.article import read_article, read_taught
from crawler.extract.article_templates import Templates
from crawler.model.item import Published, RawItem

Row = tuple[float, float]  # CPU seconds, word F1


class Readers:
    """Each way to read a page, and what it came to."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.templates = Templates()

    def read(self, site: Site, told: Told) -> None:
        """One page, by all."""
        body, url = site.article(told).encode(), site.origin + site.path(told)
        hint = RawItem(url=url, title=told.title, published=Published(told.published))
        begun = time.process_time()
        text = read_article(body, url, now=EPOCH, hint=hint).text
        self._note("each for itself", begun, text, told)
        before = [one.read for one in self.templates.known]
        begun = time.process_time()
        found, self.templates = read_taught(body, url, self.templates, now=EPOCH, hint=hint)
        is_learned = sum(one.read for one in self.templates.known) > sum(before)
        self._note("by a template" if is_learned else "learning", begun, found.text, told)
        begun = time.process_time()
        self._note("trafilatura", begun, _trafilatura(body, url), told)

    def _note(self, who: str, begun: float, text: str, told: Told) -> None:
        self.rows[who].append((time.process_time() - begun, word_f1(text, told.text)))


def _trafilatura(body: bytes, url: str) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(body, url, with_metadata=True, include_comments=False)
    return getattr(found, "text", None) or ""


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sites", type=int, default=15)
    options.add_argument("--articles", type=int, default=10)
    chosen = options.parse_args()
    readers = Readers()
    for number in range(chosen.sites + 1):
        site = Site(number, f"https://site{number}.example", chosen.articles)
        readers.templates = Templates()
        for told in site.articles():
            readers.read(site, told)
        if number == 0:
            readers.rows.clear()  # libraries and tables are loaded once
    for who, rows in readers.rows.items():
        cost = sum(cost for cost, _ in rows) / len(rows) * 1_000
        f1 = sum(score for _, score in rows) / len(rows)
        print(f"{who:16s} n={len(rows):4d} {cost:6.1f} ms  F1 {f1:.4f}")


if __name__ == "__main__":
    main()
