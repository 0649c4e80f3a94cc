"""Polls that end while the database is away: a failure each, told in a line."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from crawler.errors import StorageError
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import RSS
from tests.integration.fetch.server import Server


def _notes(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if "poll.not_noted" in one.getMessage()]


@pytest.mark.parametrize(
    ("error", "has_traceback"),
    [(StorageError("The database did not answer."), False), (RuntimeError("odd"), True)],
)
async def test_what_could_not_be_noted_is_told_and_only_our_own_faults_with_a_traceback(
    house: House,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    has_traceback: bool,
) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr(house.parts.ingest, "store", away)
    server.put("/feed", pages.feed(pages.some(server.url("/feed"), 2)), RSS)
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert (outcome.status, str(error) in outcome.error) == ("failed", True)
    (note,) = _notes(caplog)
    assert bool(note.exc_info) is has_traceback
    assert str(error) in caplog.text
