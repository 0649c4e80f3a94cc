"""What the tests put into an installation's archive, the way a poll would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.model.item import Article, Item, Published, RawItem
from crawler.model.reading import Entry, Reading
from tests.integration.web.conftest import NOW, Web

KOREA = (
    "Sachsen und Südkorea bauen ihre Kooperation aus. Das Netzwerk und das Korea Institute for "
    "Advancement of Technology KIAT unterzeichneten in Seoul eine Absichtserklärung über "
    "gemeinsame Forschungsvorhaben in der Medizintechnik."
)


def told(days_ago: float) -> datetime:
    """A moment of publication."""
    return NOW - timedelta(days=days_ago)


def put(
    web: Web,
    number: int | str,
    title: str,
    text: str = "",
    *,
    source: str = "alpha",
    language: str = "en",
    published: datetime | None = None,
    seen: datetime = NOW,
) -> Item:
    """Store one item as a poll of ``source`` brings it; published an hour ago where not said."""
    url = f"https://{source}.example/news/{number}"
    moment = Published((published or told(1 / 24)).astimezone(UTC))
    listed = RawItem(url, title, moment, language=language)
    article = Article(url, title=title, text=text or f"{title}. Plain words.", published=moment,
                      language=language)  # fmt: skip
    reading = Reading(
        source, kind="feed", watch_url=f"https://{source}.example/feed", listed=(listed,),
        entries=(Entry(listed, article, (url,)),),
    )  # fmt: skip
    outcome = web.parts.crawler.ingest.store(reading, seen)
    (item,) = outcome.items
    return web.parts.crawler.items.get(item.id)


def words(number: int) -> str:
    """A text that shares nothing with that of another number."""
    names = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet")
    mine = [f"{name}{number * 37 + at}" for at, name in enumerate(names)]
    return f"{' '.join(mine)}. {' '.join(reversed(mine))}."
