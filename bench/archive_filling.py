"""An archive of any size in SQLite, filled by the database itself: realistic rows of every table
that an item has, an item every half minute back from now.

Texts, their grams and fingerprints are those of some hundred invented items again and again; what
must differ (addresses, bands, anchors, hashes) is drawn from an item's number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from bench.invented_news import invented
from bench.story_archive import each, make, pragmas
from crawler.grams import grams
from crawler.storage import tables, tables_recipients, tables_stories
from crawler.storage.database import Database

MODELS = 500
READER = "reader"  # got every item of RARE but those of the last days
RARE, FREQUENT = "quantum", "ai"  # of every thousandth and of every tenth item
_LONGEST = 400  # characters of a text
_FILLED = (
    tables_stories.stories, tables.items, tables.addresses, tables.sightings, tables.matches,
    tables_recipients.delivered_items, tables_stories.item_bands, tables_stories.item_anchors,
)  # fmt: skip
_STEP = 20_000  # items a transaction

_AT = "strftime('%Y-%m-%d %H:%M:%f000', julianday(:now) - n / 2880.0)"
_NUMBERS = (
    "WITH RECURSIVE numbers(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM numbers"
    " WHERE n + 1 < :high), numbered AS (SELECT n, printf('%08x%08x', (n * 2654435761)"
    " % 4294967296, n) AS id FROM numbers)"
)
_FILL = (
    """INSERT INTO stories (id, created_at) {numbers} SELECT 's' || id, {at} FROM numbered""",
    """INSERT INTO items (id, source, url, canonical_url, title, summary, text, language,
published_at, published, published_whole_day, first_seen, content_hash, title_hash, text_pending,
told_at, story) {numbers}
SELECT id, 's' || n % 300, 'https://c.example/' || id, 'https://c.example/' || id,
m.title || ' ' || n, '', m.text, m.language, {at}, {at} || '+00:00', 0,
{at}, 'c' || id, 't' || id, 0, {at},
's' || id FROM numbered JOIN models m ON m.k = n % :models""",
    """INSERT INTO addresses (url_key, item, url) {numbers}
SELECT 'u' || id, id, 'https://c.example/' || id FROM numbered""",
    """INSERT INTO sightings (source, item, url, guid_hash, stamp, first_seen, last_seen) {numbers}
SELECT 's' || n % 300, id, 'https://c.example/' || id, 'g' || id, '', {at}, {at} FROM numbered""",
    """INSERT INTO matches (item, topic, score, evidence, matched_at, quiet) {numbers}
SELECT id, 'ai', 0.9, '[]', {at}, 0 FROM numbered WHERE n % 10 = 0""",
    """INSERT INTO matches (item, topic, score, evidence, matched_at, quiet) {numbers}
SELECT id, 'quantum', 0.9, '[]', {at}, 0 FROM numbered WHERE n % 1000 = 7""",
    """INSERT INTO delivered_items (subscription, item, delivery, "to", how, at) {numbers}
SELECT 'reader', id, 'd' || n / 3000, 'email:a@example.org', 'shown', {at} FROM numbered
WHERE n % 1000 = 7 AND n > 2880""",
    """INSERT INTO fingerprints (item, sketch, length, anchors, left_out) {numbers}
SELECT id, m.sketch, m.length, '[[], []]', '[]' FROM numbered JOIN models m
ON m.k = n % :models""",
    """INSERT INTO item_bands (value, item) {numbers}
SELECT abs(random()), numbered.id FROM numbered, json_each('[1,2,3,4,5,6,7,8]')""",
    """INSERT OR IGNORE INTO item_anchors (anchor, day, item) {numbers}
SELECT 'name:n' || (n * 7 + a.value * 131) % 200000, 739000 - n / 2880, numbered.id
FROM numbered, json_each('[1,2,3,4,5]') a""",
    """INSERT INTO search_docs (docid, item) {numbers} SELECT :top - n, id FROM numbered""",
    """INSERT INTO search_grams (rowid, grams) {numbers}
SELECT :top - n, m.grams || ' ' || n FROM numbered JOIN models m ON m.k = n % :models""",
)


def fill(database: Database, low: int, high: int, now: datetime, top: int) -> None:
    """Items number ``low`` to ``high`` (left out), the newest first; ``top`` is beyond them all."""
    indexes = [
        index for table in _FILLED for index in table.indexes if "grams" not in str(index.name)
    ]
    pragmas(database, "foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000")
    each(database, [f"DROP INDEX {index.name}" for index in indexes])
    with database.write() as connection:
        _write_models(connection)
    values = {"now": f"{now:%Y-%m-%d %H:%M:%S}", "top": top, "models": MODELS}
    for start in range(low, high, _STEP):
        step = values | {"low": start, "high": min(start + _STEP, high)}
        with database.write() as connection:
            for statement in _FILL:
                _run(connection, statement.format(numbers=_NUMBERS, at=_AT), step)
    with database.write() as connection:
        _run(connection, "DELETE FROM anchor_counts", {})
        _run(connection, _COUNT, {"all": high})
    make(database, indexes)
    database.engine.dispose()  # connections as they always are


_COUNT = """INSERT INTO anchor_counts (anchor, items)
SELECT anchor, count(*) FROM item_anchors GROUP BY anchor UNION ALL SELECT '', :all"""


def _run(connection: Connection, statement: str, values: dict[str, Any]) -> None:
    named = {key: value for key, value in values.items() if f":{key}" in statement}
    connection.execute(text(statement), named)


def _write_models(connection: Connection) -> None:
    connection.execute(text("DROP TABLE IF EXISTS models"))
    connection.execute(text("CREATE TABLE models (k INTEGER PRIMARY KEY, title, text, language,"
                            " grams, sketch, length)"))  # fmt: skip
    rows = []
    for number, one in enumerate(invented(MODELS, seed=3)):
        body = one.text[:_LONGEST]
        found = one.fingerprint
        told = " ".join(sorted(grams(f"{one.title}\n{body}")))
        rows.append({"k": number, "title": one.title, "text": body, "language": one.language,
                     "grams": told, "sketch": found.sketch, "length": found.length})  # fmt: skip
    connection.execute(
        text("INSERT INTO models VALUES (:k, :title, :text, :language, :grams, :sketch, :length)"),
        rows,
    )
