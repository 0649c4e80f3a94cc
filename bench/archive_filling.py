"""An archive of any size, filled by the database itself: realistic rows of every table that an
item has, an item every half minute back from now. The same on SQLite and on PostgreSQL.

Texts, their grams and fingerprints are those of some hundred invented items again and again; what
must differ (addresses, bands, anchors, hashes) is drawn from an item's number.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Integer, LargeBinary, MetaData, Table, Text, text

from bench.bulk import bulk
from bench.invented_news import invented
from crawler.grams import grams
from crawler.storage import tables, tables_recipients, tables_stories
from crawler.storage.database import Database

MODELS = 500
READER = "reader"  # got every item of RARE but those of the last days
RARE, FREQUENT = "quantum", "ai"  # of every thousandth and of every tenth item
_LONGEST = 400  # characters of a text
_FILLED = (
    tables_stories.stories, tables.items, tables.addresses, tables.sightings, tables.matches,
    tables_recipients.delivered_items, tables_stories.fingerprints, tables_stories.item_bands,
    tables_stories.item_anchors, tables_stories.search_docs,
)  # fmt: skip
_MODELS = Table(
    "models", MetaData(), Column("k", Integer, primary_key=True), Column("title", Text),
    Column("text", Text), Column("language", Text), Column("grams", Text),
    Column("sketch", LargeBinary), Column("length", Integer),
)  # fmt: skip
_STEP = 20_000  # items a transaction

# What the two databases say differently.
_SQLITE = {
    "at": "strftime('%Y-%m-%d %H:%M:%f000', julianday(:now) - n / 2880.0)",
    "written": "strftime('%Y-%m-%dT%H:%M:%S+00:00', julianday(:now) - n / 2880.0)",
    "numbers": "WITH RECURSIVE numbers(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM numbers"
    " WHERE n + 1 < :high), numbered AS (SELECT n, printf('%08x%08x', (n * 2654435761)"
    " % 4294967296, n) AS id FROM numbers)",
    "eight": "json_each('[1,2,3,4,5,6,7,8]') e",
    "random": "abs(random())",
}
_POSTGRESQL = {
    "at": "CAST(:now AS timestamp) AT TIME ZONE 'UTC' - n * interval '30 seconds'",
    "written": "to_char(CAST(:now AS timestamp) - n * interval '30 seconds',"
    """ 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')""",
    "numbers": "WITH numbered AS (SELECT n, lpad(to_hex((n * 2654435761) % 4294967296), 8, '0')"
    " || lpad(to_hex(n), 8, '0') AS id"
    " FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint) - 1) n)",
    "eight": "generate_series(1, 8) e(value)",
    "random": "CAST(9.2e18 * random() AS bigint)",
}
_FILL = (
    """INSERT INTO stories (id, created_at) {numbers} SELECT 's' || id, {at} FROM numbered""",
    """INSERT INTO items (id, source, url, canonical_url, title, summary, text, language,
published_at, published, published_whole_day, first_seen, content_hash, title_hash, text_pending,
told_at, story) {numbers}
SELECT id, 's' || n % 300, 'https://c.example/' || id, 'https://c.example/' || id,
m.title || ' ' || n, '', m.text, m.language, {at}, {written}, false,
{at}, 'c' || id, 't' || id, false, {at},
's' || id FROM numbered JOIN models m ON m.k = n % :models""",
    """INSERT INTO addresses (url_key, item, url) {numbers}
SELECT 'u' || id, id, 'https://c.example/' || id FROM numbered""",
    """INSERT INTO sightings (source, item, url, guid_hash, stamp, first_seen, last_seen) {numbers}
SELECT 's' || n % 300, id, 'https://c.example/' || id, 'g' || id, '', {at}, {at} FROM numbered""",
    """INSERT INTO matches (item, topic, score, evidence, matched_at, quiet) {numbers}
SELECT id, 'ai', 0.9, '[]', {at}, false FROM numbered WHERE n % 10 = 0""",
    """INSERT INTO matches (item, topic, score, evidence, matched_at, quiet) {numbers}
SELECT id, 'quantum', 0.9, '[]', {at}, false FROM numbered WHERE n % 1000 = 7""",
    """INSERT INTO delivered_items (subscription, item, delivery, "to", how, at) {numbers}
SELECT 'reader', id, 'd' || n / 3000, 'email:a@example.org', 'shown', {at} FROM numbered
WHERE n % 1000 = 7 AND n > 2880""",
    """INSERT INTO fingerprints (item, sketch, length, anchors, left_out) {numbers}
SELECT id, m.sketch, m.length, '[[], []]', '[]' FROM numbered JOIN models m
ON m.k = n % :models""",
    """INSERT INTO item_bands (value, item) {numbers}
SELECT {random}, numbered.id FROM numbered, {eight}""",
    """INSERT INTO item_anchors (anchor, day, item) {numbers}
SELECT 'name:n' || ((n * 7 + e.value * 131) % 200000), 739000 - n / 2880, numbered.id
FROM numbered, {eight} WHERE e.value <= 5""",
)
_FILL_SEARCH_SQLITE = (
    """INSERT INTO search_docs (docid, item) {numbers} SELECT :top - n, id FROM numbered""",
    """INSERT INTO search_grams (rowid, grams) {numbers}
SELECT :top - n, m.grams || ' ' || n FROM numbered JOIN models m ON m.k = n % :models""",
)
_FILL_SEARCH_POSTGRESQL = (
    """INSERT INTO search_docs (docid, item, grams) {numbers}
SELECT :top - n, id, string_to_array(m.grams || ' ' || n, ' ')
FROM numbered JOIN models m ON m.k = n % :models""",
    """SELECT setval(pg_get_serial_sequence('search_docs', 'docid'),
greatest(CAST(:top AS bigint), max(docid))) FROM search_docs""",
)
_COUNTED = (
    "DELETE FROM anchor_counts",
    """INSERT INTO anchor_counts (anchor, items)
SELECT anchor, count(*) FROM item_anchors GROUP BY anchor UNION ALL SELECT '', :all""",
)


