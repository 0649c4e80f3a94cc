"""Whether a daemon runs is known from its beat; pages say where none does."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from alerts.web import serving
from crawler.storage.database import utc_now
from crawler.storage.heartbeats import FRESH, beat, is_running
from tests.integration.web.conftest import NOW, Web, log_in

ALONE = "Only these pages run: nothing is looked at or sent by itself."


def test_a_beat_counts_while_it_is_fresh(either: Web) -> None:
    database = either.parts.crawler.database
    assert not is_running(database, NOW)
    for moment in (NOW - timedelta(hours=1), NOW):
        beat(database, moment)
    assert is_running(database, NOW + FRESH)
    assert not is_running(database, NOW + FRESH + timedelta(seconds=1))


def test_pages_of_the_administration_say_so(web: Web) -> None:
    log_in(web)
    for path in ("/admin", "/admin/topics", "/admin/sources/alpha"):
        assert ALONE in web.client.get(path).text
    assert ALONE not in web.client.get("/status").text
    beat(web.parts.crawler.database, NOW)
    assert ALONE not in web.client.get("/admin").text


@pytest.mark.parametrize("runs", [True, False])
def test_serving_alone_says_so_in_one_line(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, runs: bool
) -> None:
    async def ended(*_: object) -> None: ...

    if runs:
        beat(web.parts.crawler.database, utc_now())
    monkeypatch.setattr(serving, "_until_stopped", ended)
    with caplog.at_level(logging.WARNING):
        serving.serve_alone(web.parts.settings, "127.0.0.1:0")
    assert (serving.ALONE in caplog.messages) is not runs
