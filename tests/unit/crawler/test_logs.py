"""What is logged: our own events, and of libraries what goes wrong alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from crawler import logs


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield capsys
    root.handlers[:], level = before[0], before[1]
    root.setLevel(level)


@pytest.mark.parametrize("verbosity", [0, 1, 2, 5])
def test_libraries_are_never_heard_below_a_warning(
    said: pytest.CaptureFixture[str], verbosity: int
) -> None:
    logs.configure(verbosity, service=True)
    for name in ("some_library", "apprise", "urllib3.connectionpool"):
        logging.getLogger(name).debug("https://secret@service.example")
        logging.getLogger(name).info("https://secret@service.example")
    logging.getLogger("apprise").error("Unparseable URL https://secret@service.example")
    logging.getLogger("alerts.outbox").info("delivery.sent")
    heard = said.readouterr().err
    assert "delivery.sent" in heard
    assert "secret" not in heard


def test_a_library_s_warning_is_heard(said: pytest.CaptureFixture[str]) -> None:
    logs.configure(0)
    logging.getLogger("some_library").warning("about to break")
    logging.getLogger("crawler.fetch").info("not asked for")
    assert said.readouterr().err.strip().endswith("about to break")


def test_while_a_source_is_polled_its_lines_say_in_which_poll(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    logger = logging.getLogger("crawler.test")
    with logs.polling("bio"):
        logs.event(logger, logging.INFO, "page.fetched", source="bio")
        logs.event(logger, logging.INFO, "item.stored", source="bio", item_id="i1")
        logs.event(logger, logging.INFO, "page.fetched", source="other")
    logs.event(logger, logging.INFO, "page.fetched", source="bio")
    with logs.polling("bio"):
        logs.event(logger, logging.INFO, "page.fetched", source="bio")
    first, stored, other, after, second = [record.getMessage() for record in caplog.records]
    poll = first.partition(" poll=")[2]
    assert len(poll) == 8
    assert stored == f"item.stored source=bio item_id=i1 poll={poll}"
    assert "poll=" not in other
    assert "poll=" not in after
    assert poll not in second
    assert "poll=" in second


def test_a_library_says_nothing_of_a_page_it_cannot_read(
    said: pytest.CaptureFixture[str],
) -> None:
    logs.configure(2)
    logging.getLogger("trafilatura.utils").error("parsed tree length: 1")
    assert said.readouterr().err == ""
