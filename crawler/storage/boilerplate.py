"""What a source says again and again at the ends of its texts: counted, bounded, per source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from crawler.storage.database import Database
from crawler.storage.direct import Direct, Driver
from crawler.storage.item_rows import parts
from crawler.storage.lists import among, listed
from crawler.storage.tables_stories import source_sentences

REPEATED = 3  # items of one source that say a sentence, from which it is none's news
MOST = 600  # sentences that are remembered of a source
KEPT = 400  # of them when it has more: what is repeated first, then the newest


def repeated(
    connection: Connection, source: str, texts: Iterable[Collection[int]]
) -> frozenset[int]:
    """The sentences that REPEATED items of ``source`` have: of those stored, or of the ones
    that come now, each given by its ``edge_keys``."""
    here = Counter(key for keys in texts for key in set(keys))
    found = {key for key, number in here.items() if number >= REPEATED}
    driver, others = Driver(connection), here.keys() - found
    if others:
        asked = {"source": source, "values": listed(others, driver.is_sqlite)}
        found.update(value for (value,) in driver.rows(_repeated(driver.is_sqlite), asked))
    return frozenset(found)


def count(
    database: Database,
    connection: Connection,
    source: str,
    sentences: Mapping[int, int],
    now: datetime,
) -> None:
    """So many new items of ``source`` have each of these sentences at their ends."""
    if not sentences:
        return
    rows = (
        {"source": source, "value": key, "items": number, "seen_at": now}
        for key, number in sorted(sentences.items())
    )
    Driver(connection).run_many(_counting(database.is_sqlite), rows)


@lru_cache(maxsize=2)
def _repeated(is_sqlite: bool) -> Direct:
    """The sentences among ``values`` that REPEATED items of a ``source`` have."""
    table = source_sentences.c
    these = table.source == bindparam("source"), among(table.value, "values", is_sqlite, BigInteger)
    return Direct(select(table.value).where(*these, table["items"] >= REPEATED), is_sqlite)


@lru_cache(maxsize=2)
def _number(is_sqlite: bool) -> Direct:
    """How many sentences of a ``source`` are remembered."""
    these = source_sentences.c.source == bindparam("source")
    return Direct(select(func.count()).where(these), is_sqlite)


@lru_cache(maxsize=2)
def _counting(is_sqlite: bool) -> Direct:
    table = source_sentences
    statement = (sqlite if is_sqlite else postgresql).insert(table)
    return Direct(
        statement.on_conflict_do_update(
            index_elements=["source", "value"],
            set_={
                "items": table.c["items"] + statement.excluded["items"],
                "seen_at": statement.excluded.seen_at,
            },
        ),
        is_sqlite,
    )


def forget(connection: Connection, source: str) -> None:
    """Keep the table small: what was said once, longest ago, goes first."""
    table = source_sentences.c
    driver = Driver(connection)
    ((number,),) = driver.rows(_number(driver.is_sqlite), {"source": source})
    if number <= MOST:
        return
    ordered = (
        select(table.value)
        .where(table.source == source)
        .order_by(table["items"].desc(), table.seen_at.desc(), table.value)
    )
    gone = list(connection.scalars(ordered.offset(KEPT)))
    for part in parts(gone):
        connection.execute(
            delete(source_sentences).where(table.source == source, table.value.in_(part))
        )
