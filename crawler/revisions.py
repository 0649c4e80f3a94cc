"""What a later reading changes of an item that is stored: an edit, and whether it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from crawler.model.item import Item
from crawler.model.reading import Entry
from crawler.preparation import Prepared
from crawler.stories.changes import material_change


def is_teaser(entry: Entry) -> bool:
    """Whether an entry's text is no better than what its listing says."""
    return not (entry.article and entry.article.text) and not entry.listed.text


def revised(before: Item, one: Prepared) -> Item | None:
    """The item as the entry tells it now; None where nothing that is stored changes.

    A page without a text says nothing about the text that is stored.
    """
    item = replace(one.item, title=one.item.title or before.title)
    changed = (before.title, before.text) != (item.title, item.text)
    if is_teaser(one.entry) or not changed:
        return None
    return replace(
        item, id=before.id, story=before.story, duplicate_of=before.duplicate_of,
        summary=item.summary or before.summary, author=item.author or before.author,
        image=item.image or before.image,
    )  # fmt: skip


def revision_columns(
    before: Item, item: Item, one: Prepared, now: datetime, *, first_text: bool
) -> dict[str, Any]:
    """The columns of an item that was edited; a material change is marked with its moment.

    ``first_text``: only its listing was known until now, so nothing was told that changed.
    """
    columns: dict[str, Any] = {
        "title": item.title, "text": item.text, "summary": item.summary,
        "author": item.author, "image": item.image, "language": item.language,
        "content_hash": one.print.content_hash, "title_hash": one.print.title_hash,
        "updated_at": now, "modified": item.modified.isoformat() if item.modified else "",
    }  # fmt: skip
    old, new = (before.title, before.text), (item.title, item.text)
    if not first_text and (change := material_change(old, new, item.language)):
        columns |= {"change": change, "changed_at": now}
    return columns
