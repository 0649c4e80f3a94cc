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