def fill(database: Database, low: int, high: int, now: datetime, top: int) -> None:
    """Items number ``low`` to ``high`` (left out), the newest first; ``top`` is beyond them all."""
    words = _SQLITE if database.is_sqlite else _POSTGRESQL
    search = _FILL_SEARCH_SQLITE if database.is_sqlite else _FILL_SEARCH_POSTGRESQL
    values = {"now": now.replace(tzinfo=None), "top": top, "models": MODELS, "all": high}
    with bulk(database, _FILLED):
        with database.write() as connection:
            _write_models(connection)
        for start in range(low, high, _STEP):
            step = values | {"low": start, "high": min(start + _STEP, high)}
            with database.write() as connection:
                for statement in (*_FILL, *search):
                    _run(connection, statement.format(**words), step)
        with database.write() as connection:
            for statement in _COUNTED:
                _run(connection, statement, values)
    database.engine.dispose()  # connections as they always are


def _run(connection: Connection, statement: str, values: dict[str, Any]) -> None:
    named = {key: value for key, value in values.items() if f":{key}" in statement}
    connection.execute(text(statement), named)


def _write_models(connection: Connection) -> None:
    _MODELS.drop(connection, checkfirst=True)
    _MODELS.create(connection)
    rows = []
    for number, one in enumerate(invented(MODELS, seed=3)):
        body = one.text[:_LONGEST]
        found = one.fingerprint
        told = " ".join(sorted(grams(f"{one.title}\n{body}")))
        rows.append({"k": number, "title": one.title, "text": body, "language": one.language,
                     "grams": told, "sketch": found.sketch, "length": found.length})  # fmt: skip
    connection.execute(_MODELS.insert(), rows)
