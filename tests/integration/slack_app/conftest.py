"""The installation with Slack beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.demo.slack_double import SlackDouble
from tests.integration.slack_app.office import Office, opened, running


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with running(SlackDouble()) as slack, opened(tmp_path, slack) as office:
        yield office
