"""How well items were grouped: pairwise F1 against the events that they tell.

    python bench/quality_of_stories.py [--sites 11] [--articles 20]

The farm's articles as they were written, grouped in an empty archive in memory; one JSON document.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.farm.pages import Site
from crawler.stories.evaluate import evaluate


def pair_f1(found: Mapping[str, str], meant: Mapping[str, str]) -> float:
    """1.0 where exactly those items share a story (``found``) that tell one event (``meant``);
    both lead from an item's address. An item without a story stands alone."""
    story = {url: found.get(url, f"alone {url}") for url in meant}
    both = _pairs(Counter((story[url], event) for url, event in meant.items()))
    ours, theirs = _pairs(Counter(story.values())), _pairs(Counter(meant.values()))
    return 2 * both / (ours + theirs) if ours + theirs else 1.0


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def farm_rows(sites: int, articles: int) -> list[dict[str, object]]:
    """The farm's articles as labelled rows, in an order of their own."""
    every = [Site(number, f"https://site{number}.example", articles) for number in range(sites)]
    rows: list[dict[str, object]] = [
        {"id": f"{site.number}/{one.number}", "url": site.origin + site.path(one),
         "published": one.published.isoformat(), "lang": one.language, "title": one.title,
         "text": one.text, "story": one.event}
        for site in every
        for one in site.articles()
    ]  # fmt: skip
    random.Random(1).shuffle(rows)
    return rows


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--sites", type=int, default=11)
    options.add_argument("--articles", type=int, default=20)
    chosen = options.parse_args()
    found = evaluate(farm_rows(chosen.sites, chosen.articles))
    print(json.dumps({name: found[name] for name in ("n", "pairwise", "bcubed")}, indent=2))


if __name__ == "__main__":
    main()
