"""(d) Sites with articles: read, classified, grouped and stored, beside trafilatura's loop.

    python bench/sites.py [--sites 50] [--articles 20] [--fundus PYTHON]

CPU seconds of each whole process on the same pages, start-up left out; the mean word F1 of the
texts and the pairwise F1 of the stories under the same settings beside it, so that speed is not
bought with quality: every fifth article tells what another tells too. The peers only read
(``bench/peers``). PYTHON is that of an environment with Fundus and aiohttp: Fundus is given
selectors for the farm's templates, as it has them for the publishers it knows.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.farm.prose import EPOCH
from bench.farm.running import RunningFarm, farm
from bench.farm.words import LANGUAGES
from bench.house import house
from bench.measure import measured, print_rows, versions
from bench.quality_of_stories import pair_f1
from bench.quality_of_text import word_f1
from crawler.extract.article import read_article
from crawler.fetch.loop import run
from crawler.storage.items import Filter
from crawler.stories.fingerprint import fingerprint
from crawler.topics.matching import TopicMatcher


async def ours(running: RunningFarm, feeds: list[str], folder: Path) -> dict[str, object]:
    """One round of the daemon over every site."""
    async with house(folder, feeds, kind="feed") as at_work:
        await at_work.warm_robots(running)
        warm_up(running, at_work.parts.crawler.matcher)
        with measured() as cost:
            stored = await at_work.round()
        found = at_work.parts.crawler.items.find(Filter())
    texts = {item.url: item.text for item in found}
    stories = {item.url: item.story for item in found if item.story}
    scores = {"text_f1": quality(running, texts), "story_f1": pair_f1(stories, events(running))}
    return {"who": "clusterwatch", **vars(cost), "stored": stored, **scores}


def warm_up(running: RunningFarm, matcher: TopicMatcher) -> None:
    """Libraries are loaded and topics compiled, as in a process that has run for a while."""
    languages = (running.size + 2 * number for number in range(len(LANGUAGES)))
    for number in languages:  # sites that are not measured, one of each language
        site = running.site(number)
        page = site.article(site.told(0)).encode()
        article = read_article(page, site.origin + site.path(site.told(0)), now=EPOCH)
        matcher.match(article.title, article.text, site.language)
        fingerprint(article.title, article.text, language=site.language, url=article.url)


def theirs(
    running: RunningFarm, feeds: list[str], who: str, python: str, script: str
) -> dict[str, object]:
    """A peer on the same pages."""
    command = [python, str(Path(__file__).parent / "peers" / script)]
    done = subprocess.run(
        command, input=json.dumps(feeds) + "\n", capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    texts = told.pop("texts")
    return {"who": who, **told, "stored": 0, "text_f1": quality(running, texts)}


def events(running: RunningFarm) -> dict[str, str]:
    """Every article's address → the event that it tells."""
    sites = [running.site(number) for number in range(running.size)]
    return {site.origin + site.path(one): one.event for site in sites for one in site.articles()}


def quality(running: RunningFarm, found: Mapping[str, str]) -> float:
    """The mean word F1 over all articles; one that was not read counts as 0."""
    scores = []
    for number in range(running.size):
        site = running.site(number)
        for article in site.articles():
            text = found.get(site.origin + site.path(article), "")
            scores.append(word_f1(text, article.text))
    return sum(scores) / len(scores)


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sites", type=int, default=50)
    options.add_argument("--articles", type=int, default=20)
    options.add_argument("--fundus", default="", metavar="PYTHON")
    chosen = options.parse_args()
    print(versions())
    with farm(chosen.sites, chosen.articles) as running, tempfile.TemporaryDirectory() as folder:
        feeds = [running.origin(number) + "/feed/" for number in range(running.size)]
        rows = [run(ours(running, feeds, Path(folder)))]
        rows.append(theirs(running, feeds, "trafilatura", sys.executable, "articles.py"))
        if chosen.fundus:
            rows.append(theirs(running, feeds, "fundus", chosen.fundus, "fundus_articles.py"))
    print_rows(f"{chosen.sites} sites of {chosen.articles} articles", rows)


if __name__ == "__main__":
    main()
