"""Posts of social networks that an article quotes: they stand in its text as quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from crawler.extract.article_page import Block

# Classes that the networks' own embedding codes give the quotation.
_POSTS = frozenset(
    {"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed"}
    | {"mastodon-embed", "reddit-card", "reddit-embed-bq", "text-post-media"}
)
_LEVELS = 5


def is_post(block: Block) -> bool:
    """Whether a block is part of an embedded post."""
    around = (block.element, *islice(block.element.iterancestors(), _LEVELS))
    return any(
        element.tag == "blockquote" and not _POSTS.isdisjoint((element.get("class") or "").split())
        for element in around
    )


def with_posts(chosen: Iterable[Block], blocks: Sequence[Block]) -> Iterator[Block]:
    """The chosen blocks, and the posts that follow one without anything between: readers weigh
    their links and names as those of the page around."""
    indexes = {block.index for block in chosen}
    for block in blocks:
        if block.index in indexes or (block.index - 1 in indexes and is_post(block)):
            indexes.add(block.index)
            yield block
