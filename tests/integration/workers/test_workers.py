"""Several workers over one PostgreSQL, one killed in the middle: nothing is lost, nothing comes
twice, and every server sees one request at a time with its pause between two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from crawler.storage import queue_schema
from tests.conftest import PostgresServer
from tests.integration.workers.yard import Yard


@pytest.fixture(scope="module")
def yard(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Yard]:
    url = postgres_server.create_database()
    folder = tmp_path_factory.mktemp("yard")
    with Yard(folder, url, hosts=25, sources=40, groups=3, articles=False) as one:
        yield one
    postgres_server.drop_database(url)


def test_a_killed_worker_costs_nothing(yard: Yard) -> None:
    yard.publish()
    yard.start(3)
    yard.wait_for(lambda: sum(len(server.seen) for server in yard.servers) >= 30)
    yard.kill(yard.workers[0])
    yard.start()
    yard.wait_for(yard.told)
    yard.wait_for(yard.idle)  # a poll under way would not see what is published now
    yard.publish()
    yard.wait_for(yard.told)
    for _ in range(2):
        wanted = yard.publish_nothing()
        yard.wait_for(lambda wanted=wanted: yard.polls() >= wanted)  # type: ignore[misc]
    queue = queue_schema.figures(yard.database)
    assert queue is not None
    assert queue.workers >= 3
    told = yard.figures(yard.workers[-1])
    assert f"clusterwatch_workers {queue.workers}.0" in told
    assert 'clusterwatch_polls_total{status="ok"}' in told
    assert yard.stop() == [0, 0, 0]
    verdict = yard.verdict()
    assert verdict.faults == 0, verdict
    assert (verdict.items, verdict.delivered) == (80, 80)
    assert verdict.polls >= 160
    # Drained workers leave nothing behind them.
    with yard.database.read() as connection:
        for held in ("sources WHERE lease_owner <> ''", "host_leases WHERE owner <> ''"):
            assert connection.scalar(text(f"SELECT count(*) FROM {held}")) == 0, held


def test_a_source_is_polled_alone_and_the_file_is_never_synced(yard: Yard) -> None:
    file = yard.folder / "clusterwatch.toml"
    file.write_text(file.read_text("utf-8").replace('id = "all-0"', 'id = "another"'), "utf-8")
    before = yard.polls()
    with yard.database.write() as connection:
        connection.execute(text("UPDATE sources SET losses = 3 WHERE id = 's1'"))
    yard.command("worker", "--only", "s1")
    with yard.database.read() as connection:
        assert connection.scalar(text("SELECT losses FROM sources WHERE id = 's1'")) == 0
        ids = connection.scalars(text("SELECT id FROM subscriptions ORDER BY id")).all()
    assert yard.polls() == before + 1
    assert ids == ["all-0", "all-1", "all-2"]
