"""A digest as a JSON document: what a webhook receives."""

from __future__ import annotations

from typing import Any

from crawler.model.digest import Digest, DigestStory


def digest_document(digest: Digest, delivery_id: str) -> dict[str, Any]:
    """``digest`` as plain values; addresses stay as they are, texts carry no markup.

    ``{"id","subscription","window","language","title","made_at","sections":[{"topic","heading",
    "stories":[STORY]}],"rolled_up":[LINK],"changes":[LINK],"receipt"}``;
    LINK = ``{"title","url"}``.
    """
    return {
        "id": delivery_id,
        "type": "digest",
        "subscription": digest.subscription,
        "window": digest.window,
        "language": digest.language,
        "title": digest.title,
        "made_at": digest.made_at.isoformat(timespec="seconds") if digest.made_at else None,
        "sections": [
            {
                "topic": section.topic,
                "heading": section.heading,
                "stories": [_story(story) for story in section.stories],
            }
            for section in digest.sections
        ],
        "rolled_up": _links(digest.rolled_up),
        "changes": _links(digest.changes),
        "receipt": digest.receipt or digest.empty_line,
    }


def _story(story: DigestStory) -> dict[str, Any]:
    return {
        "title": story.title,
        "url": story.url,
        "source": story.source,
        "date": story.date,
        "language": story.language_code or None,
        "sentence": story.sentence,
        "marks": [list(mark) for mark in story.marks],
        "gloss": story.gloss or None,
        "also_in": [{"label": label, "url": url} for label, url in story.also_links],
    }


def _links(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"title": title, "url": url} for title, url in pairs]
